"""What is wrong with the content: where, what, and how to fix it. For coordinators, so in plain English."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad a fault is: an error prevents the start, a warning fails only a strict check, a hint fails nothing."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


FEW = 15
"""The most names that are listed in one sentence."""
CLOSE = 60
"""How alike two words must be, in percent, for one to be meant as the other."""


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"})
"""Unicode categories of invisible characters. A word with one looks like another word."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `file` is relative to the content folder, `line` counts from 1."""

    file: str
    line: int
    what: str
    mend: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.what}. {self.mend}"

    def as_data(self) -> dict[str, str | int]:
        """The fault in the form of JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Report:
    """Collects the faults of one reading, so that a coordinator sees all of them at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, what: str, mend: str, level: Level = Level.ERROR) -> None:
        """Adds one fault."""
        self.found.append(Fault(file, line, _seen(what), _seen(mend), level))

    def in_order(self) -> tuple[Fault, ...]:
        """Every fault once, by file and line."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda fault: (fault.file, fault.line)))


def _seen(words: str) -> str:
    """The words with a name for each invisible character: a direction mark in an id becomes `<U+200F>`."""
    if words.isascii() and words.isprintable():
        return words
    return "".join(
        f"<U+{ord(sign):04X}>" if sign != " " and unicodedata.category(sign) in _UNSEEN else sign for sign in words
    )


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a misspelt word. None if none is like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - where nothing is misspelt, a start does not wait for it

    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return None if found is None else found[0]


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence with the correct word for a misspelt one: the nearest match, or all names if there are few."""
    names = list(known)
    if (close := closest(word, names)) is not None:
        strange = next((sign for sign in word if not sign.isascii()), "") if close.isascii() else ""
        return f"Did you mean '{close}'?" + (f" '{strange}' is none of the letters a to z" if strange else "")
    return f"Known here: {', '.join(names) or 'nothing yet'}" if len(names) <= FEW else "Look for its right name"
