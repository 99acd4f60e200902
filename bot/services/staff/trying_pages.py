"""The bot as a participant sees it, for the team: any of its languages, with invented answers.

What is answered is a draft of the member's own; what its buttons do is the matter of `bot.services.staff.trying`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.content.locales import german_name
from bot.core import engine
from bot.core.engine import State
from bot.core.message import Button, Screen, Words
from bot.core.roles import Right
from bot.db.staff import drafts
from bot.db.staff.staff import Member
from bot.services import places, screens
from bot.services.offers import offering
from bot.services.offers.offer_screens import LISTED
from bot.services.offers.shown import Shown
from bot.services.preferences import telling
from bot.services.staff.page import HOME, Entry, Page, back
from bot.services.staff.texts import staff_text
from bot.services.staff.trial_language import TRIAL
from bot.services.turn import Turn
from bot.services.view import Found, Row, View

LANGUAGES = "trying"
ENTRY = Entry("trying.entry", LANGUAGES, Right.SEE_OFFERS, "👁")
FORM = "trying"
"""The name of the draft that holds the invented answers."""
NO_MORE = "-"
REFUSED = "refused"
"""What is shown instead of a place to whoever says no to the first purpose."""
BEGIN_VERB, LEAVE_VERB = "try_in", "try_end"


def _languages(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen:
    """Which language to look in."""
    rows: list[Row] = [
        (Button(staff_text("button.named", name=Words(german_name(one))), f"{BEGIN_VERB}.{one}"),)
        for one in turn.content.languages
    ]
    return Screen(((staff_text("trying.title"),), (staff_text("trying.how"),)), (*rows, back(HOME)))


def state_of(turn: Turn, member: Member) -> State:
    """What was answered so far."""
    draft = drafts.find(turn.connection, member.id, FORM, "")
    questions = turn.content.questionnaire.first_pass
    return engine.start(questions) if draft is None else engine.resume(questions, draft.state)


def _trial(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """A screen of the bot, as somebody with these answers sees it."""
    language, place, about = arguments
    if language not in turn.content.languages:
        return None
    focus = "" if about == NO_MORE else about.replace(":", ".")
    leave: Row = (Button(staff_text("trying.leave"), LEAVE_VERB, "⏏️"),)
    if place in {places.YOUNG, REFUSED}:
        shown = screens.young(turn.content) if place == places.YOUNG else screens.refused()
        return replace(shown, rows=(*shown.rows, leave))
    if place not in screens.PLACES:
        return None
    state = state_of(turn, member)
    view = View(
        content=turn.content,
        language=language,
        state=state,
        found=Found(offers=_offers(turn, state, place, focus)),
        focus=focus,
        now=turn.now,
    )
    shown = telling.for_clock(screens.build(place, view), turn.content.town, None)
    return replace(shown, rows=(*shown.rows, leave))


def _offers(turn: Turn, state: State, place: str, focus: str) -> tuple[Shown, ...]:
    name = focus.partition(".")[0]
    if place == places.OFFER:
        found = offering.one(turn, name, state, None)
        return () if found is None else (found,)
    if place == places.OFFERS:
        return offering.listed(turn, name if name in LISTED else "courses", state, None)
    return ()


PAGES: dict[str, Page] = {
    LANGUAGES: Page(Right.SEE_OFFERS, _languages),
    TRIAL: Page(Right.SEE_OFFERS, _trial, 3),
}
