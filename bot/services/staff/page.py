"""What a page of the staff desk is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.message import Button, Screen
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Item, Row, page_of

AT_ONCE = 8
"""Lines of a list on one page."""
HOME = "home"
GO = "go"
"""The verb that opens a page: `go.<page>` and its arguments."""
Build = Callable[[Turn, Member, tuple[str, ...]], Screen | None]
"""Builds a page for a member from the page's arguments; None where its subject is gone."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the right it needs (None: every active member's), how it is built, and how many arguments it has."""

    right: Right | None
    build: Build
    arguments: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What the home page leads to: a button's text, the page with its arguments, and the right it needs."""

    label: str
    page: str
    right: Right | None
    mark: str = ""
    there: Callable[[Turn], bool] = lambda _: True
    """Whether the town has such a page."""


def go(page: str) -> str:
    """The action of a button that opens a page."""
    return f"{GO}.{page}"


def paged(name: str, items: Sequence[Item], page: int) -> tuple[Sequence[Item], list[Row]]:
    """A page of a list, and the row that leads to those around it."""
    shown, page, last = page_of(items, page, AT_ONCE)
    return shown, around(name, page, last)


def around(name: str, page: int, last: int) -> list[Row]:
    """The row that leads to the pages before and after; none where there is only one."""
    buttons: list[Button] = []
    if page:
        buttons.append(Button(staff_text("button.before"), go(f"{name}.{page - 1}"), "⬆️"))
    if page < last:
        buttons.append(Button(staff_text("button.more"), go(f"{name}.{page + 1}"), "⬇️"))
    return [tuple(buttons)] if buttons else []


def files(verb: str) -> Row:
    """A row that hands a list over as a file: `<verb>.<form>` and its other arguments behind it."""
    name, dot, more = verb.partition(".")
    return (
        Button(staff_text("people.xlsx"), f"{name}.xlsx{dot}{more}", "📗"),
        Button(staff_text("people.csv"), f"{name}.csv{dot}{more}", "📄"),
    )


def back(page: str) -> Row:
    """A row that leads back to a page."""
    return (Button(staff_text("button.home" if page == HOME else "button.back"), go(page), "◀️"),)
