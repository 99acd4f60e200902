"""The pages about the team itself: who belongs to it, one member, inviting."""

from __future__ import annotations

from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.roles import Right, Role, Standing
from bot.db.staff import second_factors, staff
from bot.db.staff.staff import Member
from bot.services.staff.members import leaving
from bot.services.staff.page import HOME, Page, back, go, paged
from bot.services.staff.texts import role_name, staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

TEAM, MEMBER, ROLE, REMOVE, INVITE = "team", "member", "role", "remove", "invite"
MARKS = {Standing.WAITING: "⏳", Standing.DORMANT: "💤"}


def _team(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen:
    """Everybody, those who wait first."""
    standings = {one: one.standing(turn.now) for one in staff.with_waiting(turn.connection)}
    ordered = sorted(standings, key=lambda one: standings[one] is not Standing.WAITING)
    shown, around = paged(TEAM, ordered, number(arguments[0]) or 0)
    rows: list[Row] = [(_button(one, MARKS.get(standings[one], "")),) for one in shown]
    rows += [*around, (Button(staff_text("button.invite"), go(INVITE), "➕"),), back(HOME)]
    return Screen(((staff_text("team.title", len(ordered)),), (staff_text("team.waiting"),)), tuple(rows))


def _button(member: Member, mark: str) -> Button:
    label = staff_text("button.member", name=Words(member.name), role=role_name(member.role))
    return Button(label, go(f"{MEMBER}.{member.id}"), mark)


def member_named(turn: Turn, word: str, *, lock: bool = False) -> Member | None:
    """The member that a page or a button names; None where they are gone. `lock`: they are about to be changed."""
    key = number(word)
    return None if key is None else staff.by_id(turn.connection, key, lock=lock)


def _member(turn: Turn, me: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = member_named(turn, arguments[0])
    if one is None:
        return None
    stands = one.standing(turn.now)
    lines = [*_facts(turn, one, stands), *((staff_text("member.self"),) if one.id == me.id else ())]
    title: Block = (staff_text("member.title", name=Words(one.name)),)
    back_to_team = back(f"{TEAM}.0")
    if stands is Standing.WAITING:
        rows: tuple[Row, ...] = (
            (Button(staff_text("button.confirm"), f"confirm.{one.id}", "✅"),),
            (Button(staff_text("button.refuse"), f"refuse.{one.id}", "🚫"),),
        )
        return Screen((title, tuple(lines), (staff_text("member.check"),)), (*rows, back_to_team))
    wake: tuple[Row, ...] = ()
    if stands is Standing.DORMANT:
        wake = ((Button(staff_text("button.wake"), f"confirm.{one.id}", "✅"),),)
    lost: tuple[Row, ...] = ()
    if one.id != me.id and second_factors.confirmed(turn.connection, one.id) is not None:
        lost = ((Button(staff_text("button.factor_reset"), f"factor_reset.{one.id}", "🔐"),),)
    rows = (
        *wake,
        *lost,
        (Button(staff_text("button.role"), go(f"{ROLE}.{one.id}"), "✏️"),),
        (Button(staff_text("button.remove"), go(f"{REMOVE}.{one.id}"), "🗑"),),
    )
    return Screen((title, tuple(lines)), (*rows, back_to_team))


def _facts(turn: Turn, one: Member, stands: Standing) -> list[Text]:
    """Role, since when, by whom."""
    inviter = staff.name(turn.connection, one.added_by)
    facts = [staff_text("member.role", role=role_name(one.role))]
    if stands is Standing.WAITING:
        facts.append(staff_text("member.waiting", date=local_day(turn.content, one.added_at)))
    else:
        facts.append(staff_text("member.since", date=local_day(turn.content, one.added_at)))
        facts.append(staff_text("member.seen", date=local_day(turn.content, one.seen_at)))
    if inviter is not None:
        facts.append(staff_text("member.invited", name=Words(inviter)))
    factor = second_factors.confirmed(turn.connection, one.id)
    if factor is not None and factor.confirmed_at is not None:
        facts.append(staff_text("member.factor", date=local_day(turn.content, factor.confirmed_at)))
    return [*facts, *((staff_text("member.dormant"),) if stands is Standing.DORMANT else ())]


def _role(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = member_named(turn, arguments[0])
    if one is None:
        return None
    rows = tuple((Button(role_name(role), f"role.{one.id}.{role}"),) for role in Role if role is not one.role)
    ask = staff_text("member.choose_role", name=Words(one.name))
    return Screen(((ask,),), (*rows, back(f"{MEMBER}.{one.id}")))


def _remove(turn: Turn, me: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = member_named(turn, arguments[0])
    if one is None:
        return None
    rows: tuple[Row, ...] = (
        (Button(staff_text("button.remove_no"), go(f"{MEMBER}.{one.id}")),),
        (Button(staff_text("button.remove_yes"), f"remove.{one.id}", "🗑"),),
    )
    ask: Block = (staff_text("member.ask_remove", name=Words(one.name)),)
    passes_on = leaving.told(turn, one, me)
    return Screen((ask, passes_on) if passes_on else (ask,), rows)


def _invite(_turn: Turn, _: Member, _arguments: tuple[str, ...]) -> Screen:
    rows = tuple((Button(role_name(role), f"invite.{role}"),) for role in Role)
    return Screen(((staff_text("invite.ask"),),), (*rows, back(f"{TEAM}.0")))


PAGES: dict[str, Page] = {
    TEAM: Page(Right.INVITE, _team, 1),
    MEMBER: Page(Right.INVITE, _member, 1),
    ROLE: Page(Right.INVITE, _role, 1),
    REMOVE: Page(Right.INVITE, _remove, 1),
    INVITE: Page(Right.INVITE, _invite),
}
