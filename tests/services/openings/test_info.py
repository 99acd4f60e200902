"""A piece of information stands where openings stand; nobody is interested in it, and it can be nothing for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.content.loader import Content
from bot.content.own_offers import changed
from bot.core.broadcasts import Answering, Subject
from bot.core.message import Button, LinkButton
from bot.core.offers import Sort
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.people import people
from bot.db.schema import broadcast
from bot.services.profiles.people import filters
from bot.services.staff.forms import ends
from bot.services.turn import Turn
from bot.services.view import ui
from tests.db.rows import new_chat
from tests.services.broadcasts import BOSS, Office, loaded, page, released, team, visit_of
from tests.services.openings.scene import come, digests, goes_on
from tests.services.staff.every_button import press
from tests.services.staff.people import member, shown
from tests.services.talk import Talk

INFO, JOB = "warehouse_job", "nursing_training"
LINK = "https://example.org/fair"


@pytest.fixture
def content(content: Content) -> Content:
    """The town, one of whose openings is a piece of information for everybody."""
    one = replace(content.offers[INFO], sort=Sort.INFO, link=LINK, needs=(), suits=None)
    return replace(content, offers={**content.offers, INFO: one})


def card(new_talk: Callable[[], Talk]) -> Talk:
    """Somebody who has come to the end, before the card."""
    talk = new_talk()
    talk.start()
    talk.finish()
    talk.command("openings")
    press(talk, f"offer.{INFO}")
    return talk


def test_its_card_has_a_link_and_the_way_out_and_nothing_to_be_interested_in(new_talk: Callable[[], Talk]) -> None:
    talk = card(new_talk)
    every = [button for row in talk.drawn[-1].card.screen.rows for button in row]
    assert [one.url for one in every if isinstance(one, LinkButton)] == [LINK]
    assert f"unwanted.{INFO}" in talk.actions
    assert f"interest.{INFO}" not in talk.actions
    reply = talk.tap(f"unwanted.{INFO}")
    assert reply.toast is not None
    assert reply.toast.key == "ui.news.unwanted"
    assert f"unwanted.{INFO}" not in talk.actions
    assert talk.content.texts.label(talk.drawn[-1].card.language, ui("interest.not_me")) in shown(talk)


def test_made_up_buttons_make_nobody_interested_and_take_no_job_away(new_talk: Callable[[], Talk]) -> None:
    talk = card(new_talk)
    person = talk.participant()
    assert person is not None
    for action in (f"interest.{INFO}", f"interest_yes.{INFO}", f"unwanted.{JOB}"):
        press(talk, action)
    assert talk.table.run(lambda tx: interests.of_person(tx, person.id, Subject(opening=INFO))) is None
    assert talk.table.run(lambda tx: people.not_wanted(tx, person.id)) == set()


def test_it_is_told_with_new_openings_but_not_to_who_wants_no_more_of_it(desk: Office) -> None:
    come(desk, 1, 2)
    desk.run(lambda turn: people.want_no_more(turn.connection, 2, INFO, turn.now))
    goes_on(desk)
    told = [set(named) for _, _, named in digests(desk)]
    assert [INFO in named for named in told] == [True, False]


def test_the_team_can_neither_fill_it_nor_look_who_is_interested(desk: Office) -> None:
    _, actions = page(desk, f"opening.{INFO}")
    assert f"go.who.{INFO}" in actions
    assert not {f"go.leads.{INFO}.0", f"go.filling.{INFO}"} & set(actions)
    assert "interest." + INFO not in {one.id for one in desk.run(lambda turn: filters(turn.content))}


def test_a_message_about_it_leads_to_its_card(new_talk: Callable[[], Talk]) -> None:
    me = member(new_talk)
    me.command("staff")
    press(me, f"tell_opening.{INFO}")
    newest = select(broadcast.c.id).order_by(broadcast.c.id.desc()).limit(1)
    one = me.table.run(lambda tx: broadcasts.load(tx, tx.execute(newest).scalar_one()))
    assert one is not None
    assert (one.answering, one.link) == (Answering.OFFER, LINK)


def test_no_message_about_it_asks_who_is_interested(desk: Office) -> None:
    def asked(turn: Turn) -> str | None:
        new_chat(turn.connection, BOSS, language="de")
        number = released(turn.connection, turn.content, {"de": "Messe"}, offer_id=INFO)
        until = (turn.now + timedelta(days=7)).date().isoformat()
        given = {"until": until, "answering": Answering.BOTH.value}
        ended = ends.broadcast(visit_of(turn), team(turn.connection), str(number), given)
        assert loaded(turn.connection, number).answering is not Answering.BOTH
        return ended.again

    assert desk.run(asked) == "answering"


def test_its_buttons_are_known_by_a_mark(new_talk: Callable[[], Talk]) -> None:
    talk = new_talk()
    talk.start()
    talk.finish()
    talk.command("openings")
    marks: dict[str, str] = {}
    while True:
        every = [one for row in talk.drawn[-1].card.screen.rows for one in row if isinstance(one, Button)]
        marks |= {one.action: one.mark for one in every if one.action.startswith("offer.")}
        behind = [one.action for one in every if one.mark == "▶️"]
        if not behind:
            break
        talk.tap(behind[0])
    assert {action for action, mark in marks.items() if mark == "💡"} == {f"offer.{INFO}"}


def test_an_opening_that_becomes_one_has_no_partner_any_more(content: Content) -> None:
    one = content.offers[JOB]
    assert one.partner
    now = changed(one, {"sort": Sort.INFO.value}, content.questionnaire)
    assert (now.takes_interest, now.partner) == (False, "")
    assert changed(one, {"sort": Sort.EQ.value}, content.questionnaire).partner == one.partner
