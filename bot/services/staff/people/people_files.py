"""The lists of people before a member, as files for them alone."""

from __future__ import annotations

from bot.core.folding import number
from bot.core.message import Text
from bot.core.paper import InterestList, List, PeopleList, SeatList
from bot.core.roles import Right, may
from bot.db.offers import registrations
from bot.db.openings import interests
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.profiles import people
from bot.services.reply import Reply
from bot.services.staff.figures import figures
from bot.services.staff.openings import leads
from bot.services.staff.texts import staff_text
from bot.services.view import local_day, ui
from bot.services.visit import Visit

KINDS = {"xlsx": figures.XLSX, "csv": "text/csv"}


def hand_over(visit: Visit, member: Member, arguments: tuple[str, ...], _: int | None) -> Reply:
    """Everybody that the member's search finds, with what they may see."""
    turn, form = visit.turn, arguments[0]
    if form not in KINDS:
        return visit.only(ui("notice.use_buttons"))
    search = people.kept(turn, member)
    every, _found = people.found(turn, member, search)
    if not every:
        return visit.only(staff_text("people.nobody"))
    named, sensitive = (may(member.role, one) for one in (Right.SEE_PEOPLE, Right.SEE_SENSITIVE))
    paper = PeopleList(form, search.words, search.chosen, named, sensitive, turn.now)
    audit.note(turn, Deed.EXPORTED, by=member, what=f"people {form} {every}")
    return _sent(visit, "menschen", paper, staff_text("people.caption", every))


def seats(visit: Visit, member: Member, arguments: tuple[str, ...], _: int | None) -> Reply:
    """Who is and was registered for an offer, or for one of its meetings, and who came."""
    turn, (form, offer_id, word) = visit.turn, arguments
    of = number(word)
    if form not in KINDS or of is None or offer_id not in turn.content.offers:
        return visit.only(ui("notice.use_buttons"))
    every = len(registrations.all_of(turn.connection, offer_id, of or None))
    if not every:
        return visit.only(staff_text("seats.none"))
    audit.note(turn, Deed.EXPORTED, by=member, what=f"seats {form} {offer_id} {of}")
    paper = SeatList(form, offer_id, of or None, may(member.role, Right.SEE_PEOPLE), turn.now)
    return _sent(visit, "anmeldungen", paper, staff_text("seats.caption", every))


def interested(visit: Visit, member: Member, arguments: tuple[str, ...], _: int | None) -> Reply:
    """Who is interested in an opening, or in what a message offers, and what became of it."""
    turn, (form, word) = visit.turn, arguments
    about = leads.listed(turn, word)
    if form not in KINDS or about is None:
        return visit.only(ui("notice.use_buttons"))
    subject, _page = about
    every = len(interests.in_subject(turn.connection, subject))
    if not every:
        return visit.only(staff_text("leads.none"))
    audit.note(turn, Deed.EXPORTED, by=member, what=f"leads {form} {subject}")
    paper = InterestList(form, subject, may(member.role, Right.SEE_PEOPLE), turn.now)
    return _sent(visit, "interesse", paper, staff_text("leads.caption", every))


def _sent(visit: Visit, name: str, paper: List, caption: Text) -> Reply:
    day = local_day(visit.turn.content, visit.turn.now)
    return figures.sent(visit, f"{name}-{day}.{paper.form}", KINDS[paper.form], paper, caption)
