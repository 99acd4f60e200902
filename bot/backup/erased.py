"""Who was erased, stored outside the database, so that a restored backup does not bring them back.

A chat is stored as a number made with a secret key, in one file a month. A line is written *before* the erasure is
committed: a failed erasure was still wanted, while a missing line would undo one.
What came after a backup is told by positions in the files, not by times, because a clock may jump.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import log
from bot.backup.key import Key
from bot.backup.refused import BackupRefused
from bot.clock import Clock

OWN_KEY = "erased.key"
"""The key file if none is set. It must live as long as the list, so it is beside it."""
PATTERN = "erased-*.txt"
SURE = timedelta(minutes=10)
"""How shortly before a backup a line may have been written and still be committed after it."""
OWNER_ONLY = 0o600


class Erasures:
    """The list in a folder, for writing."""

    def __init__(self, folder: Path, key: Key | None, clock: Clock) -> None:
        self._folder = folder
        self._key = key
        self._clock = clock

    def add(self, chats: Collection[int | str]) -> None:
        """Adds chats that are about to be erased. If the list cannot be written, they are erased all the same."""
        try:
            key = self._key or _own_key(self._folder)
            now = self._clock()
            lines = "".join(f"{now.isoformat()} {key.name} {_mark(key, chat)}\n" for chat in chats)
            path = self._folder / f"erased-{now:%Y-%m}.txt"
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
            try:
                os.write(file, b"\n" + lines.encode())  # a line cut off by a kill spoils no other
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            log.get().error("erasure_not_listed", number=len(chats), why=error.strerror)


def places(folder: Path, now: datetime) -> Mapping[str, int]:
    """The current end of each file of the list, in bytes, for a backup that is made now."""
    return {path.name: _settled(path, now) for path in sorted(folder.glob(PATTERN))}


def _settled(path: Path, now: datetime) -> int:
    """The bytes before the first line that is too new to be sure of."""
    at = 0
    for line in path.read_bytes().splitlines(keepends=True):
        when, _, _ = line.partition(b" ")
        try:
            if datetime.fromisoformat(when.decode()) > now - SURE:
                break
        except ValueError:
            pass
        at += len(line)
    return at


@dataclass(frozen=True, slots=True)
class Erased:
    """Erased chats, and people of chats, as the list names them: by key and mark."""

    keys: frozenset[Key] = frozenset()
    marks: frozenset[str] = frozenset()

    def __contains__(self, chat: int | str) -> bool:
        return any(_mark(key, chat) in self.marks for key in self.keys)


def since(folders: Collection[Path], places: Mapping[str, int], key: Key | None) -> Erased:
    """Everybody who was written after these positions, in any of the folders.

    Raises:
        BackupRefused: a line was written with a key that is missing.
    """
    used, marks = set[Key](), set[str]()
    for folder in folders:
        keys = {one.name: one for one in (key, _read_own_key(folder)) if one is not None}
        for path, name, mark in _written_behind(folder, places):
            if name not in keys:
                raise BackupRefused(
                    f"{path} names people who were erased, by the key {name}: BACKUP_KEY_FILE must name it."
                )
            used.add(keys[name])
            marks.add(mark)
    return Erased(frozenset(used), frozenset(marks))


def _written_behind(folder: Path, places: Mapping[str, int]) -> Iterator[tuple[Path, str, str]]:
    """The file, key name and mark of each whole line after these positions."""
    for path in sorted(folder.glob(PATTERN)):
        lines = path.read_bytes()
        at = places.get(path.name, 0)
        for line in lines[at if at <= len(lines) else 0 :].decode(errors="replace").splitlines():
            match line.split(" "):
                case [_, name, mark]:
                    yield path, name, mark


def forget_before(folder: Path, oldest: datetime) -> None:
    """Removes months before the oldest existing backup."""
    first = f"erased-{oldest - timedelta(days=32):%Y-%m}.txt"  # one month more, because clocks jump
    for path in folder.glob(PATTERN):
        if path.name < first:
            path.unlink(missing_ok=True)


def _mark(key: Key, chat: int | str) -> str:
    return key.derived("erased", str(chat).encode()).hex()


def _own_key(folder: Path) -> Key:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = _read_own_key(folder)
    if found is None:
        made = secrets.token_urlsafe(32).encode()
        file = os.open(folder / OWN_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        try:
            os.write(file, made)
            os.fsync(file)
        finally:
            os.close(file)
        found = Key(made)
    return found


def _read_own_key(folder: Path) -> Key | None:
    try:
        return Key((folder / OWN_KEY).read_bytes().strip())
    except FileNotFoundError:
        return None
