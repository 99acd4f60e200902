"""What staff do with audiences that have a name: keep, use, rename, or throw one away."""

from __future__ import annotations

from bot.core.folding import one_line
from bot.db.broadcasts import saved_audiences
from bot.db.staff.staff import Member
from bot.services import places
from bot.services.broadcasts import audience, broadcasting
from bot.services.reply import Reply
from bot.services.staff.broadcasts.audience_pages import AUDIENCE, draft_named
from bot.services.staff.broadcasts.composing import broadcast_gone
from bot.services.staff.broadcasts.saved_pages import GROUP, GROUPS, KEEP, RENAME, saved_named
from bot.services.staff.next_page import at_page, page_before
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit

LONGEST_NAME = 60


def write(visit: Visit, member: Member, text: str) -> Reply | None:
    """Words on a page that asks for a name; None on any other."""
    name, *arguments = page_before(visit)
    if visit.place != places.STAFF or name not in {KEEP, RENAME} or len(arguments) != 1 + (name == RENAME):
        return None
    wanted = one_line(text)
    if not wanted or len(wanted) > LONGEST_NAME:
        return visit.reply(staff_text("problem.too_long", most=LONGEST_NAME))
    return _keep(visit, member, arguments[0], wanted) if name == KEEP else _rename(visit, arguments, wanted)


def _keep(visit: Visit, member: Member, word: str, name: str) -> Reply:
    turn, one = visit.turn, draft_named(visit.turn, word)
    if one is None:
        return broadcast_gone(visit, None)
    key = saved_audiences.save(turn.connection, name, one.audience, member.id, turn.now)
    return at_page(visit, f"{GROUP}.{one.id}.{key}", None)


def _rename(visit: Visit, arguments: list[str], name: str) -> Reply:
    found = saved_named(visit.turn, *arguments)
    if found is None:
        return broadcast_gone(visit, None)
    one, saved = found
    if not saved_audiences.rename(visit.turn.connection, saved.id, name):
        return visit.reply(staff_text("groups.taken"))
    return at_page(visit, f"{GROUP}.{one.id}.{saved.id}", None)


def use(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """The broadcast is for these people from now on. An audience that would mean other people today is not used."""
    turn, found = visit.turn, saved_named(visit.turn, *arguments)
    if found is None or not audience.is_whole(turn.content, found[1].audience):
        return broadcast_gone(visit, tapped)
    one, saved = found
    broadcasting.choose(turn, one, saved.audience)
    return at_page(visit, f"{AUDIENCE}.{one.id}.0", tapped, staff_text("toast.saved"))


def drop(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Forget it; broadcasts that were made with it keep their people."""
    found = saved_named(visit.turn, *arguments)
    if found is None:
        return broadcast_gone(visit, tapped)
    saved_audiences.remove(visit.turn.connection, found[1].id)
    return at_page(visit, f"{GROUPS}.{found[0].id}.0", tapped, staff_text("toast.discarded"))
