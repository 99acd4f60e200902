"""An outbox to measure: people with a seat at one event, deliveries planned for them, and a sender."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select
from telegram import Bot

from benchmarks.bare import TOKEN
from benchmarks.places import open_measured
from bot.clock import Clock
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.core.message import Screen, Text
from bot.core.reminders import Topic
from bot.core.seats import State as Seat
from bot.db.engine import Database
from bot.db.offers.registrations import Target
from bot.db.outbox import deliveries
from bot.db.outbox import reminding as rows
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people.participants import Hours
from bot.db.schema import chat, consent, delivery, meeting, participant, registration
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Message
from bot.services.reminders import by_rule, reminding
from bot.services.turn import Turn
from bot.serving import GARBAGE
from bot.telegram.common import Common
from bot.telegram.gate import Gate
from bot.telegram.pace import Pace
from bot.telegram.sender import Sender
from bot.telegram.transport import Transport

MORNING = datetime(2026, 11, 25, 9, tzinfo=UTC)
"""When the benchmarks' clock begins, outside everybody's quiet hours."""
OFFER, RULE, WORDS = "info_degree", "event_hours", "ui.language.ask"
LOOK_SECONDS = 0.02


def clock() -> Clock:
    """A clock that begins in the morning and runs at normal speed."""
    began = time.monotonic()
    return lambda: MORNING + timedelta(seconds=time.monotonic() - began)


def people(connection: Connection, number: int, at: datetime, first_chat: int = 1) -> int:
    """Creates people with a seat at a meeting in a month, who agree to reminders. Returns the meeting's id."""
    starts = at + timedelta(days=30)
    held: int = connection.execute(
        insert(meeting).returning(meeting.c.id),
        {
            "offer_id": OFFER,
            "original": "benchmark",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=1),
            "room": "1",
            "from_file": False,
            "changed": ["time"],
            "updated_at": at,
        },
    ).scalar_one()
    numbers = range(first_chat, first_chat + number)
    place = {"language": "de", "screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}
    connection.execute(insert(chat), [{"id": one, "created_at": at, "seen_at": at, **place} for one in numbers])
    own = {"created_at": at, "draft": "", "from_summary": False}
    connection.execute(insert(participant), [{"chat_id": one, **own} for one in numbers])
    found = connection.execute(select(participant.c.id)).scalars().all()
    seat = {"offer_id": OFFER, "meeting_id": held, "state": "registered", "queued_at": at}
    seat["registered_at"] = at - timedelta(days=30)
    connection.execute(insert(registration), [{"participant_id": one, **seat} for one in found])
    yes = {"purpose": "reminders", "language": "de", "text_version": "1", "given_at": at}
    connection.execute(insert(consent), [{"participant_id": one, **yes} for one in found])
    return held


def broadcast(turn: Turn) -> None:
    """Plans the same few words for every chat, due now."""
    message = Message("broadcast:1", Kind.BROADCAST, turn.now, Screen(((Text(WORDS),),)))
    sending.plan(turn, message, turn.connection.execute(select(chat.c.id)).scalars().all())


def remind(turn: Turn, meeting_id: int, due: datetime) -> None:
    """Plans a reminder of a meeting for everybody with a seat, due then, as its rule does."""
    starts = turn.connection.execute(select(meeting.c.starts_at).where(meeting.c.id == meeting_id)).scalar_one()
    planned = Planned(
        f"{RULE}:{meeting_id}:{by_rule.stamp(starts)}",
        Kind.REMINDER,
        due,
        f"{reminding.PREFIX}{RULE}",
        last_useful_at=due + timedelta(hours=2),
        topic=Topic.OWN.value,
        meeting_id=meeting_id,
    )
    rows.plan(turn.connection, planned, Target(OFFER, meeting_id), (Seat.REGISTERED,), hours=Hours())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database at this address, with all tables."""
    database = await open_measured(url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def sender(database: Database, content: Content, url: str, rate: int, now: Clock) -> AsyncIterator[Sender]:
    """The outbox's own sender as the bot has it, at that rate (0: no limit), to the Bot API at `url`."""
    async with Bot(TOKEN, f"{url}/bot", request=Transport(), get_updates_request=Transport(connections=1)) as bot:
        made = Sender(Common(database, Shelf(content), now), bot, Gate(Pace(rate)))
        loop = asyncio.get_running_loop()
        made.alarm = lambda due: _ring(loop, made, (due - now()).total_seconds())
        database.on_planned = made.wake
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(made.run())
            settle()
            gc.set_threshold(*GARBAGE)
            yield made
            await made.drain()


def _ring(loop: asyncio.AbstractEventLoop, made: Sender, seconds: float) -> None:
    loop.call_later(max(seconds, 0.0), made.wake)


async def over(database: Database) -> None:
    """Waits until every delivery has ended."""
    while not await database.run(_is_over):  # noqa: ASYNC110 - the end is a state of the database
        await asyncio.sleep(LOOK_SECONDS)


def _is_over(connection: Connection) -> bool:
    if deliveries.next_due(connection) is not None:
        return False
    return not deliveries.is_busy(connection, MORNING)


def ends(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state. A sent one counts only with its own message."""
    own = func.coalesce(delivery.c.message_id, delivery.c.id).distinct()
    found = connection.execute(select(delivery.c.state, func.count(own)).group_by(delivery.c.state))
    return {row[0]: row[1] for row in found}


def lateness(connection: Connection) -> list[float]:
    """Seconds between each message's due time and its sending, sorted."""
    found = connection.execute(select(delivery.c.due_at, delivery.c.sent_at).where(delivery.c.sent_at.is_not(None)))
    return sorted((sent - due).total_seconds() for due, sent in found)


def settle() -> None:
    """Tells the garbage collector that everything in memory now stays."""
    gc.collect()
    gc.freeze()


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Seconds that it takes, and CPU seconds of this process with all its threads."""
    settle()
    began, cpu = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - began, time.process_time() - cpu
