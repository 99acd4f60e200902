"""The meetings of the files brought into the database, with all that follows for people who are registered."""

from __future__ import annotations

from bot.db import meetings as rows
from bot.services import joining, meetings, offering, reminding
from bot.services.meetings import Report
from bot.services.turn import Turn


def synchronise(turn: Turn) -> Report:
    """Take over what the files say now. What staff changed stays; everybody concerned is told of every change."""
    report = meetings.synchronise(turn, offering.terms_of(turn.content))
    for change in (*report.moved, *report.cancelled, *report.restored):
        reminding.meeting_changed(turn, change.old, change.new)
    for one in rows.named(turn.connection, report.added):
        reminding.meeting_added(turn, one)
    joining.look_after(turn)
    return report
