"""Two people on one phone: each has what is theirs, and no button of one does anything to the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.core.message import Text, Words
from bot.db import chats
from bot.db.chats import ParticipantRow
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants, people
from bot.db.rights import own_data as stored
from bot.db.schema import chat, delivery, erasure_proof
from bot.services import places, upkeep
from bot.services.buttons import of_card, of_delivery
from bot.services.deliveries import saying
from bot.services.deliveries.saying import Skip
from bot.services.reply import Reply
from bot.services.rights import expiring, own_data
from bot.services.view import ui
from tests.services.talk import Talk, keys

Made = Callable[[], Talk]
OPENING = "reminder.new_openings"


def named(talk: Talk, name: str) -> int:
    """The person who speaks gives a name; their number."""
    person = talk.participant()
    assert person is not None
    talk.table.run(lambda tx: participants.set_preferences(tx, person.id, name=name))
    return person.id


def add(talk: Talk) -> None:
    """Somebody new takes the phone."""
    talk.command("people")
    talk.tap("add_person")


def speaks(talk: Talk, number: int) -> Reply:
    talk.command("people")
    return talk.tap(f"speak.{number}")


def rows(talk: Talk) -> dict[int, ParticipantRow]:
    found = talk.table.run(lambda tx: chats.with_all(tx, talk.chat_id))
    assert found is not None
    return {one.id: one for one in found[1]}


@pytest.fixture
def brothers(talk: Talk) -> tuple[Talk, int, int]:
    """Amal speaks Arabic and has finished; Basim speaks English, has finished too, and holds the phone."""
    talk.start()
    talk.tap("lang.ar")
    talk.finish()
    amal = named(talk, "Amal")
    add(talk)
    talk.tap("lang.en")
    talk.finish(1)
    return talk, amal, named(talk, "Basim")


def heads(reply: Reply) -> Text | None:
    """The line of a card that says for whom it is: the first, or the one below a notice."""
    assert reply.card is not None
    first = (block[0] for block in reply.card.screen.blocks[:2])
    return next((one for one in first if isinstance(one, Text) and one.key == "ui.people.head"), None)


def test_of_one_person_nothing_says_for_whom(talk: Talk) -> None:
    talk.start()
    talk.finish()
    talk.command("people")
    assert not any(one.key == "ui.people.head" for drawn in talk.drawn for one in keys(drawn.card.screen.blocks))
    assert [one for one in talk.actions if one.startswith("speak.")] == [f"speak.{named(talk, 'Amal')}"]


def test_whoever_is_added_begins_as_on_a_phone_of_their_own(talk: Talk) -> None:
    talk.start()
    talk.tap("lang.ar")
    talk.finish()
    add(talk)
    assert talk.place == places.LANGUAGE
    assert talk.participant() is None
    assert heads(talk.tap("lang.uk")) == ui("people.head", who=ui("people.new"))
    talk.tap("age.yes")
    assert talk.participant() is None
    talk.yes()
    second = talk.participant()
    assert second is not None
    assert talk.consents() == {"storage"}
    assert talk.answers()[0] == {}
    assert len(rows(talk)) == 2


def test_each_is_where_they_were_in_their_own_language(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    before = talk.answers()
    reply = speaks(talk, amal)
    assert (reply.language, heads(reply)) == ("ar", ui("people.head", who=Words("Amal")))
    assert reply.toast == ui("people.now", who=Words("Amal"))
    assert talk.place == places.DONE
    assert talk.answers() != before
    reply = speaks(talk, basim)
    assert (reply.language, heads(reply)) == ("en", ui("people.head", who=Words("Basim")))
    assert talk.answers() == before


def test_whoever_gave_no_name_has_a_number(talk: Talk) -> None:
    talk.start()
    talk.finish()
    add(talk)
    talk.finish(1)
    reply = talk.start()
    assert heads(reply) == ui("people.head", who=ui("people.number", number=2))


@pytest.mark.parametrize("no", ["age.no", "storage.no"])
def test_who_does_not_begin_leaves_nothing_and_takes_nothing(talk: Talk, no: str) -> None:
    talk.start()
    talk.tap("lang.ar")
    talk.finish()
    mine, first = talk.answers(), talk.participant()
    add(talk)
    talk.tap("lang.uk")
    if no == "storage.no":
        talk.tap("age.yes")
    reply = talk.tap(no)
    if no == "age.no":  # their code is good for an hour; the phone's first may speak meanwhile
        assert first is not None
        reply = speaks(talk, first.id)
    assert reply.language == "ar"
    assert talk.participant() == first
    assert talk.answers() == mine
    assert len(rows(talk)) == 1


def test_a_button_of_anothers_card_changes_nothing_and_says_whose_turn_it_is(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    talk.command("profile")
    card = talk.drawn[-1]
    forged = [of_card(card.card.version) + one for one in talk.actions]
    speaks(talk, amal)
    mine = talk.answers()
    for data in forged:
        reply = talk.tap_data(data, card.message)
        assert reply.toast == ui("people.now", who=Words("Amal"))
        assert talk.answers() == mine
        assert talk.place == places.DONE
    speaks(talk, basim)
    assert talk.place == places.DONE


def test_the_same_place_of_two_is_not_the_same_card(brothers: tuple[Talk, int, int]) -> None:
    """Both are at the end: the version alone says whose card it is."""
    talk, amal, _ = brothers
    talk.start()
    theirs = talk.drawn[-1]
    speaks(talk, amal)
    assert talk.tap_data(of_card(theirs.card.version) + "profile", theirs.message).toast is not None
    assert talk.place == places.DONE


@pytest.mark.parametrize("number", ["0", "99999999", "x", "-1"])
def test_nobody_of_another_phone_can_be_made_to_speak(
    brothers: tuple[Talk, int, int], new_talk: Made, number: str
) -> None:
    talk, _, basim = brothers
    other = new_talk()
    other.start()
    other.finish()
    stranger = other.participant()
    assert stranger is not None
    talk.command("people")
    newest = talk.drawn[-1]
    for one in (number, str(stranger.id)):
        talk.tap_data(f"{of_card(newest.card.version)}speak.{one}", newest.message)
        speaking = talk.participant()
        assert speaking is not None
        assert speaking.id == basim


def test_six_are_enough(talk: Talk) -> None:
    for _ in range(6):
        talk.start() if talk.chat() is None else add(talk)
        talk.finish()
    talk.command("people")
    assert "add_person" not in talk.actions
    newest = talk.drawn[-1]
    reply = talk.tap_data(of_card(newest.card.version) + "add_person", newest.message)
    assert reply.toast == ui("people.full")
    assert len(rows(talk)) == 6


# -- deliveries


def planned(talk: Talk, person: int, key: str = "ui.still.ask", topic: str | None = None) -> int:
    """Something to be said to one of the phone; its number."""
    one = Planned(f"test:{person}:{key}", Kind.REMINDER, talk.now, key, participant_id=person, topic=topic)
    talk.table.run(lambda tx: deliveries.plan(tx, [(talk.chat_id, one)]))
    return int(talk.table.run(lambda tx: tx.execute(select(func.max(delivery.c.id))).scalar_one()))


def said(talk: Talk, number: int) -> tuple[str | None, Text | None]:
    """The language of a delivery, and for whom it says it is."""
    talk.now += timedelta(days=60)
    due = talk.table.run(lambda tx: deliveries.load(tx, number))
    assert due is not None
    words = talk.turn(lambda turn: saying.prepared(turn, [due]))[number]
    assert not isinstance(words, Skip), words
    return due.language, words.blocks[0][0]  # type: ignore[union-attr,return-value]


def test_each_gets_theirs_in_their_language_with_their_name_above(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    numbers = [planned(talk, one) for one in (amal, basim)]
    assert said(talk, numbers[0]) == ("ar", ui("people.head", who=Words("Amal")))
    assert said(talk, numbers[1]) == ("en", ui("people.head", who=Words("Basim")))


def test_a_button_below_a_message_acts_for_whom_the_message_is(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    number = planned(talk, amal, topic="offers")
    reply = talk.tap_data(f"{of_delivery(number)}mute.offers", 900)
    assert reply.language == "ar"
    now = rows(talk)
    assert (now[amal].muted, now[basim].muted) == (["offers"], None)
    assert now[basim].aside_since is None, "the phone is still Basim's"


def test_a_button_that_opens_a_card_gives_them_the_phone(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    reply = talk.tap_data(f"{of_delivery(planned(talk, amal))}go_on", 900)
    assert (reply.language, heads(reply)) == ("ar", ui("people.head", who=Words("Amal")))
    now = rows(talk)
    assert now[amal].aside_since is None
    assert (now[basim].aside_screen, now[basim].aside_language) == (places.DONE, "en")


def test_a_consent_that_one_takes_back_holds_nothing_of_the_others(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    mine, theirs = planned(talk, basim, topic="own"), planned(talk, amal, topic="own")
    talk.command("privacy")
    if "agree.reminders.0" not in talk.actions:
        talk.agree("reminders")
    talk.tap("agree.reminders.0")
    states = talk.table.run(lambda tx: dict(tx.execute(select(delivery.c.id, delivery.c.state)).all()))
    assert (states[mine], states[theirs]) == ("skipped", "planned")


# -- rights


def test_forgetting_one_leaves_the_others(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    planned(talk, amal)
    gone = planned(talk, basim)
    talk.command("forget")
    assert ui("people.forget", who=Words("Basim")) in list(keys(talk.drawn[-1].card.screen.blocks))
    reply = talk.tap("forget")
    assert reply.language == "ar"
    assert set(rows(talk)) == {amal}
    assert rows(talk)[amal].aside_since is None
    assert talk.place == places.DONE
    assert talk.answers()[0]
    left = talk.table.run(lambda tx: tx.execute(select(delivery.c.participant_id)).scalars().all())
    assert basim not in left
    assert talk.table.run(lambda tx: deliveries.load(tx, gone)) is None
    assert talk.table.run(lambda tx: tx.execute(select(func.count()).select_from(erasure_proof)).scalar_one()) >= 1
    talk.command("forget")
    talk.tap("forget")
    assert talk.chat() is None


def test_own_data_is_of_whoever_speaks(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    ordered = talk.turn(own_data.ask, talk.visitor).files
    assert {one.content.person for one in ordered} == {basim}  # type: ignore[union-attr]
    found = talk.table.run(lambda tx: stored.of_chat(tx, talk.chat_id, basim))
    assert [row["name"] for row in found["people"]] == ["Basim"]
    assert all(row.get("participant_id") in {None, basim} for part in found.values() for row in part)
    assert amal not in {row.get("participant_id") for part in found.values() for row in part}


def test_whoever_is_silent_for_long_goes_alone(brothers: tuple[Talk, int, int]) -> None:
    """Basim goes on; Amal is asked, does not answer, and is forgotten."""
    talk, amal, basim = brothers
    talk.now += talk.content.town.retention.inactive - timedelta(days=29)
    talk.start()
    assert talk.turn(expiring.ask) >= 1
    told = (delivery.c.chat_id == talk.chat_id, delivery.c.text_key == "ui.still.ask")
    asked = talk.table.run(lambda tx: tx.execute(select(delivery.c.participant_id).where(*told)).scalars().all())
    assert list(asked) == [amal]
    talk.table.run(lambda tx: tx.execute(delivery.update().values(state="sent")))
    talk.now += timedelta(days=31)
    assert talk.turn(expiring.inactive) >= 1
    assert set(rows(talk)) == {basim}


def test_whoever_began_and_said_nothing_more_is_forgotten_after_a_day(talk: Talk) -> None:
    talk.start()
    talk.tap("lang.ar")
    talk.finish()
    add(talk)
    talk.tap("lang.uk")
    talk.now += timedelta(hours=25)
    talk.turn(upkeep.forget_what_is_due)
    assert (
        talk.table.run(lambda tx: tx.execute(select(chat.c.language).where(chat.c.id == talk.chat_id)).scalar())
        is None
    )
    reply = talk.start()
    assert (reply.language, talk.place) == ("ar", places.DONE)


def test_people_are_looked_at_each_by_themselves(brothers: tuple[Talk, int, int]) -> None:
    talk, amal, basim = brothers
    found = talk.table.run(lambda tx: people.of_chat(tx, talk.chat_id, [OPENING]))
    assert {one.id: one.screen for one in found} == {amal: places.DONE, basim: places.DONE}
