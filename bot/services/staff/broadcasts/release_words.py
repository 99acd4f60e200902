"""Whether a text in one language is released, in words: for broadcasts and for templates."""

from __future__ import annotations

from bot.core.broadcasts import FAILED, Version
from bot.core.message import Text, Words
from bot.db.staff import staff
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block


def mark_of(version: Version | None) -> str:
    """How far a language has got, as a mark."""
    if version is None:
        return "⬜"
    return "📝" if version.is_draft else "❗" if version.doubts else "✅"


def stands(turn: Turn, version: Version) -> Block:
    """Who vouches for a version, or that nobody does yet."""
    lines: list[Text | Words] = []
    if version.machine:
        lines.append(staff_text("wording.machine"))
    lines += [_doubt(one) for one in version.doubts]
    if version.is_draft:
        lines.append(staff_text("wording.changed" if version.released else "wording.draft"))
    else:
        by = staff.name(turn.connection, version.released_by) or "?"
        lines.append(staff_text("wording.released", name=Words(by)))
    return tuple(lines)


def _doubt(code: str) -> Text:
    """What the check of a translation found, or why there is none."""
    return staff_text(f"failure.{code.removeprefix(FAILED)}" if code.startswith(FAILED) else f"doubt.{code}")
