"""The part of the report about openings: how many there are, who was interested, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.core.broadcasts import Interest
from bot.core.paper import Section, Table
from bot.core.quarters import Quarter
from bot.core.shielding import shielded, shown, single
from bot.db.figures import figures
from bot.services.figures.board_words import words
from bot.services.openings import interesting
from bot.services.turn import Turn

BEST = (Interest.WON, Interest.CALLED, Interest.OPEN, Interest.LOST)
"""What can become of an interest, the best first: whoever has several is counted with the best."""


def section(turn: Turn, quarter: Quarter, purpose: str) -> Iterator[Section]:
    """Nothing where the town has no openings."""
    openings = [one for one in turn.content.offers.values() if one.takes_interest]
    if not openings:
        return
    content = turn.content
    begin, end = quarter.bounds(content.town.clock)
    now = sum(interesting.to_be_had(turn, one) for one in openings)
    filled = figures.openings_filled(turn.connection, begin, end)
    title, head = (
        words(content, "report.openings_title"),
        words(content, "report.openings_now", now=now, filled=filled),
    )
    people, outcomes = interested(figures.outcomes(turn.connection, purpose, begin, end))
    if not people:
        yield Section(title, (head, words(content, "report.too_few")))
        return
    rows = tuple((words(content, f"report.outcome_{one}"), outcomes[one]) for one in BEST if one in outcomes)
    if rest := people - sum(outcomes.values()):
        rows = (*rows, (words(content, "report.rest_outcomes"), rest))
    columns = words(content, "report.head_outcome"), words(content, "report.head_people")
    yield Section(title, (head, words(content, "report.interested", people=people)), Table(title, columns, rows))


def interested(states: Iterable[Sequence[Interest]]) -> tuple[int, Mapping[Interest, int]]:
    """How many people were interested, and with what outcome; none of fewer than five, nor such that can be computed.

    Each person is counted once, with the best that became of their interests.
    """
    best: Counter[Interest | None] = Counter(min(one, key=BEST.index) for one in states)
    groups = shielded(single(best), complete=frozenset(BEST))
    return sum(groups.values()), shown(groups)
