"""A screen as a row keeps it: text keys and arguments, never words. It is said when it is sent, in that day's words.

A person's own words (`Words`) are refused: an outbox is no place for them. Buttons that do something belong to the
card; a delivery has links.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.core.message import Argument, LinkButton, Listing, Month, Screen, Text

Json = dict[str, Any]


def to_row(screen: Screen) -> tuple[str, Json | None]:
    """The key of the first text, and what else there is.

    Raises:
        ValueError: it holds a person's words, a button that does something, or no text.
    """
    first, *more = [[_text(one) for one in block] for block in screen.blocks if block] or [[]]
    if not first:
        raise ValueError("a screen without a text")
    head = first.pop(0)
    links = [[_link(one) for one in row] for row in screen.rows]
    rest = {"head": {key: value for key, value in head.items() if key != "text"}, "first": first, "more": more}
    found = {key: value for key, value in {**rest, "links": links}.items() if value}
    return head["text"], found or None


def from_row(text_key: str, params: Mapping[str, Any] | None) -> Screen:
    """The screen that was stored."""
    given = params or {}
    head = _said({"text": text_key, **given.get("head", {})})
    first = (head, *map(_said, given.get("first", ())))
    more = tuple(tuple(map(_said, block)) for block in given.get("more", ()))
    rows = tuple(tuple(LinkButton(_said(one), one["url"]) for one in row) for row in given.get("links", ()))
    return Screen((first, *more), rows)


def _link(button: object) -> Json:
    if not isinstance(button, LinkButton):
        raise ValueError("a button that does something")  # noqa: TRY004 - the value is wrong, whatever its type
    return {**_text(button.label), "url": button.url}


def _text(text: object) -> Json:
    if not isinstance(text, Text):
        raise ValueError("words of a person")  # noqa: TRY004 - the same
    given = {
        "args": {name: _stored(one) for name, one in text.args.items()},
        "count": text.count,
        "language": text.language,
    }
    return {"text": text.key} | {key: value for key, value in given.items() if value not in ({}, None)}


def _stored(argument: Argument) -> Any:  # noqa: ANN401 - JSON
    match argument:
        case Text():
            return _text(argument)
        case Listing(items):
            return {"list": [_stored(one) for one in items]}
        case Month(year, month):
            return {"month": [year, month]}
        case datetime():
            return {"moment": argument.isoformat()}
        case date():
            return {"day": argument.isoformat()}
        case int():
            return argument
    raise ValueError("words of a person")


def _said(stored: Mapping[str, Any]) -> Text:
    args = {name: _argument(one) for name, one in stored.get("args", {}).items()}
    return Text(stored["text"], args, stored.get("count"), stored.get("language"))


def _argument(stored: Any) -> Argument:  # noqa: ANN401 - JSON
    match stored:
        case int():
            return stored
        case {"list": items}:
            return Listing(tuple(map(_argument, items)))
        case {"month": [year, month]}:
            return Month(year, month)
        case {"moment": at}:
            return datetime.fromisoformat(at)
        case {"day": day}:
            return date.fromisoformat(day)
    return _said(stored)
