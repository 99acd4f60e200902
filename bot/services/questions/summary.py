"""What a person has said so far, as sentences, each with a button to change it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from bot.content.loader import Content
from bot.core import engine
from bot.core.engine import Answer, Status
from bot.core.message import Argument, Button, Listing, Screen, Text, Words
from bot.core.questionnaire import OWN_WORDS, Kind, Question
from bot.services.packing import packed
from bot.services.view import RESUME, Block, Row, View, has_text, option_text, shown_value, ui

LONGEST_WORDS = 200
"""Of a long text the summary shows the beginning: it has to stay one message."""


def summary(view: View) -> Screen:
    """What was said so far, and a button for each to change it."""
    answers = view.state.answers if view.state is not None else {}
    complete = engine.frontier(view.questionnaire, answers) is None
    title = ui("summary.title" if complete else "summary.unfinished")
    last: Row = (Button(ui("summary.confirm"), "confirm", "✅"),) if complete else RESUME
    paragraphs, rows = what_was_said(view)
    return Screen(((title,), *paragraphs), (*rows, last))


def what_was_said(view: View) -> tuple[list[Block], list[Row]]:
    """The answers in the order of the questions, a paragraph for each section; and the buttons that change them."""
    by_section = told(view)
    # Staff look for what they have said; what they left out has its button.
    shown = by_section if view.form is None else [one for one in by_section if one[1].value is not None]
    buttons = [
        Button(Text(f"{question.key}.short"), f"change.{question.id}", "✏️")
        for question, _ in by_section
        if question.kind.is_answered
    ]
    return paragraphs(view.content, shown), packed(view, buttons)


def told(view: View) -> list[tuple[Question, Answer]]:
    """What counts of somebody's answers, in the order of the sections; nothing twice."""
    questionnaire = view.whole
    counted = engine.counting(questionnaire, view.state.answers if view.state is not None else {})
    every = [
        (questionnaire.by_id[name], given)
        for name, given in counted.items()
        if questionnaire.by_id[name].kind is not Kind.STATEMENT and not _repeats(questionnaire.by_id[name], counted)
    ]
    return sorted(every, key=lambda one: questionnaire.sections.index(one[0].section))


def paragraphs(content: Content, answers: list[tuple[Question, Answer]]) -> list[Block]:
    """Answers as sentences, a paragraph for each section."""
    return [
        tuple(sentence(content, question, given) for question, given in lines)
        for _, lines in groupby(answers, key=lambda one: one[0].section)
    ]


def _repeats(question: Question, counted: Mapping[str, Answer]) -> bool:
    """Whether a computed value only says what another answer has said."""
    taken = (counted.get(rule.take) for rule in question.rules if rule.take is not None)
    return any(one is not None and one.value == counted[question.id].value for one in taken)


def sentence(content: Content, question: Question, given: Answer) -> Text:
    """One answer as a sentence to the person who gave it."""
    key = question.key
    label = Text(f"{key}.short")
    if given.status is Status.DECLINED:
        return ui("summary.declined_sentence", label=label)
    if given.value is None:
        return ui("summary.skipped_sentence", label=label)
    chosen = given.value if isinstance(given.value, tuple) else (given.value,)
    whole = f"{key}.sentence.{chosen[0]}"
    if len(chosen) == 1 and has_text(content, whole):
        return Text(whole)
    value = said_value(content, question, given)
    say = f"{key}.say"
    return Text(say, {"value": value}) if has_text(content, say) else ui("summary.line", label=label, value=value)


def said_value(content: Content, question: Question, given: Answer) -> Argument:
    """An answer as it stands inside its sentence."""
    value = given.value
    if isinstance(value, tuple):
        return Listing(tuple(_option_said(content, question, option) for option in value))
    if isinstance(value, str) and value in question.option_ids:
        return _option_said(content, question, value)
    if isinstance(value, str) and question.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.LIST}:
        words = value.removeprefix(OWN_WORDS) if question.kind is Kind.LIST else value
        return Words(words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1].rstrip() + "…")
    return shown_value(content, question, given)


def _option_said(content: Content, question: Question, option: str) -> Text:
    key = question.said_key(option)
    return Text(key) if has_text(content, key) else option_text(content, question, option)
