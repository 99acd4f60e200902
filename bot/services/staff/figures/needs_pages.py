"""The pages of the needs board: its lines, one of them, and each level by one more question."""

from __future__ import annotations

from dataclasses import replace

from bot.core.audience import REGISTRATION
from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.folding import number
from bot.core.message import Button, Screen, Text
from bot.core.needs import Axes, Line, Share, step_up
from bot.core.questionnaire import Kind
from bot.core.roles import Right, may
from bot.db.staff.staff import Member
from bot.services.figures import needs
from bot.services.figures.board_words import line_said, option, question, seats_said, share_said
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
    shown, around = paged(NEEDS, list(enumerate(board.lines, 1)), number(arguments[0]) or 0)
    lines: Block = tuple(_numbered(place, line_said(turn.content, axes, one)) for place, one in shown)
    rows: list[Row] = [_row(turn, member, place, _subject(turn, axes, one)) for place, one in shown]
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
    how = _how(turn, member) if shown else (staff_text("needs.no_line"),)
    return Screen((tuple(head), lines, how, (staff_text("needs.hidden"),)), (*rows, back(HOME)))


def _numbered(place: int, line: Text) -> Text:
    """A line with the number by which its buttons are found."""
    return staff_text("needs.numbered", number=place, line=line)


def _row(turn: Turn, member: Member, place: int, subject: str, *, course: bool = True) -> Row:
    """A line's buttons: more about it, a message to its people, a course for them."""
    row: list[Button] = [Button(staff_text("button.need", number=place), go(f"{NEED}.{subject}"), "🔎")]
    if may(member.role, Right.SEND):
        row.append(Button(staff_text("button.need_write"), f"{TELL_VERB}.{subject}", "📣"))
    if course and _may_create(turn, member):
        row.append(Button(staff_text("button.course"), f"{COURSE_VERB}.{subject}", "➕"))
    return tuple(row)


def _how(turn: Turn, member: Member) -> Block:
    """What the buttons of the lines do."""
    lines = [staff_text("needs.how_more")]
    if may(member.role, Right.SEND):
        lines.append(staff_text("needs.how_write"))
    if _may_create(turn, member):
        lines.append(staff_text("needs.how_course"))
    return tuple(lines)


def _subject(turn: Turn, axes: Axes, line: Line) -> str:
    """A line as a button's argument: the places of its level, its time and its extras, as ids would be too long."""
    level = needs.ladder(turn.content, axes).index(line.level)
    return f"{level}.{list(axes.hours).index(line.time)}.{('', *axes.extras).index(line.extra)}"


def _subject_of_share(turn: Turn, axes: Axes, view: str, share: Share) -> str:
    """The answers of a level's people to the question of a view, as a button's argument."""
    level = needs.ladder(turn.content, axes).index(share.level)
    options = [one.id for one in turn.content.questionnaire.by_id[view].options]
    return f"{level}.{view}.{options.index(share.option)}"


def _read_share(turn: Turn, axes: Axes, arguments: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The level, the view and the answer that a button names; None where it names a line."""
    view = arguments[1]
    if view not in axes.views:
        return None
    levels, options = needs.ladder(turn.content, axes), turn.content.questionnaire.by_id[view].options
    level, option_ = number(arguments[0]), number(arguments[2])
    if level is None or option_ is None or level >= len(levels) or option_ >= len(options):
        return None
    return levels[level], view, options[option_].id


def _read(turn: Turn, axes: Axes, arguments: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The level, the time and the extras that a button names."""
    every = needs.ladder(turn.content, axes), tuple(axes.hours), ("", *axes.extras)
    places = [number(one) for one in arguments]
    found = [of[place] for of, place in zip(every, places, strict=True) if place is not None and place < len(of)]
    return (found[0], found[1], found[2]) if len(found) == len(every) else None


def _may_create(turn: Turn, member: Member) -> bool:
    return may(member.role, Right.CHANGE_OFFERS) and "offer" in turn.content.forms


def _said_of(turn: Turn, arguments: tuple[str, ...]) -> tuple[Text, Line | Share] | None:
    """The line, or share of a level, that a page names, in words and as it is now; None where it is not shown."""
    axes, board = turn.content.needs, needs.board_of(turn)
    if axes is None or board is None:
        return None
    if (named := _read_share(turn, axes, arguments)) is not None:
        share = board.share(*named)
        return None if share is None else (share_said(turn.content, axes, named[1], share), share)
    line = None if (named := _read(turn, axes, arguments)) is None else board.line(*named)
    return None if line is None else (line_said(turn.content, axes, line), line)


def _need(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = _said_of(turn, arguments)
    if known is None:
        return None
    said, line = known
    subject = ".".join(arguments)
    rows: list[Row] = [
        (Button(staff_text("button.again", title=title(turn.content.offers[one])), go(f"{DATES}.{one}.0"), "🗓"),)
        for one in line.offers
    ]
    if line.goal is not None and _may_create(turn, member):
        rows.append((Button(staff_text("button.need_course"), f"{COURSE_VERB}.{subject}", "➕"),))
    if may(member.role, Right.SEND):
        rows.append((Button(staff_text("button.need_tell"), f"{TELL_VERB}.{subject}", "📣"),))
    fitting = staff_text("needs.fitting") if line.offers else staff_text("needs.no_course", seats=seats_said(line))
    up = f"{NEEDS_BY}.{arguments[1]}.0" if isinstance(line, Share) else f"{NEEDS}.0"
    return Screen(((said,), (fitting,)), (*rows, back(up)))


def people_of(turn: Turn, arguments: tuple[str, ...]) -> Condition | None:
    """The people of the line that a button names, without those who have a seat; None where the line is gone."""
    axes = turn.content.needs
    named = None if axes is None else _named(turn, axes, arguments)
    if axes is None or named is None:
        return None
    level, said = named
    parts: list[Condition] = [*_on_level(turn, axes, level), *said]
    courses = needs.courses_of(turn, axes, level)
    parts += [Not(Fact(REGISTRATION + course, Test.INCLUDES, "registered")) for course in courses]
    return All((*parts, *(() if axes.who is None else (axes.who,))))


def _on_level(turn: Turn, axes: Axes, level: str) -> list[Condition]:
    """From that level on and not from the next one on, as taps on a scale would say it."""
    ladder = needs.ladder(turn.content, axes)
    goal, least = step_up(ladder, level), Fact(axes.level, Test.AT_LEAST, level, ladder)
    return [least] if goal is None else [least, Not(replace(least, operand=goal))]


def _named(turn: Turn, axes: Axes, arguments: tuple[str, ...]) -> tuple[str, list[Fact]] | None:
    """The level that a button names, and the answers beside it."""
    if (share := _read_share(turn, axes, arguments)) is not None:
        return share[0], [_chose(turn, share[1], share[2])]
    if (line := _read(turn, axes, arguments)) is None:
        return None
    level, time, extra = line
    return level, [_chose(turn, axes.times, time), *([_chose(turn, axes.extra, extra)] if extra else [])]


def _chose(turn: Turn, name: str, chosen: str) -> Fact:
    several = turn.content.questionnaire.by_id[name].kind is Kind.MULTIPLE
    return Fact(name, Test.INCLUDES if several else Test.IS, chosen)


def _needs_by(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    axes, board = turn.content.needs, needs.board_of(turn)
    view, page = arguments
    if axes is None or board is None or not board.views.get(view):
        return None
    shown, around = paged(f"{NEEDS_BY}.{view}", list(enumerate(board.views[view], 1)), number(page) or 0)
    content = turn.content
    lines = tuple(_numbered(place, share_said(content, axes, view, one)) for place, one in shown)
    rows = [
        _row(turn, member, place, _subject_of_share(turn, axes, view, one), course=one.goal is not None)
        for place, one in shown
    ]
    head: Block = (staff_text("needs.by", what=question(content, view)),)
    how = _how(turn, member)
    return Screen((head, lines, how, (staff_text("needs.hidden"),)), (*rows, *around, back(f"{NEEDS}.0")))


def _months(turn: Turn, _: Member, __: tuple[str, ...]) -> Screen | None:
    if turn.content.needs is None:
        return None
    head: Block = (staff_text("needs.months_title"),)
    return Screen((head, month_lines(turn) or (staff_text("needs.no_months"),)), (back(f"{NEEDS}.0"),))


def month_lines(turn: Turn) -> tuple[Text, ...]:
    """The median of months for each step from a level to the next that enough people have taken."""
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
    """What the people of a line need of a course, as answers of the form for offers."""
    axes = turn.content.needs
    if axes is None or "offer" not in turn.content.forms:
        return None
    share = _read_share(turn, axes, arguments)
    level, _, extra = (share[0], "", "") if share is not None else _read(turn, axes, arguments) or ("", "", "")
    goal = step_up(needs.ladder(turn.content, axes), level)
    if goal is None:
        return None
    known: dict[str, str | tuple[str, ...]] = {"kind": "course", "level_from": level, "level_to": goal}
    known[f"needs_{axes.level}"] = level
    return known | ({"provides": (extra,)} if extra else {})


PAGES: dict[str, Page] = {
    NEEDS: Page(Right.SEE_FIGURES, _needs, 1),
    NEED: Page(Right.SEE_FIGURES, _need, 3),
    NEEDS_BY: Page(Right.SEE_FIGURES, _needs_by, 2),
    NEEDS_MONTHS: Page(Right.SEE_FIGURES, _months),
}
