"""What the buttons of the path do: on its cards, and on a message about a last day."""

from __future__ import annotations

from bot.core.message import Listing, Text
from bot.db.people import path_marks
from bot.services import places
from bot.services.questions.reopening import reopen
from bot.services.reply import Reply
from bot.services.view import ui
from bot.services.visit import Visit

CARD = "path"
"""Before the focus of a question that was opened from the path: `path.<step>`, or `path.` for the path itself."""


def tick(visit: Visit, step_id: str, *, on: bool) -> bool:
    """Say that a step is done, or is not after all; False where it is no step that is ticked."""
    way, person = visit.way(), visit.participant
    if way is None or person is None or step_id not in way.ticks:
        return False
    if on:
        path_marks.mark(visit.turn.connection, person.id, step_id, visit.turn.now)
    else:
        path_marks.unmark(visit.turn.connection, person.id, step_id)
    return True


def ticked(visit: Visit, step_id: str, on: str, tapped: int | None) -> Reply:
    """The tick of a step's card."""
    said = tick(visit, step_id, on=on == "1")
    return visit.reply(toast=ui("again.thanks" if said else "news.stale"), tapped=tapped)


def change(visit: Visit, question: str, tapped: int | None) -> Reply:
    """Open a question that decides about the card before the person. Once it is answered, that card comes again."""
    step = visit.chat.focus or "" if visit.place == places.STEP else ""
    if not reopen(visit, question):
        return visit.only(ui("notice.use_buttons"))
    visit.look_at(None, f"{CARD}.{step}")
    visit.greets = False
    return visit.reply(tapped=tapped)


def come_back(visit: Visit, focus: str) -> None:
    """After the answer: the card the question was opened from, an offer's or one of the path."""
    card, _, step = focus.partition(".")
    if card != CARD or "." not in focus:
        visit.look_at(places.OFFER, focus)
    elif step:
        visit.look_at(places.STEP, step)
    else:
        visit.look_at(places.PATH)


def why(visit: Visit) -> Text:
    """Why somebody is told of a last day."""
    way = visit.way()
    goals = way.plan.goals if way is not None else ()
    if not goals:
        return ui("news.stale")
    return ui("path.why", goals=Listing(tuple(Text(f"path.goals.{one}.title") for one in goals)))
