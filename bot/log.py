"""The log: one line an event (JSON or text), made of event names, ids and codes. Never words, names or secrets.

Exceptions are logged by class and place, without their message: it may quote what a person wrote. What a line is
about (`about`: the update, the delivery, the broadcast, the wake) goes with every line that follows in the same task.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

import structlog

from bot import metrics

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


_about: ContextVar[Mapping[str, int | str | None]] = ContextVar("about", default={})  # noqa: B039 - never changed
_PLAIN = re.compile(r"[\w.:/+-]+")
"""A value that needs no quotation marks."""


class about:  # noqa: N801 - used as a function; a generator would cost ten times as much at each update
    """Whatever is logged inside (`with`), in this task, is about this: ids and names of the program, never words."""

    __slots__ = ("_ids", "_token")

    def __init__(self, **ids: int | str | None) -> None:
        self._ids = ids

    def __enter__(self) -> None:
        self._token = _about.set({**_about.get(), **self._ids})

    def __exit__(self, *_: object) -> None:
        _about.reset(self._token)


def set_up(level: str, stream: TextIO | None = None, form: str = "json") -> None:
    """Send everything to `stream` (default stderr). Libraries speak from WARNING on, and only by name and place.

    `form` is json, for programs, or text, for people.
    """
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _what_it_is_about,
            _counted,
            _place_of_error,
            _no_secrets,
            _as_text if form == "text" else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = _Libraries()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A wake whose former one still works is left out: that is what is wanted, and no warning.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


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


def _what_it_is_about(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in _about.get().items():
        if value is not None:
            event.setdefault(name, value)
    return event


def _counted(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Count what should worry somebody; which errors there are is a matter of the program, not of people."""
    if event["level"] in {"warning", "error", "critical"}:
        metrics.EVENTS.add(event["level"], event["event"] if event["event"].isidentifier() else "other")
        error = event.get("error")
        if isinstance(error, BaseException):
            metrics.ERRORS.add(type(error).__name__)
    return event


def _as_text(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    """One line for people: time, level, event, and what belongs to it."""
    head = (str(event.pop(name, "")) for name in ("timestamp", "level", "event"))
    at, level, what = head
    rest = " ".join(f"{name}={_shown(value)}" for name, value in event.items())
    return f"{at[:19]}Z {level:<7} {what} {rest}".rstrip()


def _shown(value: object) -> str:
    """A value in one line, whatever it holds."""
    words = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return words if _PLAIN.fullmatch(words) else json.dumps(words, ensure_ascii=False)


def _place_of_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if isinstance(event.get("error"), BaseException):
        event["error"] = place_of(event["error"])
    return event


def _no_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str) and SECRET.search(value):
            event[name] = SECRET.sub("[secret]", value)
    return event
