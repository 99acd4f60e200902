"""`lotse report`: writes the figures of a quarter from the database into a page to print."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.content.loader import Content
from bot.core.quarters import Quarter, quarter_of, read_quarter
from bot.db import beside
from bot.export import target
from bot.export.printing import printed
from bot.export.words import ExportRefused
from bot.services.figures.reporting import report_of
from bot.services.turn import Turn
from bot.services.view import local_day
from bot.services.what_staff_said import with_what_staff_said


def quarter_named(name: str | None, content: Content, now: datetime) -> Quarter:
    """The quarter with that name. Without a name, the current quarter.

    Raises:
        ExportRefused: it is not a quarter.
    """
    quarter = quarter_of(local_day(content, now)) if name is None else read_quarter(name)
    if quarter is None:
        raise ExportRefused(f"'{name}' is no quarter. Write it as 2026-Q4.")
    return quarter


def write_report(url: str, content: Content, now: datetime, quarter: Quarter, path: Path, *, force: bool) -> None:
    """Writes the report of a quarter to a file, completely or not at all.

    Raises:
        DatabaseRefused, ExportRefused: with a text for the operator. Nothing was written.
    """
    report = beside.read(url, lambda tx: report_of(with_what_staff_said(Turn(tx, content, now)), quarter))
    with target.new_file(path, force=force) as (new, _):
        new.write_bytes(printed(report))
