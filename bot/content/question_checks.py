"""Checks a question that could be read: bounds, options, and what it must have."""

from __future__ import annotations

from bot.content.faults import Level
from bot.content.nodes import Leaf, Table
from bot.content.reader import Reader
from bot.core.questionnaire import Kind, Option, Question
from bot.core.spans import SPAN

MOST_OPTIONS = 12
"""The most buttons that fit on a phone's screen together with the question."""
MOST_COMMON = 8
"""The most items of a list that are shown as buttons before a search."""
LONGEST = {Kind.SHORT_TEXT: 1000, Kind.LONG_TEXT: 2000, Kind.LIST: 100}
"""The most characters of a person's own words. With more, a card would be longer than a message."""
_MOST_YEARS_BACK, _MOST_YEARS_AHEAD = 99, 50


def check_question(reader: Reader, table: Table, question: Question) -> None:
    """Reports contradictions inside a question."""
    _check_duties(reader, table, question)
    if question.kind.has_options and "options_of" not in table.entries:
        _check_options(reader, table, question)
        _check_former(reader, table, question)
    match question.kind:
        case Kind.NUMBER:
            _check_number(reader, table, question)
        case Kind.MONTH_YEAR:
            _check_years(reader, table, question)
        case Kind.LIST:
            _check_common(reader, table, question)
    longest = LONGEST.get(question.kind)
    if longest is not None and not 1 <= question.max_length <= longest:
        line = table.lines.get("max_length", table.line)
        reader.error(line, "'max_length' is out of range", f"Take 1 to {longest} characters")


def _check_duties(reader: Reader, table: Table, question: Question) -> None:
    if question.sensitive and "why" not in table.entries:
        reader.error(table, f"'{question.id}' is sensitive and does not say why it is asked", "Add 'why: ...'")
    if question.retention and not SPAN.fullmatch(question.retention):
        reader.error(table.lines["retention"], "'retention' is no length of time", "Write for example '24 months'")
    say = reader.sources.get(f"{question.key}.say")
    if say is not None and not all("{value}" in form for form in say.forms):
        reader.error(say.line, "'say' does not hold the answer", "Write {value} where it goes")


def _check_options(reader: Reader, table: Table, question: Question) -> None:
    known = [option.id for option in question.options if not option.unsure]
    if question.kind is Kind.YES_NO and known != ["yes", "no"]:
        what = f"'{question.id}' must have the options yes and no"
        reader.error(table, what, "Leave 'options' out, or make it single")
    if len(known) < 2:  # noqa: PLR2004 - a choice is one of two or more
        reader.error(table, f"'{question.id}' offers no choice", "Give it at least two options")
    if len(question.options) > MOST_OPTIONS:
        what = f"'{question.id}' has {len(question.options)} options, more than a phone shows at once"
        reader.error(table, what, f"Keep to {MOST_OPTIONS}, or ask in two questions", Level.WARNING)
    together = sum(not option.exclusive for option in question.options)
    if question.kind is Kind.MULTIPLE and not 1 <= question.least <= (question.most or together) <= together:
        what = f"'least' and 'most' of '{question.id}' do not fit its {together} options"
        reader.error(table, what, "Keep to 1 <= least <= most <= options that go together")
    for name in reader.names(table, "retired"):
        if question.option(name) is not None:
            what = f"The option '{name}' of '{question.id}' is retired"
            reader.error(table.lines["retired"], what, "Give the new option an id of its own")


def _check_former(reader: Reader, table: Table, question: Question) -> None:
    for option in question.options:
        for old in option.was:
            if old in question.option_ids:
                what = f"'{option.id}' was '{old}', and '{old}' is still an option"
                line = _line_of(reader, table, option)
                reader.error(line, what, "Take the old option out, or leave 'was' out")


def _line_of(reader: Reader, table: Table, option: Option) -> int:
    for entry in reader.tables(table, "options"):
        own = entry.entries.get("id")
        if isinstance(own, Leaf) and own.value == option.id:
            return entry.lines.get("was", entry.line)
    return table.line


def _check_number(reader: Reader, table: Table, question: Question) -> None:
    if question.minimum >= question.maximum:
        reader.error(table, f"'{question.id}' takes no number", "Make 'minimum' less than 'maximum'")
    unit = reader.sources.get(f"{question.key}.unit")
    if unit and "{n}" not in unit.forms[-1]:
        reader.error(unit.line, "The unit does not hold its number", "Write {n} where the number goes: '{n} Jahre'")


def _check_years(reader: Reader, table: Table, question: Question) -> None:
    for key, years, most in (
        ("years_back", question.years_back, _MOST_YEARS_BACK),
        ("years_ahead", question.years_ahead, _MOST_YEARS_AHEAD),
    ):
        if not 0 <= years <= most:
            reader.error(table.lines[key], f"'{key}' is out of range", f"Take 0 to {most}")


def _check_common(reader: Reader, table: Table, question: Question) -> None:
    if len(question.common) > MOST_COMMON:
        what = f"{len(question.common)} items stand as buttons"
        reader.error(table.lines["common"], what, f"Keep to {MOST_COMMON}", Level.WARNING)
    if len(set(question.common)) < len(question.common):
        reader.error(table.lines["common"], "An item stands here twice", "Keep one of them")
    if question.options and not question.common and not question.own_words:
        what = f"'{question.id}' has no button before anything is typed"
        reader.error(table, what, "Name the usual items in 'common'", Level.HINT)
