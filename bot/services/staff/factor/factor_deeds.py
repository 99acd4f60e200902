"""What the buttons about second factors do. Whether the member may was checked by `verbs`."""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.core import paper_code
from bot.core.message import Text
from bot.core.paper import Scan
from bot.db.rights import leaving
from bot.db.staff import second_factors
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.reply import File, Reply
from bot.services.staff import notices
from bot.services.staff.factor import codes
from bot.services.staff.factor.factor_pages import NEW, OWN, PAPER, address, begun, shown
from bot.services.staff.figures.figures import PNG
from bot.services.staff.members.team_pages import MEMBER, TEAM, member_named
from bot.services.staff.next_page import at_page
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit

SPARE = 8
"""Codes on paper that a member has at once."""


def begin(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """A new secret, shown until its first code was typed. A secret that is in use has to be switched off first."""
    tx = visit.turn.connection
    if second_factors.confirmed(tx, member.id, lock=True) is not None:
        return at_page(visit, OWN, tapped)
    second_factors.begin(tx, member.id, codes.new_secret(), visit.turn.now)
    return at_page(visit, NEW, tapped)


def picture(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """The secret as a picture to scan: a file, which a phone puts into no gallery by itself."""
    turn, mine = visit.turn, begun(visit.turn, member)
    if mine is None:
        return at_page(visit, OWN, tapped)
    scan, caption = Scan(address(turn, member, mine)), staff_text("factor.scan")
    file = File(visit.chat.id, visit.language, "qr.png", PNG, scan, caption, secret=True)
    return replace(visit.only(staff_text("toast.file_comes")), file=file)


def make_codes(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """New codes on paper, in the place of those of before."""
    if second_factors.confirmed(visit.turn.connection, member.id, lock=True) is None:
        return at_page(visit, OWN, tapped)
    audit.note(visit.turn, Deed.FACTOR_CODES, by=member, what=f"member {member.id}")
    return with_codes(visit, member, tapped)


def with_codes(visit: Visit, member: Member, tapped: int | None, *above: Text) -> Reply:
    """New codes, said on this one card: the database keeps what they are recognised by."""
    new = [paper_code.make(secrets.randbelow) for _ in range(SPARE)]
    second_factors.give(visit.turn.connection, member.id, new)
    visit.look_at(places.STAFF, PAPER)
    return visit.reply(*above, *shown(new), tapped=tapped)


def written_down(visit: Visit, _: Member, __: tuple[str, ...], tapped: int | None) -> Reply:
    """The codes are on paper: the message with them goes."""
    if tapped is not None:
        leaving.go(visit.turn.connection, visit.chat.id, {tapped: visit.turn.now})
    return at_page(visit, OWN, None)


def drop(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Switch off the member's own, after a code of it."""
    if second_factors.drop(visit.turn.connection, member.id):
        audit.note(visit.turn, Deed.FACTOR_RESET, by=member, what=f"member {member.id}")
    return at_page(visit, OWN, tapped, staff_text("toast.factor_off"))


def reset(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Switch off another member's, whose phone is lost; they are told."""
    one, turn = member_named(visit.turn, arguments[0], lock=True), visit.turn
    if one is None or one.id == me.id:
        return at_page(visit, f"{TEAM}.0", tapped, staff_text("toast.gone"))
    if second_factors.drop(turn.connection, one.id):
        audit.note(turn, Deed.FACTOR_RESET, by=me, what=f"member {one.id}")
        notices.tell(turn, [one], staff_text("notice.factor_reset"))
    return at_page(visit, f"{MEMBER}.{one.id}", tapped, staff_text("toast.factor_off"))
