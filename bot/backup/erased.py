"""Who was erased, kept outside the database: a backup that comes back must not bring them back.

A chat stands there as a number made with a secret key, in a file a month. A line is written *before* the erasure is
committed: an erasure that then comes to nothing was wished for all the same, one that is missing would be undone.
Places in the files, not times, say what came after a backup: a clock may jump.
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
"""The key where none is set: it has to live as long as the list, so it stands beside it."""
PATTERN = "erased-*.txt"
SURE = timedelta(minutes=10)
"""What was written so shortly before a backup may have been committed after it."""
OWNER_ONLY = 0o600


class Erasures:
    """The list of a folder, to be written."""

    def __init__(self, folder: Path, key: Key | None, clock: Clock) -> None:
        self._folder = folder
        self._key = key
        self._clock = clock

    def add(self, chats: Collection[int | str]) -> None:
        """These are about to be erased. A list that cannot be written is no reason not to erase."""
        try:
            key = self._key or _own_key(self._folder)
            now = self._clock()
            lines = "".join(f"{now.isoformat()} {key.name} {_mark(key, chat)}\n" for chat in chats)
            path = self._folder / f"erased-{now:%Y-%m}.txt"
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
            try:
                os.write(file, b"\n" + lines.encode())  # a line that was cut off by a kill spoils no other
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            log.get().error("erasure_not_listed", number=len(chats), why=error.strerror)


def places(folder: Path, now: datetime) -> Mapping[str, int]:
    """How far each file of the list has come, for a backup that is made now."""
    return {path.name: _settled(path, now) for path in sorted(folder.glob(PATTERN))}


def _settled(path: Path, now: datetime) -> int:
    """Bytes up to the first line that is too new to be sure of."""
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
    """Chats, and people of chats, that were erased, as the list names them: by key and mark."""

    keys: frozenset[Key] = frozenset()
    marks: frozenset[str] = frozenset()

    def __contains__(self, chat: int | str) -> bool:
        return any(_mark(key, chat) in self.marks for key in self.keys)


def since(folders: Collection[Path], places: Mapping[str, int], key: Key | None) -> Erased:
    """Who was written down behind these places, in whichever of the folders.

    Raises:
        BackupRefused: a line was written with a key that is not there.
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
    """The file, the name of the key and the mark of each whole line behind these places."""
    for path in sorted(folder.glob(PATTERN)):
        lines = path.read_bytes()
        at = places.get(path.name, 0)
        for line in lines[at if at <= len(lines) else 0 :].decode(errors="replace").splitlines():
            match line.split(" "):
                case [_, name, mark]:
                    yield path, name, mark


def forget_before(folder: Path, oldest: datetime) -> None:
    """Drop the months in which nobody was erased who is in a backup that is still there."""
    first = f"erased-{oldest - timedelta(days=32):%Y-%m}.txt"  # a month more: clocks jump
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
