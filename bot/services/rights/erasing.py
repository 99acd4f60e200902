"""The team erases somebody who asked for it by letter or at the desk (Art. 17 GDPR), and they are told."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Screen
from bot.db import chats
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.db.rights import erasure, leaving
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.deliveries import stored_screen
from bot.services.openings import partners
from bot.services.reply import Card
from bot.services.turn import Turn
from bot.services.view import ui


def erase(turn: Turn, person: int, by: Member) -> Card | None:
    """Erase a participant as they could themselves by /forget; a last word for their chat, where they alone had it.

    The others of a phone are told by the outbox that somebody's data went.
    """
    tx = turn.connection
    where = participants.chat_of(tx, person)
    found = None if where is None else chats.with_all(tx, where[0])
    if found is None:
        return None
    chat_id = found[0].id
    card = None
    if len(found[1]) > 1:
        leaving.leave(tx, chat_id, turn.now, None, person)
        erasure.erase_person(tx, chat_id, person)
        key, params = stored_screen.to_row(Screen(((ui("forget.by_team_other"),),)))
        cause = f"erased:{turn.now.timestamp():.6f}"
        deliveries.plan(tx, [(chat_id, Planned(cause, Kind.NOTICE, turn.now, key, params))])
    else:
        leaving.leave(tx, chat_id, turn.now, None)
        partners.leaves(turn, chat_id)
        erasure.erase_chat(tx, chat_id)
        language = found[0].language
        spoken = language if language in turn.content.languages else SOURCE_LANGUAGE
        word = Screen(((ui("forget.by_team"),), (ui("forget.proof"),)))
        card = Card(chat_id, spoken, found[0].card_version + 1, word, kept=False)
    partners.look_around(turn)
    audit.note(turn, Deed.ERASED, by=by)
    return card
