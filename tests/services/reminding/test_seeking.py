"""Everybody is looked at, page by page, at the same cost for few as for many, and nobody is told twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given as given_any
from hypothesis import strategies as st

from bot.content.loader import Content
from bot.core.conditions import Fact, compiled
from bot.core.conditions import Test as Compared
from bot.core.offers import Need, Offer
from bot.db.people import people
from bot.services.offers import reasons
from bot.services.offers.reasons import Answers
from bot.services.offers.shown import Fit
from bot.services.reminders import seeking
from tests.databases import statements
from tests.services.reminding.deadlines import DEADLINE, READY, wants
from tests.services.reminding.helpers import rows, seek
from tests.services.reminding.test_old_answers import OLD, finished
from tests.services.seating.town import DAY, INFO, Town


async def crowd(town: Town, number: int) -> list[int]:
    """People whom both concern: they said something three months ago, and would like to come."""
    now, town.now = town.now, READY - 93 * DAY
    found = await finished(town, number)
    town.now = now
    await wants(town, *found)
    return found


async def test_a_page_costs_as_many_statements_for_one_as_for_all(town: Town) -> None:
    town.now = READY
    await crowd(town, 1)
    with statements() as few:
        assert await seek(town) == 1
    await crowd(town, seeking.PAGE - 2)
    with statements() as many:
        assert await seek(town) == 1
    assert len(many) == len(few)
    await crowd(town, seeking.PAGE)
    with statements() as pages:
        assert await seek(town) == 2
    begin = 2  # the meetings of the offers, and the first of the course
    assert len(pages) <= begin + 2 * (len(few) - begin) + begin
    assert len(few) - begin <= 8, "seven questions and one answer"
    everybody = 2 * seeking.PAGE - 1
    assert len(await rows(town, text_key=DEADLINE)) == len(await rows(town, text_key=OLD)) == everybody


async def test_who_came_while_everybody_was_looked_at_is_not_left_out(town: Town) -> None:
    town.now = READY
    await crowd(town, seeking.PAGE)
    round_ = await town.do(seeking.begin)
    assert round_ is not None
    round_ = await town.do(seeking.step, round_)
    assert round_ is not None
    late = await crowd(town, 1)
    assert await town.do(seeking.step, round_) is None
    assert {one.participant_id for one in await rows(town, participant_id=late[0])} == set(late)


async def test_two_who_look_at_the_same_moment_tell_nobody_twice(town: Town) -> None:
    town.now = READY
    await crowd(town, seeking.PAGE + 5)
    await asyncio.gather(seek(town), seek(town), seek(town))
    for key in (DEADLINE, OLD):
        told = [one.participant_id for one in await rows(town, text_key=key)]
        assert len(told) == len(set(told)) == seeking.PAGE + 5


async def test_who_has_blocked_us_between_two_others_lends_them_nothing(town: Town) -> None:
    town.now = READY
    first, second, third = await crowd(town, 3)

    def block(tx: Any) -> list[people.Person]:
        people.want_no_more(tx, second, "info", town.now)
        return people.page(tx, 0, 10, ())

    found = await town.database.run(block)
    assert [(one.id, one.unwanted) for one in found] == [
        (first, frozenset()),
        (second, frozenset({"info"})),
        (third, frozenset()),
    ]


SOUGHT = {"deadline_days", "old_answers", "new_openings", "path_weeks", "path_days"}
"""Rules for which everybody is looked at."""


async def test_a_town_without_such_rules_looks_for_nobody(town: Town) -> None:
    kept = {name: one for name, one in town.content.reminders.items() if name not in SOUGHT}
    town.content = replace(town.content, reminders=kept)
    with statements() as seen:
        assert await seek(town) == 0
    assert seen == []


FACTS = [Fact("goals", Compared.INCLUDES, one) for one in ("german", "job", "degree")]


@given_any(
    st.lists(st.sampled_from(FACTS), max_size=2),
    st.none() | st.sampled_from(FACTS),
    st.none() | st.sets(st.sampled_from(["german", "job", "degree"])),
)
def test_who_is_told_is_who_sees_it_first_in_the_list(
    content: Content, needs: list[Fact], suits: Fact | None, goals: set[str] | None
) -> None:
    """The same conditions, asked for the list and for the message."""
    offer: Offer = replace(INFO, needs=tuple(map(Need, needs)), suits=suits)
    values = {} if goals is None else {"goals": tuple(sorted(goals))}
    match = reasons.match(content, offer, Answers(values.get, {}))
    best = Fit.RECOMMENDED if needs or suits else Fit.POSSIBLE
    assert (compiled(offer.recommended)(values.get) is True) is (match.fit is best)
