"""The meetings of the files brought into the database, with all that follows for people who are registered."""

from __future__ import annotations

from bot.content.faults import Fault, Level
from bot.content.loader import OFFERS
from bot.core.timing import local_time
from bot.db.offers import meetings as rows
from bot.db.offers.meetings import Meeting
from bot.services.offers import joining, meetings, offering
from bot.services.offers.meetings import Change, Report
from bot.services.reminders import reminding
from bot.services.turn import Turn


def synchronise(turn: Turn) -> Report:
    """Take over what the files say now. What staff changed stays; everybody concerned is told of every change."""
    report = meetings.synchronise(turn, offering.terms_of(turn.content))
    for change in (*report.moved, *report.cancelled, *report.restored):
        reminding.meeting_changed(turn, change.old, change.new)
    added = rows.named(turn.connection, report.added)
    followed = {offer_id for offer_id in {one.offer_id for one in added} if reminding.is_followed(turn, offer_id)}
    for one in added:
        if one.offer_id in followed:
            reminding.meeting_added(turn, one)
    joining.look_after(turn)
    return report


def rehearsed(turn: Turn) -> list[Fault]:
    """What taking the files over would do to the meetings, as hints of `lotse check`; nothing is changed."""
    report = meetings.synchronise(turn, offering.terms_of(turn.content), dry_run=True)
    found = [_hint(turn, f"{number} meetings {what}") for number, what in _counts(report) if number]
    for change in (*report.moved, *report.cancelled, *report.restored):
        told = len(meetings.concerned(turn, change.old))
        found.append(_hint(turn, f"{_named(turn, change.old)} {_what(turn, change)}; {told} people are told"))
    found += [_hint(turn, f"{offer_id} {original}: what staff changed stays") for offer_id, original in report.kept]
    return found


def _counts(report: Report) -> tuple[tuple[int, str], ...]:
    return (len(report.added), "are new"), (len(report.removed), "of nobody are removed")


def _hint(turn: Turn, what: str) -> Fault:
    mend = "Nothing has to be done: this is what a start or 'lotse reload' does"
    return Fault(f"{turn.content.town.id}/{OFFERS}", 1, what, mend, Level.HINT)


def _named(turn: Turn, one: Meeting) -> str:
    return f"{one.offer_id} on {local_time(one.starts_at, turn.content.town.clock):%Y-%m-%d %H:%M}"


def _what(turn: Turn, change: Change) -> str:
    if change.new.cancelled_at is not None:
        return "is cancelled"
    if change.old.cancelled_at is not None:
        return "takes place after all"
    new = local_time(change.new.starts_at, turn.content.town.clock)
    room = f", room {change.new.room}" if change.new.room != change.old.room else ""
    return f"becomes {new:%Y-%m-%d %H:%M}{room}"
