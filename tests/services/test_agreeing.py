"""A yes to a partner is a yes to the words that were shown, and to that partner alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.broadcasts import Interest, Subject
from bot.core.message import Button, Screen
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.schema import broadcast, delivery
from bot.services.broadcasts import broadcast_taps
from bot.services.broadcasts.broadcast_taps import Tapped
from bot.services.openings import interest_taps
from bot.services.staff.broadcasts import broadcast_pages
from bot.services.staff.forms.known_forms import BROADCAST, FORMS
from bot.services.turn import Turn, Visitor
from bot.services.visit import Visit, load
from tests.services.broadcasts import Office, team

JOB = "warehouse_job"


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 1}


def visit(turn: Turn) -> Visit:
    found = load(turn, Visitor(1))
    assert found
    return found


def own(post: Office, subject: Subject) -> Interested | None:
    return post.run(lambda turn: interests.of_person(turn.connection, 1, subject))


def on_the_card(post: Office, monkeypatch: pytest.MonkeyPatch, partner: str, *, asked: bool) -> None:
    """A tap on the card of an opening that everybody may have and of which that partner is told."""
    monkeypatch.setattr(Visit, "refresh", lambda _: None)

    def use_case(turn: Turn) -> None:
        interest_taps.interested(visit(with_partner(turn, partner)), JOB, None, asked=asked)

    post.run(use_case)


def with_partner(turn: Turn, partner: str) -> Turn:
    """The opening as everybody may have it, with that partner."""
    one = replace(turn.content.offers[JOB], partner=partner, needs=(), suits=None)
    return replace(turn, content=replace(turn.content, offers={**turn.content.offers, JOB: one}))


def on_the_message(post: Office, action: str, *, partner: str | None = None) -> Tapped:
    """A tap on a button of the message that stands in the chat; `partner`: whom the opening names by now."""
    verb, *arguments = action.split(".")

    def use_case(turn: Turn) -> Tapped:
        turn = turn if partner is None else with_partner(turn, partner)
        number = turn.connection.execute(select(delivery.c.id).where(delivery.c.kind == "broadcast")).scalar_one()
        due = deliveries.load(turn.connection, number)
        assert due
        found = broadcast_taps.tap(visit(turn), due, verb, tuple(arguments))
        assert isinstance(found, Tapped)
        return found

    return post.run(use_case)


def yes(tapped: Tapped) -> str:
    assert tapped.screen
    buttons = [one for row in tapped.screen.rows for one in row if isinstance(one, Button)]
    return next(one.action for one in buttons if (one.action or "").startswith("interest_yes"))


def is_told(post: Office, partner: str) -> None:
    post.run(lambda turn: turn.connection.execute(update(broadcast).values(partner=partner)))


def test_on_a_card_another_partner_is_asked_for_anew(post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_card(post, monkeypatch, "Betrieb A", asked=False)
    on_the_card(post, monkeypatch, "Betrieb B", asked=True)
    assert own(post, Subject(opening=JOB)) is None
    on_the_card(post, monkeypatch, "Betrieb B", asked=True)
    found = own(post, Subject(opening=JOB))
    assert found
    assert found.partner == "Betrieb B"


def test_on_a_message_another_partner_is_asked_for_anew(post: Office) -> None:
    post.send({"de": "Hallo"}, answering="interest", partner="Betrieb A")
    post.deliver()
    first = yes(on_the_message(post, "interest"))
    is_told(post, "Betrieb B")
    second = yes(on_the_message(post, first))
    assert own(post, Subject(broadcast=1)) is None
    on_the_message(post, second)
    found = own(post, Subject(broadcast=1))
    assert found
    assert found.partner == "Betrieb B"


def about_the_opening(post: Office) -> None:
    """Somebody has a message about an opening that had another partner when it was written."""
    post.send({"de": "Hallo"}, answering="both", offer_id=JOB, partner="Betrieb A")
    post.deliver()


def test_a_message_about_an_opening_asks_for_the_partner_of_this_moment(post: Office) -> None:
    about_the_opening(post)
    asked = on_the_message(post, "interest", partner="Betrieb A")
    anew = on_the_message(post, yes(asked), partner="Betrieb B")
    assert own(post, Subject(opening=JOB)) is None, "nobody said yes to B"
    on_the_message(post, yes(anew), partner="Betrieb B")
    found = own(post, Subject(opening=JOB))
    assert found
    assert found.partner == "Betrieb B"


def test_of_an_opening_that_has_no_partner_any_more_nobody_but_the_team_is_told(post: Office) -> None:
    about_the_opening(post)
    on_the_message(post, "interest", partner="")
    found = own(post, Subject(opening=JOB))
    assert found
    assert found.partner is None


def test_the_page_of_a_message_about_an_opening_names_the_partner_of_this_moment(post: Office) -> None:
    about_the_opening(post)
    post.run(lambda turn: turn.connection.execute(update(broadcast).values(stage="draft")))

    def asked(turn: Turn) -> tuple[str, bool]:
        turn = with_partner(turn, "Betrieb B")
        screen = broadcast_pages.PAGES[broadcast_pages.BROADCAST].build(turn, team(turn.connection), ("1",))
        assert isinstance(screen, Screen)
        form = FORMS[BROADCAST]
        partner = turn.content.forms[BROADCAST].by_id["partner"]
        return turn.content.texts.render("de", screen).text, form.asked(turn, "1", partner)

    text, is_asked = post.run(asked)
    assert "Betrieb B" in text
    assert "Betrieb A" not in text
    assert not is_asked, "the opening says it"


def test_whoever_told_the_team_alone_can_say_yes_to_a_partner(post: Office) -> None:
    post.send({"de": "Hallo"}, answering="interest", partner="Betrieb")
    post.deliver()
    given = Interested(0, 1, Subject(broadcast=1), None, Interest.OPEN, post.now)
    post.run(lambda turn: interests.give(turn.connection, given, "de", "v1"))
    post.now += timedelta(days=10)
    on_the_message(post, yes(on_the_message(post, "interest")))
    found = own(post, Subject(broadcast=1))
    assert found
    assert (found.partner, found.state) == ("Betrieb", Interest.OPEN)
    assert found.since == post.now, "the partner may know of it for as long from the yes on as it says"
