"""The senders that `benchmarks.speed` measures. Each sends a message to each of N chats, as fast as it can.

`python -m benchmarks.senders NAME URL NUMBER` prints the seconds it took and its CPU seconds, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import aiohttp

from benchmarks import outbox
from benchmarks.bare import TOKEN
from benchmarks.outbox import timed
from benchmarks.places import our_content, sqlite_url
from bot import log
from bot.services.turn import Turn
from bot.telegram.transport import Transport

FIRST_CHAT = 5_000_000_001
"""Beyond 32 bits, like the ids of new chats."""
IN_FLIGHT = 100
"""Messages under way at once, as in Lotse without a limit."""
WORKERS = 20
"""Loops that POST at the same time. aiohttp alone is fastest with few of them."""
TEXT = "Bitte wählen Sie Ihre Sprache."
"""The German text of `outbox.WORDS`."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to send: one message to each of these chats, to the Bot API at `url`."""

    url: str
    number: int

    @property
    def chats(self) -> range:
        """The ids of the chats."""
        return range(FIRST_CHAT, FIRST_CHAT + self.number)


Took = tuple[float, float]
"""Seconds, and CPU seconds."""


class _OneWay(asyncio.Protocol):
    """A connection that sends the same bytes again after each answer, until nothing is left."""

    def __init__(self, more: Callable[[], bytes | None], over: Callable[[], None]) -> None:
        self._more = more
        self._over = over

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Handles an answer. Its last bytes mark its end."""
        if data.endswith(b"}}"):
            self._next()

    def _next(self) -> None:
        said = self._more()
        if said is None:
            self._transport.close()
            self._over()
        elif isinstance(self._transport, asyncio.Transport):
            self._transport.write(said)


async def wire(job: Job) -> Took:
    """Prepared bytes and no library: the highest speed that the server can show."""
    body = json.dumps({"chat_id": FIRST_CHAT, "text": TEXT}).encode()
    head = f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: sink\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    left = iter(job.chats)
    loop = asyncio.get_running_loop()
    host, port = job.url.removeprefix("http://").split(":")

    def more() -> bytes | None:
        return None if next(left, None) is None else head + body

    async def all_of_them() -> None:
        ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(WORKERS)]
        for end in ends:
            await loop.create_connection(partial(_OneWay, more, partial(end.set_result, None)), host, int(port))
        await asyncio.gather(*ends)

    return await timed(all_of_them)


async def raw(job: Job) -> Took:
    """Aiohttp alone: POST, read the body, drop it."""
    chats, url = iter(job.chats), f"{job.url}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def loop() -> None:
            for chat_id in chats:
                async with session.post(url, json={"chat_id": chat_id, "text": TEXT}) as answer:
                    await answer.read()

        return await timed(lambda: asyncio.gather(*(loop() for _ in range(WORKERS))))


async def aiogram(job: Job) -> Took:
    """Aiogram's `send_message`."""
    from aiogram import Bot  # noqa: PLC0415 - nobody else needs it
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415

    async with Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(job.url))) as bot:
        return await timed(lambda: gathered(job, lambda chat_id: bot.send_message(chat_id, TEXT)))


async def ptb(job: Job) -> Took:
    """python-telegram-bot's `send_message` over Lotse's transport."""
    from telegram import Bot  # noqa: PLC0415 - nobody else needs it

    async with Bot(TOKEN, f"{job.url}/bot", request=Transport(), get_updates_request=Transport()) as bot:
        return await timed(lambda: gathered(job, lambda chat_id: bot.send_message(chat_id, TEXT)))


async def gathered(job: Job, send: Callable[[int], Awaitable[object]]) -> None:
    """Sends a message to every chat in the way of the libraries' users: `gather` with a semaphore."""
    places = asyncio.Semaphore(IN_FLIGHT)

    async def one(chat_id: int) -> None:
        async with places:
            await send(chat_id)

    await asyncio.gather(*map(one, job.chats))


async def broadcast(job: Job) -> Took:
    """The same words from the outbox: a row for each message before, and each result in SQLite after."""
    return await _lotse(job, reminders=False)


async def reminders(job: Job) -> Took:
    """Reminders from the outbox. Each one looks at seat, consent and quiet hours, and has buttons."""
    return await _lotse(job, reminders=True)


async def _lotse(job: Job, *, reminders: bool) -> Took:
    content, now = our_content(), outbox.clock()
    with sqlite_url() as url:
        async with outbox.opened(url) as database:
            held = await database.run(lambda tx: outbox.people(tx, job.number, now(), FIRST_CHAT))
            if reminders:
                await database.run(lambda tx: outbox.remind(Turn(tx, content, now()), held, now()))
            else:
                await database.run(lambda tx: outbox.broadcast(Turn(tx, content, now())))
            async with outbox.sender(database, content, job.url, 0, now) as sender:

                async def all_of_them() -> None:
                    sender.open()
                    await outbox.over(database)

                took = await timed(all_of_them)
            ends = await database.run(outbox.ends)
    if ends != {"sent": job.number}:
        raise AssertionError(f"{job.number} were to be sent, and stand so: {ends}")
    return took


SENDERS: Mapping[str, Callable[[Job], Awaitable[Took]]] = {
    "wire": wire,
    "raw": raw,
    "aiogram": aiogram,
    "ptb": ptb,
    "broadcast": broadcast,
    "reminders": reminders,
}


async def main(name: str, url: str, number: int) -> None:
    """Sends, and prints."""
    seconds, cpu = await SENDERS[name](Job(url, number))
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


if __name__ == "__main__":
    os.environ["PTB_TIMEDELTA"] = "true"
    log.set_up("WARNING")  # to stderr, because another program reads what is printed
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
