"""Changes of the team made by a button. Whether the member may make them was checked by `verbs`."""

from __future__ import annotations

from dataclasses import replace

from bot.core.message import Text, Words
from bot.core.roles import Role, Standing
from bot.db.rights import desk_pages
from bot.db.staff import second_factors, staff
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff import notices
from bot.services.staff.members import inviting, leaving, team
from bot.services.staff.members.team_pages import INVITE, MEMBER, TEAM, member_named
from bot.services.staff.next_page import at_page
from bot.services.staff.texts import role_name, staff_text
from bot.services.threads import leavers
from bot.services.view import ui
from bot.services.visit import Visit

EVERYBODY = f"{TEAM}.0"


def invite(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A new invitation; its link is shown on this card and nowhere else."""
    role = _role(arguments[0])
    if role is None:
        return visit.only(ui("notice.use_buttons"))
    turn = visit.turn
    payload = inviting.create(turn.connection, role, turn.now, me.id)
    audit.note(turn, Deed.INVITED, by=me, what=f"role {role}")
    link = Words(turn.address + payload if turn.address else f"/start {payload}")
    visit.look_at(places.STAFF, INVITE)
    key = "invite.link" if turn.address else "invite.typed"
    return visit.reply(staff_text(key, role=role_name(role), link=link), tapped=tapped)


def confirm(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Let in somebody who waits, or who was away for long."""
    one, turn = member_named(visit.turn, arguments[0], lock=True), visit.turn
    if one is None:
        return _gone(visit, tapped)
    if not one.is_active(turn.now):
        staff.change(turn.connection, one.id, confirmed_at=turn.now, confirmed_by=me.id, seen_at=turn.now)
        audit.note(turn, Deed.CONFIRMED, by=me, what=f"member {one.id}")
        notices.tell(turn, [one], staff_text("notice.confirmed"))
    return _done(visit, one, one.role, "confirmed", f"{MEMBER}.{one.id}", tapped)


def refuse(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Turn away somebody who waits."""
    one = member_named(visit.turn, arguments[0], lock=True)
    if one is None or one.standing(visit.turn.now) is not Standing.WAITING:
        return _gone(visit, tapped)
    return _out(visit, me, one, staff_text("notice.refused"), tapped)


def change_role(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Another role, for anybody but the last admin."""
    one, role, turn = member_named(visit.turn, arguments[0], lock=True), _role(arguments[1]), visit.turn
    if one is None:
        return _gone(visit, tapped)
    if role is None:
        return visit.only(ui("notice.use_buttons"))
    if role is not one.role:
        if team.is_last_admin(turn, one):
            return _last_admin(visit, one, tapped)
        staff.change(turn.connection, one.id, role=role.value)
        audit.note(turn, Deed.ROLE_CHANGED, by=me, what=f"member {one.id} {one.role} {role}")
        if one.id != me.id:
            notices.tell(turn, [one], staff_text("notice.role"))
    return _done(visit, one, role, "role_changed", f"{MEMBER}.{one.id}", tapped)


def remove(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Remove somebody from the team: from this commit on the desk is closed to them."""
    one = member_named(visit.turn, arguments[0], lock=True)
    if one is None:
        return _gone(visit, tapped)
    if team.is_last_admin(visit.turn, one):
        return _last_admin(visit, one, tapped)
    return _out(visit, me, one, staff_text("notice.removed"), tapped)


def _out(visit: Visit, me: Member, one: Member, notice: Text, tapped: int | None) -> Reply:
    turn = visit.turn
    leaving.pass_on(turn, one, me)
    second_factors.drop(turn.connection, one.id)
    staff.change(turn.connection, one.id, removed_at=turn.now, removed_by=me.id)
    audit.note(turn, Deed.REMOVED, by=me, what=f"member {one.id}")
    desk_pages.leave(turn.connection, one.person_id)
    leavers.put_out(turn, one)
    if one.id == me.id:
        visit.dismiss()
    else:
        notices.tell(turn, [one], notice)
    return _done(visit, one, None, "removed", EVERYBODY, tapped)


def _done(visit: Visit, one: Member, role: Role | None, said: str, page: str, tapped: int | None) -> Reply:
    """The page that follows, and the commands that the other member's chat is offered now."""
    if not visit.dismissed:
        visit.look_at(places.STAFF, page)
        visit.read_member()
    reply = visit.reply(toast=staff_text(f"toast.{said}"), tapped=tapped)
    waits = role is not None and one.standing(visit.turn.now) is Standing.WAITING and said != "confirmed"
    return replace(reply, menus=(team.menu_of(visit.turn, one, None if waits else role),))


def _last_admin(visit: Visit, one: Member, tapped: int | None) -> Reply:
    return at_page(visit, f"{MEMBER}.{one.id}", tapped, staff_text("toast.last_admin"))


def _gone(visit: Visit, tapped: int | None) -> Reply:
    return at_page(visit, EVERYBODY, tapped, staff_text("toast.gone"))


def _role(word: str) -> Role | None:
    return Role(word) if word in list(Role) else None
