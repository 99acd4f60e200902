"""What a partner reads, in German: about one person, what they agreed to and nothing else."""

from __future__ import annotations

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core import engine
from bot.core.broadcasts import OUTCOMES, Interest, Subject, text_key
from bot.core.message import Argument, Button, Screen, Text, Words
from bot.db.openings.interests import Interested
from bot.db.openings.partners import Lead
from bot.db.people import participants
from bot.services.questions.stored import StoredAnswers
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day, shortened, shown_value, ui

MOST_WORDS = 60
"""Letters of a broadcast by which it is recognised."""
MARKS = {Interest.OPEN: "✋", Interest.CALLED: "📞", Interest.WON: "✅", Interest.LOST: "➖"}
"""What stands before somebody who is interested, and before what became of it; the team's list has it too."""


def shared(content: Content) -> tuple[Text, ...]:
    """What a partner is told of a person's answers, by the names of the questions."""
    return tuple(Text(f"{content.questionnaire.by_id[one].key}.short") for one in content.questionnaire.shared)


def lead(turn: Turn, one: Lead, about: Interested) -> Screen:
    """Somebody is interested: who, what they answered, how to reach them, until when; and what became of it."""
    names = participants.names(turn.connection, [about.participant_id])
    number = about.participant_id
    who = staff_text("partner.name", name=Words(names[number])) if number in names else staff_text("partner.nameless")
    office = turn.content.town.office
    how: Block = (staff_text("partner.reach", phone=Words(office.phone), email=Words(office.email), number=number),)
    until = local_day(turn.content, one.since + turn.content.town.retention.interests)
    blocks: list[Block] = [
        (staff_text("partner.lead", title=_subject(turn.content, about.subject)),),
        (who, *answers(turn, number)),
        how,
        (staff_text("partner.until", until=until),),
    ]
    if one.said is not None:
        blocks.append((staff_text(f"partner.said_{one.said}"),))
    rows: tuple[Row, ...] = tuple(
        (Button(staff_text(f"button.partner_{state}"), state.value, MARKS[state]),)
        for state in OUTCOMES
        if state is not one.said
    )
    return Screen(tuple(blocks), rows)


def taken_back() -> Screen:
    """What replaces a message that can no longer be deleted."""
    return Screen(((staff_text("partner.taken_back"),),))


def _subject(content: Content, one: Subject) -> Argument:
    key = f"offers.{one.opening}.title" if one.opening is not None else text_key(one.broadcast or 0)
    if not content.texts.has(SOURCE_LANGUAGE, key):
        return Words(str(one))
    return Words(shortened(" ".join(content.texts.label(SOURCE_LANGUAGE, Text(key)).split()), MOST_WORDS))


def answers(turn: Turn, participant: int) -> Block:
    """A person's answers to the questions that are shared."""
    content = turn.content
    stored = StoredAnswers(turn.connection, content.questionnaire, participant)
    given = engine.counting(content.questionnaire, stored.aged(turn.now, refreshing=False))
    said = ((content.questionnaire.by_id[one], given[one]) for one in content.questionnaire.shared if one in given)
    return tuple(
        ui("summary.line", label=Text(f"{question.key}.short"), value=shown_value(content, question, answer))
        for question, answer in said
        if answer.value is not None
    )
