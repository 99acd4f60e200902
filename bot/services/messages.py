"""Everything a person sends that is no tap: words, commands, pictures, edits."""

from __future__ import annotations

from bot.content.understanding import typed
from bot.core.folding import fold
from bot.core.message import Button
from bot.services import places, taps, welcome
from bot.services.phones import carrying
from bot.services.preferences import settings
from bot.services.questions import catching_up
from bot.services.reply import Reply
from bot.services.rights import rights
from bot.services.staff import verbs as staff
from bot.services.staff.threads import desk_talk
from bot.services.threads import talking
from bot.services.turn import Turn, Visitor
from bot.services.view import local_day, ui
from bot.services.visit import Visit, load, load_or_begin
from bot.services.written import Written

DETOURS = {
    "language": places.LANGUAGE,
    "profile": places.PROFILE,
    "pause": places.PAUSED,
    "help": places.HELP,
    "privacy": places.PRIVACY,
    "imprint": places.IMPRINT,
    "offers": places.OFFERS,
    "events": places.OFFERS,
    "openings": places.OFFERS,
    "mine": places.MINE,
    "settings": places.SETTINGS,
    "path": places.PATH,
    "people": places.PEOPLE,
}
ASK = "ask"
"""The command that leads to a human."""
FOCUS = {"offers": "courses.0", "events": "events.0", "openings": "openings.0"}
"""The focus of a screen that a command lays over the conversation."""
NEEDS_PARTICIPANT = frozenset({"profile", "pause", "mine", "settings", "path"})


def command(turn: Turn, visitor: Visitor, name: str) -> Reply:
    """A command of the menu; an unknown one is answered kindly."""
    visit, new = load_or_begin(turn, visitor)
    if name == ASK:
        return talking.open_talk(visit)
    detour = DETOURS.get(name)
    if detour is None or (detour == places.PATH and turn.content.road is None):
        return visit.reply() if new else visit.reply(ui("notice.unknown_command"))
    if visit.participant is None and (name in NEEDS_PARTICIPANT or (detour == places.PEOPLE and not visit.people)):
        return visit.reply(ui("notice.first_consent"))
    visit.look_at(None if detour == visit.chat.screen else detour, FOCUS.get(name))
    return visit.reply()


def write(turn: Turn, visitor: Visitor, written: Written) -> Reply:
    """Words: an answer to the question on the card, or the label of one of its buttons."""
    visit = load(turn, visitor)
    if visit is None:
        # Words that were on their way while everything was erased begin nothing new.
        return welcome.nobody(turn, visitor) if written.early else welcome.start(turn, visitor)
    if visit.dismissed or visit.place == places.PARTNER:
        return visit.reply()
    if visit.place == places.TALK and (action := _labelled(visit, written.text, visit.spoken)):
        return taps.perform(visit, action, None)
    if (heard := _heard(visit, written)) is not None:
        return heard
    if _before_card(visit, written):
        return _one_at_a_time(visit)
    if visit.displaced:
        return visit.reply(ui("notice.old_card"))
    if visit.place == places.QUESTIONS and visit.state is not None and visit.state.at is not None:
        return _answer(visit, visit.state.at, written.text)
    catching_up.offer(visit)
    rights.ask_anew(visit)
    action = _labelled(visit, written.text, visit.spoken)
    if action is None and (visit.place, visit.chat.focus) == (places.SETTINGS, settings.NAME):
        return settings.name(visit, written.text)
    if action is None and visit.place == places.STAFF:
        visit.heard = written.message
        return staff.write(visit, written.text, written.markup)
    return visit.reply(ui("notice.use_buttons")) if action is None else taps.perform(visit, action, None)


def _heard(visit: Visit, written: Written) -> Reply | None:
    """Words that are no answer: a part of a talk, or a code from paper."""
    heard = talking.hear(visit, written) or desk_talk.hear(visit, written)
    if heard is None and visit.place == places.CODE and not _labelled(visit, written.text, visit.spoken):
        return carrying.hear(visit, written.text, written)
    return heard


def unreadable(turn: Turn, visitor: Visitor, notice: str, written: Written) -> Reply:
    """Something that is no answer: a picture, a voice, a forwarded message. One word for several at once."""
    visit = load(turn, visitor)
    if visit is None:
        return welcome.nobody(turn, visitor) if written.early else welcome.start(turn, visitor)
    if (heard := talking.hear(visit, written) or desk_talk.hear(visit, written)) is not None:
        return heard
    return visit.only() if _before_card(visit, written) else visit.reply(ui(f"notice.{notice}"))


def edited(turn: Turn, visitor: Visitor, written: Written) -> Reply:
    """A message was changed afterwards: the answer it was stays, and the card says how to change it.

    A word to the team is changed there as well.
    """
    visit = load(turn, visitor)
    if visit is None:
        return welcome.nobody(turn, visitor)
    said = talking.edited(visit, written) or desk_talk.edited(visit, written)
    return said or visit.reply(ui("notice.edited"))


def _answer(visit: Visit, at: str, text: str) -> Reply:
    """An option's text counts as its tap; so do the labels of the buttons around the options."""
    question = visit.turn.content.questionnaire.by_id[at]
    language = visit.spoken
    action = _labelled(visit, text, language)
    if action is not None and action.split(".")[0] not in {"o", "t"}:
        return taps.perform(visit, action, None)
    content = visit.turn.content
    return taps.answer(visit, typed(content, question, language, text, local_day(content, visit.turn.now)), None)


def _labelled(visit: Visit, text: str, language: str) -> str | None:
    """The action of the button on the card whose label was typed."""
    wanted = fold(text)
    texts = visit.turn.content.texts
    buttons = [one for row in visit.screen().rows for one in row if isinstance(one, Button)]
    found = {one.action for one in buttons if wanted and fold(texts.label(language, one.label)) == wanted}
    return found.pop() if len(found) == 1 else None


def _before_card(visit: Visit, written: Written) -> bool:
    """Whether the words were written before the person could see the card."""
    chat = visit.chat
    return (
        written.early
        or chat.shown_version < chat.card_version
        or (chat.card_message is not None and written.message < chat.card_message)
        or (chat.shown_at is not None and written.at < chat.shown_at)
    )


def _one_at_a_time(visit: Visit) -> Reply:
    """Say once per card that only one message was read; further ones of the same burst change nothing."""
    chat = visit.chat
    said = chat.card_version > chat.card_since and chat.shown_version == chat.card_version
    return visit.only() if said else visit.reply(ui("notice.one_message"))
