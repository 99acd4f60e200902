"""From the first word to the first question: language, age, privacy notice, consents."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core import engine
from bot.core.message import Screen, Text
from bot.db.people import accompanying as codes
from bot.db.people import participants
from bot.db.rights import erasure
from bot.services import places, screens
from bot.services.deliveries import returning
from bot.services.openings import partners
from bot.services.questions import catching_up
from bot.services.reply import Reply
from bot.services.rights import accompanying, consent_texts, rights, young
from bot.services.staff.members import team
from bot.services.threads import naming
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import Visit, first_language, load_or_begin

SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry: a key to look up, never a person's data."""


def start(turn: Turn, visitor: Visitor, payload: str | None = None) -> Reply:
    """`/start`: begin, or go on where the person was. The payload of a first start is kept as the source."""
    source = payload if payload and SOURCE.fullmatch(payload) else None
    visit, new = load_or_begin(turn, visitor, source)
    if new:
        return visit.reply()
    visit.look_at(None)
    if visit.chat.screen == places.YOUNG:
        young.begin_anew(visit)
    catching_up.offer(visit)
    rights.ask_anew(visit)
    return visit.reply()


def nobody(turn: Turn, visitor: Visitor) -> Reply:
    """Somebody we hold nothing of taps or edits something old: a short word, and still nothing is held."""
    return Reply(first_language(turn.content, visitor), None, ui("notice.start_again"))


def go_on(visit: Visit, tapped: int | None = None) -> Reply:
    """Take away what lies over the conversation, and show where it stands."""
    visit.look_at(None)
    return visit.reply(tapped=tapped)


def choose_language(visit: Visit, language: str, tapped: int | None) -> Reply:
    """From now on everything is said in this language; the conversation goes on where it was."""
    if language not in visit.turn.content.languages:
        return visit.only(ui("notice.use_buttons"))
    visit.change(language=language)
    if visit.participant is not None:
        naming.follow(visit.turn, visit.participant.id)
    if visit.chat.screen == places.LANGUAGE:
        visit.go(places.AGE)
    reply = go_on(visit, tapped)
    member = team.member_of(visit.turn, visit.visitor)
    if member is None or not member.is_active(visit.turn.now):
        return reply
    return replace(reply, menus=(team.menu(visit.turn, visit.chat.id, language, member.role),))


def answer_age(visit: Visit, answer: str, tapped: int | None) -> Reply:
    """People of 16 or older go on; a younger person is told who helps, and gets a code for an hour."""
    match answer:
        case "yes":
            codes.drop(visit.turn.connection, visit.chat.id)  # it was of somebody younger on this phone
            visit.go(places.NOTICE)
            return visit.reply(tapped=tapped)
        case "no":
            erasure.scrub(visit.turn.connection, erasure.LOG)  # what they wrote so far is to be gone at once
            return young.show_code(visit, tapped)
    return visit.only(ui("notice.use_buttons"))


def answer_storage(visit: Visit, answer: str, tapped: int | None) -> Reply:
    """Yes to the first purpose, by the mark of its text, makes a participant; no leaves nothing behind."""
    if answer == "no":
        return _leave(visit, screens.refused(), tapped)
    if not consent_texts.is_yes(answer):
        return visit.only(ui("notice.use_buttons"))
    turn, purpose = visit.turn, visit.turn.content.town.consents[0].id
    if not rights.is_to_this_text(visit, purpose, answer):
        return visit.reply(ui("consent.changed"), tapped=tapped)
    if visit.participant is None:
        begun = visit.begin()
        rights.agree(visit, purpose)
        accompanying.note(turn, visit.chat.id, begun)
    asked = screens.asked_purposes(turn.content, "start")
    visit.go(places.CONSENTS_START if asked else places.QUESTIONS)
    return visit.reply(tapped=tapped)


def next_step(visit: Visit, tapped: int | None) -> Reply:
    """On from a card of consents."""
    steps = {places.CONSENTS_START: places.QUESTIONS, places.CONSENTS_END: places.DONE}
    visit.go(steps[visit.chat.screen])
    if visit.chat.screen == places.DONE:
        catching_up.mention(visit)
    return visit.reply(tapped=tapped)


def confirm_summary(visit: Visit, tapped: int | None) -> Reply:
    """The person says that everything is right: the profile is finished."""
    turn, person, state = visit.turn, visit.participant, visit.state
    if person is None or state is None or engine.frontier(visit.questionnaire, state.answers) is not None:
        return go_on(visit, tapped)
    visit.state = engine.resume(visit.questionnaire, replace(state, at=None))
    if person.refreshing:
        visit.set_rounds(refreshing=False)
    asked = screens.asked_purposes(turn.content, "end")
    first = person.finished_at is None or visit.chat.screen == places.CONSENTS_END
    visit.go(places.CONSENTS_END if asked and first else places.DONE)
    participants.finish(turn.connection, person.id, turn.now)
    if visit.chat.screen == places.DONE:
        catching_up.mention(visit)
    return visit.reply(tapped=tapped)


def _leave(visit: Visit, screen: Screen, tapped: int | None) -> Reply:
    if visit.people:  # the others of the phone stay; who does not begin leaves nothing
        visit.become(visit.people[0])
        said = (line for block in screen.blocks for line in block if isinstance(line, Text))
        return visit.reply(*said, tapped=tapped)
    reply = visit.last_word(screen, tapped=tapped)
    erasure.erase_chat(visit.turn.connection, visit.chat.id)
    return reply


def block(turn: Turn, visitor: Visitor, *, blocked: bool) -> None:
    """The person blocked the bot, or let it in again."""
    (returning.block if blocked else returning.come_back)(turn, visitor.chat_id)
    if blocked:
        partners.blocked(turn, visitor.chat_id)
