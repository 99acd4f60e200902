"""What is corrected of a message that has gone out, beside its texts: its copies get it, whoever waits gets it so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.broadcasts import Answering, Attachment, Stage, Unreleased
from bot.core.conditions import Value
from bot.core.message import Medium
from bot.db.broadcasts import broadcasts
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import State
from bot.db.schema import audit_entry
from bot.services import places
from bot.services.broadcasts import broadcasting, correcting
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Ready, Result
from bot.services.staff.broadcasts import attaching
from bot.services.staff.forms import ends, forms, known_forms
from bot.services.staff.forms.filling import Ended
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from tests.db.rows import new_chat
from tests.services.broadcasts import BEGIN, BOSS, Office, page, team, visit_of

LINK = "https://example.org/stelle"
NEXT_WEEK = BEGIN + timedelta(days=7)
Seen = dict[int, tuple[str, list[str | None], str | None]]
"""By chat: the text, what its buttons do or open, and the picture or file, as they stand now."""


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 2, "ar": 1}


def watched(post: Office) -> Seen:
    """What stands in the chats, from now on."""
    seen: Seen = {}

    def line(ready: Ready) -> Result:
        rich = sending.say(ready)
        assert rich is not None
        does = [button.url or button.action for row in rich.rows for button in row]
        seen[ready.due.chat_id] = (rich.text, does, None if rich.media is None else rich.media.file)
        return Result.SENT

    post.line = line
    return seen


def correct(post: Office, **columns: object) -> frozenset[str]:
    return post.do(lambda turn, one: correcting.correct(turn, one, **columns))


def test_link_and_buttons_change_in_every_copy_and_each_language_stays_as_it_is(post: Office) -> None:
    seen = watched(post)
    post.send({"de": "Hallo"}, unreleased=Unreleased.WAIT.value)
    post.deliver()
    assert set(seen) == {1, 2}, "the third waits for a language"
    assert "interest" not in seen[1][1]
    assert correct(post, link=LINK, answering=Answering.INTEREST.value)
    post.deliver()
    assert all(text == "Hallo" and {"interest", LINK} <= set(does) for text, does, _ in seen.values())
    assert set(seen) == {1, 2}
    post.correct("مرحبا", "ar")
    post.deliver()
    assert {"interest", LINK} <= set(seen[11][1]), "whoever waited gets it so"
    assert correct(post, link=None, answering=Answering.NONE.value)
    post.deliver()
    assert not [one for one in seen.values() if {"interest", LINK} & set(one[1])]


def test_nothing_is_changed_where_nothing_is_other_or_it_is_over(post: Office) -> None:
    seen = watched(post)
    post.send({"de": "Hallo"}, link=LINK)
    post.deliver()
    assert not correct(post, link=LINK)
    assert post.do(lambda _, one: one.rounds) == 0
    post.do(broadcasting.fill)
    assert not correct(post, link=None)
    post.deliver()
    assert post.do(lambda _, one: one.link) == LINK
    assert set(seen) == {1, 2}


def test_what_is_in_hand_while_a_link_is_corrected_is_changed_behind(post: Office) -> None:
    seen = watched(post)
    post.send({"de": "Hallo"})
    post.plan()
    in_hand = post.claim()
    assert correct(post, link=LINK)
    post.say(in_hand)
    assert LINK not in seen[1][1]
    post.deliver()
    assert all(LINK in does for _, does, _ in seen.values())


def test_a_correction_goes_on_where_it_was_after_a_kill(post: Office) -> None:
    seen = watched(post)
    post.send({"de": "Hallo"})
    post.deliver()
    assert correct(post, link=LINK)
    post.claim()  # and the process is gone
    states = post.do(lambda turn, one: broadcasts.redrawn(turn.connection, one.id, one.rounds))
    assert states == {State.CLAIMED: 2}
    post.run(lambda turn: deliveries.abandon(turn.connection, "next", turn.now, lambda _: True))
    post.now += timedelta(minutes=2)
    post.deliver()
    assert all(LINK in does for _, does, _ in seen.values())


def test_another_last_day_counts_for_whoever_waits(post: Office) -> None:
    watched(post)
    post.send({"de": "Hallo"}, last_useful_at=NEXT_WEEK)
    post.plan()
    assert correct(post, last_useful_at=BEGIN + timedelta(hours=1))
    assert post.do(lambda _, one: one.rounds) == 0, "no copy says until when it helps"
    post.now += timedelta(hours=2)
    post.deliver()
    assert post.states() == {State.SKIPPED: 2}
    assert correct(post, last_useful_at=NEXT_WEEK)
    post.deliver()
    assert post.states() == {State.SENT: 2}, "it helps after all"


def test_while_it_is_paused_another_last_day_sends_nothing(post: Office) -> None:
    watched(post)
    post.send({"de": "Hallo"}, last_useful_at=NEXT_WEEK)
    post.plan()
    post.do(broadcasting.hold)
    assert correct(post, last_useful_at=NEXT_WEEK + timedelta(days=7))
    post.now = NEXT_WEEK + timedelta(days=1)
    post.deliver()
    assert post.states() == {State.PLANNED: 2}
    post.do(broadcasting.go_on)
    post.deliver()
    assert post.states() == {State.SENT: 2}


def picture(name: str) -> Attachment:
    return Attachment(Medium.PHOTO, name, name, "", 100)


def test_another_picture_takes_the_place_of_the_old_one_in_every_copy(post: Office) -> None:
    seen = watched(post)
    post.send({"de": "Hallo"}, media={"medium": "photo", "file": "old", "unique": "old", "name": "", "size": 100})
    post.deliver()
    assert {one[2] for one in seen.values()} == {"old"}
    assert post.do(lambda turn, one: correcting.exchange(turn, one, picture("new")))
    post.deliver()
    assert [(text, file) for text, _, file in seen.values()] == [("Hallo", "new")] * 2


def test_a_copy_without_a_picture_gets_none_and_an_ended_one_no_other(post: Office) -> None:
    watched(post)
    post.send({"de": "Hallo"})
    post.deliver()
    assert not post.do(lambda turn, one: correcting.exchange(turn, one, picture("new")))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, picture("old")))
    post.do(broadcasting.recall)
    assert post.do(lambda _, one: one.stage) is Stage.RECALLED
    assert not post.do(lambda turn, one: correcting.exchange(turn, one, picture("new")))


def handed_in(post: Office, **given: Value | None) -> Ended:
    """The form of a message that has gone out, with these answers and the others as they are."""
    said: dict[str, Value | None] = {"until": "2026-12-09", "answering": "none", **given}
    return post.run(lambda turn: ends.broadcast(visit_of(turn), team(turn.connection), "1", said))


@pytest.fixture
def gone_out(post: Office) -> Office:
    """A message that people have, and a member at the desk."""
    post.send({"de": "Hallo"})
    post.deliver()
    post.run(lambda turn: new_chat(turn.connection, BOSS))
    return post


def test_the_form_corrects_what_has_gone_out_and_that_is_noted(gone_out: Office) -> None:
    assert handed_in(gone_out, link=LINK).toast == staff_text("toast.corrected")
    one = gone_out.do(lambda _, one: one)
    assert (one.link, one.rounds, one.joining, one.unreleased) == (LINK, 1, False, Unreleased.WAIT)
    noted = gone_out.run(lambda turn: turn.connection.execute(select(audit_entry.c.deed, audit_entry.c.what)).all())
    assert [tuple(row) for row in noted] == [("corrected", "broadcast 1")]
    assert handed_in(gone_out, link=LINK).toast == staff_text("toast.unchanged")
    gone_out.do(broadcasting.recall)
    assert handed_in(gone_out, link=None).toast == staff_text("toast.vanished")


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ({"until": "2026-11-24"}, "until"),
        ({"link": "http://example.org"}, "link"),
        ({"answering": "both"}, "answering"),
    ],
)
def test_what_cannot_be_is_asked_for_anew(gone_out: Office, given: dict[str, Value | None], again: str) -> None:
    assert handed_in(gone_out, **given).again == again
    assert gone_out.do(lambda _, one: one.rounds) == 0


def test_another_last_day_alone_changes_no_copy_and_does_not_say_so(gone_out: Office) -> None:
    assert handed_in(gone_out, until="2026-12-20").toast == staff_text("toast.saved")
    assert gone_out.do(lambda _, one: one.rounds) == 0


def test_after_its_last_day_a_link_is_corrected_all_the_same(gone_out: Office) -> None:
    gone_out.now += timedelta(days=30)
    assert handed_in(gone_out, link=LINK).again is None
    assert gone_out.do(lambda _, one: one.link) == LINK


def test_buttons_that_leave_no_room_below_a_picture_are_refused(gone_out: Office) -> None:
    gone_out.correct("a" * 1000)
    gone_out.run(lambda turn: broadcasts.attach(turn.connection, 1, picture("old")))
    assert handed_in(gone_out, answering="interest").again == "answering"
    assert handed_in(gone_out, link=LINK).again is None


def test_only_what_copies_say_is_asked_and_a_picture_is_taken_on_its_page_alone(gone_out: Office) -> None:
    def asked(turn: Turn) -> list[str]:
        form = known_forms.FORMS[known_forms.BROADCAST]
        return [one.id for one in forms.questions(turn, form, known_forms.BROADCAST, "1").questions]

    assert gone_out.run(asked) == ["until", "answering", "partner", "link"]
    actions = page(gone_out, "broadcast.1")[1]
    assert "facts.1" in actions
    assert "go.media.1" not in actions, "where none stands none can be put"

    def takes(turn: Turn, focus: str) -> bool:
        visit = visit_of(turn)
        visit.look_at(places.STAFF, focus)
        return attaching._composing(visit) is not None

    assert not gone_out.run(lambda turn: takes(turn, "media.1"))
    gone_out.run(lambda turn: broadcasts.attach(turn.connection, 1, picture("old")))
    assert "go.media.1" in page(gone_out, "broadcast.1")[1]
    assert "detach.1" not in page(gone_out, "media.1")[1]
    assert gone_out.run(lambda turn: takes(turn, "media.1"))
    assert not gone_out.run(lambda turn: takes(turn, "broadcast.1"))
    assert not gone_out.run(lambda turn: takes(turn, "wording.1.de"))
