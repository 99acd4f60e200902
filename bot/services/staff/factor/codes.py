"""Codes of an authenticator app (TOTP, RFC 6238). Only this module knows the library; it is loaded when needed."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

BYTES = 20
"""Of chance in a secret: as many as RFC 4226 advises for SHA-1, which is what every app can do."""
DIGITS, SECONDS = 6, 30
DRIFT = 1
"""So many steps of 30 seconds the clock of a phone may be off, before and behind."""
_CODE = re.compile(rf"\d{{{DIGITS}}}")


def new_secret() -> str:
    """Chance, as letters and digits that an app takes (base32)."""
    return base64.b32encode(secrets.token_bytes(BYTES)).decode()


def address(secret: str, name: str, issuer: str) -> str:
    """What programs take, as a line or as a picture of it: `otpauth://totp/...`."""
    return _totp(secret).get_provisioning_uri(name, issuer).replace("+", "%20")  # some apps show the plus


def read(words: str) -> str | None:
    """A code as somebody typed it, with spaces and in digits of any script; None where it is none."""
    typed = "".join(words.split())
    return f"{int(typed):0{DIGITS}}" if _CODE.fullmatch(typed) else None


def at(secret: str, step: int) -> str:
    """The code of a step of time, counted from 1970."""
    return _totp(secret).generate(step * SECONDS).decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of time that a code belongs to, the one of now or one beside it; None: a wrong code."""
    here = int(now.timestamp()) // SECONDS
    steps = range(here - DRIFT, here + DRIFT + 1)
    return next((step for step in steps if secrets.compare_digest(at(secret, step), code)), None)


def _totp(secret: str) -> TOTP:
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - few members ever need it
    from cryptography.hazmat.primitives.twofactor.totp import TOTP  # noqa: PLC0415 - the same

    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303 - as RFC 6238 has it
