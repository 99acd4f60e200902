"""What the team notes about somebody's interest: that there is one, and what became of it.

Whether the member may was checked by `verbs`.
"""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import OUTCOMES, Interest, Subject
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Planned
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.openings import opening_notices, partners
from bot.services.reply import Reply
from bot.services.staff.looking import unrestricted
from bot.services.staff.next_page import at_page
from bot.services.staff.openings import leads
from bot.services.staff.openings.noting_pages import PHONE, TEAM, opening_to_note
from bot.services.staff.people.people_pages import PEOPLE, PERSON
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.visit import Visit


def note(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Note that somebody is interested; they hear that it was noted, and can take it back.

    Where they agreed on the phone, the partner is told, as if they had tapped yes. Else the message asks them.
    """
    turn, (word, offer_id, how) = visit.turn, arguments
    somebody = unrestricted(turn, word)
    if somebody is None:
        return at_page(visit, f"{PEOPLE}.0", tapped, staff_text("toast.vanished"))
    person, standing = somebody
    one = opening_to_note(turn, person.id, offer_id)
    if one is None or how not in {PHONE, TEAM}:
        return at_page(visit, f"{PERSON}.{person.id}", tapped, staff_text("toast.vanished"))
    subject, partner = Subject(opening=one.id), one.partner or None if how == PHONE else None
    given = Interested(0, person.id, subject, partner, Interest.OPEN, turn.now)
    interests.give(turn.connection, given, standing.language or SOURCE_LANGUAGE, f"{how} {member.id}")
    audit.note(turn, Deed.INTEREST_NOTED, by=member, about=person.id, what=f"lead {subject}")
    own = interests.of_person(turn.connection, person.id, subject)
    if own is not None:
        partners.tell(turn, own)
    _tell(turn, person.id, standing.chat_id, subject)
    return at_page(visit, f"{PERSON}.{person.id}", tapped, staff_text("toast.noted"))


def became(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Note what became of somebody's interest; the person sees it in their own list."""
    one, turn = leads.interest_named(visit.turn, arguments[0]), visit.turn
    if one is None or arguments[1] not in OUTCOMES:
        return visit.reply(toast=staff_text("toast.vanished"), tapped=tapped)
    interests.change(turn.connection, one.id, Interest(arguments[1]), member.id, turn.now)
    return at_page(visit, f"{leads.LEADS}.{one.subject}.0", tapped, staff_text("toast.saved"))


def _tell(turn: Turn, person: int, chat_id: int, subject: Subject) -> None:
    """A word to the person, in their chat."""
    key = f"interest:{subject}:noted:{turn.now.timestamp():.0f}"
    notice = Planned(
        key,
        deliveries.Kind.NOTICE,
        turn.now,
        opening_notices.NOTED,
        params={"offer": subject.opening},
        participant_id=person,
    )
    deliveries.plan(turn.connection, [(chat_id, notice)])
