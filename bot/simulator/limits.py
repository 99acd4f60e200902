"""Telegram's documented limits, enforced: so many messages in any sliding second, in one chat, in one group.

What is new in a chat or changed there counts; answers to taps, fetching and the bot's own profile do not. The short
bursts that Telegram tolerates in one chat are not promised, so here there are none. Whoever goes beyond is told to
wait, and is refused everything but updates until then.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

OVERALL: Final = 30
"""Messages in any second."""
IN_A_GROUP: Final = 20
"""New messages in one group in any minute."""
SECOND: Final = 1.0
MINUTE: Final = 60.0
NEW: Final = ("send", "copy", "forward")
CHANGED: Final = "edit"
FREE: Final = frozenset({"sendchataction"})
FETCHING: Final = "getupdates"


class Limits:
    """One bot's limits by a `clock` in seconds; `messages` counts what was let through, `refused` what was not."""

    def __init__(self, clock: Callable[[], float], overall: int = OVERALL) -> None:
        """`overall`: messages in any second, which whoever pays has more of."""
        self.messages = 0
        self.refused = 0
        self._clock = clock
        self._open_at = -math.inf
        self._all: deque[float] = deque(maxlen=overall)
        self._chats: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=IN_A_GROUP))

    def of_call(self, method: str, chat_id: str) -> int | None:
        """Count a call; the whole seconds its bot has to wait where it goes beyond a limit."""
        name = method.lower()
        if name == FETCHING:
            return None
        now = self._clock()
        wait = max(self._open_at - now, self._full_for(name, chat_id, now))
        if wait > 0:
            self.refused += 1
            seconds = math.ceil(wait)
            self._open_at = max(self._open_at, now + seconds)
            return seconds
        if is_counted(name):
            self.messages += 1
            self._all.append(now)
        if is_new(name):
            self._chats[chat_id].append(now)
        return None

    def _full_for(self, name: str, chat_id: str, now: float) -> float:
        """Seconds until this call is within every limit."""
        waits = [0.0]
        if is_counted(name) and len(self._all) == self._all.maxlen:
            waits.append(self._all[0] + SECOND - now)
        if is_new(name) and (seen := self._chats.get(chat_id)):
            waits.append(seen[-1] + SECOND - now)
            if chat_id.startswith("-") and len(seen) == IN_A_GROUP:
                waits.append(seen[0] + MINUTE - now)
        return max(waits)


def is_new(method: str) -> bool:
    """Whether a method, in small letters, puts a message into a chat."""
    return method.startswith(NEW) and method not in FREE


def is_counted(method: str) -> bool:
    """Whether a method, in small letters, counts against the overall limit."""
    return is_new(method) or method.startswith(CHANGED)
