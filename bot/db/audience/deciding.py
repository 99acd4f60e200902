"""The value of a computed question, as a tree of the answers it follows from.

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
"""Combinations that are tried at most: some hundredths of a second, once for each state of the content."""
Combination = tuple[Value | None, ...]
Domain = tuple[Question, list[Value]]
"""A question that is answered, and every value conditions can know of it."""
Table = tuple[tuple[Domain, ...], Mapping[Combination, Value | None]]


@dataclass(frozen=True, slots=True)
class Branch:
    """Whose answer is one of these values goes this way, everybody else that."""

    question: Question
    ways: tuple[tuple[frozenset[Value], Tree], ...]
    otherwise: Tree


Tree = Branch | bool


def tree(questionnaire: Questionnaire, name: str, wanted: Callable[[Value], bool]) -> Tree | None:
    """The people whose computed value is looked for; None where there are too many combinations."""
    few = questionnaire.only([name])
    if (found := _combinations(few, name)) is None:
        return None
    domains, follows = found
    looked_for = {value for value in set(follows.values()) if value is not None and wanted(value)}

    def branched(chosen: Combination) -> Tree:
        if len(chosen) == len(domains):
            return follows[chosen] in looked_for
        question, values = domains[len(chosen)]
        otherwise = branched((*chosen, None))
        ways: dict[Tree, list[Value]] = {}
        for one in values:
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
    domains = tuple((one, known) for one in questions if (known := values_of(one)) is not None)
    if len(domains) < len(questions) or prod(len(known) + 1 for _, known in domains) > MOST:
        return None
    found = {}
    for chosen in product(*((None, *known) for _, known in domains)):
        given = zip(questions, chosen, strict=True)
        answers = {one.id: Answer(Status.GIVEN, value) for one, value in given if value is not None}
        found[chosen] = lookup(few, answers)(name)
    return domains, found
