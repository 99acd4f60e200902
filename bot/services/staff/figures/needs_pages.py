"""The pages of the needs board: its lines, one of them, and each level by one more question."""

from __future__ import annotations

from bot.core.audience import REGISTRATION
from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.folding import number
from bot.core.message import Argument, Button, Screen, Text
from bot.core.needs import Axes, Line, step_up
from bot.core.questionnaire import Kind
from bot.core.roles import Right, may
from bot.db.staff.staff import Member
from bot.services.figures import needs
from bot.services.figures.board_words import in_sentence, line_said, option, question, seats_said
from bot.services.staff.offers.offer_pages import DATES, title
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

NEEDS, NEED, NEEDS_BY, NEEDS_MONTHS = "needs", "need", "needs_by", "needs_months"
ENTRY = Entry("button.needs", f"{NEEDS}.0", Right.SEE_FIGURES, "📊", lambda turn: turn.content.needs is not None)
COURSE_VERB, TELL_VERB = "need_course", "need_tell"


def _needs(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    axes, board = turn.content.needs, needs.board_of(turn)
    if axes is None or board is None:
        return None
    head: list[Text] = [staff_text("needs.title", day=local_day(turn.content, turn.now))]
    if board.people is None:
        return Screen(((*head, staff_text("needs.nobody")),), (back(HOME),))
    head.append(staff_text("needs.people", people=board.people))
    shown, around = paged(NEEDS, list(board.lines), number(arguments[0]) or 0)
    lines: Block = tuple(line_said(turn.content, axes, one) for one in shown) or (staff_text("needs.no_line"),)
    rows: list[Row] = [_row(turn, member, axes, one) for one in shown]
    rows += around
    rows += [
        (Button(staff_text("button.needs_by", what=question(turn.content, one)), go(f"{NEEDS_BY}.{one}.0"), "🔎"),)
        for one in axes.views
        if board.views[one]
    ]
    rows += [
        (Button(staff_text("button.needs_months"), go(NEEDS_MONTHS), "⏱"),),
        (
            Button(staff_text("button.chart"), "needs_chart", "🖼"),
            Button(staff_text("button.book"), "needs_book", "📗"),
        ),
    ]
    return Screen((tuple(head), lines, (staff_text("needs.hidden"),)), (*rows, back(HOME)))


def _row(turn: Turn, member: Member, axes: Axes, line: Line) -> Row:
    """A line's two buttons: more about it, and a course for it."""
    args = _named(turn, axes, line)
    label = staff_text("button.need_with" if line.extra else "button.need", None, **args)
    more = Button(label, go(f"{NEED}.{_subject(turn, axes, line)}"))
    if not _may_create(turn, member):
        return (more,)
    return (more, Button(staff_text("button.course"), f"{COURSE_VERB}.{_subject(turn, axes, line)}", "➕"))


def _named(turn: Turn, axes: Axes, line: Line) -> dict[str, Argument]:
    content = turn.content
    args: dict[str, Argument] = {
        "level": option(content, axes.level, line.level),
        "when": in_sentence(content, axes.times, line.time),
        "n": line.people,
    }
    return args | ({"what": option(content, axes.extra, line.extra)} if line.extra else {})


def _subject(turn: Turn, axes: Axes, line: Line) -> str:
    """A line in a button, where ids would be too long: the places of its level, its time and what it includes."""
    level = needs.ladder(turn.content, axes).index(line.level)
    return f"{level}.{list(axes.hours).index(line.time)}.{('', *axes.extras).index(line.extra)}"


def _read(turn: Turn, axes: Axes, arguments: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The level, the time and what it includes that a button names."""
    every = needs.ladder(turn.content, axes), tuple(axes.hours), ("", *axes.extras)
    places = [number(one) for one in arguments]
    found = [of[place] for of, place in zip(every, places, strict=True) if place is not None and place < len(of)]
    return (found[0], found[1], found[2]) if len(found) == len(every) else None


def _may_create(turn: Turn, member: Member) -> bool:
    return may(member.role, Right.CHANGE_OFFERS) and "offer" in turn.content.forms


def line_of(turn: Turn, arguments: tuple[str, ...]) -> tuple[Axes, Line] | None:
    """The line that a page or a button names, as it is now."""
    axes, board = turn.content.needs, needs.board_of(turn)
    if axes is None or board is None:
        return None
    named = _read(turn, axes, arguments)
    line = None if named is None else board.line(*named)
    return None if line is None else (axes, line)


def _need(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = line_of(turn, arguments)
    if known is None:
        return None
    axes, line = known
    rows: list[Row] = [
        (Button(staff_text("button.again", title=title(turn.content.offers[one])), go(f"{DATES}.{one}.0"), "🗓"),)
        for one in line.offers
    ]
    if _may_create(turn, member):
        rows.append((Button(staff_text("button.need_course"), f"{COURSE_VERB}.{_subject(turn, axes, line)}", "➕"),))
    if may(member.role, Right.SEND):
        rows.append((Button(staff_text("button.need_tell"), f"{TELL_VERB}.{_subject(turn, axes, line)}", "📣"),))
    fitting = staff_text("needs.fitting") if line.offers else staff_text("needs.no_course", seats=seats_said(line))
    return Screen(((line_said(turn.content, axes, line),), (fitting,)), (*rows, back(f"{NEEDS}.0")))


def people_of(turn: Turn, arguments: tuple[str, ...]) -> Condition | None:
    """Who the people of a line are that a button names, as far as they have no seat yet; None where it is gone."""
    axes = turn.content.needs
    named = None if axes is None else _read(turn, axes, arguments)
    if axes is None or named is None:
        return None
    level, time, extra = named
    parts: list[Condition] = [Fact(axes.level, Test.IS, level), _chose(turn, axes.times, time)]
    if extra:
        parts.append(_chose(turn, axes.extra, extra))
    courses = needs.courses_of(turn, axes, level)
    parts += [Not(Fact(REGISTRATION + course, Test.INCLUDES, "registered")) for course in courses]
    return All((*parts, *(() if axes.who is None else (axes.who,))))


def _chose(turn: Turn, name: str, chosen: str) -> Fact:
    several = turn.content.questionnaire.by_id[name].kind is Kind.MULTIPLE
    return Fact(name, Test.INCLUDES if several else Test.IS, chosen)


def _needs_by(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    axes, board = turn.content.needs, needs.board_of(turn)
    view, page = arguments
    if axes is None or board is None or not board.views.get(view):
        return None
    shown, around = paged(f"{NEEDS_BY}.{view}", list(board.views[view]), number(page) or 0)
    content = turn.content
    lines = tuple(
        staff_text(
            "needs.share",
            level=option(content, axes.level, one.level),
            what=option(content, view, one.option),
            people=one.people,
        )
        for one in shown
    )
    head: Block = (staff_text("needs.by", what=question(content, view)),)
    return Screen((head, lines, (staff_text("needs.hidden"),)), (*around, back(f"{NEEDS}.0")))


def _months(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen | None:
    if turn.content.needs is None:
        return None
    head: Block = (staff_text("needs.months_title"),)
    return Screen((head, month_lines(turn) or (staff_text("needs.no_months"),)), (back(f"{NEEDS}.0"),))


def month_lines(turn: Turn) -> tuple[Text, ...]:
    """The median of months of each step from a level to the next that enough people have taken."""
    axes = turn.content.needs
    if axes is None:
        return ()
    return tuple(
        staff_text("needs.months", number, **dict(zip(("level", "goal"), _levels(turn, axes, step), strict=True)))
        for step, number in needs.months(turn).items()
    )


def _levels(turn: Turn, axes: Axes, step: tuple[str, str]) -> tuple[Text, ...]:
    return tuple(option(turn.content, axes.level, one) for one in step)


def known_of(turn: Turn, arguments: tuple[str, ...]) -> dict[str, str | tuple[str, ...]] | None:
    """What is known of a course that people of a line need, as answers of the form for offers."""
    axes = turn.content.needs
    if axes is None or "offer" not in turn.content.forms:
        return None
    named = _read(turn, axes, arguments)
    goal = None if named is None else step_up(needs.ladder(turn.content, axes), named[0])
    if named is None or goal is None:
        return None
    level, _, extra = named
    known: dict[str, str | tuple[str, ...]] = {"kind": "course", "level_from": level, "level_to": goal}
    known[f"needs_{axes.level}"] = level
    return known | ({"provides": (extra,)} if extra else {})


PAGES: dict[str, Page] = {
    NEEDS: Page(Right.SEE_FIGURES, _needs, 1),
    NEED: Page(Right.SEE_FIGURES, _need, 3),
    NEEDS_BY: Page(Right.SEE_FIGURES, _needs_by, 2),
    NEEDS_MONTHS: Page(Right.SEE_FIGURES, _months),
}
