"""A partner with a chat of its own is told once of each person who agreed to it, and not after they took it back.

Each row of `partner_lead` is one person's consent that one partner was told of. A message about it is a delivery like
others; what it says is looked up when it is sent. What has become untrue is taken back, by the clock at the latest.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import Rich
from bot.core.message import Screen
from bot.core.roles import Right
from bot.core.timing import fit
from bot.db.apart import apart
from bot.db.openings import partners as rows
from bot.db.openings.interests import Interested
from bot.db.openings.partners import CAUSE, Lead, Partner
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned, State
from bot.db.people import persons
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.deliveries.acts import Away, Say
from bot.services.openings import partner_screens
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn

PREFIX = "partner."
LEAD, AWAY = deliveries.ONCE, f"{PREFIX}away"
ABOUT = "lead"
"""In a delivery's parameters: the number of the lead."""


def tell(turn: Turn, one: Interested) -> None:
    """The partner that a person agreed to hears of them, where it has a chat; the team has the lead all the same."""
    to = None if one.partner is None else rows.living(turn.connection, one.partner)
    if to is None or to.person_id is None or not rows.has_chat(turn.connection, to.person_id):
        return
    number = rows.tell(turn.connection, to, one)
    planned = Planned(f"{CAUSE}{number}", Kind.NOTICE, turn.now, LEAD, {ABOUT: number})
    deliveries.plan(turn.connection, [(to.person_id, planned)])
    audit.note_person(turn, Deed.PARTNER_TOLD, one.participant_id, f"partner {to.id}")


def said(turn: Turn, due: Due) -> Say | Away | datetime | str:
    """What a message to a partner does now; or why it does nothing, or when it will, while the town sleeps."""
    if due.text_key == AWAY:
        return Away(_rich(turn, partner_screens.taken_back()))
    one = rows.lead(turn.connection, number_of(due))
    about = None if one is None else agreed(turn, one)
    if one is None or about is None or persons.only_kept(turn.connection, [about.participant_id]):
        return "withdrawn"
    town = turn.content.town
    at = fit(turn.now, town.quiet, town.clock, town.free, earliest=turn.now)
    return at if at is not None and at > turn.now else Say(_rich(turn, partner_screens.lead(turn, one, about)))


def number_of(due: Due) -> int:
    """The lead a message is about."""
    return int((due.params or {}).get(ABOUT, 0))


def agreed(turn: Turn, one: Lead) -> Interested | None:
    """Whom the partner may know of by this lead, as things are now; None where that is over."""
    to = rows.load(turn.connection, one.partner_id)
    if one.ended_at is not None or to is None or to.standing(turn.now) is not rows.Standing.LIVING:
        return None
    return None if one.since < _oldest(turn) else rows.about(turn.connection, one)


def look_around(turn: Turn) -> None:
    """Take back what has become untrue, and see what became of messages."""
    for one in rows.untrue(turn.connection, _oldest(turn)):
        rows.change_lead(turn.connection, one.id, ended_at=turn.now)
        if one.message_id is not None:
            take_away(turn, one, one.message_id)
    settle(turn)


def take_away(turn: Turn, one: Lead, message: int) -> None:
    """Delete a message in a partner's chat, or have it say that it was taken back."""
    if rows.has_chat(turn.connection, one.chat_id):
        cause = f"{PREFIX}away.{one.id}.{message}"
        planned = Planned(cause, Kind.NOTICE, turn.now, AWAY, {ABOUT: one.id}, edits=message, urgent=True)
        deliveries.plan(turn.connection, [(one.chat_id, planned)])


def settle(turn: Turn) -> None:
    """Write down which messages arrived and where, and tell the team of those that did not."""
    for ended in rows.ended(turn.connection):
        apart(turn.connection, partial(_settled, turn, ended), lead=ended.lead.id)


def _settled(turn: Turn, ended: rows.Ended) -> None:
    one = ended.lead
    rows.change_lead(turn.connection, one.id, settled_at=turn.now, message_id=ended.message_id or one.message_id)
    if ended.message_id is not None and one.ended_at is not None:
        take_away(turn, one, ended.message_id)  # it was on its way when it was taken back
    to = rows.load(turn.connection, one.partner_id)
    if to is None:
        return
    if ended.state is State.SENT:
        rows.change(turn.connection, to.id, lost_at=None)
    elif ended.why != "withdrawn":
        _lost(turn, to)


def blocked(turn: Turn, chat_id: int) -> None:
    """A chat can no longer be reached: where it is a partner's, tell the team."""
    for one in rows.everybody(turn.connection):
        if one.person_id == chat_id and one.confirmed_at is not None:
            _lost(turn, one)


def leaves(turn: Turn, chat_id: int) -> None:
    """Whoever speaks for a partner erases their chat: the partner is told of nobody any more, the team is told."""
    for one in rows.end_of_person(turn.connection, chat_id, turn.now):
        audit.note_partner(turn, Deed.PARTNER_ENDED, one.id, None, f"partner {one.id}")
        _tell(turn, one, "left")


def _lost(turn: Turn, one: Partner) -> None:
    """Tell the team, once until something arrives again."""
    if one.lost_at is None and one.ended_at is None:
        rows.change(turn.connection, one.id, lost_at=turn.now)
        _tell(turn, one, "lost")


def _tell(turn: Turn, one: Partner, what: str) -> None:
    cause = f"{PREFIX}{what}.{one.id}.{turn.now:%Y%m%d%H%M%S}"
    notices.tell(turn, leading(turn), staff_text(f"notice.partner_{what}"), cause)


def leading(turn: Turn) -> list[Member]:
    """The members who look after partners."""
    return staff.who_may(turn.connection, Right.SEND, turn.now)


def note(turn: Turn, one: Lead, about: Interested) -> None:
    """Write down what a partner said became of somebody."""
    audit.note_partner(turn, Deed.PARTNER_SAID, one.partner_id, about.participant_id, f"lead {about.subject}")


def _oldest(turn: Turn) -> datetime:
    """The moment before which a yes has run out: people agree for that long and no longer."""
    return turn.now - turn.content.town.retention.interests


def _rich(turn: Turn, screen: Screen) -> Rich:
    return turn.content.texts.render(SOURCE_LANGUAGE, screen)
