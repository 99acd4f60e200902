"""Who is on a list of people is who was counted, for what fits and for each thing that people miss."""

from __future__ import annotations

from functools import partial
from itertools import product

from sqlalchemy import Connection

from bot.core.conditions import Condition, compiled
from bot.db.audience import finding
from bot.db.audience.counting import Terms, count, parts_of, who_is_reached, who_misses_one
from bot.db.engine import Database
from tests.db.audience.test_counting import ASKED, CONDITIONS, PEOPLE, crowd, everybody, is_near, why_not
from tests.db.rows import NOW


def look(it: Condition, on: Terms, tx: Connection) -> tuple[list[int], list[list[int]], dict[int, int]]:
    """Who fits, who misses each part, and how many of these were counted."""
    every, fits = finding.listed(tx, who_is_reached(tx, ASKED, it, on, NOW), PEOPLE)
    misses = [finding.listed(tx, one, PEOPLE)[1] for _, one in who_misses_one(tx, ASKED, it, on, NOW)]
    counted = count(tx, ASKED, it, on, NOW)
    assert every == len(fits) == counted.reached
    told = {one.place: one.people for one in counted.missed}
    return [one.id for one in fits], [[one.id for one in several] for several in misses], told


async def test_lists_hold_whom_the_counts_count(database: Database) -> None:
    await database.run(crowd)
    people = await database.run(everybody)
    for condition, cap in product(CONDITIONS, (2, None)):
        terms, parts = Terms("openings", "offers", cap), parts_of(condition)

        fits, misses, told = await database.run(partial(look, condition, terms))
        assert fits == sorted(fits, reverse=True)
        for key in fits:
            assert all(compiled(part)(people[key]) is True for part in parts)
            assert why_not(key, cap) is None
        assert {place: len(several) for place, several in enumerate(misses) if several} == told
        for place, several in enumerate(misses):
            for key in several:
                lacks = [at for at, part in enumerate(parts) if compiled(part)(people[key]) is not True]
                assert lacks == [place]
                assert is_near(parts[place], people[key])
                assert why_not(key, None) is None


async def test_a_list_is_cut_at_the_newest_and_says_how_many_there_are(database: Database) -> None:
    await database.run(crowd)

    def newest(tx: Connection) -> tuple[int, list[int]]:
        every, found = finding.listed(tx, who_is_reached(tx, ASKED, CONDITIONS[2], Terms(), NOW), 3)
        return every, [one.id for one in found]

    every, found = await database.run(newest)
    assert every > len(found) == 3
    assert found == sorted(found, reverse=True)
