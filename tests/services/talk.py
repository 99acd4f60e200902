"""One person's conversation with the use cases, without a messenger. Each turn is a transaction on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from sqlite3 import Connection as Driver
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection

from bot.content.loader import Content
from bot.content.own_offers import overlaid
from bot.core.engine import Answer
from bot.core.message import Button, Text
from bot.core.questionnaire import Kind
from bot.db import chats
from bot.db.chats import ChatRow, Mark, ParticipantRow
from bot.db.offers import sayings
from bot.db.people import participants
from bot.db.rights.desk_pages import Page
from bot.db.sqlite import engine_for
from bot.services import messages, places, taps
from bot.services.buttons import of_card
from bot.services.phones import carrying
from bot.services.reply import Card, Reply
from bot.services.rights import rights
from bot.services.staff import desk
from bot.services.staff.members import inviting
from bot.services.taps import Tap
from bot.services.turn import Turn, Visitor
from bot.services.written import Written
from tests import databases
from tests.db.rows import answers_of

P = ParamSpec("P")
T = TypeVar("T")
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MOST_STEPS = 60
"""More steps than anybody needs from anywhere to the end."""


@dataclass
class Table:
    """A database on which use cases run one after another."""

    connection: Connection
    driver: Driver
    chat_ids: Iterator[int] = field(default_factory=lambda: count(1))

    def run(self, use_case: Callable[[Connection], T]) -> T:
        """Like `Database.run`, but synchronous."""
        within = self.driver.in_transaction
        self.driver.execute("SAVEPOINT one" if within else "BEGIN IMMEDIATE")
        try:
            result = use_case(self.connection)
        except BaseException:
            self.driver.execute("ROLLBACK TO one" if within else "ROLLBACK")
            raise
        self.driver.execute("RELEASE one" if within else "COMMIT")
        return result

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What runs within leaves nothing behind."""
        self.driver.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self.driver.execute("ROLLBACK")


def tables(folder: Path) -> Iterator[Table]:
    """A new file with all tables, for as long as a test needs it."""
    engine = engine_for(databases.sqlite_with_tables(folder / "lotse.db"))
    with engine.connect() as connection:
        connection.begin()
        driver = cast("Driver", connection.connection.driver_connection)
        yield Table(connection, driver)
    engine.dispose()


@dataclass(frozen=True)
class Drawn:
    """A card in the chat."""

    card: Card
    message: int

    def data(self) -> list[str]:
        """What its buttons send."""
        return [of_card(self.card.version) + one.action for one in buttons(self.card)]


def buttons(card: Card) -> list[Button]:
    """The buttons of a card that do something."""
    return [one for row in card.screen.rows for one in row if isinstance(one, Button)]


YES = re.compile(r"(agree\.[a-z_]+|storage)\.[0-9a-f]{8}")
"""A button that agrees to a text."""


@dataclass
class Talk:
    """A person, the cards they saw (`drawn`, the newest last), and their turns. `arrives`: whether cards arrive."""

    table: Table
    content: Content
    chat_id: int
    phone_language: str | None = "de"
    name: str = "Anna"
    now: datetime = MORNING
    arrives: bool = True
    drawn: list[Drawn] = field(default_factory=list)
    _message: int = 0

    # -- what the person does

    def start(self, payload: str | None = None) -> Reply:
        """`/start`."""
        self._next_message()
        return self._spoken(self.turn(inviting.start, self.visitor, payload))

    def command(self, name: str) -> Reply:
        """Another command."""
        self._next_message()
        if name == "staff":
            return self._spoken(self.turn(desk.open_desk, self.visitor))
        if name == "code":
            return self.code()
        if name == "forget":
            return self._spoken(self.turn(rights.ask_to_forget, self.visitor))
        return self._spoken(self.turn(messages.command, self.visitor, name))

    def code(self, typed: str = "") -> Reply:
        """`/code`, with the words after it."""
        written = Written(f"/code {typed}".strip(), self._next_message(), self.now)
        return self._spoken(self.turn(carrying.command, self.visitor, written))

    def tap(self, action: str) -> Reply:
        """Presses the button of the newest card that does this."""
        newest = self.drawn[-1]
        assert action in self.actions, f"no {action} among {self.actions}"
        return self.tap_data(of_card(newest.card.version) + action, newest.message)

    def tap_data(self, data: str, message: int) -> Reply:
        """Presses any button, real or made up."""
        return self._spoken(self.turn(taps.tap, self.visitor, Tap(data, message)))

    def agree(self, purpose: str) -> Reply:
        """Agrees to a purpose below its text."""
        self.command("privacy")
        self.tap(f"consent.{purpose}")
        return self.yes(purpose)

    def yes(self, purpose: str = "storage") -> Reply:
        """Presses the yes to a purpose on the newest card. It carries the text it belongs to."""
        return self.tap(self.yes_to(purpose)[0])

    def yes_to(self, purpose: str = "storage") -> list[str]:
        """The actions of such buttons on the newest card. Empty if there are none."""
        return [one for one in self.actions if YES.fullmatch(one) and purpose in one.split(".")]

    def write(self, text: str, *, before_the_card: bool = False) -> Reply:
        """Writes words, after or before the newest card arrived."""
        message = 1 if before_the_card else self._next_message()
        return self._spoken(self.turn(messages.write, self.visitor, Written(text, message, self.now)))

    def unreadable(self, notice: str) -> Reply:
        """Sends a picture, or forwards a message."""
        written = Written("", self._next_message(), self.now)
        return self._spoken(self.turn(messages.unreadable, self.visitor, notice, written))

    def edit(self) -> Reply:
        """Edits an earlier message."""
        return self._spoken(self.turn(messages.edited, self.visitor, Written("", 0, self.now)))

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What the person does within leaves no trace."""
        content, drawn = self.content, [*self.drawn]
        with self.table.undone():
            yield
        self.content, self.drawn = content, drawn

    # -- a person who wants to reach the end

    def step(self, choice: int = 0) -> Reply:
        """Does one sensible thing with the newest card. `choice` picks one of a question's options."""
        actions = self.actions
        if yes := self.yes_to():
            return self.tap(yes[0])
        onward = ("age.yes", "next", "confirm", "resume", "still", "later", "settings")
        if (found := next((one for one in actions if one in onward), None)) is not None:
            return self.tap(found)
        if languages := [one for one in actions if one.startswith("lang.")]:
            return self.tap(languages[choice % len(languages)])
        if options := [one for one in actions if one.startswith(("o.", "y.", "m."))]:
            return self.tap(options[choice % len(options)])
        if ticks := [one for one in actions if one.startswith("t.")]:
            ticked = any(one.endswith(".0") for one in ticks)
            return self.tap("done" if ticked else ticks[choice % len(ticks)])
        if found := next((one for one in actions if one in {"done", "forward"}), None):  # read, or passed
            return self.tap(found)
        row = self.participant()
        if row is not None and row.at is not None:
            question = self.content.questionnaire.by_id[row.at]
            return self.write(str(question.minimum + choice) if question.kind is Kind.NUMBER else "Physik")
        return self.start()

    def finish(self, choice: int = 0) -> int:
        """Goes to the end from any place. Returns the number of steps."""
        for steps in range(MOST_STEPS):
            row = self.chat()
            if row is not None and row.screen == places.DONE and row.detour is None:
                return steps
            if row is None or row.shown_version < row.card_version:
                self.start()
            else:
                self.step(choice)
        raise AssertionError(f"stuck at {self.chat()}")

    def finish_until(self, place: str, choice: int = 0) -> None:
        """Goes on until that screen is on top."""
        for _ in range(MOST_STEPS):
            if self.place == place:
                return
            self.step(choice)
        raise AssertionError(f"never came to {place}: {self.chat()}")

    # -- what is known about the person

    @property
    def visitor(self) -> Visitor:
        """The person who speaks."""
        return Visitor(self.chat_id, self.phone_language, self.chat_id, self.name)

    @property
    def actions(self) -> list[str]:
        """The actions of the newest card's buttons."""
        return [one.action for one in buttons(self.drawn[-1].card)] if self.drawn else []

    @property
    def place(self) -> str | None:
        """The screen on top."""
        row = self.chat()
        return None if row is None else row.detour or row.screen

    def chat(self) -> ChatRow | None:
        """The chat's row."""
        found = self.table.run(lambda tx: chats.load(tx, self.chat_id))
        return None if found is None else found[0]

    def participant(self) -> ParticipantRow | None:
        """The participant's row."""
        found = self.table.run(lambda tx: chats.load(tx, self.chat_id))
        return None if found is None else found[1]

    def answers(self) -> tuple[dict[str, Answer], frozenset[str]]:
        """Every answer, and the ids of those that are marked as counting."""
        row = self.participant()
        return ({}, frozenset()) if row is None else self.table.run(lambda tx: answers_of(tx, row.id))

    def consents(self) -> set[str]:
        """The purposes agreed to."""
        row = self.participant()
        return set() if row is None else set(self.table.run(lambda tx: participants.consents(tx, row.id)))

    # -- how it is done

    def turn(self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs one use case in its transaction."""
        self.now += timedelta(seconds=1)
        return self.table.run(lambda tx: use_case(Turn(tx, self.content, self.now), *args, **kwargs))

    def see(self, reply: Reply) -> None:
        """The card of a reply arrives, as a messenger's edge does it after the commit."""
        card = reply.card
        if card is None:
            return
        message = card.edit or self._next_message()
        self.drawn.append(Drawn(card, message))
        if card.kept:
            page = None if card.screen.about is None else Page(card.screen.about, self.now)
            mark = Mark(self.chat_id, card.version, message, self.now, page=page)
            self.table.run(lambda tx: chats.shown(tx, [mark]))

    def _spoken(self, reply: Reply) -> Reply:
        if reply.content_changed:
            self.content = overlaid(self.content, self.table.run(sayings.everything))
        if self.arrives:
            self.see(reply)
        return reply

    def _next_message(self) -> int:
        self._message += 1
        return self._message


def keys(value: object) -> Iterator[Text]:
    """Every text inside a value: screens, cards, arguments of texts."""
    if isinstance(value, Text):
        yield value
        yield from keys(tuple(value.args.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from keys(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from keys(getattr(value, name))
