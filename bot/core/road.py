"""The path from what somebody has to their goal: steps in order, and last days computed backwards. Pure.

Forward: each step begins when those before it are over, and in a window of the year where it has one; so each window
is the first that can still be reached. Backward: from the end of such a window a step has to begin so early that it,
and all between, are over by then. Whoever begins on the last day is in time; the day after, the next window counts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from functools import cached_property

from bot.core.conditions import Condition, Lookup, compiled, questions_in

MONTHS = 12
MOST_YEARS = 10
"""How far windows are looked for ahead of what they wait for: every window comes once a year."""


class Unit(StrEnum):
    """What a length is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Length:
    """So many days, weeks or months of the calendar."""

    number: int
    unit: Unit

    def after(self, day: date) -> date:
        """The day on which what begins on `day` is over (31 January and a month: 28 February)."""
        if self.unit is not Unit.MONTH:
            return day + timedelta(days=self.number * _DAYS[self.unit])
        return _months_from(day, self.number)

    def before(self, day: date) -> date:
        """The last day from which it is over on `day` at the latest."""
        if self.unit is not Unit.MONTH:
            return day - timedelta(days=self.number * _DAYS[self.unit])
        found = _months_from(day, -self.number)
        while self.after(found + timedelta(days=1)) <= day:  # short months: several days end on the same one
            found += timedelta(days=1)
        return found


NO_TIME = Length(0, Unit.DAY)


def _months_from(day: date, months: int) -> date:
    count = day.month - 1 + months
    year, month = min(max(day.year + count // MONTHS, MINYEAR), MAXYEAR), count % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year; 29 February is the 28th in most of them."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """The day in a year."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class Window:
    """When a step can begin, every year: from `opens` to `closes`, which may lie in the next year."""

    opens: YearDay
    closes: YearDay

    def closing_in(self, year: int) -> Opening:
        """The one that closes in a year."""
        closes = self.closes.of(year)
        opens = self.opens.of(year)
        return Opening(opens if opens <= closes else self.opens.of(year - 1), closes)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A window in one year."""

    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Its texts are `path.steps.<id>.title` and `.text`.

    `when`: for whom it is (None: everybody with the goal). `done`: which answers say that it is done; where none can,
    the person ticks it. `begun`: which answers say that it is on its way. `level`: courses to it are this step.
    `lasts` None: not known. `windows`: it begins within one of them. `after`: what must be over before. `offers`
    go with it. `remind`: people are told before its last day. `checked`: its facts were looked up and are certain.
    """

    id: str
    when: Condition | None = None
    done: Condition | None = None
    begun: Condition | None = None
    level: str = ""
    lasts: Length | None = None
    windows: tuple[Window, ...] = ()
    after: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    office: str = ""
    link: str = ""
    offers: tuple[str, ...] = ()
    remind: bool = True
    checked: bool = True

    @property
    def length(self) -> Length:
        """How long it takes, as far as that is known."""
        return self.lasts or NO_TIME


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a path leads: whose goal it is, and its steps by their ids."""

    id: str
    when: Condition
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Road:
    """All goals and steps of a town; a step stands behind those it waits for."""

    goals: tuple[Goal, ...]
    steps: Mapping[str, Step]

    @cached_property
    def questions(self) -> frozenset[str]:
        """Every question that decides about a path."""
        conditions = [one.when for one in self.goals]
        conditions += [part for one in self.steps.values() for part in (one.when, one.done, one.begun) if part]
        return frozenset[str]().union(*map(questions_in, conditions))


class State(StrEnum):
    """How far somebody is with a step."""

    DONE = "done"
    RUNNING = "running"
    """Begun, and not over yet."""
    NOW = "now"
    """All before it is done."""
    LATER = "later"
    UNKNOWN = "unknown"
    """Whether it is needed or done cannot be said before a question is answered."""


OPEN = frozenset({State.NOW, State.LATER})
"""What has still to be begun."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step on somebody's path.

    `earliest` and `latest` are the first and the last day it can begin; `latest` only where a window comes:
    `because` is the step that has it, `until` its end. `missed`: the end of the window before, which is out of reach.
    `over`: when it is over at the earliest. `vague`: how long something takes on the way there is not known, so
    the last day is too late rather than too early. `lacking`: the questions without which no day can be named.
    """

    step: Step
    state: State
    earliest: date | None = None
    latest: date | None = None
    opening: Opening | None = None
    missed: date | None = None
    over: date | None = None
    because: str = ""
    until: date | None = None
    vague: bool = False
    waits: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Somebody's path as it is today."""

    goals: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    unknown: frozenset[str] = frozenset()
    """The questions that say which goals they have, where none is known."""

    @cached_property
    def by_id(self) -> dict[str, Place]:
        """Each place by its step."""
        return {one.step.id: one for one in self.places}

    @property
    def next(self) -> tuple[Place, ...]:
        """What can be done now, or runs: what has the nearest last day first."""
        found = [one for one in self.places if one.state in {State.NOW, State.RUNNING}]
        return tuple(sorted(found, key=lambda one: one.latest or date.max))

    @property
    def stands(self) -> str | None:
        """The one step somebody stands at: the first that is not done; None where all are, or it is not known."""
        first = next((one for one in self.places if one.state is not State.DONE), None)
        return None if first is None or first.state is State.UNKNOWN else first.step.id


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody beside their answers.

    `marked` are the steps they ticked, `ends` those that run, each with the day it is expected to be over.
    """

    marked: Collection[str] = ()
    ends: Mapping[str, date] = field(default_factory=dict)


def plan(road: Road, lookup: Lookup, known: Known, today: date) -> Plan:
    """The path of somebody with these answers, as it is on this day."""
    holds = {one.id: compiled(one.when)(lookup) for one in road.goals}
    goals = [one for one in road.goals if holds[one.id]]
    if not goals:
        unclear = [one.when for one in road.goals if holds[one.id] is None]
        return Plan(unknown=frozenset[str]().union(*map(questions_in, unclear)))
    wanted = {name for one in goals for name in one.steps}
    places: dict[str, Place] = {}
    for step in road.steps.values():
        if step.id in wanted and compiled(step.when)(lookup) is not False:
            places[step.id] = _forward(step, lookup, known, places, today)
    return Plan(tuple(one.id for one in goals), tuple(_backward(places)))


def _forward(step: Step, lookup: Lookup, known: Known, before: Mapping[str, Place], today: date) -> Place:
    """The step as far as those before it decide."""
    state, own = _state(step, lookup, known)
    if state is State.DONE:
        return Place(step, state)
    if state is State.RUNNING:
        return Place(step, state, over=max(today, known.ends[step.id]))
    waits = [before[name] for name in step.after if name in before and before[name].state is not State.DONE]
    lacking = own.union(*(one.lacking for one in waits))
    if state is State.NOW and waits:
        state = State.LATER
    place = Place(step, state, waits=tuple(one.step.id for one in waits), lacking=lacking)
    if lacking:
        return place
    ready = max([today, *(one.over for one in waits if one.over is not None)])
    opening, missed = _reached(step, ready, today)
    earliest = ready if opening is None else max(ready, opening.opens)
    over = step.length.after(earliest)
    return replace(place, earliest=earliest, opening=opening, missed=missed, over=over)


def _state(step: Step, lookup: Lookup, known: Known) -> tuple[State, frozenset[str]]:
    """How far somebody is, whatever comes before; and the questions that would have to be answered to know.

    A paper that was never mentioned has to be got; a level that is not known may be any.
    """
    needed, done = compiled(step.when)(lookup), None if step.done is None else compiled(step.done)(lookup)
    if done or (done is None and not step.level and step.id in known.marked):
        return State.DONE, frozenset()
    if step.id in known.ends:
        return State.RUNNING, frozenset()
    unclear = [step.when] if needed is None else []
    unclear += [step.done] if step.level and done is None else []
    lacking = frozenset(name for one in unclear for name in questions_in(one) if lookup(name) is None)
    return (State.UNKNOWN, lacking) if lacking else (State.NOW, frozenset())


def _reached(step: Step, ready: date, today: date) -> tuple[Opening | None, date | None]:
    """The first window still open when all before is over, and the end of the one before that, if it is to come."""
    missed: date | None = None
    for one in openings(step.windows, today.year):
        if one.closes >= ready:
            return one, missed
        missed = one.closes if one.closes >= today else None
    return None, None


def openings(windows: Collection[Window], year: int) -> Iterator[Opening]:
    """Every window that closes from a year on, one after the other."""
    for each in range(year, min(year + MOST_YEARS, MAXYEAR) + 1) if windows else ():
        yield from sorted((one.closing_in(each) for one in windows), key=lambda one: one.closes)


def _backward(places: Mapping[str, Place]) -> Iterable[Place]:
    """The last day of each, from what comes behind it."""
    found: dict[str, Place] = {}
    for name in reversed(list(places)):
        place = places[name]
        if place.state not in OPEN or place.earliest is None:
            found[name] = place
            continue
        behind = [one for one in found.values() if name in one.waits and one.latest is not None]
        ways = [
            replace(
                place,
                latest=_begins(place.step, one.latest),
                because=one.because,
                until=one.until,
                vague=one.vague or place.step.lasts is None,
            )
            for one in behind
            if one.latest is not None
        ]
        if place.opening is not None:
            closes = place.opening.closes
            ways.append(replace(place, latest=closes, because=name, until=closes))
        found[name] = min(ways, key=lambda one: one.latest or date.max, default=place)
    return reversed(found.values())


def _begins(step: Step, by: date) -> date:
    return step.length.before(by)


def last_days(road: Road, since: date, until: date) -> dict[str, frozenset[date]]:
    """Every day from `since` to `until` that can be the last day of a step people are told about, whoever they are.

    A person's last day is the end of a window, less the lengths of the steps on one way to it.
    """
    found: dict[str, set[date]] = {}
    for name, step in road.steps.items():
        for one in openings(step.windows, since.year):
            for before, day in _walked_back(road, name, one.closes):
                if since <= day <= until and road.steps[before].remind:
                    found.setdefault(before, set()).add(day)
    return {name: frozenset(days) for name, days in found.items()}


def _walked_back(road: Road, name: str, day: date) -> Iterator[tuple[str, date]]:
    yield name, day
    for before in road.steps[name].after:
        yield from _walked_back(road, before, _begins(road.steps[before], day))
