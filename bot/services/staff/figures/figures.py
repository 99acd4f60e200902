"""Figures as files: the needs board as a picture and a workbook, the report of a quarter as a page to print."""

from __future__ import annotations

from dataclasses import replace

from bot.core.message import Text
from bot.core.paper import List, Paper
from bot.core.quarters import read_quarter
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.figures import board_words, needs, reporting
from bot.services.reply import File, Reply
from bot.services.staff.texts import staff_text
from bot.services.view import local_day
from bot.services.visit import Visit

PNG, XLSX, HTML = (
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/html",
)


def chart(visit: Visit, _: Member, __: tuple[str, ...], tapped: int | None) -> Reply:
    """The board as a picture."""
    turn = visit.turn
    axes, board = turn.content.needs, needs.board_of(turn)
    if axes is None or board is None or not board.lines:
        return visit.reply(toast=staff_text("toast.no_figures"), tapped=tapped)
    drawn = board_words.chart_of(turn, axes, board)
    return sent(visit, f"{_name(visit, 'bedarf')}.png", PNG, drawn, staff_text("needs.caption"))


def book(visit: Visit, member: Member, __: tuple[str, ...], tapped: int | None) -> Reply:
    """The board as a workbook."""
    turn = visit.turn
    axes, board = turn.content.needs, needs.board_of(turn)
    if axes is None or board is None:
        return visit.reply(toast=staff_text("toast.no_figures"), tapped=tapped)
    audit.note(turn, Deed.EXPORTED, by=member, what="needs book")
    written = board_words.book_of(turn, axes, board, needs.months(turn))
    return sent(visit, f"{_name(visit, 'bedarf')}.xlsx", XLSX, written, staff_text("needs.caption"))


def report(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The report of a quarter."""
    quarter = read_quarter(arguments[0])
    if quarter is None:
        return visit.reply(toast=staff_text("toast.vanished"), tapped=tapped)
    audit.note(visit.turn, Deed.EXPORTED, by=member, what=f"report {quarter}")
    name = f"{visit.turn.content.town.id}-{quarter}.html"
    return sent(visit, name, HTML, reporting.report_of(visit.turn, quarter), staff_text("report.caption"))


def _name(visit: Visit, word: str) -> str:
    return f"{word}-{local_day(visit.turn.content, visit.turn.now)}"


def sent(visit: Visit, name: str, kind: str, content: Paper, caption: Text) -> Reply:
    """A paper for the member alone, made behind the commit."""
    lists = isinstance(content, List)
    file = File(visit.chat.id, visit.language, name, kind, content, caption, lists=lists)
    return replace(visit.only(staff_text("toast.file_comes")), file=file)
