"""The list of participants before a member as a file, for them alone."""

from __future__ import annotations

from bot.core.paper import PeopleList
from bot.core.roles import Right, may
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.profiles import people
from bot.services.reply import Reply
from bot.services.staff.figures import figures
from bot.services.staff.texts import staff_text
from bot.services.view import local_day, ui
from bot.services.visit import Visit

KINDS = {"xlsx": figures.XLSX, "csv": "text/csv"}


def hand_over(visit: Visit, member: Member, arguments: tuple[str, ...], _: int | None) -> Reply:
    """Everybody the member's search finds, with what they may see of them."""
    turn, form = visit.turn, arguments[0]
    if form not in KINDS:
        return visit.only(ui("notice.use_buttons"))
    search = people.kept(turn, member)
    every, _found = people.found(turn, member, search)
    if not every:
        return visit.only(staff_text("people.nobody"))
    audit.note(turn, Deed.EXPORTED, by=member, what=f"people {form} {every}")
    named, sensitive = (may(member.role, one) for one in (Right.SEE_PEOPLE, Right.SEE_SENSITIVE))
    paper = PeopleList(form, search.words, search.chosen, named, sensitive, turn.now)
    name = f"menschen-{local_day(turn.content, turn.now)}.{form}"
    return figures.sent(visit, name, KINDS[form], paper, staff_text("people.caption", every))
