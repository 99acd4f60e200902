"""What becomes of stored answers when the content changes, decided by the rules of the core."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import chain, combinations, islice

from bot.core.answering import counts
from bot.core.conditions import Value
from bot.core.inputs import Answer, Status
from bot.core.moving import carried
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question, Questionnaire

MOST_TICKS = 5000
"""How many ways to tick options are tried. Twelve options have fewer."""


class Fate(StrEnum):
    """What becomes of an answer. `none`: there are no answers that could change."""

    NONE = "none"
    KEPT = "kept"
    MAPPED = "mapped"
    ASKED_AGAIN = "asked_again"
    ARCHIVED = "archived"


_ORDER = tuple(Fate)


def worst(fates: Collection[Fate]) -> Fate:
    """The fate that changes most. `none` if there are no fates."""
    return max(fates, key=_ORDER.index, default=Fate.NONE)


def fates(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Fate]:
    """What becomes of each of one person's answers under a questionnaire, by the ids they are stored under."""
    moved = {home: (name, given) for name, (home, given) in carried(questionnaire, answers).items()}
    return {home: _fate(questionnaire, home, given, moved.get(home)) for home, given in answers.items()}


def _fate(questionnaire: Questionnaire, home: str, given: Answer, moved: tuple[str, Answer] | None) -> Fate:
    name, today = moved or (home, given)
    question = questionnaire.by_id.get(name)
    if question is None or question.kind is Kind.COMPUTED:
        return Fate.ARCHIVED
    if not counts(question, today):
        return Fate.ASKED_AGAIN
    return Fate.KEPT if name == home and _said(today) == _said(given) else Fate.MAPPED


def _said(given: Answer) -> object:
    """What an answer says. The order of ticks does not matter."""
    return frozenset(given.value) if isinstance(given.value, tuple) else given.value


def worst_fate(old: Question, new: Question) -> Fate:
    """The worst that can happen to an answer of `old` when `new` replaces it."""
    questionnaire = Questionnaire((), (new,))
    return worst({fates(questionnaire, {old.id: given})[old.id] for given in _answers(old)})


def worst_of_fields(old: Question, new: Question, names: Collection[str]) -> Fate:
    """The worst that can happen to an answer of `old` when only these fields become those of `new`."""
    return worst_fate(old, replace(old, **{name: getattr(new, name) for name in names}))


def _answers(question: Question) -> Iterator[Answer]:
    """Sample answers that a question takes, including its bounds. Any answer has the fate of one of these."""
    given = (Answer(Status.GIVEN, value) for value in _values(question))
    others = (Answer(Status.SKIPPED, None), Answer(Status.DECLINED, None))
    return (one for one in chain(given, others) if counts(question, one))


def _values(question: Question) -> Iterator[Value]:
    ids = [option.id for option in question.options]
    match question.kind:
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO:
            yield from ids
        case Kind.MULTIPLE:
            ways = chain.from_iterable(combinations(ids, number) for number in range(len(ids) + 1))
            yield from islice(ways, MOST_TICKS)
        case Kind.LIST:
            yield from (*ids, f"{OWN_WORDS}w", OWN_WORDS + "w" * question.max_length)
        case Kind.NUMBER:
            yield from (question.minimum, question.maximum)
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            yield from ("w", "w" * question.max_length)
        case Kind.MONTH_YEAR:
            yield "2026-01"
        case Kind.STATEMENT:
            yield SEEN
        case Kind.COMPUTED:
            return
