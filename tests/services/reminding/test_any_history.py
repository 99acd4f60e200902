"""Any history of seats, meetings that change, claims, results, kills and erasures: what the outbox and the chats say.

Half of the calls go wrong; at the end of each history they go well, and everything comes to rest.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from bot.content.loader import Content
from bot.core.message import Text
from bot.core.timing import local_time
from bot.db import chats
from bot.db.offers.meetings import Meeting
from bot.db.outbox.deliveries import DELETE, Kind, State
from bot.db.rights import erasure
from bot.db.schema import delivery, metadata, participant
from bot.services import welcome
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Ready, Result, Tried
from bot.services.offers import joining, meetings, registration
from bot.services.offers.meetings import Change
from bot.services.reminders import reminding
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.amounts import NIGHTLY, amount
from tests.catalogue import count
from tests.services.broadcasts import office
from tests.services.reminding.helpers import OUTDATED, agree, at
from tests.services.seating.town import BERLIN, HOUR, INFO, TERMS, Town, local
from tests.telegram.post_office import Memory

PEOPLE, STEPS = 5, 50
TIMES = ("2027-01-14T18:00", "2027-01-14T19:30", "2027-01-15T18:00", "2027-01-16T18:00")
ENDS = {State.SENT, State.UNKNOWN, State.BLOCKED, State.FAILED, State.SKIPPED}
FATES = (*[Result.SENT] * 5, Result.UNKNOWN, Result.UNKNOWN, Result.NOT_SENT, Result.UNREACHABLE)
who = st.integers(0, PEOPLE - 1)


@dataclass
class Heard:
    """A message as it stands in a chat, and the meeting's time that it tells; None: cancelled."""

    text: str
    spoke_of: datetime | None


class AnyHistory(RuleBasedStateMachine):
    """People, staff, the clock and the sender of one evening, in any order."""

    run: Callable[[Any], Any]
    database: Any
    content: Content
    seen: Counter[str]

    @initialize()
    def begin(self) -> None:
        self.run(self.database.run(lambda tx: [tx.execute(delete(one)) for one in reversed(metadata.sorted_tables)]))
        self.town = Town(self.database, self.content)
        self.town.change(INFO, seats=None)
        self.run(self.town.begin())
        self.people = self.run(self.town.people(PEOPLE))
        self.run(self.database.run(lambda tx: tx.execute(update(participant).values(quiet="off"))))
        self.hand: list[Ready] = []
        self.lives = 1
        self.said: Counter[int] = Counter()
        self.heard: dict[tuple[int, int], Heard] = {}
        self.erased: set[int] = set()
        self.away: set[int] = set()
        self.latest: dict[int, tuple[str, datetime]] = {}
        """What a chat was told last of the meeting."""
        self.calm = False
        self.run(agree(self.town, *self.people))
        for person in range(PEOPLE - 1):
            self.come(person)
        self.town.now = at("2027-01-13T16:55")  # five minutes before the evening's reminder of the day before

    # -- people

    @rule(person=who)
    def come(self, person: int) -> None:
        def use_case(turn: Turn) -> None:
            outcome = registration.register(turn, self.town.terms, self.people[person], self.town.evening)
            joining.settle(turn, outcome.news, by=self.people[person])

        self.run(self.town.do(use_case))

    @rule(person=who, language=st.sampled_from(["de", "ar", "uk"]))
    def speak(self, person: int, language: str) -> None:
        key = self.chat_of(person)
        self.run(self.database.run(lambda tx: chats.save(tx, key, {"language": language})))
        self.look_again(key)

    @rule(person=who)
    def vanish(self, person: int) -> None:
        key = self.chat_of(person)
        self.run(self.database.run(lambda tx: erasure.erase_chat(tx, key)))
        self.look_again(key)
        self.erased.add(key)
        (self.people[person],) = self.run(self.town.people(1))
        self.run(agree(self.town, self.people[person]))

    @rule(person=who)
    def block(self, person: int) -> None:
        self.run(self.town.do(welcome.block, Visitor(self.chat_of(person)), blocked=True))

    @rule(person=who, speaking=st.booleans())
    def come_back(self, person: int, speaking: bool) -> None:
        """They let the bot in again; where the messenger does not tell us so, their next word does."""

        def speak(turn: Turn, visitor: Visitor) -> None:
            visit = load(turn, visitor)
            assert visit is not None
            self.seen["came back"] += visit.chat.blocked_at is not None
            visit.only()

        visitor = Visitor(self.chat_of(person))
        self.away.discard(visitor.chat_id)
        if speaking:
            self.run(self.town.do(speak, visitor))
        else:
            self.run(self.town.do(welcome.block, visitor, blocked=False))

    @rule(person=who, time=st.sampled_from(TIMES), silently=st.booleans())
    def miss(self, person: int, time: str, silently: bool) -> None:
        """They are away while the meeting is moved and everybody is told; a refusal may be the first sign of it."""
        self.work([Result.SENT] * 5, arrived=True)
        if silently:
            self.away.add(self.chat_of(person))
        else:
            self.block(person)
        self.move(time)
        for _ in range(2):
            self.work([Result.SENT] * 5, arrived=True)

    # -- staff

    @rule(time=st.sampled_from(TIMES))
    def move(self, time: str) -> None:
        self.staff(lambda turn, meeting: meetings.move(turn, self.town.terms, meeting, local(time), 90))

    @rule(back=st.booleans())
    def cancel(self, back: bool) -> None:
        self.staff(meetings.reinstate if back else meetings.cancel)

    def staff(self, act: Callable[[Turn, int], Change | None]) -> None:
        """Do it, with all that follows; what changes nothing has no consequences."""

        def use_case(turn: Turn) -> None:
            found = act(turn, self.town.evening.meeting_id or 0)
            if found is not None:
                reminding.meeting_changed(turn, found.old, found.new)

        self.run(self.town.do(use_case))

    # -- clock and sender

    @rule(time=st.sampled_from([timedelta(minutes=1), timedelta(minutes=10), HOUR, 6 * HOUR]))
    def wait(self, time: timedelta) -> None:
        self.town.now += time

    @rule(room=st.integers(1, 10))
    def claim(self, room: int) -> None:
        hand = self.run(self.town.do(sending.step, self.me, [], room, lambda _: 0.0, lambda: 0.5))
        self.hand += hand.ready
        now = self.evening()
        for ready in hand.ready:
            if ready.due.kind is Kind.REMINDER:
                assert now.cancelled_at is None, "reminded of what does not take place"
                assert self.wall(now) in self.times(ready), "reminded of another time than it is at"

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=10), arrived=st.booleans())
    def send(self, fates: list[Result], arrived: bool) -> None:
        now = self.evening()
        tried = [self.one(ready, fates[place % len(fates)], arrived, now) for place, ready in enumerate(self.hand)]
        self.hand = []
        self.run(self.town.do(sending.step, self.me, tried, 0, lambda _: 0.0, lambda: 0.5))

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=5, max_size=20), arrived=st.booleans())
    def work(self, fates: list[Result], arrived: bool) -> None:
        """The sender at its work for a while: a claim and its sends every minute."""
        for place in range(10):
            self.claim(3)
            self.send([*fates[place:], *fates[:place]], arrived)
            self.town.now += timedelta(minutes=1)

    @rule(arrived=st.integers(0, 10))
    def die(self, arrived: int) -> None:
        """So many of those in hand had left already, and nobody wrote that down."""
        now = self.evening()
        for ready in self.hand[:arrived]:
            self.one(ready, Result.UNKNOWN, arrived=True, now=now)
        self.hand, self.lives = [], self.lives + 1
        self.run(self.town.do(sending.take_over, self.me, lambda _: True))

    # -- what holds

    @invariant()
    def every_delivery_is_in_one_known_state(self) -> None:
        rows = self.rows()
        for row in rows:
            assert State(row.state) in {*ENDS, State.PLANNED, State.CLAIMED}
            assert row.unknown_at is not None or row.state != State.UNKNOWN.value
        claimed = {row.id for row in rows if row.state == State.CLAIMED.value}
        assert claimed == {ready.due.id for ready in self.hand}

    def teardown(self) -> None:
        """Everything goes well from now on, for two hours; then nothing that is due waits."""
        if not hasattr(self, "town"):
            return
        self.calm = True
        self.send([Result.SENT], arrived=True)
        for person in range(PEOPLE):
            self.come_back(person, speaking=person % 2 == 0)
        end = self.town.now + 2 * HOUR
        while self.town.now < end:
            self.claim(10)
            if self.hand:
                self.send([Result.SENT], arrived=True)
            else:
                self.town.now += timedelta(minutes=2)
        due = [row for row in self.rows() if row.state == State.PLANNED.value and row.next_at <= self.town.now]
        assert due == []
        self.what_stands_in_the_chats_is_true()

    def what_stands_in_the_chats_is_true(self) -> None:
        """Whoever was reminded of another time has it corrected in the chat, or was told last what is true."""
        now = self.evening()
        truth = None if now.cancelled_at is not None else now.starts_at
        if now.starts_at < self.town.now:
            return
        for row in self.rows():
            one = self.heard.get((row.chat_id, row.message_id or 0))
            if row.kind == "reminder" and row.state == "sent" and one is not None:
                told = row.chat_id in self.latest and time_of(*self.latest[row.chat_id]) == truth
                assert one.spoke_of == truth or told, f"{one.text!r} still says {one.spoke_of}"
                self.seen["corrected"] += one.text == OUTDATED

    # -- in between

    @property
    def me(self) -> str:
        return f"life {self.lives}"

    def one(self, ready: Ready, fate: Result, arrived: bool, now: Meeting) -> Tried:
        """A try, and what it leaves in the chat."""
        due = ready.due
        assert due.chat_id not in self.erased, "something after the erasure"
        fate = Result.SENT if self.calm else Result.UNREACHABLE if due.chat_id in self.away else fate
        self.seen[fate.name] += 1
        number = due.edits or 1000 + due.id
        if fate is Result.SENT or (fate is Result.UNKNOWN and arrived):
            if due.edits is None:
                self.said[due.id] += 1
                assert self.said[due.id] == 1 or due.doubted, "said again, and not marked"
                assert self.said[due.id] <= 2
                times = self.times(ready)
                spoke_of = now.starts_at if self.wall(now) in times else (due_time(times) or now.starts_at)
                self.heard[due.chat_id, number] = Heard(due.text_key, spoke_of)
                if due.kind is Kind.NOTICE:
                    tale = self.tale(ready)
                    assert due.doubted or self.latest.get(due.chat_id) != tale, "told twice"
                    self.latest[due.chat_id] = tale
            elif DELETE not in (due.params or {}):
                self.heard[due.chat_id, number] = Heard(due.text_key, time_of(*self.tale(ready)))
        return Tried(due, fate, self.town.now, message_id=number)

    def tale(self, ready: Ready) -> tuple[str, datetime]:
        """What a message says of a change, and of which time."""
        blocks = ready.screen.blocks if ready.screen is not None else ()
        text = [part for block in blocks for part in block if isinstance(part, Text)][-1]
        return text.key, min(self.times(ready))

    def times(self, ready: Ready) -> set[datetime]:
        """The local times that a message tells."""
        blocks = ready.screen.blocks if ready.screen is not None else ()
        found = [part.args.get("when") for block in blocks for part in block if hasattr(part, "args")]
        return {one for one in found if isinstance(one, datetime)}

    def wall(self, one: Meeting) -> datetime:
        return local_time(one.starts_at, BERLIN)

    def evening(self) -> Meeting:
        found: Meeting = self.run(self.town.meeting("info", "2027-01-14T18:00"))
        return found

    def look_again(self, chat_id: int) -> None:
        """The sender hears that something changed there: what is not yet on its way is given back."""
        back = [ready for ready in self.hand if ready.due.chat_id == chat_id]
        self.hand = [ready for ready in self.hand if ready.due.chat_id != chat_id]
        tried = [Tried(ready.due, Result.NOT_TRIED, self.town.now) for ready in back]
        self.run(self.town.do(sending.step, self.me, tried, 0, lambda _: 0.0, lambda: 0.5))

    def chat_of(self, person: int) -> int:
        asked = select(participant.c.chat_id).where(participant.c.id == self.people[person])
        found: int = self.run(self.database.run(lambda tx: tx.execute(asked).scalar_one()))
        return found

    def rows(self) -> list[Any]:
        found: list[Any] = self.run(self.database.run(lambda tx: list(tx.execute(select(delivery)))))
        return found


def time_of(key: str, when: datetime) -> datetime | None:
    """The moment of a meeting of which that is told; None where it is cancelled."""
    return None if key.endswith("cancelled") else when.replace(tzinfo=BERLIN)


def due_time(times: set[datetime]) -> datetime | None:
    """The moment of the one time that a message tells."""
    return min(times).replace(tzinfo=BERLIN) if times else None


@pytest.mark.row(30, 31, 33)
def test_whatever_happens_the_outbox_knows_it_and_the_chats_are_told(content: Content) -> None:
    histories = amount("MODELS")
    how = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=not NIGHTLY,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=tuple(Phase) if NIGHTLY else (Phase.generate,),
    )
    seen = Counter[str]()
    with office(content) as plain, asyncio.Runner() as runner:
        known = {
            "run": staticmethod(runner.run),
            "database": Memory(plain._engine),
            "content": replace(content, offers=TERMS.offers),
            "seen": seen,
        }
        run_state_machine_as_test(type("History", (AnyHistory,), known), settings=how)
    assert seen.keys() >= {"SENT", "UNKNOWN", "NOT_SENT", "UNREACHABLE", "corrected", "came back"}
    count("histories", histories)
    count("tries", sum(seen[fate.name] for fate in Result))
