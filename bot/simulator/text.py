"""Rules of a text and its entities, counted in UTF-16 units as Telegram counts."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlsplit

from bot.simulator.refusal import Refusal, bad, strict

Json = dict[str, Any]

LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
ENTITIES: Final = 100
SCHEMES: Final = {"http", "https", "tg", "mailto"}
STYLES: Final = {
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "text_mention"),
    *("custom_emoji", "blockquote", "expandable_blockquote", "date_time"),
}
FOUND: Final = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
"""What Telegram finds by itself: accepted from a bot and passed over."""

_SEEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]\u2069])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)(?![\w/])",
)


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)  # noqa: PLR2004, the end of the basic plane


def message_text(text: str, entities: list[Json], *, too_long: str, limit: int = LIMIT) -> tuple[str, list[Json]]:
    """A bot's text as Telegram keeps it: checked, trimmed, its entities sorted and completed; or a Refusal."""
    if not text:
        raise bad("message text is empty")
    if len(entities) > ENTITIES:
        raise strict(f"more than {ENTITIES} entities")
    _check_entities(text, entities)
    text, entities = _trim(text, [entity for entity in entities if entity["type"] in STYLES])
    if not text:
        raise bad("text must be non-empty")
    if units(text) > limit:
        raise bad(too_long)
    return text, with_found(text, entities)


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """The entities together with what Telegram finds by itself (links, commands, mentions), in order."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in {"code", "pre", "text_link", "text_mention", "date_time"}
    ]
    found = []
    for match in _SEEN.finditer(text):
        start = units(text[: match.start()])
        length = units(match.group())
        if all(start >= end or start + length <= begin for begin, end in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def _check_entities(text: str, entities: list[Json]) -> None:
    edges = set(accumulate((units(sign) for sign in text), initial=0))
    size = units(text)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0 or length < 0:
            raise bad(f"receive an entity with incorrect {'offset' if offset < 0 else 'length'}")
        if offset > size:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > size:
            end = offset + length
            raise bad(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            )
        if offset not in edges:
            raise bad(f"entity begins in a middle of a UTF-16 symbol at byte offset {_byte(text, offset)}")
        if offset + length not in edges:
            where = f"in a middle of a UTF-16 symbol at byte offset {_byte(text, offset + length)}"
            raise bad(f"entity beginning at UTF-16 offset {offset} ends {where}")
        fault = _kind_fault(entity)
        if fault is not None:
            raise fault


def _kind_fault(entity: Json) -> Refusal | None:
    kind = entity["type"]
    if kind == "text_link" and not good_link(entity.get("url", "")):
        return strict("can't parse MessageEntity: a link needs an address with http, https, tg or mailto")
    if kind == "text_mention" and "user" not in entity:
        return bad("can't parse MessageEntity: Can't find field \"user\"")
    if kind == "custom_emoji" and "custom_emoji_id" not in entity:
        return bad("can't parse MessageEntity: Can't find field \"custom_emoji_id\"")
    if kind == "date_time":
        if "unix_time" not in entity:
            return bad("can't parse MessageEntity: Can't find field \"unix_time\"")
        if not re.fullmatch("[rR]|[tTdDwW]*", entity.get("date_time_format", "")):
            return bad("can't parse MessageEntity: Invalid date-time format specified")
    if kind not in STYLES | FOUND:
        return bad("can't parse MessageEntity: Unsupported type specified")
    return None


def good_link(url: str) -> bool:
    """Whether Telegram opens this address: http or https with a host, tg or mailto."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in SCHEMES or any(sign.isspace() for sign in url):
        return False
    return bool(parts.path) if parts.scheme == "mailto" else bool(parts.netloc)


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at the end, and at the beginning up to the first entity."""
    text = text.rstrip()
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    text, size = text[lead:], units(text[lead:])
    moved = []
    for entity in entities:
        start = entity["offset"] - lead
        length = min(start + entity["length"], size) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return text, moved


def _byte(text: str, offset: int) -> int:
    """Where in UTF-8 the sign ends inside which this UTF-16 offset lies."""
    bytes_before = at = 0
    for sign in text:
        if at >= offset:
            break
        at += units(sign)
        bytes_before += len(sign.encode())
    return bytes_before
