"""Which member looked at whom is written down, once for each look."""

from __future__ import annotations

from bot.core.folding import number
from bot.core.message import Text, Words
from bot.core.roles import Right, may
from bot.db.audience import finding
from bot.db.audience.finding import Person
from bot.db.people import contacts
from bot.db.people.contacts import Standing
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.texts import person_name, staff_text
from bot.services.turn import Turn

_LAST = "lotse.looked"


def looked(turn: Turn, member: Member, deed: Deed, about: int | None, what: str = "") -> None:
    """Write down a look; a page that is built twice in one turn counts once."""
    look = (turn.now, member.id, deed, about, what)
    if turn.connection.info.get(_LAST) != look:
        turn.connection.info[_LAST] = look
        audit.note(turn, deed, by=member, about=about, what=what)


def called(member: Member, one: Person) -> Text:
    """A participant's name, or their number where they gave none or the member may see none."""
    return person_name(one.name if may(member.role, Right.SEE_PEOPLE) else None, one.id)


def told_apart(member: Member, one: Person) -> Text:
    """The same with the number behind the name, since others may have the same."""
    if one.name is None or not may(member.role, Right.SEE_PEOPLE):
        return called(member, one)
    return staff_text("person.named_number", name=Words(one.name), number=one.id)


def participant_named(turn: Turn, word: str) -> tuple[Person, Standing] | None:
    """The participant that a page or a button is about; None where they are gone."""
    key = number(word)
    one = None if key is None else finding.some(turn.connection, [key]).get(key)
    standing = None if key is None else contacts.standing(turn.connection, key)
    return None if one is None or standing is None else (one, standing)


def unrestricted(turn: Turn, word: str) -> tuple[Person, Standing] | None:
    """The same, if the team may be shown anything about them: None also where their data is only kept."""
    found = participant_named(turn, word)
    return None if found is None or found[1].restricted_at is not None else found
