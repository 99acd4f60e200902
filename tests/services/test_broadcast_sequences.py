"""A broadcast in any order of what staff, sender, kills and people do with it; then its rows against the chats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import count as numbers
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.content.loader import Content
from bot.db.outbox.deliveries import DELETE, State
from bot.db.rights import erasure
from bot.db.schema import delivery, metadata
from bot.services.broadcasts import broadcasting
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Hand, Ready, Result, Tried
from bot.services.what_staff_said import with_what_staff_said
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.services.broadcasts import BEGIN, Office, crowd, loaded, office, released, team

PEOPLE, STEPS = 8, 30
ENDS = {State.SENT, State.UNKNOWN, State.BLOCKED, State.SKIPPED, State.FAILED}


class Shaken(Office):
    """An office whose messages may get lost, and what is really in the chats."""

    def __init__(self, plain: Office, content: Content, chance: Random) -> None:
        super().__init__(plain._engine, content)
        self.chance = chance
        self.phones: defaultdict[int, dict[int, str | None]] = defaultdict(dict)
        self.gone: set[int] = set()
        """Chats of people who were erased."""
        self.late: list[int] = []
        """Chats that heard something after that."""
        self.calm = False
        self.numbers = numbers(1000)
        self.last: str | None = "Text 0"
        """What a copy says now; None: it is deleted."""
        self.number = 0
        self.hand: list[Ready] = []

    def begins(self) -> None:
        def use_case(turn: Any) -> int:
            for table in reversed(metadata.sorted_tables):
                turn.connection.execute(delete(table))
            crowd(turn.connection, PEOPLE)
            return released(turn.connection, turn.content, {"de": "Text 0"})

        self.number = self.run(use_case)
        self.presses_send()

    # -- what staff do

    def presses_send(self) -> bool:
        def use_case(turn: Any) -> bool:
            one = loaded(turn.connection, self.number)
            return broadcasting.send(with_what_staff_said(turn), one, team(turn.connection), self.now)

        return self.run(use_case)

    def pauses(self) -> None:
        self.do(broadcasting.hold, self.number)

    def goes_on(self) -> None:
        self.do(broadcasting.go_on, self.number)

    def corrects(self) -> None:
        text = f"Text {self.chance.randint(1, 10**6)}"
        if self.correct(text, number=self.number) and self.last is not None:
            self.last = text

    def recalls(self) -> None:
        if self.do(broadcasting.recall, self.number):
            self.last = None

    def stops(self) -> None:
        self.do(broadcasting.stop, self.number)

    # -- what clock and sender do

    def plans(self) -> None:
        self.run(broadcasting.step)

    def claims(self) -> None:
        room = self.chance.randint(1, PEOPLE)
        hand: Hand = self.run(lambda turn: sending.step(turn, "me", [], room, lambda _: 0.0, lambda: 0.5))
        self.hand += hand.ready

    def tries(self) -> None:
        tried = [self.one(ready) for ready in self.hand]
        self.hand = []
        self.run(lambda turn: sending.step(turn, "me", tried, 0, lambda _: 0.0, lambda: 0.5))

    def dies(self) -> None:
        """Some of what it had in hand has arrived, and nobody wrote that down."""
        for ready in self.hand:
            if self.chance.random() < 0.5:
                self.one(ready)
        self.hand = []
        self.run(lambda turn: sending.take_over(turn, "another", lambda _: True))

    def waits(self) -> None:
        self.now += timedelta(seconds=self.chance.choice([1, 60, 600]))

    def erases(self) -> None:
        if len(self.gone) < PEOPLE // 4:
            chat_id = self.chance.randint(1, PEOPLE)
            self.run(lambda turn: erasure.erase_chat(turn.connection, chat_id))
            self.hand = [ready for ready in self.hand if ready.due.chat_id != chat_id]  # the sender is told
            self.gone.add(chat_id)

    def one(self, ready: Ready) -> Tried:
        """A try: it goes well, provably not, or nobody knows."""
        rich, due = sending.say(ready), ready.due
        assert rich is not None
        deleted = due.edits is not None and DELETE in (due.params or {})
        had = self.phones[due.chat_id]
        number = due.edits or next(self.numbers)
        if due.edits is not None and not deleted and had[due.edits] is None:
            return Tried(due, Result.REFUSED, self.now, "BadRequest")  # there is nothing to change
        fate = Result.SENT if self.calm or self.chance.random() < 0.6 else self.chance.choice(list(TROUBLES))
        if fate is Result.SENT or (fate is Result.UNKNOWN and self.chance.random() < 0.5):
            self.late += [due.chat_id] * (due.chat_id in self.gone)
            had[number] = None if deleted else rich.text
        return Tried(due, fate, self.now, message_id=number, said=ready.content.said)

    # -- the end

    def comes_to_rest(self) -> None:
        """Nothing goes wrong any more, and time goes by."""
        self.calm = True
        self.tries()
        self.goes_on()
        for _ in range(60):
            self.plan()
            self.claims()
            self.tries()
            self.now += timedelta(minutes=1)

    def wrong(self) -> list[str]:
        """Where rows and chats disagree."""
        found = [f"{chat_id} heard something after the erasure" for chat_id in self.late]
        rows = self.run(lambda turn: list(turn.connection.execute(select(delivery).order_by(delivery.c.id))))
        found += [f"{row.chat_id}: {row.cause} is still {row.state}" for row in rows if State(row.state) not in ENDS]
        copies = {row.chat_id: row for row in rows if row.cause == f"broadcast:{self.number}"}
        for chat_id, had in self.phones.items():
            row = copies.get(chat_id)
            if chat_id in self.gone or row is None:
                found += [f"{chat_id}: heard, and nobody planned it"] if chat_id not in self.gone else []
                continue
            if len(had) > 1:
                found.append(f"{chat_id}: told twice")
            if row.state == State.SENT.value and had != {row.message_id: self.last}:
                found.append(f"{chat_id}: has {had} and not {row.message_id} {self.last}")
        silent = [key for key, row in copies.items() if row.state == "sent" and not self.phones[key]]
        return found + [f"{chat_id}: sent, and nobody heard" for chat_id in silent]


TROUBLES = (Result.UNKNOWN, Result.NOT_SENT)
OFTEN = (Shaken.plans, Shaken.claims, Shaken.tries, Shaken.waits)
SELDOM = (
    *(Shaken.presses_send, Shaken.pauses, Shaken.goes_on, Shaken.corrects, Shaken.corrects),
    *(Shaken.recalls, Shaken.stops, Shaken.dies, Shaken.erases),
)


@pytest.fixture(scope="module")
def plain(content: Content) -> Iterator[Office]:
    with office(content) as found:
        yield found


@pytest.mark.row(32, 31)
def test_whatever_is_done_with_a_broadcast_everybody_ends_in_one_state_and_hears_it_once(
    plain: Office, content: Content
) -> None:
    sequences, kinds = amount("BROADCAST_SEQUENCES"), set[str]()
    for number in range(sequences):
        post = Shaken(plain, content, Random(seed(32) + number))  # noqa: S311
        assert post.now == BEGIN
        post.begins()
        done = []
        for _ in range(STEPS):
            act = post.chance.choice(OFTEN if post.chance.random() < 0.7 else SELDOM)
            done.append(act.__name__)
            act(post)
        post.comes_to_rest()
        kinds |= {*done}
        assert post.wrong() == [], f"seed {seed(32) + number}: {done}"
    assert kinds == {act.__name__ for act in (*OFTEN, *SELDOM)}
    count("sequences", sequences)
    count("steps", STEPS * sequences)
