"""A backup as bytes: compressed lines, in chunks that are sealed if there is a key.

    lotse backup 1                                     one line
    {"sealed": true, "key": "1a2b3c4d", "salt": ...}   one line
    chunk, chunk, ... chunk                            each: length (4 bytes), last or not (1 byte), bytes

Each chunk is sealed with its number, whether it is the last, and the two lines above. So anything that is cut off,
left out, moved or changed is detected. The whole backup is never in memory.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from bot.backup.key import Key
from bot.backup.refused import BackupRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"lotse backup 1\n"
CHUNK = 1 << 16
UNPACKED = 1 << 18
"""Bytes that are unpacked at once. A chunk can hold a thousand times its length."""
LONGEST_CHUNK = CHUNK + 1024
LONGEST_LINE = 4096
LEVEL = 3
DAMAGED = "is damaged: it was cut off or changed. Take another backup."


class Writer:
    """Writes lines to a file. Without `close` the file is not a backup."""

    def __init__(self, file: IO[bytes], key: Key | None) -> None:
        self._file = file
        self._packer = zlib.compressobj(LEVEL)
        self._held = bytearray()
        self._number = 0
        salt = secrets.token_bytes(16)
        said = {"sealed": False} if key is None else {"sealed": True, "key": key.name, "salt": salt.hex()}
        self._head = MAGIC + json.dumps(said).encode() + b"\n"
        self._cipher = None if key is None else key.cipher(salt)
        file.write(self._head)

    def write(self, lines: bytes) -> None:
        """Adds whole lines."""
        self._held += self._packer.compress(lines)
        while len(self._held) > CHUNK:
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        """Ends the stream."""
        self._held += self._packer.flush()
        while len(self._held) > CHUNK:
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        self._chunk(bytes(self._held), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        sealed = plain
        if self._cipher is not None:
            sealed = self._cipher.encrypt(_nonce(self._number, last=last), plain, self._head)
        self._file.write(len(sealed).to_bytes(4, "big") + bytes([last]) + sealed)
        self._number += 1


def lines(file: IO[bytes], name: str, key: Key | None) -> Iterator[bytes]:
    """The lines of a backup, in order.

    Raises:
        BackupRefused: it is not a backup, was made with another key, or is incomplete.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupRefused(f"{name} is no backup of Lotse.")
    said = file.readline(LONGEST_LINE)
    cipher = _cipher(*_head(said, name), name, key)
    unpacker, rest = zlib.decompressobj(), b""
    try:
        for chunk in _chunks(file, name, cipher, MAGIC + said):
            while chunk:
                *whole, rest = (rest + unpacker.decompress(chunk, UNPACKED)).split(b"\n")
                yield from whole
                chunk = unpacker.unconsumed_tail  # noqa: PLW2901 - what was not unpacked yet
    except zlib.error:
        raise BackupRefused(f"{name} {DAMAGED}") from None
    if rest or not unpacker.eof:
        raise BackupRefused(f"{name} {DAMAGED}")


def _head(line: bytes, name: str) -> tuple[str | None, bytes]:
    """The name of the key (None without one) and the salt."""
    try:
        head = json.loads(line)
        return (str(head["key"]), bytes.fromhex(head["salt"])) if head["sealed"] else (None, b"")
    except (ValueError, KeyError, TypeError):
        raise BackupRefused(f"{name} {DAMAGED}") from None


def _cipher(made_with: str | None, salt: bytes, name: str, key: Key | None) -> ChaCha20Poly1305 | None:
    """The cipher of a backup made with the key of that name. None for an unsealed backup."""
    if made_with is None:
        return None
    if key is None:
        raise BackupRefused(f"{name} is sealed with the key {made_with}: set BACKUP_KEY_FILE.")
    if made_with != key.name:
        raise BackupRefused(
            f"{name} is sealed with the key {made_with}, BACKUP_KEY_FILE holds {key.name}: name the other."
        )
    return key.cipher(salt)


def _chunks(file: IO[bytes], name: str, cipher: ChaCha20Poly1305 | None, head: bytes) -> Iterator[bytes]:
    number, last = 0, False
    while not last:
        frame = file.read(5)
        length = int.from_bytes(frame[:4], "big")
        sealed = file.read(min(length, LONGEST_CHUNK))
        if len(frame) != 5 or frame[4] > 1 or len(sealed) != length:  # noqa: PLR2004 - length and mark
            raise BackupRefused(f"{name} {DAMAGED}")
        last = bool(frame[4])
        yield sealed if cipher is None else _opened(cipher, number, sealed, head, name, last=last)
        number += 1
    if file.read(1):
        raise BackupRefused(f"{name} {DAMAGED}")


def _opened(cipher: ChaCha20Poly1305, number: int, sealed: bytes, head: bytes, name: str, *, last: bool) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - where it is used

    try:
        return cipher.decrypt(_nonce(number, last=last), sealed, head)
    except InvalidTag:
        raise BackupRefused(f"{name} {DAMAGED}") from None


def _nonce(number: int, *, last: bool) -> bytes:
    """The nonce of a chunk. It is never used twice under one key, because each backup has its own key."""
    return number.to_bytes(11, "big") + bytes([last])
