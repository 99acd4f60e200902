"""A person's own data as an HTML page or as JSON: no script, nothing from outside, and words are never markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from bot.content.bidi import cleaned
from bot.content.loader import Content
from bot.content.locales import is_right_to_left
from bot.content.markup import words as words_of
from bot.core.paper import OwnData
from bot.db import beside
from bot.db.rights import own_data as stored
from bot.export.cells import encodable
from bot.services.rights.own_data import JSON, SCHEMA, Page, Teller

_STYLE = """
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1c1c1e; background: #fff;
  font: 1rem/1.45 "Noto Sans", "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.5rem; color: #12447f; }
h2 { font-size: 1.15rem; color: #12447f; margin: 2rem 0 .5rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #cfd6df; }
th { background: #eef3fa; }
td { overflow-wrap: anywhere; white-space: pre-line; }
td:first-child { white-space: nowrap; color: #5f6368; }
@media (max-width: 600px) { tr { display: block; } th { display: none; } td { display: block; border: 0; }
  tr { border-bottom: 1px solid #cfd6df; } }
"""


def written(order: OwnData, url: str, content: Content) -> bytes:
    """The file. It may take a moment, so call it in a thread.

    Raises:
        DatabaseRefused: the database is away.
    """
    found = beside.read(url, lambda tx: stored.of_chat(tx, order.chat_id, order.person))
    teller = Teller(content, order.language)
    if order.form == JSON:
        return encodable(_json(order, content, teller, found)).encode()
    return encodable("".join(_html(teller.page(found, order.at), order.language))).encode()


def _json(order: OwnData, content: Content, teller: Teller, found: dict[str, list[stored.Row]]) -> str:
    for part in ("answers", "former_answers"):
        for row in found[part]:
            row["question"], row["answer"] = teller.answer(row)
    for row in found["talk_messages"]:
        row["text"] = row["text"] and words_of(row["text"])
    town = content.town
    head = {
        "schema": SCHEMA,
        "made_at": order.at,
        "language": order.language,
        "project": town.project,
        "town": town.name,
        "responsible": town.imprint.responsible,
        "contact": town.privacy.officer,
    }
    return json.dumps({**head, **found}, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)


def _html(page: Page, language: str) -> Iterator[str]:
    turned = "rtl" if is_right_to_left(language) else "ltr"
    title = escape(page.title)
    yield f'<!DOCTYPE html>\n<html lang="{escape(language)}" dir="{turned}">\n<head>\n<meta charset="utf-8">\n'
    yield f'<title>{title}</title>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta http-equiv="Content-Security-Policy" '
    yield "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{escape(page.about)}</p>\n"
    head = "".join(f"<th>{escape(one)}</th>" for one in page.columns)
    for heading, lines in page.parts:
        yield f"<h2>{escape(heading)}</h2>\n<table>\n<tr>{head}</tr>\n"
        for line in lines:
            cells = (line.when, line.what, line.words)
            yield f"<tr>{''.join(map(_cell, cells))}</tr>\n"
        yield "</table>\n"
    yield "</body>\n</html>\n"


def _cell(words: str) -> str:
    """A cell that finds its own direction, because a person's words may use another script than the page."""
    return f'<td dir="auto">{escape(cleaned(words))}</td>'
