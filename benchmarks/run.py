"""Measures the bot beside bare ones and those of other libraries, in turn and in rounds. No answer may be missing.

The exit code says whether no answer is missing and every bot survived. A slow result never fails a run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.bare import TOKEN
from benchmarks.bots import BOTS, LOTSE, ONE, POLLING, TWO, Bot, versions
from benchmarks.load_server import Measured
from benchmarks.places import FOLDER, KEY_FILE, POSTGRES, ROOT, SQLITE, databases
from benchmarks.table import Rounds, beside, machine, table, weight

STOP_SECONDS = 30.0
SECRET = "a-secret-of-the-benchmarks-and-nothing-else"  # noqa: S105 - made up
ANSWERS = (
    "SELECT chat_id, count(*) FROM answer JOIN participant ON participant.id = participant_id"
    " WHERE status != 'computed' GROUP BY 1"
)


class Failed(Exception):
    """A run without a result: a process ended too early."""


def stored_answers(path: Path) -> dict[int, int]:
    """How many answers the file holds, by chat, without computed ones."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute(ANSWERS))


async def stored_in_postgres(url: str) -> dict[int, int]:
    """The same for a database on a server."""
    engine = create_async_engine(make_url(url))
    async with engine.connect() as connection:
        found = {row[0]: row[1] for row in await connection.execute(text(ANSWERS))}
    await engine.dispose()
    return found


def compare(confirmed: Mapping[int, int], stored: Mapping[int, int]) -> tuple[int, int]:
    """How many confirmed answers are not stored, and how many stored ones were never confirmed."""
    chats = confirmed.keys() | stored.keys()
    off = [stored.get(chat, 0) - confirmed.get(chat, 0) for chat in chats]
    return -sum(one for one in off if one < 0), sum(one for one in off if one > 0)


def environment(url: str, folder: Path, database: str = "", *, by_webhook: bool = False) -> dict[str, str]:
    """The environment of a bot under test, without this shell's settings. `database`: its address if elsewhere."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "DATA_DIR": str(folder),
        "KEY_FILE": str(KEY_FILE),
        "CONTENT_DIR": str(ROOT / "content"),
        "FLOOD_LIMIT": "0",
        "LOG_LEVEL": "WARNING",
        **({"DATABASE_URL": database} if database else {}),
        **(webhook() if by_webhook else {}),
    }


def webhook() -> dict[str, str]:
    """Settings of a process that listens at its own port. The load server is also the proxy in front of them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET, "PORT": str(port)}


def measure(bot: Bot, people: int, warm_up: float, seconds: float, folder: Path) -> tuple[Measured, str]:
    """One run of one bot, and a line about its answers if it stores them.

    Raises:
        Failed: a process has ended, or an answer is missing.
    """
    with ExitStack() as stack:
        database = stack.enter_context(databases())[POSTGRES] if bot.database == POSTGRES else ""
        load = [f"--people={people}", f"--processes={bot.processes}", f"--warm-up={warm_up}", f"--seconds={seconds}"]
        server, url = stack.enter_context(_load_server(load))
        folders = [folder / str(number) for number in range(bot.processes)]
        pids = [stack.enter_context(_running(bot, url, own, database)) for own in folders]
        print(*pids, file=server.stdin, flush=True)
        said = server.stdout.readline() if server.stdout is not None else ""
        if not said:
            raise Failed(f"{bot.name}: {_last_words(folders)}")
        measured = Measured(**json.loads(said))
        if measured.unanswered or not measured.updates:
            raise Failed(f"{bot.name}: {measured.unanswered} wait in vain. {_last_words(folders)}")
        if bot.database == POSTGRES:
            return measured, _check_answers(measured, asyncio.run(stored_in_postgres(database)))
    return measured, _check_answers(measured, stored_answers(folders[0] / "lotse.db")) if bot.is_ours else ""


@contextlib.contextmanager
def _load_server(arguments: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "benchmarks.load_server", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own modules
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdout is None:
            raise Failed("no pipe to the load server")
        yield server, json.loads(server.stdout.readline() or "{}").get("url", "")
        server.kill()


@contextlib.contextmanager
def _running(bot: Bot, url: str, folder: Path, database: str) -> Iterator[int]:
    """The bot as a separate process. Stops it in the end as an operator would. Gives its process id."""
    folder.mkdir()
    found = environment(url, folder, database, by_webhook=bot.by_webhook)
    if bot.is_ours:
        migrate = [str(bot.interpreter), "-m", "bot", "migrate"]
        subprocess.run(migrate, cwd=folder, env=found, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with (folder / "log").open("w") as log:
        command = [str(bot.interpreter), *bot.program, *(() if bot.is_ours else (url,))]
        process = subprocess.Popen(command, cwd=folder, env=found, stdout=log, stderr=log)  # noqa: S603
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _last_words(folders: Sequence[Path]) -> str:
    lines = [line for folder in folders for line in (folder / "log").read_text().splitlines()[-1:]]
    return " / ".join(lines) or "The bot said nothing."


def _check_answers(measured: Measured, stored: Mapping[int, int]) -> str:
    confirmed = {int(chat): count for chat, count in measured.answers.items()}
    lost, unasked = compare(confirmed, stored)
    line = f"{sum(confirmed.values())} answers confirmed to {len(confirmed)} people, {sum(stored.values())} stored"
    if lost or unasked:
        raise Failed(f"{line}: {lost} are missing (lost, or not accepted), {unasked} were never confirmed.")
    return f"{line}; {measured.finished} profiles finished"


def there(only: str) -> list[Bot]:
    """The bots with that in their name that can run here. Prints a line for each that cannot."""
    with databases() as found:
        kinds = {None, SQLITE, *found}
    wanted = [bot for bot in BOTS if only in bot.name]
    for bot in wanted:
        if bot.database not in kinds:
            print(f"{bot.name}: left out, there is no PostgreSQL (TEST_POSTGRES_URL names one)", file=sys.stderr)
        elif not bot.is_there:
            print(f"{bot.name}: left out, `make bench` installs it", file=sys.stderr)
    return [bot for bot in wanted if bot.database in kinds and bot.is_there]


def played(bots: Sequence[Bot], given: argparse.Namespace) -> Rounds:
    """Measures every bot in each round, and prints a line for each to stderr.

    Raises:
        Failed: a process has ended, or an answer is missing.
    """
    rounds: Rounds = []
    for number in range(given.rounds):
        rounds.append({})
        for bot in bots:
            with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                one, line = measure(bot, given.people, given.warm_up, given.seconds, Path(folder))
            rounds[-1][bot.name] = one
            said = f"{number + 1} {bot.name}: {one.per_second:.0f} updates/s{f' · {line}' if line else ''}"
            print(said, file=sys.stderr, flush=True)
    return rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints. Returns 1 if a run failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=50, help="how many are busy at the same time")
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before each measurement")
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds of each measurement")
    parser.add_argument("--only", default="", metavar="WORDS", help="only bots with that in their names")
    given = parser.parse_args(arguments)
    if given.quick:
        given.rounds, given.warm_up, given.seconds = 1, 1.0, 2.0
    if not Path("/proc/self/stat").exists():
        print("Memory and CPU time are read from /proc: this needs Linux.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    bots = there(given.only)
    if not bots:
        parser.error(f"no bot that can run here has {given.only!r} in its name")
    print(machine(FOLDER))
    print(f"\n{versions()}")
    print(
        f"\n{given.people} people at once, {given.rounds} x {given.seconds:.0f} s after {given.warm_up:.0f} s",
        flush=True,
    )
    try:
        rounds = played(bots, given)
    except Failed as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    print(table(rounds, {bot.name: bot.keeps for bot in bots}))
    if LOTSE in bots:
        print(beside(rounds, LOTSE.name, {bot.name: bot.aim for bot in bots if not bot.is_ours}))
        print(weight(rounds, LOTSE.name))
    if {POLLING, ONE, TWO} <= set(bots):
        print(beside(rounds, TWO.name, {POLLING.name: None, ONE.name: None}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
