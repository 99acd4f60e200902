"""One of several processes that serve the bot together on PostgreSQL: its lease, and its turns in chats.

All of it goes over one connection of its own, so that a full pool takes nobody's lease. A process is a row (table
`replica`) that it renews; whose row has run out is taken for dead by the others, who end its connections first and
delete the row then: what it had open is rolled back, and whatever it does later finds no row. The one with the lowest
number leads. docs/decisions/0031-many-machines.md says why it is as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot import alive, log, metrics
from bot.db.schema import replica

LEASE = 7.0
"""Seconds after its last renewal in which a process counts as alive; the others look each BEAT."""
BEAT = 1.0
MARGIN = 1.0
"""So many seconds before its lease runs out a process begins nothing more that others may have taken over."""
PATIENCE = 5.0
"""Seconds that each question over this connection may take, and the connecting: several of slow ones take longer."""
PAUSE = 0.5
"""Seconds before the connection is made again."""
TURN_PAUSE = 0.03
"""Seconds between two tries to get a turn that another process has."""
CHANNEL = "lotse"
LONGEST_NAME = 63
"""Bytes of a connection's name in PostgreSQL."""
HAND, LONGEST_HAND = "r", 96
"""How the name of a replica begins where deliveries are in its hand; no other begins so."""
SPACE = 0x4C6F_7473_6543_6861
"""Where the locks of chats are among all advisory locks of the database."""

_JOIN = """INSERT INTO replica (name, version, started_at, until)
    VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3::interval) RETURNING number"""
_RENEW = "UPDATE replica SET until = clock_timestamp() + $2::interval WHERE number = $1 RETURNING number"
_ALL = "SELECT number, name, until < clock_timestamp() AS late FROM replica ORDER BY number"
_END = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1"
_DELETE = "DELETE FROM replica WHERE number = $1 AND (until < clock_timestamp() OR $2) RETURNING number"
_LOCK = "SELECT key FROM unnest($1::bigint[]) AS key WHERE pg_try_advisory_lock(key)"
_UNLOCK = "SELECT pg_advisory_unlock(key) FROM unnest($1::bigint[]) AS key"
_WAITING = """SELECT chat_id, update_id FROM inbox
    WHERE chat_id = ANY($1::bigint[]) AND body IS NOT NULL AND parked IS NULL ORDER BY update_id"""
_TELL = "SELECT pg_notify('lotse', word) FROM unnest($1::text[]) AS word"
_LEFT = "UPDATE inbox SET held_by = NULL WHERE held_by = $1 AND body IS NOT NULL"
Wire = Any
"""A connection of asyncpg, which has no types."""
Connect = Callable[[], Awaitable[Wire]]


class LeaseLost(Exception):
    """The others have taken this process for dead, and taken over: whatever it has in memory is no longer its own."""


class Replica:
    """This process among those that serve the bot."""

    def __init__(self, connect: Connect, name: str, version: str) -> None:
        self.number = 0
        self.leads = asyncio.Event()
        self.others = 0
        """How many other processes there are."""
        self.heard: Callable[[str, str], None] = lambda _, __: None
        """Told what another process says: a word and what it is about."""
        self.changed: Callable[[], None] = lambda: None
        """Told when others have come or gone: what was theirs is nobody's then."""
        self._connect = connect
        self._name = name
        self._version = version
        self._good_until = 0.0
        self._judges_from = 0.0
        self._joined = asyncio.Event()
        self._news = asyncio.Event()
        self._wanted: dict[int, asyncio.Future[list[int]]] = {}
        self._held: set[int] = set()
        self._ended: set[int] = set()
        self._words: list[str] = []
        self._leaving = False

    @property
    def hand(self) -> str:
        """What this process is called where it has deliveries in hand."""
        return f"{HAND}{self.number}/{self._name}"[:LONGEST_HAND]

    @property
    def holds(self) -> bool:
        """Whether the others certainly take this process for alive, and will for a moment."""
        return asyncio.get_running_loop().time() < self._good_until

    @property
    def may_send(self) -> bool:
        """Whether this process leads and may begin to send something."""
        return self.leads.is_set() and self.holds

    async def joined(self) -> None:
        """Wait until the others know of this process."""
        await self._joined.wait()

    async def turn(self, chat_id: int) -> list[int]:
        """Get a chat's turn; ids of the updates that wait there now, in order. To be given back by `over`."""
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._wanted[chat_id] = future
        self._news.set()
        try:
            return await future
        except asyncio.CancelledError:
            if self._wanted.pop(chat_id, None) is None:
                self.over(chat_id)
            raise

    def over(self, chat_id: int) -> None:
        """The turn is another's."""
        self._held.discard(chat_id)
        self._ended.add(chat_id)
        self._news.set()

    def tell(self, word: str, about: object = "") -> None:
        """Say something to all others; what is said while the database is away is lost, and must not matter much."""
        if self.others:
            self._words.append(f"{self.number} {word} {about}")
            self._news.set()

    async def run(self) -> None:
        """Renew the lease and get turns until `leave`.

        Raises:
            LeaseLost: once others have taken over.
        """
        import asyncpg  # noqa: PLC0415 - only where PostgreSQL is used

        while not self._leaving:
            connection = None
            try:
                connection = await self._connect()
                await self._begin(connection)
                await self._work(connection)
                await self._go(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
                log.get().warning("database_away", what="replica", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
            finally:
                if connection is not None:
                    connection.terminate()

    def leave(self) -> None:
        """End: what waits is the others'."""
        self._leaving = True
        self._news.set()

    async def _begin(self, connection: Wire) -> None:
        await connection.add_listener(CHANNEL, self._hear)
        loop = asyncio.get_running_loop()
        if not self.number:
            self.number = await connection.fetchval(_JOIN, self._name, self._version, timedelta(seconds=LEASE))
        else:
            # The database was away for all: the others get their time to come back as well.
            self._judges_from = loop.time() + LEASE
            await connection.fetch(_LOCK, [_key(one) for one in self._held])
        self._ended.clear()
        await self._beat(connection)
        log.get().info("replica_joined", number=self.number, others=self.others)
        self._joined.set()

    async def _work(self, connection: Wire) -> None:
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + BEAT
        while not self._leaving:
            self._news.clear()
            if loop.time() >= beat_at:
                beat_at = loop.time() + BEAT
                await self._beat(connection)
            await self._say(connection)
            await self._lock(connection)
            pause = max(min(beat_at - loop.time(), TURN_PAUSE if self._wanted else BEAT), 0.0)
            if not self._news.is_set():
                waiting = loop.call_later(pause, self._news.set)
                await self._news.wait()
                waiting.cancel()

    async def _beat(self, connection: Wire) -> None:
        """Renew the lease, and take over from whoever has not renewed theirs."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        if await connection.fetchval(_RENEW, self.number, timedelta(seconds=LEASE)) is None:
            raise LeaseLost
        self._good_until = began + LEASE - MARGIN
        rows = await connection.fetch(_ALL)
        gone = set()
        for row in rows:
            dead = alive.gone(row["name"])
            if row["number"] != self.number and (dead or (row["late"] and began >= self._judges_from)):
                await connection.fetchval(_END, connection_name(row["name"]))
                if await connection.fetchval(_DELETE, row["number"], dead) is not None:
                    log.get().warning("replica_gone", number=row["number"], ended=dead)
                    gone.add(row["number"])
        there = [row["number"] for row in rows if row["number"] not in gone]
        former, self.others = self.others, len(there) - 1
        if there[0] == self.number and not self.leads.is_set():
            log.get().info("replica_leads", number=self.number)
            self.leads.set()
        metrics.LEADS.set(self.leads.is_set())
        if gone or self.others != former:
            self.changed()

    async def _say(self, connection: Wire) -> None:
        ended, self._ended = self._ended, set()
        if ended:
            await connection.fetch(_UNLOCK, [_key(one) for one in ended])
        words, self._words = self._words, []
        if words:
            await connection.fetch(_TELL, words)

    async def _lock(self, connection: Wire) -> None:
        """Get what turns can be had; what waits in those chats is looked up after that, or it would be old."""
        import asyncpg  # noqa: PLC0415 - only where PostgreSQL is used

        if not self._wanted:
            return
        by_key = {_key(one): one for one in self._wanted}
        ours = [by_key[row["key"]] for row in await connection.fetch(_LOCK, list(by_key))]
        if not ours:
            return
        waiting: dict[int, list[int]] = {one: [] for one in ours}
        try:
            found = await connection.fetch(_WAITING, ours)
        except asyncpg.LockNotAvailableError:  # a lease is renewed here: nothing may take long
            self._ended.update(ours)
            return
        self._held.update(ours)
        for row in found:
            waiting[row["chat_id"]].append(row["update_id"])
        for chat_id, updates in waiting.items():
            future = self._wanted.pop(chat_id, None)
            if future is None or future.done():
                self.over(chat_id)  # whoever wanted it is gone
            else:
                future.set_result(updates)

    async def _go(self, connection: Wire) -> None:
        """The others need not wait for the lease to run out."""
        await connection.execute(_LEFT, self.number)
        await connection.fetchval(_DELETE, self.number, True)

    def _hear(self, *what: object) -> None:
        speaker, word, about = str(what[-1]).split(" ", 2)
        if speaker != str(self.number):
            self.heard(word, about)


def is_there(connection: Connection, number: int) -> bool:
    """Whether others have not taken over from this process; they cannot before the end of the transaction."""
    return connection.execute(_THERE, {"number": number}).first() is not None


_THERE = (
    select(replica.c.number).where(replica.c.number == bindparam("number")).with_for_update(read=True, key_share=True)
)


def serving(connection: Connection) -> int:
    """How many processes serve this database now, as far as they share it: on SQLite none is a row."""
    return connection.execute(
        select(func.count()).select_from(replica).where(replica.c.until > func.now())
    ).scalar_one()


def gone(other: str) -> bool:
    """Whether who had deliveries in hand is gone, as the one that leads sees it: whoever led before is no more."""
    return other.startswith(HAND) or alive.gone(other)


def connection_name(name: str) -> str:
    """What the connections of a process of that name are called at the server, so that others can end them."""
    return f"lotse {name}"[-LONGEST_NAME:]


def _key(chat_id: int) -> int:
    return chat_id ^ SPACE
