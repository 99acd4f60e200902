"""What survives a restart and kill -9: JSON documents in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FILE = "simulator.sqlite3"


class Store:
    """Documents by (kind, a, b) in `folder`, made if missing; without a folder in memory only.

    Raises OSError when the folder cannot be made and sqlite3.Error when the file cannot be used.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / FILE if folder else ":memory:", isolation_level=None, timeout=1.0)
        try:
            # One simulator at a time: a second one on the same folder is told that the database is locked.
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            # NORMAL survives a killed process; only a power cut may take the last moments of a play.
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS doc (kind TEXT, a INTEGER, b INTEGER, body TEXT NOT NULL,"
                " PRIMARY KEY (kind, a, b)) WITHOUT ROWID"
            )
        except sqlite3.Error:
            self._db.close()
            raise

    def put(self, kind: str, a: int, b: int, body: Json) -> None:
        """Write one document; it is kept from the next `commit` on."""
        self._begin()
        self._db.execute("INSERT OR REPLACE INTO doc VALUES (?, ?, ?, ?)", (kind, a, b, json.dumps(body)))

    def drop(self, kind: str, a: int, b: int | None = None) -> None:
        """Forget one document, or all of `a` when `b` is None."""
        self._begin()
        if b is None:
            self._db.execute("DELETE FROM doc WHERE kind = ? AND a = ?", (kind, a))
        else:
            self._db.execute("DELETE FROM doc WHERE kind = ? AND a = ? AND b = ?", (kind, a, b))

    def read(self, kind: str) -> Iterator[tuple[int, int, Json]]:
        """All documents of a kind, in the order of their keys."""
        rows = self._db.execute("SELECT a, b, body FROM doc WHERE kind = ? ORDER BY a, b", (kind,))
        return ((a, b, json.loads(body)) for a, b, body in rows)

    def commit(self) -> None:
        """Keep all that was written since the last commit, as one change."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Commit and close the file."""
        self.commit()
        self._db.close()

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
