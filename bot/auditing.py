"""The audit trail on the command line: entries, whether the chain is whole, export."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.content.loader import Content
from bot.core.paper import Table
from bot.db import audit as rows
from bot.db import beside
from bot.db.audit import Filter
from bot.export import target
from bot.export.cells import encodable, harmless
from bot.export.printing import printed
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.audit.audit_book import MOST
from bot.services.staff.audit.audit_pages import book_of
from bot.services.turn import Turn


def note(url: str, now: datetime, what: str) -> None:
    """An entry about an export, before it is made. A database that cannot be read gets none, and is not changed."""
    beside.read(url, lambda _: None)
    asyncio.run(beside.write(url, lambda tx: audit.note_operator(tx, now, Deed.EXPORTED, what)))


def verify(url: str, screen: TextIO) -> int:
    """Say whether the chain is whole, and what it ends with; 1 where it is broken."""
    found = beside.read(url, rows.verify)
    if found.broken_at is not None:
        print(f"The audit trail is BROKEN at entry {found.broken_at}: it, or what was before it, is not as it was"
              " written.", file=screen)  # fmt: skip
        return 1
    if found.strangers:
        print(
            f"The audit trail is BROKEN: of {found.strangers} people it is not certain that the entries about"
            " them are theirs. Their pseudonyms were changed, or written by an older Lotse.",
            file=screen,
        )
        return 1
    if not found.last:
        print("The audit trail is empty.", file=screen)
        return 0
    print(f"The audit trail is whole, from entry {found.first} to {found.last}.", file=screen)
    print(
        f"It ends with {found.last_hash}. Note that elsewhere: it shows later that nothing was cut off.", file=screen
    )
    return 0


def export(url: str, content: Content, now: datetime, path: Path, *, force: bool) -> int:
    """Write the newest entries into a workbook or CSV file; how many. That is an entry itself.

    Raises:
        DatabaseRefused, ExportRefused: with a text for the operator; nothing was written.
    """
    note(url, now, "audit")
    book = beside.read(url, lambda tx: book_of(Turn(tx, content, now), rows.entries(tx, Filter(), 0, MOST)))
    (table,) = book.tables
    with target.new_file(path, force=force) as (new, _):
        new.write_bytes(_csv(table) if path.suffix == ".csv" else printed(book))
    return len(table.rows)


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    writer.writerows([harmless(encodable(str(cell))) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")
