"""Every screen said once in every language before anybody sees it: what a messenger would refuse is a fault.

Part of `lotse check` and of every start. The content room checks texts one by one; how long a whole card gets is
known only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.content.checks import LONGEST_MESSAGE
from bot.content.faults import Fault, Level
from bot.content.loader import Content
from bot.content.rich import utf16
from bot.core.engine import Answer, State, Status
from bot.core.message import Screen
from bot.core.paths import longest_path
from bot.core.questionnaire import Kind, Question
from bot.services import screens
from bot.services.view import View

MOST_ANSWERS = 12
"""Longer first passes are not finished on a phone."""
SOME_DAY = datetime(2026, 12, 30, tzinfo=UTC)
NOTICES = 400
"""Units kept free for a notice on top of a card."""


def faults(content: Content) -> list[Fault]:
    """Everything `lotse check` says: `cards`, and ways that are longer than people have patience."""
    file = f"{content.town.id}/questionnaire.yaml"
    longest = longest_path(content.questionnaire)
    if longest is None:
        what = "There are too many cases to tell how long the first pass can get"
        return [*cards(content), Fault(file, 1, what, "Walk through it with 'lotse play'", Level.HINT)]
    if longest > MOST_ANSWERS:
        what = f"There is a way of {longest} questions through the first pass; {MOST_ANSWERS} are the most"
        mend = "Ask fewer, or ask some only where they matter (ask_if)"
        return [*cards(content), Fault(file, 1, what, mend, Level.WARNING)]
    return cards(content)


def cards(content: Content) -> list[Fault]:
    """Cards that are longer than a message: those refuse a start."""
    found = []
    town = content.town.id
    for language in content.languages:
        for name, screen in _all_screens(content, language):
            length = utf16(content.texts.render(language, screen).text)
            if length > LONGEST_MESSAGE - NOTICES:
                file = f"{town}/questionnaire.yaml" if name in _OF_THE_QUESTIONNAIRE else f"{town}/town.yaml"
                what = f"In '{language}' the card '{name}' takes {length} of a message's {LONGEST_MESSAGE} characters"
                mend = f"Shorten its texts, so that {NOTICES} are left for a notice on top"
                found.append(Fault(file, 1, what, mend))
    return found


_OF_THE_QUESTIONNAIRE = frozenset({screens.QUESTIONS, screens.PROFILE})


def _all_screens(content: Content, language: str) -> Iterator[tuple[str, Screen]]:
    """Each screen as long as it can get."""
    questionnaire = content.questionnaire
    # Asked of everybody, so that one state shows every line there may be.
    unconditional = replace(
        questionnaire, questions=tuple(replace(one, ask_if=None) for one in questionnaire.questions)
    )
    everything = replace(content, questionnaire=unconditional)
    answers = {one.id: _longest(one) for one in questionnaire.questions}
    consents = {one.id: SOME_DAY for one in content.town.consents}
    view = View(everything, language, State(answers), consents, phone_language=language)
    for place in screens.PLACES:
        yield place, screens.build(place, view)
    for question in questionnaire.questions:
        ticks = tuple(option.id for option in question.options)
        yield (
            screens.QUESTIONS,
            screens.build(screens.QUESTIONS, replace(view, state=State(answers, question.id, ticks))),
        )
    yield "young", screens.young(content)


def _longest(question: Question) -> Answer:
    """An answer that takes as much room as one can."""
    match question.kind:
        case Kind.SHORT_TEXT:
            return Answer(Status.GIVEN, "w" * question.max_length)
        case Kind.NUMBER:
            return Answer(Status.GIVEN, question.maximum)
        case Kind.MULTIPLE:
            shared = tuple(option.id for option in question.options if not option.exclusive)
            return Answer(Status.GIVEN, shared[: question.most or len(shared)] or (question.options[0].id,))
        case _:
            return Answer(Status.GIVEN, question.options[0].id)
