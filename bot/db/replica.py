"""One of several processes that serve the bot together on PostgreSQL: its lease, and its turns in chats.

It uses a connection of its own, so that a full pool costs nobody the lease. A process is a row (table `replica`) that
it renews. If the row has run out, the others take the process for dead: they first end its connections and then
delete the row. So what it had open is rolled back, and whatever it does later finds no row. The process with the
lowest number leads. docs/decisions/0031-many-machines.md explains the design.
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
"""Seconds after its last renewal in which a process counts as alive. The others look every BEAT seconds."""
BEAT = 1.0
MARGIN = 1.0
"""Seconds before its lease runs out in which a process begins nothing that others may have taken over."""
PATIENCE = 5.0
"""Seconds that connecting, and each query on this connection, may take. Several slow ones take longer in total."""
PAUSE = 0.5
"""Seconds before the connection is made again."""
TURN_PAUSE = 0.03
"""Seconds between two tries to get a turn that another process has."""
CHANNEL = "lotse"
LONGEST_NAME = 63
"""Bytes of a connection's name in PostgreSQL."""
HAND, LONGEST_HAND = "r", 96
"""How a replica's name begins in the deliveries it has claimed. No other name begins like this."""
SPACE = 0x4C6F_7473_6543_6861
"""The class of the chats' locks among all advisory locks of the database."""

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
    """The others took this process for dead and took over. Whatever it has in memory is no longer its own."""


class Replica:
    """This process among those that serve the bot."""

    def __init__(self, connect: Connect, name: str, version: str) -> None:
        self.number = 0
        self.leads = asyncio.Event()
        self.others = 0
        """How many other processes there are."""
        self.heard: Callable[[str, str], None] = lambda _, __: None
        """Called with what another process says: a word and what it is about."""
        self.changed: Callable[[], None] = lambda: None
        """Called when other processes have come or gone. What belonged to those that left is then nobody's."""
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
        """This process's name in the deliveries that it has claimed."""
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
        """Waits until the others know this process."""
        await self._joined.wait()

    async def turn(self, chat_id: int) -> list[int]:
        """Gets a chat's turn. Returns the ids of updates that wait there, in order. Give it back with `over`."""
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
        """Gives the turn back."""
        self._held.discard(chat_id)
        self._ended.add(chat_id)
        self._news.set()

    def tell(self, word: str, about: object = "") -> None:
        """Says something to all others. It is lost if the database is away, so it must not be important."""
        if self.others:
            self._words.append(f"{self.number} {word} {about}")
            self._news.set()

    async def run(self) -> None:
        """Renews the lease and gets turns until `leave`.

        Raises:
            LeaseLost: others have taken over.
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
        """Ends `run`. What waits is left to the others."""
        self._leaving = True
        self._news.set()

    async def _begin(self, connection: Wire) -> None:
        await connection.add_listener(CHANNEL, self._hear)
        loop = asyncio.get_running_loop()
        if not self.number:
            self.number = await connection.fetchval(_JOIN, self._name, self._version, timedelta(seconds=LEASE))
        else:
            # The database was away for everybody, so the others get their time to come back, too.
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
        """Renews the lease, and takes over from processes that have not renewed theirs."""
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
        """Gets all available turns. Only then it looks up what waits in those chats, or the result would be old."""
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
        except asyncpg.LockNotAvailableError:  # the lease is renewed on this connection, so nothing may take long
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
        """Deletes the row, so that the others need not wait for the lease to run out."""
        await connection.execute(_LEFT, self.number)
        await connection.fetchval(_DELETE, self.number, True)

    def _hear(self, *what: object) -> None:
        speaker, word, about = str(what[-1]).split(" ", 2)
        if speaker != str(self.number):
            self.heard(word, about)


def is_there(connection: Connection, number: int) -> bool:
    """Whether others have not taken over from this process. They cannot before the transaction ends."""
    return connection.execute(_THERE, {"number": number}).first() is not None


_THERE = (
    select(replica.c.number).where(replica.c.number == bindparam("number")).with_for_update(read=True, key_share=True)
)


def serving(connection: Connection) -> int:
    """How many processes share the work on this database now. 0 on SQLite, where no process is a row."""
    return connection.execute(
        select(func.count()).select_from(replica).where(replica.c.until > func.now())
    ).scalar_one()


def gone(other: str) -> bool:
    """Whether the process that claimed deliveries is gone, as the leader sees it: an earlier leader is."""
    return other.startswith(HAND) or alive.gone(other)


def connection_name(name: str) -> str:
    """The name of a process's connections at the server, by which others can end them."""
    return f"lotse {name}"[-LONGEST_NAME:]


def _key(chat_id: int) -> int:
    return chat_id ^ SPACE
