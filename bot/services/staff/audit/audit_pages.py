"""The audit trail at the desk: who did what, by member, by kind of deed, by person; and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.paper import Book, Table
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db import audit as rows
from bot.db.audit import Entry as Noted
from bot.db.audit import Filter
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.figures.board_words import said as spoken
from bot.services.figures.board_words import words
from bot.services.staff.audit.audit_words import called, told
from bot.services.staff.page import HOME, Entry, Page, around, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

AUDIT, MEMBERS, DEEDS, PEOPLE = "audit", "audit_members", "audit_deeds", "audit_people"
EVERY, BY, DEED, WHO = "all", "by", "deed", "who"
"""Which entries a page shows: all of them, a member's, those of a kind, those about a person."""
ALL = f"{AUDIT}.{EVERY}.-.0"
ENTRY = Entry("button.audit", ALL, Right.SEE_AUDIT, "🔏")
AT_ONCE = 10
LATELY = 500
"""The newest entries; the people in them can be chosen from."""
HEAD = ("number", "when", "actor", "deed", "about", "what")


def filter_of(turn: Turn, kind: str, value: str) -> Filter | None:
    """The filter a page's arguments name; None where they name none."""
    match kind:
        case "all":
            return Filter()
        case "by":
            return Filter(actor=value)
        case "deed":
            return Filter(deed=value)
        case "who":
            about = rows.pseudonym(turn.connection, number(value) or 0)
            return None if about is None else Filter(about=about)
    return None


def _audit(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    kind, value, at = arguments
    which, page = filter_of(turn, kind, value), number(at) or 0
    if which is None:
        return None
    count = rows.number(turn.connection, which)
    last = max((count - 1) // AT_ONCE, 0)
    page = min(page, last)
    shown = rows.entries(turn.connection, which, page * AT_ONCE, AT_ONCE)
    title: list[Text] = [staff_text("audit.title", count), *_only(turn, kind, value)]
    names = _Names(turn, shown)
    entries: tuple[Block, ...] = tuple(map(names.line, shown)) or ((staff_text("audit.none"),),)
    buttons: list[Row] = [
        *around(f"{AUDIT}.{kind}.{value}", page, last),
        (
            Button(staff_text("button.audit_members"), go(f"{MEMBERS}.0"), "👤"),
            Button(staff_text("button.audit_deeds"), go(f"{DEEDS}.0"), "🔎"),
        ),
        (
            Button(staff_text("button.audit_people"), go(f"{PEOPLE}.0"), "🧭"),
            Button(staff_text("button.audit_book"), "audit_book", "📗"),
        ),
    ]
    if kind != EVERY:
        buttons.append((Button(staff_text("button.audit_all"), go(ALL)),))
    return Screen((tuple(title), *entries), (*buttons, back(HOME)), about=names.people)


def _only(turn: Turn, kind: str, value: str) -> list[Text]:
    """What the page is narrowed to."""
    match kind:
        case "by":
            return [staff_text("audit.of_member", name=called(turn, value))]
        case "deed" if value in list(Deed):
            return [staff_text("audit.of_deed", deed=staff_text(f"deed.{value}"))]
        case "who":
            return [staff_text("audit.of_person", who=staff_text("person.number", number=number(value) or 0))]
    return []


class _Names:
    """How the people of some entries are called."""

    def __init__(self, turn: Turn, several: Sequence[Noted]) -> None:
        self._turn = turn
        self._people = rows.people(turn.connection, {one.about for one in several if one.about is not None})
        self._actors = {actor: called(turn, actor) for actor in {one.actor for one in several}}
        self._told: dict[str, Text | Words | None] = {}

    @property
    def people(self) -> frozenset[int]:
        """Which of the people are still there."""
        return frozenset(self._people.values())

    def actor(self, one: Noted) -> Text:
        """Who did it."""
        return self._actors[one.actor]

    def deed(self, one: Noted) -> Text:
        """What was done."""
        return staff_text(f"deed.{one.deed}")

    def about(self, one: Noted) -> Text | None:
        """Whom it is about: a number, as long as they are there."""
        if one.about is None:
            return None
        person = self._people.get(one.about)
        return staff_text("audit.gone") if person is None else staff_text("person.number", number=person)

    def what(self, one: Noted) -> Text | Words | None:
        """What it is about, beside the person."""
        if one.what not in self._told:
            self._told[one.what] = told(self._turn, one)
        return self._told[one.what]

    def line(self, one: Noted) -> tuple[Text, ...]:
        """An entry as it stands on a page."""
        clock = self._turn.content.town.clock
        when, actor, deed, who = local_time(one.at, clock), self.actor(one), self.deed(one), self.about(one)
        if who is None:
            head = staff_text("audit.line", when=when, actor=actor, deed=deed)
        else:
            head = staff_text("audit.line_about", when=when, actor=actor, deed=deed, who=who)
        more = self.what(one)
        return (head,) if more is None else (head, staff_text("audit.what", what=more))


def _members(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen:
    shown, around = paged(MEMBERS, rows.actors(turn.connection), number(arguments[0]) or 0)
    buttons = [(Button(called(turn, one), go(f"{AUDIT}.{BY}.{one}.0")),) for one in shown]
    return Screen(((staff_text("audit.ask_member"),),), (*buttons, *around, back(ALL)))


def _deeds(_turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen:
    shown, around = paged(DEEDS, list(Deed), number(arguments[0]) or 0)
    buttons = [(Button(staff_text(f"deed.{one}"), go(f"{AUDIT}.{DEED}.{one}.0")),) for one in shown]
    return Screen(((staff_text("audit.ask_deed"),),), (*buttons, *around, back(ALL)))


def _people(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen:
    """People whom recent entries are about and who are still there."""
    lately = rows.entries(turn.connection, Filter(), 0, LATELY)
    known = rows.people(turn.connection, {one.about for one in lately if one.about is not None})
    shown, around = paged(PEOPLE, sorted(known.values()), number(arguments[0]) or 0)
    buttons = [(Button(staff_text("person.number", number=one), go(f"{AUDIT}.{WHO}.{one}.0")),) for one in shown]
    ask: Block = (staff_text("audit.ask_person"),)
    return Screen((ask,), (*buttons, *around, back(ALL)), about=frozenset(shown))


def book_of(turn: Turn, several: Sequence[Noted]) -> Book:
    """Entries as a table with German words."""
    content, names = turn.content, _Names(turn, several)

    def said(text: Text | Words | None) -> str:
        return text.text if isinstance(text, Words) else "" if text is None else spoken(content, text)

    table = tuple(
        (
            one.id,
            f"{local_time(one.at, content.town.clock):%Y-%m-%d %H:%M:%S}",
            said(names.actor(one)),
            said(names.deed(one)),
            said(names.about(one)),
            said(names.what(one)),
        )
        for one in several
    )
    head = tuple(words(content, f"audit.head_{one}") for one in HEAD)
    return Book((Table(words(content, "audit.sheet"), head, table),))


PAGES: dict[str, Page] = {
    AUDIT: Page(Right.SEE_AUDIT, _audit, 3),
    MEMBERS: Page(Right.SEE_AUDIT, _members, 1),
    DEEDS: Page(Right.SEE_AUDIT, _deeds, 1),
    PEOPLE: Page(Right.SEE_AUDIT, _people, 1),
}
