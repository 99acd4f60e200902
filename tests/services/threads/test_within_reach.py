"""A human is one tap away on every card of a participant, and whoever leaves the talk is where they were."""

from __future__ import annotations

import pytest

from bot.content.loader import Content
from bot.core.engine import State
from bot.core.message import Screen
from bot.db import chats
from bot.services import places, screens
from bot.services.phones.code_screens import NEW
from bot.services.threads.talk_card import TALK_BUTTON
from bot.services.view import View
from tests.services.staff.people import NewTalk
from tests.services.talk import MORNING, Talk


def has_button(screen: Screen) -> bool:
    return bool(screen.rows) and screen.rows[-1] == TALK_BUTTON


def finished(new_talk: NewTalk) -> Talk:
    """Somebody at the end of the questions."""
    person = new_talk()
    person.finish()
    return person


def leave(person: Talk) -> None:
    person.tap("talk")
    assert person.place == places.TALK
    person.tap("resume")


@pytest.mark.parametrize("place", [one for one in screens.PLACES if one not in places.WITHOUT_TALK])
def test_the_last_button_of_every_card_leads_to_a_human(content: Content, place: str) -> None:
    assert has_button(screens.build(place, View(content, "ar", State({}), now=MORNING)))


@pytest.mark.parametrize("place", sorted(places.WITHOUT_TALK))
def test_who_has_agreed_to_nothing_has_no_such_button(content: Content, place: str) -> None:
    assert not has_button(screens.build(place, View(content, "ar", State({}), now=MORNING)))
    assert not has_button(screens.build(places.HELP, View(content, "ar", now=MORNING)))


def test_a_code_that_is_shown_once_stays_before_its_person(content: Content) -> None:
    assert not has_button(screens.build(places.PAPER, View(content, "ar", State({}), focus=NEW, now=MORNING)))


def test_from_a_question_and_back(new_talk: NewTalk) -> None:
    person = new_talk()
    person.finish_until(places.QUESTIONS)
    before = person.participant()
    leave(person)
    assert person.place == places.QUESTIONS
    assert person.participant() == before


@pytest.mark.parametrize(
    ("way", "there"),
    [
        ("offers.courses.0", (places.OFFERS, "courses.0")),
        ("/mine", (places.MINE, None)),
        ("path.0", (places.PATH, "0")),
        ("profile", (places.PROFILE, None)),
    ],
)
def test_from_a_card_that_lies_over_the_end_and_back(
    new_talk: NewTalk, way: str, there: tuple[str, str | None]
) -> None:
    person = finished(new_talk)
    if way.startswith("/"):
        person.command(way[1:])
    else:
        person.tap(way)
    leave(person)
    row = person.chat()
    assert row is not None
    assert (row.detour, row.focus) == there
    assert "talk" in person.actions


def test_words_between_are_taken_into_the_talk_and_the_card_comes_back(new_talk: NewTalk) -> None:
    person = finished(new_talk)
    person.tap("offers.courses.0")
    person.tap("talk")
    person.write("Passt das fuer mich?")
    person.tap("resume")
    assert person.place == places.OFFERS


def test_a_second_button_to_the_talk_does_not_forget_where_one_was(new_talk: NewTalk) -> None:
    person = finished(new_talk)
    person.command("mine")
    person.tap("talk")
    person.command("ask")
    person.tap("resume")
    assert person.place == places.MINE


def test_where_the_way_back_has_no_room_one_is_back_on_ones_way(new_talk: NewTalk) -> None:
    person = finished(new_talk)
    far = {"detour": places.OFFER, "focus": "o" * 60}
    person.table.run(lambda tx: chats.save(tx, person.chat_id, far))
    person.command("ask")
    person.tap("resume")
    assert person.place == places.DONE
