"""A whole database as lines, and back: first a head, then each table's rows and their sum.

    {"lotse": 1, "revision": "0012", "made_at": "2026-11-26T03:00:00+00:00", "erased": {...}, "tables": {...}}
    {"table": "chat"}
    [5, "ar", null, ...]
    {"end": "chat", "rows": 1, "sum": "1f..."}
    ...
    {"whole": true}

Nothing in it belongs to one kind of database: every backup can go from SQLite to PostgreSQL and back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete

from bot import failpoints
from bot.backup import stream, tables
from bot.backup.key import Key
from bot.backup.refused import BackupRefused, BackupStopped
from bot.backup.tables import PAGE, Sum
from bot.db.migrate import revision

FORMAT = 1
Wanted = Callable[[], bool]
"""Whether the process should end."""


def never() -> bool:
    """Never asks to end."""
    return False


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup contains. `erased`: how long each list of erasures was when it was made."""

    revision: str
    made_at: datetime
    erased: Mapping[str, int]
    tables: Mapping[str, list[str]] = field(default_factory=dict)


def write(connection: Connection, out: stream.Writer, head: Head, stop: Wanted = never) -> Mapping[str, Sum]:
    """Writes everything a connection sees, which must be one state of the database. Returns the tables' sums.

    Raises:
        BackupStopped: the process should end.
    """
    found = tables.of(connection)
    said = {"lotse": FORMAT, "revision": head.revision, "made_at": head.made_at.isoformat(), "erased": head.erased}
    out.write(_line({**said, "tables": {name: rows.columns for name, rows in found.items()}}))
    sums = {}
    for name, rows in found.items():
        out.write(_line({"table": name}))
        total = Sum()
        for page in rows.pages(connection):
            failpoints.reached("backup_page")
            if stop():
                raise BackupStopped("The process is to end: the backup is not made.")
            total = total.and_(page)
            out.write(b"".join(line + b"\n" for line in page))
        out.write(_line({"end": name, "rows": total.rows, "sum": f"{total.total:x}"}))
        sums[name] = total
    out.write(_line({"whole": True}))
    return sums


def head_of(connection: Connection, made_at: datetime, erased: Mapping[str, int]) -> Head:
    """The head of a backup of this database.

    Raises:
        BackupRefused: it has no tables.
    """
    found = revision(connection)
    if found is None:
        raise BackupRefused("The database has no tables yet: start Lotse once.")
    return Head(found, made_at, erased)


class Backup:
    """A backup that is being read: its head at once, its tables one by one."""

    def __init__(self, name: str, lines: Iterator[bytes]) -> None:
        self._name = name
        self._lines = lines
        said = self._said()
        try:
            if said["lotse"] != FORMAT:
                raise BackupRefused(f"{name} was made by a newer Lotse: take that one.")
            made_at = datetime.fromisoformat(said["made_at"])
            self.head = Head(str(said["revision"]), made_at, said["erased"], said["tables"])
        except (KeyError, TypeError, ValueError):
            raise self._damaged() from None

    def tables(self) -> Iterator[tuple[str, Iterator[list[bytes]]]]:
        """Each table with its rows, a page at a time. Read each to its end before the next.

        Raises:
            BackupRefused: the rows are not those that were written.
        """
        for name in self.head.tables:
            if self._said() != {"table": name}:
                raise self._damaged()
            yield name, self._pages(name)
        if self._said() != {"whole": True} or next(self._lines, None) is not None:
            raise self._damaged()

    def look_through(self) -> Mapping[str, Sum]:
        """Reads all of it. Returns the tables' sums.

        Raises:
            BackupRefused: it is damaged.
        """
        sums = {}
        for name, pages in self.tables():
            total = Sum()
            for page in pages:
                total = total.and_(page)
            sums[name] = total
        return sums

    def _pages(self, name: str) -> Iterator[list[bytes]]:
        total, page = Sum(), list[bytes]()
        while (line := next(self._lines, b"")).startswith(b"["):
            page.append(line)
            if len(page) == PAGE:
                total = total.and_(page)
                yield page
                page = []
        total = total.and_(page)
        if line != _line({"end": name, "rows": total.rows, "sum": f"{total.total:x}"}).rstrip():
            raise self._damaged()
        yield page

    def _said(self) -> Any:  # noqa: ANN401 - any JSON
        try:
            return json.loads(next(self._lines, b""))
        except ValueError:
            raise self._damaged() from None

    def _damaged(self) -> BackupRefused:
        return BackupRefused(f"{self._name} {stream.DAMAGED}")


@contextmanager
def opened(path: Path, key: Key | None) -> Iterator[Backup]:
    """Opens a backup for reading.

    Raises:
        BackupRefused: it is missing, not a backup, made with another key, or damaged.
    """
    try:
        with path.open("rb") as file:
            yield Backup(path.name, stream.lines(file, path.name, key))
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None


def load(backup: Backup, connection: Connection) -> Mapping[str, Sum]:
    """Writes all rows into empty tables of the same revision, and checks that they are there.

    A table that no migration up to that revision makes belongs to another program. It is skipped and has no sum.

    Raises:
        BackupRefused: rows are missing, or the tables are different.
    """
    there = tables.of(connection)
    if {name: sorted(rows.columns) for name, rows in there.items()} != {
        name: sorted(columns) for name, columns in backup.head.tables.items() if name in there
    }:
        raise BackupRefused("The backup has other tables than this Lotse makes: take the Lotse it was made by.")
    written = {}
    for name, pages in backup.tables():
        if name not in there:
            for _ in pages:
                pass
            continue
        rows = there[name].in_order(backup.head.tables[name])
        connection.execute(delete(rows.table))
        total = Sum()
        for page in pages:
            failpoints.reached("restore_page")
            rows.write(connection, page)
            total = total.and_(page)
        written[name] = total
    for name, total in written.items():
        if there[name].in_order(backup.head.tables[name]).sum(connection) != total:
            raise BackupRefused(f"Table {name} does not hold what the backup holds: nothing was kept.")
    return written


def _line(said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"
