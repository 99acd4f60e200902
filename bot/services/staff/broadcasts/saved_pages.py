"""Audiences with names: the list of them, one with what it says today, and the questions for a name."""

from __future__ import annotations

from bot.content.audience_file import Unread, read_condition
from bot.core.broadcasts import Broadcast
from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.roles import Right
from bot.db.broadcasts import saved_audiences
from bot.db.broadcasts.saved_audiences import Saved
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience
from bot.services.broadcasts.audience import PASTED
from bot.services.staff.broadcasts import conditions
from bot.services.staff.broadcasts.audience_pages import AUDIENCE, draft_named
from bot.services.staff.choosing import chosen
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

GROUPS, GROUP, KEEP, RENAME = "groups", "group", "keep", "rename"


def saved_named(turn: Turn, broadcast: str, word: str) -> tuple[Broadcast, Saved] | None:
    """The draft and the saved audience that a page or a button names; None where one of them is gone."""
    one, key = draft_named(turn, broadcast), number(word)
    saved = None if key is None else saved_audiences.load(turn.connection, key)
    return None if one is None or saved is None else (one, saved)


def _groups(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = draft_named(turn, arguments[0])
    if one is None:
        return None
    every = saved_audiences.listed(turn.connection)
    shown, around = paged(f"{GROUPS}.{one.id}", every, number(arguments[1]) or 0)
    rows: list[Row] = [
        (
            Button(
                staff_text("button.named", name=Words(saved.name)),
                go(f"{GROUP}.{one.id}.{saved.id}"),
                "" if audience.is_whole(turn.content, saved.audience) else "❗",
            ),
        )
        for saved in shown
    ]
    what = staff_text("groups.title" if every else "groups.none")
    return Screen(((what,),), (*rows, *around, back(f"{AUDIENCE}.{one.id}.0")))


def _group(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What it says today. One whose questions or answers are gone says so, and cannot be used."""
    found = saved_named(turn, *arguments)
    if found is None:
        return None
    one, saved = found
    at = f"{one.id}.{saved.id}"
    lines: Block = (staff_text("groups.one", name=Words(saved.name)), *chosen(turn, saved.audience))
    rows: list[Row] = []
    if audience.is_whole(turn.content, saved.audience):
        rows.append((Button(staff_text("button.use_group"), f"use_group.{at}", "✅"),))
    else:
        lines = (*lines, *_faults(turn, saved), staff_text("groups.broken"))
    rows.append((Button(staff_text("button.rename"), go(f"{RENAME}.{at}"), "✏️"),))
    rows.append((Button(staff_text("button.drop_group"), f"drop_group.{at}", "🗑"),))
    return Screen((lines,), (*rows, back(f"{GROUPS}.{one.id}.0")))


def _faults(turn: Turn, saved: Saved) -> tuple[Text, ...]:
    """What is wrong with a pasted condition that can no longer be read."""
    text = saved.audience.get(PASTED)
    read = None if text is None else read_condition(text, turn.content)
    return conditions.fault_texts(read) if isinstance(read, Unread) else ()


def _keep(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Asks for a name, which is typed next."""
    one = draft_named(turn, arguments[0])
    if one is None:
        return None
    lines: Block = (staff_text("audience.title", number=one.id), *chosen(turn, one.audience))
    return Screen((lines, (staff_text("groups.name"),)), (back(f"{AUDIENCE}.{one.id}.0"),))


def _rename(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    found = saved_named(turn, *arguments)
    if found is None:
        return None
    one, saved = found
    lines: Block = (staff_text("groups.one", name=Words(saved.name)), staff_text("groups.name"))
    return Screen((lines,), (back(f"{GROUP}.{one.id}.{saved.id}"),))


PAGES: dict[str, Page] = {
    GROUPS: Page(Right.SEND, _groups, 2),
    GROUP: Page(Right.SEND, _group, 2),
    KEEP: Page(Right.SEND, _keep, 1),
    RENAME: Page(Right.SEND, _rename, 2),
}
