"""Staff fill in a form: buttons and words answer its questions, and handing it in does what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.understanding import typed
from bot.core import engine
from bot.core.conditions import Value
from bot.core.engine import State, Step
from bot.core.folding import number
from bot.core.message import Text
from bot.db.staff import drafts
from bot.db.staff.staff import Member
from bot.services import day_rows
from bot.services.questions import asking
from bot.services.questions.asking import Asking
from bot.services.questions.problems import problem_said
from bot.services.reply import Reply
from bot.services.staff.forms import forms
from bot.services.staff.forms.forms import FORM, Opened
from bot.services.staff.forms.known_forms import FORMS
from bot.services.staff.next_page import at_page
from bot.services.staff.page import HOME
from bot.services.staff.texts import staff_text
from bot.services.view import local_day, ui
from bot.services.visit import Visit

ADDRESS = "map"
"""The question that is answered with a web address, whatever form it stands in."""
Given = Mapping[str, Value | None]
"""The answers of a form by question; None: left out."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of handing in a form: the next page and a short word, or the question to be answered again.

    `content_changed`: offers have changed.
    """

    page: str = HOME
    toast: Text | None = None
    again: str | None = None
    content_changed: bool = False


End = Callable[[Visit, Member, str, Given], Ended]
"""Does what a form says about its subject."""
Perform = Callable[[Visit, Opened, tuple[str, ...], int | None], Reply]


def begin(
    visit: Visit, member: Member, name: str, subject: str, tapped: int | None, known: Given | None = None
) -> Reply:
    """Open a form, or continue one that was begun. `known` are answers that a new one begins with."""
    turn, form = visit.turn, FORMS[name]
    if name not in turn.content.forms:
        return visit.only(ui("notice.use_buttons"))
    draft = drafts.find(turn.connection, member.id, name, subject)
    if draft is None:
        asked = forms.questions(turn, form, name, subject)
        given = forms.answers(form, asked, form.known(turn, subject)) | forms.prefilled(asked, known or {})
        begun = next(iter(engine.still_open(asked, given)), None)
        state = engine.resume(asked, State(given, begun))
        draft = drafts.create(turn.connection, member.id, name, subject, state, turn.now)
        known = None
    return at_page(visit, f"{FORM}.{draft.id}", tapped, None if known is None else staff_text("toast.begun_before"))


def form_before(visit: Visit, member: Member) -> Opened | None:
    """The draft whose card lies before the member."""
    name, _, key = (visit.chat.focus or "").partition(".")
    return forms.opened(visit.turn, member, FORMS, number(key)) if name == FORM else None


def press(verb: str) -> Perform:
    """A button of a question's card."""

    def perform(visit: Visit, one: Opened, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        today = local_day(visit.turn.content, visit.turn.now)
        step = asking.press(Asking(one.questions, one.state, today), verb, arguments)
        return visit.only(ui("notice.use_buttons")) if step is None else _stepped(visit, one, step, tapped)

    return perform


def write(visit: Visit, one: Opened, text: str) -> Reply:
    """Words answer the question on the card."""
    turn, state = visit.turn, one.state
    if state.at is None:
        return visit.reply(ui("notice.use_buttons"))
    today = local_day(turn.content, turn.now)
    said = typed(turn.content, one.questions.by_id[state.at], SOURCE_LANGUAGE, text, today)
    return _stepped(visit, one, engine.answer(one.questions, state, said), None)


def change(visit: Visit, one: Opened, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """One answer is given anew."""
    if arguments[0] in one.form.fixed(one.draft.subject):
        return visit.only(ui("notice.use_buttons"))
    return _stepped(visit, one, Step(engine.change(one.questions, one.state, arguments[0])), tapped)


def discard(visit: Visit, one: Opened, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Throw away what was filled in."""
    drafts.remove(visit.turn.connection, one.draft.id)
    return at_page(visit, one.form.page(one.draft.subject), tapped, staff_text("toast.discarded"))


def later(visit: Visit, _one: Opened, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Leave it as it is; the home page leads back to it."""
    return at_page(visit, HOME, tapped, staff_text("toast.draft"))


def hand_in(visit: Visit, member: Member, one: Opened, end: End, tapped: int | None) -> Reply:
    """Do what the form says; or ask a question again."""
    turn, state = visit.turn, one.state
    if state.at is not None:
        return visit.reply(tapped=tapped)
    given = {name: said.value for name, said in engine.counting(one.questions, state.answers).items()}
    ended = end(visit, member, one.draft.subject, given)
    if ended.again is not None:
        drafts.save(turn.connection, one.draft.id, engine.change(one.questions, state, ended.again), turn.now)
        return visit.reply(*(() if ended.toast is None else (ended.toast,)), tapped=tapped)
    drafts.remove(turn.connection, one.draft.id)
    visit.refreshed |= ended.content_changed
    return at_page(visit, ended.page, tapped, ended.toast)


def nothing(visit: Visit, _one: Opened, _arguments: tuple[str, ...], _tapped: int | None) -> Reply:
    """A button that does nothing and only fills its place."""
    return visit.only()


VERBS: Mapping[str, tuple[Perform, int]] = {
    **{name: (press(name), one.arguments) for name, one in asking.VERBS.items()},
    "change": (change, 1),
    "discard": (discard, 0),
    "pause": (later, 0),
    day_rows.NOTHING: (nothing, 0),
}
"""What a button of a draft's card does, with how many arguments; `hand_in` needs to know how forms end."""


def _stepped(visit: Visit, one: Opened, step: Step, tapped: int | None) -> Reply:
    said = problem_said(step.problem) if step.problem is not None else _wrong_address(one, step.state)
    if said is not None:
        return visit.reply(said) if tapped is None else visit.only(said)
    drafts.save(visit.turn.connection, one.draft.id, step.state, visit.turn.now)
    return visit.reply(tapped=tapped)


def _wrong_address(one: Opened, state: State) -> Text | None:
    given = state.answers.get(ADDRESS) if one.state.at == ADDRESS else None
    if given is None or given.value is None or str(given.value).startswith("https://"):
        return None
    return staff_text("problem.no_address")
