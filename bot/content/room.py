"""How long a message can get at most, in whatever language it is said: far cheaper than to say it in each."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from bot.content.rich import utf16
from bot.content.texts import Texts
from bot.core.message import Argument, Listing, Marked, Screen, Text, Words

VALUE = 120
"""More units than a number, a day, a time or a place takes in any language."""
BETWEEN = 16
"""The same of what stands between two items of a list."""
MARKS = 3
"""Signs of direction that a line can get."""
MARK = 400
"""More than the mark takes that a message is not translated."""
LINE = 2
"""What stands between two lines or paragraphs."""
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Room:
    """Knows the longest form of each text. `beside`: what is said of a time, where its clock is named.

    Where a language lacks a text, a message is German under a mark, and English below it: twice as long.
    """

    def __init__(self, texts: Texts, beside: Text) -> None:
        self._texts = texts
        self._known: dict[str, tuple[int, Counter[str]]] = {}
        self._lacking: set[str] = set()
        self._whole = True
        self._moment = VALUE
        self._moment = self._text(beside)

    def of(self, screen: Screen) -> int:
        """Units of the screen's text at most, in whatever language it is said."""
        self._whole = True
        units = sum(self._line(line) + LINE for block in screen.blocks for line in block)
        labels = (button.label for row in screen.rows for button in row)
        whole = self._whole and all(self._is_whole(one.key) for one in labels if isinstance(one, Text))
        return units if whole else 2 * units + MARK

    def _line(self, line: Text | Words | Marked) -> int:
        return self._text(line) if isinstance(line, Text) else _words(line.text)

    def _text(self, text: Text) -> int:
        units, uses = self._longest(text.key)
        self._whole = self._whole and text.key not in self._lacking
        counted = VALUE * uses["n"] if text.count is not None else 0
        return units + counted + sum(uses[name] * self._argument(one) for name, one in text.args.items())

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

    def _longest(self, key: str) -> tuple[int, Counter[str]]:
        """The units of the longest form, and how often a form names each placeholder at most."""
        if key not in self._known:
            units, uses = 0, Counter[str]()
            for form in self._texts.every_form(key):
                units = max(units, utf16(form) + MARKS * (form.count("\n") + 1))
                uses |= Counter(_SLOT.findall(form))
            self._known[key] = units, uses
            if not all(self._texts.has(language, key) for language in self._texts.languages):
                self._lacking.add(key)
        return self._known[key]

    def _is_whole(self, key: str) -> bool:
        """Whether every language has the text."""
        self._longest(key)
        return key not in self._lacking


def _words(words: str) -> int:
    return utf16(words) + MARKS * (len(words.splitlines()) + 1)
