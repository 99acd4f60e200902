"""Telegram's limits, kept on our side: messages in any sliding second, in one chat, in one group.

Replies to people go first. A delivery leaves the place that has become free to them for a moment, so that a tap
hardly ever waits; and it waits for nothing but deliveries, never for other taps.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from types import TracebackType
from typing import Self

from bot.services.turn import FREE_RATE
from bot.telegram.recent import Recent

WINDOW = 1.0
"""Seconds the overall limit is counted over."""
LATE = 0.25
"""A message counts from when Telegram has it, at most so many seconds after it was sent."""
MARGIN = 0.005
"""Seconds by which that moment may be misjudged. It is when the answer came less the shortest way there and back of
late: a line on which all take equally long costs nothing, and what takes longer counts longer."""
TRIPS, FEW_TRIPS = 100, 10
"""Ways there and back that are remembered; with fewer nothing is known about the line."""
LEFT_TO_REPLIES = 0.024
"""Seconds for which a free place is left to replies before a delivery takes it. At every rate: where places become
free within milliseconds, this is what evens out a heap after a delay, and what a misjudged arrival may use up."""
CATCH_UP = 0.05
"""Deliveries are spread evenly; after a delay they may be closer for so many seconds' worth."""
PATIENCE = 1.1
"""Seconds a reply waits for deliveries at most: whatever was in the window has left it. More than a few replies at
the same moment would otherwise go beyond the limit, and a 429 silences everybody for a second at least."""
CHAT_SECONDS = 1.05
"""Between two messages in one chat."""
GROUP_SECONDS = 60.5
IN_A_GROUP = 20
"""Messages in one group within GROUP_SECONDS."""


class Place:
    """One message in the window, from the moment it may leave; `with` it around the call."""

    __slots__ = ("_pace", "_sent", "at", "delivery")

    def __init__(self, pace: Pace, sent: float, *, delivery: bool) -> None:
        self._pace = pace
        self._sent = sent
        self.at = sent + max(LATE - pace.shortest_trip, MARGIN)
        self.delivery = delivery

    def left(self) -> None:
        """The call is over: the message is there, or never will be."""
        now = asyncio.get_running_loop().time()
        self._pace.note_trip(now - self._sent)
        late = min(now - self._sent - self._pace.shortest_trip, LATE)
        self.at = self._sent + max(late, 0.0) + MARGIN

    def give_back(self) -> None:
        """Nothing was sent."""
        self._pace.forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.left()


class Pace:
    """All messages of this bot; a `rate` of 0 is without limit."""

    def __init__(self, rate: int = FREE_RATE) -> None:
        self.rate = rate
        self._left_free = 0
        self._gap = (WINDOW + LEFT_TO_REPLIES) / rate if rate else 0.0
        self._places: deque[Place] = deque()
        self._elsewhere: deque[Place] = deque()
        """Those of other processes. Nobody here hears when one has arrived: they stay in the window longer."""
        self._trips: deque[float] = deque(maxlen=TRIPS)
        self.shortest_trip = 0.0
        """Seconds the shortest of the last calls took from here to Telegram and back; 0 while that is not known."""
        self._deliveries = 0
        self._replies = 0
        self._next = 0.0
        self._chats = Recent(GROUP_SECONDS)

    async def reply(self, chat_id: int) -> Place:
        """A place for a reply: at once, unless deliveries have just taken the last one."""
        if self.rate:
            loop = asyncio.get_running_loop()
            end = loop.time() + PATIENCE
            while (
                (now := loop.time()) < end
                and self._has_deliveries(now)  # else nothing is to be waited for, however many replies there are
                and (wait := self._full_for(now, WINDOW)) > 0
            ):
                self._replies += 1
                try:
                    await asyncio.sleep(min(wait, end - now))
                finally:
                    self._replies -= 1
        return self._take(chat_id, delivery=False)

    async def delivery(self) -> Place:
        """A place for a delivery, as soon as there is one; to be asked for by one task only."""
        if self.rate:
            loop = asyncio.get_running_loop()
            while (wait := self._wait(loop.time())) > 0:  # noqa: ASYNC110 - replies may take what was to be free
                await asyncio.sleep(wait)
            self._next = max(self._next, loop.time() - CATCH_UP) + self._gap
        return self._take(None, delivery=True)

    def leave_free(self, places: int) -> None:
        """So many places of the window are for replies of other processes: deliveries leave them alone."""
        if self.rate:
            self._left_free = min(places, self.rate - 1)
            self._gap = (WINDOW + LEFT_TO_REPLIES) / (self.rate - self._left_free)

    def elsewhere(self, chat_id: int) -> None:
        """Another process replies in that chat now: beyond the places left free, deliveries wait for it."""
        self.note(chat_id)
        if self.rate:
            self._elsewhere.append(Place(self, asyncio.get_running_loop().time(), delivery=False))

    def chat_closed_for(self, chat_id: int) -> float:
        """Seconds until a delivery may go to this chat."""
        seen = self._chats.get(chat_id)
        if not seen or not self.rate:
            return 0.0
        free_at = seen[-1] + CHAT_SECONDS
        if chat_id < 0 and len(seen) == IN_A_GROUP:
            free_at = max(free_at, seen[0] + GROUP_SECONDS)
        return max(0.0, free_at - asyncio.get_running_loop().time())

    def note(self, chat_id: int) -> None:
        """A message goes to this chat now."""
        now = asyncio.get_running_loop().time()
        self._chats.of(chat_id, now, IN_A_GROUP if chat_id < 0 else 1).append(now)

    def note_trip(self, seconds: float) -> None:
        """A call took so long."""
        if self.rate:
            self._trips.append(seconds)
            self.shortest_trip = min(self._trips) if len(self._trips) >= FEW_TRIPS else 0.0

    def forget(self, place: Place) -> None:
        """A place that was not used."""
        if place in self._places:
            self._places.remove(place)
            self._deliveries -= place.delivery

    def _take(self, chat_id: int | None, *, delivery: bool) -> Place:
        now = asyncio.get_running_loop().time()
        place = Place(self, now, delivery=delivery)
        if self.rate:
            self._places.append(place)
            self._deliveries += delivery
            if chat_id is not None:
                self.note(chat_id)
        return place

    def _wait(self, now: float) -> float:
        """Seconds until a delivery may take a place, with one left for each reply that waits, here or elsewhere."""
        left = self._replies + max(self._left_free - len(self._elsewhere), 0)
        return max(self._full_for(now, WINDOW + LEFT_TO_REPLIES, left), self._next - now)

    def _has_deliveries(self, now: float) -> bool:
        """Whether some of the window are deliveries."""
        self._let_go(now)
        return self._deliveries > 0

    def _let_go(self, now: float) -> None:
        """Forget what has left the window."""
        while self._places and self._places[0].at <= now - WINDOW - LEFT_TO_REPLIES:
            self._deliveries -= self._places.popleft().delivery
        while self._elsewhere and self._elsewhere[0].at <= now - WINDOW - LEFT_TO_REPLIES:
            self._elsewhere.popleft()

    def _full_for(self, now: float, window: float, reserved: int = 0) -> float:
        """Seconds until there is a free place beside the reserved ones."""
        self._let_go(now)
        behind = len(self._places) + len(self._elsewhere) - max(self.rate - reserved, 1)
        if behind < 0:
            return 0.0
        first = [place.at for places in (self._places, self._elsewhere) for place in islice(places, behind + 1)]
        return sorted(first)[behind] + window - now
