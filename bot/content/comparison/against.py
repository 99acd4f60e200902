"""Compares content with an earlier state: every change, and how many people it affects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from bot.content.comparison.changes import Change, What, compare
from bot.content.comparison.fates import Fate, fates
from bot.content.comparison.outline import Outline, outline_of
from bot.content.faults import Fault, Level
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.inputs import Answer, Status
from bot.core.months import later
from bot.core.questionnaire import Questionnaire

_WHOLE = frozenset({What.RENAMED, What.JOINED, What.REMOVED, What.FORMER})
"""Changes that affect every answer to the question."""
_COUNTED = frozenset({Fate.KEPT, Fate.MAPPED})


class People(Protocol):
    """What is known about the people whose answers are stored."""

    @property
    def now(self) -> datetime:
        """When the data was read."""
        ...

    def inside(self) -> Mapping[str, int]:
        """How many people have each question on their card, by its id."""
        ...

    def answered(self) -> Mapping[str, int]:
        """How many answers are stored under each id."""
        ...

    def chosen(self, question: str) -> Mapping[str, int]:
        """How many people chose each option of a question."""
        ...

    def everyone(self) -> Iterator[Mapping[str, tuple[Answer, datetime]]]:
        """Each person's answers with the time of each, by the ids they are stored under. Without computed values."""
        ...


@dataclass(frozen=True, slots=True)
class Against:
    """What to compare content with, and the people who answered, if they are known."""

    outline: Outline
    people: People | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """How many people the changes affect.

    Counts what becomes of answers, by change and by question, and who has a question on their card. A change is
    missing here if nobody can tell whose answers it affects.
    """

    answers: Mapping[Change, Mapping[Fate, int]]
    fates: Mapping[str, Mapping[Fate, int]]
    inside: Mapping[str, int]


@dataclass(frozen=True)
class Comparison:
    """Every change, and how many people it affects. `met` is None if nothing is known about people."""

    content: Content
    changes: tuple[Change, ...]
    met: Met | None

    @cached_property
    def faults(self) -> list[Fault]:
        """What should be checked before this content is used."""
        return [
            Fault(*self._place(change), f"{change.question}: {change.detail}", change.mend, change.level)
            for change in self.changes
            if change.level is not None
        ]

    def _place(self, change: Change) -> tuple[str, int]:
        """Where the change can be seen. The beginning of the file for what no longer exists."""
        question, option = change.near
        question = question or change.question
        texts = self.content.texts
        keys = [f"questionnaire.{question}.ask", f"questionnaire.{question}.short"]
        known = self.content.questionnaire.by_id.get(question)
        if option and known is not None:
            keys.insert(0, texts.option_key(known, option))
        found = (texts.place(key) for key in keys if texts.has(SOURCE_LANGUAGE, key))
        return next(found, (f"{self.content.town.id}/questionnaire.yaml", 1))


def compared(against: Against, content: Content) -> Comparison:
    """Compares the content with its earlier state."""
    old, new = against.outline, outline_of(content.questionnaire, content.texts)
    changes, people = compare(old, new), against.people
    if people is None:
        return Comparison(content, changes, None)
    changes = _reused(old, changes, people)
    return Comparison(content, changes, _met(old, new, changes, people))


def _reused(old: Outline, changes: Sequence[Change], people: People) -> tuple[Change, ...]:
    """The changes. Those that add an id under which older answers are stored get a warning."""
    stored = people.answered() if any(change.what is What.ADDED for change in changes) else {}
    found: list[Change] = []
    for change in changes:
        count = 0
        if change.what is What.ADDED and change.question not in old.questionnaire.moved:
            count = stored.get(change.question, 0)
        if change.what is What.OPTION_ADDED and change.near[1]:
            count = sum(people.chosen(home).get(change.near[1], 0) for home in change.homes)
        mend = f"{answers(count)} from earlier times will count again: take another id, unless it means the same"
        found.append(replace(change, level=Level.WARNING, mend=mend, fate=Fate.KEPT) if count else change)
    return tuple(found)


def _met(old: Outline, new: Outline, changes: Sequence[Change], people: People) -> Met:
    at: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        for home in change.homes:
            at[home].append(change)
    counts: dict[Change, Counter[Fate]] = {
        change: Counter() for change in changes if change.options or change.what in _WHOLE
    }
    totals: defaultdict[str, Counter[Fate]] = defaultdict(Counter)
    for given in people.everyone() if at else ():
        before, after = (_fates(outline.questionnaire, given, people.now) for outline in (old, new))
        for home, (answer, _) in given.items():
            if home not in at or before[home] not in _COUNTED:
                continue  # nothing changes, or the answers are already being asked again
            totals[at[home][0].question][after[home]] += 1
            for change in at[home]:
                if change in counts and _concerns(change, answer):
                    counts[change][after[home]] += 1
    standing = people.inside()
    inside: Counter[str] = Counter()
    for home, found in at.items():
        inside[found[0].question] += standing.get(home, 0)
    return Met(counts, totals, inside)


def _fates(
    questionnaire: Questionnaire, given: Mapping[str, tuple[Answer, datetime]], now: datetime
) -> dict[str, Fate]:
    """What becomes of each of one person's answers. Expired ones are asked again."""
    found = fates(questionnaire, {home: answer for home, (answer, _) in given.items()})
    for home, (answer, since) in given.items():
        question = questionnaire.by_id.get(questionnaire.moved.get(home, home))
        span = question.expires if question is not None else None
        if (
            span is not None
            and found[home] in _COUNTED
            and answer.status is Status.GIVEN
            and later(since, span) <= now
        ):
            found[home] = Fate.ASKED_AGAIN
    return found


def _concerns(change: Change, given: Answer) -> bool:
    if not change.options:
        return True
    chosen = given.value if isinstance(given.value, tuple) else (given.value,)
    return any(option in chosen for option in change.options)


def answers(count: int) -> str:
    """A number of answers, in words."""
    return "1 answer" if count == 1 else f"{count} answers"
