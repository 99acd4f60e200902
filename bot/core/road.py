"""The path from a person's situation to their goal: steps in order, and last days computed backwards.

Forward: each step begins when those before it are over, and within a window of the year if it has one. So each window
is the first that can still be reached. Backward: a step has to begin early enough that it and all steps after it are
over by the end of such a window. To begin on the last day is in time. From the next day on, the next window counts.
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
"""How many years ahead windows are searched. Every window comes once a year."""


class Unit(StrEnum):
    """The unit of a length."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Length:
    """A number of days, weeks or months of the calendar."""

    number: int
    unit: Unit

    def after(self, day: date) -> date:
        """The day on which something that begins on `day` is over (31 January and a month: 28 February)."""
        if self.unit is not Unit.MONTH:
            return day + timedelta(days=self.number * _DAYS[self.unit])
        return _months_from(day, self.number)

    def before(self, day: date) -> date:
        """The last day on which it can begin to be over by `day`."""
        if self.unit is not Unit.MONTH:
            return day - timedelta(days=self.number * _DAYS[self.unit])
        found = _months_from(day, -self.number)
        while self.after(found + timedelta(days=1)) <= day:  # in short months several starts end on the same day
            found += timedelta(days=1)
        return found


NO_TIME = Length(0, Unit.DAY)


def _months_from(day: date, months: int) -> date:
    count = day.month - 1 + months
    year, month = min(max(day.year + count // MONTHS, MINYEAR), MAXYEAR), count % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year. 29 February is the 28th in years without it."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """The day in a given year."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class Window:
    """When a step can begin, every year: from `opens` to `closes`, which may lie in the next year."""

    opens: YearDay
    closes: YearDay

    def closing_in(self, year: int) -> Opening:
        """The opening of this window that closes in a given year."""
        closes = self.closes.of(year)
        opens = self.opens.of(year)
        return Opening(opens if opens <= closes else self.opens.of(year - 1), closes)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A window in one particular year."""

    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Its texts are `path.steps.<id>.title` and `.text`.

    `when`: who it is for (None: everybody with the goal). `done`: which answers mean that it is done; if none can,
    the person ticks it. `begun`: which answers mean that it has begun. `level`: courses to this level are this step.
    `lasts` None: not known. `windows`: it begins within one of them. `after`: the steps that must be over before.
    `offers`: offers that go with it. `remind`: people are told before its last day. `checked`: its facts were looked
    up and are certain.
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
    """A goal: whose goal it is, and the ids of its steps."""

    id: str
    when: Condition
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Road:
    """All goals and steps of a town. A step comes after the steps it waits for."""

    goals: tuple[Goal, ...]
    steps: Mapping[str, Step]

    @cached_property
    def questions(self) -> frozenset[str]:
        """Every question that can change a path."""
        conditions = [one.when for one in self.goals]
        conditions += [part for one in self.steps.values() for part in (one.when, one.done, one.begun) if part]
        return frozenset[str]().union(*map(questions_in, conditions))


class State(StrEnum):
    """How far a person is with a step."""

    DONE = "done"
    RUNNING = "running"
    """Begun, and not over yet."""
    NOW = "now"
    """Everything before it is done."""
    LATER = "later"
    UNKNOWN = "unknown"
    """A question must be answered before we know whether it is needed or done."""


OPEN = frozenset({State.NOW, State.LATER})
"""The states of steps that have not begun."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step on a person's path.

    `earliest` and `latest` are the first and the last day it can begin. There is a `latest` only if a window follows:
    `because` is the step that has the window, `until` its end. `missed`: the end of the previous window, which is out
    of reach. `over`: the earliest day on which it is over. `vague`: the length of something on the way is not known,
    so `latest` is too late rather than too early. `lacking`: the questions that must be answered before a day can be
    named.
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
    """A person's path as it is today."""

    goals: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    unknown: frozenset[str] = frozenset()
    """If no goal is known: the questions that decide about the goals."""

    @cached_property
    def by_id(self) -> dict[str, Place]:
        """Each place by the id of its step."""
        return {one.step.id: one for one in self.places}

    @property
    def next(self) -> tuple[Place, ...]:
        """The steps that can begin now or are running, the nearest last day first."""
        found = [one for one in self.places if one.state in {State.NOW, State.RUNNING}]
        return tuple(sorted(found, key=lambda one: one.latest or date.max))

    @property
    def stands(self) -> str | None:
        """The id of the step the person is at: the first that is not done. None if all are, or if it is not known."""
        first = next((one for one in self.places if one.state is not State.DONE), None)
        return None if first is None or first.state is State.UNKNOWN else first.step.id


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a person besides their answers.

    `marked`: the steps they ticked. `ends`: the running steps, each with the day it is expected to be over.
    """

    marked: Collection[str] = ()
    ends: Mapping[str, date] = field(default_factory=dict)


def plan(road: Road, lookup: Lookup, known: Known, today: date) -> Plan:
    """The path of a person with these answers, as it is on this day."""
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
    """The step, as far as the steps before it decide. `latest` is still missing."""
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
    """How far a person is, regardless of earlier steps, and the questions that must be answered to know.

    A paper that was never mentioned still has to be obtained. An unknown level may be any level.
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
    """The first window still open on `ready`, and the end of the window before it, if that is still ahead."""
    missed: date | None = None
    for one in openings(step.windows, today.year):
        if one.closes >= ready:
            return one, missed
        missed = one.closes if one.closes >= today else None
    return None, None


def openings(windows: Collection[Window], year: int) -> Iterator[Opening]:
    """Every window that closes in this year or later, in order."""
    for each in range(year, min(year + MOST_YEARS, MAXYEAR) + 1) if windows else ():
        yield from sorted((one.closing_in(each) for one in windows), key=lambda one: one.closes)


def _backward(places: Mapping[str, Place]) -> Iterable[Place]:
    """Adds the last day of each place, from the places after it."""
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
    """Each day from `since` to `until` that can be a last day of a step with reminders, for any person.

    A person's last day is the end of a window, minus the lengths of the steps on one way to it.
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
