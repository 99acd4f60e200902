"""Four eyes: where the town asks for it, another member of the team releases what goes out to many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.content.loader import Content
from bot.content.town import FourEyes
from bot.core.broadcasts import Stage, Version
from bot.core.roles import Role
from bot.db.broadcasts import broadcasts, reviews
from bot.db.outbox.deliveries import Due
from bot.db.schema import delivery
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.buttons import of_card
from bot.services.deliveries import desk_letters, sending
from bot.services.turn import Turn
from tests.services.staff.people import NewTalk, member, number, row, shown
from tests.services.talk import Table, Talk


@pytest.fixture
def content(content: Content) -> Content:
    """A town whose coordinators need a second pair of eyes."""
    return replace(content, town=replace(content.town, four_eyes=FourEyes(frozenset({Role.COORDINATOR}))))


def written(author: Talk) -> int:
    """A broadcast by the member whose German text is released."""
    key = number(author)

    def fill(connection: Connection) -> int:
        made = broadcasts.create(connection, key, author.now, last_useful_at=author.now + timedelta(days=7))
        text = Version("de", "Hallo", released_text="Hallo", released_by=key)
        broadcasts.write(connection, made, text, author.now)
        return made

    made = author.table.run(fill)
    author.command("staff")
    return made


def press(talk: Talk, action: str) -> str | None:
    """Press a button of the desk, whether it stands there or not; the short word."""
    newest = talk.drawn[-1]
    toast = talk.tap_data(of_card(newest.card.version) + action, newest.message).toast
    return None if toast is None else toast.key.removeprefix("staff.toast.")


def stage(talk: Talk, one: int) -> Stage:
    found = talk.table.run(lambda tx: broadcasts.load(tx, one))
    assert found is not None
    return found.stage


def letters(talk: Talk, key: str) -> list[int]:
    """Who is told what."""
    wanted = select(delivery.c.chat_id).where(delivery.c.text_key == f"staff.{key}")
    return sorted(talk.table.run(lambda tx: list(tx.execute(wanted).scalars())))


@pytest.fixture(autouse=True)
def nothing_planned(table: Table) -> None:
    table.run(lambda tx: tx.exec_driver_sql("DELETE FROM delivery"))


def test_the_author_hands_in_another_releases_and_both_are_recorded(new_talk: NewTalk) -> None:
    author, other = member(new_talk, Role.COORDINATOR, "Rita"), member(new_talk, Role.COORDINATOR, "Olga")
    member(new_talk, Role.VIEWER, "Vera")
    one = written(author)
    press(author, f"go.sending.{one}")
    assert press(author, f"send.{one}") == "handed_in"
    assert stage(author, one) is Stage.DRAFT
    assert letters(author, "letter.asked") == [other.chat_id]
    assert "Eingereicht von" in shown(author)
    for deed in (f"send.{one}", f"second_yes.{one}"):
        assert press(author, deed) == "unchanged"
    assert stage(author, one) is Stage.DRAFT
    other.command("staff")
    press(other, f"go.sending.{one}")
    assert "second_yes" in " ".join(other.actions)
    assert press(other, f"second_yes.{one}") == "sending"
    found = author.table.run(lambda tx: broadcasts.load(tx, one))
    assert found is not None
    assert (found.stage, found.released_by, found.author_id) == (Stage.SENDING, number(other), number(author))
    assert "Eingereicht von" in shown(other)
    assert letters(author, "letter.released") == [author.chat_id]
    other.now += timedelta(minutes=1)  # nobody is in the audience: it is out as soon as it is planned
    for _ in range(2):
        other.turn(broadcasting.step)
    assert letters(author, "sending.out") == [author.chat_id, other.chat_id]


def test_a_refusal_goes_back_with_its_reason_and_a_changed_one_can_be_handed_in_again(new_talk: NewTalk) -> None:
    author, other = member(new_talk, Role.COORDINATOR, "Rita"), member(new_talk, Role.ADMIN, "Olga")
    one = written(author)
    press(author, f"send.{one}")
    other.command("staff")
    press(other, f"go.refusing.{one}")
    other.write("Der Ort fehlt.")
    assert letters(author, "letter.refused") == [author.chat_id]
    press(author, f"go.broadcast.{one}")
    assert "Der Ort fehlt." in shown(author)
    press(author, f"go.wording.{one}.de")
    author.write("Hallo im Park")
    press(author, f"release.{one}.de")
    author.now += timedelta(minutes=1)
    assert press(author, f"send.{one}") == "handed_in"
    assert len(letters(author, "letter.asked")) == 2


def test_whoever_changes_it_meanwhile_takes_it_back(new_talk: NewTalk) -> None:
    author, other = member(new_talk, Role.COORDINATOR, "Rita"), member(new_talk, Role.ADMIN, "Olga")
    one = written(author)
    press(author, f"send.{one}")
    other.command("staff")
    press(other, f"go.wording.{one}.de")
    other.write("Etwas ganz anderes")
    press(other, f"release.{one}.de")
    assert press(other, f"second_yes.{one}") == "unchanged"
    assert stage(author, one) is Stage.DRAFT
    review = author.table.run(lambda tx: reviews.load(tx, one))
    assert review is not None
    assert review.handed_in_at is None


def test_a_role_taken_away_before_the_press_releases_nothing(new_talk: NewTalk) -> None:
    author, other = member(new_talk, Role.COORDINATOR, "Rita"), member(new_talk, Role.COORDINATOR, "Olga")
    one = written(author)
    press(author, f"send.{one}")
    other.command("staff")
    press(other, f"go.sending.{one}")
    key = number(other)
    other.table.run(lambda tx: staff.change(tx, key, role=Role.TEACHER.value))
    assert press(other, f"second_yes.{one}") == "no_right"
    assert stage(author, one) is Stage.DRAFT


def test_other_roles_send_alone_and_so_does_everybody_in_a_town_without_the_rule(
    new_talk: NewTalk, content: Content
) -> None:
    boss = member(new_talk, Role.ADMIN, "Olga")
    one = written(boss)
    assert press(boss, f"send.{one}") == "sending"
    rita = member(new_talk, Role.COORDINATOR, "Rita")
    rita.content = replace(content, town=replace(content.town, four_eyes=None))
    assert press(rita, f"send.{written(rita)}") == "sending"


def test_where_nobody_else_may_nothing_is_handed_in(new_talk: NewTalk) -> None:
    rita = member(new_talk, Role.COORDINATOR, "Rita")
    one = written(rita)
    press(rita, f"go.sending.{one}")
    assert "Im Moment darf das sonst niemand" in shown(rita)
    assert press(rita, f"send.{one}") == "unchanged"


def test_a_letter_opens_the_desk_for_the_team_only_and_is_not_sent_when_it_is_over(
    new_talk: NewTalk, table: Table, content: Content
) -> None:
    author, other = member(new_talk, Role.COORDINATOR, "Rita"), member(new_talk, Role.COORDINATOR, "Olga")
    one = written(author)
    press(author, f"send.{one}")
    wanted = select(delivery.c.id).where(delivery.c.text_key == "staff.letter.asked")
    letter = table.run(lambda tx: tx.execute(wanted).scalar_one())
    stranger = new_talk()
    stranger.start()
    assert stranger.tap_data(f"d{letter}.look", 1).card is None
    other.tap_data(f"d{letter}.look", 999)
    assert f"Nachricht {one}" in shown(other)
    press(author, f"take_back.{one}")

    def step(connection: Connection) -> list[Due]:
        turn = Turn(connection, content, author.now)
        return [ready.due for ready in sending.step(turn, "me", [], 10, lambda _: 0.0, lambda: 0.5).ready]

    due = table.run(step)
    assert [one for one in due if one.text_key.startswith(desk_letters.LETTERS)] == []
    assert row(other) is not None
