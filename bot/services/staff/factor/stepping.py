"""Before something dangerous: a code from the member's app, if they have one or the town wants it.

What was asked for waits in their row, and is done once the code is right, by way of the button's own press: rights
are looked up then, not when the code was asked for. Codes and secrets leave the chat as soon as they were read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core import paper_code
from bot.core.dangers import Danger
from bot.core.folding import number
from bot.db.broadcasts import broadcasts
from bot.db.rights import leaving
from bot.db.staff import second_factors
from bot.db.staff.second_factors import Factor
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff import notices
from bot.services.staff.broadcasts import releasing
from bot.services.staff.factor import codes, factor_deeds
from bot.services.staff.factor.factor_pages import ASK, NEW, OWN, TIME_TO_SET_UP
from bot.services.staff.next_page import at_page
from bot.services.staff.page import HOME
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import ui
from bot.services.visit import Visit

LASTS = timedelta(minutes=10)
"""How long no other code is asked for after one."""
TRIES = 5
LOCKED = timedelta(minutes=15)
LONGEST_WISH = 64
Press = Callable[[Visit, str, tuple[str, ...], int | None], Reply]


def in_the_way(
    visit: Visit, member: Member, danger: Danger | None, action: tuple[str, ...], tapped: int | None
) -> Reply | None:
    """The page that asks for a code, or to set one up; None where nothing is in the member's way."""
    if danger is None:
        return None
    turn, mine = visit.turn, second_factors.confirmed(visit.turn.connection, member.id, lock=True)
    if not concerns(turn, danger, action, mine) or (mine and mine.is_verified(turn.now)):
        return None
    if mine is None:
        return at_page(visit, OWN, tapped, staff_text("toast.factor_needed"))
    wish = ".".join(action)
    came_from = None if visit.chat.focus == ASK else visit.chat.focus
    if len(wish) > LONGEST_WISH:
        return visit.only(ui("notice.use_buttons"))
    second_factors.change(turn.connection, member.id, wish=wish, came_from=came_from)
    return at_page(visit, ASK, tapped)


def concerns(turn: Turn, danger: Danger, action: tuple[str, ...], mine: Factor | None) -> bool:
    """Whether a code is asked for: always from members with a second factor, from others where the town wants it."""
    rule = turn.content.town.second_factor
    if mine is None and danger not in rule.required_for:
        return False
    return danger is not Danger.BROADCAST or size_of(turn, action[1]) > rule.broadcast_over


def size_of(turn: Turn, word: str) -> int:
    """How many people get the broadcast that a button names; 0 where there is none."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return 0 if one is None else releasing.size(turn, one)


def write(visit: Visit, member: Member, text: str, press: Press) -> Reply | None:
    """Words on a page that asks for a code. None on any other page."""
    page = visit.chat.focus
    if visit.place != places.STAFF or page not in {NEW, ASK}:
        return None
    mine, turn = second_factors.load(visit.turn.connection, member.id, lock=True), visit.turn
    if mine is None or (mine.confirmed_at is None) is (page == ASK):
        return at_page(visit, OWN, None)
    if page == NEW:
        _hide_secret(visit, mine)
    if visit.heard is not None:  # a code, or what was to be one
        leaving.go(turn.connection, visit.chat.id, {visit.heard: turn.now})
    code, on_paper = codes.read(text), paper_code.read(text) if page == ASK else None
    if code is None and on_paper is None:
        return visit.reply(staff_text("factor.six" if page == NEW else "factor.neither"))
    if mine.is_locked(turn.now):
        return visit.reply()
    of_app = code is not None and _is_of_app(visit, mine, code)
    if not of_app and (on_paper is None or not _is_on_paper(visit, member, mine, on_paper)):
        return _wrong(visit, member, mine)
    verified = turn.now + LASTS
    second_factors.change(turn.connection, member.id, wrong=0, locked_until=None, verified_until=verified)
    if page == NEW:
        return _set_up(visit, member, mine)
    second_factors.change(turn.connection, member.id, wish=None, came_from=None)
    return _go_on(visit, mine, press)


def _is_of_app(visit: Visit, mine: Factor, code: str) -> bool:
    """Whether the member's app shows that code now, and it was not used yet; from now on it was."""
    step = codes.step_of(mine.secret, code, visit.turn.now)
    if step is None or (mine.last_step is not None and step <= mine.last_step):
        return False
    second_factors.change(visit.turn.connection, mine.staff_id, last_step=step)
    return True


def _is_on_paper(visit: Visit, member: Member, mine: Factor, code: str) -> bool:
    """Whether it is one of the codes on the member's paper; from now on it is none, and they are told."""
    left = second_factors.use(visit.turn.connection, mine, code)
    if left is None:
        return False
    audit.note(visit.turn, Deed.FACTOR_CODE_USED, by=member, what=f"member {member.id}")
    notices.tell(visit.turn, [member], staff_text("notice.factor_code_used", left))
    return True


def _hide_secret(visit: Visit, mine: Factor) -> None:
    """Have every message of ours deleted that may hold the secret; of the newest one `showing` sees to it."""
    tx, chat = visit.turn.connection, visit.chat
    shown = second_factors.shown_since(tx, chat.id, mine.made_at.replace(microsecond=0))
    leaving.go(tx, chat.id, dict.fromkeys(shown, visit.turn.now))


def _wrong(visit: Visit, member: Member, mine: Factor) -> Reply:
    """Answer a wrong code, or one that was used already."""
    wrong, turn = mine.wrong + 1, visit.turn
    if wrong < TRIES:
        second_factors.change(turn.connection, member.id, wrong=wrong)
        return visit.reply(staff_text("factor.wrong", TRIES - wrong))
    second_factors.change(turn.connection, member.id, wrong=0, locked_until=turn.now + LOCKED)
    audit.note(turn, Deed.FACTOR_LOCKED, by=member, what=f"member {member.id}")
    return visit.reply(staff_text("factor.too_many"))


def _set_up(visit: Visit, member: Member, mine: Factor) -> Reply:
    """Take the first code of a new secret: from now on it is in use, and codes on paper come with it."""
    turn = visit.turn
    if turn.now - mine.made_at > TIME_TO_SET_UP:
        return at_page(visit, OWN, None)
    second_factors.confirm(turn.connection, member.id, turn.now)
    audit.note(turn, Deed.FACTOR_SET, by=member, what=f"member {member.id}")
    return factor_deeds.with_codes(visit, member, None, staff_text("factor.done"))


def _go_on(visit: Visit, mine: Factor, press: Press) -> Reply:
    """Do what the member wanted when the code was asked for, on the page where they were."""
    visit.look_at(places.STAFF, mine.came_from or HOME)
    verb, *arguments = (mine.wish or "").split(".")
    if not verb:
        return visit.reply()
    reply = press(visit, verb, tuple(arguments), None)
    if reply.card is not None:
        return reply
    card = visit.reply()  # a file comes; the page they were on stands below the one that asked
    return replace(reply, card=card.card)
