"""The card of a question and the summary: text above, answers below, the way around in the last row."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from bot.content.locales import SOURCE_LANGUAGE
from bot.core import engine
from bot.core.engine import State
from bot.core.message import Button, Screen, Text, Words
from bot.core.questionnaire import Kind, Question
from bot.services.view import Block, Row, View, option_text, shown_value, ui

BAR = 10
"""Signs in the progress bar."""
SHORT_LABEL = 14
"""Buttons up to this many characters may stand two in a row; of scales with short names, three."""
TINY_LABEL = 8


def question_card(view: View) -> Screen:
    """The question the person is at, or the summary where none is open."""
    state = view.state
    if state is None or state.at is None:
        return summary(view)
    questionnaire = view.content.questionnaire
    question = questionnaire.by_id[state.at]
    key = f"questionnaire.{question.id}"
    n, total = engine.progress(questionnaire, state)
    filled = BAR * (n - 1) // total
    bar = "▰" * filled + "▱" * (BAR - filled)
    head = ui(
        "card.head",
        bar=Words(bar),
        n=n,
        total=total,
        section=Text(f"questionnaire.section.{question.section}"),
    )
    ask: Block = (ui("card.ask", question=Text(f"{key}.ask")),)
    if view.content.texts.has(SOURCE_LANGUAGE, f"{key}.hint"):
        ask = (*ask, Text(f"{key}.hint"))
    blocks: tuple[Block, ...] = ((head,), ask)
    if question.sensitive:
        blocks = (*blocks, (ui("card.why", why=Text(f"{key}.why")),))
    given = state.answers.get(question.id)
    if given is not None and (given.value is None or not question.kind.has_options):
        blocks = (*blocks, (ui("card.answer", value=shown_value(view.content, question, given)),))
    return Screen(blocks, (*_answers(view, question, state), _navigation(view, question, state)))


def _answers(view: View, question: Question, state: State) -> tuple[Row, ...]:
    given = state.answers.get(question.id)
    chosen = given.value if given is not None else None
    rows: list[Row]
    if question.kind is Kind.MULTIPLE:
        rows = [(_tick(view, question, option.id, on=option.id in state.draft),) for option in question.options]
        rows.append((Button(ui("button.done"), "done", "➡️"),))
    else:
        buttons = [
            Button(
                option_text(view.content, question, option.id), f"o.{option.id}", "✓" if option.id == chosen else ""
            )
            for option in question.options
        ]
        rows = _packed(view, buttons)
    if question.sensitive:
        rows.append((Button(ui("button.decline"), "decline"),))
    if not state.returning and engine.frontier(view.content.questionnaire, state.answers) != question.id:
        rows.append((Button(ui("button.forward"), "forward", "▶️"),))
    return tuple(rows)


def _tick(view: View, question: Question, option: str, *, on: bool) -> Button:
    return Button(option_text(view.content, question, option), f"t.{option}.{int(not on)}", "✅" if on else "⬜")


def _packed(view: View, buttons: list[Button]) -> list[Row]:
    """Neighbours with short labels share a row: two short ones, or three tiny ones of at least three."""
    shares = [_share(view.content.texts.label(view.language, button.label)) for button in buttons]
    rows: list[Row] = []
    for share, run in groupby(zip(_evened(shares), buttons, strict=True), key=itemgetter(0)):
        row = [button for _, button in run]
        rows += [tuple(row[start : start + share]) for start in range(0, len(row), share)]
    return rows


def _share(label: str) -> int:
    return 3 if len(label) <= TINY_LABEL else 2 if len(label) <= SHORT_LABEL else 1


def _evened(shares: list[int]) -> list[int]:
    """A few tiny labels do not fill a row of three: they count as short."""
    runs = [list(run) for _, run in groupby(shares)]
    return [min(share, 2) if len(run) < share else share for run in runs for share in run]


def _navigation(view: View, question: Question, state: State) -> Row:
    questionnaire = view.content.questionnaire
    row: list[Button] = []
    if state.returning or engine.path(questionnaire, state.answers)[0] != question.id:
        row.append(Button(ui("button.back"), "back", "◀️"))
    if question.optional:
        row.append(Button(ui("button.skip"), "skip"))
    row.append(Button(ui("button.pause"), "pause", "⏸"))
    return tuple(row)


def summary(view: View) -> Screen:
    """What was said so far, each line with a button to change it."""
    questionnaire = view.content.questionnaire
    answers = view.state.answers if view.state is not None else {}
    counted = engine.counting(questionnaire, answers)
    lines: list[Text | Words] = []
    buttons: list[Button] = []
    for name, given in counted.items():
        short = Text(f"questionnaire.{name}.short")
        lines.append(
            ui("summary.line", label=short, value=shown_value(view.content, questionnaire.by_id[name], given))
        )
        buttons.append(Button(short, f"change.{name}", "✏️"))
    complete = engine.frontier(questionnaire, answers) is None
    title = ui("summary.title" if complete else "summary.unfinished")
    last = Button(ui("summary.confirm"), "confirm", "✅") if complete else Button(ui("button.resume"), "resume", "▶️")
    pairs = _packed(view, buttons)
    return Screen(((title,), tuple(lines)) if lines else ((title,),), (*pairs, (last,)))
