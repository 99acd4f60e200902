"""The most room a message can take in any language. Much cheaper than rendering it in each."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from bot.content.rich import utf16
from bot.content.texts import Texts
from bot.core.message import Argument, Listing, Marked, Screen, Text, Words, text_keys

VALUE = 120
"""An upper bound, in units, for a number, a day, a time or a place in any language."""
BETWEEN = 16
"""The same for what is between two items of a list."""
MARKS = 3
"""The most direction marks that a line can get."""
MARK = 400
"""An upper bound for the mark that says a message is not translated."""
LINE = 2
"""What separates two lines or paragraphs."""
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Longest(NamedTuple):
    """A text's longest form: its units, the uses of each placeholder, and whether every language has it."""

    units: int
    uses: Counter[str]
    whole: bool


class Room:
    """Knows the longest form of each text. `beside`: what is added to a time if its clock is named.

    If a language lacks a text, the message is German under a mark, with English below it: twice as long.
    """

    def __init__(self, texts: Texts, beside: Text) -> None:
        self._texts = texts
        self._known: dict[str, Longest] = {}
        self._moment = VALUE
        self._moment = self._text(beside)

    def of(self, screen: Screen) -> int:
        """The most UTF-16 units that the screen's text takes in any language."""
        units = sum(self._line(line) + LINE for block in screen.blocks for line in block)
        return units if all(self._longest(key).whole for key in text_keys(screen)) else 2 * units + MARK

    def _line(self, line: Text | Words | Marked) -> int:
        return self._text(line) if isinstance(line, Text) else _words(line.text)

    def _text(self, text: Text) -> int:
        longest = self._longest(text.key)
        counted = VALUE * longest.uses["n"] if text.count is not None else 0
        given = sum(longest.uses[name] * self._argument(one) for name, one in text.args.items())
        return longest.units + counted + given

    def _argument(self, argument: Argument) -> int:
        match argument:
            case Text():
                return self._text(argument)
            case Words(words):
                return _words(words)
            case Listing(items):
                return sum(self._argument(one) + BETWEEN for one in items)
            case datetime():
                return self._moment
        return VALUE

    def _longest(self, key: str) -> Longest:
        if key not in self._known:
            units, uses = 0, Counter[str]()
            for form in self._texts.every_form(key):
                units = max(units, utf16(form) + MARKS * (form.count("\n") + 1))
                uses |= Counter(_SLOT.findall(form))
            whole = all(self._texts.has(language, key) for language in self._texts.languages)
            self._known[key] = Longest(units, uses, whole)
        return self._known[key]


def _words(words: str) -> int:
    return utf16(words) + MARKS * (len(words.splitlines()) + 1)
