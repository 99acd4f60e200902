"""The forms that staff fill in: what the program knows of each, and the card of a draft.

A form is a questionnaire of the engine; what is filled in so far is a row (`bot.db.staff.drafts`), so a member goes
on with it whenever they come back. Filling in is the matter of `bot.services.staff.forms.filling`, what becomes of a
form that of `bot.services.staff.forms.ends`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.content.locales import SOURCE_LANGUAGE
from bot.core import engine
from bot.core.conditions import Value
from bot.core.engine import Answer, State, Status
from bot.core.message import Button, Screen, Text
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.core.roles import Right, may
from bot.db.staff import drafts
from bot.db.staff.drafts import Draft
from bot.db.staff.staff import Member
from bot.services.questions.question_card import question_card
from bot.services.questions.summary import what_was_said
from bot.services.staff.page import HOME, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, View

FORM = "form"
"""The page of a draft: `form.<number>`."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the program knows of a form: the right it needs, and the page it was opened from.

    `about` says what a subject is in words, None where there is nothing to say; `asked` leaves out questions that
    make no sense about it; `known` are the answers there are before anything is asked, `fixed` those that stay.
    Whoever changes something begins at the check of all answers; `asks_the_rest`: at what is not known yet.
    """

    right: Right
    page: Callable[[str], str] = lambda _: HOME
    about: Callable[[Turn, str], Text | None] = lambda _, __: None
    asked: Callable[[Turn, str, Question], bool] = lambda _, __, ___: True
    known: Callable[[Turn, str], Mapping[str, Value | None]] = lambda _, __: {}
    fixed: Callable[[str], frozenset[str]] = lambda _: frozenset()
    asks_the_rest: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with its form, as the content has it now."""

    draft: Draft
    form: Form
    questions: Questionnaire

    @property
    def state(self) -> State:
        """The draft's state, moved on where the content no longer has its question."""
        return engine.resume(self.questions, self.draft.state)


def title_of(form: Questionnaire) -> Text:
    """What a form is called."""
    return Text(form.questions[0].section_key)


def opened(turn: Turn, member: Member, forms: Mapping[str, Form], draft_id: int | None) -> Opened | None:
    """A draft of the member; None where it is gone, or no longer theirs to fill in."""
    draft = None if draft_id is None else drafts.load(turn.connection, draft_id, member.id)
    form = None if draft is None else forms.get(draft.form)
    if draft is None or form is None or draft.form not in turn.content.forms or not may(member.role, form.right):
        return None
    return Opened(draft, form, questions(turn, form, draft.form, draft.subject))


def questions(turn: Turn, form: Form, name: str, subject: str) -> Questionnaire:
    """What a form asks about a subject."""
    whole = turn.content.forms[name]
    return replace(whole, questions=tuple(one for one in whole.questions if form.asked(turn, subject, one)))


def answers(form: Form, asked: Questionnaire, known: Mapping[str, Value | None]) -> dict[str, Answer]:
    """What is known, as answers; what may be left out counts as left out, unless the form asks for it."""
    given: dict[str, Answer] = {}
    for question in asked.questions if known else ():
        value = known.get(question.id)
        if question.kind is Kind.STATEMENT:
            continue
        if value is not None:
            given[question.id] = Answer(Status.GIVEN, value)
        elif question.optional and not form.asks_the_rest:
            given[question.id] = Answer(Status.SKIPPED, None)
    return given


def prefilled(asked: Questionnaire, known: Mapping[str, Value | None]) -> dict[str, Answer]:
    """What is known, as answers, as far as the form has such questions and options."""
    found: dict[str, Answer] = {}
    for name, value in known.items():
        question = asked.by_id.get(name)
        chosen = set(value) if isinstance(value, tuple) else {value}
        if question is not None and value is not None and chosen <= question.option_ids:
            found[name] = Answer(Status.GIVEN, value)
    return found


def card(turn: Turn, one: Opened) -> Screen:
    """What a draft shows now."""
    content = turn.content
    view = View(content, SOURCE_LANGUAGE, one.state, form=one.questions, now=turn.now)
    return drawn(view, one.form.about(turn, one.draft.subject), one.form.fixed(one.draft.subject))


def drawn(view: View, about: Text | None, fixed: frozenset[str] = frozenset()) -> Screen:
    """The question of a form that is asked now, or all answers once more before they count. Pure."""
    over: tuple[Block, ...] = () if about is None else ((about,),)
    if view.state is not None and view.state.at is not None:
        screen = question_card(view)
        return replace(screen, blocks=(*over, *screen.blocks))
    paragraphs, rows = what_was_said(view)
    title: Block = (staff_text("form.check", title=title_of(view.whole)),)
    last = (
        (Button(staff_text("button.save"), "hand_in", "✅"),),
        (Button(staff_text("button.later"), "pause", "⏸"), Button(staff_text("button.discard"), "discard", "🗑")),
    )
    fixed = frozenset(f"change.{name}" for name in fixed)
    kept = (tuple(b for b in row if not (isinstance(b, Button) and b.action in fixed)) for row in rows)
    return Screen((*over, title, *paragraphs), (*(row for row in kept if row), *last))


def entries(turn: Turn, member: Member, forms: Mapping[str, Form]) -> list[Button]:
    """A button for each form that the member has begun."""
    found = (opened(turn, member, forms, one.id) for one in drafts.of_member(turn.connection, member.id))
    return [
        Button(staff_text("button.draft", title=title_of(one.questions)), go(f"{FORM}.{one.draft.id}"), "📝")
        for one in found
        if one is not None
    ]
