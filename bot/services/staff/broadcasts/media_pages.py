"""The page about the picture or file of a broadcast: what there is, whether the texts have room below it."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.broadcasts import STANDING, Broadcast, Stage
from bot.core.folding import number
from bot.core.message import Button, Medium, Screen, Text, Words
from bot.core.roles import Right
from bot.db.broadcasts import broadcasts
from bot.db.staff.staff import Member
from bot.services.broadcasts import captions
from bot.services.staff.page import Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

MEDIA = "media"
MARKS = {Medium.PHOTO: "🖼", Medium.DOCUMENT: "📎"}


def described(turn: Turn, one: Broadcast) -> Block:
    """What goes with it, and in which languages the text is too long for that."""
    if one.media is None:
        return ()
    what = (
        staff_text("media.photo")
        if one.media.medium is Medium.PHOTO
        else staff_text("media.document", name=Words(one.media.name))
    )
    return (what, *too_long(turn, one)) if one.stage is Stage.DRAFT else (what,)


def too_long(turn: Turn, one: Broadcast) -> tuple[Text, ...]:
    """By how many characters a text is too long, a line for each language."""
    found = captions.excess(turn, one, broadcasts.versions(turn.connection, one.id))
    return tuple(
        staff_text("media.too_long", number, language=Words(german_name(language)))
        for language, number in found.items()
    )


def changeable(turn: Turn, word: str) -> Broadcast | None:
    """The broadcast that a file sent now belongs to: a draft, or one whose copies get it in exchange for another."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    if one is None or (one.stage is not Stage.DRAFT and (one.stage not in STANDING or one.media is None)):
        return None
    return one


def _media(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = changeable(turn, arguments[0])
    if one is None:
        return None
    rows: list[Row] = []
    blocks: list[Block] = [(staff_text("broadcast.title", number=one.id),), described(turn, one)]
    if one.media is not None:
        if one.stage is Stage.DRAFT:
            rows.append((Button(staff_text("button.detach"), f"detach.{one.id}", "✖️"),))
        if SOURCE_LANGUAGE in broadcasts.versions(turn.connection, one.id):
            rows.insert(0, (Button(staff_text("button.to_me"), f"to_me.{one.id}.{SOURCE_LANGUAGE}", "👁"),))
    if one.stage is Stage.DRAFT:
        blocks.append((staff_text("media.how" if one.media is None else "media.another"),))
    else:
        blocks.append((staff_text("media.exchange"),))
    return Screen(tuple(block for block in blocks if block), (*rows, back(f"broadcast.{one.id}")))


PAGES: dict[str, Page] = {MEDIA: Page(Right.SEND, _media, 1)}
