"""What somebody is interested in, and what is said of it: on a card, on a message, in the list of their own.

An opening and all messages about it share one interest of a person.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import STANDING, UNDECIDED, Broadcast, Interest, Stage, Subject, text_key
from bot.core.message import Listing, Text, Words
from bot.core.offers import Kind, Offer
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.services.offers.shown import Interesting
from bot.services.openings import partner_screens
from bot.services.turn import Turn
from bot.services.view import local_day, shortened, ui

MOST_WORDS = 60
"""Letters of a message by which it is recognised."""
MOST_INTERESTS = 50
"""Interests that are listed, a few on a page."""
MOST_TOLD = 20
"""Interests of which a partner may be told that fit on a page; the others follow when these are taken back."""


def opening(content: Content, offer_id: str | None) -> Offer | None:
    """The opening of that id; None where there is none, or it is gone."""
    found = content.offers.get(offer_id or "")
    return found if found is not None and found.kind is Kind.OPENING else None


def to_be_had(turn: Turn, one: Offer) -> bool:
    """Whether people can still be interested in an opening."""
    return one.is_to_be_had(local_day(turn.content, turn.now))


def subject_of(content: Content, one: Broadcast) -> Subject:
    """What a tap on a message says that somebody is interested in."""
    found = opening(content, one.offer_id)
    return Subject(broadcast=one.id) if found is None else Subject(opening=found.id)


def partner_of(content: Content, one: Broadcast) -> str | None:
    """The partner told of people who are interested, if they agree. For an opening it is the one that it has now."""
    found = opening(content, one.offer_id)
    return one.partner if found is None else found.partner or None


def ask(content: Content, partner: str) -> Text:
    """Whether a partner may be told of the person, and of what."""
    what = Listing((ui("interest.your_name"), *partner_screens.shared(content)))
    return ui("interest.ask", partner=Words(partner), what=what)


def version(content: Content, language: str, partner: str | None) -> str:
    """A hash of the words somebody agrees to."""
    shown = ask(content, partner) if partner else ui("interest.given")
    return hashlib.sha256(content.texts.label(language, shown).encode()).hexdigest()[:12]


def end_of(one: Offer) -> Text | None:
    """The word for people who still wait, where nothing can come of it any more; None where something may.

    Who said in time that they are interested may still be called after the last day.
    """
    if one.filled:
        return ui("interest.filled")
    return ui("openings.over") if one.withdrawn else None


def can_come_of(turn: Turn, subject: Subject, message: Broadcast | None) -> bool:
    """Whether something may still come of an interest; `message`: the one that it is in, where it is in one."""
    if subject.opening is None:
        return message is not None and message.stage in STANDING
    one = opening(turn.content, subject.opening)
    return one is not None and end_of(one) is None


def standing(state: Interest, partner: str | None, *, end: Text | None) -> Text:
    """What became of a person's interest; `end`: the word for people who still wait in vain."""
    if end is not None and state in UNDECIDED:
        return end
    if state is not Interest.OPEN:
        return ui(f"interest.{state}")
    return ui("interest.given_partner", partner=Words(partner)) if partner else ui("interest.given")


def beginning(content: Content, broadcast_id: int, language: str | None) -> Words | None:
    """The beginning of a message in that language, by which it is recognised; None where its text is gone."""
    key = text_key(broadcast_id)
    if not content.texts.has(SOURCE_LANGUAGE, key):
        return None
    said = content.texts.label(language or SOURCE_LANGUAGE, Text(key))
    return Words(shortened(" ".join(said.split()), MOST_WORDS).rstrip("."))


def of_person(turn: Turn, participant_id: int, language: str) -> tuple[Interesting, ...]:
    """What a person is interested in, the newest MOST_INTERESTS of it, as a list shows them."""
    newest = interests.all_of_person(turn.connection, participant_id)[:MOST_INTERESTS]
    found = (_listed(turn, own, language) for own in newest)
    return tuple(one for one in found if one is not None)


def told_to(turn: Turn, participant_id: int, language: str) -> tuple[Interesting, ...]:
    """All interests of which a partner may be told, the newest first, also where their subject is gone."""
    gone = turn.content.texts.label(language, ui("interest.gone"))
    own = [one for one in interests.all_of_person(turn.connection, participant_id) if one.partner is not None]
    shown = []
    for one in own[:MOST_TOLD]:
        listed = _listed(turn, one, language)
        standing = ui(f"interest.{one.state}")
        listed = listed or Interesting(one.subject, gone, standing, ui("button.apart"))
        shown.append(replace(listed, partner=one.partner))
    return tuple(shown)


def _listed(turn: Turn, own: Interested, language: str) -> Interesting | None:
    """An interest in a list; None where its subject is gone."""
    texts = turn.content.texts
    if own.subject.opening is not None:
        one = opening(turn.content, own.subject.opening)
        key, end = f"offers.{own.subject.opening}.title", None if one is None else end_of(one)
    else:
        key = text_key(own.subject.broadcast or 0)
        message = broadcasts.load(turn.connection, own.subject.broadcast or 0)
        filled = message is not None and message.stage is Stage.FILLED
        end = ui("interest.filled") if filled else None
    if not texts.has(SOURCE_LANGUAGE, key):
        return None
    words = shortened(" ".join(texts.label(language, Text(key)).split()), MOST_WORDS)
    said = end if end is not None and own.state in UNDECIDED else ui(f"interest.{own.state}")
    return Interesting(own.subject, words, said, Text(key) if texts.has(language, key) else ui("button.apart"))
