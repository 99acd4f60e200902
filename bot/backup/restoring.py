"""Restores a backup, or moves to another database. Both fill a new database, completely or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import BigInteger, Connection, text

from bot.backup import dump, erased, opening, settling, tables
from bot.backup.dump import Backup, Head
from bot.backup.key import Key
from bot.backup.making import Order
from bot.backup.refused import BackupRefused
from bot.backup.settling import Settled
from bot.backup.tables import Sum
from bot.clock import Clock
from bot.db import resealing
from bot.db.engine import address
from bot.db.migrate import is_known, upgrade
from bot.db.schema import HEAD

IDS_LEFT_FREE = 1_000_000
"""More ids than rows of the lost time can have used: a button of that time must not mean another row."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a database was made from, and what had to be settled."""

    head: Head
    sums: Mapping[str, Sum]
    settled: Settled


def restore(path: Path, key: Key | None, url: str, lists: Collection[Path], clock: Clock) -> Restored:
    """Fills a new database from a backup and migrates it to the newest revision.

    `lists`: the folders in which erasures since then may be listed.

    Raises:
        BackupRefused, DatabaseRefused: with a text for the operator. Nothing was changed.
    """
    with dump.opened(path, key) as backup:
        gone = erased.since(lists, backup.head.erased, key)

        def fill(connection: Connection) -> tuple[Mapping[str, Sum], Settled]:
            sums = _fill(backup, connection)
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")  # erasing needs them
            if backup.head.revision != HEAD:
                upgrade(connection, "head")
            resealing.check(connection)  # with another key file nothing could be read
            with opening.transaction(connection):
                settled = settling.settle(connection, clock(), gone)
                _number_from_here(connection, IDS_LEFT_FREE)
            return sums, settled

        return Restored(backup.head, *opening.build(url, fill))


def move(order: Order, to: str) -> tuple[Path, Mapping[str, Sum]]:
    """Makes a backup of a database and fills a new one from it. Everything is the same, except that nobody serves it.

    Raises:
        BackupRefused, DatabaseRefused: with a text for the operator. Neither database was changed.
    """
    if address(order.url) == address(to):
        raise BackupRefused("Both addresses are the same: nothing to move.")
    with opening.held(order.url):
        path, _ = order.make()
        with dump.opened(path, order.key) as backup:

            def fill(connection: Connection) -> Mapping[str, Sum]:
                sums = _fill(backup, connection)
                _number_from_here(connection, 0)
                if "replica" in sums:
                    with opening.transaction(connection):
                        settling.nobody_serves(connection)
                return sums

            return path, opening.build(to, fill)


def _fill(backup: Backup, connection: Connection) -> Mapping[str, Sum]:
    """Creates the tables of the backup's revision, with its rows."""
    if not is_known(backup.head.revision):
        raise BackupRefused(
            f"The backup is of revision {backup.head.revision}, which this Lotse does not know: take the newer one."
        )
    upgrade(connection, backup.head.revision)
    with opening.transaction(connection):
        return dump.load(backup, connection)


def _number_from_here(connection: Connection, further: int) -> None:
    """Makes new rows get ids that are `further` above the highest id, also in empty tables."""
    if connection.dialect.name == "sqlite":
        for statement in _OF_SQLITE if further else ():  # otherwise SQLite goes on after the existing rows by itself
            connection.execute(statement, {"further": further})
        return
    for name, rows in tables.of(connection).items():
        if "id" in rows.columns and isinstance(rows.table.c.id.type, BigInteger):
            newest = text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + :further)"  # noqa: S608
                f" FROM {name} HAVING coalesce(max(id), 0) + :further > 0"
                f" AND pg_get_serial_sequence('{name}', 'id') IS NOT NULL"
            )
            connection.execute(newest, {"further": further})


_OF_SQLITE = (
    text(
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
        " AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
    ),
    text("UPDATE sqlite_sequence SET seq = seq + :further"),
)
