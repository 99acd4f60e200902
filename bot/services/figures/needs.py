"""The needs board of the town, as everybody's answers and the open courses are now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from bot.content.loader import Content
from bot.core.conditions import Value, questions_in
from bot.core.inputs import Answer, Status
from bot.core.months import later
from bot.core.moving import carried
from bot.core.needs import Axes, Board, Found, Supply, board, step_up, times_of
from bot.core.offers import Kind, Offer
from bot.core.progress import Said, Step, months_each
from bot.core.questionnaire import Kind as Asks
from bot.core.questionnaire import Question, Questionnaire, Span
from bot.core.timing import local_time
from bot.db.figures import figures
from bot.db.figures import needs as rows
from bot.db.figures.needs import Asked
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Target
from bot.services.offers import offering, registration
from bot.services.turn import Turn


def ladder(content: Content, axes: Axes) -> tuple[str, ...]:
    """The levels, lowest first."""
    return tuple(one.id for one in content.questionnaire.by_id[axes.level].options if not one.unsure)


def board_of(turn: Turn) -> Board | None:
    """The figures; None where the town has no `needs.yaml`."""
    axes = turn.content.needs
    if axes is None:
        return None
    coming = _coming(turn)
    questions = turn.content.questionnaire
    deciding = sorted(questions_in(axes.who))
    tables = {name: tuple(dict.fromkeys((*of, *deciding))) for name, of in axes.tables.items()}
    named = dict.fromkeys(name for of in tables.values() for name in of)
    asked = [_asked(questions, name, turn.now) for name in named]
    found = rows.found(turn.connection, tables, asked, axes.consent, coming.keys())
    today = (_today(questions, one) for one in found)
    return board(axes, ladder(turn.content, axes), today, tuple(_supply(turn, axes, coming)))


def said_of_levels(turn: Turn, axes: Axes) -> list[Said]:
    """What people said of their level over time."""
    question = turn.content.questionnaire.by_id[axes.level]
    was = {old: one.id for one in question.options for old in one.was if old not in question.option_ids}
    return figures.levels(turn.connection, {question.id, *question.was}, axes.consent, was)


def months(turn: Turn) -> Mapping[Step, int]:
    """The median of months for each step from a level to the next that five people or more have taken."""
    axes = turn.content.needs
    return {} if axes is None else months_each(ladder(turn.content, axes), said_of_levels(turn, axes))


def said_by_all(turn: Turn, questions: Collection[str], purpose: str) -> list[Found]:
    """How many finished people who agree gave which answers to these questions, seen under the options of today."""
    whole = turn.content.questionnaire
    asked = [_asked(whole, name, turn.now) for name in questions]
    found = rows.found(turn.connection, {"": tuple(questions)}, asked, purpose, ())
    return [_today(whole, one) for one in found]


def _asked(questions: Questionnaire, name: str, now: datetime) -> Asked:
    question = questions.by_id[name]
    former = tuple(old for old in question.was if old not in questions.by_id)
    too_old = {one: oldest(span, now) for one, span in questions.ageing if one in _sources(questions, question)}
    return Asked(name, former, too_old)


def _sources(questions: Questionnaire, question: Question) -> frozenset[str]:
    """The questions that decide about the value: itself, or those that a computed one follows from."""
    if question.kind is not Asks.COMPUTED:
        return frozenset({question.id})
    return frozenset[str]().union(
        *(_sources(questions, questions.by_id[one]) for one in question.reads - {question.id})
    )


def oldest(span: Span, now: datetime) -> datetime:
    """The last moment whose answers are too old now: by the calendar, so it is searched for."""
    low, high = now - timedelta(days=400 * (span.number + 1)), now
    while high - low > timedelta(milliseconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if later(middle, span) <= now else (low, middle)
    return low


def _today(questions: Questionnaire, found: Found) -> Found:
    """The answers under the options of today; what is no option any more, or unsure, is not known."""
    given = {name: Answer(Status.GIVEN, value) for name, value in found.answers.items() if value is not None}
    given |= {name: answer for name, (_, answer) in carried(questions, given).items()}
    known = {name: _known(questions.by_id[name], one.value) for name, one in given.items()}
    return Found(found.table, known, found.people)


def _known(question: Question, value: Value | None) -> Value | None:
    """A value as far as the question still knows it: not what is unsure, nor a person's own words of a list."""
    if isinstance(value, tuple):
        return tuple(one for one in value if one in question.option_ids) or None
    if not isinstance(value, str) or not (question.kind.has_options or question.kind in {Asks.LIST, Asks.COMPUTED}):
        return value
    option = question.option(value)
    return None if option is None or option.unsure else value


def _coming(turn: Turn) -> dict[str, list[Meeting]]:
    """The courses that are offered and not over, with their meetings to come."""
    courses = [one.id for one in turn.content.offers.values() if one.kind is Kind.COURSE and not one.withdrawn]
    coming: dict[str, list[Meeting]] = {}
    for meeting in meetings.of_offers(turn.connection, courses, turn.now):
        if meeting.cancelled_at is None:
            coming.setdefault(meeting.offer_id, []).append(meeting)
    return coming


def courses_of(turn: Turn, axes: Axes, level: str) -> list[str]:
    """The courses to come, or going on, for people of a level: whoever has a seat in one needs no other."""
    goal = step_up(ladder(turn.content, axes), level)
    offers = (turn.content.offers[name] for name in _coming(turn))
    return sorted(one.id for one in offers if level == one.level_from or (goal is not None and goal == one.level_to))


def _supply(turn: Turn, axes: Axes, coming: Mapping[str, list[Meeting]]) -> Iterator[Supply]:
    """Each course that people can still register for."""
    terms, clock = offering.terms_of(turn.content), turn.content.town.clock
    free = registration.free_seats(turn, terms, list(coming))
    spans = rows.spans(turn.connection, list(coming))
    for name, meetings_ in coming.items():
        offer: Offer = turn.content.offers[name]
        if offer.level_to is None or spans[name].deadline(offer, clock) <= turn.now:
            continue
        times = times_of(axes, [local_time(one.starts_at, clock) for one in meetings_])
        seats = free.get(Target(name), offer.seats)
        yield Supply(name, offer.level_from, offer.level_to, times, frozenset(offer.provides), seats)
