"""Runs a part of a transaction that may fail alone, so that one bad row does not stop the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot import log

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error)
"""Errors of the database and not of one row. They end the transaction."""


def apart(connection: Connection, part: Callable[[], object], **about: int) -> bool:
    """Runs a part; True if all of it was done. If it fails, it is undone and logged with `about`.

    Raises:
        DATABASE_ERRORS: unchanged.
    """
    try:
        with connection.begin_nested():
            part()
    except DATABASE_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rows go on
        log.get().error("row_failed", error=error, **about)
        return False
    return True
