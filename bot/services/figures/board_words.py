"""The needs board in German words: lines for the chat, a chart, tables for a workbook and a report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Argument, Text
from bot.core.needs import Axes, Board, Line, Share
from bot.core.paper import Bar, Book, Chart, Table
from bot.core.progress import Step
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import has_text, local_day

NOT_SHOWN = "–"
"""In the place of a number below five."""
HEAD = ("level", "goal", "time", "extra", "people", "seats", "courses")
"""The columns of the lines."""
MOST_BARS = 10
"""As many bars as are read on a phone."""
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))


def said(content: Content, text: Text) -> str:
    """A text in German, without what turns a line on a phone."""
    return content.texts.label(SOURCE_LANGUAGE, text).translate(_MARKS)


def words(content: Content, key: str, /, count: int | None = None, **args: Argument) -> str:
    """One of the team's texts as words."""
    return said(content, staff_text(key, count, **args))


def option(content: Content, question: str, name: str) -> Text:
    """An option as a button bears it."""
    return Text(content.questionnaire.by_id[question].option_key(name), language=SOURCE_LANGUAGE)


def in_sentence(content: Content, question: str, name: str) -> Text:
    """An option as it stands inside a sentence, where it has words for that."""
    key = content.questionnaire.by_id[question].said_key(name)
    return Text(key, language=SOURCE_LANGUAGE) if has_text(content, key) else option(content, question, name)


def question(content: Content, name: str) -> Text:
    """The short name of a question."""
    return Text(f"{content.questionnaire.by_id[name].key}.short", language=SOURCE_LANGUAGE)


def line_said(content: Content, axes: Axes, line: Line) -> Text:
    """A line of the board as a sentence."""
    args: dict[str, Argument] = {
        "people": line.people,
        "level": option(content, axes.level, line.level),
        "goal": option(content, axes.level, line.goal),
        "when": in_sentence(content, axes.times, line.time),
        "seats": seats_said(line),
    }
    if line.extra:
        return staff_text("needs.line_with", None, **args, what=option(content, axes.extra, line.extra))
    return staff_text("needs.line", None, **args)


def share_said(content: Content, axes: Axes, view: str, share: Share) -> Text:
    """What the people of a level said to the question of a view, with the seats on their way to the next level."""
    args: dict[str, Argument] = {
        "level": option(content, axes.level, share.level),
        "what": option(content, view, share.option),
        "people": share.people,
    }
    if share.goal is None:
        return staff_text("needs.share", None, **args)
    goal = option(content, axes.level, share.goal)
    return staff_text("needs.share_seats", None, **args, goal=goal, seats=seats_said(share))


def seats_said(line: Line | Share) -> Text:
    """The free seats of a line."""
    return staff_text("needs.seats_open") if line.seats is None else staff_text("needs.seats", line.seats)


def source_said(turn: Turn) -> str:
    """Where the figures come from, and of which day they are."""
    town = turn.content.town
    day = local_day(turn.content, turn.now)
    return f"{town.project} {town.name}, {words(turn.content, 'needs.as_of', day=day)}"


def chart_of(turn: Turn, axes: Axes, board: Board) -> Chart:
    """The lines as bars, what lacks most seats first; what a course must provide stands in lines of its own."""
    content = turn.content
    bars = tuple(
        Bar(_label(content, axes, line), line.people, said(content, seats_said(line)))
        for line in board.lines[:MOST_BARS]
    )
    return Chart(words(content, "needs.chart"), bars, source_said(turn), words(content, "needs.hidden"))


def _label(content: Content, axes: Axes, line: Line) -> str:
    level, goal = (said(content, option(content, axes.level, one)) for one in (line.level, line.goal))
    parts = [f"{level} → {goal}", said(content, in_sentence(content, axes.times, line.time))]
    if line.extra:
        parts.append(said(content, option(content, axes.extra, line.extra)))
    return ", ".join(parts)


def lines_table(content: Content, axes: Axes, board: Board) -> Table:
    """Every line."""
    open_ended = words(content, "needs.seats_open")
    rows = tuple(
        (
            said(content, option(content, axes.level, one.level)),
            said(content, option(content, axes.level, one.goal)),
            said(content, option(content, axes.times, one.time)),
            said(content, option(content, axes.extra, one.extra)) if one.extra else "",
            one.people,
            open_ended if one.seats is None else one.seats,
            "; ".join(said(content, Text(f"offers.{name}.title")) for name in one.offers),
        )
        for one in board.lines
    )
    return Table(
        words(content, "needs.sheet_lines"), tuple(words(content, f"needs.head_{one}") for one in HEAD), rows
    )


def view_table(content: Content, axes: Axes, view: str, shares: Iterable[Share]) -> Table:
    """What the people of each level said to one more question."""
    label = said(content, question(content, view))
    level, people, goal, seats = (words(content, f"needs.head_{one}") for one in ("level", "people", "goal", "seats"))
    open_ended = words(content, "needs.seats_open")
    rows = tuple(
        (
            said(content, option(content, axes.level, one.level)),
            said(content, option(content, view, one.option)),
            one.people,
            said(content, option(content, axes.level, one.goal)) if one.goal is not None else NOT_SHOWN,
            NOT_SHOWN if one.goal is None else open_ended if one.seats is None else one.seats,
        )
        for one in shares
    )
    return Table(label, (level, label, people, goal, seats), rows)


def view_by_level(content: Content, axes: Axes, view: str, shares: Collection[Share]) -> Table:
    """The same with a column for each level: what is missing is too small to be said."""
    levels = list(dict.fromkeys(one.level for one in shares))
    options = sorted({one.option for one in shares}, key=lambda name: said(content, option(content, view, name)))
    people = {(one.option, one.level): one.people for one in shares}
    label = said(content, question(content, view))
    rows = tuple(
        (said(content, option(content, view, one)), *(people.get((one, level), NOT_SHOWN) for level in levels))
        for one in options
    )
    return Table(label, (label, *(said(content, option(content, axes.level, one)) for one in levels)), rows)


def months_table(content: Content, axes: Axes, months: Mapping[Step, int]) -> Table:
    """How long each step took."""
    head = tuple(words(content, f"needs.head_{one}") for one in ("level", "goal", "months"))

    def level(name: str) -> str:
        return said(content, option(content, axes.level, name))

    rows = tuple((level(low), level(high), number) for (low, high), number in months.items())
    return Table(words(content, "needs.sheet_months"), head, rows)


def about_table(turn: Turn, board: Board) -> Table:
    """What the figures are, and what must be known of them."""
    content = turn.content
    counted = words(content, "needs.few") if board.people is None else board.people
    return Table(
        words(content, "needs.sheet_about"),
        (words(content, "needs.head_about"), words(content, "needs.head_words")),
        (
            (words(content, "needs.head_source"), source_said(turn)),
            (words(content, "needs.head_people"), counted),
            (words(content, "needs.head_counted"), words(content, "needs.counted")),
            (words(content, "needs.head_hidden"), words(content, "needs.hidden")),
        ),
    )


def book_of(turn: Turn, axes: Axes, board: Board, months: Mapping[Step, int]) -> Book:
    """The board as a workbook."""
    content = turn.content
    views = (view_table(content, axes, name, shares) for name, shares in board.views.items())
    last = (months_table(content, axes, months), about_table(turn, board))
    return Book((lines_table(content, axes, board), *views, *last))
