"""A Bot API that keeps N people busy: each answers their card at once, and a new person follows after the last one.

`python -m benchmarks.load_server` prints `{"url": ...}`, reads the ids of the bot's processes from stdin (one line),
and prints what it measured as one line of JSON. It checks nothing and forgives everything, so that only the bot is
measured. A bot with a webhook gets its updates there (`benchmarks.hooks`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.hooks import Hooks
from benchmarks.people import BOT, WORDS, Person, Step, choose, encode
from benchmarks.process import Ended, cpu_seconds, machine_seconds, resident_mb
from benchmarks.table import percentile
from benchmarks.wire import Connection, Respond
from bot import clock

FIRST_CHAT = 5_000_000_001
"""Beyond 32 bits, like the ids of new chats."""
LANGUAGES = ("de", "en", "ar")
LIMIT = 100
"""Updates handed out at once, as on Telegram."""
START_SECONDS = 60.0
REST_SECONDS = 2.0
DRAIN_SECONDS = 20.0


def parsed(body: bytes) -> dict[str, Any]:
    """A call's parameters: JSON, or a form (from most libraries) whose values are JSON or text."""
    if body.startswith(b"{"):
        found: dict[str, Any] = json.loads(body)
        return found
    form = dict(parse_qsl(body.decode()))
    return {name: value if name == "text" else _value(value) for name, value in form.items()}


def _value(said: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(said)
    except ValueError:
        return said


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one bot, all its processes together.

    `answers`: those confirmed by a card in the whole run, by chat.
    The milliseconds `p50` and `p99` run from the tap to the card; `handed_*` run from when the bot got the tap.
    `cpu_to_start` is what the slowest process needed. `busy` is the share of one core that the load server used,
    `machine_busy` the share of all cores in use: near 1 they would be the bottleneck.
    """

    updates: int
    seconds: float
    p50: float
    p99: float
    handed_p50: float
    handed_p99: float
    cpu_seconds: float
    cpu_to_start: float
    mb_at_rest: float
    mb_after: float
    busy: float
    machine_busy: float
    finished: int
    unanswered: int
    answers: dict[str, int]

    @property
    def per_second(self) -> float:
        """Updates a second."""
        return self.updates / self.seconds

    @property
    def cpu_per_thousand(self) -> float:
        """CPU seconds for 1,000 updates."""
        return self.cpu_seconds / self.updates * 1000


class LoadServer:
    """The people and their Bot API: `await listen()`, then `begin()`, then `await end()`."""

    def __init__(self, people: int, processes: int = 1) -> None:
        """`processes`: how many processes the bot has, if they have webhooks."""
        self.ready = asyncio.Event()
        """Set when the bot has asked for updates, or each of its processes has set its webhook."""
        self.finished = 0
        self.persons: dict[int, Person] = {}
        self.latencies: list[tuple[float, float]] = []
        self._people = people
        self._processes = processes
        self._hooks: Hooks | None = None
        self._updates: deque[tuple[Person, bytes]] = deque()
        self._last_update = 0
        self._poll: Respond | None = None
        self._stopping = False
        self._taps = 0
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._server: asyncio.Server

    async def listen(self) -> str:
        """Opens a free port. Returns the URL for TELEGRAM_API_URL."""
        self._server = await self._loop.create_server(lambda: Connection(self._call), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def begin(self) -> None:
        """Everybody says /start."""
        for _ in range(self._people):
            self._somebody_new()

    async def end(self, seconds: float = DRAIN_SECONDS) -> int:
        """Starts nothing more and waits for what is under way. Returns how many people wait in vain."""
        self._stopping = True
        try:
            async with asyncio.timeout(seconds):
                while self._open():
                    await self._change()
        except TimeoutError:
            pass
        if self._hooks is not None:
            await self._hooks.close()
        return self._open()

    async def reached(self, finished: int) -> None:
        """Waits until this many people have reached the last card."""
        while self.finished < finished:
            await self._change()

    def close(self) -> None:
        """Stops listening."""
        self._server.close()

    @property
    def answers(self) -> dict[int, int]:
        """Answers confirmed by a card so far, by chat."""
        return {chat: person.answers for chat, person in self.persons.items() if person.answers}

    def _open(self) -> int:
        return self._taps + sum(person.waiting for person in self.persons.values())

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    # -- the bot's calls

    def _call(self, method: bytes, body: bytes, respond: Respond) -> None:
        match method:
            case b"getUpdates":
                self._get_updates(respond)
            case b"answerCallbackQuery":
                self._taps -= 1
                self._changed.set()
                respond(b"true")
            case b"sendMessage" | b"editMessageText":
                self._card(body, respond)
            case b"editMessageReplyMarkup":
                chat = parsed(body)["chat_id"]
                respond(self.persons[chat].card.encode())
            case b"setWebhook":
                self._set_webhook(body, respond)
            case b"getMe":
                respond(encode(BOT).encode())
            case _:
                respond(b"true")

    def _get_updates(self, respond: Respond) -> None:
        """Holds a long poll until there is something. The first poll is answered at once, with nothing."""
        if not self.ready.is_set():
            self.ready.set()
            respond(b"[]")
            return
        self._poll = respond
        if self._updates:
            self._hand_out()

    def _set_webhook(self, body: bytes, respond: Respond) -> None:
        """Adds a process that listens, each with its own address."""
        if self._hooks is None:
            self._hooks = Hooks()
        asked = parsed(body)
        self._hooks.add(asked["url"], asked["secret_token"])
        if self._hooks.number == self._processes:
            self.ready.set()
        respond(b"true")

    def _hand_out(self) -> None:
        if self._poll is None or not self._updates:
            return
        now = self._loop.time()
        batch = [self._updates.popleft() for _ in range(min(LIMIT, len(self._updates)))]
        for person, _ in batch:
            person.handed_at = now
        respond, self._poll = self._poll, None
        respond(b"[%b]" % b",".join(update for _, update in batch))

    def _card(self, body: bytes, respond: Respond) -> None:
        now = self._loop.time()
        sent = parsed(body)
        person = self.persons[sent["chat_id"]]
        former = person.reads
        buttons = person.sees(sent, self._date())
        respond(person.card.encode())
        if not person.waiting:  # a card that nobody asked for
            return
        person.waiting = False
        # Words that arrive before a process knows another's card are asked for again: the same card under a notice.
        again = bool(former) and former in person.reads
        person.answers += person.step.is_answer and not again
        self.latencies.append((now - person.sent_at, now - person.handed_at))
        self._changed.set()
        step = choose(buttons, person.chat_id + person.turns)
        if step is None:
            self.finished += 1
        if self._stopping:
            return
        if step is None:
            self._somebody_new()
        else:
            self._act(person, step)

    # -- the people

    def _somebody_new(self) -> None:
        number = len(self.persons)
        person = Person(FIRST_CHAT + number, LANGUAGES[number % len(LANGUAGES)])
        self.persons[person.chat_id] = person
        self._act(person, Step(), "/start")

    def _act(self, person: Person, step: Step, words: str = WORDS) -> None:
        self._last_update += 1
        if step.data is None:
            update = person.writes(self._last_update, words, self._date())
        else:
            update = person.taps(self._last_update, step.data)
            self._taps += 1
        person.turns += 1
        person.step = step
        person.waiting = True
        person.sent_at = self._loop.time()
        if self._hooks is not None:
            self._hooks.bring(person, update)
            return
        self._updates.append((person, update))
        if len(self._updates) == 1:  # everybody who acts at the same instant is in the same batch
            self._loop.call_soon(self._hand_out)

    @staticmethod
    def _date() -> int:
        return int(clock.now().timestamp())


async def measure(server: LoadServer, pids: Sequence[int], warm_up: float, seconds: float) -> Measured:
    """One run with the bot of these processes, from its first getUpdates or its webhooks to the last card.

    Raises:
        Ended: the bot did not live that long.
        TimeoutError: it never asked for updates.
    """
    async with asyncio.timeout(START_SECONDS):
        await server.ready.wait()
    to_start = max(map(cpu_seconds, pids))
    await asyncio.sleep(REST_SECONDS)
    at_rest = sum(map(resident_mb, pids))
    server.begin()
    await asyncio.sleep(warm_up)
    server.latencies.clear()
    began = _spent(pids)
    await asyncio.sleep(seconds)
    took, busy, used, of_machine = (now - then for then, now in zip(began, _spent(pids), strict=True))
    latencies = list(server.latencies)
    unanswered = await server.end()
    felt, handed = [one * 1000 for one, _ in latencies], [one * 1000 for _, one in latencies]
    return Measured(
        updates=len(latencies),
        seconds=took,
        p50=percentile(felt, 0.5),
        p99=percentile(felt, 0.99),
        handed_p50=percentile(handed, 0.5),
        handed_p99=percentile(handed, 0.99),
        cpu_seconds=used,
        cpu_to_start=to_start,
        mb_at_rest=at_rest,
        mb_after=sum(map(resident_mb, pids)),
        busy=busy / took,
        machine_busy=of_machine / took,
        finished=server.finished,
        unanswered=unanswered,
        answers={str(chat): count for chat, count in server.answers.items()},
    )


def _spent(pids: Sequence[int]) -> tuple[float, ...]:
    """Seconds so far: of the clock; CPU of this process and of those; of each core of the machine."""
    return time.perf_counter(), time.process_time(), sum(map(cpu_seconds, pids)), machine_seconds()


async def _main(people: int, processes: int, warm_up: float, seconds: float) -> int:
    server = LoadServer(people, processes)
    print(json.dumps({"url": await server.listen()}), flush=True)
    pids = [int(one) for one in (await asyncio.to_thread(sys.stdin.readline)).split()]
    try:
        measured = await measure(server, pids, warm_up, seconds)
    except Ended as error:
        print(error, file=sys.stderr)
        return 1
    except TimeoutError:
        print(f"no getUpdates, or not every webhook, within {START_SECONDS:.0f} seconds", file=sys.stderr)
        return 1
    print(json.dumps(asdict(measured)), flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50, help="how many are busy at the same time")
    parser.add_argument("--processes", type=int, default=1, help="how many the bot has, where they have webhooks")
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before the measurement")
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds of the measurement")
    given = parser.parse_args()
    sys.exit(asyncio.run(_main(given.people, given.processes, given.warm_up, given.seconds)))
