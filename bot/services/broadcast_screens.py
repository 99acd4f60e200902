"""A broadcast as people see it: its text in their language, and the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import OVER, Answering, Broadcast, Interest, Stage, Unreleased, draft_key, of_key, text_key
from bot.core.message import Button, LinkButton, Screen, Text, Words
from bot.core.reminders import Topic
from bot.db import broadcasts, interests, people
from bot.db.deliveries import Due
from bot.db.interests import Interested
from bot.services.shown import Interesting
from bot.services.talk_card import TALK_BUTTON
from bot.services.turn import Turn
from bot.services.view import Block, Row, shortened, ui

PREVIEW = "preview"
"""In a delivery's parameters: the language in which a member of the staff wants to see it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says about a batch: its broadcasts by number, and who wants no more of which offer.

    `released` are the languages, by broadcast, in which people get it.
    """

    broadcasts: Mapping[int, Broadcast]
    released: Mapping[int, frozenset[str]]
    unwanted: frozenset[tuple[int, str]] = frozenset()


def known(turn: Turn, several: Sequence[Due]) -> Known:
    """What has to be known to say these deliveries, whatever they are."""
    numbers = {number for one in several if (number := of_key(one.text_key)) is not None}
    if not numbers:
        return Known({}, {})
    found = broadcasts.several(turn.connection, numbers)
    offers = {one.offer_id for one in found.values() if one.offer_id is not None}
    persons = {one.participant_id for one in several if one.participant_id is not None}
    unwanted = people.unwanted(turn.connection, persons, offers) if offers else frozenset[tuple[int, str]]()
    return Known(found, broadcasts.released(turn.connection, numbers), unwanted)


def said(turn: Turn, due: Due, about: Known) -> Screen | str:
    """The message as things are now, or why it is none."""
    one = about.broadcasts.get(of_key(due.text_key) or 0)
    if one is None:
        return "text_gone"
    if language := (due.params or {}).get(PREVIEW):
        return preview(one, language)
    if due.edits is not None:
        return again(turn, due) or "text_gone"
    if one.stage in OVER:
        return one.stage.value
    if one.unreleased is Unreleased.WAIT and spoken(turn, due) not in about.released[one.id]:
        return "language"
    if one.offer_id is not None:
        offer = turn.content.offers.get(one.offer_id)
        if offer is None or offer.withdrawn:
            return "offer_gone"
        if (due.participant_id, one.offer_id) in about.unwanted:
            return "not_wanted"
    return Screen(((Text(text_key(one.id)),),), buttons(one))


def again(turn: Turn, due: Due) -> Screen | None:
    """The message that stands in a chat, as it is now: with what the person said to it, and what became of it.

    None where it can only stay as it is: nothing is released that this chat could read.
    """
    number = of_key(due.text_key)
    one = None if number is None else broadcasts.load(turn.connection, number)
    if one is None:
        return None
    if one.stage is Stage.RECALLED:
        return Screen(((ui("interest.recalled"),),))
    if not broadcasts.released(turn.connection, [one.id])[one.id] & {spoken(turn, due), SOURCE_LANGUAGE}:
        return None
    said: Block = (Text(text_key(one.id)),)
    own = None if due.participant_id is None else interests.of_person(turn.connection, due.participant_id, one.id)
    if own is not None and own.state is not Interest.WITHDRAWN:
        rows = (_TAKE_BACK, *_LAST) if one.stage is not Stage.FILLED else ()
        return Screen((said, (_standing(one, own),)), rows)
    if one.stage is Stage.FILLED:
        return Screen((said, (ui("interest.filled"),)))
    return Screen((said,), _LAST if one.stage in OVER else buttons(one))


def _standing(one: Broadcast, own: Interested) -> Text:
    """What became of a person's interest."""
    if own.state is Interest.OPEN and one.stage is Stage.FILLED:
        return ui("interest.filled")
    if own.state is Interest.OPEN and own.partner is not None:
        return ui("interest.given_partner", partner=Words(own.partner))
    return ui("interest.given" if own.state is Interest.OPEN else f"interest.{own.state}")


MOST_WORDS = 60
"""Letters of a message by which one knows it again."""
MOST_INTERESTS = 5


def interests_of(turn: Turn, participant_id: int, language: str) -> tuple[Interesting, ...]:
    """What a person is interested in, the newest first, as a list shows it."""
    found = []
    for own in interests.all_of_person(turn.connection, participant_id)[:MOST_INTERESTS]:
        one = broadcasts.load(turn.connection, own.broadcast_id)
        if one is None or not turn.content.texts.has(SOURCE_LANGUAGE, text_key(one.id)):
            continue
        words = " ".join(turn.content.texts.label(language, Text(text_key(one.id))).split())
        short = shortened(words, MOST_WORDS)
        filled = own.state is Interest.OPEN and one.stage is Stage.FILLED
        found.append(Interesting(one.id, short, ui("interest.filled" if filled else f"interest.{own.state}")))
    return tuple(found)


def preview(one: Broadcast, language: str) -> Screen:
    """A version as its people will see it, whatever the language of whoever looks."""
    rows = tuple(tuple(_in(language, button) for button in row) for row in buttons(one))
    return Screen(((Text(draft_key(one.id, language), language=language),),), rows)


def spoken(turn: Turn, due: Due) -> str:
    """The language of the chat a delivery goes to."""
    known = turn.content.languages
    return due.language if due.language in known else known[0]


def buttons(one: Broadcast) -> tuple[Row, ...]:
    """What one can do about it. The way out of all such messages is always there."""
    rows: list[Row] = []
    if one.answering is Answering.INTEREST:
        rows += [(Button(ui("button.interest"), "interest", "✋"),), (Button(ui("button.unwanted"), "not_me", "🚫"),)]
    if one.answering is Answering.OFFER and one.offer_id is not None:
        rows.append((Button(ui("button.details"), "details", "🗂"),))
    if one.link is not None:
        rows.append((LinkButton(ui("button.link"), one.link),))
    return (*rows, *_LAST)


_LAST: tuple[Row, ...] = (
    TALK_BUTTON,
    (Button(ui("button.why"), "why", "❓"),),
    (Button(ui("button.mute"), f"mute.{Topic.OFFERS}", "🔕"),),
)
"""What can be done about every such message."""
_TAKE_BACK: Row = (Button(ui("button.interest_back"), "interest_back", "↩️"),)


def _in(language: str, button: Button | LinkButton) -> Button | LinkButton:
    """The button in that language. One that looks like a participant's, at a member's, does nothing but say so."""
    label = button.label
    assert isinstance(label, Text)  # noqa: S101 - months are on no broadcast
    own = Text(label.key, label.args, label.count, language)
    if isinstance(button, LinkButton):
        return LinkButton(own, button.url)
    return Button(own, button.action, button.mark)
