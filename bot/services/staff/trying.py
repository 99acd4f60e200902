"""What buttons and words do where a member looks at the bot as a participant: none of it is stored.

Screens, engine and words are those of everybody; only what would change something outside says that it does not. The
invented answers are a draft of the member's own, thrown away when they leave.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.understanding import typed
from bot.core import engine
from bot.core.engine import State
from bot.db.chats import LONGEST_FOCUS
from bot.db.staff import drafts
from bot.db.staff.staff import Member
from bot.services import places
from bot.services.questions import asking
from bot.services.questions.asking import Asking
from bot.services.questions.problems import problem_said
from bot.services.reply import Reply
from bot.services.staff.next_page import Perform, at_page, page_before
from bot.services.staff.page import HOME
from bot.services.staff.texts import staff_text
from bot.services.staff.trial_language import TRIAL
from bot.services.staff.trying_pages import FORM, LEAVE_VERB, NO_MORE, REFUSED, state_of
from bot.services.turn import Turn
from bot.services.view import local_day, ui
from bot.services.visit import Visit


def _keep(turn: Turn, member: Member, state: State) -> None:
    draft = drafts.find(turn.connection, member.id, FORM, "")
    if draft is None:
        drafts.create(turn.connection, member.id, FORM, "", state, turn.now)
    else:
        drafts.save(turn.connection, draft.id, state, turn.now)


def begin(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Look in a language, from the start."""
    if arguments[0] not in visit.turn.content.languages:
        return visit.only(ui("notice.use_buttons"))
    _throw_away(visit, member)
    return _show(visit, arguments[0], places.AGE, tapped)


def leave(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Back to the desk; the invented answers are gone."""
    _throw_away(visit, member)
    return at_page(visit, HOME, tapped)


def _throw_away(visit: Visit, member: Member) -> None:
    draft = drafts.find(visit.turn.connection, member.id, FORM, "")
    if draft is not None:
        drafts.remove(visit.turn.connection, draft.id)


def _language(visit: Visit) -> str:
    return page_before(visit)[1]


def _show(visit: Visit, language: str, place: str, tapped: int | None, focus: str = "") -> Reply:
    page = f"{TRIAL}.{language}.{place}.{focus.replace('.', ':') or NO_MORE}"
    if len(page) > LONGEST_FOCUS:
        return visit.only(ui("notice.use_buttons"))
    return at_page(visit, page, tapped)


def _to(place: str) -> Perform:
    return lambda visit, _, arguments, tapped: _show(visit, _language(visit), place, tapped, ".".join(arguments))


def _part(name: str) -> Perform:
    """A part of the settings."""
    return lambda visit, _, arguments, tapped: _show(
        visit, _language(visit), places.SETTINGS, tapped, ".".join((name, *arguments))
    )


def _either(yes: str, no: str) -> Perform:
    return lambda visit, _, arguments, tapped: _show(
        visit, _language(visit), no if arguments == ("no",) else yes, tapped
    )


def _ask(verb: str) -> Perform:
    def perform(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        turn = visit.turn
        today = local_day(turn.content, turn.now)
        state = state_of(turn, member)
        step = asking.press(Asking(turn.content.questionnaire.first_pass, state, today), verb, arguments)
        return visit.only(ui("notice.use_buttons")) if step is None else _stepped(visit, member, step, tapped)

    return perform


def _stepped(visit: Visit, member: Member, step: engine.Step, tapped: int | None) -> Reply:
    if step.problem is not None:
        said = problem_said(step.problem)
        return visit.reply(said) if tapped is None else visit.only(said)
    _keep(visit.turn, member, step.state)
    return _show(visit, _language(visit), places.QUESTIONS, tapped)


def write(visit: Visit, member: Member, text: str) -> Reply | None:
    """Words answer the question that is shown; None on any other page."""
    if page_before(visit)[0] != TRIAL:
        return None
    turn = visit.turn
    state = state_of(turn, member)
    if state.at is None or page_before(visit)[2] != places.QUESTIONS:
        return visit.reply(ui("notice.use_buttons"))
    questions = turn.content.questionnaire.first_pass
    today = local_day(turn.content, turn.now)
    said = typed(turn.content, questions.by_id[state.at], _language(visit), text, today)
    return _stepped(visit, member, engine.answer(questions, state, said), None)


def _change(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    questions = visit.turn.content.questionnaire.first_pass
    if len(arguments) != 1:
        return visit.only(ui("notice.use_buttons"))
    state = engine.change(questions, state_of(visit.turn, member), arguments[0])
    return _stepped(visit, member, engine.Step(state), tapped)


def _nothing(visit: Visit, _: Member, __: tuple[str, ...], ___: int | None) -> Reply:
    """A participant's button that changes something changes nothing here."""
    return visit.only(staff_text("trying.nothing"))


VERBS: Mapping[str, Perform] = {
    **{name: _ask(name) for name in asking.VERBS},
    "age": _either(places.NOTICE, places.YOUNG),
    "storage": _either(places.CONSENTS_START, REFUSED),
    "next": _to(places.QUESTIONS),
    "change": _change,
    "confirm": _to(places.DONE),
    "resume": _to(places.QUESTIONS),
    "pause": _to(places.PAUSED),
    "profile": _to(places.PROFILE),
    "privacy": _to(places.PRIVACY),
    "offers": _to(places.OFFERS),
    "offer": _to(places.OFFER),
    "settings": _to(places.SETTINGS),
    "quiet": _part("start"),
    "start": _part("end"),
    "cap": _part("cap"),
    "zone": _part("zone"),
    "clock": _part("clock"),
    "name": _part("name"),
    LEAVE_VERB: leave,
}
"""What the buttons of a participant's screens do here."""


def press(verb: str) -> Perform:
    """The function of such a button; one that would change something does nothing."""
    return VERBS.get(verb, _nothing)
