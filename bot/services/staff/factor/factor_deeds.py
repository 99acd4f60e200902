"""What the buttons about second factors do. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from bot.db.staff import second_factors
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff import notices
from bot.services.staff.factor import codes
from bot.services.staff.factor.factor_pages import NEW, OWN
from bot.services.staff.members.team_pages import MEMBER, TEAM, member_named
from bot.services.staff.next_page import at_page
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit


def begin(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """A new secret, shown until its first code was typed. A secret that is in use has to be switched off first."""
    tx = visit.turn.connection
    if second_factors.confirmed(tx, member.id, lock=True) is not None:
        return at_page(visit, OWN, tapped)
    second_factors.begin(tx, member.id, codes.new_secret(), visit.turn.now)
    return at_page(visit, NEW, tapped)


def drop(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Switch off the member's own, after a code of it."""
    if second_factors.drop(visit.turn.connection, member.id):
        audit.note(visit.turn, Deed.FACTOR_RESET, by=member, what=f"member {member.id}")
    return at_page(visit, OWN, tapped, staff_text("toast.factor_off"))


def reset(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Switch off another member's, whose phone is lost; they are told."""
    one, turn = member_named(visit.turn, arguments[0]), visit.turn
    if one is None or one.id == me.id:
        return at_page(visit, f"{TEAM}.0", tapped, staff_text("toast.gone"))
    if second_factors.drop(turn.connection, one.id):
        audit.note(turn, Deed.FACTOR_RESET, by=me, what=f"member {one.id}")
        notices.tell(turn, [one], staff_text("notice.factor_reset"))
    return at_page(visit, f"{MEMBER}.{one.id}", tapped, staff_text("toast.factor_off"))
