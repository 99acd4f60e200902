"""The calendar of the team, and the bot as a participant sees it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select

from bot.core.message import Button
from bot.core.roles import Role
from bot.db import schema
from bot.services.offers.synchronising import synchronise
from tests.db.rows import new_meeting
from tests.services.staff.people import NewTalk, member, shown

pytestmark = pytest.mark.usefixtures("empty")


def test_a_day_with_many_meetings_finds_room_beside_six_others(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.VIEWER)
    for turn in range(12):
        starts = me.now + timedelta(minutes=turn)
        held = partial(new_meeting, original=str(turn), starts_at=starts, ends_at=starts + timedelta(hours=1))
        me.table.run(held)
    me.command("staff")
    me.tap("go.month.now")
    every = [one for row in me.drawn[-1].card.screen.rows for one in row]
    days = [one for one in every if isinstance(one, Button) and one.action.startswith("go.day.")]
    me.table.run(lambda tx: tx.execute(delete(schema.meeting)))  # the next test has this database too
    assert [me.content.texts.label("de", one.label).strip("\u2068\u2069") for one in days] == ["25⁹"]


def test_a_month_shows_its_meetings_and_leads_to_a_day(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.VIEWER)
    me.turn(synchronise)
    me.command("staff")
    me.tap("go.month.now")
    days = [one for one in me.actions if one.startswith("go.day.")]
    weeks = me.drawn[-1].card.screen.rows[2:-1]
    assert all(len(week) == 7 for week in weeks)
    assert "›25" in str(weeks)
    assert "25. November 2026" in shown(me)
    for _ in range(3):
        if days:
            break
        me.tap([one for one in me.actions if one.startswith("go.month.")][-1])
        days = [one for one in me.actions if one.startswith("go.day.")]
    me.tap(days[0])
    assert any(one.startswith("go.meeting.") for one in me.actions)
    assert me.tap_data(f"v{me.drawn[-1].card.version}.nothing", me.drawn[-1].message).card is None


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_the_bot_as_a_participant_sees_it_stores_nothing(new_talk: NewTalk, language: str) -> None:
    me = member(new_talk, Role.VIEWER)
    me.turn(synchronise)
    tables = (schema.participant, schema.answer, schema.consent, schema.registration, schema.delivery)

    def counted() -> list[int]:
        numbers = [select(func.count()).select_from(one) for one in tables]
        return me.table.run(lambda tx: [tx.execute(one).scalar_one() for one in numbers])

    before, mine = counted(), me.chat()
    me.command("staff")
    me.tap("go.trying")
    me.tap(f"try_in.{language}")
    assert me.drawn[-1].card.language == language
    me.tap("age.yes")
    me.yes()
    me.tap("next")
    for _ in range(60):
        actions = [one for one in me.actions if one.startswith(("o.", "t."))]
        ticked = any(one.startswith("t.") and one.endswith(".0") for one in me.actions)
        if "confirm" in me.actions:
            break
        if actions and not ticked:
            me.tap(actions[0])
        elif "done" in me.actions:
            me.tap("done")
        else:
            me.write("10")
    me.tap("confirm")
    me.tap("offers.courses.0")
    me.tap(next(one for one in me.actions if one.startswith("offer.")))
    me.tap("offer.placement")
    assert me.tap(next(one for one in me.actions if one.startswith("join."))).card is None
    assert me.drawn[-1].card.language == language
    me.tap("try_end")
    assert counted() == before
    after = me.chat()
    assert mine is not None
    assert after is not None
    assert (after.language, after.screen) == (mine.language, mine.screen)
    assert me.table.run(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM draft").scalar_one()) == 0
