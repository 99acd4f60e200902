"""Collects each statement that is sent to a database while something is done, and who sent it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

KINDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_LIST = re.compile(r"\((?:(?:\?|\$\d+(?:::[A-Z ]+)?)(?:, )?)+\)")
_NUMBER = re.compile(r"\$\d+")
NOT_SAID_BY = ("bot.db.engine", "bot.db.prepared", "bot.db.sqlite", "bot.db.postgres")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its first parameters, and the function that sent it, as `bot.db.inbox.take`."""

    sql: str
    parameters: Any
    who: str

    @property
    def function(self) -> str:
        """Who sent it, within `bot.db`, as `inbox.take`."""
        return self.who.removeprefix("bot.db.")


def told_apart(sql: str) -> str:
    """The statement without the number of its parameters: all lists in brackets get the same length."""
    return _NUMBER.sub("$", _LIST.sub("(?)", sql))


@contextmanager
def listening(engine: Engine) -> Iterator[dict[str, Said]]:
    """Everything sent to an engine while the block runs."""
    heard: dict[str, Said] = {}

    def hear(connection: Connection, cursor: object, sql: str, parameters: Any, context: object, _: bool) -> None:
        del connection, cursor, context
        who = _speaker(sys._getframe(1))
        if sql.lstrip().upper().startswith(KINDS) and who is not None:
            first = parameters[0] if parameters and isinstance(parameters[0], tuple | dict) else parameters
            heard.setdefault(f"{who} {told_apart(sql)}", Said(sql, first, who))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _speaker(frame: FrameType | None) -> str | None:
    """The innermost function of the bot's own, except those that open databases."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("bot.") and module not in NOT_SAID_BY and not frame.f_code.co_name.startswith("<"):
            return f"{module}.{frame.f_code.co_name}"
        frame = frame.f_back
    return None
