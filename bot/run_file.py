"""`run.json` in the data folder: who runs here, with which content. So `lotse reload` finds the bot and its answer.

The running process holds a lock on the file (flock), which ends with it however it ends: a number that only stands
there from an earlier run is never signalled. The number means something only where it was written, so the machine and
its space of process numbers (a container has its own) stand beside it. No port, no socket, any database.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from bot import log
from bot.refusal import ForOperator

NAME = "run.json"
DEMO = "demo"
"""Where in the data folder the demo has its own."""
TRIES = 5
LIMIT = 60.0
"""Seconds that taking content over may take before whoever asked stops waiting.

It takes one or two; where many others want the processor, ten were not enough. Who has ended is not waited for.
"""
PAUSE = 0.05
ENDED = "Lotse has ended in the meantime. Its log says why."
PLACES = ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid")


class ReloadRefused(ForOperator):
    """The running process cannot be asked; the text says what to do."""


@dataclass(frozen=True, slots=True)
class About:
    """What whoever asks how the bot is wants to know of it; `started_at` as ISO 8601."""

    version: str = ""
    started_at: str = ""
    webhook: bool = False


NOTHING = About()


@dataclass(frozen=True, slots=True)
class Running:
    """What a running process says of itself.

    `began` is when it last set about reading the content, in nanoseconds of the machine's own clock; `refused` are
    faults it found then. `username` is the bot's, once it has met Telegram. The last three: see `About`.
    """

    pid: int
    machine: str
    folder: str
    town: str
    revision: str
    began: int = 0
    refused: tuple[str, ...] = ()
    username: str = ""
    version: str = ""
    started_at: str = ""
    webhook: bool = False


class RunFile:
    """The file in the hands of the running process. That it cannot be written is no reason not to run."""

    def __init__(self, file: IO[bytes] | None, running: Running) -> None:
        self._file = file
        self._running = running
        self._write()

    @classmethod
    async def hold(cls, data: Path, folder: Path, town: str, revision: str, about: About = NOTHING) -> RunFile:
        """Say that this process runs on the data folder, with this content."""
        running = Running(os.getpid(), _machine(), _whole(folder), town, revision, **asdict(about))
        why: str | None = "another Lotse runs on DATA_DIR"
        for _ in range(TRIES):
            try:
                file = _locked(data)
            except OSError as error:
                why = error.strerror
                break
            if file is not None:
                return cls(file, running)
            await asyncio.sleep(PAUSE)  # whoever looks whether it is held holds it for that moment
        log.get().warning("run_file_not_written", why=why)
        return cls(None, running)

    def say(self, revision: str, began: int, refused: tuple[str, ...]) -> None:
        """How the last try to take content over ended."""
        self._running = replace(self._running, revision=revision, began=began, refused=refused)
        self._write()

    def known_as(self, username: str) -> None:
        """What Telegram calls the bot."""
        self._running = replace(self._running, username=username)
        self._write()

    def close(self) -> None:
        """Nobody runs here any more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.truncate(0)
            self._file.close()

    def _write(self) -> None:
        if self._file is None:
            return
        words = json.dumps(asdict(self._running), indent=1).encode()
        try:
            os.truncate(self._file.fileno(), 0)
            os.pwrite(self._file.fileno(), words, 0)
        except OSError as error:
            log.get().warning("run_file_not_written", why=error.strerror)


class Other:
    """A running process as somebody else sees it: `with found(data) as other`."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    def read(self) -> Running:
        """What it says of itself.

        Raises:
            ReloadRefused: it has ended, or says nothing that can be read.
        """
        for _ in range(TRIES):
            if not _is_held(self._file, fcntl.LOCK_SH):
                fcntl.flock(self._file, fcntl.LOCK_UN)
                raise ReloadRefused(ENDED)
            with contextlib.suppress(ValueError, TypeError):  # it is just being written
                running = Running(**json.loads(self._path.read_bytes()))
                return replace(running, refused=tuple(running.refused))
            time.sleep(PAUSE)
        raise ReloadRefused(f"{self._path} cannot be read. Restart Lotse.")

    def reload(self) -> Running:
        """Let it take its content over anew, and what it says afterwards.

        Raises:
            ReloadRefused: it runs elsewhere, may not be signalled by us, has ended, or does not answer.
        """
        running = self.read()
        if running.machine != _machine():
            raise ReloadRefused(
                "Lotse runs on another machine or in a container. Call this there, "
                "as in `docker compose exec lotse lotse reload`."
            )
        asked = time.monotonic_ns()
        try:
            os.kill(running.pid, signal.SIGHUP)
        except PermissionError:
            raise ReloadRefused(_foreign(f"Process {running.pid}")) from None
        except ProcessLookupError:
            raise ReloadRefused(ENDED) from None
        while running.began < asked:
            if time.monotonic_ns() > asked + LIMIT * 1e9:
                raise ReloadRefused(
                    f"No answer within {LIMIT:.0f} seconds. Look for content_taken or content_refused in the log."
                )
            time.sleep(PAUSE)
            running = self.read()
        return running


def running(data: Path) -> Running | None:
    """The Lotse that runs on the data folder; None where none does, or it cannot be asked."""
    try:
        with (data / NAME).open("rb") as file:
            return Other(data / NAME, file).read()
    except (OSError, ReloadRefused):
        return None


def username(data: Path) -> str:
    """The bot name of the Lotse running on the data folder; empty where none is, or it does not know yet."""
    found = running(data)
    return "" if found is None else found.username


@contextlib.contextmanager
def found(data: Path) -> Iterator[Other]:
    """The Lotse that runs on the data folder, else the demo that does.

    Raises:
        ReloadRefused: none does, or we may not look.
    """
    for path in (data / NAME, data / DEMO / NAME):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        except PermissionError:
            raise ReloadRefused(_foreign(str(path))) from None
        with file:
            if _is_held(file, fcntl.LOCK_SH):
                yield Other(path, file)
                return
    raise ReloadRefused(f"No Lotse runs on {data.resolve()}. If one does elsewhere, set DATA_DIR as it is set there.")


def _whole(folder: Path) -> str:
    return str(folder.resolve())


def _locked(data: Path) -> IO[bytes] | None:
    """The file in our hands, None where it is in another's."""
    data.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context((data / NAME).open("a+b"))
        if _is_held(file, fcntl.LOCK_EX):
            return None
        stack.pop_all()
    return file


def _is_held(file: IO[bytes], kind: int) -> bool:
    """Whether another holds it; where not, we do now."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _foreign(what: str) -> str:
    return f"{what} belongs to another account. Call this as that account, or as root."


def _machine() -> str:
    """Where process numbers mean what they mean here: this start of this machine, this container."""
    known = []
    for place in map(Path, PLACES):
        with contextlib.suppress(OSError):
            known.append(str(place.readlink()) if place.is_symlink() else place.read_text(encoding="ascii").strip())
    return " ".join(known)
