"""Random people with everything that conditions can ask about, random conditions, and their values in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from bot.core import audience, engine
from bot.core.ageing import expired_between
from bot.core.attending import Attended
from bot.core.broadcasts import Interest, Subject
from bot.core.conditions import All, Condition, Fact, Lookup, Not, Test
from bot.core.conditions import Any as AnyOf
from bot.core.inputs import Answer, Status
from bot.core.questionnaire import Question, Questionnaire
from bot.core.seats import ENDED, State
from bot.db.audience import asking
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.outbox.deliveries import State as Sent
from bot.db.schema import (
    answer,
    attendance,
    chat,
    consent,
    delivery,
    meeting,
    participant,
    profile_bit,
    profile_slot,
    registration,
)
from bot.services.questions.stored import StoredAnswers
from tests.content.edits import people, values
from tests.core.strategies import conditions
from tests.db.rows import NOW, new_meeting, new_participant

LANGUAGES = ("de", "ar", "uk")
OFFERS = ("course", "info")
OPENINGS = ("job", "training")
PURPOSES = ("openings", "reminders")
TOPICS = ("own", "offers")
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
"""Cells count days from here. No answer is older."""


@dataclass(frozen=True)
class Somebody:
    """One participant: answers and their times by the ids they are stored under, and everything else."""

    answers: Mapping[str, Answer]
    given_at: Mapping[str, datetime]
    language: str | None = "de"
    blocked: bool = False
    finished: bool = False
    contacts: Sequence[datetime] = ()
    seats: Sequence[tuple[str, State, Attended | None]] = ()
    interests: Mapping[str, Interest] = field(default_factory=dict)
    purposes: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    cap: int | None = None
    computed: Mapping[str, str] = field(default_factory=dict)


@st.composite
def somebody(draw: st.DrawFn, questionnaire: Questionnaire, before: Questionnaire) -> Somebody:
    """A person who answered this state of the questionnaire or the one before, or said what no question takes."""
    answers = draw(people(draw(st.sampled_from([questionnaire, before]))))
    for question in questionnaire.questions:
        if question.id in answers and draw(st.integers(0, 5)) == 0:
            other = draw(st.sampled_from(before.questions + questionnaire.questions))
            answers[question.id] = Answer(Status.GIVEN, draw(values(other)))
        if draw(st.integers(0, 9)) == 0:
            answers[question.id] = Answer(draw(st.sampled_from([Status.SKIPPED, Status.DECLINED])), None)
    homes = {old: one for one in questionnaire.questions for old in (one.id, *one.was)}
    return Somebody(
        answers,
        {name: draw(moments(homes.get(name))) for name in answers},
        language=draw(st.sampled_from([None, *LANGUAGES])),
        blocked=draw(st.booleans()),
        finished=draw(st.booleans()),
        contacts=draw(
            st.lists(st.sampled_from([NOW, NOW - 3 * DAY, NOW - 3 * DAY - MOMENT, NOW - 40 * DAY]), max_size=2)
        ),
        seats=draw(
            st.lists(
                st.tuples(st.sampled_from(OFFERS), st.sampled_from(State), st.none() | st.sampled_from(Attended)),
                max_size=2,
                unique_by=lambda seat: seat[0],
            )
        ),
        interests=draw(st.dictionaries(st.sampled_from(OPENINGS), st.sampled_from(Interest), max_size=2)),
        purposes=draw(st.frozensets(st.sampled_from(PURPOSES))),
        muted=draw(st.frozensets(st.sampled_from(TOPICS))),
        cap=draw(st.sampled_from([None, 1, 2])),
        computed={"computed": "a"} if draw(st.booleans()) else {},
    )


def moments(question: Question | None) -> st.SearchStrategy[datetime]:
    """When something was said: at any time, or just when it becomes too old."""
    anywhen = st.integers(0, 1200).map(lambda days: NOW - days * DAY)
    if question is None or question.expires is None:
        return anywhen
    edges = [at for since, until in expired_between(question.expires, NOW) for at in (since, until) if at is not None]
    near = [at + step for at in edges if at > FIRST + DAY for step in (-MOMENT, 0 * MOMENT, MOMENT, DAY, -DAY)]
    return st.sampled_from(near) | anywhen if near else anywhen


def beside() -> st.SearchStrategy[Condition]:
    """One comparison of something that is not an answer."""
    yes_no = st.sampled_from([audience.FINISHED, *(audience.ATTENDANCE + one for one in OFFERS)])
    names = st.sampled_from([audience.LANGUAGE, audience.FINISHED, audience.DAYS])
    return st.one_of(
        st.builds(Fact, st.just(audience.LANGUAGE), st.just(Test.IS), st.sampled_from(LANGUAGES)),
        st.just(Fact(audience.LANGUAGE, Test.ONE_OF, ("de", "uk"))),
        st.builds(Fact, yes_no, st.just(Test.IS), st.sampled_from(["yes", "no"])),
        st.builds(
            Fact,
            st.just(audience.DAYS),
            st.sampled_from([Test.AT_LEAST, Test.AT_MOST, Test.IS]),
            st.sampled_from([0, 2, 3, 4, 40, audience.NEVER]),
        ),
        st.builds(
            Fact,
            st.sampled_from([audience.REGISTRATION + one for one in OFFERS]),
            st.just(Test.INCLUDES),
            st.sampled_from(sorted(audience.SEATS)),
        ),
        st.builds(
            Fact,
            st.sampled_from([audience.INTEREST + one for one in OPENINGS]),
            st.just(Test.INCLUDES),
            st.sampled_from(sorted(audience.INTERESTS)),
        ),
        st.builds(Fact, names, st.just(Test.ANSWERED), st.booleans()),
    )


def about_all(questions: tuple[Question, ...]) -> st.SearchStrategy[Condition]:
    """Conditions about answers and about everything else."""
    leaf = st.one_of(conditions(questions), conditions(questions), beside()) if questions else beside()
    parts = st.lists(leaf, min_size=1, max_size=3).map(tuple)
    return st.one_of(leaf, st.builds(Not, leaf), st.builds(All, parts), st.builds(AnyOf, parts))


def clear(connection: Connection) -> None:
    """Removes everybody, and everything that was learnt from their answers."""
    for table in (chat, meeting, profile_slot, profile_bit):
        connection.execute(delete(table))


def store(connection: Connection, number: int, one: Somebody, now: datetime = NOW) -> int:
    """Stores the person in the tables. Returns the participant's id."""
    key = new_participant(connection, number, language=one.language, blocked_at=now if one.blocked else None)
    connection.execute(
        participant.update()
        .where(participant.c.id == key)
        .values(finished_at=now if one.finished else None, muted=sorted(one.muted) or None, weekly_cap=one.cap)
    )
    rows = [
        {"question_id": name, "status": said.status.value, "value": engine.value_to_data(said.value)}
        | {"answered_at": one.given_at[name]}
        for name, said in one.answers.items()
    ]
    rows += [
        {"question_id": name, "status": "computed", "value": said, "answered_at": now}
        for name, said in one.computed.items()
        if name not in one.answers
    ]
    own = {"participant_id": key, "applies": True, "revision": "old"}
    if rows:
        connection.execute(insert(answer), [own | row for row in rows])
    agreed = {"participant_id": key, "language": "de", "text_version": "1", "given_at": now}
    for purpose in PURPOSES:
        withdrawn = None if purpose in one.purposes else now
        connection.execute(insert(consent), agreed | {"purpose": purpose, "withdrawn_at": withdrawn})
    for place, at in enumerate(one.contacts):
        sent(connection, number, key, f"broadcast:{place}", at)
    for offer, state, attended in one.seats:
        seat(connection, key, offer, state, attended, now)
    for opening, became in one.interests.items():
        said = Interested(0, key, Subject(opening=opening), None, became, now)
        interests.give(connection, said, "de", "1")
    return key


def sent(connection: Connection, chat_id: int, person: int, cause: str, at: datetime) -> None:
    """A broadcast that was sent to a person."""
    planned = Planned(cause, Kind.BROADCAST, at, "ui.language.ask", participant_id=person).row()
    row = planned | {"chat_id": chat_id, "state": Sent.SENT.value, "sent_at": at}
    connection.execute(insert(delivery), row)


def seat(
    connection: Connection, person: int, offer: str, state: State, attended: Attended | None, now: datetime
) -> None:
    """A registration, and whether the person came."""
    held = new_meeting(connection, offer, original=f"{person}")
    row = {"offer_id": offer, "meeting_id": held, "participant_id": person, "state": state.value, "queued_at": now}
    row["ended_at"] = now if state in ENDED else None
    made = connection.execute(insert(registration).returning(registration.c.id), row).scalar_one()
    if attended is not None:
        mark = {"registration_id": made, "meeting_id": held, "state": attended.value, "marked_at": now}
        connection.execute(insert(attendance), mark)


def in_memory(connection: Connection, questionnaire: Questionnaire, key: int, now: datetime = NOW) -> Lookup:
    """What conditions read about one person, as the rest of the program reads it."""
    answers = StoredAnswers(connection, questionnaire, key).aged(now, refreshing=False)
    about = asking.about(connection, key)
    assert about is not None
    return audience.lookup(engine.lookup(questionnaire, answers), about, now)
