"""Copies of a broadcast that were on their way while it was corrected, filled or recalled are changed afterwards.

A round of changes covers all copies whose message is known. One that is in hand at that moment is said with the
former words, and its message is known only when it is recorded: then it gets the newest round's change as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.broadcasts import Broadcast, Stage, of_key
from bot.db.broadcasts import broadcasts
from bot.db.offers import sayings
from bot.db.outbox.deliveries import Due, Kind
from bot.services.turn import Turn


def hold(turn: Turn, sent: Sequence[Due]) -> dict[int, Broadcast]:
    """Their broadcasts by number, which nobody changes before this transaction ends. It comes before any write."""
    numbers = {number for one in sent if (number := _broadcast(one)) is not None}
    return broadcasts.several(turn.connection, numbers, still=True) if numbers else {}


def follow(turn: Turn, held: Mapping[int, Broadcast], sent: Sequence[tuple[Due, int | None]]) -> None:
    """Change those of the copies recorded now that were said before staff said something else.

    Each comes with the state of staff's words (`Content.said`) it was said with.
    """
    changed = {number: one for number, one in held.items() if one.rounds}
    if not changed:
        return
    now = sayings.revision(turn.connection)
    for number, one in changed.items():
        late = [due.id for due, said in sent if said != now and _broadcast(due) == number]
        if late:
            delete = one.stage is Stage.RECALLED
            broadcasts.redraw(turn.connection, number, one.rounds, turn.now, None, delete=delete, only=late)


def _broadcast(due: Due) -> int | None:
    return of_key(due.text_key) if due.kind is Kind.BROADCAST else None
