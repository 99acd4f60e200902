"""A code on paper: shown once, typed on another account, and all that is somebody's is there and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core import paper_code
from bot.core.message import Words
from bot.core.threads import Author, Event, Passing
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import moving_people
from bot.db.rights import erasure
from bot.db.schema import audit_entry, code_try, delivery, going_message, metadata, participant, thread_message
from bot.db.threads import threads
from bot.services import messages, places, upkeep
from bot.services.audit import Deed
from bot.services.buttons import of_card, of_delivery
from bot.services.reply import Reply
from bot.services.view import ui
from bot.services.written import Written
from tests.services.talk import Talk, keys
from tests.services.test_sharing import add, heads, named

Made = Callable[[], Talk]


def written_down(talk: Talk) -> str:
    """The person makes a code; what stands on their paper."""
    talk.command("settings")
    talk.tap("paper")
    shown = talk.tap("make_code")
    assert shown.card is not None
    return next(
        one.args["code"].text  # type: ignore[union-attr]
        for one in keys(shown.card.screen.blocks)
        if one.key == "ui.paper.shown"
    )


@pytest.fixture
def old(new_talk: Made) -> Talk:
    """Amal, who has finished, speaks Arabic and has a name."""
    talk = new_talk()
    talk.start()
    talk.tap("lang.ar")
    talk.finish()
    named(talk, "Amal")
    return talk


@pytest.fixture
def new(new_talk: Made) -> Talk:
    """An account that has just come."""
    talk = new_talk()
    talk.now += timedelta(days=1)
    talk.start()
    talk.tap("lang.de")
    return talk


def number_of(talk: Talk) -> int:
    person = talk.participant()
    assert person is not None
    return person.id


def notices(reply: Reply) -> set[str]:
    assert reply.card is not None
    return {one.key for one in keys(reply.card.screen.blocks)}


def test_a_code_is_shown_once_and_stands_nowhere(old: Talk) -> None:
    code = written_down(old)
    assert paper_code.read(code) == code.replace("-", "")
    for name, table in metadata.tables.items():
        rows = old.table.run(lambda tx, table=table: str(tx.execute(select(table)).all()))  # type: ignore[misc]
        assert code not in rows, name
        assert code.replace("-", "") not in rows, name
    old.start()
    assert not any(one.key == "ui.paper.shown" for one in keys(old.drawn[-1].card.screen.blocks))
    old.command("settings")
    assert "ui.paper.since" in notices(old.tap("paper"))


def test_the_profile_is_where_the_code_was_typed_and_only_there(old: Talk, new: Talk) -> None:
    person, answers, consents = number_of(old), old.answers(), old.consents()
    code = written_down(old)
    new.tap("code")
    reply = new.write(code)
    assert "ui.code.done" in notices(reply)
    assert (number_of(new), reply.language, new.place) == (person, "ar", places.DONE)
    assert (new.answers(), new.consents()) == (answers, consents)
    assert old.participant() is None
    assert old.place == places.MOVED
    shown = old.start()
    assert "ui.moved.title" in notices(shown)
    assert not answers[0].keys() & {one.key for one in keys(shown)}


@pytest.mark.parametrize("passed", [True, False])
def test_a_picture_that_the_team_has_not_got_yet_stays_where_it_was_sent(old: Talk, new: Talk, passed: bool) -> None:
    new.now = old.now + timedelta(hours=1)
    old.command("ask")
    picture, theirs = Written("", old._next_message(), old.now, kind="photo"), thread_message.c.chat_id == old.chat_id
    old.turn(messages.unreadable, old.visitor, "only_words", picture)
    old.write("This is the letter")
    if passed:
        done = update(thread_message).where(theirs).values(state=Passing.SENT.value)
        old.table.run(lambda tx: tx.execute(done))
    word = old.table.run(lambda tx: max(tx.execute(select(thread_message.c.message_id).where(theirs)).scalars()))
    new.code(written_down(old))
    rows = old.table.run(lambda tx: tx.execute(select(going_message.c.chat_id, going_message.c.message_id)).all())
    going = [tuple(row) for row in rows]
    assert (old.chat_id, word) in going
    assert ((old.chat_id, picture.message) in going) is passed


def test_the_code_is_good_once(old: Talk, new: Talk, new_talk: Made) -> None:
    code = written_down(old)
    new.code(code)
    third = new_talk()
    third.start()
    assert "ui.code.wrong" in notices(third.code(code))
    assert third.participant() is None


def test_a_new_code_ends_the_old_one(old: Talk, new: Talk) -> None:
    first = written_down(old)
    second = written_down(old)
    assert "ui.code.wrong" in notices(new.code(first))
    assert "ui.code.done" in notices(new.code(second))


def test_a_slip_of_the_pen_is_no_try(old: Talk, new: Talk) -> None:
    code = written_down(old)
    for _ in range(10):
        assert "ui.code.typo" in notices(new.code("ABCDE-FGHJJ" if code[-1] != "J" else code[:-1]))
    assert "ui.code.done" in notices(new.code(code.lower().replace("-", " ")))


def going(talk: Talk) -> set[int]:
    """The messages that are to go from a chat at the messenger."""
    there = select(going_message.c.message_id).where(going_message.c.chat_id == talk.chat_id)
    return set(talk.table.run(lambda tx: tx.execute(there).scalars().all()))


def made_up(number: int) -> str:
    """A code that nobody was given."""
    left = iter([number, *range(8)])
    return paper_code.make(lambda _: next(left))


def test_five_wrong_codes_an_hour_then_a_wait_that_forgetting_does_not_end(old: Talk, new: Talk) -> None:
    code = written_down(old)
    for number in range(5):
        assert "ui.code.wrong" in notices(new.code(made_up(number)))
    assert "ui.code.wait" in notices(new.code(code))
    new.table.run(lambda tx: erasure.erase_chat(tx, new.chat_id))
    new.start()
    assert "ui.code.wait" in notices(new.code(code)), "whoever erases themselves has no more tries"
    new.now += timedelta(minutes=62)
    assert "ui.code.done" in notices(new.code(code))
    new.now += timedelta(hours=2)
    new.turn(upkeep.forget_what_is_due)
    assert new.table.run(lambda tx: tx.execute(select(code_try)).all()) == []


def test_the_message_with_the_code_is_to_go_from_the_chat(old: Talk, new: Talk) -> None:
    code = written_down(old)
    for typed in (made_up(1), "nonsense", code):
        new.code(typed)
        there = new.table.run(
            lambda tx: tx.execute(select(going_message.c.chat_id, going_message.c.message_id)).all()
        )
        assert (new.chat_id, new._message - 1) in {tuple(one) for one in there}


def test_whoever_has_a_profile_there_shares_the_phone_from_now_on(old: Talk, new: Talk) -> None:
    new.finish(1)
    mine = named(new, "Basim")
    moved = number_of(old)
    reply = new.code(written_down(old))
    assert heads(reply) == ui("people.head", who=Words("Amal"))
    assert number_of(new) == moved
    new.command("people")
    assert heads(new.tap(f"speak.{mine}")) == ui("people.head", who=Words("Basim"))


def test_a_code_typed_where_the_profile_is_stays_good(old: Talk, new: Talk) -> None:
    code = written_down(old)
    assert "ui.code.here" in notices(old.code(code))
    assert "ui.code.done" in notices(new.code(code))


def test_one_of_two_moves_and_the_other_goes_on(old: Talk, new: Talk) -> None:
    moved = number_of(old)
    code = written_down(old)
    add(old)
    old.finish(1)
    stays = named(old, "Basim")
    old.command("people")
    old.tap(f"speak.{moved}")
    theirs = old.drawn[-1]
    reply = new.code(code)
    assert reply.elsewhere is not None, "whoever stays does not wait for the clock"
    assert (reply.elsewhere.chat_id, reply.elsewhere.language) == (old.chat_id, "en"), "theirs"
    assert "ui.done.title" in {one.key for one in keys(reply.elsewhere.screen.blocks)}
    assert number_of(new) == moved
    reply = old.tap_data(of_card(theirs.card.version) + "profile", theirs.message)
    assert number_of(old) == stays
    assert heads(reply) is None, "alone on the phone"


def test_the_old_chat_can_begin_anew_and_is_forgotten_after_a_day(old: Talk, new: Talk) -> None:
    new.code(written_down(old))
    old.now += timedelta(hours=23)
    old.turn(upkeep.forget_what_is_due)
    old.start()
    old.tap("anew")
    assert old.place == places.AGE
    old.finish(1)
    assert number_of(old) != number_of(new)


def planned(talk: Talk, cause: str, **more: object) -> int:
    one = Planned(cause, Kind.REMINDER, talk.now, "ui.still.ask", participant_id=number_of(talk), **more)  # type: ignore[arg-type]
    talk.table.run(lambda tx: deliveries.plan(tx, [(talk.chat_id, one)]))
    return int(
        talk.table.run(lambda tx: tx.execute(select(delivery.c.id).where(delivery.c.cause == cause)).scalar_one())
    )


def test_what_is_planned_is_said_there_and_what_was_said_can_be_tapped_nowhere(old: Talk, new: Talk) -> None:
    mark = f"carried{old.chat_id}"
    coming, sent, changing = (planned(old, f"{mark}{name}") for name in ("coming", "sent", "changing"))
    stands = {"state": "sent", "message_id": 700, "sent_at": old.now}
    old.table.run(lambda tx: tx.execute(delivery.update().where(delivery.c.id == sent).values(stands)))
    old.table.run(lambda tx: tx.execute(delivery.update().where(delivery.c.id == changing).values(edits=700)))
    new.code(written_down(old))
    about = select(delivery).where(delivery.c.cause.startswith(mark))
    rows = new.table.run(lambda tx: tx.execute(about).all())
    found = {row.id: (row.chat_id, row.state, row.reason, row.message_id) for row in rows}
    assert found[coming] == (new.chat_id, "planned", None, None)
    assert found[sent] == (new.chat_id, "sent", None, None)
    assert found[changing] == (new.chat_id, "skipped", moving_people.MOVED, None)
    assert 700 in going(old)
    reply = old.tap_data(f"{of_delivery(sent)}go_on", 700)
    assert reply.toast == ui("news.stale")


def test_a_talk_goes_on_and_the_team_sees_that_it_moved(old: Talk, new: Talk) -> None:
    old.command("ask")
    old.now += timedelta(seconds=5)
    old.write("Guten Tag")
    said_as = old._message
    person = number_of(old)
    new.code(written_down(old))
    talk = new.table.run(lambda tx: threads.of_person(tx, person))
    assert talk is not None
    assert talk.chat_id == new.chat_id
    said = new.table.run(lambda tx: threads.newest(tx, talk.id, 10))
    assert [(one.author, one.kind) for one in said][-1] == (Author.EVENT, Event.MOVED.value)
    audit = new.table.run(lambda tx: tx.execute(select(audit_entry.c.deed, audit_entry.c.actor)).all())
    assert (Deed.ACCOUNT_CHANGED.value, "person") in {tuple(one) for one in audit}
    changed = Written("nothing of theirs", said_as, old.now, marked="nothing of theirs")
    old.turn(messages.edited, old.visitor, changed)
    after = new.table.run(lambda tx: threads.newest(tx, talk.id, 10))
    assert [one.text for one in after] == [one.text for one in said]


def test_forgetting_makes_the_code_worth_nothing(old: Talk, new: Talk) -> None:
    code = written_down(old)
    old.command("forget")
    old.tap("forget")
    assert "ui.code.wrong" in notices(new.code(code))


def test_what_comes_to_nothing_leaves_everything_where_it_was(
    old: Talk, new: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill: the transaction is one."""
    code, person = written_down(old), number_of(old)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.services.audit.note_moved", killed)
    with pytest.raises(KeyboardInterrupt):
        new.code(code)
    monkeypatch.undo()
    assert number_of(old) == person
    assert new.participant() is None
    where = select(participant.c.chat_id, participant.c.moved_at).where(participant.c.id == person)
    assert tuple(old.table.run(lambda tx: tx.execute(where)).one()) == (old.chat_id, None)
    assert "ui.code.done" in notices(new.code(code))


def test_the_old_phone_shows_at_once_that_the_profile_is_gone(old: Talk, new: Talk) -> None:
    reply = new.code(written_down(old))
    assert reply.elsewhere is not None
    assert reply.elsewhere.chat_id == old.chat_id
    assert "ui.moved.title" in {one.key for one in keys(reply.elsewhere.screen.blocks)}
    row = old.chat()
    assert row is not None
    assert reply.elsewhere.version == row.card_version


def test_whoever_stays_where_another_speaks_keeps_their_card(old: Talk, new: Talk) -> None:
    code = written_down(old)
    add(old)
    old.finish(1)
    assert new.code(code).elsewhere is None


def test_a_number_on_a_phone_stays_whoever_goes(old: Talk, new: Talk) -> None:
    code = written_down(old)
    for choice in (1, 2):
        add(old)
        old.finish(choice)
    third = number_of(old)
    new.finish(1)
    new.code(code)
    old.command("people")
    numbers = [one.args["number"] for one in keys(old.drawn[-1].card.screen.rows) if one.key == "ui.people.number"]
    assert numbers == [2, 3]
    assert heads(old.tap(f"speak.{third}")) == ui("people.head", who=ui("people.number", number=3))
    new.command("people")
    assert "ui.people.number" in {one.key for one in keys(new.drawn[-1].card.screen.rows)}
    row = new.participant()
    assert row is not None
    assert row.nth == 2, "behind whoever was there"
