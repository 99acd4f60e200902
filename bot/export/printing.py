"""Papers as bytes. What draws and writes is loaded when something is drawn or written: most bots rarely do."""

from __future__ import annotations

from bot.core.paper import Book, Chart, Paper


def printed(paper: Paper) -> bytes:
    """A chart as PNG, a book as XLSX, a report as HTML. It may take a second: call it in a thread."""
    match paper:
        case Chart():
            from bot.export.picture import drawn  # noqa: PLC0415

            return drawn(paper)
        case Book():
            from bot.export.book import written  # noqa: PLC0415

            return written(paper)
    from bot.export.report_page import page  # noqa: PLC0415

    return page(paper).encode()
