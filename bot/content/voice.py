"""Says texts in one language: compiled templates, filled-in arguments, correct direction. Refuses missing texts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from itertools import starmap

from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.content.bidi import (
    RIGHT_TO_LEFT_MARK,
    begins_right_to_left,
    cleaned,
    has_right_to_left,
    isolated,
)
from bot.content.catalogue import PluralRule
from bot.content.locales import SOURCE_LANGUAGE, is_right_to_left, locale_of
from bot.content.markup import Close, MarkupError, Open, Part, Slot, SpanKind, parse, shape
from bot.content.rich import Line, Run, finished
from bot.core.message import Argument, Listing, Marked, Month, Short, Text, Words, ZoneName


class UntranslatedError(Exception):
    """A text that this language does not have."""


class UnsayableError(LookupError):
    """A text that needs an argument nobody gave: the code and `ui.yaml` do not match."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"{key} {what}")
        self.key = key
        self.what = what


@dataclass(frozen=True, slots=True)
class _Form:
    """One compiled form of a text. `run`, `line` and `label` are ready if it has no placeholders."""

    parts: tuple[Part, ...]
    run: Run | None
    line: Line | None
    label: str | None


@dataclass(frozen=True, slots=True)
class _Template:
    forms: tuple[_Form, ...]
    rule: PluralRule


class Voice:
    """Says texts in one language. `forms_of` gives a key's forms and plural rule, None if the language has none.

    `others`: all voices by language, for texts that name their own language.
    """

    def __init__(
        self,
        language: str,
        forms_of: Callable[[str], tuple[tuple[str, ...], PluralRule] | None],
        others: Mapping[str, Voice],
    ) -> None:
        self.language = language
        self._others = others
        self._rtl = is_right_to_left(language)
        self._forms_of = forms_of
        self._templates: dict[str, _Template] = {}

    def has(self, key: str) -> bool:
        """Whether this language has the text."""
        return self._forms_of(key) is not None

    def line(self, text: Text | Words | Marked) -> Line:
        """A text, or a person's words, as lines of a message. Raises UntranslatedError."""
        if isinstance(text, Marked):
            return finished(self._marked(text.text), right_to_left=self._rtl)
        if isinstance(text, Words):
            return finished(self._words(cleaned(text.text)), right_to_left=self._rtl)
        if text.language is not None:
            return self._speaker(text.language, text.key).line(replace(text, language=None))
        form = self._form(text)
        return form.line or finished(self._filled(form, text), right_to_left=self._rtl)

    def label(self, text: Text | Month) -> str:
        """A text without markup, as the label of a button. Raises UntranslatedError."""
        if isinstance(text, Month):
            return _month(self.language, text)
        if text.language is not None:
            return self._speaker(text.language, text.key).label(replace(text, language=None))
        form = self._form(text)
        return form.label if form.label is not None else self._label(self._filled(form, text))

    def run(self, text: Text) -> Run:
        """A text as part of another one. Raises UntranslatedError."""
        if text.language is not None:
            return self._speaker(text.language, text.key).run(replace(text, language=None))
        return self._filled(self._form(text), text)

    def _speaker(self, language: str, key: str) -> Voice:
        """The voice for a text that names its language: that language's, or German if it lacks the text."""
        other = self._others.get(language)
        return other if other and other.has(key) else self._others[SOURCE_LANGUAGE]

    def _form(self, text: Text) -> _Form:
        template = self._templates.get(text.key) or self._compiled(text.key)
        if len(template.forms) == 1:
            return template.forms[0]
        if text.count is None:
            raise UnsayableError(text.key, "has plural forms and was said without a count")
        return template.forms[template.rule(abs(text.count))]

    def _compiled(self, key: str) -> _Template:
        found = self._forms_of(key)
        if found is None:
            raise UntranslatedError(key)
        forms, rule = found
        template = _Template(tuple(map(self._compiled_form, forms)), rule)
        self._templates[key] = template
        return template

    def _compiled_form(self, form: str) -> _Form:
        parts = parse(form)
        if any(isinstance(part, Slot) or (isinstance(part, Open) and part.slot) for part in parts):
            return _Form(parts, None, None, None)
        run = self._assembled(parts, {})
        return _Form(parts, run, finished(run, right_to_left=self._rtl), self._label(run))

    def _label(self, run: Run) -> str:
        turned = self._rtl and has_right_to_left(run.text) and not begins_right_to_left(run.text)
        return RIGHT_TO_LEFT_MARK + run.text if turned else run.text

    def _filled(self, form: _Form, text: Text) -> Run:
        if form.run is not None:
            return form.run
        args = text.args if text.count is None else {"n": text.count, **text.args}
        try:
            return self._assembled(form.parts, args)
        except KeyError:
            for name in sorted(shape(form.parts).slots - args.keys()):
                raise UnsayableError(text.key, f"has a place {{{name}}} that nobody fills in") from None
            raise

    def _assembled(self, parts: tuple[Part, ...], args: Mapping[str, Argument]) -> Run:
        builder = _Builder()
        for part in parts:
            match part:
                case str():
                    builder.say(part)
                case Slot(name):
                    builder.add(self._argument(args[name]))
                case Open(kind, url, slot):
                    builder.open(kind, _address(args[slot]) if slot else url)
                case Close():
                    builder.close()
        return builder.run()

    def _argument(self, argument: Argument) -> Run:
        match argument:
            case Words(text):
                return self._words(cleaned(text).replace("\n", " "))
            case Text():
                return self._set_apart(self.run(argument))
            case Listing(items):
                return self._listed([self._argument(item) for item in items])
        return Run(_formatted(self.language, argument))

    def _words(self, words: str) -> Run:
        """The words, isolated if they are foreign. Signs alone (a progress bar) take the message's direction."""
        foreign = any(map(str.isalnum, words)) if self._rtl else has_right_to_left(words)
        return Run(isolated(words) if foreign else words)

    def _marked(self, text: str) -> Run:
        """Words with their markup, without characters that turn others' direction. Each line keeps its own."""
        try:
            run = self._assembled(parse(cleaned(text)), {})
            return self._lines_apart(run) if self._rtl else run  # each line finds its direction, except for the mark
        except (MarkupError, KeyError):
            return self._words(cleaned(text))

    def _set_apart(self, run: Run) -> Run:
        """Isolates a text of the other direction (such as an untranslated name) within this language."""
        return run if "\n" in run.text else self._lines_apart(run)

    def _lines_apart(self, run: Run) -> Run:
        """Isolates each line of the other direction."""
        if not self._rtl and not has_right_to_left(run.text):
            return run
        lines, begins, ends, place = [], list[int](), list[int](), 0
        for line in run.text.split("\n"):
            foreign = not begins_right_to_left(line) if self._rtl else has_right_to_left(line)
            if line and foreign:
                begins.append(place)
                ends.append(place + len(line))
            lines.append(isolated(line) if foreign else line)
            place += len(line) + 1

        def moved(kind: SpanKind, start: int, end: int, url: str | None) -> tuple[SpanKind, int, int, str | None]:
            first = start + bisect_right(begins, start) + bisect_left(ends, start)
            return kind, first, end + bisect_left(begins, end) + bisect_left(ends, end), url

        return Run("\n".join(lines), tuple(starmap(moved, run.spans)))

    def _listed(self, runs: list[Run]) -> Run:
        builder = _Builder()
        for index, between in enumerate(_list_pattern(self.language, len(runs))):
            builder.say(between)
            if index < len(runs):
                builder.add(runs[index])
        return builder.run()


class _Builder:
    """Joins runs and keeps the spans at their places."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._spans: list[tuple[SpanKind, int, int, str | None]] = []
        self._open: list[tuple[SpanKind, int, str | None]] = []
        self._length = 0

    def say(self, words: str) -> None:
        self._texts.append(words)
        self._length += len(words)

    def add(self, run: Run) -> None:
        at = self._length
        if run.spans:
            self._spans += [(kind, start + at, end + at, url) for kind, start, end, url in run.spans]
        self.say(run.text)

    def open(self, kind: SpanKind, url: str | None) -> None:
        self._open.append((kind, self._length, url))

    def close(self) -> None:
        kind, start, url = self._open.pop()
        if self._length > start:  # messengers refuse empty spans
            self._spans.append((kind, start, self._length, url))

    def run(self) -> Run:
        return Run("".join(self._texts), tuple(self._spans))


def _address(argument: Argument) -> str:
    if isinstance(argument, Words):
        return argument.text
    raise TypeError("the address of a link is given as Words")


def _formatted(language: str, value: Month | Short | ZoneName | int | date | datetime | time) -> str:
    """Numbers, times and places in the language's CLDR form."""
    match value:
        case Month():
            return _month(language, value)
        case datetime():
            return _moment(language, value)
        case Short(at):
            return _short_moment(language, at)
        case ZoneName(zone):
            return _zone(language, zone)
        case time():
            return _clock_time(language, value)
        case date():
            return _day(language, value)
    return _number(language, value)


@lru_cache(maxsize=4096)
def _number(language: str, number: int) -> str:
    return format_decimal(number, locale=locale_of(language))


@lru_cache(maxsize=1024)
def _day(language: str, day: date) -> str:
    return format_date(day, "long", locale=locale_of(language))


@lru_cache(maxsize=1024)
def _month(language: str, month: Month) -> str:
    """For example "March 2026", "2026" or "March", in the language's words and digits (Gregorian calendar)."""
    skeleton = ("y" if month.year is not None else "") + ("MMMM" if month.month is not None else "")
    day = date(month.year or 2000, month.month or 1, 1)
    if skeleton == "MMMM":
        return format_date(day, "LLLL", locale=locale_of(language))
    return format_skeleton(skeleton, day, locale=locale_of(language))


@lru_cache(maxsize=1024)
def _moment(language: str, moment: datetime) -> str:
    """Weekday, long date and short time, as the clock shows them. The caller chooses the zone."""
    return _joined_moment(language, moment, format_date(moment, "full", locale=locale_of(language)))


@lru_cache(maxsize=1024)
def _short_moment(language: str, moment: datetime) -> str:
    """For example "Thu, Dec 10, 18:00"."""
    return _joined_moment(language, moment, format_skeleton("MMMEd", moment, locale=locale_of(language)))


def _joined_moment(language: str, moment: datetime, day: str) -> str:
    """A day with a 24-hour time, as it is written on every door and ticket in the town."""
    pattern = str(get_datetime_format("medium", locale=locale_of(language))).replace("'", "")
    return pattern.replace("{0}", _clock_time(language, moment.time())).replace("{1}", day)


def _clock_time(language: str, clock: time) -> str:
    return format_time(clock, "HH:mm", locale=locale_of(language))


@lru_cache(maxsize=1024)
def _zone(language: str, zone: str) -> str:
    """For example "Polen", or "Russland (Moskau)" if the country has several zones."""
    locale = locale_of(language)
    territory = get_global("zone_territories").get(zone) or ""
    country = locale.territories.get(territory) if locale is not None else None
    if locale is None or country is None:
        return zone
    if len(get_global("territory_zones").get(territory, ())) == 1:
        return str(country)
    # CLDR lists a zone's city under the zone's first name (Europe/Kiev), or not at all if both are the same.
    former = [old for old, new in get_global("zone_aliases").items() if new == zone]
    cities = (locale.time_zones.get(name, {}).get("city") for name in (zone, *former))
    return f"{country} ({next(filter(None, cities), zone.rpartition('/')[2].replace('_', ' '))})"


@lru_cache(maxsize=256)
def _list_pattern(language: str, length: int) -> tuple[str, ...]:
    """What is before, between and after the items of a list."""
    pattern = format_list(["\x00"] * length, locale=locale_of(language))
    return tuple(pattern.split("\x00"))
