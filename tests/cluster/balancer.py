"""Telegram calling a webhook, with the proxy in front of several replicas: each call goes to the next one.

As with Telegram, a person's messages come one by one, and so do their taps, each after the previous one was answered
with 200; messages and taps run at the same time. What was not taken is sent again. Now and then an update comes twice
at the same moment, to two replicas.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from typing import Self

import aiohttp

from bot.settings import read
from tests.faults.telegram import TOKEN, Telegram

SECRET = "webhook-secret-that-no-log-may-ever-show"
PATH = read(_env_file=None, bot_token=TOKEN, webhook_secret=SECRET).webhook_path
PATIENCE = 2.0
"""Seconds until a replica that does not answer is skipped. Telegram waits a minute."""
PAUSE = 0.1
TWICE = 5
"""One update in this many comes twice."""


class Balancer(Telegram):
    """The light Bot API that sends what people do to `targets`, the base addresses of replicas."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.taken: dict[str, int] = {}
        """How many updates each has taken."""
        self.passed_by = 0
        """How often one did not answer or refused."""
        self._lines: dict[tuple[int, str], deque[str]] = {}
        self._next = itertools.count()
        self._nursery = asyncio.TaskGroup()
        self._client: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
        await self._nursery.__aenter__()
        return self

    async def __aexit__(self, *what: object) -> None:
        self.targets.clear()
        self._lines.clear()
        await self._nursery.__aexit__(None, None, None)
        await self._client.close()
        await super().__aexit__(*what)

    @property
    def quiet(self) -> bool:
        """Whether everything was taken."""
        return not self._lines

    def put_raw(self, rest: str, number: int | None = None) -> int:
        """See `Telegram.put_raw`."""
        number = next(self._ids) if number is None else number
        body = f'{{"update_id":{number}{rest}}}'
        self.put_in += 1
        (kind, what), *_ = ((kind, what) for kind, what in json.loads(body).items() if kind != "update_id")
        line = what["from"]["id"], kind
        if line in self._lines:
            self._lines[line].append(body)
        else:
            self._lines[line] = deque([body])
            self._nursery.create_task(self._bring(line))
        return number

    async def _bring(self, line: tuple[int, str]) -> None:
        while waiting := self._lines.get(line):
            calls = [self._until_taken(waiting[0])]
            if json.loads(waiting[0])["update_id"] % TWICE == 0:
                calls.append(self._until_taken(waiting[0]))
            await asyncio.gather(*calls)
            waiting.popleft()
            if not waiting:
                self._lines.pop(line, None)

    async def _until_taken(self, body: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        while self.targets:
            target = self.targets[next(self._next) % len(self.targets)]
            try:
                async with self._client.post(f"{target}{PATH}", data=body.encode(), headers=headers) as answer:
                    if answer.status == 200:
                        self.delivered += 1
                        self.taken[target] = self.taken.get(target, 0) + 1
                        return
            except (TimeoutError, aiohttp.ClientError):
                pass
            self.passed_by += 1
            await asyncio.sleep(PAUSE)
