"""The key of backups: a random line in a file that is kept away from the database and the backups."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.backup.refused import BackupRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SHORTEST = 32
"""The fewest characters of a key."""
MAKE_ONE = 'make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


@dataclass(frozen=True, slots=True)
class Key:
    """A key. It never shows itself. `name` tells keys apart."""

    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.name})"

    @property
    def name(self) -> str:
        """The name in a backup by which a wrong key is recognised."""
        return self.derived("name", b"").hex()[:8]

    def derived(self, purpose: str, salt: bytes) -> bytes:
        """A key for one purpose and one salt, from which this key cannot be found."""
        return hmac.digest(self.secret, purpose.encode() + b"\0" + salt, "sha256")

    def cipher(self, salt: bytes) -> ChaCha20Poly1305:
        """The cipher of one backup: ChaCha20-Poly1305 with its own key."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - where it is used

        return ChaCha20Poly1305(self.derived("backup", salt))


def read(path: Path | None) -> Key | None:
    """The key in a file. None if no file is set.

    Raises:
        BackupRefused: the file cannot be read, or is too short for a key.
    """
    if path is None:
        return None
    try:
        secret = path.read_bytes().strip()
    except FileNotFoundError:
        raise BackupRefused(
            f"BACKUP_KEY_FILE {path} is not there: put its copy there, or {MAKE_ONE} > {path}"
        ) from None
    except OSError as error:
        raise BackupRefused(f"BACKUP_KEY_FILE {path} cannot be read: {error.strerror}.") from None
    if len(secret) < SHORTEST:
        raise BackupRefused(f"BACKUP_KEY_FILE {path} holds no key of {SHORTEST} characters; {MAKE_ONE}")
    return Key(secret)
