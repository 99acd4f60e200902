"""What could not be done for a talk and shows nowhere in it: whoever has to do something about it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.core.message import LinkButton, Screen
from bot.core.threads import PREFIX, Job
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned
from bot.db.staff import staff
from bot.services.deliveries import stored_screen
from bot.services.staff.texts import staff_text
from bot.services.threads import leavers, lines
from bot.services.turn import Turn

LINK, SUPERGROUP = "https://t.me/c", "-100"
"""How the messenger links to a topic of a group: by the group's number without the prefix that all of them have."""


def tell(turn: Turn, failed: Sequence[Due]) -> None:
    """Tell of deliveries that have failed for good.

    A picture that a member wanted to see cannot be shown, the topic of somebody who was erased cannot be deleted, or
    somebody who has left the team cannot be removed from its group.
    """
    for due in failed:
        params = due.params or {}
        topic = None if params.get("close") else params.get("topic")
        if due.text_key == Job.SHOW.text_key:
            _say(turn, due, [due.chat_id], Screen(((staff_text("thread.not_shown"),),)))
        elif due.text_key == Job.OUT.text_key:
            leavers.tell(turn, due)
        elif due.text_key == Job.GONE.text_key and topic is not None:
            address = f"{LINK}/{str(due.chat_id).removeprefix(SUPERGROUP)}/{topic}"
            link = LinkButton(staff_text("button.topic"), address)
            reached = staff.reachable(turn.connection, lines.coordinators(turn))
            _say(turn, due, reached, Screen(((staff_text("group.topic_stays"),),), ((link,),)))


def out_of_reach(turn: Turn, lost: Iterable[Due]) -> None:
    """Nothing arrives where these were to go: of whom is to leave a group the team hears, all else waits for it."""
    for due in lost:
        if due.text_key == Job.OUT.text_key:
            leavers.tell(turn, due)


def _say(turn: Turn, due: Due, chats: Collection[int], screen: Screen) -> None:
    key, params = stored_screen.to_row(screen)
    planned = Planned(f"{PREFIX}trouble.{due.id}", Kind.NOTICE, turn.now, key, params)
    deliveries.plan(turn.connection, [(chat_id, planned) for chat_id in chats])
