"""The keys that texts are sealed with: a small file, separate from the database.

Each sealed value names its key, so several keys can be valid at once. The file is made at the first start, readable
only by its owner. Whoever has the database without it can read no words. Whoever loses the file has lost all words.
docs/decisions/0024-sealed-texts.md explains the design.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.db.engine import DatabaseRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "sealed$"
SEALED = re.compile(r"sealed\$(?P<key>[0-9a-f]{8})\$")
"""How a sealed value begins. The key's name follows, then nonce, text and tag."""
NONCE, KEY = 12, 32
OWNER_ONLY = 0o600


class UnknownKey(Exception):
    """A value is sealed with a key that this ring does not have, or has in another form."""


class MissingKey(UnknownKey):
    """The ring has no key of that name. A newer file may have it."""


@dataclass(frozen=True)
class Keyring:
    """Keys by name, the key for new values, and the permanent root of keyed hashes."""

    newest: str
    keys: dict[str, bytes]
    root: bytes

    @classmethod
    def new(cls) -> Keyring:
        """A ring with one new key."""
        return cls("", {}, secrets.token_bytes(KEY)).with_new_key()

    def with_new_key(self) -> Keyring:
        """The same ring with one more key, which becomes the newest."""
        name = secrets.token_hex(4)
        return replace(self, newest=name, keys={**self.keys, name: secrets.token_bytes(KEY)})

    def only_newest(self) -> Keyring:
        """The same ring without its former keys."""
        return replace(self, keys={self.newest: self.keys[self.newest]})

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - once something is sealed

        return {name: AESGCM(key) for name, key in self.keys.items()}

    def seal(self, words: str, label: str) -> str:
        """Seals words. `label` is the kind of value; the sealed value opens only with the same label."""
        nonce = os.urandom(NONCE)
        closed = self._ciphers[self.newest].encrypt(nonce, words.encode(errors="surrogatepass"), label.encode())
        return f"{MARK}{self.newest}${base64.urlsafe_b64encode(nonce + closed).decode().rstrip('=')}"

    def open(self, sealed: str, label: str) -> str:
        """The words of a sealed value.

        Raises:
            MissingKey: its key is not in the ring.
            UnknownKey: no key of the ring opens it.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        found = SEALED.match(sealed)
        cipher = None if found is None else self._ciphers.get(found["key"])
        if found is None:
            raise UnknownKey(label)
        if cipher is None:
            raise MissingKey(label)
        try:
            raw = base64.urlsafe_b64decode(sealed[found.end() :] + "==")
            opened = cipher.decrypt(raw[:NONCE], raw[NONCE:], label.encode())
        except (InvalidTag, ValueError):
            raise UnknownKey(label) from None
        return opened.decode(errors="surrogatepass")

    @cached_property
    def _hash_keys(self) -> dict[str, bytes]:
        return {}

    def hashed(self, data: bytes, what: str, size: int) -> bytes:
        """A hash that needs this ring to compute, different for each `what`. A rotation does not change it."""
        key = self._hash_keys.get(what)
        if key is None:
            key = self._hash_keys[what] = hashlib.blake2b(what.encode(), key=self.root).digest()
        return hashlib.blake2b(data, key=key, digest_size=size).digest()

    def dumped(self) -> str:
        """The text of the file."""
        named = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        return json.dumps({"newest": self.newest, "keys": named, "root": base64.b64encode(self.root).decode()}) + "\n"

    @classmethod
    def loaded(cls, text: str) -> Keyring:
        """The ring from a file's text. ValueError if the text is not one."""
        try:
            found = json.loads(text)
            keys = {str(name): base64.b64decode(key, validate=True) for name, key in found["keys"].items()}
            ring = cls(found["newest"], keys, base64.b64decode(found["root"], validate=True))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a key file") from error
        if ring.newest not in keys or {len(one) for one in (*keys.values(), ring.root)} != {KEY}:
            raise ValueError("not a key file")
        return ring


class KeyFile:
    """The key file of this process, and the ring that was last read from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ring: Keyring | None = None

    @property
    def ring(self) -> Keyring:
        """The ring. Read once.

        Raises:
            DatabaseRefused: the file is missing or malformed.
        """
        if self._ring is None:
            self.read()
        assert self._ring is not None  # noqa: S101 - for the type checker
        return self._ring

    def read(self) -> None:
        """Reads the file again."""
        try:
            self._ring = Keyring.loaded(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DatabaseRefused(
                f"The database holds sealed texts, but the key file {self.path} is not there. Put it back from where"
                " you keep its copy, or name another place with KEY_FILE. Without it nobody can read them again."
            ) from None
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is damaged"
            raise DatabaseRefused(
                f"The key file {self.path} cannot be used: {why}. Put back the copy you keep of it, or set KEY_FILE."
            ) from None

    def make(self) -> bool:
        """Creates a file with a new key if there is none. Returns whether it did.

        Raises:
            DatabaseRefused: it cannot be written.
        """
        if self.path.exists():
            return False
        return self._write(Keyring.new(), self.path.hardlink_to)

    def change(self, ring: Keyring) -> None:
        """Replaces the ring in the file, completely or not at all."""
        self._write(ring, lambda new: new.replace(self.path))

    def _write(self, ring: Keyring, put: Callable[[Path], object]) -> bool:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=".lotse-key-")  # only for its owner
        except OSError as error:
            raise self._unwritable(error) from error
        new = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), OWNER_ONLY)
                file.write(ring.dumped())
                file.flush()
                os.fsync(file.fileno())
            put(new)
            self._ring = ring
        except FileExistsError:  # another process was faster
            self._ring = None
            return False
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            new.unlink(missing_ok=True)
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return True

    def _unwritable(self, error: OSError) -> DatabaseRefused:
        return DatabaseRefused(
            f"Cannot write the key file {self.path}: {error.strerror}. Name a place outside of the data folder that"
            " can be written with KEY_FILE."
        )


_files: list[KeyFile] = []


def keep_in(path: Path) -> None:
    """Sets where the keys of this process are from now on. Nothing is read or created yet."""
    _files[:] = [KeyFile(path)]


def key_file() -> KeyFile:
    """The key file of this process.

    Raises:
        DatabaseRefused: its place was never set.
    """
    if not _files:
        raise DatabaseRefused("Nobody has said where the key file lies: this is a fault of the program.")
    return _files[0]


def seal(words: str, label: str) -> str:
    """Seals words with the newest key of this process."""
    return key_file().ring.seal(words, label)


def open_sealed(sealed: str, label: str) -> str:
    """Opens a sealed value. An unknown key is looked up in the file once more."""
    file = key_file()
    try:
        return file.ring.open(sealed, label)
    except UnknownKey:
        file.read()
        return file.ring.open(sealed, label)


def hashed(data: bytes, what: str, size: int) -> bytes:
    """A hash with the root of this process's ring, see `Keyring.hashed`."""
    return key_file().ring.hashed(data, what, size)
