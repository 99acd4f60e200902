"""What buttons do with a partner's chat. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from bot.core.message import Screen, Words
from bot.db.openings import partners as rows
from bot.db.openings.partners import Partner, Standing
from bot.db.outbox.deliveries import Kind
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.deliveries import sending
from bot.services.openings import partners
from bot.services.reply import Reply
from bot.services.staff.next_page import at_page
from bot.services.staff.openings import partner_inviting
from bot.services.staff.openings.partner_pages import PARTNER, PARTNERS, key, partner_named, partners_by_key
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.visit import Visit


def invite(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A new invitation; its link stands on this one card and nowhere else."""
    turn, name = visit.turn, partners_by_key(visit.turn).get(arguments[0])
    if name is None:
        return at_page(visit, f"{PARTNERS}.0", tapped, staff_text("toast.vanished"))
    if rows.living(turn.connection, name) is not None:
        return at_page(visit, f"{PARTNER}.{arguments[0]}", tapped, staff_text("partner.there_is_one"))
    made, payload = partner_inviting.create(turn.connection, name, turn.now, me.id)
    audit.note(turn, Deed.INVITED, by=me, what=f"partner {made}")
    link = Words(turn.address + payload if turn.address else f"/start {payload}")
    visit.look_at(places.STAFF, f"{PARTNER}.{arguments[0]}")
    text = "partner.link" if turn.address else "partner.typed"
    return visit.reply(staff_text(text, name=Words(name), link=link), tapped=tapped)


def confirm(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Confirm whoever opened the link as the partner's voice."""
    turn, one = visit.turn, partner_named(visit.turn, arguments[0])
    if one is None or one.opened_at is None:
        return at_page(visit, f"{PARTNERS}.0", tapped, staff_text("toast.vanished"))
    page = f"{PARTNER}.{key(one.name)}"
    if one.confirmed_at is None and rows.living(turn.connection, one.name) is not None:
        return at_page(visit, page, tapped, staff_text("partner.there_is_one"))
    if one.confirmed_at is None:
        rows.change(turn.connection, one.id, confirmed_at=turn.now)
        audit.note(turn, Deed.PARTNER_CONFIRMED, by=me, what=f"partner {one.id}")
        _say(turn, one, "confirmed")
    return at_page(visit, page, tapped, staff_text("toast.partner_confirmed"))


def end(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """End the partner's access: it hears of nobody any more, and what it was told is taken back. Or turn it away."""
    turn, one = visit.turn, partner_named(visit.turn, arguments[0])
    if one is None:
        return at_page(visit, f"{PARTNERS}.0", tapped, staff_text("toast.vanished"))
    rows.change(turn.connection, one.id, ended_at=turn.now)
    audit.note(turn, Deed.PARTNER_ENDED, by=me, what=f"partner {one.id}")
    if one.standing(turn.now) is not Standing.INVITED:
        _say(turn, one, "ended")
    partners.look_around(turn)
    return at_page(visit, f"{PARTNERS}.0", tapped, staff_text("toast.partner_ended"))


def _say(turn: Turn, one: Partner, what: str) -> None:
    """A word to whoever speaks for the partner, if there is a chat."""
    if one.person_id is not None and rows.has_chat(turn.connection, one.person_id):
        text = staff_text(f"partner.{what}")
        message = sending.Message(f"{partners.PREFIX}{what}.{one.id}", Kind.NOTICE, turn.now, Screen(((text,),)))
        sending.plan(turn, message, [one.person_id])
