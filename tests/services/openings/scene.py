"""People who look for openings, in tests, and the clock that finds what fits them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from bot.core.engine import Answer, Status
from bot.db.people import participants
from bot.db.schema import delivery, participant
from bot.services.openings import openings
from bot.services.reminders import seeking
from bot.services.turn import Turn
from tests.db.rows import new_participant
from tests.services.broadcasts import BEGIN, Office, team

TUESDAY = BEGIN + timedelta(days=6, hours=7)
"""The first Tuesday at five in the afternoon in Minden, in winter: an hour before the rule."""


DIGEST = "reminders.new_openings"


ANSWERS = {"german_level": "B1", "goals": ("job", "apprenticeship")}


def person(connection: Connection, chat: int, answers: Mapping[str, Any] = ANSWERS) -> int:
    """A person who agreed to openings, has answered, and can be written to at any hour. Returns their id."""
    key = new_participant(connection, chat, language="de", shown_version=1)
    participants.give_consent(connection, key, "openings", language="de", text_version="v1", now=BEGIN)
    given = {name: Answer(Status.GIVEN, value) for name, value in answers.items()}
    participants.save_answers(connection, key, given, "r1", BEGIN)
    connection.execute(update(participant).where(participant.c.id == key).values(quiet="off"))
    return key


def come(desk: Office, *chats: int, **answers: Any) -> None:
    for chat in chats:
        desk.run(partial(_comes, chat, {**ANSWERS, **answers}))


def _comes(chat: int, answers: Mapping[str, Any], turn: Turn) -> int:
    return person(turn.connection, chat, answers)


def filled(name: str, turn: Turn) -> None:
    """Rita says that the opening is filled."""
    openings.fill(turn, name, team(turn.connection).id)


def seek(desk: Office) -> None:
    round_ = desk.run(seeking.begin)
    while round_ is not None:
        round_ = desk.run(partial(_step, round_))


def _step(round_: seeking.Round, turn: Turn) -> seeking.Round | None:
    return seeking.step(turn, round_)


def digests(desk: Office) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """State, reason and openings of every message about new ones."""

    def work(turn: Turn) -> list[tuple[str, str | None, tuple[str, ...]]]:
        found = turn.connection.execute(select(delivery).where(delivery.c.text_key == DIGEST).order_by(delivery.c.id))
        return [(row.state, row.reason, tuple((row.params or {}).get("openings", ()))) for row in found]

    return desk.run(work)


def goes_on(desk: Office, days: int = 0) -> None:
    """The clock goes on, looks for people, and sends what is due."""
    desk.now += timedelta(days=days)
    seek(desk)
    desk.now += timedelta(minutes=30)
    desk.deliver()
    desk.now -= timedelta(minutes=30)
