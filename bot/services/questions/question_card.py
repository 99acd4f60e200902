"""The card of a question: text above, answers below, the way around in the last row."""

from __future__ import annotations

from bot.core import engine
from bot.core.answering import counts, ticks
from bot.core.engine import Age, Answer, State
from bot.core.message import Button, LinkButton, Month, Screen, Text, Words
from bot.core.questionnaire import OWN_WORDS, Kind, Question
from bot.services.day_rows import month_rows, month_shown, time_rows
from bot.services.packing import THIRD_OF_A_ROW, packed, width
from bot.services.questions.summary import said_value, summary
from bot.services.view import Block, Row, View, has_text, month_of, option_text, shown_value, ui

BAR = 10
"""Signs in the progress bar."""
YEARS = 12
"""Years that stand as buttons; earlier ones are typed."""
MONTHS = 12


def question_card(view: View) -> Screen:
    """The question the person is at, or the summary where none is open."""
    state = view.state
    if state is None or state.at is None:
        return summary(view)
    question = view.whole.by_id[state.at]
    key = question.key
    ask: Block = (ui("card.ask", question=Text(f"{key}.ask")),)
    if has_text(view.content, f"{key}.hint"):
        ask = (*ask, Text(f"{key}.hint"))
    blocks: tuple[Block, ...] = ((_head(view, question, state),), ask)
    if has_text(view.content, f"{key}.why"):
        blocks = (*blocks, (ui("card.why", why=Text(f"{key}.why")),))
    blocks = (*blocks, *_before(view, question, state), *_how(question, state))
    return Screen(blocks, (*_answers(view, question, state), *_around(view, question, state)))


def _head(view: View, question: Question, state: State) -> Text:
    n, total = engine.progress(view.questionnaire, state)
    filled = BAR * (n - 1) // max(total, 1)
    bar = Words("▰" * filled + "▱" * (BAR - filled))
    section = Text(question.section_key)
    if question.kind is Kind.STATEMENT:
        return ui("card.head_statement", bar=bar, section=section)
    return ui("card.head", bar=bar, n=n, total=total, section=section)


def _before(view: View, question: Question, state: State) -> tuple[Block, ...]:
    """What was answered before, where the buttons do not show it; and why it is asked once more."""
    given = state.answers.get(question.id)
    if given is None or question.kind is Kind.STATEMENT:
        return ()
    valid = counts(question, Answer(given.status, given.value))
    if valid and given.age is not Age.FRESH and question.id in view.given_at:
        when = month_of(view.content, view.given_at[question.id])
        return ((ui("card.again", value=said_value(view.content, question, given), month=when),),)
    if not valid:
        return ((ui("card.changed"),),)
    if given.value is None or not question.kind.has_options:
        return ((ui("card.answer", value=shown_value(view.content, question, given)),),)
    return ()


def _how(question: Question, state: State) -> tuple[Block, ...]:
    """How a month or a place is given, and what a search has found."""
    draft = state.draft
    if question.kind is Kind.MONTH_YEAR:
        if not draft:
            return ((ui("card.month", example=Month(2019, 3)),),)
        return ((ui("card.month_of", year=Month(int(draft[0]), None)),),)
    if question.kind is not Kind.LIST:
        return ()
    words = next((one.removeprefix(OWN_WORDS) for one in draft if one.startswith(OWN_WORDS)), None)
    if words is None:
        return ((ui("card.list"),),)
    found = any(not one.startswith(OWN_WORDS) for one in draft)
    return ((ui("card.found" if found else "card.not_found", words=Words(words)),),)


def _answers(view: View, question: Question, state: State) -> tuple[Row, ...]:
    rows: list[Row]
    match question.kind:
        case Kind.MULTIPLE:
            rows = [(_tick(view, question, option.id, on=option.id in state.draft),) for option in question.options]
            rows += _done(view, question, state)
        case Kind.STATEMENT:
            rows = [(Button(ui("button.read"), "forward" if _passed_by(view, state) else "done", "➡️"),)]
        case Kind.MONTH_YEAR:
            rows = _months(view, question, state)
        case Kind.DAY:
            chosen = _chosen(question, state)
            rows = month_rows(month_shown(state.draft, chosen, view.today), view.today, chosen)
        case Kind.TIME:
            rows = time_rows(question.common, _chosen(question, state))
        case Kind.LIST:
            rows = _items(view, question, state)
        case _:
            rows = _options(view, question, state, [option.id for option in question.options])
    given = state.answers.get(question.id)
    if given is not None and given.age is not Age.FRESH and counts(question, Answer(given.status, given.value)):
        rows.append((Button(ui("button.kept"), "kept", "✅"),))
    if question.sensitive:
        rows.append((Button(ui("button.decline"), "decline"),))
    links = enumerate(question.links, start=1)
    return (*((LinkButton(Text(f"{question.key}.link.{n}"), url),) for n, url in links), *rows)


def _done(view: View, question: Question, state: State) -> list[Row]:
    """The button that keeps the ticks. On a card that the person walks past unchanged, the way on is enough."""
    if _is_touched(question, state):
        return [(Button(ui("button.save_change"), "done", "💾"),)]
    return [] if _passed_by(view, state) else [(Button(ui("button.done"), "done", "➡️"),)]


def _is_touched(question: Question, state: State) -> bool:
    """Whether the ticks on the card differ from those of the stored answer."""
    given = state.answers.get(question.id)
    if question.kind is not Kind.MULTIPLE or given is None:
        return False
    return state.draft != (ticks(question, given.value) if isinstance(given.value, tuple) else ())


def _chosen(question: Question, state: State) -> str:
    """The stored answer, where it is a single value."""
    given = state.answers.get(question.id)
    return given.value if given is not None and isinstance(given.value, str) else ""


def _options(view: View, question: Question, state: State, options: list[str]) -> list[Row]:
    given = state.answers.get(question.id)
    chosen = given.value if given is not None else None
    buttons = [
        Button(option_text(view.content, question, option), f"o.{option}", "✓" if option == chosen else "")
        for option in options
    ]
    return packed(view, buttons)


def _tick(view: View, question: Question, option: str, *, on: bool) -> Button:
    return Button(option_text(view.content, question, option), f"t.{option}.{int(not on)}", "✅" if on else "⬜")


def _items(view: View, question: Question, state: State) -> list[Row]:
    """The usual items before anything was searched for; afterwards what was found, and the words themselves."""
    if not state.draft:
        return _options(view, question, state, list(question.common))
    found = [one for one in state.draft if not one.startswith(OWN_WORDS)]
    rows = _options(view, question, state, found)
    if question.own_words:
        rows.append((Button(ui("button.own_words"), "own", "✍️"),))
    return rows


def _months(view: View, question: Question, state: State) -> list[Row]:
    """First the years, the nearest first; then the months of one."""
    today = view.today
    if not state.draft:
        last = today.year + question.years_ahead
        years = range(last, max(last - YEARS, today.year - question.years_back - 1), -1)
        if question.years_ahead:
            years = range(max(today.year - question.years_back, last - YEARS + 1), last + 1)
        return _three([Button(Month(year, None), f"y.{year}") for year in years])
    year = int(state.draft[0])
    ended = year == today.year and not question.years_ahead
    months = range(1, (today.month if ended else MONTHS) + 1)
    rows = _three([Button(Month(None, month), f"m.{year}.{month}") for month in months])
    return [*rows, (Button(ui("button.years"), "years", "↩️"),)]


def _three(buttons: list[Button]) -> list[Row]:
    return [tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3)]


def _around(view: View, question: Question, state: State) -> tuple[Row, ...]:
    """The last row: on to where the person was, back, leave out, pause."""
    questionnaire = view.questionnaire
    rows: list[Row] = []
    if question.kind is not Kind.STATEMENT and _passed_by(view, state):
        label = ui("button.without_change" if _is_touched(question, state) else "button.forward")
        rows.append((Button(label, "forward", "▶️"),))
    row: list[Button] = []
    if state.returning or engine.path(questionnaire, state.answers)[0] != question.id:
        row.append(Button(ui("button.back"), "back", "◀️"))
    if question.optional:
        skip = Button(ui("button.skip"), "skip")
        if width(view, skip) <= THIRD_OF_A_ROW:
            row.append(skip)
        else:
            rows.append((skip,))
    row.append(Button(ui("button.pause"), "pause", "⏸"))
    return (*rows, tuple(row))


def _passed_by(view: View, state: State) -> bool:
    """Whether the person is walking past a card that is answered already."""
    return not state.returning and state.at not in engine.still_open(view.questionnaire, state.answers)
