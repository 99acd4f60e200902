"""The value of a computed question, as a tree of the answers that it follows from.

The core says once, for every combination of answers, what follows. A tree of these results asks for each answer at
most once, and only if it matters. If there are too many combinations, the rules are compiled one by one.
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
"""The most combinations that are tried. They take some hundredths of a second, once for each state of content."""
Combination = tuple[Value | None, ...]
Domain = tuple[Question, list[Value]]
"""A question that people answer, and every value that conditions can know of it."""
Table = tuple[tuple[Domain, ...], Mapping[Combination, Value | None]]


@dataclass(frozen=True, slots=True)
class Branch:
    """For each set of answers the way that follows, and `otherwise` for everybody else."""

    question: Question
    ways: tuple[tuple[frozenset[Value], Tree], ...]
    otherwise: Tree


Tree = Branch | bool


def tree(questionnaire: Questionnaire, name: str, wanted: Callable[[Value], bool]) -> Tree | None:
    """The people with a wanted computed value. None if there are too many combinations."""
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
    """The questions that people answer, and what follows from each combination of their values."""
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
