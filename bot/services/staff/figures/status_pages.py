"""The page that says how the bot is, for admins: the same figures as `lotse status`."""

from __future__ import annotations

from datetime import datetime

from bot.core.message import Argument, Button, Screen, Words
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db.staff.staff import Member
from bot.services.health import alarms, vitals
from bot.services.health.alarms import MEGABYTE
from bot.services.health.seen import Seen
from bot.services.staff.page import HOME, Entry, Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

STATUS = "status"
ENTRY = Entry("button.status", STATUS, Right.INVITE, "🩺")


def _status(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen:
    found = vitals.look(turn.connection, turn.now, None if turn.seen is None else turn.seen())
    figures, seen = found.figures, found.seen
    wrong = alarms.find(figures, seen, turn.now)
    worries: Block = tuple(alarms.words(turn, key, one) for key, one in wrong.items() if one.wrong)
    database: Block = (
        staff_text("status.last_update", when=_when(turn, figures.last_update, "nobody")),
        staff_text("status.inbox", waiting=figures.waiting, parked=figures.parked),
        staff_text("status.outbox", planned=figures.planned, due=figures.due),
        staff_text("status.database", revision=Words(figures.schema), size=figures.size // MEGABYTE),
    )
    if figures.serving:
        leads = Words(figures.serving[0].name)
        database = (*database, staff_text("status.processes", number=len(figures.serving), leads=leads))
    machine = () if seen is None else _machine(turn, seen)
    blocks = ((staff_text("status.title"),), worries or (staff_text("status.well"),), database, machine)
    again = (Button(staff_text("button.status_again"), go(STATUS), "🔄"),)
    return Screen(tuple(block for block in blocks if block), (again, back(HOME)))


def _machine(turn: Turn, seen: Seen) -> Block:
    """What the process sees."""
    how = "webhook" if seen.webhook else "polling"
    translator: Argument = staff_text("status.no_translator") if seen.translator == "none" else Words(seen.translator)
    lines = [
        staff_text("status.running", version=Words(seen.version), since=_when(turn, seen.started_at, "unknown")),
        staff_text(f"status.{how}"),
        staff_text("status.backup", when=_when(turn, seen.last_backup, "no_backup")),
        staff_text("status.translator", engine=translator),
    ]
    if seen.disk_free is not None:
        lines.append(staff_text("status.disk", free=seen.disk_free // MEGABYTE))
    return tuple(lines)


def _when(turn: Turn, at: datetime | None, otherwise: str) -> Argument:
    return staff_text(f"status.{otherwise}") if at is None else local_time(at, turn.content.town.clock)


PAGES: dict[str, Page] = {STATUS: Page(Right.INVITE, _status)}
