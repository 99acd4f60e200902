"""The report of a quarter for funders: figures only, and none of fewer than five people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.content.locales import german_name
from bot.core.message import Text, Words
from bot.core.needs import Axes, Board
from bot.core.offers import Kind
from bot.core.paper import Bar, Chart, Report, Section, Table
from bot.core.progress import Gained, Step, gained, months_each
from bot.core.quarters import Quarter
from bot.core.shielding import LEAST, none_or_enough, shielded, shown, single
from bot.db.figures import figures
from bot.db.figures.figures import Attendance, Came
from bot.services.figures import needs, reporting_openings
from bot.services.figures.board_words import (
    NOT_SHOWN,
    chart_of,
    lines_table,
    months_table,
    option,
    said,
    source_said,
    view_by_level,
    words,
)
from bot.services.turn import Turn
from bot.services.view import local_day

COLUMNS = ("offer", "kind", "meetings", "of_seats", "taken", "waiting", "presence")
"""Those of the offers."""
STEP = 5
"""Shares are rounded to so many percent."""
KINDS = {Kind.COURSE: "report.course", Kind.EVENT: "report.event"}


@dataclass(frozen=True, slots=True)
class OfOffer:
    """An offer in a quarter: its meetings, seats that are taken and waited for, and the marks on its lists.

    None stands for fewer than five people; of marks, also where fewer than five came, or missed a meeting.
    """

    offer_id: str
    meetings: int
    seats: int | None
    taken: int | None
    waiting: int | None
    marks: Attendance | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The people who came in a quarter: all of them, by source, by language, and who finished the questions.

    What is missing to all of them is other, not known, or too few to be said.
    """

    people: int
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    finished: int | None


def report_of(turn: Turn, quarter: Quarter) -> Report:
    """The report as a paper, in German."""
    content, axes = turn.content, turn.content.needs
    begin, end = quarter.bounds(content.town.clock)
    purpose = axes.consent if axes is not None else content.town.consents[0].id
    people = reached(figures.came(turn.connection, purpose, begin, end), content.languages)
    offers = list(_offers(turn, quarter))
    present = _presence(one.marks for one in offers)
    board = needs.board_of(turn) or Board()
    spoken = [] if axes is None else needs.said_of_levels(turn, axes)
    ladder = () if axes is None else needs.ladder(content, axes)
    rose = gained(ladder, spoken, begin, end)
    sections = [*_people(turn, people), *_offered(turn, offers), *reporting_openings.section(turn, quarter, purpose)]
    if axes is not None:
        sections += [
            *_levels(turn, axes, rose, months_each(ladder, [one for one in spoken if one.at < end])),
            *_needed(turn, axes, board),
        ]
    title = words(content, "report.title", number=quarter.number, year=Words(str(quarter.year)))
    top = (
        (_number(people.people or None), words(content, "report.people")),
        (_number(people.finished), words(content, "report.finished")),
        (_number(sum(one.taken or 0 for one in offers) or None), words(content, "report.seats")),
        (present, words(content, "report.present")),
        (_number(rose.people), words(content, "report.rose")),
    )
    return Report(title, source_said(turn), top, tuple(sections), _foot(turn, quarter))


def reached(came: list[Came], languages: tuple[str, ...]) -> Reached:
    """The figures about who came. All of them are of the same people."""
    sources, spoken, done = Counter[str | None](), Counter[str | None](), Counter[str | None]()
    for one in came:
        sources[one.source or None] += one.people
        spoken[one.language] += one.people
        done["finished" if one.finished else None] += one.people
    if sources.total() < LEAST:
        return Reached(0, {}, {}, None)
    return Reached(
        sources.total(),
        _largest_first(shown(shielded(single(sources)))),
        _largest_first(shown(shielded(single(spoken), complete=frozenset({*languages, *filter(None, spoken)})))),
        shown(shielded(single(done))).get("finished"),
    )


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _offers(turn: Turn, quarter: Quarter) -> Iterator[OfOffer]:
    begin, end = quarter.bounds(turn.content.town.clock)
    held = figures.held(turn.connection, begin, end)
    known = [one for one in turn.content.offers.values() if one.id in held and one.kind in KINDS]
    filled = figures.filled(turn.connection, [one.id for one in known], begin, end)
    attended = figures.attended(turn.connection, begin, end)
    for one in sorted(known, key=lambda one: list(KINDS).index(one.kind)):
        numbers = filled.get(one.id)
        yield OfOffer(
            one.id,
            held[one.id],
            one.seats,
            _at_least(numbers.taken if numbers is not None else 0),
            _at_least(numbers.waiting if numbers is not None else 0),
            _marks(attended.get(one.id)),
        )


def _marks(marks: Attendance | None) -> Attendance | None:
    """Those of which a share tells of no few: not of one absence among twenty, nor of one who came."""
    return marks if marks is not None and none_or_enough(marks.came, marks.missed) else None


def _presence(marks: Iterable[Attendance | None]) -> str:
    """The share of presence in what may be shown. What a row hides is in no sum: nothing can be subtracted."""
    known = [one for one in marks if one is not None]
    whole = sum(one.marks for one in known)
    return f"{_percent(sum(one.present for one in known), whole)} %" if whole else NOT_SHOWN


def _at_least(people: int) -> int | None:
    return people if people >= LEAST else None


def _number(people: int | None) -> str:
    return NOT_SHOWN if people is None else f"{people:,}".replace(",", ".")


def _percent(part: int, whole: int) -> int:
    return round(part / whole * 100 / STEP) * STEP


def _people(turn: Turn, people: Reached) -> Iterator[Section]:
    content = turn.content
    title = words(content, "report.people_title")
    if not people.people:
        yield Section(title, (words(content, "report.too_few"),))
        return
    rest, head_people = words(content, "report.rest"), words(content, "report.head_people")
    sources = list(people.sources.items())
    spoken = [(german_name(one), number) for one, number in people.languages.items()]
    rows = (*sources, *_rest(rest, people.people, sources))
    yield Section(
        title,
        (words(content, "report.came", people=people.people),),
        Table(title, (words(content, "report.head_source"), head_people), rows),
    )
    title = words(content, "report.languages_title")
    bars = tuple(Bar(name, number) for name, number in (*spoken, *_rest(rest, people.people, spoken)))
    yield Section(title, (), chart=Chart(words(content, "report.languages_chart"), bars, source_said(turn)))


def _rest(name: str, people: int, counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    left = people - sum(number for _, number in counts)
    return [(name, left)] if left else []


def _offered(turn: Turn, offers: list[OfOffer]) -> Iterator[Section]:
    content = turn.content
    title = words(content, "report.offers_title")
    if not offers:
        yield Section(title, (words(content, "report.no_offers"),))
        return
    rows = tuple(
        (
            said(content, Text(f"offers.{one.offer_id}.title")),
            words(content, KINDS[content.offers[one.offer_id].kind]),
            one.meetings,
            NOT_SHOWN if one.seats is None else one.seats,
            _number(one.taken),
            _number(one.waiting),
            _presence([one.marks]),
        )
        for one in offers
    )
    table = Table(title, tuple(words(content, f"report.head_{one}") for one in COLUMNS), rows)
    yield Section(title, (words(content, "report.offers_how"),), table)


def _levels(turn: Turn, axes: Axes, rose: Gained, months: Mapping[Step, int]) -> Iterator[Section]:
    content = turn.content
    title = words(content, "report.levels_title")
    if rose.people is None:
        yield Section(title, (words(content, "report.too_few"),))
    else:
        steps = rose.steps or {}
        named = [
            (" → ".join(said(content, option(content, axes.level, one)) for one in step), number)
            for step, number in steps.items()
        ]
        rows = (*named, *_rest(words(content, "report.rest_steps"), rose.people, named))
        head = words(content, "report.head_step"), words(content, "report.head_people")
        yield Section(title, (words(content, "report.rose_how", people=rose.people),), Table(title, head, rows))
    if months:
        title = words(content, "report.months_title")
        yield Section(title, (words(content, "report.months_how"),), months_table(content, axes, months))


def _needed(turn: Turn, axes: Axes, board: Board) -> Iterator[Section]:
    content = turn.content
    title = words(content, "report.needs_title")
    if board.people is None:
        yield Section(title, (words(content, "report.too_few"),))
        return
    about = words(content, "report.needs_how", people=board.people)
    chart = chart_of(turn, axes, board) if board.lines else None
    yield Section(title, (about,), lines_table(content, axes, board), chart)
    for view, shares in board.views.items():
        if shares:
            table = view_by_level(content, axes, view, shares)
            yield Section(words(content, "report.by", what=Words(table.title)), (), table)


def _foot(turn: Turn, quarter: Quarter) -> tuple[str, ...]:
    content = turn.content
    running = local_day(content, turn.now) < quarter.after.first
    last = (words(content, "report.running_now"),) if running else ()
    return (*last, words(content, "report.hidden"), words(content, "report.erased"))
