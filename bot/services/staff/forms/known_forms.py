"""The forms of the desk: the right each needs, what it is about, and what is known before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.forms_file import NEEDS, SUITS
from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.broadcasts import Stage
from bot.core.conditions import Value
from bot.core.message import Text, Words
from bot.core.offers import Offer
from bot.core.questionnaire import Question
from bot.core.roles import Right
from bot.core.timing import Offset
from bot.db.offers import offers
from bot.services.openings import interesting
from bot.services.staff.broadcasts import broadcast_pages
from bot.services.staff.forms.forms import Form
from bot.services.staff.offers import meeting_pages, offer_pages
from bot.services.staff.offers.offer_pages import DATES, MEETING, OFFERS, OPENINGS, PEOPLE, TEXTS, title, when
from bot.services.staff.texts import staff_text
from bot.services.staff.threads import template_forms
from bot.services.turn import Turn

OFFER, TRANSLATION, MEETINGS, CHANGE, GUEST = "offer", "translation", "meeting", "change", "guest"
BROADCAST, OPENING = "broadcast", "opening"
ANSWER, ANSWER_IN = "answer", "answer_in"
CORRECTED = frozenset({"until", "answering", "partner", "link"})
"""What can be corrected in a broadcast that has gone out."""


def said_in(turn: Turn, offer_id: str, name: str, language: str) -> str | None:
    """A text of an offer as staff wrote it, else as the file has it; None where there is none."""
    said = offers.load(turn.connection, offer_id)
    words = None if said is None else said.texts.get(language, {}).get(name)
    key = f"offers.{offer_id}.{name}"
    texts = turn.content.texts
    if words is not None or not texts.has(language, key):
        return words
    return texts.source(key) if language == SOURCE_LANGUAGE else texts.label(language, Text(key))


def offer_known(turn: Turn, offer_id: str) -> dict[str, Value | None]:
    """An offer as answers of its form."""
    offer = turn.content.offers.get(offer_id)
    if offer is None:
        return {}
    said = offers.load(turn.connection, offer_id)
    about = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in (said.fields if said is not None else {}).items()
        if name.startswith((NEEDS, SUITS))
    }
    return {
        **{name: said_in(turn, offer_id, name, SOURCE_LANGUAGE) for name in ("title", "text", "place", "hours")},
        "kind": offer.kind.value,
        "provider": offer.provider or None,
        "fee": offer.fee,
        "level_from": offer.level_from,
        "level_to": offer.level_to,
        "mode": offer.mode.value,
        "lessons_per_week": offer.lessons_per_week,
        "address": (offer.place.address or None) if offer.place is not None else None,
        "map": (offer.place.map or None) if offer.place is not None else None,
        "seats": offer.seats,
        "approval": "yes" if offer.approval else "no",
        "deadline_days": _days(offer.register_until),
        "provides": offer.provides or None,
        **about,
    }


def _days(until: Offset | None) -> int | None:
    """So many days before; 0 on the day itself."""
    return None if until is None else abs(until.days)


def _offer_asked(_: Turn, offer_id: str, question: Question) -> bool:
    """Conditions of the files may say more than a form can: they are changed in the files."""
    return not offer_id or offer_pages.is_own(offer_id) or not question.id.startswith((NEEDS, SUITS))


def _translation_known(turn: Turn, subject: str) -> dict[str, Value | None]:
    offer_id, _, language = subject.partition(".")
    return {name: said_in(turn, offer_id, name, language) for name in ("title", "text", "place", "hours")}


def _translation_asked(turn: Turn, subject: str, question: Question) -> bool:
    """Only what the offer says in German as well."""
    return turn.content.texts.has(SOURCE_LANGUAGE, f"offers.{subject.partition('.')[0]}.{question.id}")


def _change_known(turn: Turn, subject: str) -> Mapping[str, Value | None]:
    known = meeting_pages.meeting_named(turn, subject)
    if known is None:
        return {}
    meeting, start = known[0], when(turn, known[0].starts_at)
    place = meeting.place or {}
    return {
        "day": start.date().isoformat(),
        "time": f"{start:%H:%M}",
        "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        "room": meeting.room or None,
        **{name: place.get(key) or None for name, key in (("place", "name"), ("address", "address"), ("map", "map"))},
    }


def _broadcast_known(turn: Turn, subject: str) -> Mapping[str, Value | None]:
    one = broadcast_pages.broadcast_named(turn, subject)
    if one is None:
        return {}
    start = None if one.starts_at is None else when(turn, one.starts_at)
    return {
        "until": when(turn, one.last_useful_at).date().isoformat(),
        "answering": one.answering.value,
        "partner": one.partner,
        "link": one.link,
        "unreleased": one.unreleased.value,
        "joining": "yes" if one.joining else "no",
        "spread": one.spread_hours,
        "day": None if start is None else start.date().isoformat(),
        "time": None if start is None else f"{start:%H:%M}",
    }


def _broadcast_asked(turn: Turn, subject: str, question: Question) -> bool:
    """A message about an opening has the opening's partner, and no other.

    For one that has gone out only what its copies say is asked, and until when it helps.
    """
    one = broadcast_pages.broadcast_named(turn, subject)
    if one is not None and one.stage is not Stage.DRAFT and question.id not in CORRECTED:
        return False
    about = None if one is None else interesting.opening(turn.content, one.offer_id)
    return question.id != "partner" or about is None


def _offer_of(turn: Turn, subject: str) -> Offer | None:
    return turn.content.offers.get(subject.partition(".")[0])


def _about_offer(turn: Turn, subject: str) -> Text | None:
    offer = _offer_of(turn, subject)
    return None if offer is None else staff_text("offers.name", title=title(offer))


def opening_known(turn: Turn, offer_id: str) -> dict[str, Value | None]:
    """An opening as answers of its form."""
    one = turn.content.offers.get(offer_id)
    if one is None:
        return {}
    known = offer_known(turn, offer_id)
    common = ("title", "text", "provider", "place", "address", "map")
    return {
        **{name: value for name, value in known.items() if name in common or name.startswith((NEEDS, SUITS))},
        "sort": one.sort.value,
        "partner": one.partner or None,
        "link": one.link or None,
        "until": None if one.until is None else one.until.isoformat(),
    }


def _about_translation(turn: Turn, subject: str) -> Text | None:
    offer, language = _offer_of(turn, subject), subject.partition(".")[2]
    if offer is None:
        return None
    return staff_text("form.language", title=title(offer), language=Words(german_name(language)))


def _about_meeting(turn: Turn, subject: str) -> Text | None:
    known = meeting_pages.meeting_named(turn, subject)
    if known is None:
        return None
    return staff_text("form.meeting", title=title(known[1]), when=when(turn, known[0].starts_at))


def _dates(subject: str) -> str:
    return f"{DATES}.{subject.partition('.')[0]}.0" if subject else f"{OFFERS}.0"


FORMS: Mapping[str, Form] = {
    OFFER: Form(
        Right.CHANGE_OFFERS,
        page=_dates,
        about=_about_offer,
        asked=_offer_asked,
        known=offer_known,
        fixed=lambda subject: frozenset({"kind"} if subject else ()),
    ),
    OPENING: Form(
        Right.CHANGE_OFFERS,
        page=lambda subject: f"{OPENING}.{subject}" if subject else f"{OPENINGS}.0",
        about=_about_offer,
        asked=_offer_asked,
        known=opening_known,
    ),
    TRANSLATION: Form(
        Right.CHANGE_OFFERS,
        page=lambda subject: f"{TEXTS}.{subject.partition('.')[0]}",
        about=_about_translation,
        asked=_translation_asked,
        known=_translation_known,
        asks_the_rest=True,
    ),
    MEETINGS: Form(Right.CHANGE_OFFERS, page=_dates, about=_about_offer),
    CHANGE: Form(
        Right.CHANGE_OFFERS,
        page=lambda subject: f"{MEETING}.{subject}",
        about=_about_meeting,
        known=_change_known,
    ),
    BROADCAST: Form(
        Right.SEND,
        page=lambda subject: f"{broadcast_pages.BROADCAST}.{subject}",
        asked=_broadcast_asked,
        known=_broadcast_known,
    ),
    GUEST: Form(Right.CHANGE_REGISTRATIONS, page=lambda subject: f"{PEOPLE}.{subject}.0", about=_about_offer),
    ANSWER: Form(Right.ANSWER, page=template_forms.page, about=template_forms.about, known=template_forms.known),
    ANSWER_IN: Form(
        Right.ANSWER, page=template_forms.page, about=template_forms.about, known=template_forms.known_in
    ),
}
"""Every form by its name."""
