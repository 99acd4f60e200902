"""Papers as bytes. Drawing and writing code is loaded only when it is needed, because most bots rarely do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.content.loader import Content
from bot.core.paper import Book, Chart, List, OwnData, Paper, Printable, Scan


def printed(paper: Printable) -> bytes:
    """A chart or code as PNG, a book as XLSX, a report as HTML. It may take a second, so call it in a thread."""
    match paper:
        case Chart():
            from bot.export.picture import drawn  # noqa: PLC0415

            return drawn(paper)
        case Book():
            from bot.export.book import written  # noqa: PLC0415

            return written(paper)
        case Scan():
            from bot.export.scan import png  # noqa: PLC0415

            return png(paper.words)
    from bot.export.report_page import page  # noqa: PLC0415

    return page(paper).encode()


def press(url: str, content: Callable[[], Content], folder: Path) -> Callable[[Paper], bytes]:
    """A function that makes bytes of any paper. Data about people is read from the database at `url`, without a lock.

    `folder` holds the words of `content/staff.yaml`.
    """

    def pressed(paper: Paper) -> bytes:
        if isinstance(paper, OwnData):
            from bot.export import own_data  # noqa: PLC0415

            return own_data.written(paper, url, content())
        if not isinstance(paper, List):
            return printed(paper)
        from bot.export import lists  # noqa: PLC0415

        return lists.written(paper, url, content(), folder)

    return pressed
