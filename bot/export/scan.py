"""Words as a picture that a camera reads (a QR code)."""

from __future__ import annotations

import io

import segno

SCALE = 8
"""Pixels of a square."""


def code(words: str) -> segno.QRCode:
    """The code, in a form that every scanner reads."""
    return segno.make_qr(words)


def png(words: str) -> bytes:
    """The code as PNG."""
    picture = io.BytesIO()
    code(words).save(picture, kind="png", scale=SCALE)
    return picture.getvalue()
