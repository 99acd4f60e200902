"""A part of a transaction that may fail by itself: a row that fails holds up no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot import log

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error)
"""Errors that concern the database and not one row: they end the transaction."""


def apart(connection: Connection, part: Callable[[], object], **about: int) -> bool:
    """Whether a part was done, as a whole; one that fails is undone, and logged with its subject.

    Raises:
        DATABASE_ERRORS: as they come.
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
