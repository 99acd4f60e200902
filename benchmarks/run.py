"""Measures the bot beside two bare ones, in turn and in rounds, and counts that no confirmed answer is missing.

The exit code says whether that count is right and every bot lived; how fast they were never fails a run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import KEY_FILE
from benchmarks.bare import TOKEN
from benchmarks.load_server import Measured
from benchmarks.places import FOLDER, ROOT
from benchmarks.table import Rounds, machine, table

ECHO, TWO_CALLS, LOTSE = "echo", "two calls", "lotse"
COMMANDS: Mapping[str, tuple[str, ...]] = {
    ECHO: ("benchmarks.echo_bot",),
    TWO_CALLS: ("benchmarks.two_call_bot",),
    LOTSE: ("bot", "run"),
}
STOP_SECONDS = 30.0


class Failed(Exception):
    """A run that says nothing: a process has ended before its time."""


def stored_answers(database: Path) -> dict[int, int]:
    """How many answers the file holds, by chat; what is computed nobody gave."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return dict(
            connection.execute(
                "SELECT chat_id, count(*) FROM answer JOIN participant ON participant.id = participant_id"
                " WHERE status != 'computed' GROUP BY 1"
            )
        )


def compare(confirmed: Mapping[int, int], stored: Mapping[int, int]) -> tuple[int, int]:
    """Answers that were confirmed and are not stored, and those that are stored and were never confirmed."""
    chats = confirmed.keys() | stored.keys()
    off = [stored.get(chat, 0) - confirmed.get(chat, 0) for chat in chats]
    return -sum(one for one in off if one < 0), sum(one for one in off if one > 0)


def environment(url: str, folder: Path) -> dict[str, str]:
    """What a bot under test finds: nothing of this shell's settings."""
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
    }


def measure(name: str, people: int, warm_up: float, seconds: float, folder: Path) -> tuple[Measured, str]:
    """One run of one bot, and a line on its answers where it stores them.

    Raises:
        Failed: a process has ended, or an answer is missing.
    """
    load = [f"--people={people}", f"--warm-up={warm_up}", f"--seconds={seconds}"]
    command = [sys.executable, "-m", "benchmarks.load_server", *load]
    with subprocess.Popen(  # noqa: S603 - our own modules
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdin is None or server.stdout is None:
            raise Failed("no pipe to the load server")
        url = json.loads(server.stdout.readline() or "{}").get("url", "")
        with _bot(name, url, folder) as pid:
            server.stdin.write(f"{pid}\n")
            server.stdin.flush()
            said = server.stdout.readline()
    if not said:
        raise Failed(f"{name}: {_last_words(folder)}")
    measured = Measured(**json.loads(said))
    if measured.unanswered or not measured.updates:
        raise Failed(f"{name}: {measured.unanswered} wait in vain. {_last_words(folder)}")
    return measured, _check_answers(measured, folder) if name == LOTSE else ""


@contextlib.contextmanager
def _bot(name: str, url: str, folder: Path) -> Iterator[int]:
    """The bot as a process of its own, stopped in the end as an operator stops it; its process id."""
    found = environment(url, folder)
    if name == LOTSE:
        migrate = [sys.executable, "-m", "bot", "migrate"]
        subprocess.run(migrate, cwd=folder, env=found, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", *COMMANDS[name], *(() if name == LOTSE else (url,))]
        bot = subprocess.Popen(command, cwd=folder, env=found, stderr=log)  # noqa: S603
        try:
            yield bot.pid
        finally:
            bot.send_signal(signal.SIGTERM)
            try:
                bot.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                bot.kill()
                bot.wait()


def _last_words(folder: Path) -> str:
    lines = (folder / "log").read_text().splitlines()
    return lines[-1] if lines else "The bot said nothing."


def _check_answers(measured: Measured, folder: Path) -> str:
    confirmed = {int(chat): count for chat, count in measured.answers.items()}
    stored = stored_answers(folder / "lotse.db")
    lost, unasked = compare(confirmed, stored)
    line = (
        f"{sum(confirmed.values())} answers confirmed to {len(confirmed)} people, {sum(stored.values())} in the file"
    )
    if lost or unasked:
        raise Failed(f"{line}: {lost} are missing (lost, or not accepted), {unasked} were never confirmed.")
    return f"{line}; {measured.finished} profiles finished"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a run failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    parser.add_argument("--rounds", type=int, default=3)
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
    print(machine(FOLDER))
    print(
        f"{given.people} people at once, {given.rounds} x {given.seconds:.0f} s after {given.warm_up:.0f} s",
        flush=True,
    )
    rounds: Rounds = []
    try:
        for number in range(given.rounds):
            rounds.append({})
            for name in COMMANDS:
                with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                    one, line = measure(name, given.people, given.warm_up, given.seconds, Path(folder))
                rounds[-1][name] = one
                print(
                    f"{number + 1} {name}: {one.per_second:.0f} updates/s{f' · {line}' if line else ''}", flush=True
                )
    except Failed as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    print(table(rounds, LOTSE, {ECHO: 0.5, TWO_CALLS: 0.8}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
