"""Finds what a machine must not change in a text, and cuts the text into lines that are translated one by one.

Bold, italic and links become pairs of things around their words. What surrounds a whole line (bullets, emoji, a span
over all of it) is never sent to the engine: what is not sent cannot be broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.content.bidi import isolated
from bot.content.locales import is_right_to_left
from bot.content.markup import Close, Open, Slot, escaped, parse
from bot.core.glossary import Glossary
from bot.translation.dates import GERMAN_DATE, said_in
from bot.translation.tokens import TOKEN, Item, Thing

LEFT_TO_RIGHT_MARK = "\u200e"

_ADDRESSES = r"""
    (?P<link>(?:https?://|www\.)[^\s<>"]*[^\s<>".,;:!?)\]])
  | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
"""
_OTHERS = r"""
    (?P<command>(?<![\w/])/[a-z][a-z0-9_]{1,31}(?!\w)|(?<!\w)@[A-Za-z]\w{3,31})
  | (?P<number>
        \+\d[\d ()/-]{5,}\d                             # a telephone number
      | (?<![\w.])0\d{1,5}[ /-]+\d(?:[\d /-]*\d)?
      | \d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?(?!\w)           # a date
      | \d{1,2}\.\s\d{1,2}\.\s?\d{4}(?!\w)
      | \d+(?:[.,:/–-]\d+)+(?!\w)                        # a time, a span of it, a price
      | \d{5,}
      | (?<!\w)[ABC][12](?:\.[12])?(?!\w)               # a level of German
    )
"""
_NO_TOKEN = f"(?P<no_token>{TOKEN})"
"""Words of people that could be read as a token in an engine's answer."""
_SIGNS = "•·*–—-▪►→\ufe0f\u20e3"
_SYMBOLS = frozenset({"So", "Sk", "Cf"})
"""What bullets and emoji consist of."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text. `items` go to the engine; `before` and `after` are markup that stays around them.

    Without items nothing goes to the engine.
    """

    before: str
    items: tuple[Item, ...]
    things: tuple[Thing, ...]
    after: str

    @property
    def words(self) -> str:
        """The words that a machine is asked to translate, without the things."""
        return " ".join(item for item in self.items if isinstance(item, str))


class Protector:
    """Protects texts for one language, with the town's glossary."""

    def __init__(self, glossary: Glossary, language: str) -> None:
        forms = {form: term for term in glossary for form in term.forms}
        self._fixed = {form: term.fixed.get(language) for form, term in forms.items()}
        self._language = language
        self._right_to_left = is_right_to_left(language)
        longest_first = sorted(forms, key=len, reverse=True)
        terms = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
        named = rf"  | (?P<term>(?<!\w)(?:{terms})(?!\w))" if terms else ""
        self._pattern = re.compile(f"{_ADDRESSES}{named} | {_NO_TOKEN} | {GERMAN_DATE} | {_OTHERS}", re.VERBOSE)

    def lines(self, text: str) -> list[Line]:
        """The lines of a text in the content's markup. A span over several lines is opened again in each.

        Raises:
            MarkupError: the markup cannot be read.
        """
        lines: list[Line] = []
        building = _Building()
        for part in parse(text):
            match part:
                case Slot(name):
                    building.keep(Thing("kept", f"{{{name}}}", f"{{{name}}}"))
                case Open():
                    building.open(part)
                case Close():
                    building.close()
                case _:
                    first, *others = part.split("\n")
                    self._words(building, first)
                    for other in others:
                        lines.append(building.line())
                        building = building.next()
                        self._words(building, other)
        return [*lines, building.line()]

    def _words(self, building: _Building, words: str) -> None:
        end = 0
        for found in self._pattern.finditer(words):
            building.say(words[end : found.start()])
            building.keep(self._thing(found))
            end = found.end()
        building.say(words[end:])

    def _thing(self, found: re.Match[str]) -> Thing:
        words = found[0]
        match found.lastgroup:
            case "link" | "email":
                put = escaped(words)  # an invisible sign at its end would become part of it
            case "command":
                put = (LEFT_TO_RIGHT_MARK if self._right_to_left else "") + escaped(words)
            case "term":
                fixed = self._fixed.get(" ".join(words.split()))
                put = self._foreign(words) if fixed is None else escaped(fixed)
            case "date":
                said = said_in(self._language, found)
                put = self._foreign(words) if said is None else escaped(said)
            case _:
                put = self._foreign(words)
        return Thing("kept", words, put)

    def _foreign(self, words: str) -> str:
        return isolated(escaped(words)) if self._right_to_left else escaped(words)


def opening(tag: Open) -> str:
    """A tag in the form of the markup."""
    if tag.kind == "link":
        return f'<a href="{tag.url or f"{{{tag.slot}}}"}">'
    return f"<{tag.kind[0]}>"


def closing(tag: Open) -> str:
    """The end of its span, in the form of the markup."""
    return "</a>" if tag.kind == "link" else f"</{tag.kind[0]}>"


class _Building:
    """A line that is built from left to right, with its open spans."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._things: list[Thing] = []
        self._open: list[tuple[int, Open]] = []

    def say(self, words: str) -> None:
        if words and self._items and isinstance(self._items[-1], str):
            self._items[-1] += words
        elif words:
            self._items.append(words)

    def keep(self, thing: Thing) -> None:
        self._items.append(len(self._things))
        self._things.append(thing)

    def open(self, tag: Open) -> None:
        self._open.append((len(self._things), tag))
        self.keep(Thing("open", opening(tag), opening(tag)))

    def close(self) -> None:
        number, tag = self._open.pop()
        if self._items[-2:] == [number, number + 1] and self._things[-1].kind == "kept":
            self._wrap(tag)
            return
        self._things[number] = Thing("open", opening(tag), opening(tag), pair=len(self._things))
        self.keep(Thing("close", closing(tag), closing(tag), pair=number))

    def _wrap(self, tag: Open) -> None:
        """Joins a span with the only thing in it, if that thing is kept: both become one."""
        inner = self._things.pop()
        del self._things[-1], self._items[-2:]
        self.keep(Thing("kept", inner.shown, f"{opening(tag)}{inner.put}{closing(tag)}"))

    def next(self) -> _Building:
        """The next line, with the same spans open."""
        following = _Building()
        for _, tag in self._open:
            following.open(tag)
        return following

    def line(self) -> Line:
        """The finished line. Open spans end."""
        still_open = list(self._open)
        while self._open:
            self.close()
        self._open = still_open
        return trimmed(self._items, self._things)


def trimmed(items: Sequence[Item], things: Sequence[Thing]) -> Line:
    """A line without what surrounds its words. Without any words nothing goes to the engine."""
    before, middle, after = "", list(items), ""
    while middle:
        first, last = middle[0], middle[-1]
        if isinstance(first, str) and (sign := _decoration(first)):
            before += escaped(first[:sign])
            middle[:1] = [first[sign:]] if first[sign:] else []
        elif isinstance(last, str) and (sign := _decoration(last[::-1])):
            after = escaped(last[-sign:]) + after
            middle[-1:] = [last[:-sign]] if last[:-sign] else []
        elif isinstance(first, int) and isinstance(last, int) and things[first].pair == last:
            middle = middle[1:-1]
            if middle:
                before, after = before + things[first].put, things[last].put + after
        else:
            break
    if any(isinstance(item, str) and any(map(str.isalpha, item)) for item in middle):
        return Line(before, tuple(middle), tuple(things), after)
    kept = "".join(escaped(item) if isinstance(item, str) else things[item].put for item in middle)
    return Line(before + kept, (), tuple(things), after)


def _decoration(words: str) -> int:
    """How many characters at the beginning are spaces, bullets or emoji."""
    for place, sign in enumerate(words):
        if not (sign.isspace() or sign in _SIGNS or unicodedata.category(sign) in _SYMBOLS):
            return place
    return len(words)
