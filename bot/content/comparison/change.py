"""One difference between two states of a questionnaire, and how alike two words of them are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.content.comparison.fates import Fate
from bot.content.faults import Level
from bot.core.folding import fold

_LONGEST_QUOTE = 50
_MOST_LISTED = 8
_SAME_TEXT = 0.6
"""Texts at least this alike may say the same in other words."""
_OTHER_TEXT = 0.4
"""Texts less alike than this may say something else."""


class What(StrEnum):
    """What has changed."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    JOINED = "joined"
    FORMER = "former"
    MOVED = "moved"
    KIND = "kind"
    STAGE = "stage"
    SECTION = "section"
    CONDITION = "condition"
    RULES = "rules"
    BOUNDS = "bounds"
    LEAVE = "leave"
    TIME = "time"
    PROTECTION = "protection"
    SHOWN = "shown"
    ASK = "ask"
    TEXTS = "texts"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"
    OPTION_RENAMED = "option_renamed"
    OPTION_MERGED = "option_merged"
    OPTION_SPLIT = "option_split"
    OPTION_FORMER = "option_former"
    OPTION_TEXT = "option_text"
    OPTION_ROLE = "option_role"
    OPTION_ORDER = "option_order"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `question` is its id today, or its last id if it no longer exists. `fate` is the worst that can happen to the
    affected answers: those stored under one of `homes` and, if there are `options`, with one of these options. With a
    `level` it is also a fault, and `mend` says how to fix it. `near`: the question and option of today that it is
    about, if they differ from those above.
    """

    what: What
    question: str
    detail: str
    fate: Fate
    homes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    level: Level | None = None
    mend: str = ""
    near: tuple[str, str] = ("", "")


def likeness(one: str, other: str) -> float:
    """How alike two texts are: 1 if equal apart from case, marks and accents, 0 with nothing in common."""
    return SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()


def is_other(one: str, other: str) -> bool:
    """Whether a text may have a different meaning now."""
    return bool(one and other) and likeness(one, other) < _OTHER_TEXT


def resembling(name: str, text: str, others: Mapping[str, str]) -> str | None:
    """The id in `others` (each with its text) that is most likely a new name of this one. None if none is like it."""
    scores = {other: max(likeness(name, other), likeness(text, words)) for other, words in others.items()}
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= _SAME_TEXT else None


def quoted(text: str) -> str:
    """The beginning of a text in quotes, on one line."""
    words = " ".join(text.split())
    return f"'{words}'" if len(words) <= _LONGEST_QUOTE else f"'{words[: _LONGEST_QUOTE - 3]}...'"


def listed(names: Sequence[str]) -> str:
    """Ids in a row. Only the first ones if there are many."""
    shown = ", ".join(f"'{name}'" for name in names[:_MOST_LISTED])
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED} more"
