"""What a computed question comes to, as a tree of the answers it follows from.

For every combination of answers the core itself says once what follows; a tree of them asks each answer at most once,
and only as far as it decides. Where there are too many combinations, the rules are compiled one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from bot.core.conditions import Value
from bot.core.engine import lookup
from bot.core.inputs import Answer, Status
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.db.audience.answers import values_of

MOST = 4_000
"""So many combinations are tried: some hundredths of a second, once for each state of the content."""
Combination = tuple[Value | None, ...]
Table = tuple[tuple[Question, ...], Mapping[Combination, Value | None]]


@dataclass(frozen=True, slots=True)
class Branch:
    """Whose answer is one of these values goes this way, everybody else that."""

    question: Question
    ways: tuple[tuple[frozenset[Value], Tree], ...]
    otherwise: Tree


Tree = Branch | bool


def tree(questionnaire: Questionnaire, name: str, wanted: Callable[[Value], bool]) -> Tree | None:
    """Whose computed value is looked for; None: there are too many combinations."""
    few = questionnaire.only([name])
    if (found := _combinations(few, name)) is None:
        return None
    questions, values = found

    def branched(chosen: Combination) -> Tree:
        if len(chosen) == len(questions):
            value = values[chosen]
            return value is not None and wanted(value)
        question = questions[len(chosen)]
        otherwise = branched((*chosen, None))
        ways: dict[Tree, list[Value]] = {}
        for one in values_of(question) or ():
            ways.setdefault(branched((*chosen, one)), []).append(one)
        ways.pop(otherwise, None)
        if not ways:
            return otherwise
        return Branch(question, tuple((frozenset(some), way) for way, some in ways.items()), otherwise)

    return branched(())


@lru_cache(maxsize=16)
def _combinations(few: Questionnaire, name: str) -> Table | None:
    """The questions that are answered, and what follows from each combination of their values."""
    questions = tuple(one for one in few.questions if one.kind is not Kind.COMPUTED)
    domains = [values_of(one) for one in questions]
    known = [one for one in domains if one is not None]
    if len(known) < len(domains) or prod(len(one) + 1 for one in known) > MOST:
        return None
    found = {}
    for chosen in product(*((None, *one) for one in known)):
        given = zip(questions, chosen, strict=True)
        answers = {one.id: Answer(Status.GIVEN, value) for one, value in given if value is not None}
        found[chosen] = lookup(few, answers)(name)
    return questions, found
