"""The final check: what people saw as confirmed against what is in the database."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, select

from bot.content.loader import Content
from bot.core import engine
from bot.core.engine import State, Status
from bot.db import chats
from bot.db.schema import answer, chat
from bot.db.sqlite import engine_for
from tests.db.rows import answers_of
from tests.faults.people import Person


class Stored:
    """The states and cards of all chats in a database that nobody changes meanwhile."""

    def __init__(self, connection: Connection, content: Content) -> None:
        self.states: dict[int, State] = {}
        self.chats: dict[int, chats.ChatRow] = {}
        self.rows = 0
        self.wrong_marks: list[int] = []
        self.integrity = "ok"
        for (key,) in connection.execute(select(chat.c.id)).all():
            found = chats.load(connection, key)
            assert found is not None
            self.chats[key], person = found
            if person is None:
                continue
            given, marked = answers_of(connection, person.id)
            said = {name: one for name, one in given.items() if one.status is not Status.COMPUTED}
            self.states[key] = State(said, person.at, person.draft, person.from_summary)
            self.rows += len(given)
            if marked != frozenset(engine.counting(content.questionnaire, said)):
                self.wrong_marks.append(key)
        self.answers = len(connection.execute(select(answer.c.question_id)).all())


def stored_in(database: Path, content: Content) -> Stored:
    """The same from a SQLite file."""
    source = engine_for(f"sqlite:///{database}")
    with closing(source.connect()) as connection:
        stored = Stored(connection, content)
        stored.integrity = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())
    source.dispose()
    return stored


def differences(stored: Stored, people: Iterable[Person]) -> list[str]:
    """Where database and phones disagree after all people have stopped. Empty if all is well."""
    wrong = [] if stored.integrity == "ok" else [f"integrity check: {stored.integrity}"]
    wrong += [f"chat {key}: answers marked wrongly" for key in stored.wrong_marks]
    if stored.rows != stored.answers:
        wrong.append(f"{stored.answers} answers stored, {stored.rows} belong to somebody")
    for person in people:
        row = stored.chats.get(person.id)
        if row is None:
            wrong.append(f"{person!r}: nothing stored")
            continue
        if stored.states.get(person.id) != person.state:
            wrong.append(f"{person!r}: stored {stored.states.get(person.id)}, confirmed {person.state}")
        shown = person.card.version if person.card is not None else 0
        if not row.card_version == row.shown_version == shown:
            wrong.append(f"{person!r}: owed {row.card_version}, noted as shown {row.shown_version}, seen {shown}")
    return wrong


def lost(stored: Stored, promised: dict[int, tuple[State | None, State | None]]) -> list[int]:
    """People whose stored state is neither the confirmed one, nor that one after their next action."""
    return [key for key, allowed in promised.items() if stored.states.get(key) not in allowed]


def promises(people: Iterable[Person]) -> dict[int, tuple[State | None, State | None]]:
    """What is confirmed to each person now, and what it becomes after the action under way."""
    return {one.id: (one.state, one.action.after if one.action is not None else one.state) for one in people}
