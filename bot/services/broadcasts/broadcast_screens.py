"""A broadcast as people see it: its text in their language, and the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import OVER, Broadcast, Interest, Stage, Unreleased, of_key, text_key
from bot.core.message import Button, LinkButton, Media, Screen, Text
from bot.core.offers import Kind as OfferKind
from bot.core.offers import Offer
from bot.core.reminders import Topic
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.outbox.deliveries import DELETE, Due, Kind
from bot.db.people import people
from bot.services.broadcasts import audience
from bot.services.deliveries.letter_parts import WHY
from bot.services.openings import interesting
from bot.services.threads.talk_card import TALK_BUTTON
from bot.services.turn import Turn
from bot.services.view import Block, Row, ui

PREVIEW = "preview"
"""In a delivery's parameters: the language in which a member of the staff wants to see it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says about a batch: its broadcasts by number, and who no longer wants to hear of which offer.

    `released` are the languages, by broadcast, in which people get it, `members` who of the batch belongs to the
    audience now.
    """

    broadcasts: Mapping[int, Broadcast]
    released: Mapping[int, frozenset[str]]
    unwanted: frozenset[tuple[int, str]] = frozenset()
    members: Mapping[int, frozenset[int]] = field(default_factory=dict)


def known(turn: Turn, several: Sequence[Due]) -> Known:
    """What has to be known to say these deliveries, whatever they are."""
    numbers = {number for one in several if (number := of_key(one.text_key)) is not None}
    if not numbers:
        return Known({}, {})
    found = broadcasts.several(turn.connection, numbers)
    offers = {one.offer_id for one in found.values() if one.offer_id is not None}
    persons = {one.participant_id for one in several if one.participant_id is not None}
    unwanted = people.unwanted(turn.connection, persons, offers) if offers else frozenset[tuple[int, str]]()
    released = broadcasts.released(turn.connection, numbers)
    return Known(found, released, unwanted, {one.id: _members(turn, one, several) for one in found.values()})


def _members(turn: Turn, one: Broadcast, several: Sequence[Due]) -> frozenset[int]:
    """Those who are told for the first time and belong to the audience: one query for all of them."""
    told = [due for due in several if due.kind is Kind.BROADCAST and of_key(due.text_key) == one.id]
    people = {due.participant_id for due in told if due.participant_id is not None}
    return audience.belong(turn, one, people) if people else frozenset()


def said(turn: Turn, due: Due, about: Known) -> Screen | str:
    """The message as things are now, or why there is none."""
    one = about.broadcasts.get(of_key(due.text_key) or 0)
    if one is None:
        return "text_gone"
    if PREVIEW in (due.params or {}):
        return preview(one, due.text_key)
    if due.edits is not None:
        if one.stage is Stage.RECALLED and DELETE not in (due.params or {}):
            return "overtaken"  # each copy has a deletion of its own, so a late correction has nothing to say
        return again(turn, due) or "text_gone"
    if one.stage in OVER:
        return one.stage.value
    if due.participant_id not in about.members[one.id]:
        return "not_in_audience"
    if one.unreleased is Unreleased.WAIT and spoken(turn, due) not in about.released[one.id]:
        return "language"
    if one.offer_id is not None and (reason := _without_offer(turn, due, one.offer_id, about)):
        return reason
    return copy(one, rows=buttons(one))


def _without_offer(turn: Turn, due: Due, offer_id: str, about: Known) -> str | None:
    """Why the offer of a message is no longer a reason to write, as a code."""
    offer = turn.content.offers.get(offer_id)
    if offer is None or offer.withdrawn:
        return "offer_gone"
    return "not_wanted" if (due.participant_id, offer_id) in about.unwanted else gone(turn, offer)


def copy(one: Broadcast, *below: Text, rows: tuple[Row, ...] = ()) -> Screen:
    """A copy as it stands in a chat, with what stands below its text."""
    blocks: tuple[Block, ...] = tuple((line,) for line in below)
    return Screen(((Text(text_key(one.id)),), *blocks), rows, _media(one))


def alone(one: Broadcast, asked: Text, rows: tuple[Row, ...]) -> Screen:
    """A question that replaces a copy's text."""
    return Screen(((asked,),), rows, _media(one))


def _media(one: Broadcast) -> Media | None:
    return None if one.media is None else one.media.media


def gone(turn: Turn, offer: Offer) -> str | None:
    """Why the opening of a message is no longer available, as a code."""
    if offer.kind is not OfferKind.OPENING or interesting.to_be_had(turn, offer):
        return None
    return Stage.FILLED.value if offer.filled else "too_late"


def again(turn: Turn, due: Due) -> Screen | None:
    """The message that stands in a chat, as it is now: with what the person said to it, and what became of it.

    None where it can only stay as it is: nothing is released that this chat could read.
    """
    number = of_key(due.text_key)
    one = None if number is None else broadcasts.load(turn.connection, number)
    if one is None:
        return None
    if one.stage is Stage.RECALLED:
        return Screen(((ui("interest.recalled"),),), media=_media(one))
    if not broadcasts.released(turn.connection, [one.id])[one.id] & {spoken(turn, due), SOURCE_LANGUAGE}:
        return None
    offer = interesting.opening(turn.content, one.offer_id)
    end = None if offer is None else gone(turn, offer)
    filled = Stage.FILLED in {one.stage, end}
    subject, person = interesting.subject_of(turn.content, one), due.participant_id
    own = None if person is None else interests.of_person(turn.connection, person, subject)
    if own is not None and own.state is not Interest.WITHDRAWN:
        rows = () if filled or end is not None else (_TAKE_BACK, *_LAST)
        over = None if offer is None else interesting.end_of(offer)
        said = ui("interest.filled") if filled else over
        return copy(one, interesting.standing(own.state, own.partner, end=said), rows=rows)
    if filled or end is not None:
        return copy(one, ui("interest.filled") if filled else ui("openings.over"))
    if _is_refused(turn, due, one):
        return copy(one, ui("interest.not_me"))
    return copy(one, rows=buttons(one))


def _is_refused(turn: Turn, due: Due, one: Broadcast) -> bool:
    """Whether the person said "not for me": to the offer it is about, else to this copy."""
    if not one.answering.interest or due.participant_id is None:
        return False
    if one.offer_id is None:
        return broadcasts.is_refused(turn.connection, one.id, due.chat_id)
    return bool(people.unwanted(turn.connection, [due.participant_id], [one.offer_id]))


def preview(one: Broadcast, key: str) -> Screen:
    """One of its texts as people will see it, with buttons that only say that this is a preview."""
    return Screen(((Text(key),),), buttons(one), _media(one))


def spoken(turn: Turn, due: Due) -> str:
    """The language of the chat a delivery goes to."""
    known = turn.content.languages
    return due.language if due.language in known else known[0]


def buttons(one: Broadcast) -> tuple[Row, ...]:
    """What people can do about it. The way out of all such messages is always there."""
    rows: list[Row] = []
    if one.answering.interest:
        rows += [(Button(ui("button.interest"), "interest", "✋"),), (Button(ui("button.unwanted"), "not_me", "🚫"),)]
    if one.answering.offer and one.offer_id is not None:
        rows.append((Button(ui("button.details"), "details", "🗂"),))
    if one.link is not None:
        rows.append((LinkButton(ui("button.link"), one.link),))
    return (*rows, *_LAST)


_LAST: tuple[Row, ...] = (
    TALK_BUTTON,
    WHY,
    (Button(ui("button.mute"), f"mute.{Topic.OFFERS}", "🔕"),),
)
"""What can be done about every such message."""
_TAKE_BACK: Row = (Button(ui("button.interest_back"), "interest_back", "↩️"),)
