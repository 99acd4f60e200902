"""The bots that are compared: ours on both databases, bare ones, and bots made with other libraries."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.places import POSTGRES, ROOT, SQLITE

PEERS = ROOT / "benchmarks" / "peers"
ENVIRONMENTS = ROOT / ".cache" / "peers"
PTB, AIOGRAM, OURS = "ptb", "aiogram", "lotse"
"""Environments: of the other bots (benchmarks/peers/requirements-<name>.lock has the versions), and of ours without
development packages, which cost memory and time (requirements.lock)."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A program that is measured, and what it keeps of an answer. `database`: where ours keeps it.

    `processes`: how many serve together, by webhook (with polling only the leader would fetch). `aim`: how many times
    as many updates a second as the other bot ours should handle.
    """

    name: str
    program: tuple[str, ...]
    keeps: str
    environment: str = OURS
    database: str | None = None
    processes: int = 1
    by_webhook: bool = False
    aim: float = 1.0

    @property
    def is_ours(self) -> bool:
        """Whether it is the whole product."""
        return self.database is not None

    @property
    def interpreter(self) -> Path:
        """The Python that runs it."""
        return python_of(self.environment)

    @property
    def is_there(self) -> bool:
        """Whether its environment exists (`make bench` makes it)."""
        return self.interpreter.exists()


def python_of(environment: str) -> Path:
    """The Python of an environment. If ours was not made, the one that runs this program."""
    made = ENVIRONMENTS / environment / "bin" / "python"
    return Path(sys.executable) if environment == OURS and not made.exists() else made


def _peer(name: str, file: str, keeps: str, environment: str, aim: float = 1.0) -> Bot:
    return Bot(name, (str(PEERS / f"{file}.py"),), keeps, environment, aim=aim)


LOTSE = Bot("Lotse, SQLite", ("-m", "bot", "run"), "everything, durable", database=SQLITE)
POLLING = replace(LOTSE, name="Lotse, PostgreSQL", database=POSTGRES)
ONE = replace(POLLING, name="Lotse, PostgreSQL, webhook", by_webhook=True)
TWO = replace(ONE, name="Lotse, PostgreSQL, webhook, two processes", processes=2)
BOTS: tuple[Bot, ...] = (
    Bot("bare echo, python-telegram-bot", ("-m", "benchmarks.echo_bot"), "nothing", aim=0.5),
    _peer("bare echo, aiogram", "aiogram_echo", "nothing", AIOGRAM, 0.5),
    Bot("two calls, python-telegram-bot", ("-m", "benchmarks.two_call_bot"), "nothing", aim=0.8),
    _peer("ConversationHandler, PicklePersistence", "ptb_conversation", "a file, once a minute", PTB),
    _peer("aiogram FSM, SQLite", "aiogram_fsm", "SQLite, its defaults", AIOGRAM),
    _peer("aiogram-dialog", "dialog", "memory", AIOGRAM),
    LOTSE,
    POLLING,
    ONE,
    TWO,
)


def versions() -> str:
    """One line with the libraries' versions in the environments they run in."""
    said = []
    for environment, names in (
        (OURS, ("python-telegram-bot", "aiohttp", "sqlalchemy")),
        (PTB, ("python-telegram-bot", "httpx")),
        (AIOGRAM, ("aiogram", "aiogram-dialog", "aiogram-broadcaster", "aiogram-sqlite-storage")),
    ):
        interpreter = python_of(environment)
        if interpreter.exists():
            ask = (
                f"from importlib.metadata import version as v; print(', '.join(f'{{n}} {{v(n)}}' for n in {names!r}))"
            )
            asked = [str(interpreter), "-c", ask]
            found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
            said.append(f"{environment}: {found}")
    return "; ".join(said)
