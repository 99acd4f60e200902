"""Telegram calling webhooks, with a proxy in front of several processes: each call goes to the next process.

Connections are kept, and many calls run at the same time. Order in a chat is kept the way Telegram does: the next
update is sent after the previous one was taken.
"""

from __future__ import annotations

import asyncio
from collections import deque

import aiohttp

from benchmarks.people import Person

CALLS = 40
"""Calls at the same time, as Telegram makes if a bot asks for no other number."""
PAUSE = 0.1
"""Seconds until an update that was not taken is sent again."""
TAKEN = 200


class Hooks:
    """The webhooks of one bot: `add` them, `bring` updates, and `await close()` in the end."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._webhooks: dict[str, str] = {}
        """The secret of each address."""
        self._next = 0
        self._lines: dict[int, deque[bytes]] = {}
        """Updates that are not taken yet, by chat."""
        self._places = asyncio.Semaphore(CALLS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )

    @property
    def number(self) -> int:
        """How many webhooks there are."""
        return len(self._webhooks)

    def add(self, url: str, secret: str) -> None:
        """Adds a process that listens at `url` and expects `secret`."""
        self._webhooks[url] = secret

    def bring(self, person: Person, update: bytes) -> None:
        """Sends an update of that person's chat, after the previous one was taken."""
        line = self._lines.setdefault(person.chat_id, deque())
        line.append(update)
        if len(line) == 1:
            task = self._loop.create_task(self._bring_all(person, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Sends nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def _bring_all(self, person: Person, line: deque[bytes]) -> None:
        while line:
            while not await self._is_taken(person, line[0]):  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(PAUSE)
            line.popleft()

    async def _is_taken(self, person: Person, update: bytes) -> bool:
        """Whether the next process in turn takes the update. A repeat goes to another one."""
        async with self._places:
            addresses = list(self._webhooks)
            url = addresses[self._next % len(addresses)]
            self._next += 1
            person.handed_at = self._loop.time()
            headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self._webhooks[url]}
            try:
                async with self._client.post(url, data=update, headers=headers) as answer:
                    return answer.status == TAKEN
            except aiohttp.ClientError:
                return False
