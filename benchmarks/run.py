"""Measures the bot beside bare ones and other libraries', in turn and in rounds; counts that no answer is missing.

The exit code says whether that count is right and every bot lived; how fast they were never fails a run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
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
from benchmarks.bots import BOTS, LOTSE, Bot, versions
from benchmarks.load_server import FIRST_CHAT, Measured
from benchmarks.places import FOLDER, KEY_FILE, POSTGRES, ROOT, SQLITE, databases
from benchmarks.table import Rounds, machine, table

STOP_SECONDS = 30.0
APART = 1_000_000
"""Between the chats of one process and those of the next."""
ANSWERS = (
    "SELECT chat_id, count(*) FROM answer JOIN participant ON participant.id = participant_id"
    " WHERE status != 'computed' GROUP BY 1"
)


class Failed(Exception):
    """A run that says nothing: a process has ended before its time."""


def stored_answers(path: Path) -> dict[int, int]:
    """How many answers the file holds, by chat; what is computed nobody gave."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute(ANSWERS))


async def stored_in_postgres(url: str) -> dict[int, int]:
    """The same, of a database on a server."""
    engine = create_async_engine(make_url(url))
    async with engine.connect() as connection:
        found = {row[0]: row[1] for row in await connection.execute(text(ANSWERS))}
    await engine.dispose()
    return found


def compare(confirmed: Mapping[int, int], stored: Mapping[int, int]) -> tuple[int, int]:
    """Answers that were confirmed and are not stored, and those that are stored and were never confirmed."""
    chats = confirmed.keys() | stored.keys()
    off = [stored.get(chat, 0) - confirmed.get(chat, 0) for chat in chats]
    return -sum(one for one in off if one < 0), sum(one for one in off if one > 0)


def environment(url: str, folder: Path, database: str = "") -> dict[str, str]:
    """What a bot under test finds: nothing of this shell's settings. `database`: its address, if not in `folder`."""
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
    }


def measure(bot: Bot, people: int, warm_up: float, seconds: float, folder: Path) -> tuple[Measured, str]:
    """One run of one bot, and a line on its answers where it stores them.

    Raises:
        Failed: a process has ended, or an answer is missing.
    """
    with ExitStack() as stack:
        database = stack.enter_context(databases())[POSTGRES] if bot.database == POSTGRES else ""
        load = [f"--people={people // bot.processes}", f"--warm-up={warm_up}", f"--seconds={seconds}"]
        servers = [
            stack.enter_context(_load_server([*load, f"--first={FIRST_CHAT + number * APART}"]))
            for number in range(bot.processes)
        ]
        folders = [folder / str(number) for number in range(bot.processes)]
        for (server, url), own in zip(servers, folders, strict=True):
            own.mkdir()
            pid = stack.enter_context(_running(bot, url, own, database))
            print(pid, file=server.stdin, flush=True)
        said = [server.stdout.readline() if server.stdout is not None else "" for server, _ in servers]
        if not all(said):
            raise Failed(f"{bot.name}: {_last_words(folders)}")
        measured = together([Measured(**json.loads(one)) for one in said])
        if measured.unanswered or not measured.updates:
            raise Failed(f"{bot.name}: {measured.unanswered} wait in vain. {_last_words(folders)}")
        if bot.database == POSTGRES:
            return measured, _check_answers(measured, asyncio.run(stored_in_postgres(database)))
    return measured, _check_answers(measured, stored_answers(folders[0] / "lotse.db")) if bot.is_ours else ""


def together(several: Sequence[Measured]) -> Measured:
    """What several processes did at the same time, as if it were one; of times the slowest counts."""
    if len(several) == 1:
        return several[0]
    return Measured(
        updates=sum(one.updates for one in several),
        seconds=max(one.seconds for one in several),
        p50=max(one.p50 for one in several),
        p99=max(one.p99 for one in several),
        handed_p50=max(one.handed_p50 for one in several),
        handed_p99=max(one.handed_p99 for one in several),
        cpu_seconds=sum(one.cpu_seconds for one in several),
        cpu_to_first_poll=max(one.cpu_to_first_poll for one in several),
        mb_at_rest=sum(one.mb_at_rest for one in several),
        mb_after=sum(one.mb_after for one in several),
        busy=max(one.busy for one in several),
        finished=sum(one.finished for one in several),
        unanswered=sum(one.unanswered for one in several),
        answers={chat: count for one in several for chat, count in one.answers.items()},
    )


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
    """The bot as a process of its own, stopped in the end as an operator stops it; its process id."""
    found = environment(url, folder, database)
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


def there() -> list[Bot]:
    """The bots that can run here; a line on each that cannot."""
    with databases() as found:
        kinds = {None, SQLITE, *found}
    for bot in BOTS:
        if bot.database not in kinds:
            print(f"{bot.name}: left out, there is no PostgreSQL (TEST_POSTGRES_URL names one)", file=sys.stderr)
        elif not bot.is_there:
            print(f"{bot.name}: left out, `make bench` installs it", file=sys.stderr)
    return [bot for bot in BOTS if bot.database in kinds and bot.is_there]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a run failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=50, help="how many are busy at the same time")
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before each measurement")
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds of each measurement")
    given = parser.parse_args(arguments)
    if given.quick:
        given.rounds, given.warm_up, given.seconds = 1, 1.0, 2.0
    if not Path("/proc/self/stat").exists():
        print("Memory and CPU time are read from /proc: this needs Linux.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    bots = there()
    print(machine(FOLDER))
    print(f"\n{versions()}")
    print(
        f"\n{given.people} people at once, {given.rounds} x {given.seconds:.0f} s after {given.warm_up:.0f} s",
        flush=True,
    )
    rounds: Rounds = []
    try:
        for number in range(given.rounds):
            rounds.append({})
            for bot in bots:
                with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                    one, line = measure(bot, given.people, given.warm_up, given.seconds, Path(folder))
                rounds[-1][bot.name] = one
                said = f"{number + 1} {bot.name}: {one.per_second:.0f} updates/s{f' · {line}' if line else ''}"
                print(said, file=sys.stderr, flush=True)
    except Failed as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    keeps = {bot.name: bot.keeps for bot in bots}
    print(table(rounds, LOTSE.name, {bot.name: bot.aim for bot in bots if not bot.is_ours}, keeps))
    return 0


if __name__ == "__main__":
    sys.exit(main())
