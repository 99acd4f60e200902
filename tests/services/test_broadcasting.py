"""What may happen to a broadcast on its way: two at once, pauses, ends, corrections in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select

from bot.content.loader import Content
from bot.core.broadcasts import Answering, Stage, Subject, Unreleased
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.outbox import deliveries, doubted
from bot.db.outbox.deliveries import Kind, State
from bot.db.rights import erasure
from bot.db.schema import consent, delivery, participant
from bot.db.staff import staff
from bot.services.broadcasts import audience, broadcast_taps, broadcasting
from bot.services.deliveries.sending import MOST_CHANGES, Result, Tried, outcome
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.db.rows import new_chat
from tests.services.broadcasts import BEGIN, BOSS, Office, crowd, office, released, team

GERMAN, BOTH = {"de": "Hallo"}, {"de": "Hallo", "ar": "مرحبا"}


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 2, "ar": 2}


@pytest.mark.row(32)
def test_it_is_sent_once_whoever_presses(post: Office) -> None:
    post.send(GERMAN)
    later = BEGIN + timedelta(days=1)
    assert not post.do(lambda turn, one: broadcasting.send(turn, one, team(turn.connection), later))
    assert post.do(lambda _, one: one.starts_at) == BEGIN
    post.deliver()
    assert sorted(post.said) == [(1, "Hallo"), (2, "Hallo")]


def test_a_pause_that_lasts_too_long_leaves_everybody_with_a_reason(post: Office) -> None:
    post.send(BOTH)
    post.plan()
    in_hand = post.claim()
    assert len(in_hand.ready) == 4
    post.do(broadcasting.hold)
    post.line = lambda _: Result.NOT_TRIED
    post.say(in_hand)
    post.now = BEGIN + timedelta(days=15)
    post.deliver()
    assert post.said == []
    assert post.states() == {State.SKIPPED: 4}
    assert post.run(lambda turn: broadcasts.reasons(turn.connection, 1)) == {"too_late": 4}
    assert post.do(broadcasting.go_on)
    post.deliver()
    assert post.do(lambda _, one: one.reported_at) == post.now


def test_that_it_is_out_is_said_to_who_has_it_now_where_whoever_sent_it_has_left(post: Office) -> None:
    post.send(BOTH)

    def leaves(turn: Turn) -> None:
        rita = team(turn.connection)
        staff.add(turn.connection, 98, BEGIN, role="admin", name="Vera", confirmed_at=BEGIN)
        vera = staff.by_person(turn.connection, 98)
        assert vera is not None
        new_chat(turn.connection, 98)
        broadcasts.hand_over(turn.connection, [1], vera.id)
        staff.change(turn.connection, rita.id, removed_at=BEGIN)

    post.run(leaves)
    post.deliver()
    post.deliver()
    assert [chat_id for chat_id, _ in post.said][-1] == 98


def test_what_is_ended_waits_for_no_word_about_copies_that_nobody_knows_of(post: Office) -> None:
    post.line = lambda _: Result.UNKNOWN
    post.send(BOTH)
    post.deliver()
    assert post.run(lambda turn: doubted.number(turn.connection, 1)) == 4
    post.do(broadcasting.stop)
    assert post.run(lambda turn: doubted.number(turn.connection, 1)) == 0
    assert post.states() == {State.UNKNOWN: 4}


@pytest.mark.row(32)
def test_what_is_in_hand_while_it_is_corrected_is_changed_behind(post: Office) -> None:
    post.send(BOTH)
    post.plan()
    in_hand = post.claim()
    post.correct("Guten Tag")
    post.say(in_hand)
    assert sorted(post.said)[:2] == [(1, "Hallo"), (2, "Hallo")]
    post.deliver()
    assert dict(post.said) == {1: "Guten Tag", 2: "Guten Tag", 11: "مرحبا", 12: "مرحبا"}
    assert post.do(lambda turn, one: broadcasts.redrawn(turn.connection, one.id, one.rounds))[State.SENT] >= 2


@pytest.mark.row(32)
@pytest.mark.parametrize(("end", "last"), [(broadcasting.recall, "deleted"), (broadcasting.fill, "Hallo")])
def test_what_is_in_hand_while_it_ends_follows(post: Office, end: object, last: str) -> None:
    post.send(GERMAN)
    post.plan()
    in_hand = post.claim()
    assert callable(end)
    post.do(end)
    post.say(in_hand)
    post.deliver()
    assert [text.partition("\n")[0] for _, text in post.said] == ["Hallo", "Hallo", last, last]


def test_what_went_out_well_is_not_changed_for_nothing(post: Office) -> None:
    post.send(BOTH)
    post.plan()
    assert post.do(broadcasting.hold)
    post.correct("Guten Tag")
    assert post.do(broadcasting.go_on)
    post.deliver()
    assert len(post.said) == 4


@pytest.mark.row(32)
def test_of_corrections_in_a_row_the_last_one_stands_and_an_end_overtakes_them(post: Office) -> None:
    post.send(GERMAN)
    post.deliver()
    post.correct("Eins")
    old = post.claim()
    post.correct("Zwei")
    post.say(old)
    post.deliver()
    assert dict(post.said) == {1: "Zwei", 2: "Zwei"}
    post.correct("Drei")
    post.do(broadcasting.recall)
    post.said.clear()
    post.deliver()
    assert sorted(post.said) == [(1, "deleted"), (2, "deleted")]
    assert post.states() == {State.SENT: 2}


def test_a_correction_looks_for_nobody_else_and_nothing_is_said_again_after_retention(post: Office) -> None:
    post.send(GERMAN)
    post.deliver()
    post.run(lambda turn: crowd(turn.connection, 1, first=21))
    post.correct("Guten Tag")
    post.deliver()
    assert post.states() == {State.SENT: 2}, "who came later was not to be told"
    post.now = BEGIN + timedelta(days=400)
    post.run(lambda turn: turn.connection.execute(delete(delivery)))
    post.said.clear()
    post.correct("مرحبا", "ar")
    post.run(broadcasting.look_for_joiners)
    post.deliver()
    assert post.said == []
    assert post.states() == {}


def test_who_joins_is_told_while_it_helps_and_nobody_twice(post: Office) -> None:
    post.send(GERMAN, joining=True)
    post.deliver()
    post.run(lambda turn: crowd(turn.connection, 1, first=21))
    post.run(broadcasting.look_for_joiners)
    post.deliver()
    assert sorted(one for one, _ in post.said) == [1, 2, 21]
    post.now = BEGIN + timedelta(days=15)
    post.run(lambda turn: crowd(turn.connection, 1, first=31))
    post.run(broadcasting.look_for_joiners)
    post.deliver()
    assert post.states() == {State.SENT: 3}


def test_two_people_on_one_phone_hear_it_once(post: Office) -> None:
    def another(turn: Turn) -> None:
        first = turn.connection.execute(select(participant).where(participant.c.chat_id == 1)).mappings().one()
        row = {name: value for name, value in first.items() if name != "id"}
        new = turn.connection.execute(insert(participant).returning(participant.c.id), row).scalar_one()
        agreed = {"purpose": "openings", "language": "de", "text_version": "v1", "given_at": BEGIN}
        turn.connection.execute(insert(consent), {"participant_id": new, **agreed})

    post.run(another)
    post.send(GERMAN, joining=True)
    post.deliver()
    post.run(broadcasting.look_for_joiners)
    post.deliver()
    assert sorted(post.said) == [(1, "👤 Person 1\n\nHallo"), (2, "Hallo")]


@pytest.mark.row(31)
def test_who_is_erased_on_the_way_is_no_number_and_nothing_comes_behind(post: Office) -> None:
    post.send(GERMAN)
    post.plan()
    in_hand = post.claim()
    post.run(lambda turn: erasure.erase_chat(turn.connection, 1))
    post.correct("Guten Tag")
    post.say(in_hand)
    post.deliver()
    assert post.states() == {State.SENT: 1}
    assert post.said[2:] == [(2, "Guten Tag")]


def test_without_its_author_it_goes_out_all_the_same(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    post.send(GERMAN)
    post.plan()
    post.run(lambda turn: staff.change(turn.connection, team(turn.connection).id, removed_at=BEGIN))
    post.deliver()
    assert post.states() == {State.SENT: 3}
    assert len(post.said) == 3, "and nobody is told that it is out"


def test_of_an_offer_that_is_withdrawn_nothing_goes_out(post: Office, content: Content) -> None:
    offer = next(iter(content.offers.values()))
    withdrawn = replace(content, offers={**content.offers, offer.id: replace(offer, withdrawn=True)})
    with office(withdrawn) as other:
        about = {"offer_id": offer.id, "answering": Answering.OFFER.value}
        number = other.run(lambda turn: released(turn.connection, turn.content, GERMAN, **about))
        assert other.do(broadcasting.missing, number) == "offer"
        other.run(lambda turn: broadcasts.change(turn.connection, number, answering=Answering.NONE.value))
        assert other.do(broadcasting.missing, number) == "offer"
    about = {"offer_id": offer.id}
    post.send(GERMAN, **about)
    post.plan()
    post._content = withdrawn
    post.deliver()
    assert post.said == []
    assert post.run(lambda turn: broadcasts.reasons(turn.connection, 1)) == {"offer_gone": 2}


@pytest.mark.parametrize("part", [audience.WITH, audience.WITHOUT])
def test_a_question_that_goes_in_the_middle_makes_it_nobodys_and_not_everybodys(post: Office, part: str) -> None:
    post.send(GERMAN, audience={part: {"no_such_question": ["yes"]}})
    post.deliver()
    assert post.said == []
    assert post.states() == {}


def test_the_report_comes_once_and_a_stopped_one_is_planned_no_further(post: Office) -> None:
    post.send(GERMAN)
    seen = post.do(lambda _, one: one)
    post.do(broadcasting.stop)
    assert not post.run(lambda turn: broadcasting._plan_page(turn, seen))
    assert post.states() == {}
    assert post.do(lambda _, one: (one.stage, one.planned_to)) == (Stage.STOPPED, None)


def test_what_is_sent_no_further_can_still_be_answered_and_corrected(post: Office) -> None:
    post.send(GERMAN, answering=Answering.INTEREST.value, unreleased=Unreleased.GERMAN.value, joining=True)
    post.deliver()
    assert post.do(broadcasting.stop)

    def tapped(turn: Turn) -> None:
        visit = load(turn, Visitor(1))
        number = turn.connection.execute(select(delivery.c.id).where(delivery.c.chat_id == 1)).scalar_one()
        due = deliveries.load(turn.connection, number)
        assert visit is not None
        assert due is not None
        found = broadcast_taps.tap(visit, due, "interest", ())
        assert isinstance(found, broadcast_taps.Tapped)
        assert found.toast.key == "ui.interest.given"

    post.run(tapped)
    assert post.run(lambda turn: len(interests.in_subject(turn.connection, Subject(broadcast=1)))) == 1
    post.run(lambda turn: crowd(turn.connection, 1, first=21))
    post.run(broadcasting.look_for_joiners)
    post.said.clear()
    assert post.correct("Guten Tag")
    assert post.correct("مرحبا", "ar")
    post.deliver()
    assert {one: text.partition("\n")[0] for one, text in post.said} == {
        1: "Guten Tag",
        2: "Guten Tag",
        11: "مرحبا",
        12: "مرحبا",
    }
    assert post.do(broadcasting.fill)
    assert not post.correct("Zu spät"), "it says that there is nothing to be had"


def test_a_change_of_a_message_is_made_until_it_is_known_to_be(post: Office) -> None:
    post.send(GERMAN)
    post.deliver()
    post.correct("Guten Tag")
    for kills in range(3):
        (*_, edit), _ = post.claim().ready, kills
        assert edit.due.edits is not None
        left = post.run(lambda turn: deliveries.abandon(turn.connection, "next", turn.now, lambda _: True))
        assert left == 2
        post.now += timedelta(minutes=2)
    due = replace(edit.due, doubted=True, kind=Kind.NOTICE)
    assert outcome(Tried(due, Result.UNKNOWN, BEGIN, "error"), lambda: 0.5).state is State.PLANNED
    last = replace(due, tries=MOST_CHANGES - 1)
    assert outcome(Tried(last, Result.UNKNOWN, BEGIN, "error"), lambda: 0.5).state is State.UNKNOWN
    post.deliver()
    assert dict(post.said) == {1: "Guten Tag", 2: "Guten Tag"}


@pytest.mark.row(32)
def test_a_correction_that_comes_back_after_a_recall_is_not_made(post: Office) -> None:
    post.send(BOTH)
    post.deliver()
    post.correct("Eins")
    in_hand = post.claim()
    post.do(broadcasting.recall)
    post.line = lambda _: Result.NOT_SENT
    post.say(in_hand)
    post.now += timedelta(seconds=1)
    post.say(post.claim())
    post.line = lambda _: Result.SENT
    post.said.clear()
    for _ in range(40):
        post.now += timedelta(seconds=1)
        post.say(post.claim())
    assert sorted(post.said) == [(one, "deleted") for one in (1, 2, 11, 12)]


@pytest.mark.row(32)
@pytest.mark.parametrize("trouble", [Result.NOT_SENT, Result.UNKNOWN])
def test_a_recall_is_not_given_up_while_there_is_no_line_for_hours(post: Office, trouble: Result) -> None:
    post.send(BOTH)
    post.deliver()
    post.do(broadcasting.recall)
    post.line = lambda _: trouble
    for _ in range(300):
        post.now += timedelta(minutes=1)
        post.say(post.claim())
    post.line = lambda _: Result.SENT
    post.said.clear()
    post.now += timedelta(minutes=11)
    post.deliver()
    assert sorted(post.said) == [(one, "deleted") for one in (1, 2, 11, 12)]
