"""What goes wrong with the bot itself: the admins are told in the chat when it begins and when it is over.

Each alarm is a row, written in one transaction with its messages, so that a kill neither swallows nor repeats a word.
What cannot be judged now (nothing was sent, nobody asked the translator) leaves an alarm as it is. One that comes and
goes is told once in `QUIET`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.message import Argument, Text
from bot.core.timing import local_time
from bot.db import alarms, vitals
from bot.db.alarms import Row
from bot.db.staff import staff
from bot.db.vitals import Figures
from bot.services.health import absence
from bot.services.health.seen import Seen
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn

QUIET = timedelta(hours=6)
"""Between two messages that the same alarm has begun."""
LATELY = timedelta(hours=24)
"""How long an update that was set aside counts as new."""
FEW, MANY = 0.1, 0.2
"""Shares of deliveries that failed: below the first all is well, from the second on it is not."""
ENOUGH_TRIES = 20
LATE = timedelta(minutes=10)
OLD_BACKUP = timedelta(hours=36)
MEGABYTE = 1_000_000
SHORT, ROOM = 500 * MEGABYTE, 700 * MEGABYTE
"""Room on the disk: below the first it is short, from the second on there is enough."""


class Alarm(StrEnum):
    """What can go wrong."""

    DELIVERIES = "deliveries"
    """Many of the latest failed."""
    LATE = "late"
    """Notices and reminders are due and do not go out."""
    TRANSLATION = "translation"
    BACKUP = "backup"
    DISK = "disk"
    PARKED = "parked"
    """Updates were set aside."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an alarm is on now, None where that cannot be said; and the figures that go with it."""

    wrong: bool | None
    facts: Mapping[str, int | datetime] = field(default_factory=dict)


def find(found: Figures, seen: Seen | None, now: datetime) -> dict[Alarm, Finding]:
    """A finding for each alarm that can be looked at."""
    late = found.oldest_due is not None and found.oldest_due < now - LATE
    findings = {
        Alarm.LATE: Finding(late, {"since": found.oldest_due} if found.oldest_due is not None else {}),
        Alarm.PARKED: Finding(found.parked_lately > 0, {"number": found.parked_lately}),
    }
    if seen is None:
        return findings
    backup, free = seen.no_backup_since, seen.disk_free
    return {
        Alarm.DELIVERIES: Finding(_failing(seen.tried, seen.failed), {"failed": seen.failed, "tried": seen.tried}),
        **findings,
        Alarm.TRANSLATION: Finding(seen.translation_fails),
        Alarm.BACKUP: Finding(None) if backup is None else Finding(backup < now - OLD_BACKUP, {"since": backup}),
        Alarm.DISK: Finding(None) if free is None else Finding(_short(free), {"free": free // MEGABYTE}),
    }


def look(turn: Turn, seen: Seen) -> tuple[tuple[Alarm, bool], ...]:
    """Compare the findings with what the admins know, and tell them; what was told, True where it has begun."""
    found = vitals.figures(turn.connection, turn.now, turn.now - LATELY)
    rows = alarms.load(turn.connection, (*Alarm, absence.ROW))
    absence.look(turn, seen, rows[absence.ROW].since)
    told = []
    for alarm, finding in find(found, seen, turn.now).items():
        before = rows[alarm]
        if finding.wrong is None or finding.wrong == (before.since is not None) == before.heard:
            continue
        if finding.wrong:
            after, say = _going_on(before, turn.now)
        else:
            after, say = replace(before, since=None), before.heard
        if say and not _tell(turn, alarm, finding, before.since):
            continue  # nobody there who could hear it: the next look tries again
        if say:
            told.append((alarm, bool(finding.wrong)))
        if after != before:
            alarms.save(turn.connection, alarm, after)
    return tuple(told)


def words(turn: Turn, alarm: Alarm, finding: Finding) -> Text:
    """What is wrong, for the team."""
    facts: dict[str, Argument] = {
        name: local_time(one, turn.content.town.clock) if isinstance(one, datetime) else one
        for name, one in finding.facts.items()
    }
    return staff_text(f"alarm.{alarm}", None, **facts)


def _going_on(before: Row, now: datetime) -> tuple[Row, bool]:
    """The row of an alarm that is on, and whether it is to be told now."""
    quiet = before.told_at is not None and now < before.told_at + QUIET
    return Row(before.since or now, before.told_at if quiet else now), not quiet


def _tell(turn: Turn, alarm: Alarm, finding: Finding, since: datetime | None) -> int:
    """Write to every admin who can act; how many hear it."""
    if finding.wrong:
        text = words(turn, alarm, finding)
    else:
        text = staff_text(f"alarm.{alarm}_over", since=local_time(since or turn.now, turn.content.town.clock))
    return notices.tell(turn, staff.active_admins(turn.connection, turn.now), text, urgent=True)


def _failing(tried: int, failed: int) -> bool | None:
    if tried and not failed:
        return False
    if tried < ENOUGH_TRIES or FEW * tried <= failed < MANY * tried:
        return None
    return failed >= MANY * tried


def _short(free: int) -> bool | None:
    return None if SHORT <= free < ROOM else free < SHORT
