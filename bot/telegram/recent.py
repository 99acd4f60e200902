"""What happened lately in each chat, as moments; quiet chats are forgotten."""

from __future__ import annotations

from collections import deque

FORGET_AT = 10_000
"""Chats remembered before the quiet ones are dropped. After that it is twice as many as were not quiet: where all are
busy, nobody is looked at for each message of the others."""


class Recent:
    """Moments in each chat, as the event loop tells the time; a chat is quiet after so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._chats: dict[int, deque[float]] = {}
        self._forget_at = FORGET_AT

    def __len__(self) -> int:
        return len(self._chats)

    def get(self, chat_id: int) -> deque[float] | None:
        """The moments in a chat, the newest last, if one is remembered."""
        return self._chats.get(chat_id)

    def of(self, chat_id: int, now: float, most: int | None = None) -> deque[float]:
        """The same, to add one; of a new chat the newest `most` are kept."""
        if (seen := self._chats.get(chat_id)) is None:
            if len(self._chats) >= self._forget_at:
                self._forget(now - self._seconds)
            seen = self._chats[chat_id] = deque(maxlen=most)
        return seen

    def _forget(self, before: float) -> None:
        self._chats = {one: seen for one, seen in self._chats.items() if seen and seen[-1] > before}
        self._forget_at = max(FORGET_AT, 2 * len(self._chats))
