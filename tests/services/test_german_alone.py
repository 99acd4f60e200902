"""Offers with words in German alone: they stand apart, and nobody loses their own language for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.content.loader import Content
from bot.content.own_offers import overlaid
from bot.core import engine
from bot.core.message import Button
from bot.core.offers import Kind, Said
from bot.core.roles import Role
from bot.core.sayings import Sayings
from bot.db.staff.staff import Member
from bot.services import places, screens
from bot.services.offers.offer_screens import PAGE
from bot.services.offers.shown import Date, Fit, Match, Own, Shown, Standing
from bot.services.openings.opening_screens import ASK
from bot.services.staff import pages
from bot.services.turn import Turn
from bot.services.view import Found, View
from tests.services.staff.people import shown
from tests.services.talk import MORNING, Talk
from tests.services.test_offer_screens import START

NewTalk = Callable[[], Talk]
MARK = "ще немає українською"
TITLE = "Bäckerei sucht Hilfe"


def with_openings(content: Content, number: int, words: dict[str, dict[str, str]] | None = None) -> Content:
    """The content with so many openings in German alone, and with these words of the first in others."""
    german = {"title": TITLE, "text": "Früh am Morgen."}
    said = tuple(
        Said(f"own_{one}", True, {"kind": Kind.OPENING.value}, {"de": german, **((words or {}) if one == 1 else {})})
        for one in range(1, number + 1)
    )
    return overlaid(content, Sayings(said, (), 1))


@pytest.fixture
def anna(new_talk: NewTalk) -> Talk:
    """Somebody who speaks Ukrainian and has answered everything."""
    talk = new_talk()
    talk.start()
    talk.tap("lang.uk")
    talk.finish()
    return talk


def test_one_opening_in_german_alone_is_counted_and_its_card_stands_in_german(anna: Talk) -> None:
    anna.content = with_openings(anna.content, 1)
    anna.command("openings")
    assert MARK not in shown(anna)
    assert TITLE not in shown(anna)
    assert "І ще 1 пропозиція, поки що лише німецькою." in shown(anna)
    assert len([one for one in anna.actions if one.startswith("offer.")]) > 1, "the others are there"
    anna.tap("offer.own_1")
    assert MARK in shown(anna)
    assert TITLE in shown(anna)


def test_several_have_a_list_of_their_own_in_german_with_pages(anna: Talk) -> None:
    anna.content = with_openings(anna.content, PAGE + 1)
    anna.command("openings")
    assert MARK not in shown(anna)
    anna.tap("offers.openings.de0")
    assert MARK in shown(anna)
    assert [one for one in anna.actions if one.startswith("offer.")] == [f"offer.own_{n + 1}" for n in range(PAGE)]
    anna.tap("offers.openings.de1")
    assert "offer.own_6" in anna.actions
    anna.tap("offers.openings.0")
    assert MARK not in shown(anna)


def test_with_words_in_the_language_it_stands_in_the_list(anna: Talk) -> None:
    anna.content = with_openings(anna.content, 1, {"uk": {"title": "Пекарня", "text": "Рано-вранці."}})
    anna.command("openings")
    assert "offers.openings.de0" not in anna.actions
    assert "лише німецькою" not in shown(anna)


def test_in_german_nothing_is_apart(new_talk: NewTalk) -> None:
    german = new_talk()
    german.start()
    german.tap("lang.de")
    german.finish()
    german.content = with_openings(german.content, 2)
    german.command("openings")
    assert "bisher nur auf Deutsch" not in shown(german)


def test_ones_own_keep_their_language_too(content: Content) -> None:
    there = with_openings(content, 1)
    known, own = there.offers["iqui_b2"], Own(7, Standing.REGISTERED)
    held = [
        Shown(Match(one, Fit.POSSIBLE, (), ()), (Date(1, START, 90, ""),), own=own)
        for one in (known, there.offers["own_1"])
    ]
    screen = screens.build(places.MINE, View(there, "uk", found=Found(offers=tuple(held)), now=MORNING))
    assert there.texts.spoken("uk", screen) == "uk"
    actions = [one.action for row in screen.rows for one in row if isinstance(one, Button)]
    assert {"offer.iqui_b2", "leave.7", "offer.own_1"} <= set(actions)


def test_whoever_looks_after_it_is_told_in_which_languages_it_has_no_words(talk: Talk) -> None:
    there = with_openings(talk.content, 1, {"uk": {"title": "Пекарня", "text": "Рано-вранці."}})

    def pages_of(turn: Turn, member: Member) -> list[str]:
        moment = replace(turn, content=there)
        found = (pages.build(moment, member, f"opening.{one}") for one in ("own_1", "eq_workshop"))
        return [there.texts.render("de", screen).text for screen in found]

    rita = Member(1, 99, Role.ADMIN, "Rita", talk.now, None, talk.now, None, talk.now, signs_as_team=False)
    own, of_file = talk.turn(pages_of, rita)
    assert "In 6 Sprachen fehlen noch Texte" in own
    assert "Türkisch" in own
    assert "українська" not in own
    assert "fehlen noch Texte" not in of_file


def test_whether_a_partner_may_be_told_is_asked_in_ones_own_language(content: Content) -> None:
    there = with_openings(content, 1)
    offer = replace(there.offers["own_1"], partner="Muster GmbH")
    there = replace(there, offers={**there.offers, "own_1": offer})
    one = Shown(Match(offer, Fit.POSSIBLE, (), ()), ())
    state = engine.start(there.questionnaire.first_pass)
    view = View(there, "uk", state, Found(offers=(one,)), focus=f"own_1.{ASK}", now=MORNING)
    screen = screens.build(places.OFFER, view)
    assert there.texts.spoken("uk", screen) == "uk"
    said = there.texts.render("uk", screen).text
    assert TITLE in said
    assert "Muster GmbH" in said
    actions = [one.action for row in screen.rows for one in row if isinstance(one, Button)]
    assert actions[:2] == ["interest_yes.own_1", "interest_no.own_1"]
    assert there.texts.spoken("uk", screens.build(places.OFFER, replace(view, focus="own_1"))) == "de"
