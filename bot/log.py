"""The log: one JSON line an event, made of event names, ids and codes. Never words, names or secrets of people.

Exceptions are logged by class and place, without their message: it may quote what a person wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

SECRET = re.compile(r"\d{5,}:[\w-]{30,}")
LIBRARIES = (
    "httpx",
    "telegram",
    "apscheduler",
    "uvicorn",
    "aiohttp",
    "sqlalchemy",
    "alembic",
    "asyncio",
    "deepl",
    "urllib3",
)


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send everything to `stream` (default stderr). Libraries speak from WARNING on, and only by name and place."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_error,
            _no_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = _Libraries()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


def get() -> Any:  # noqa: ANN401 - structlog's bound loggers are built at run time
    """A logger. Call it with an event name and ids: `log.warning("send_failed", code=403)`."""
    return structlog.get_logger()


def place_of(error: BaseException) -> str:
    """Class and innermost place of an error in our code (`KeyError at cards.py:88`), without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    where = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return f"{type(error).__name__}{where}"


class _Libraries(logging.Handler):
    """A library's record as one of our lines: who and where, not what (its text may hold anything)."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        get().log(record.levelno, "library", name=record.name, line=record.lineno, error=error and place_of(error))


def _place_of_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if isinstance(event.get("error"), BaseException):
        event["error"] = place_of(event["error"])
    return event


def _no_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str) and SECRET.search(value):
            event[name] = SECRET.sub("[secret]", value)
    return event
