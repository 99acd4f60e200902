"""Under 16: no profile without a member of the team. The phone shows a code, and the member beside it types it.

Until then we hold the chat's number, its language and a hash of the code, for an hour. The yes of a guardian or a
school is the member's word; the person's own yes to storage follows on their phone, as everybody's.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.core.message import Text, Words
from bot.core.timing import local_time
from bot.db import keys
from bot.db.people import accompanying
from bot.db.rights import erasure
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import ui

LASTS = timedelta(hours=1)
DIGITS = 8


def new_code(turn: Turn, chat_id: int) -> Text:
    """A new code for a chat, in words; the former one no longer opens anything."""
    code, until = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", turn.now + LASTS
    accompanying.put(turn.connection, chat_id, _hashed(code), until)
    shown = Words(f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}")
    return ui("young.code", code=shown, until=local_time(until, turn.content.town.clock))


def typed(turn: Turn, member: Member, words: str) -> bool:
    """A member typed a code; whether it is one."""
    code = "".join(one for one in words if not one.isspace())
    fits = len(code) == DIGITS and code.isascii() and code.isdecimal()
    return fits and accompanying.enter(turn.connection, _hashed(code), member.id, turn.now)


def waits(turn: Turn, member: Member) -> bool:
    """Whether the member typed a code and has not opened that chat."""
    return accompanying.entered(turn.connection, member.id, turn.now) is not None


def open_with(turn: Turn, member: Member, screen: str) -> bool:
    """The member says that guardian or school agree: the chat goes on at that screen."""
    chat_id = accompanying.entered(turn.connection, member.id, turn.now)
    if chat_id is None:
        return False
    if not accompanying.open_(turn.connection, chat_id, places.YOUNG, screen, turn.now):
        return False
    audit.note(turn, Deed.ACCOMPANIED, by=member, what="opened")
    return True


def note(turn: Turn, chat_id: int, participant_id: int) -> None:
    """A participant begins: where their chat was opened with somebody, the trail says whose it is."""
    if not accompanying.begins(turn.connection, chat_id, participant_id):
        return
    found = accompanying.of_participant(turn.connection, participant_id)
    member = None if found is None or found[1] is None else staff.by_id(turn.connection, found[1])
    if member is not None:
        audit.note(turn, Deed.ACCOMPANIED, by=member, about=participant_id)


def opened_with(turn: Turn, participant_id: int) -> tuple[Text, ...]:
    """Who opened a profile with the person, for their page."""
    found = accompanying.of_participant(turn.connection, participant_id)
    if found is None:
        return ()
    name = Words(staff.name(turn.connection, found[1]) or "?")
    return (staff_text("profile.accompanied", name=name, at=local_time(found[0], turn.content.town.clock)),)


def forget(turn: Turn) -> int:
    """Erase chats whose code was not used in time; how many."""
    gone = accompanying.run_out(turn.connection, turn.now)
    for chat_id in gone:
        erasure.erase_chat(turn.connection, chat_id)
    return len(gone)


def _hashed(code: str) -> str:
    return keys.hashed(code.encode(), "accompaniment", 16).hex()
