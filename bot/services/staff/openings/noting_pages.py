"""The pages on which the team notes that somebody said, on the phone or in the office, that they are interested."""

from __future__ import annotations

from bot.core.broadcasts import Interest
from bot.core.folding import number
from bot.core.message import Button, Screen
from bot.core.offers import Offer
from bot.core.roles import Right
from bot.db.openings import interests
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.openings import interesting
from bot.services.staff.looking import called, looked, unrestricted
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.people.people_pages import PERSON
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

CHOOSING, ASKING, VERB = "note_for", "note_ask", "note_interest"
PHONE, TEAM = "phone", "team"
"""The person said yes to what was read to them; or nobody but the team hears of it until they agree in the chat."""


def to_note(turn: Turn, person: int) -> list[Offer]:
    """The openings still available that somebody is not interested in yet."""
    said = interests.all_of_person(turn.connection, person)
    mine = {one.subject.opening for one in said if one.state is not Interest.WITHDRAWN}
    every = turn.content.offers.values()
    return [one for one in every if one.takes_interest and one.id not in mine and interesting.to_be_had(turn, one)]


def opening_to_note(turn: Turn, person: int, offer_id: str) -> Offer | None:
    """The opening to be noted; None where there is nothing left to note."""
    return next((one for one in to_note(turn, person) if one.id == offer_id), None)


def _choosing(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What somebody may be interested in."""
    somebody = unrestricted(turn, arguments[0])
    if somebody is None:
        return None
    person = somebody[0]
    looked(turn, member, Deed.PROFILE_SEEN, person.id)
    every = to_note(turn, person.id)
    shown, around = paged(f"{CHOOSING}.{person.id}", every, number(arguments[1]) or 0)
    rows: list[Row] = [
        (Button(staff_text("noting.offer", title=title(one)), go(f"{ASKING}.{person.id}.{one.id}")),) for one in shown
    ]
    head: Block = (staff_text("noting.title", who=called(member, person)),)
    what = staff_text("noting.choose" if every else "noting.none")
    return Screen((head, (what,)), (*rows, *around, back(f"{PERSON}.{person.id}")), about=frozenset({person.id}))


def _asking(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What is read to the person where a partner would be told, and what they said to it."""
    somebody = unrestricted(turn, arguments[0])
    one = None if somebody is None else opening_to_note(turn, somebody[0].id, arguments[1])
    if somebody is None or one is None:
        return None
    person = somebody[0]
    looked(turn, member, Deed.PROFILE_SEEN, person.id)
    head: Block = (
        staff_text("noting.title", who=called(member, person)),
        staff_text("offers.name", title=title(one)),
    )
    blocks: list[Block] = [head]
    rows: list[Row] = [(Button(staff_text("noting.team"), f"{VERB}.{person.id}.{one.id}.{TEAM}", "✋"),)]
    if one.partner:
        blocks += [(staff_text("noting.read"),), (interesting.ask(turn.content, one.partner),)]
        rows.insert(0, (Button(staff_text("noting.phone"), f"{VERB}.{person.id}.{one.id}.{PHONE}", "📞"),))
    blocks.append((staff_text("noting.told"),))
    up = back(f"{CHOOSING}.{person.id}.0")
    return Screen(tuple(blocks), (*rows, up), about=frozenset({person.id}))


PAGES: dict[str, Page] = {CHOOSING: Page(Right.SEND, _choosing, 2), ASKING: Page(Right.SEND, _asking, 2)}
