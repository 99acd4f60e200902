"""The inbox at work: stored updates are handled in order per chat and at the same time across chats.

Polling and webhook hand over raw updates; `accept` returns when they are stored, and only then may they be confirmed.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from time import perf_counter
from typing import Any, Protocol, TypeGuard, cast

from sqlalchemy import Connection

from bot import failpoints, log, tracing
from bot.clock import Clock
from bot.db import inbox
from bot.db.engine import Database, DatabaseAway
from bot.db.inbox import Arrived
from bot.db.keys import MissingKey
from bot.telegram.flood import Flood
from bot.telegram.gathering import Gathering
from bot.telegram.transport import encode

PARALLEL = 64
"""Chats that are served at the same moment."""
FULL = 5000
"""Jobs in memory at which polling waits and the webhook asks for a later try."""
CROWD = 500
"""Updates one chat may have waiting; whoever sends more has the rest dropped, and nobody else notices."""
TRIES = 3
RETRY_SECONDS = 0.5
PAUSE = 2.0
"""Seconds between two tries while the database is away."""
LARGEST_ID = 2**63
"""Ids the database can hold are smaller."""
DRAIN_SECONDS = 8.0
"""How long a stopping bot waits for what is being worked on."""
HALF = "\\ud"
"""In an update's JSON: a letter beyond 16 bits, or half of one."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A stored update, as stored and as parsed; and since when it is here."""

    arrived: Arrived
    raw: dict[str, Any]
    since: float = field(default_factory=perf_counter)


@dataclass(slots=True)
class Attempt:
    """How a job stands: how often the database was away so far; `early` where a card was drawn while it waited.

    `update` is the stored update that it works on, where it is one.
    """

    tries: int = 0
    early: bool = False
    update: int | None = None


Job = Callable[[Attempt], Awaitable[None]]
"""Something to do in a chat's turn."""
Work = Callable[[Delivered, Attempt], Awaitable[None]]


class Turns(Protocol):
    """The turns of chats among several processes, see `bot.db.replica`."""

    number: int

    async def turn(self, chat_id: int) -> list[int]:
        """Get a chat's turn; the ids of the updates that wait there, in order."""
        ...

    def over(self, chat_id: int) -> None:
        """Give it back."""
        ...


class Intake:
    """Stores what arrives and sees that each update is worked through."""

    def __init__(
        self,
        database: Database,
        work: Work,
        nursery: asyncio.TaskGroup,
        *,
        clock: Clock,
        flood: Flood,
        turns: Turns | None = None,
    ) -> None:
        """`turns` where other processes serve the same chats."""
        self._database = database
        self._work = work
        self._nursery = nursery
        self._clock = clock
        self._flood = flood
        self._turns = turns
        self._arriving = Gathering(self._store)
        self._queues: dict[int, deque[tuple[Job, Attempt]]] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(PARALLEL)
        self._room = asyncio.Event()  # set by recover: nothing is taken in before
        self._doubtful: set[int] = set()
        """Updates that were given to the database and may stand there: it went away before it answered."""
        self._waiting = 0
        self._stopping = False

    @property
    def waiting(self) -> int:
        """Jobs that are not yet done."""
        return self._waiting

    @property
    def full(self) -> bool:
        """Whether no more should be taken in now."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    async def accept(self, updates: Iterable[object]) -> None:
        """Store updates durably and queue the new ones; what has no usable id is left out.

        What comes while others are being stored (a webhook brings updates one by one) shares the next transaction.

        Raises:
            DatabaseAway: do not confirm them. They may be stored all the same, and are queued when they come again.
        """
        await self._arriving.add(*updates)

    async def _store(self, updates: Sequence[object]) -> None:
        now = self._clock()
        delivered = {raw["update_id"]: self._arrived(raw) for raw in map(lean, sorted_updates(updates))}
        stored = [one.arrived for one in delivered.values()]
        held_by = None if self._turns is None else self._turns.number
        try:
            fresh = await self._database.run(lambda tx: inbox.store(tx, stored, now, held_by))
        except DatabaseAway:
            self._doubtful.update(delivered)
            raise
        failpoints.reached("after_store")
        for update_id, one in delivered.items():
            if (update_id in fresh or update_id in self._doubtful) and one.arrived.body is not None:
                self._queue(one)
        self._doubtful.difference_update(delivered)

    async def recover(self) -> int:
        """Queue what an earlier run had stored and not finished, and open for more; how many there were."""
        while True:
            try:
                left = await self.take_over()
                break
            except (DatabaseAway, MissingKey) as away:
                log.get().warning("database_away", what="recover", error=away)
                await asyncio.sleep(PAUSE)
        self._room.set()
        return left

    async def take_over(self) -> int:
        """Queue what was stored and nobody works on; how many there were.

        What this process may have stored without knowing belongs to that: it may come again to another one. What is
        not found may still be stored by a line that was cut, so it stays in doubt until it comes again.

        Raises:
            DatabaseAway, MissingKey: nothing was taken over.
        """
        turns, doubtful = self._turns, tuple(self._doubtful)
        left = await self._database.run(
            lambda tx: _read(tx, inbox.waiting(tx) if turns is None else inbox.take_over(tx, turns.number, doubtful))
        )
        for one in left:
            self._doubtful.discard(one.arrived.update_id)
            self._queue(one)
        return len(left)

    def _arrived(self, raw: dict[str, Any]) -> Delivered:
        """An update to be stored; without its body where its chat has far too much waiting already."""
        chat_id = chat_of(raw)
        crowded = chat_id is not None and len(self._queues.get(chat_id, ())) >= CROWD
        if crowded:
            log.get().warning("flood_dropped", update=raw["update_id"])
        body = encode(raw)
        if HALF in body and (mended := whole(raw)) is not raw:
            raw, body = mended, encode(mended)
        return Delivered(Arrived(raw["update_id"], chat_id, None if crowded else body), raw)

    def in_turn(self, chat_id: int, job: Job, update: int | None = None) -> None:
        """Do something in a chat when everything that arrived there before is done."""
        self._waiting += 1
        if self._waiting >= FULL:
            self._room.clear()
        if chat_id in self._queues:
            self._queues[chat_id].append((job, Attempt(update=update)))
            return
        serving = self._serve(chat_id)
        try:
            task = self._nursery.create_task(serving)
        except RuntimeError:  # everything has ended meanwhile: what is stored is found by the next run
            serving.close()
            return
        self._queues[chat_id] = deque([(job, Attempt(update=update))])
        self._serving.add(task)
        task.add_done_callback(self._ended)

    def serves(self, chat_id: int) -> bool:
        """Whether something is being done in that chat, or waits there."""
        return chat_id in self._queues

    def before_card(self, chat_id: int) -> None:
        """A card is about to be drawn: whatever waits in that chat was sent before it could be seen."""
        for _, attempt in self._queues.get(chat_id, ()):
            attempt.early = True

    async def drain(self) -> None:
        """Finish what is being worked on; what only waits stays in the inbox for the next run."""
        self._stopping = True
        for task in self._serving - self._busy:
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy, timeout=DRAIN_SECONDS)
        for task in self._serving:
            task.cancel()
        await self._arriving.settled(DRAIN_SECONDS)

    def _queue(self, one: Delivered) -> None:
        nobody = -one.arrived.update_id
        chat_id, update_id = one.arrived.chat_id, one.arrived.update_id
        self.in_turn(nobody if chat_id is None else chat_id, partial(self._update, one), update_id)

    async def _update(self, one: Delivered, attempt: Attempt) -> None:
        """Work on an update; one that fails beyond what the work itself can handle is parked in the end."""
        number = one.arrived.update_id
        with log.about(update=number), tracing.span("update", update=number):
            for _ in range(TRIES):
                try:
                    return await self._work(one, attempt)
                except DatabaseAway:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever it is, the chat must go on
                    log.get().error("update_failed", update=one.arrived.update_id, error=error)
                    await asyncio.sleep(RETRY_SECONDS)
            return await self._database.run(lambda tx: inbox.park(tx, one.arrived.update_id, "failed"))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        self._busy.discard(task)

    async def _serve(self, chat_id: int) -> None:
        queue, task = self._queues[chat_id], cast("asyncio.Task[None]", asyncio.current_task())
        while queue and not self._stopping:
            await self._flood.pass_through(chat_id)
            async with self._places:
                if self._turns is None:
                    self._busy.add(task)
                    await self._until_done(*queue[0])
                else:
                    await self._in_common_turn(self._turns, chat_id, *queue[0])
                self._busy.discard(task)
            queue.popleft()
            self._waiting -= 1
            if self._waiting < FULL // 2:
                self._room.set()
        del self._queues[chat_id]

    async def _in_common_turn(self, turns: Turns, chat_id: int, job: Job, attempt: Attempt) -> None:
        """Do it in the chat's turn among all processes: what waits there from before goes first, wherever it is."""
        waiting = await turns.turn(chat_id)
        self._busy.add(cast("asyncio.Task[None]", asyncio.current_task()))
        try:
            update = attempt.update
            nobodys = update is not None and chat_id == -update and not waiting
            if update is not None and (before := [one for one in waiting if one < update]):
                await self._until_done(partial(self._earlier, before), Attempt())
            if update is None or update in waiting or nobodys:  # else another process has done it
                await self._until_done(job, attempt)
        finally:
            turns.over(chat_id)

    async def _earlier(self, updates: Sequence[int], _: Attempt) -> None:
        for one in await self._database.run(lambda tx: _read(tx, inbox.load(tx, updates))):
            await self._update(one, Attempt())

    async def _until_done(self, job: Job, attempt: Attempt) -> None:
        """A dead database is waited for; everything else is the job's own matter, and must not stop the queue."""
        while not self._stopping:
            try:
                return await job(attempt)
            except DatabaseAway:
                log.get().warning("database_away", tries=attempt.tries)
                attempt.tries += 1
                await asyncio.sleep(PAUSE)
            except Exception as error:  # noqa: BLE001 - the others go on
                log.get().error("job_failed", error=error)
                return None
        return None


def _read(connection: Connection, stored: Iterable[Arrived]) -> list[Delivered]:
    """Stored updates as they came; one that cannot be read is set aside, so that those behind it go on."""
    found = []
    for one in stored:
        try:
            found.append(Delivered(one, json.loads(one.body or "")))
        except (ValueError, RecursionError):
            log.get().error("update_unreadable", update=one.update_id)
            inbox.park(connection, one.update_id, "unreadable")
    return found


def sorted_updates(updates: Iterable[object]) -> list[dict[str, Any]]:
    """Those that can be stored, in the order of their ids."""
    return sorted((raw for raw in updates if is_update(raw)), key=itemgetter("update_id"))


def is_update(raw: object) -> TypeGuard[dict[str, Any]]:
    """Whether this can be stored: an object with an id the database can hold."""
    return isinstance(raw, dict) and type(raw.get("update_id")) is int and 0 <= raw["update_id"] < LARGEST_ID


def lean(raw: dict[str, Any]) -> dict[str, Any]:
    """The update without what a tapped message says: it is our own card, and need neither be stored nor parsed.

    A message of date 0 is Telegram's way to say "this one, but without its content".
    """
    query = raw.get("callback_query")
    if not isinstance(query, dict) or not isinstance(message := query.get("message"), dict):
        return raw
    kept = {name: message[name] for name in ("message_id", "chat") if name in message}
    return {**raw, "callback_query": {**query, "message": {**kept, "date": 0}}}


def whole(raw: dict[str, Any]) -> dict[str, Any]:
    """The update with a sign in the place of each half letter, which nothing that counts or writes letters takes.

    The sign is as long as what it stands for, so entities stay where they are.
    """
    words = json.dumps(raw, ensure_ascii=False)
    try:
        words.encode()
    except UnicodeEncodeError:
        mended: dict[str, Any] = json.loads(words.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        return mended
    return raw


def chat_of(raw: dict[str, Any]) -> int | None:
    """The chat whose turn an update is, read without trusting its shape; None where there is none."""
    for value in raw.values():
        if isinstance(value, dict):
            message = value.get("message")
            place = message if isinstance(message, dict) else value
            for holder in (place.get("chat"), value.get("from")):
                if isinstance(holder, dict) and type(holder.get("id")) is int and abs(holder["id"]) < LARGEST_ID:
                    return int(holder["id"])
    return None
