"""Participants: their place in the questionnaire, their answers, their consents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, column, delete, func, insert, select, table, update

from bot.core.engine import Answer, State, Status, value_from_data, value_to_data
from bot.db.people import name_starts, persons
from bot.db.prepared import Prepared
from bot.db.schema import UtcTime, answer, answer_history, consent, merging, participant
from bot.db.sealing import Secret
from bot.db.upsert import insert_of


def create(connection: Connection, chat_id: int, state: State, now: datetime) -> int:
    """Creates a participant, after their consent. Returns the new id."""
    row = {"chat_id": chat_id, "created_at": now, "finished_at": None, **_place(state)}
    row |= {"nth": persons.next_number(connection, chat_id)}
    created: int = connection.execute(
        insert(participant).returning(participant.c.id), row | _free_number(connection)
    ).scalar_one()
    return created


_GIVEN = table("sqlite_sequence", column("name"), column("seq"))
_HIGHEST = select(
    select(_GIVEN.c.seq).where(_GIVEN.c.name == participant.name).scalar_subquery(),
    select(func.max(merging.c.gone_id)).scalar_subquery(),
)


def _free_number(connection: Connection) -> dict[str, int]:
    """A free id. Ids that may come back within a week are not free, which SQLite does not know after a move."""
    if connection.dialect.name != "sqlite":
        return {}
    highest, gone = connection.execute(_HIGHEST).one()
    return {} if gone is None or (highest or 0) >= gone else {"id": gone + 1}


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer, when it was given, the revision of the questionnaire, and whether it is marked as counting."""

    answer: Answer
    answered_at: datetime
    revision: str
    applies: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A former answer, and when another one replaced it."""

    question: str
    answer: Answer
    answered_at: datetime
    replaced_at: datetime


def as_stored(status: str, value: object, answered_at: datetime, revision: str, applies: bool) -> Stored:
    """The columns of `answer` as a value."""
    return Stored(Answer(Status(status), value_from_data(value)), answered_at, revision, applies)


def as_past(question: str, status: str, value: object, answered_at: datetime, replaced_at: datetime) -> Past:
    """The columns of `answer_history` as a value."""
    return Past(question, Answer(Status(status), value_from_data(value)), answered_at, replaced_at)


_KEPT = ("question_id", "status", "value", "answered_at", "revision", "applies")
_ANSWERS = Prepared(select(*(answer.c[name] for name in _KEPT)).where(answer.c.participant_id == bindparam("id")))


def answers(connection: Connection, participant_id: int) -> dict[str, Stored]:
    """The newest answer to every question that was ever answered, by question id."""
    return {row[0]: as_stored(*row[1:]) for row in _ANSWERS.rows(connection, {"id": participant_id})}


_ANSWERS_OF = select(answer.c.participant_id, *(answer.c[name] for name in _KEPT)).where(
    answer.c.participant_id.in_(bindparam("people", expanding=True)),
    answer.c.question_id.in_(bindparam("questions", expanding=True)),
)


def answers_of(
    connection: Connection, people: Collection[int], questions: Collection[str]
) -> dict[int, dict[str, Stored]]:
    """The newest answers of several people to some questions, by participant and question."""
    found: dict[int, dict[str, Stored]] = {one: {} for one in people}
    named = {"people": list(people), "questions": list(questions)}
    for person, question, *columns in connection.execute(_ANSWERS_OF, named) if people else ():
        found[person][question] = as_stored(*columns)
    return found


def history(connection: Connection, participant_id: int) -> list[Past]:
    """Former answers, the oldest first."""
    past = answer_history.c
    rows = connection.execute(
        select(past.question_id, past.status, past.value, past.answered_at, past.replaced_at)
        .where(past.participant_id == participant_id)
        .order_by(past.answered_at, past.id)
    )
    return [as_past(*row) for row in rows]


_MOVE = Prepared(
    update(participant)
    .where(participant.c.id == bindparam("key"))
    .values(at=bindparam("new_at"), draft=bindparam("new_draft"), from_summary=bindparam("new_from_summary"))
)


def move(connection: Connection, participant_id: int, state: State) -> None:
    """Stores where the card is."""
    place = {f"new_{name}": value for name, value in _place(state).items()}
    _MOVE.changed(connection, {"key": participant_id, **place})


def finish(connection: Connection, participant_id: int, now: datetime) -> None:
    """The person has confirmed the summary. The first time counts."""
    connection.execute(
        update(participant)
        .where(participant.c.id == participant_id, participant.c.finished_at.is_(None))
        .values(finished_at=now)
    )


@cache
def _upsert(dialect: str) -> Prepared:
    statement = insert_of(dialect, answer)
    replaced = statement.on_conflict_do_update(
        index_elements=["participant_id", "question_id"],
        set_={name: statement.excluded[name] for name in ("status", "value", "applies", "answered_at", "revision")},
    )
    return Prepared(replaced, tuple(one.name for one in answer.c))


def save_answers(
    connection: Connection,
    participant_id: int,
    given: Mapping[str, Answer],
    revision: str,
    now: datetime,
    history: Collection[str] = (),
    sealed: Collection[str] = (),
) -> None:
    """Stores answers that were given now and that count. For questions in `history`, the former answers are kept.

    Answers to questions in `sealed` cannot be read without the key.
    """
    if history:
        _remember(connection, participant_id, history, now)
    rows = [
        {
            "participant_id": participant_id,
            "question_id": question,
            "status": one.status.value,
            "value": _data(one, sealed=question in sealed),
            "applies": True,
            "answered_at": now,
            "revision": revision,
        }
        for question, one in given.items()
    ]
    _upsert(connection.dialect.name).each(connection, rows)


def _data(one: Answer, *, sealed: bool) -> Any:  # noqa: ANN401 - what the column takes
    data = value_to_data(one.value)
    return Secret(data) if sealed else data


def _remember(connection: Connection, participant_id: int, questions: Collection[str], now: datetime) -> None:
    kept = ("participant_id", "question_id", "status", "value", "answered_at", "revision")
    former = select(*(answer.c[name] for name in kept), bindparam("now", now, UtcTime)).where(
        answer.c.participant_id == participant_id, answer.c.question_id.in_(list(questions))
    )
    connection.execute(insert(answer_history).from_select([*kept, "replaced_at"], former))


def carry(
    connection: Connection,
    participant_id: int,
    moves: Mapping[str, tuple[str, Answer]],
    revision: str,
    sealed: Collection[str] = (),
) -> None:
    """Moves answers to today's ids of questions and options. `moves`: by new id, the old id and the answer.

    Their time stays. Former answers follow to the new id, each with the options of its own time.
    """
    rows = connection.execute(
        select(answer).where(
            answer.c.participant_id == participant_id, answer.c.question_id.in_([old for old, _ in moves.values()])
        )
    )
    found = {row.question_id: row._asdict() for row in rows}
    gone = {old for old, _ in moves.values()} | moves.keys()
    connection.execute(
        delete(answer).where(answer.c.participant_id == participant_id, answer.c.question_id.in_(list(gone)))
    )
    connection.execute(
        insert(answer),
        [
            {**found[old], "question_id": new, "value": _data(one, sealed=new in sealed), "revision": revision}
            for new, (old, one) in moves.items()
        ],
    )
    past = answer_history.c
    for new, (old, _) in moves.items():
        if new != old:
            connection.execute(
                update(answer_history)
                .where(past.participant_id == participant_id, past.question_id == old)
                .values(question_id=new)
            )


def set_rounds(connection: Connection, participant_id: int, **changes: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes what a participant is asked after the first pass: `more`, `refreshing`, `offered`."""
    connection.execute(update(participant).where(participant.c.id == participant_id).values(changes))


def set_preferences(connection: Connection, participant_id: int, **changes: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes what we may write to a participant, and when: `quiet`, `muted`, `weekly_cap`, `zone`, `name`."""
    if "name" in changes:
        name_starts.write(connection, participant_id, changes["name"])
    connection.execute(update(participant).where(participant.c.id == participant_id).values(changes))


def names(connection: Connection, participant_ids: Collection[int]) -> dict[int, str]:
    """The names that people gave for lists. People without one are left out."""
    said = select(participant.c.id, participant.c.name).where(
        participant.c.id.in_(list(participant_ids)), participant.c.name.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(said)}


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's own quiet hours and time zone, as they are stored. None: the town's."""

    quiet: str | None = None
    zone: str | None = None


def chat_of(connection: Connection, participant_id: int) -> tuple[int, Hours] | None:
    """A participant's chat and hours. None if there is no such participant."""
    row = connection.execute(
        select(participant.c.chat_id, participant.c.quiet, participant.c.zone).where(
            participant.c.id == participant_id
        )
    ).first()
    return None if row is None else (row.chat_id, Hours(row.quiet, row.zone))


def zones(connection: Connection, participant_ids: Collection[int]) -> dict[int, str]:
    """The time zones of these people. People who use the town's are left out."""
    asked = select(participant.c.id, participant.c.zone).where(
        participant.c.id.in_(list(participant_ids)), participant.c.zone.is_not(None)
    )
    return {row.id: row.zone for row in connection.execute(asked)}


def mark_counting(connection: Connection, participant_id: int, questions: Iterable[str], *, counts: bool) -> None:
    """Marks answers that begin or cease to count because of another answer."""
    connection.execute(
        update(answer)
        .where(answer.c.participant_id == participant_id, answer.c.question_id.in_(list(questions)))
        .values(applies=counts)
    )


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent: since when, in which language, and to which text."""

    since: datetime
    language: str
    text_version: str


_AGREED = Prepared(
    select(consent.c.purpose, consent.c.given_at, consent.c.language, consent.c.text_version).where(
        consent.c.participant_id == bindparam("id"), consent.c.withdrawn_at.is_(None)
    )
)


def agreed(connection: Connection, participant_id: int) -> dict[str, Agreed]:
    """What a person agreed to and did not take back, by purpose."""
    return {purpose: Agreed(*columns) for purpose, *columns in _AGREED.rows(connection, {"id": participant_id})}


def consents(connection: Connection, participant_id: int) -> dict[str, datetime]:
    """The purposes of these consents, each with since when."""
    return {purpose: one.since for purpose, one in agreed(connection, participant_id).items()}


def give_consent(
    connection: Connection, participant_id: int, purpose: str, *, language: str, text_version: str, now: datetime
) -> None:
    """Records a consent to one purpose, with its text. An existing consent stays as it is."""
    if purpose in consents(connection, participant_id):
        return
    connection.execute(
        insert(consent),
        {
            "participant_id": participant_id,
            "purpose": purpose,
            "language": language,
            "text_version": text_version,
            "given_at": now,
        },
    )


def withdraw_consent(connection: Connection, participant_id: int, purpose: str, now: datetime) -> None:
    """Records that a consent is taken back. It stays in the history."""
    connection.execute(
        update(consent)
        .where(
            consent.c.participant_id == participant_id, consent.c.purpose == purpose, consent.c.withdrawn_at.is_(None)
        )
        .values(withdrawn_at=now)
    )


def _place(state: State) -> dict[str, Any]:
    return {"at": state.at, "draft": "\n".join(state.draft), "from_summary": state.returning}
