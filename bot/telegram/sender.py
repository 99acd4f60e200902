"""The one sender of deliveries: takes a small batch in hand, says it at Telegram's pace, records what came of it.

Two things go on side by side: `_keep_books` records and claims, in one transaction; `_dispatch` lets one message
after the other leave. What is claimed and not yet recorded is never more than a batch: that much is unknown after
a kill. Whatever is not yet being sent is given back as soon as sending has to stop.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot import alive, failpoints, log, tracing
from bot.db import replica
from bot.db.engine import DatabaseAway
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due
from bot.db.replica import Replica
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Chance, Hand, Ready, Result, Speech, Tried
from bot.services.turn import FREE_RATE, Turn
from bot.services.what_staff_said import up_to_date
from bot.telegram import acting, counting
from bot.telegram.common import Common
from bot.telegram.gate import Gate, waiting_time
from bot.telegram.judging import judged
from bot.telegram.pace import CHAT_SECONDS, Place
from bot.telegram.uttering import utter

BATCH = 30
"""Deliveries in hand at most; LARGE_BATCH where more than Telegram's free rate is allowed."""
LARGE_BATCH = 100
BOOKS_SECONDS = 0.5
"""How long an outcome may wait for others to be recorded with."""
PAUSE = 2.0
"""Seconds between two tries while the database is away."""
TROUBLES = 5
"""Tries in a row that came to nothing: from then on one at a time is tried, with longer and longer pauses."""
LONGEST_QUIET = 30.0
DRAIN_SECONDS = 8.0
"""How long a stopping sender waits for what is on its way."""
LAST_TRIES = 3
LEAD_SECONDS = 1.0
"""Between two looks whether this process leads."""
_CHANCE: Chance = secrets.SystemRandom().random


def _no_alarm(_: datetime) -> None:
    """Nobody wakes us."""


class Sender:
    """Sends what is due until it is drained; `alarm` is told when the next delivery is due."""

    def __init__(
        self,
        common: Common,
        bot: Bot,
        gate: Gate,
        *,
        refused: asyncio.Event | None = None,
        paid: bool = False,
        chance: Chance = _CHANCE,
        lead: Replica | None = None,
    ) -> None:
        """`lead` where several processes could send, of which one does."""
        self.alarm: Callable[[datetime], None] = _no_alarm
        self._common = common
        self._bot = bot
        self._gate = gate
        self._refused = refused or asyncio.Event()
        self._paid = paid
        self._chance = chance
        self._speech = Speech()
        self.tries = counting.Tries()
        self._lead = lead
        self._me, self._gone = (alive.name(), alive.gone) if lead is None else (lead.hand, replica.gone)
        self._batch = BATCH if 0 < gate.pace.rate <= FREE_RATE else LARGE_BATCH
        self._hand: deque[Ready] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._done: list[Tried] = []
        self._held: dict[int, Due] = {}
        """Everything claimed and not yet recorded, by chat: one for each."""
        self._opened, self._ended = asyncio.Event(), asyncio.Event()
        self._news, self._has_hand = asyncio.Event(), asyncio.Event()
        self._due = self._look = self._stopping = False
        self._late = False
        self._troubles = 0
        self._quiet_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._running = False

    # -- what others ask of it

    def open(self) -> None:
        """Begin to send: what an earlier run left first."""
        self._look = self._due = True
        self._opened.set()

    def wake(self) -> None:
        """Something is due, or may be."""
        self._due = True
        self._news.set()

    def look_after(self) -> None:
        """Look for what is due, and for what dead processes left."""
        self._look = True
        self.wake()

    def touched(self, chat_id: int) -> None:
        """Something changed in that chat: what is not yet on its way there is looked at again first."""
        if chat_id in self._held:
            kept = [one for one in self._hand if one.due.chat_id != chat_id]
            self._done += [self._untried(one.due) for one in self._hand if one.due.chat_id == chat_id]
            self._set_hand(kept)

    async def run(self) -> None:
        """Send until drained. A database that is away is waited for; every error else is logged, and it goes on."""
        self._running = True
        try:
            await self._opened.wait()
            async with asyncio.TaskGroup() as nursery:
                dispatch = nursery.create_task(self._dispatch(nursery))
                await self._keep_books()
                dispatch.cancel()
        finally:
            self._stopping = True
            self._give_back()
            await self._close_books()
            self._ended.set()

    async def drain(self) -> None:
        """Finish what is on its way, give the rest back, record all of it."""
        self._stopping = True
        self._give_back()
        self._opened.set()
        if self._calls:
            await asyncio.wait(self._calls, timeout=DRAIN_SECONDS)
        for call in self._calls:
            call.cancel()
        self._news.set()
        if self._running:
            await self._ended.wait()

    # -- the books

    async def _keep_books(self) -> None:
        while not (self._stopping and not self._calls):
            self._news.clear()
            try:
                if self._look and not self._stopping:
                    await self._take_over()
                if self._room() or self._books_wait():
                    await self._step()
                    continue
            except DatabaseAway:
                log.get().warning("database_away", what="outbox")
                await asyncio.sleep(PAUSE)
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, the others wait for their messages
                log.get().error("outbox_failed", error=error)
                await asyncio.sleep(PAUSE)
                continue
            await self._news.wait()

    async def _take_over(self) -> None:
        """What dead processes left, and what we claimed without hearing of it, which may show up long after that."""
        self._look = False
        hand = [due.id for due in self._held.values()]

        def use_case(turn: Turn) -> int:
            if not self._is_there(turn.connection):
                return 0  # ours is what others have taken over, and theirs is not ours
            deliveries.let_go(turn.connection, self._me, hand)
            return sending.take_over(turn, self._me, self._gone)

        try:
            left = await self._common.database.run(lambda tx: use_case(self._turn(tx)))
        except BaseException:
            self._look = True
            raise
        if left:
            log.get().warning("deliveries_unknown", why="killed", number=left)

    def _room(self) -> int:
        """How many deliveries may be claimed now; where it is too early, the clock is set."""
        if not self._due or self._stopping or self._refused.is_set():
            return 0
        now = asyncio.get_running_loop().time()
        if self._lead is not None and not self._lead.may_send:
            self._again_in(LEAD_SECONDS)
            return 0
        if (wait := max(self._gate.closed_for, self._quiet_until - now)) > 0:
            self._again_in(wait)
            return 0
        busy = len(self._hand) + len(self._calls)
        if self._troubles >= TROUBLES:
            return 0 if busy else 1
        free = self._batch - busy
        return free if free >= self._batch // 2 else 0

    def _books_wait(self) -> bool:
        """Whether there are outcomes that should be recorded now."""
        return bool(self._done) and (self._late or self._stopping or not (self._hand or self._calls))

    async def _step(self) -> None:
        room, tried = self._room(), self._done
        self._done, self._late, was_due = [], False, self._due
        if room:
            self._due = False
        recorded = {one.due.chat_id for one in tried}

        def closed_for(chat_id: int) -> float:
            if chat_id in self._held and chat_id not in recorded:
                return CHAT_SECONDS
            return self._gate.pace.chat_closed_for(chat_id)

        try:
            hand = await self._common.database.run(
                lambda tx: sending.step(
                    self._turn(tx), self._me, tried, self._still(tx, room), closed_for, self._chance
                )
            )
        except BaseException:
            self._done = tried + self._done
            self._late = self._due = True
            self._look = self._look or bool(room)  # it may have been claimed all the same
            raise
        for one in tried:
            self._held.pop(one.due.chat_id, None)
        self._due = self._due or (was_due if not room else hand.more)
        self._receive(hand)

    def _still(self, connection: Connection, room: int) -> int:
        """So much room, where nobody else sends meanwhile."""
        if not room or self._is_there(connection):
            return room
        self._quiet_until = asyncio.get_running_loop().time() + LEAD_SECONDS
        return 0

    def _is_there(self, connection: Connection) -> bool:
        """Whether this process is the one that sends, and stays it until the end of the transaction."""
        return self._lead is None or replica.is_there(connection, self._lead.number)

    def _receive(self, hand: Hand) -> None:
        if hand.ready:
            failpoints.reached("delivery_claimed")
        self._held |= {one.due.chat_id: one.due for one in hand.ready}
        self._hand += hand.ready
        if self._stopping or self._gate.closed_for:
            self._give_back()
        if self._hand:
            self._has_hand.set()
        if hand.next_due is not None:
            self.alarm(hand.next_due)

    async def _close_books(self) -> None:
        """The last outcomes; where the database stays away, the next start finds them claimed, so unknown."""
        for _ in range(LAST_TRIES):
            if not self._done:
                return
            try:
                await self._step()
            except DatabaseAway:
                await asyncio.sleep(PAUSE / 10)
        if self._done:
            log.get().error("deliveries_unrecorded", number=len(self._done))

    # -- the messages

    async def _dispatch(self, nursery: asyncio.TaskGroup) -> None:
        places = asyncio.Semaphore(self._batch)
        while True:
            await self._has_hand.wait()
            await places.acquire()
            place = await self._gate.pace.delivery()
            if not self._hand or self._gate.closed_for or (self._lead is not None and not self._lead.may_send):
                place.give_back()
                places.release()
                self._give_back()
                continue
            ready = self._hand.popleft()
            if not self._hand:
                self._has_hand.clear()
            self._gate.pace.note(ready.due.chat_id)
            call = nursery.create_task(self._deliver(ready, place))
            self._calls.add(call)
            call.add_done_callback(partial(self._over, places))

    def _over(self, places: asyncio.Semaphore, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        places.release()
        self._news.set()

    async def _deliver(self, ready: Ready, place: Place) -> None:
        """One delivery on its way."""
        due = ready.due
        try:
            with counting.about(due), tracing.span("delivery", delivery=due.id, kind=due.kind.value):
                tried = await self._try(ready)
        except asyncio.CancelledError:
            tried = Tried(due, Result.UNKNOWN, self._common.clock(), "stopped")
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours; whether it was sent nobody knows
            log.get().error("delivery_failed", delivery=due.id, error=error)
            tried = Tried(due, Result.UNKNOWN, self._common.clock(), "error")
        finally:
            place.left()
            self._note(tried)

    async def _try(self, ready: Ready) -> Tried:
        due, rich = ready.due, None if ready.act is not None else self._speech.say(ready)
        if rich is None and ready.act is None:
            return Tried(due, Result.UNSAYABLE, self._common.clock())
        failpoints.reached("delivery_before_call")
        try:
            shown = (
                await utter(self._bot, due, rich, paid=self._paid)
                if rich is not None
                else await acting.do(self._bot, due, ready.act)
            )
        except RetryAfter as error:
            seconds = waiting_time(error)
            self._gate.shut(seconds)
            self._give_back()
            return Tried(due, Result.TOLD_TO_WAIT, self._common.clock(), wait=seconds + self._chance())
        except InvalidToken:
            self._refused.set()
            self._give_back()
            return self._untried(due)
        except TelegramError as error:
            result, code = judged(error)
            return Tried(due, result, self._common.clock(), code)
        failpoints.reached("delivery_after_call")
        return Tried(due, Result.SENT, self._common.clock(), message_id=shown.message, said=ready.content.said)

    def _note(self, tried: Tried) -> None:
        """An outcome, to be recorded with others; many that came to nothing in a row make us careful."""
        if not self._done:
            asyncio.get_running_loop().call_later(BOOKS_SECONDS, self._books_late)
        self._done.append(tried)
        self.tries.over(tried)
        if tried.result is not Result.SENT:
            self._due = True  # it may have to be tried again: the next step sees when
        if tried.result in {Result.NOT_SENT, Result.UNKNOWN}:
            self._troubles += 1
            log.get().warning("delivery_trouble", delivery=tried.due.id, result=tried.result.name, code=tried.code)
            if self._troubles >= TROUBLES:
                pause = min(2.0 ** (self._troubles - TROUBLES), LONGEST_QUIET) * (0.5 + self._chance() / 2)
                self._quiet_until = asyncio.get_running_loop().time() + pause
                self._give_back()
        elif tried.result is not Result.TOLD_TO_WAIT:
            self._troubles = 0

    def _books_late(self) -> None:
        if self._done:
            self._late = True
            self._news.set()

    def _give_back(self) -> None:
        """What is in hand and not on its way is planned again, as if nothing had been."""
        if self._hand:
            self._done += [self._untried(one.due) for one in self._hand]
            self._late = self._due = True
        self._set_hand([])

    def _set_hand(self, hand: list[Ready]) -> None:
        self._hand = deque(hand)
        if not hand:
            self._has_hand.clear()
        self._due = True
        self._news.set()

    def _untried(self, due: Due) -> Tried:
        return Tried(due, Result.NOT_TRIED, self._common.clock())

    def _again_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._news.set)

    def _turn(self, connection: Connection) -> Turn:
        """What is said must be true: also of an offer that staff changed a moment ago, here or in another process."""
        return up_to_date(self._common.turn(connection))
