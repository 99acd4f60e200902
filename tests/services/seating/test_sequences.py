"""People, staff, files and the clock do anything in any order: what must hold, holds after each of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, delete, select

from bot.content.loader import Content
from bot.core.seats import State
from bot.db.engine import Database, open_database
from bot.db.offers.registrations import Target
from bot.db.rights import erasure
from bot.db.schema import chat, meeting, registration
from bot.services.offers import meetings
from bot.services.offers import registration as seats
from bot.services.offers.registration import Guest, Outcome, Result
from bot.services.offers.seats import News, What
from tests.services.seating.town import COURSE, INFO, STAFF, Town

PEOPLE = 7
STATES = {
    What.REGISTERED: State.REGISTERED,
    What.REQUESTED: State.REQUESTED,
    What.WAITING: State.WAITING,
    What.HELD: State.HELD,
    What.GIVEN_BACK: State.GIVEN_BACK,
    What.LEFT: State.LEFT,
    What.REFUSED: State.REFUSED,
    What.LAPSED: State.LAPSED,
    What.NO_SEAT: State.LAPSED,
}
DECISIONS = (seats.approve, seats.refuse)
BUTTONS: dict[State, tuple[Any, ...]] = {
    State.REGISTERED: (seats.give_back,),
    State.REQUESTED: (*DECISIONS, seats.give_back),
    State.WAITING: (seats.leave_list,),
    State.HELD: (seats.accept_hold, seats.decline_hold),
}
TAKING = {State.REGISTERED, State.REQUESTED, State.HELD}
ENDED = {State.GIVEN_BACK, State.LEFT, State.REFUSED, State.LAPSED}
picks = st.integers(0, 9)
orders = st.permutations(range(PEOPLE))
who = st.integers(0, PEOPLE - 1)
where = st.sampled_from(["evening", "course"])


class Anything(RuleBasedStateMachine):
    """Any sequence of what people, staff, files and the clock can do."""

    run: Callable[[Any], Any]
    database: Database
    content: Content
    heard: set[What]
    seen: tuple[list[Any], list[Any]] | None

    @initialize(
        first=st.permutations(range(PEOPLE)), then=st.permutations(range(PEOPLE)), many=st.integers(3, PEOPLE)
    )
    def begin(self, first: list[int], then: list[int], many: int) -> None:
        """A town where a few people have seats and others wait already."""
        self.act(self.database.run(clean))
        self.town = Town(self.database, self.content)
        self.act(self.town.begin())
        self.people = self.act(self.town.people(PEOPLE))
        self.last: dict[int, What] = {}  # by registration, as people were told
        self.taken: dict[Target, int] = {}
        self.moved = True
        for number in range(many):
            self.register(first[number], "evening")
            self.register(then[number], "course")

    # -- what people do

    @rule(person=who, where=where)
    def register(self, person: int, where: str) -> None:
        target = self.target(where)
        outcome = self.act(self.town.register(self.people[person], target))
        self.note(outcome)
        if outcome.result in {Result.REGISTERED, Result.REQUESTED}:
            assert not self.in_state(target, State.WAITING), "somebody who waited was passed"
        if outcome.result is Result.WAITING:
            waiting = self.in_state(target, State.WAITING)
            assert (waiting[-1], len(waiting)) == (outcome.registration_id, outcome.position)

    @rule(pick=picks, other=picks)
    def press(self, pick: int, other: int) -> None:
        """A button that stands on somebody's screen, or on the staff's."""
        found = [row for row in self.rows() if State(row.state) in BUTTONS]
        if found:
            row = found[pick % len(found)]
            acts = BUTTONS[State(row.state)]
            act = acts[other % len(acts)]
            whose = STAFF if act in DECISIONS else row.participant_id
            self.note(self.act(self.town.do(act, self.town.terms, row.id, whose)))

    @rule(act=st.sampled_from([seats.give_back, seats.leave_list, seats.accept_hold, seats.decline_hold]), pick=picks)
    def press_what_was_there_once(self, act: Any, pick: int) -> None:
        found = self.rows()
        row = found[pick % len(found)]
        self.note(self.act(self.town.do(act, self.town.terms, row.id, row.participant_id)))

    @rule(person=who)
    def vanish(self, person: int) -> None:
        self.act(self.database.run(lambda tx: erasure.erase_chat(tx, self.chat_of(tx, self.people[person]))))
        (self.people[person],) = self.act(self.town.people(1))
        self.sweep()

    # -- what staff does

    @rule(where=where)
    def guest(self, where: str) -> None:
        target = self.target(where)
        self.note(self.act(self.town.do(seats.enter_guest, self.town.terms, target, Guest("Anna"), STAFF)))

    @rule(back=st.booleans())
    def cancel(self, back: bool) -> None:
        act = meetings.reinstate if back else meetings.cancel
        self.act(self.town.do(act, self.town.evening.meeting_id or 0))
        self.sweep()

    @rule(seats_now=st.sampled_from([1, 2, 3, 4, None]), offer=st.sampled_from([INFO, COURSE]))
    def other_capacity(self, seats_now: int | None, offer: Any) -> None:
        self.town.change(offer, seats=seats_now)
        self.sweep()

    # -- what the clock does

    @rule(hours=st.sampled_from([1, 14, 30]))
    def wait(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)
        self.sweep()

    @rule(hours=st.sampled_from([1, 14, 30]))
    def wait_unseen(self, hours: int) -> None:
        """The clock comes by later than it should."""
        self.town.now += timedelta(hours=hours)
        self.moved = False

    @rule()
    @precondition(lambda self: not self.moved)
    def sweep(self) -> None:
        self.take(self.act(self.town.do(seats.lapse, self.town.terms)))
        assert self.act(self.town.do(seats.lapse, self.town.terms)) == (), "once is enough"
        self.moved = True

    # -- what holds

    @invariant()
    def holds(self) -> None:
        rows = self.rows()
        live = [row for row in rows if State(row.state) not in ENDED]
        assert all((row.ended_at is None) == (State(row.state) not in ENDED) for row in rows)
        own = [(row.participant_id, row.offer_id, row.meeting_id) for row in live if row.participant_id is not None]
        assert len(own) == len(set(own)), "somebody is there twice"
        told = {row.id: STATES[self.last[row.id]] for row in rows if row.participant_id is not None}
        assert told == {row.id: State(row.state) for row in rows if row.participant_id is not None}
        for target in (self.town.evening, self.town.course):
            self.holds_for(target, [row for row in live if row.offer_id == target.offer_id])

    def holds_for(self, target: Target, live: list[Any]) -> None:
        limit = self.town.terms.offers[target.offer_id].seats
        taken = sum(State(row.state) in TAKING for row in live)
        assert limit is None or taken <= max(limit, self.taken.get(target, 0)), "more people than seats"
        self.taken[target] = taken
        waiting = [row.id for row in live if row.state == State.WAITING.value]
        if self.moved and waiting and self.moves(target):
            assert limit is not None, "somebody waits for nothing"
            assert taken >= limit, "somebody waits beside a free seat"
        held = [row for row in live if row.state == State.HELD.value]
        assert all(row.held_until is not None for row in held)
        if self.moved:
            assert all(row.held_until > self.town.now for row in held)

    # -- how it is known

    def note(self, outcome: Outcome) -> None:
        self.take(outcome.news)

    def take(self, news: tuple[News, ...]) -> None:
        for one in news:
            self.last[one.registration_id] = one.what
            self.heard.add(one.what)
        for target in (self.town.evening, self.town.course):
            held = [one.registration_id for one in news if one.what is What.HELD and one.offer_id == target.offer_id]
            waiting = self.in_state(target, State.WAITING)
            assert not held or not waiting or max(held) < min(waiting), "somebody was skipped"

    def target(self, where: str) -> Target:
        return self.town.evening if where == "evening" else self.town.course

    def act(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Something is done: what was seen before is no more."""
        self.seen = None
        return self.run(deed)

    def look(self) -> tuple[list[Any], list[Any]]:
        """Everybody who ever registered, in order, and the meetings; read once after each act."""
        if self.seen is None:
            self.seen = self.run(self.database.run(everything))
        return self.seen

    def rows(self) -> list[Any]:
        return self.look()[0]

    def in_state(self, target: Target, state: State) -> list[int]:
        return [row.id for row in self.rows() if row.offer_id == target.offer_id and row.state == state.value]

    def moves(self, target: Target) -> bool:
        """Whether its waiting list still moves: neither of them lets people register once it has begun."""
        starts = [
            one.starts_at
            for one in self.look()[1]
            if one.offer_id == target.offer_id and one.cancelled_at is None and target.meeting_id in {None, one.id}
        ]
        return bool(starts) and self.town.now < min(starts)

    def chat_of(self, connection: Connection, person: int) -> int:
        from bot.db.schema import participant  # noqa: PLC0415

        found: int = connection.execute(select(participant.c.chat_id).where(participant.c.id == person)).scalar_one()
        return found


def everything(connection: Connection) -> tuple[list[Any], list[Any]]:
    """What `Anything` looks at."""
    registered = list(connection.execute(select(registration).order_by(registration.c.id)))
    return registered, list(connection.execute(select(meeting)))


def clean(connection: Connection) -> None:
    """Nothing of an earlier sequence is left."""
    for table in (registration, meeting, chat):
        connection.execute(delete(table))


@pytest.mark.row(33)
def test_whatever_is_done_in_whatever_order(database_url: str, content: Content) -> None:
    heard = set[What]()
    how = settings(
        max_examples=40 if database_url.startswith("sqlite") else 15,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with asyncio.Runner() as runner:
        database = runner.run(open_database(database_url))
        known = {"run": staticmethod(runner.run), "database": database, "content": content, "heard": heard}
        try:
            run_state_machine_as_test(type("Sequences", (Anything,), known), settings=how)
        finally:
            runner.run(database.close())
    assert heard >= {What.REGISTERED, What.WAITING, What.HELD, What.LAPSED, What.GIVEN_BACK, What.LEFT}
