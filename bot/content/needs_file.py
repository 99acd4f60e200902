"""`needs.yaml`: the questions of the needs board. A town without the file has no board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

from bot.content.conditions_file import read_condition
from bot.content.faults import nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.content.town import Town
from bot.core.needs import COURSE, Axes, Hours
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.core.timing import clock_time

DAYS: Mapping[str, int] = MappingProxyType({"mo": 1, "tu": 2, "we": 3, "th": 4, "fr": 5, "sa": 6, "su": 7})
_RANKED = frozenset({Kind.SCALE, Kind.COMPUTED})
_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})
_COUNTED = frozenset({*_RANKED, *_CHOICES, Kind.YES_NO, Kind.LIST})
FEWEST_LEVELS = 2


def read_needs(
    reader: Reader, root: Table, questionnaire: Questionnaire, lists: Mapping[str, ItemList], town: Town
) -> Axes | None:
    """The axes of the board. None, with a fault, if level or times cannot be read."""
    reader.keys(root, ("level", "times", "hours"), ("extra", "views", "who", "consent"), "The needs")
    one = _NeedsReader(reader, root, questionnaire)
    level, times = one.question("level", _RANKED), one.question("times", _CHOICES)
    extra, extras = one.extra()
    hours = {} if times is None else one.hours(times)
    views = one.views()
    who = root.entries.get("who")
    condition = None if who is None else read_condition(reader, who, questionnaire.by_id, (), lists)
    consent = one.consent(town)
    if level is None or times is None:
        return None
    if len([option for option in level.options if not option.unsure]) < FEWEST_LEVELS:
        reader.error(root.lines["level"], f"'{level.id}' has no levels to rise by", "Name a scale of two or more")
    return Axes(level.id, times.id, hours, consent, extra, extras, views, condition)


class _NeedsReader:
    """Reads the parts of the file."""

    def __init__(self, reader: Reader, root: Table, questionnaire: Questionnaire) -> None:
        self._reader = reader
        self._root = root
        self._questions = questionnaire.by_id

    def question(self, key: str, kinds: frozenset[Kind], table: Table | None = None) -> Question | None:
        """The question that a key names. None with a fault."""
        table = table or self._root
        name = self._reader.string(table, key)
        return self._known(name, kinds, table.lines[key]) if name else None

    def _known(self, name: str, kinds: frozenset[Kind], line: int) -> Question | None:
        question = self._questions.get(name)
        if question is None:
            self._reader.error(line, f"There is no question '{name}'", nearest(name, self._questions))
        elif question.kind not in kinds:
            what = f"'{name}' is a question of the kind '{question.kind}', which cannot stand here"
            self._reader.error(line, what, f"Possible: {', '.join(sorted(kinds))}")
        elif not question.report:
            self._reader.error(line, f"'{name}' is not counted", "Take 'report: false' away there, or name another")
        else:
            return question
        return None

    def hours(self, times: Question) -> dict[str, Hours]:
        """When a meeting is at a time of day, by option."""
        table = self._reader.table(self._root, "hours")
        found: dict[str, Hours] = {}
        for option in table.entries if table is not None else ():
            assert table is not None  # noqa: S101 - there are entries
            if option not in times.option_ids:
                what = f"'{times.id}' has no option '{option}'"
                self._reader.error(table.lines[option], what, nearest(option, times.option_ids))
            elif (of := self._reader.table(table, option)) is not None:
                self._reader.keys(of, (), ("from", "until", "days"), f"'{option}'")
                found[option] = self._hours(of)
        if table is not None and not table.entries:
            self._reader.error(table, "'hours' names no time of day", "Write for example 'evenings: {from: 17:00}'")
        return found

    def _hours(self, table: Table) -> Hours:
        usual = Hours()
        found = Hours(
            self._clock(table, "from", usual.start), self._clock(table, "until", usual.until), self._days(table)
        )
        if found.start >= found.until:
            self._reader.error(table, "These hours end before they begin", "Let 'from' be earlier than 'until'")
        return found

    def _clock(self, table: Table, key: str, usual: time) -> time:
        words = self._reader.string(table, key)
        try:
            return clock_time(words) if words else usual
        except ValueError:
            self._reader.error(table.lines[key], f"'{words}' is no time of the day", 'Write it as "17:00"')
            return usual

    def _days(self, table: Table) -> frozenset[int]:
        named = self._reader.strings(table, "days")
        for day in named:
            if day not in DAYS:
                self._reader.error(table.lines["days"], f"'{day}' is no day of the week", nearest(day, DAYS))
        return frozenset(DAYS[day] for day in named if day in DAYS) or Hours().days

    def extra(self) -> tuple[str, tuple[str, ...]]:
        """The question about other needs, and its options that a course must provide."""
        table = self._reader.table(self._root, "extra")
        if table is None:
            return "", ()
        self._reader.keys(table, ("question", "options"), (), "'extra'")
        question = self.question("question", _CHOICES, table)
        options = self._reader.strings(table, "options")
        for option in options if question is not None else ():
            if question is not None and option not in question.option_ids:
                what = f"'{question.id}' has no option '{option}'"
                self._reader.error(table.lines["options"], what, nearest(option, question.option_ids))
        return ("", ()) if question is None else (question.id, options)

    def views(self) -> tuple[str, ...]:
        """The further questions."""
        names = self._reader.strings(self._root, "views")
        for name in names:
            self._known(name, _COUNTED, self._root.lines["views"])
            if name == COURSE:
                self._reader.error(self._root.lines["views"], f"A view cannot be called '{COURSE}'", "Rename it")
        if len(set(names)) < len(names):
            self._reader.error(self._root.lines["views"], "A view stands here twice", "Keep one of them")
        return names

    def consent(self, town: Town) -> str:
        """The consent that covers counting. By default the one that storing needs."""
        known = [one.id for one in town.consents]
        name = self._reader.string(self._root, "consent", known[0] if known else "")
        if name and name not in known:
            self._reader.error(self._root.lines["consent"], f"There is no consent '{name}'", nearest(name, known))
        return name
