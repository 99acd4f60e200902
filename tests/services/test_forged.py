"""Buttons nobody drew: whatever stands in one, the bot answers, and only a living card's own buttons do anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.db import chats
from bot.db.people import moving_people, participants
from bot.db.schema import metadata
from bot.services import places, screens, taps
from bot.services.buttons import of_card
from bot.services.reply import Reply
from bot.services.taps import Tap
from bot.services.view import ui
from tests.running import CONTENT, read_once
from tests.services.talk import Talk

PLACES = tuple(one for one in screens.PLACES if one not in {places.MERGED, places.PARTNER})
"""Where buttons are; whoever was put together with another person has a link only, and every press shows it again."""
NONSENSE = (
    *("", "v", "v1", "v1.", "1.o.B1", "v1.o.", "v1..o", "v-1.o.B1", "v1.O.B1", "V1.o.B1", "v1.o.B1\n", " v1.o.B1"),
    *("v99999999999.o.B1", "v999999999.confirm", "v0.confirm", "v٣.confirm", "v1.o.ä", "v1.o.\U0001f600", "null"),
    *("{}", "x" * 64, "v1.o.B1.B1.B1.B1.B1.B1.B1.B1"),
)


HUGE = "9" * 20
"""A number that no database takes."""
ELSEWHERE = 2**40
"""Other accounts have numbers behind this one."""


def tried(talk: Talk, data: str) -> Reply:
    """What a button would do; nothing of it stays."""
    with talk.trying():
        return talk.turn(taps.tap, talk.visitor, Tap(data, talk.drawn[-1].message))


def lead_to(talk: Talk, place: str) -> None:
    """The person with that screen before them."""
    match place:
        case places.PROFILE | places.HELP | places.IMPRINT | places.PRIVACY | places.FORGET:
            talk.finish_until(places.QUESTIONS)
            talk.command(place)
        case places.OFFERS | places.MINE | places.SETTINGS | places.PATH:
            talk.finish()
            talk.command(place)
        case places.TALK:
            talk.finish()
            talk.command("ask")
        case places.STEP:
            talk.finish()
            talk.command("path")
            talk.tap(next(one for one in talk.actions if one.startswith("step.")))
        case places.OFFER:
            talk.finish()
            talk.command("events")
            talk.tap("offer.advice")
        case places.PAUSED | places.YOUNG | places.ASKED_ANEW:
            lead_aside(talk, place)
        case places.AGAIN:
            talk.finish()
            talk.now += timedelta(days=100)
            talk.start()
        case places.MORE:
            talk.finish()
            person = talk.participant()
            assert person is not None
            talk.table.run(lambda tx: participants.set_rounds(tx, person.id, offered=None))
            talk.start()
        case places.PEOPLE | places.PAPER | places.CODE | places.MOVED:
            talk.finish()
            lead_around(talk, place)
        case _:
            talk.finish_until(place)
    assert talk.place == place


def lead_to_question(talk: Talk) -> None:
    """Somebody who let a service outside translate, where another one does so now."""
    talk.finish()
    for service in ("deepl", "google"):
        talk.content = read_once(CONTENT, "minden", service)[0]
        if service == "deepl":
            talk.agree("translation")
    talk.start()


def lead_aside(talk: Talk, place: str) -> None:
    """Somebody who has left the way to the end."""
    if place == places.YOUNG:
        talk.finish_until(places.AGE)
        talk.tap("age.no")
    elif place == places.ASKED_ANEW:
        lead_to_question(talk)
    else:
        talk.finish_until(places.QUESTIONS)
        talk.command("pause")


def lead_around(talk: Talk, place: str) -> None:
    """Somebody who has finished, on a screen of shared phones and of codes."""
    match place:
        case places.PEOPLE:
            talk.command("people")
        case places.PAPER:
            talk.command("settings")
            talk.tap("paper")
        case places.CODE:
            talk.code()
        case places.MOVED:
            person, elsewhere = talk.participant(), ELSEWHERE + talk.chat_id
            assert person is not None
            key = person.id
            talk.table.run(lambda tx: chats.create(tx, chats.begun(elsewhere, places.AGE, None, talk.now)))
            talk.table.run(lambda tx: moving_people.move(tx, key, elsewhere, talk.now, away=places.MOVED))
            talk.start()


def everything_stored(talk: Talk) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables as they lie in the file: read again and again, so nothing is made of them."""
    read = talk.table.driver.execute
    return talk.table.run(
        lambda _: {name: read(f"SELECT * FROM {name}").fetchall() for name in metadata.tables}  # noqa: S608 - ours
    )


ARGUMENTS: tuple[tuple[str, ...], ...] = (
    *((), ("gone",), ("gone", "1"), ("gone", "gone"), ("goals", "1", "x", "y")),
    *((HUGE,), ("gone", HUGE), (HUGE, HUGE)),
)
FEW_ARGUMENTS = ((), (HUGE,))
"""Where a verb is not known nobody looks at what stands behind it."""


def actions(verbs: set[str], followed_by: tuple[tuple[str, ...], ...] = ARGUMENTS) -> Iterator[str]:
    for verb in sorted(verbs):
        for arguments in followed_by:
            yield ".".join((verb, *arguments))


VERBS = {verb for verbs in taps._VERBS.values() for verb in verbs} | {"nonsense"}


def test_a_made_up_action_is_answered_at_every_place(new_talk: Callable[[], Talk]) -> None:
    for place in PLACES:
        talk = new_talk()
        lead_to(talk, place)
        version = talk.drawn[-1].card.version
        for action in actions(set(taps._VERBS[place])):
            assert isinstance(tried(talk, of_card(version) + action), Reply), (place, action)


@pytest.mark.parametrize("place", PLACES)
def test_nonsense_changes_nothing_but_that_the_person_was_here(talk: Talk, place: str) -> None:
    lead_to(talk, place)
    quiet = talk.chat()
    assert quiet is not None
    before = everything_stored(talk)
    for data in NONSENSE:
        reply = talk.tap_data(data, talk.drawn[-1].message)
        assert reply.card is None, data
        assert talk.chat() == replace(quiet, seen_at=talk.now)
    talk.table.run(lambda tx: chats.save(tx, talk.chat_id, {"seen_at": quiet.seen_at}))
    assert everything_stored(talk) == before


@pytest.mark.parametrize("place", PLACES)
def test_every_button_on_a_card_does_what_its_place_knows(talk: Talk, place: str) -> None:
    lead_to(talk, place)
    assert talk.actions, "nobody can go on from here"
    verbs = {action.split(".")[0] for action in talk.actions}
    assert verbs <= set(taps._VERBS[place])


def test_whoever_was_put_together_with_another_person_sees_that_alone(talk: Talk) -> None:
    talk.finish()
    talk.table.run(lambda tx: chats.save(tx, talk.chat_id, {"screen": places.MERGED}))
    talk.start()
    seen = talk.drawn[-1].card.screen
    assert talk.actions == []
    for action in actions(VERBS, FEW_ARGUMENTS):
        reply = tried(talk, of_card(talk.drawn[-1].card.version) + action)
        assert reply.card is not None
        assert reply.card.screen == seen


@pytest.mark.parametrize("place", PLACES)
def test_buttons_of_other_places_are_refused_with_a_word(talk: Talk, place: str) -> None:
    lead_to(talk, place)
    version = talk.drawn[-1].card.version
    for action in actions(VERBS - set(taps._VERBS[place]), FEW_ARGUMENTS):
        reply = tried(talk, of_card(version) + action)
        assert reply.card is None
        assert reply.toast == ui("notice.use_buttons")


def test_a_button_of_somebody_elses_card_does_nothing_for_me(new_talk: Callable[[], Talk]) -> None:
    mine, theirs = new_talk(), new_talk()
    theirs.finish()
    mine.start()
    reply = mine.tap_data(theirs.drawn[-1].data()[0], theirs.drawn[-1].message)
    assert reply.card is not None
    assert (mine.place, mine.participant()) == (places.LANGUAGE, None)


def test_of_somebody_we_do_not_know_a_tap_leaves_nothing_behind(talk: Talk) -> None:
    reply = talk.tap_data("v7.o.B1", 3)
    assert (reply.card, reply.toast) == (None, ui("notice.start_again"))
    assert talk.chat() is None
