"""A message's bold, italic and links as the little markup of the content."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import MessageEntity

from bot.content.markup import escaped

_UNITS = ("utf-16-le", "surrogatepass")
"""Telegram's way of counting; a phone that cuts a sign in two is no reason to lose the words."""
_TAGS = {MessageEntity.BOLD: "b", MessageEntity.ITALIC: "i"}


def marked(words: str, entities: Sequence[MessageEntity]) -> str:
    """The words with their markup; what the content knows no markup for is words alone.

    Telegram counts in UTF-16 units, and lets entities lie within each other but never across.
    """
    known = [one for one in entities if one.type in _TAGS or _address(one)]
    if not known:
        return escaped(words)
    units = words.encode(*_UNITS)
    # Where, closing first, then the order in which tags that meet there nest: the inner opens last and closes first.
    marks: list[tuple[int, int, int, int, str]] = []
    for place, one in enumerate(known):
        end = one.offset + one.length
        tag = _TAGS.get(one.type)
        opening = f"<{tag}>" if tag else f'<a href="{_address(one)}">'
        marks.append((one.offset, 1, -end, place, opening))
        marks.append((end, 0, -one.offset, -place, f"</{tag or 'a'}>"))
    parts, last = [], 0
    for at, _, _, _, tag in sorted(marks):
        parts += [escaped(units[2 * last : 2 * at].decode(*_UNITS)), tag]
        last = at
    return "".join((*parts, escaped(units[2 * last :].decode(*_UNITS))))


def _address(one: MessageEntity) -> str | None:
    """Where a link of its own leads, where it can stand in markup."""
    url = one.url if one.type == MessageEntity.TEXT_LINK else None
    return url if url and url.startswith("https://") and not set('"{}<> ') & set(url) else None
