"""Whom a broadcast is for: what staff ticked in the chat, or pasted, as one condition; and how many that are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.content.audience_file import Unread, condition_text, read_condition
from bot.content.loader import Content
from bot.content.own_offers import condition_of
from bot.core.audience import LANGUAGE
from bot.core.broadcasts import Broadcast
from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.questionnaire import Kind, Question
from bot.core.reminders import PURPOSES, Topic
from bot.db.audience import counting, sending
from bot.db.audience.counting import Counted, Terms
from bot.db.audience.sending import FannedOut
from bot.db.deliveries import Planned
from bot.services.turn import Turn

WITH, WITHOUT, PASTED = "with", "without", "pasted"
"""The parts of an audience as it is stored: chosen options by question, those it is for and those it is not for; and
a condition as it was pasted."""
ASKED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO, Kind.COMPUTED})
"""Kinds of questions whose answers can be ticked."""
EVERYBODY: Condition = All(())
NOBODY: Condition = Not(EVERYBODY)


def condition(content: Content, audience: Mapping[str, Any]) -> Condition:
    """Who belongs to it. Of several options, those that the questionnaire has no more are left out.

    A part of which nothing can be read any more, be it pasted or ticked, makes it nobody's: rather none than all.
    """
    whole = content.questionnaire
    chosen = [condition_of(whole, name, value) for name, value in audience.get(WITH, {}).items()]
    banned = [condition_of(whole, name, value) for name, value in audience.get(WITHOUT, {}).items()]
    parts: list[Condition] = [one or NOBODY for one in chosen]
    parts += [NOBODY if one is None else Not(one) for one in banned]
    if text := audience.get(PASTED):
        pasted = read_condition(text, content)
        parts += [NOBODY] if isinstance(pasted, Unread) else _parts(pasted)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _parts(one: Condition) -> list[Condition]:
    """A pasted `all` counts part by part: so that it is told what people miss."""
    return list(one.parts) if isinstance(one, All) else [one]


def pasted(content: Content, text: str) -> dict[str, str] | Unread:
    """The audience that a text describes, in the form it is kept in; or what is wrong with it."""
    found = read_condition(text, content)
    return found if isinstance(found, Unread) else of_condition(found)


def of_condition(who: Condition) -> dict[str, str]:
    """The audience of whom a condition is true."""
    return {PASTED: condition_text(who)}


def questions(content: Content) -> list[Question]:
    """The questions one can choose people by; what is sensitive is not among them."""
    return [one for one in content.questionnaire.questions if one.kind in ASKED and not one.sensitive and one.options]


def turned(audience: Mapping[str, Any], question: str, option: str) -> dict[str, Any]:
    """The audience after a tap on an option: for those, not for those, never mind."""
    found = {part: {name: list(ids) for name, ids in audience.get(part, {}).items()} for part in (WITH, WITHOUT)}
    chosen, banned = (found[part].setdefault(question, []) for part in (WITH, WITHOUT))
    if option in chosen:
        chosen.remove(option)
        banned.append(option)
    elif option in banned:
        banned.remove(option)
    else:
        chosen.append(option)
    kept = {part: {name: ids for name, ids in by.items() if ids} for part, by in found.items()}
    return {part: by for part, by in {**audience, **kept}.items() if by}


def reach(turn: Turn, one: Broadcast) -> Counted:
    """Whom a broadcast reaches as things are now."""
    return counted(turn, condition(turn.content, one.audience))


def counted(turn: Turn, wanted: Condition) -> Counted:
    """Whom a message about offers would reach of those of whom a condition is true."""
    terms = Terms(_purpose(turn), Topic.OFFERS.value, turn.content.town.weekly_cap)
    return counting.count(turn.connection, turn.content.questionnaire, wanted, terms, turn.now)


def fan_out(turn: Turn, one: Broadcast, planned: Planned, languages: Collection[str] | None, after: int) -> FannedOut:
    """Plan its delivery to the next range of people who speak one of the languages (None: any).

    Whose week is full is told later, if that still helps: the cap is looked at when it is sent.
    """
    wanted = condition(turn.content, one.audience)
    if languages is not None:
        wanted = All((wanted, Fact(LANGUAGE, Test.ONE_OF, tuple(languages))))
    terms = Terms(_purpose(turn), Topic.OFFERS.value)
    questionnaire = turn.content.questionnaire
    return sending.fan_out(turn.connection, questionnaire, wanted, terms, planned, turn.now, after=after)


def _purpose(turn: Turn) -> str | None:
    """The consent that a broadcast needs, where the town asks for one."""
    needed = PURPOSES[Topic.OFFERS]
    return needed if any(one.id == needed for one in turn.content.town.consents) else None
