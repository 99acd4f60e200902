"""What the team sees of a talk, in its topic and at the desk: who it is, how long they wait, and what can be done."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.message import Button, Screen, Text, Words
from bot.core.roles import Right
from bot.core.threads import Reason
from bot.core.timing import local_time
from bot.db.people import persons
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads.threads import Thread
from bot.services.openings import partner_screens
from bot.services.staff.texts import person_name, staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

TOMORROW = 24
LATER = (4, TOMORROW)
"""Hours for which a button puts a talk off."""
LONGEST_LATER = 720
"""Hours for which it can be put off by a word in the topic: thirty days."""
OF_PROFILE = 3
"""Lines of the profile on the card."""


def who(one: Thread) -> Text:
    """What the team calls the person: the name they gave, else a number."""
    return person_name(one.name, one.participant_id)


def spoken(turn: Turn, one: Thread) -> str:
    """The language in which the person is spoken to."""
    offered = turn.content.languages
    return one.language if one.language in offered else offered[0]


def reads_foreign(turn: Turn, one: Thread) -> bool:
    """Whether the team's German words are foreign to the person."""
    return spoken(turn, one) != SOURCE_LANGUAGE


def facts(turn: Turn, one: Thread, *, begun: bool = True) -> Block:
    """Who it is, and how the talk stands; `begun`: whether anything was said in it."""
    clock = turn.content.town.clock
    lines = [
        staff_text("thread.title", who=who(one)),
        staff_text("thread.language", language=Words(german_name(one.language or SOURCE_LANGUAGE))),
    ]
    if reads_foreign(turn, one):
        lines.append(staff_text("thread.as_written"))
    if (name := staff.name(turn.connection, one.assigned_to)) is not None:
        lines.append(staff_text("thread.assigned", name=Words(name)))
    if one.blocked_at is not None:
        lines.append(staff_text("thread.is_blocked"))
    if one.closed_at is not None:
        lines.append(staff_text(f"thread.closed_{one.close_reason}"))
    elif one.waiting_since is not None:
        lines.append(staff_text("thread.waiting", since=local_time(one.waiting_since, clock)))
    else:
        lines.append(staff_text("thread.answered" if begun else "thread.not_begun"))
    if one.snoozed_until is not None and one.snoozed_until > turn.now:
        lines.append(staff_text("thread.snoozed", until=local_time(one.snoozed_until, clock)))
    return tuple(lines)


def who_answer(turn: Turn) -> list[Member]:
    """To whom a talk can be given: everybody who may answer, by name."""
    return staff.who_may(turn.connection, Right.ANSWER, turn.now)


def deeds(one: Thread, suffix: str = "", *, begun: bool = True) -> tuple[Row, ...]:
    """The buttons of a talk; `suffix` goes behind each verb. A talk in which nothing was said cannot be closed."""
    take = "thread_take" if one.assigned_to is None else "thread_give"
    first: Row = (Button(staff_text(f"button.{take}"), f"{take}{suffix}", "🙋"),)
    if one.closed_at is not None or not begun:
        return (first,)
    return (
        first,
        tuple(Button(staff_text(f"button.thread_later_{n}"), f"thread_later{suffix}.{n}", "⏰") for n in LATER),
        *((Button(staff_text(f"button.close_{why}"), f"thread_close{suffix}.{why}", "✔️"),) for why in Reason),
    )


def card(turn: Turn, one: Thread) -> Screen:
    """The card in the topic, with what a partner might also read of the profile: none of it is sensitive.

    If the person's data is only kept it has no answers.
    """
    locked = persons.only_kept(turn.connection, [one.participant_id])
    profile = () if locked else partner_screens.answers(turn, one.participant_id)[:OF_PROFILE]
    blocks = (facts(turn, one), *((profile,) if profile else ()), (staff_text("thread.how"),))
    return Screen(blocks, deeds(one))
