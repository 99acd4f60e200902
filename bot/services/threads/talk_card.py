"""The card of a talk with a human: where the words go, who answers, how long that takes, and how to leave."""

from __future__ import annotations

from bot.core.message import Button, Screen, Text
from bot.core.office import next_opening
from bot.core.threads import usual_wait
from bot.core.timing import local_time
from bot.services.view import Row, View, town, ui

TALK_BUTTON: Row = (Button(ui("button.talk"), "talk", "💬"),)
HOUR, FEWEST_MINUTES = 3600, 10
STEP = 5
"""Minutes are told in steps."""


def talk_card(view: View) -> Screen:
    """What is written below this card goes to the team."""
    office, clock = view.content.town.office_hours, view.content.town.clock
    opens = next_opening(office, local_time(view.now, clock), view.content.town.closed)
    closed = () if opens is None else ((ui("talk.closed_now", when=opens),),)
    unsay: tuple[Row, ...] = ((Button(ui("button.unsay"), "unsay", "↩️"),),) if view.found.has_said else ()
    return Screen(
        ((ui("talk.title"),), (ui("talk.who", who=town("next.who")), _usually(view)), *closed, (ui("talk.how"),)),
        ((Button(ui("button.talk_leave"), "resume", "▶️"),), *unsay),
    )


def _usually(view: View) -> Text:
    """How long people waited of late, else what the town says."""
    seconds = usual_wait(view.found.waits)
    if seconds is None:
        return ui("talk.usual", within=town("next.within"))
    if seconds >= HOUR:
        return ui("talk.usual_hours", hours=-(-seconds // HOUR))
    minutes = max(-(-seconds // 60 // STEP) * STEP, FEWEST_MINUTES)
    return ui("talk.usual_minutes", minutes=minutes)
