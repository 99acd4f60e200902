"""The folder of backups: names, which ones are kept, which was the last, and how a new one is added atomically."""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from bot.backup.refused import BackupRefused
from bot.db.disk import on_disk

NAME = re.compile(r"lotse-(\d{8}T\d{6}Z)\.backup")
TIME = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".part"
LAST = "last.json"
LOCK = ".lock"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days, weeks and months the newest backup is kept."""

    daily: int
    weekly: int
    monthly: int


@dataclass(frozen=True, slots=True)
class Last:
    """The last backup: its name, its time, how long it took, its size, and its number of rows."""

    name: str
    made_at: datetime
    seconds: float
    size: int
    rows: int


def backups(folder: Path) -> list[tuple[datetime, Path]]:
    """Every backup in a folder with its time, the oldest first."""
    found = ((NAME.fullmatch(path.name), path) for path in folder.glob("lotse-*.backup"))
    return sorted((datetime.strptime(name[1], TIME).replace(tzinfo=UTC), path) for name, path in found if name)


@contextmanager
def new(folder: Path, made_at: datetime) -> Iterator[tuple[IO[bytes], Path]]:
    """A file to write a backup to, and its final path, to which it is moved at the end of the block.

    Leftovers of a killed process are removed. Nobody else can make a backup meanwhile.

    Raises:
        BackupRefused: the disk refuses, or another process is making one. Existing backups stay as they are.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / LOCK).open("w") as lock:
            _only_one(lock, folder)
            for left in folder.glob(f"*{UNFINISHED}"):
                left.unlink()
            path = _free(folder, made_at)
            unfinished = path.with_name(path.name + UNFINISHED)
            try:
                unfinished.touch(mode=0o600)
                with unfinished.open("r+b") as file:
                    yield file, path
                on_disk(unfinished)
                unfinished.replace(path)
                on_disk(folder)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupRefused(
            f"Cannot write to {folder}: {error.strerror}. No backup was made; those that are there are untouched."
        ) from error


def _only_one(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupRefused(f"A backup is being made in {folder} just now.") from None


def _free(folder: Path, moment: datetime) -> Path:
    while (path := folder / f"lotse-{moment.astimezone(UTC):{TIME}}.backup").exists():
        moment += SECOND
    return path


def rotate(folder: Path, kept: Kept, just_made: Path) -> int:
    """Removes what is not to be kept. Returns how many. Backups made within a day of `just_made` always stay."""
    there = backups(folder)
    made_at = {path: at for at, path in there}[just_made]
    stay = {path for at, path in there if at > made_at - DAY}
    rules: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (kept.daily, lambda at: (at.toordinal(),)),
        (kept.weekly, lambda at: at.isocalendar()[:2]),
        (kept.monthly, lambda at: (at.year, at.month)),
    )
    for number, period in rules:
        newest = {period(at): path for at, path in there}
        stay.update(newest[one] for one in sorted(newest, reverse=True)[:number])
    gone = [path for _, path in there if path not in stay]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def note(folder: Path, last: Last) -> None:
    """Writes down the last backup. If that fails, the backup is still good."""
    words = json.dumps({**asdict(last), "made_at": last.made_at.isoformat()}, indent=1)
    with contextlib.suppress(OSError):
        unfinished = folder / f"{LAST}{UNFINISHED}"
        unfinished.write_text(words + "\n", encoding="ascii")
        unfinished.replace(folder / LAST)


def last_backup(folder: Path) -> Last | None:
    """The last backup that was made in a folder. None if none is known."""
    try:
        said = json.loads((folder / LAST).read_bytes())
        return Last(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
