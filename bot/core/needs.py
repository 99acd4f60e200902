"""The needs board: what people need to learn, by level, time of day and other needs, compared with what is offered.

A person who has a level needs the next level of the scale. No figure describes fewer than five people or lets such a
group be computed (`bot.core.shielding`). All numbers of people are therefore "at least" numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.core.conditions import Condition, Value, compiled
from bot.core.shielding import LEAST, having, shielded, shown, single

COURSE = "course"
"""The table of level, time and other needs. A table of one more question is named like that question."""
MOST_OF = 2
"""An offer is at a time of day if at least one in this many of its meetings is."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a meeting is at a time of day: it begins at or after `start`, before `until`, on `days` (ISO weekdays)."""

    start: time = time.min
    until: time = time.max
    days: frozenset[int] = frozenset(range(1, 8))

    def holds(self, local: datetime) -> bool:
        """Whether a meeting that begins at this local time belongs here."""
        return local.isoweekday() in self.days and self.start <= local.time() < self.until


@dataclass(frozen=True, slots=True)
class Axes:
    """The questions that make up the board, by their ids.

    `hours`: the options of `times` that are times of day. `extras`: the options of `extra` that a course must provide
    for people who need them. `views`: further questions that divide each level. `who`: whose needs count.
    """

    level: str
    times: str
    hours: Mapping[str, Hours]
    consent: str
    extra: str = ""
    extras: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    who: Condition | None = None

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The questions of each table, by the name of the table. The level is in all of them."""
        course = (self.level, self.times, *((self.extra,) if self.extra else ()))
        return {COURSE: course, **{one: (self.level, one) for one in self.views}}


@dataclass(frozen=True, slots=True)
class Found:
    """How many people gave the same answers to the questions of a table. An answer of None is not known."""

    table: str
    answers: Mapping[str, Value | None]
    people: int


@dataclass(frozen=True, slots=True)
class Supply:
    """A course that people can still register for. `free` None: there is no limit."""

    offer_id: str
    level_from: str | None
    level_to: str
    times: frozenset[str]
    provides: frozenset[str]
    free: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """How many people of a level, at least, need the next one (`goal`) at a time with this `extra` ("": any).

    `offers` are the open courses that fit, `seats` their free seats (None: no limit).
    """

    level: str
    goal: str
    time: str
    extra: str
    people: int
    seats: int | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many people of a level, at least, gave this answer to the question of a view.

    `goal` is the next level, None above the highest. `seats` and `offers` are those of the open courses that lead
    there, at any time of day, as in `Line`.
    """

    level: str
    option: str
    people: int
    goal: str | None = None
    seats: int | None = 0
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The figures. `people` None: fewer than five. `lines`: the largest lack of seats first. `views`: by question."""

    people: int | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    views: Mapping[str, tuple[Share, ...]] = field(default_factory=dict)

    def line(self, level: str, at: str, extra: str) -> Line | None:
        """The line of this level, time and extra. None if it is not shown."""
        return next((one for one in self.lines if (one.level, one.time, one.extra) == (level, at, extra)), None)

    def share(self, level: str, view: str, option: str) -> Share | None:
        """The share for this answer at a level. None if it is not shown."""
        shares = self.views.get(view, ())
        return next((one for one in shares if (one.level, one.option) == (level, option)), None)


def board(axes: Axes, ladder: Sequence[str], found: Iterable[Found], supply: Collection[Supply]) -> Board:
    """Builds the board from the counts. `ladder`: the levels, lowest first. Any other level counts as not known."""
    counts = _counted(axes, ladder, found)
    levels = shielded(single({level: part.total() for level, part in counts[COURSE].items()}))
    people = sum(levels.values())
    if people < LEAST:
        return Board()
    by_level = shown(levels)
    in_order = [one for one in ladder if one in by_level]
    lines = [
        line
        for level in in_order
        if (goal := step_up(ladder, level)) is not None
        for line in _lines(axes, ladder, level, goal, counts[COURSE][level], supply)
    ]
    return Board(
        people,
        {level: by_level[level] for level in in_order},
        tuple(sorted(lines, key=_urgency)),
        {view: tuple(_shares(ladder, in_order, counts[view], supply)) for view in axes.views},
    )


def step_up(ladder: Sequence[str], level: str) -> str | None:
    """The next level. None above the highest level, and for anything that is not a level."""
    after = list(ladder).index(level) + 1 if level in ladder else len(ladder)
    return ladder[after] if after < len(ladder) else None


def times_of(axes: Axes, starts: Collection[datetime]) -> frozenset[str]:
    """The times of day of an offer with these meetings: those that hold at least half of them."""
    often = Counter(option for start in starts for option, hours in axes.hours.items() if hours.holds(start))
    return frozenset(option for option, times in often.items() if times * MOST_OF >= len(starts))


_Counts = dict[str, dict[str | None, Counter[frozenset[str]]]]


def _counted(axes: Axes, ladder: Sequence[str], found: Iterable[Found]) -> _Counts:
    """People by table, level (None: not known) and known traits. Each table counts all people."""
    counts: _Counts = {table: {} for table in axes.tables}
    belongs = compiled(axes.who)
    for one in found:
        if belongs(one.answers.get) is not True:
            continue
        level = one.answers.get(axes.level)
        known = str(level) if level in ladder else None
        counts[one.table].setdefault(known, Counter())[_traits(axes, one)] += one.people
    return counts


def _traits(axes: Axes, one: Found) -> frozenset[str]:
    if one.table != COURSE:
        return _chosen(one.answers.get(one.table))
    times = _chosen(one.answers.get(axes.times)).intersection(axes.hours)
    return times | {f"+{extra}" for extra in _chosen(one.answers.get(axes.extra)).intersection(axes.extras)}


def _chosen(value: Value | None) -> frozenset[str]:
    match value:
        case None:
            return frozenset()
        case tuple():
            return frozenset(value)
    return frozenset({str(value)})


def _lines(
    axes: Axes,
    ladder: Sequence[str],
    level: str,
    goal: str,
    counts: Mapping[frozenset[str], int],
    supply: Collection[Supply],
) -> Iterable[Line]:
    groups = shielded(counts)
    for at in axes.hours:
        for extra in ("", *axes.extras):
            people = having(groups, at, *((f"+{extra}",) if extra else ()))
            if people:
                fits = [one for one in supply if _fits(one, ladder, level, goal, at, extra)]
                yield Line(level, goal, at, extra, people, _seats(fits), tuple(one.offer_id for one in fits))


def _fits(one: Supply, ladder: Sequence[str], level: str, goal: str, at: str, extra: str) -> bool:
    return _leads(one, ladder, level, goal) and at in one.times and (not extra or extra in one.provides)


def _leads(one: Supply, ladder: Sequence[str], level: str, goal: str) -> bool:
    """Whether a course takes people of this level and leads to the goal."""
    ranks = {name: rank for rank, name in enumerate(ladder)}
    return one.level_to == goal and ranks.get(one.level_from or "", 0) <= ranks[level]


def _seats(fits: Collection[Supply]) -> int | None:
    """All free seats. None if one of the courses has no limit."""
    free = [one.free for one in fits]
    return None if None in free else sum(seats for seats in free if seats is not None)


def _urgency(line: Line) -> tuple[bool, int, int]:
    """The order of lines: the largest lack first, those without a limit last, then the most people first."""
    return line.seats is None, (line.seats or 0) - line.people, -line.people


def _shares(
    ladder: Sequence[str],
    levels: Iterable[str],
    counts: Mapping[str | None, Counter[frozenset[str]]],
    supply: Collection[Supply],
) -> Iterable[Share]:
    """For each level, every answer that enough people gave, the most frequent first."""
    for level in levels:
        groups = shielded(counts.get(level, Counter()))
        options = sorted({option for group in groups for option in group})
        goal = step_up(ladder, level)
        fits = [one for one in supply if goal is not None and _leads(one, ladder, level, goal)]
        offers = tuple(one.offer_id for one in fits)
        shares = [Share(level, option, having(groups, option), goal, _seats(fits), offers) for option in options]
        yield from sorted(shares, key=lambda one: (-one.people, one.option))
