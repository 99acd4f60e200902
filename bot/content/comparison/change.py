"""One difference between two states of a questionnaire, and how alike two of its words are."""

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
"""Texts at least so alike may say the same in other words."""
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

    `question` is the id of today, of a question that is gone its last one; `fate` the worst that can happen to the
    answers it concerns: those that stand under one of `homes` and, where there are `options`, hold one of these.
    With a `level` it is also a fault, with `mend` to mend it; `near` are the question and the option of today it
    is about, where they are others than these.
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
    """How alike two texts are: 1 the same but for capitals, marks and accents, 0 nothing in common."""
    return SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()


def is_other(one: str, other: str) -> bool:
    """Whether a text may have got another meaning."""
    return bool(one and other) and likeness(one, other) < _OTHER_TEXT


def resembling(name: str, text: str, others: Mapping[str, str]) -> str | None:
    """The id among others (each with its text) that may be a new name of an id: the most alike, None without any."""
    scores = {other: max(likeness(name, other), likeness(text, words)) for other, words in others.items()}
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= _SAME_TEXT else None


def quoted(text: str) -> str:
    """The beginning of a text in quotes, in one line."""
    words = " ".join(text.split())
    return f"'{words}'" if len(words) <= _LONGEST_QUOTE else f"'{words[: _LONGEST_QUOTE - 3]}...'"


def listed(names: Sequence[str]) -> str:
    """Ids in a row; of many the first ones."""
    shown = ", ".join(f"'{name}'" for name in names[:_MOST_LISTED])
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED} more"
