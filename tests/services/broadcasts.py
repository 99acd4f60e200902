"""Broadcasts in tests: a team, people who agreed to openings, and a clock and sender controlled by the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, insert, select, update

from bot.content.loader import Content
from bot.content.rich import Rich
from bot.core.broadcasts import Broadcast
from bot.core.message import Button, Screen
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import DELETE, State
from bot.db.people import participants
from bot.db.schema import chat, consent, participant
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.broadcasts import broadcasting
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Hand, Ready, Result, Tried
from bot.services.staff.pages import PAGES
from bot.services.turn import Turn, Visitor
from bot.services.visit import Visit, load
from bot.services.what_staff_said import with_what_staff_said
from tests import databases
from tests.db.rows import new_participant

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BOSS = 99
T = TypeVar("T")


def team(connection: Connection) -> Member:
    """Rita, who may send."""
    if staff.by_person(connection, BOSS) is None:
        staff.add(connection, BOSS, BEGIN, role="admin", name="Rita", confirmed_at=BEGIN)
    member = staff.by_person(connection, BOSS)
    assert member is not None
    return member


def crowd(connection: Connection, number: int, language: str = "de", first: int = 1) -> None:
    """People from chat `first` on who agreed to openings, reachable at any hour."""
    person = new_participant(connection, first, language=language, shown_version=1)
    participants.give_consent(connection, person, "openings", language=language, text_version="v1", now=BEGIN)
    connection.execute(update(participant).values(quiet="off"))
    _more(connection, chat, chat.c.id == first, number, id=first)
    _more(connection, participant, participant.c.id == person, number, id=person, chat_id=first)
    _more(connection, consent, consent.c.participant_id == person, number, participant_id=person)


def _more(connection: Connection, table: Table, which: Any, number: int, **keys: int) -> None:
    """More rows like that one, with these columns counted up."""
    row = dict(connection.execute(select(table).where(which)).mappings().one())
    if "id" not in keys:
        row.pop("id", None)
    rows = [{**row, **{name: key + more for name, key in keys.items()}} for more in range(1, number)]
    if rows:
        connection.execute(insert(table), rows)


def released(connection: Connection, content: Content, words: Mapping[str, str], **columns: Any) -> int:
    """A draft by Rita with released texts. Returns its id."""
    member = team(connection)
    turn = Turn(connection, content, BEGIN)
    number = broadcasting.compose(turn, member, None)
    if columns:
        broadcasts.change(connection, number, **columns)
    for language, text in words.items():
        broadcasting.write(turn, loaded(connection, number), language, text)
        assert broadcasting.release(turn, loaded(connection, number), language, member)
    return number


def loaded(connection: Connection, number: int) -> Broadcast:
    """The broadcast, which must exist."""
    found = broadcasts.load(connection, number)
    assert found is not None
    return found


class Office:
    """One database in memory, its clock and its sender. `line` decides what becomes of each message."""

    def __init__(self, engine: Engine, content: Content) -> None:
        self.now = BEGIN
        self.said: list[tuple[int, str]] = []
        """Every message or change that went out: the chat, and its text, or `deleted`."""
        self.line: Callable[[Ready], Result] = lambda _: Result.SENT
        self._engine = engine
        self._content = content

    def run(self, use_case: Callable[[Turn], T]) -> T:
        """Runs one transaction, with everything that staff have said by now."""
        with self._engine.begin() as connection:
            return use_case(with_what_staff_said(Turn(connection, self._content, self.now)))

    def plan(self) -> None:
        """Runs the clock: plans every page of what goes out."""
        while self.run(broadcasting.step):
            pass

    def claim(self, most: int = 1000) -> Hand:
        """The sender claims what is due."""
        return self.run(lambda turn: sending.step(turn, "me", [], most, lambda _: 0.0, lambda: 0.5))

    def say(self, hand: Hand) -> None:
        """The sender sends what it has claimed, and records the results."""
        tried = [self._tried(ready) for ready in hand.ready]
        self.run(lambda turn: sending.step(turn, "me", tried, 0, lambda _: 0.0, lambda: 0.5))

    def _tried(self, ready: Ready) -> Tried:
        rich = sending.say(ready)
        assert rich is not None
        due, result = ready.due, self.line(ready)
        if result is Result.SENT:
            gone = due.edits is not None and DELETE in (due.params or {})
            self.said.append((due.chat_id, "deleted" if gone else rich.text))
        message = due.edits or 1000 + due.id
        return Tried(due, result, self.now, message_id=message, said=ready.content.said)

    def deliver(self) -> None:
        """Plans and sends until nothing is due."""
        self.plan()
        while (hand := self.claim()).ready:
            self.say(hand)
        self.plan()

    def states(self, number: int = 1) -> dict[State, int]:
        """The words of its page."""
        return self.run(lambda turn: broadcasting.progress(turn, loaded(turn.connection, number)).states)

    def correct(self, text: str, language: str = "de", number: int = 1) -> bool:
        """Rita writes another text and releases it."""

        def use_case(turn: Turn) -> bool:
            broadcasting.write(turn, loaded(turn.connection, number), language, text)
            return broadcasting.release(turn, loaded(turn.connection, number), language, team(turn.connection))

        return self.run(use_case)

    def do(self, deed: Callable[[Turn, Broadcast], T], number: int = 1) -> T:
        """Runs a use case of one broadcast."""
        return self.run(lambda turn: deed(turn, loaded(turn.connection, number)))

    def send(self, words: Mapping[str, str], **columns: Any) -> None:
        """A broadcast with these released texts goes out. None of its recipients is planned yet."""

        def use_case(turn: Turn) -> bool:
            number = released(turn.connection, turn.content, words, **columns)
            one = loaded(turn.connection, number)
            now = with_what_staff_said(turn)
            return broadcasting.send(now, one, team(turn.connection), turn.now)

        assert self.run(use_case)


@contextmanager
def office(content: Content) -> Iterator[Office]:
    """An empty database."""
    with databases.in_memory() as engine:
        yield Office(engine, content)


def page(post: Office, name: str) -> tuple[Rich, list[str]]:
    """A page as Rita sees it, and the actions of its buttons."""

    def draw(turn: Turn) -> tuple[Rich, list[str]]:
        first, *arguments = name.split(".")
        screen = PAGES[first].build(turn, team(turn.connection), tuple(arguments))
        assert isinstance(screen, Screen)
        actions = [button.action for row in screen.rows for button in row if isinstance(button, Button)]
        return turn.content.texts.render("de", screen), actions

    return post.run(draw)


def visit_of(turn: Turn) -> Visit:
    """Rita at the desk."""
    visit = load(turn, Visitor(BOSS, person=BOSS))
    assert visit is not None
    return visit
