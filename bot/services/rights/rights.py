"""A person's data is theirs: consents given and withdrawn, and erasure that erases."""

from __future__ import annotations

from bot.content.town import TRANSLATION
from bot.core.reminders import PURPOSES
from bot.db.openings import interests
from bot.db.people import participants
from bot.db.rights import erasure, leaving, purposes
from bot.services import audit, places, screens
from bot.services.openings import partners
from bot.services.reply import Card, Reply
from bot.services.rights import consent_texts, consents, privacy_screen
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import Visit, first_language, load

NO_MORE = "0"
"""In the place of a text's mark: the consent is taken back."""


def agree(visit: Visit, purpose: str) -> None:
    """Record a yes with the text it was said to."""
    if visit.participant is None:
        return
    turn, person, language = visit.turn, visit.participant.id, visit.spoken
    if consents.is_void(turn, person, purpose):
        participants.withdraw_consent(turn.connection, person, purpose, turn.now)
    version = consent_texts.version(turn.content, purpose, language)
    participants.give_consent(turn.connection, person, purpose, language=language, text_version=version, now=turn.now)
    purposes.plan_again(turn.connection, person, _topics(purpose), turn.now)


def _topics(purpose: str) -> list[str]:
    """The topics of messages that need this consent."""
    return [topic.value for topic, needed in PURPOSES.items() if needed == purpose]


def is_to_this_text(visit: Visit, purpose: str, mark: str) -> bool:
    """Whether a yes was said to the text that there is now: the files may have changed since its card was drawn."""
    return mark == consent_texts.mark(visit.turn.content, purpose, visit.language)


def switch(visit: Visit, purpose: str, mark: str, tapped: int | None) -> Reply:
    """Give one consent, to the text of that mark, or (0) withdraw it.

    A yes to another text than that of now is none: the card is drawn anew. Without the required one nothing may be
    stored: that leads to erasure.
    """
    content = visit.turn.content
    known = {one.id: one for one in content.town.consents}
    ask = {places.CONSENTS_START: "start", places.CONSENTS_END: "end"}.get(visit.place)
    shown = known if ask is None else screens.asked_purposes(content, ask)
    if purpose not in shown or visit.participant is None or not (mark == NO_MORE or consent_texts.is_yes(mark)):
        return visit.only(ui("notice.use_buttons"))
    if mark != NO_MORE:
        if not _was_shown(visit, purpose):
            return show(visit, purpose, tapped)
        if not is_to_this_text(visit, purpose, mark):
            return visit.reply(ui("consent.changed"), tapped=tapped)
        agree(visit, purpose)
        if visit.place == places.PRIVACY:
            visit.look_at(places.PRIVACY)
        return visit.reply(toast=ui("consent.given"), tapped=tapped)
    if known[purpose].required:
        visit.look_at(places.FORGET)
        return visit.reply(tapped=tapped)
    participants.withdraw_consent(visit.turn.connection, visit.participant.id, purpose, visit.turn.now)
    purposes.skip(visit.turn.connection, visit.participant.id, _topics(purpose))
    if known[purpose].partners:
        interests.withdraw_from_partners(visit.turn.connection, visit.participant.id, visit.turn.now)
        partners.look_around(visit.turn)
    return visit.reply(toast=ui("consent.withdrawn"), tapped=tapped)


def show(visit: Visit, purpose: str, tapped: int | None) -> Reply:
    """Show everything that a yes to a purpose covers; the yes is given there."""
    visit.look_at(places.PRIVACY, f"{privacy_screen.CONSENT}{purpose}")
    return visit.reply(tapped=tapped)


def _was_shown(visit: Visit, purpose: str) -> bool:
    """Whether the text of a purpose stands on the card before the person: a yes to anything else proves nothing."""
    lines = [line for block in visit.screen().blocks for line in block]
    return all(one in lines for one in privacy_screen.terms(visit.turn.content, purpose))


def ask_to_forget(turn: Turn, visitor: Visitor) -> Reply:
    """`/forget`: the first of two taps; somebody we do not know is told so."""
    visit = load(turn, visitor)
    if visit is None:
        language = first_language(turn.content, visitor)
        return Reply(language, Card(visitor.chat_id, language, 1, screens.nothing_stored(), kept=False))
    visit.look_at(places.FORGET)
    return visit.reply()


def forget(visit: Visit, tapped: int | None) -> Reply:
    """Erase everything about this chat, now."""
    if visit.chat.detour != places.FORGET:
        return visit.only(ui("notice.old_card"))
    if visit.participant is not None and len(visit.people) > 1:
        return _forget_one(visit, visit.participant.id, tapped)
    known = visit.participant is not None
    reply = visit.last_word(screens.erased(proven=known), tapped=tapped)
    stays = reply.card.edit if reply.card is not None else None
    leaving.leave(visit.turn.connection, visit.chat.id, visit.turn.now, stays)
    partners.leaves(visit.turn, visit.chat.id)
    erasure.erase_chat(visit.turn.connection, visit.chat.id)
    partners.look_around(visit.turn)
    if known:
        audit.note_erased(visit.turn)
    return reply


def _forget_one(visit: Visit, person: int, tapped: int | None) -> Reply:
    """Erase one of several people on a phone; the card is another's from now on."""
    tx, chat = visit.turn.connection, visit.chat.id
    leaving.leave(tx, chat, visit.turn.now, tapped, person)
    erasure.erase_person(tx, chat, person)
    partners.look_around(visit.turn)
    audit.note_erased(visit.turn)
    visit.left()
    return visit.reply(ui("forget.done"), ui("forget.proof"), tapped=tapped)


def ask_anew(visit: Visit) -> None:
    """Ask anew, once, whoever let another translator see their words: their yes does not cover today's."""
    turn, person = visit.turn, visit.participant
    declared = any(one.id == TRANSLATION for one in turn.content.town.consents)
    if person is None or not declared or visit.place not in {places.QUESTIONS, places.DONE}:
        return
    if consents.is_void(turn, person.id, TRANSLATION):
        participants.withdraw_consent(turn.connection, person.id, TRANSLATION, turn.now)
        visit.look_at(places.ASKED_ANEW, TRANSLATION)
