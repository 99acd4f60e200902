"""How far a broadcast is, in words: the bar, how deliveries ended and why, and what changes of its copies came to."""

from __future__ import annotations

from datetime import timedelta

from bot.core.broadcasts import Broadcast, Stage
from bot.core.message import Text, Words
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import State
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.broadcasting import Progress
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

MINUTE = timedelta(minutes=1)
BAR = 10
"""Signs of the bar that shows how far a broadcast is."""


def numbers(progress: Progress) -> Block:
    """The bar, and how many deliveries ended how."""
    if progress.planning and not progress.total:
        return (staff_text("progress.planning"),)
    done = progress.total - progress.waiting
    full = 0 if not progress.total else done * BAR // progress.total
    lines: list[Text | Words] = [
        staff_text("progress.bar", bar=Words("▓" * full + "░" * (BAR - full)), done=done, total=progress.total)
    ]
    for state in State:
        count = progress.waiting if state is State.PLANNED else progress.states.get(state, 0)
        if count and state is not State.CLAIMED:
            lines.append(staff_text(f"progress.{state}", number=count))
    return tuple(lines)


def pace(turn: Turn, one: Broadcast) -> Block:
    """How many went out in the last minute, and how long the rest of what is due takes at that pace."""
    start = one.starts_at
    if one.stage is not Stage.SENDING or start is None or start >= turn.now:
        return ()
    since = max(turn.now - MINUTE, start)
    sent = broadcasts.sent_since(turn.connection, one.id, since)
    due, _ = broadcasts.waiting_by(turn.connection, one.id, [start, turn.now + MINUTE])
    if not sent or not due:
        return ()
    return (staff_text("progress.pace", max(1, round(due * (turn.now - since) / (sent * MINUTE))), sent=sent),)


def why(turn: Turn, one: Broadcast) -> Block:
    """Why some people did not get it."""
    known = broadcasts.reasons(turn.connection, one.id)
    lines = [
        staff_text("progress.reason", what=staff_text(_reason(reason)), number=count)
        for reason, count in sorted(known.items(), key=lambda item: -item[1])
    ]
    return (staff_text("progress.why"), *lines) if lines else ()


def changes(turn: Turn, one: Broadcast) -> Text:
    """How far the last change of the copies in the chats has got."""
    states = broadcasts.redrawn(turn.connection, one.id, one.rounds)
    total = sum(states.values())
    waiting = sum(states.get(state, 0) for state in broadcasting.WAITING)
    done = states.get(State.SENT, 0)
    if not waiting:
        return staff_text("progress.changed_all", done=done, total=total)
    return staff_text("progress.changed", done=done, total=total, waiting=waiting)


_REASONS = frozenset(
    [
        "blocked",
        "too_late",
        "muted",
        "no_consent",
        "quiet",
        "cap",
        "language",
        "offer_gone",
        "not_wanted",
        "stopped",
        "filled",
        "recalled",
        "not_in_audience",
        "restricted",
    ]
)


def _reason(code: str) -> str:
    return f"reason.{code}" if code in _REASONS else "reason.other"
