"""Whom a broadcast is for: what staff ticked or pasted, as one condition; and how many people that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.content.audience_file import Unread, condition_text, names, read_condition
from bot.content.loader import Content
from bot.content.own_offers import condition_of
from bot.core import spreading
from bot.core.audience import LANGUAGE, question_of
from bot.core.broadcasts import Broadcast
from bot.core.conditions import All, Condition, Fact, Not, Test, questions_in
from bot.core.conditions import Any as Any_
from bot.core.folding import number
from bot.core.questionnaire import Kind, Question
from bot.core.reminders import PURPOSES, Topic
from bot.core.spreading import Window
from bot.db.audience import counting, finding, keeping, sending
from bot.db.audience.counting import Counted, Terms
from bot.db.audience.finding import Person
from bot.db.audience.sending import FannedOut
from bot.db.outbox.deliveries import Planned
from bot.services.turn import Turn

WITH, WITHOUT, EITHER, PASTED = "with", "without", "either", "pasted"
"""The parts of an audience as it is stored: chosen options by question, those it is for and those it is not for; the
questions of which one is enough; and a condition as it was pasted."""
ASKED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO, Kind.COMPUTED})
"""Kinds of questions whose answers can be ticked."""
EVERYBODY: Condition = All(())
NOBODY: Condition = Not(EVERYBODY)


def condition(content: Content, audience: Mapping[str, Any]) -> Condition:
    """The condition of an audience: everything that must hold, and one of the questions of which one is enough.

    Options that the questionnaire no longer has are left out. A part of which nothing can be read any
    longer, pasted or ticked, makes the audience empty: better nobody than everybody.
    """
    enough = audience.get(EITHER, ())
    parts: list[Condition] = []
    either: dict[str, list[Condition]] = {}
    for part, name, value in lines(audience):
        found = _of_name(content, name, value)
        meant = NOBODY if found is None else found if part == WITH else Not(found)
        (either.setdefault(name, []) if name in enough and found is not None else parts).append(meant)
    if either:
        parts.append(_joined([_joined(one, All) for one in either.values()], Any_))
    if text := audience.get(PASTED):
        pasted = read_condition(text, content)
        parts += [NOBODY] if isinstance(pasted, Unread) else _parts(pasted)
    return _joined(parts, All)


def _joined(parts: Sequence[Condition], by: type[All | Any_]) -> Condition:
    return parts[0] if len(parts) == 1 else by(tuple(parts))


def is_lost(content: Content, audience: Mapping[str, Any]) -> bool:
    """Whether a part of it can no longer be read, so that it is empty."""
    if any(_of_name(content, name, value) is None for _, name, value in lines(audience)):
        return True
    text = audience.get(PASTED)
    return text is not None and isinstance(read_condition(text, content), Unread)


def is_whole(content: Content, audience: Mapping[str, Any]) -> bool:
    """Whether everything it names still exists: else it would mean other people today."""
    return all(_is_known(content, name, value) for _, name, value in lines(audience)) and not is_lost(
        content, audience
    )


def lines(audience: Mapping[str, Any]) -> list[tuple[str, str, list[str]]]:
    """Every line that was ticked: chosen or ruled out, the question, and its options."""
    return [(part, name, value) for part in (WITH, WITHOUT) for name, value in audience.get(part, {}).items()]


def _is_known(content: Content, name: str, value: list[str]) -> bool:
    asked = names(content).get(name)
    return asked is not None and (asked.kind is Kind.NUMBER or {*value} <= {*asked.option_ids})


def _of_name(content: Content, name: str, value: list[str]) -> Condition | None:
    """A question with one of these answers, or a fact with one of these values; None where nothing of it is known."""
    if question_of(name) is not None:
        return condition_of(content.questionnaire, name, value)
    asked = names(content).get(name)
    if asked is None:
        return None
    if asked.kind is Kind.NUMBER:
        days = [day for one in value if (day := number(one)) is not None]
        return Fact(name, Test.AT_LEAST, min(days)) if days else None
    known = tuple(one for one in value if one in asked.option_ids)
    if len(known) == 1:
        return Fact(name, Test.INCLUDES if asked.kind is Kind.MULTIPLE else Test.IS, known[0])
    if asked.kind is Kind.MULTIPLE:
        return Any_(tuple(Fact(name, Test.INCLUDES, one) for one in known)) if known else None
    return Fact(name, Test.ONE_OF, known) if known else None


def _parts(one: Condition) -> list[Condition]:
    """The parts of a pasted `all`, counted one by one, so that it can be said what people lack."""
    return list(one.parts) if isinstance(one, All) else [one]


def pasted(content: Content, text: str, *, sensitive: bool) -> Condition | Unread:
    """Whom a text describes, or what is wrong with it.

    `sensitive`: whether the member may see sensitive answers; even a number of people gives them away.
    """
    found = read_condition(text, content)
    if isinstance(found, Unread):
        return found
    asked = frozenset() if sensitive else asked_sensitively(content, found)
    secret = next((one.id for one in content.questionnaire.questions if one.id in asked), None)
    return found if secret is None else Unread("sensitive", 1, secret)


def asked_sensitively(content: Content, who: Condition) -> frozenset[str]:
    """The questions of a condition that give sensitive answers away."""
    asked = {question_of(name) for name in questions_in(who)}
    return frozenset(one for one in sensitive_questions(content) if one in asked)


def sensitive_questions(content: Content) -> frozenset[str]:
    """Questions that are marked as sensitive, and those computed from them."""
    found = {one.id for one in content.questionnaire.questions if one.sensitive}
    for question in content.questionnaire.questions:  # each depends on earlier ones only
        read = frozenset[str | None]().union(*((*questions_in(one.condition), one.take) for one in question.rules))
        if read & found:
            found.add(question.id)
    return frozenset(found)


def of_condition(who: Condition) -> dict[str, str]:
    """The audience of the people for whom a condition holds."""
    return {PASTED: condition_text(who)}


def questions(content: Content) -> list[Question]:
    """The questions people can be chosen by; sensitive ones are not among them."""
    closed = sensitive_questions(content)
    every = content.questionnaire.questions
    return [one for one in every if one.kind in ASKED and one.id not in closed and one.options]


def turned(audience: Mapping[str, Any], question: str, option: str) -> dict[str, Any]:
    """The audience after a tap on a value: chosen, ruled out, never mind."""
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
    return _tidy({**audience, **kept})


def joined(audience: Mapping[str, Any], questions: Collection[str]) -> dict[str, Any]:
    """The audience in which one of these questions is enough; all others must hold."""
    return _tidy({**audience, EITHER: [name for name in names_in(audience) if name in questions]})


def names_in(audience: Mapping[str, Any]) -> list[str]:
    """The names people are chosen by, each once."""
    return list(dict.fromkeys(name for _, name, _ in lines(audience)))


def alternatives(audience: Mapping[str, Any]) -> frozenset[str]:
    """The questions of which one is enough; none where that is one alone."""
    named = [name for name in names_in(audience) if name in audience.get(EITHER, ())]
    return frozenset(named if len(named) > 1 else ())


def _tidy(audience: Mapping[str, Any]) -> dict[str, Any]:
    """The audience without its empty parts."""
    chosen = names_in(audience)
    either = [name for name in audience.get(EITHER, ()) if name in chosen]
    return {part: by for part, by in {**audience, EITHER: either}.items() if by}


def reach(turn: Turn, one: Broadcast, languages: Collection[str] | None = None) -> Counted:
    """Whom a broadcast reaches as things are now, of those who speak one of the languages (None: any)."""
    return counted(turn, _speaking(condition(turn.content, one.audience), languages))


def counted(turn: Turn, wanted: Condition) -> Counted:
    """Whom a message about offers would reach among the people for whom a condition holds."""
    return counting.count(turn.connection, turn.content.questionnaire, wanted, _terms(turn), turn.now)


def fitting(turn: Turn, wanted: Condition, most: int) -> tuple[int, list[Person]]:
    """The same people as numbers: how many, and the newest."""
    keeping.refresh(turn.connection)
    reached = counting.who_is_reached(turn.connection, turn.content.questionnaire, wanted, _terms(turn), turn.now)
    return finding.listed(turn.connection, reached, most)


def nearly(turn: Turn, wanted: Condition, most: int) -> list[tuple[Condition, int, list[Person]]]:
    """Who lacks one part of a condition only: for each part that somebody lacks, how many, and the newest."""
    keeping.refresh(turn.connection)
    parts = counting.who_misses_one(turn.connection, turn.content.questionnaire, wanted, _terms(turn), turn.now)
    found = [(part, *finding.listed(turn.connection, misses, most)) for part, misses in parts]
    return [(part, every, people) for part, every, people in found if every]


def last_this_week(turn: Turn, one: Broadcast, languages: Collection[str] | None) -> int:
    """For how many of the people it is the last message of their week."""
    wanted = _speaking(condition(turn.content, one.audience), languages)
    questionnaire = turn.content.questionnaire
    return sending.how_many_are_last(turn.connection, questionnaire, wanted, _terms(turn), turn.now)


def phones(turn: Turn, one: Broadcast, languages: Collection[str] | None) -> int:
    """How many phones the people share whom it reaches as things are now."""
    wanted = _speaking(condition(turn.content, one.audience), languages)
    return sending.how_many_chats(turn.connection, turn.content.questionnaire, wanted, _terms(turn), turn.now)


def belong(turn: Turn, one: Broadcast, people: Collection[int]) -> frozenset[int]:
    """Those of these participants who belong to the audience now; all of them once it can no longer be asked."""
    if not one.audience or is_lost(turn.content, one.audience):
        return frozenset(people)
    wanted = condition(turn.content, one.audience)
    return sending.who_belongs(turn.connection, turn.content.questionnaire, wanted, people, turn.now)


def _terms(turn: Turn) -> Terms:
    return Terms(_purpose(turn), Topic.OFFERS.value, turn.content.town.weekly_cap)


def _speaking(wanted: Condition, languages: Collection[str] | None) -> Condition:
    return wanted if languages is None else All((wanted, Fact(LANGUAGE, Test.ONE_OF, tuple(languages))))


def windows(turn: Turn, one: Broadcast, start: datetime) -> tuple[Window, ...]:
    """The hours over which it is spread; empty where it is not, or where all of them are quiet."""
    if one.spread_hours is None:
        return ()
    town = turn.content.town
    end = min(start + timedelta(hours=one.spread_hours), one.last_useful_at)
    return spreading.windows(start, end, town.quiet, town.clock, town.free)


def fan_out(turn: Turn, one: Broadcast, planned: Planned, languages: Collection[str] | None, after: int) -> FannedOut:
    """Plan its delivery to the next range of people who speak one of the languages (None: any).

    People whose week is full get it later, if it still helps then: the cap is checked when it is sent.
    """
    wanted = _speaking(condition(turn.content, one.audience), languages)
    terms = Terms(_purpose(turn), Topic.OFFERS.value)
    questionnaire, spread = turn.content.questionnaire, windows(turn, one, planned.due_at)
    return sending.fan_out(
        turn.connection,
        questionnaire,
        wanted,
        terms,
        planned,
        turn.now,
        after=after,
        windows=spread,
        salt=one.id,
    )


def _purpose(turn: Turn) -> str | None:
    """The consent that a broadcast needs, where the town asks for one."""
    needed = PURPOSES[Topic.OFFERS]
    return needed if any(one.id == needed for one in turn.content.town.consents) else None
