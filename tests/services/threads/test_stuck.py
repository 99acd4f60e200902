"""A talk that cannot go on holds no other, and no delivery that cannot be prepared holds the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.roles import Role
from bot.db.outbox import deliveries
from bot.db.threads import threads
from bot.services import messages
from bot.services.deliveries import sending
from bot.services.deliveries.acts import Act
from bot.services.deliveries.sending import MOST_TRIES, Result
from bot.services.threads import lines
from bot.services.threads import saying as talking
from bot.services.turn import Turn
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, said, states, thread_of

HALF = "zwei \ud83d"


def two_talks(new_talk: NewTalk) -> tuple[Office, Talk, Talk]:
    """Two people who have written, each in a topic."""
    member(new_talk, Role.COUNSELLOR, "Lea")
    bound(member(new_talk))
    first, second = asking(new_talk), asking(new_talk)
    office = Office(first)
    for one in (first, second):
        one.write("eins")
    office.send()
    return office, first, second


def failing(of: Talk, ordinary: Callable[..., Any], number: Callable[..., int]) -> Callable[..., Any]:
    """The same function, which fails for one talk."""
    bad = thread_of(of).id

    def run(*given: Any, **more: Any) -> Any:
        if number(*given) == bad:
            raise RuntimeError("broken")
        return ordinary(*given, **more)

    return run


def test_half_a_letter_is_passed_on_and_changed_as_any_other(new_talk: NewTalk) -> None:
    office, person, other = two_talks(new_talk)
    person.turn(messages.edited, person.visitor, Written(HALF, said(person)[0].message_id or 0, person.now))
    person.write(f"noch {HALF}")
    other.write("drei")
    office.send()
    assert {HALF, f"noch {HALF}", "drei"} <= set(office.texts(GROUP))
    assert states(person) == ["sent", "sent"]


def test_a_card_that_cannot_be_changed_holds_the_words_behind_it_no_longer_than_anything_else(
    new_talk: NewTalk,
) -> None:
    office, person, _ = two_talks(new_talk)
    number = thread_of(person).id
    person.table.run(lambda tx: threads.change(tx, number, card_outdated=True))
    office.fate = lambda one: (Result.SENT, None) if one.due.edits is None else (Result.NOT_SENT, "HTTP 500")
    person.turn(lambda turn: lines.move(turn, number))
    person.write("zwei")
    for _ in range(MOST_TRIES):
        office.send()
        person.now += timedelta(minutes=11)
    office.send()
    assert "zwei" in office.texts(GROUP)


def test_a_delivery_that_cannot_be_prepared_ends_as_failed_and_the_others_go_out(
    new_talk: NewTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, person, other = two_talks(new_talk)
    act: Callable[[Turn, deliveries.Due], Act | str] = talking.act
    monkeypatch.setattr(talking, "act", failing(person, act, lambda _, due: (due.params or {}).get("thread", 0)))
    person.write("zwei")
    other.write("drei")
    with capture_logs() as logged:
        office.send()
    assert "drei" in office.texts(GROUP)
    assert states(person)[:2] == ["sent", "desk"], "the team sees at the desk what did not arrive in the topic"
    assert {one["event"] for one in logged if one["log_level"] == "error"} == {"row_failed"}
    assert all("delivery" in one for one in logged)
    monkeypatch.undo()
    person.write("vier")
    office.send()
    assert "vier" in office.texts(GROUP)


@pytest.mark.parametrize("name", ["_settled", "move"])
def test_a_talk_whose_books_cannot_be_kept_holds_no_other(
    new_talk: NewTalk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    office, person, other = two_talks(new_talk)
    person.write("zwei")
    other.write("drei")
    numbers = {"_settled": lambda _, one, *__: one.id, "move": lambda _, number: number}
    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(lines, name, failing(person, getattr(lines, name), numbers[name]))
        office.send()
        other.turn(lines.look_around)
    assert "drei" in office.texts(GROUP)
    assert states(other) == ["sent", "sent"]
    assert "row_failed" in {one["event"] for one in logged}
    assert thread_of(person).staff_job is not None or name == "move"
    person.turn(lines.look_around)
    office.send()
    assert states(person) == ["sent", "sent"], "it goes on as soon as it can"


def test_errors_of_the_database_itself_are_not_taken_for_a_rows(
    new_talk: NewTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, person, _ = two_talks(new_talk)
    person.write("zwei")

    def away(turn: Turn, _due: deliveries.Due) -> Act | str:
        turn.connection.exec_driver_sql("SELECT * FROM nowhere")
        return "unreachable"

    monkeypatch.setattr(talking, "act", away)
    with pytest.raises(Exception, match="nowhere"):
        person.turn(sending.step, "me", [], 30, lambda _: 0.0, lambda: 0.5)
