"""How the bot is: one source for `lotse status`, the page of the admins, and what Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.db import vitals
from bot.db.vitals import Figures, Serving
from bot.services.deliveries.outbox import Status
from bot.services.health import alarms
from bot.services.health.alarms import LATELY, MEGABYTE, Alarm
from bot.services.health.seen import Seen


@dataclass(frozen=True, slots=True)
class Vitals:
    """The bot at one moment: the database's figures, and what the process sees (None: nobody looked)."""

    now: datetime
    figures: Figures
    seen: Seen | None

    @property
    def wrong(self) -> tuple[Alarm, ...]:
        """What goes wrong now."""
        return tuple(key for key, one in alarms.find(self.figures, self.seen, self.now).items() if one.wrong)

    @property
    def well(self) -> bool:
        """Whether it runs, and nothing goes wrong."""
        return self.seen is not None and self.seen.started_at is not None and not self.wrong


def look(connection: Connection, now: datetime, seen: Seen | None) -> Vitals:
    """What there is to be seen."""
    return Vitals(now, vitals.figures(connection, now, now - LATELY), seen)


def lines(found: Vitals) -> Iterator[str]:
    """For a terminal."""
    figures, seen = found.figures, found.seen
    if seen is not None:
        yield (
            f"Lotse {seen.version} has been running since {_moment(seen.started_at)}, by {_mode(seen)}."
            if seen.started_at is not None
            else "Lotse does not run here."
        )
    yield f"database: revision {figures.schema}, {_megabytes(figures.size)}"
    if figures.serving:
        yield f"processes: {len(figures.serving)}"
        yield from (f"  {_process(one, leads=one is figures.serving[0])}" for one in figures.serving)
    yield f"last update: {_moment(figures.last_update)}"
    yield f"updates: {figures.waiting:,} waiting, {figures.parked:,} parked"
    yield f"oldest notice or reminder that is due: {_moment(figures.oldest_due)}"
    if seen is not None:
        yield f"last backup: {_moment(seen.last_backup)}"
        yield f"disk: {_megabytes(seen.disk_free)} free"
        yield f"translation: {seen.translator}"
    yield f"wrong: {', '.join(found.wrong) or 'nothing'}"


def as_json(found: Vitals, outbox: Status) -> dict[str, Any]:
    """For programs: times in UTC as ISO 8601, sizes in bytes, null for what is not known."""
    figures, seen = found.figures, found.seen
    return {
        "ok": found.well,
        "wrong": list(found.wrong),
        "running": seen is not None and seen.started_at is not None,
        "version": seen and seen.version,
        "started_at": _iso(seen.started_at if seen else None),
        "mode": seen and _mode(seen),
        "schema": figures.schema,
        "processes": [
            {
                "number": one.number,
                "name": one.name,
                "version": one.version,
                "started_at": _iso(one.started_at),
                "leads": one is figures.serving[0],
                "late": one.late,
            }
            for one in figures.serving
        ],
        "database_bytes": figures.size,
        "disk_free_bytes": seen and seen.disk_free,
        "last_update": _iso(figures.last_update),
        "last_backup": _iso(seen.last_backup if seen else None),
        "waiting": figures.waiting,
        "parked": figures.parked,
        "translator": seen and seen.translator,
        "outbox": {state.value: count.number for state, count in outbox.counts.items()},
        "oldest_due": _iso(figures.oldest_due),
        "next_due": _iso(outbox.next_due),
        "sent_last_minute": outbox.last_minute,
    }


def _mode(seen: Seen) -> str:
    return "webhook" if seen.webhook else "polling"


def _process(one: Serving, *, leads: bool) -> str:
    what = [one.name, one.version, f"since {_moment(one.started_at)}"]
    return ", ".join([*what, *(["leads"] if leads else []), *(["does not answer"] if one.late else [])])


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _moment(at: datetime | None) -> str:
    return "none" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / MEGABYTE:,.1f} MB"
