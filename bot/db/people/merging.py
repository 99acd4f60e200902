"""Merges two profiles of one person into one, and keeps everything that is needed to separate them again.

Of two answers the newer one counts, the other becomes history. Consents stay with the chat they were given in. Of two
seats of the same kind the better one counts; the other is kept for nobody until it is decided. A separation gives
each profile what was theirs. What the kept profile was told since then stays with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, delete, insert, or_, select, update

from bot.core.engine import Status
from bot.core.seats import State as Seat
from bot.db.moving_rows import dumped, put_back, read_back, rows
from bot.db.outbox.deliveries import State
from bot.db.people import merging_talks, name_starts
from bot.db.schema import (
    answer,
    answer_history,
    chat,
    consent,
    delivery,
    interest,
    merging,
    metadata,
    note,
    participant,
    path_mark,
    registration,
    unwanted_offer,
)

WEEK = timedelta(days=7)
"""How long two merged profiles can be separated again."""
HELD_BACK = "merged"
"""Why a message to the chat that no longer speaks is not sent."""
SHARED = ("name", "finished_at", "muted", "more")
"""Columns of a participant in which both profiles are combined."""
EITHER = ((unwanted_offer, "offer_id"), (path_mark, "step_id"))
"""Tables whose rows say something just by existing, each with the column that says what."""
RANKS = (Seat.REGISTERED, Seat.HELD, Seat.REQUESTED, Seat.WAITING)
"""States of a seat, the best first."""
KNOWN = frozenset(
    {
        *("answer", "answer_history", "consent", "delivery", "former_topic", "interest", "merging", "name_start"),
        *("note", "paper_code", "path_mark", "profile", "profile_change", "registration", "thread"),
        "unwanted_offer",
    }
)
"""Tables about participants that have their own rule here, or follow from others by themselves."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merging:
    """Two merged profiles: who holds both, whose id is gone, and where that one spoke."""

    id: int
    kept_id: int
    gone_id: int
    chat_id: int
    at: datetime
    by_id: int | None
    before: Record


_ALL = select(*(merging.c[name] for name in Merging.__dataclass_fields__))


def load(connection: Connection, number: int) -> Merging | None:
    """One merging by its id."""
    return _first(connection, _ALL.where(merging.c.id == number).with_for_update())


def of_person(connection: Connection, participant_id: int) -> Merging | None:
    """What was merged into a participant's profile."""
    return _first(connection, _ALL.where(merging.c.kept_id == participant_id))


def of_chat(connection: Connection, chat_id: int) -> Merging | None:
    """What was taken out of a chat."""
    return _first(connection, _ALL.where(merging.c.chat_id == chat_id))


def settled(connection: Connection, before: datetime) -> list[Merging]:
    """Mergings that are so old that they become final."""
    found = connection.execute(_ALL.where(merging.c.at < before).order_by(merging.c.id).with_for_update())
    return [Merging(*row) for row in found]


def forget(connection: Connection, number: int) -> None:
    """Makes a merging final."""
    connection.execute(delete(merging).where(merging.c.id == number))


def _first(connection: Connection, wanted: Select[Any]) -> Merging | None:
    row = connection.execute(wanted).first()
    return None if row is None else Merging(*row)


# -- merging


def merge(
    connection: Connection, kept: int, gone: int, by: int, now: datetime, *, away: str, stand_in: str
) -> int | None:
    """Merges the profile `gone` into `kept`. Returns the merging's id. None if it is not possible.

    It is not possible if one of them is gone, is part of another merging, or its data is only kept.

    `away`: the screen of the chat that no longer speaks. `stand_in`: the name under which a surplus seat is kept.
    Call `completed` after the answers were worked out anew.
    """
    people = _locked(connection, kept, gone)
    if people is None or any(of_person(connection, one) for one in (kept, gone)):
        return None
    one, other = people
    if one.restricted_at is not None or other.restricted_at is not None:
        return None
    if of_chat(connection, other.chat_id) is not None:
        return None
    before: dict[str, Any] = {"gone": dumped(other), "kept": {name: dumped(one)[name] for name in SHARED}}
    before |= _answers(connection, kept, gone, now)
    before["consents"] = rows_of(connection, consent, gone)
    before |= _seats(connection, kept, gone, stand_in)
    before |= _interests(connection, kept, gone)
    for table, key in EITHER:
        before[table.name] = _either(connection, table, key, kept, gone)
    before["talks"] = merging_talks.together(connection, kept, gone, now, HELD_BACK)
    before["notes"] = _moved(connection, note, gone, kept)
    before["others"] = _others(connection, kept, gone)
    before |= _deliveries(connection, one, other, before["seats"], [key for key, _ in before["parked"]])
    _add_to(connection, one, other)
    connection.execute(delete(participant).where(participant.c.id == gone))
    before["chat"] = _silence(connection, other.chat_id, away) if one.chat_id != other.chat_id else None
    row = {"kept_id": kept, "gone_id": gone, "chat_id": other.chat_id, "at": now, "by_id": by, "before": before}
    return int(connection.execute(insert(merging).returning(merging.c.id), row).scalar_one())


def completed(connection: Connection, number: int) -> None:
    """Notes what the kept profile is now. Anything that differs later was changed by somebody."""
    one = load(connection, number)
    if one is not None:
        row = connection.execute(select(participant).where(participant.c.id == one.kept_id)).one()
        after = {name: dumped(row)[name] for name in SHARED}
        answers = rows_of(connection, answer, one.kept_id)
        before = {**one.before, "kept_after": after, "answers_after": answers}
        connection.execute(update(merging).where(merging.c.id == number).values(before=before))


def _locked(connection: Connection, kept: int, gone: int) -> tuple[Row[Any], Row[Any]] | None:
    """Both rows, or None. Locks chats first, as all writers do, so that nobody changes the rows until the end."""
    ids = sorted({kept, gone})
    theirs = select(participant.c.chat_id).where(participant.c.id.in_(ids))
    connection.execute(select(chat.c.id).where(chat.c.id.in_(theirs)).order_by(chat.c.id).with_for_update())
    wanted = select(participant).where(participant.c.id.in_(ids)).order_by(participant.c.id).with_for_update()
    found = {row.id: row for row in connection.execute(wanted)}
    return (found[kept], found[gone]) if len(found) == 2 else None  # noqa: PLR2004 - two people


def rows_of(connection: Connection, table: Table, person: int) -> list[dict[str, Any]]:
    """Everything that a table has about a person."""
    return rows(connection, table, table.c.participant_id == person)


def _moved(connection: Connection, table: Table, old: int, new: int) -> list[int]:
    """Gives all rows of one person in a table to another. Returns their ids."""
    theirs = update(table).where(table.c.participant_id == old).values(participant_id=new).returning(table.c.id)
    return sorted(connection.execute(theirs).scalars())


def _answers(connection: Connection, kept: int, gone: int, now: datetime) -> dict[str, Any]:
    """Of two answers, the newer one counts. The other becomes history if it says something else."""
    mine, theirs = rows_of(connection, answer, kept), rows_of(connection, answer, gone)
    known = {row["question_id"]: row for row in mine}
    former: list[dict[str, Any]] = []
    for row in theirs:
        name, old = row["question_id"], known.get(row["question_id"])
        if row["status"] == Status.COMPUTED.value:
            continue
        other = old is not None and old["status"] != Status.COMPUTED.value
        newer = old is None or not other or row["answered_at"] > old["answered_at"]
        if newer:
            put_back(connection, answer, [row | {"participant_id": kept}], replace=True)
        if other and old is not None and (old["status"], old["value"]) != (row["status"], row["value"]):
            lost = old if newer else row
            former.append(lost | {"question_id": name})
    moved = _moved(connection, answer_history, gone, kept)
    columns = ("question_id", "status", "value", "answered_at", "revision")
    added = [
        [
            connection.execute(
                insert(answer_history).returning(answer_history.c.id),
                read_back(answer_history, {name: row[name] for name in columns})
                | {"participant_id": kept, "replaced_at": now},
            ).scalar_one(),
            row["participant_id"],
            row["question_id"],
        ]
        for row in former
    ]
    return {"answers": mine, "answers_gone": theirs, "history": moved, "history_added": added}


def _seats(connection: Connection, kept: int, gone: int, stand_in: str) -> dict[str, Any]:
    """Moves seats. Of two live ones for one target the better counts; the other is kept under another name."""
    columns = registration.c
    live = select(columns.id, columns.participant_id, columns.offer_id, columns.meeting_id, columns.state).where(
        columns.participant_id.in_([kept, gone]), columns.ended_at.is_(None)
    )
    places: dict[tuple[str, int | None], list[Any]] = {}
    for row in connection.execute(live.order_by(columns.id)):
        places.setdefault((row.offer_id, row.meeting_id), []).append(row)
    parked: list[list[int]] = []
    for several in places.values():
        ranked = sorted(several, key=lambda row: (RANKS.index(Seat(row.state)), row.participant_id != kept))
        parked += [[row.id, row.participant_id] for row in ranked[1:]]
    if parked:
        words = {"participant_id": None, "guest": {"name": stand_in, "contact": ""}}
        connection.execute(update(registration).where(columns.id.in_([key for key, _ in parked])).values(words))
    return {"seats": _moved(connection, registration, gone, kept), "parked": parked}


def _interests(connection: Connection, kept: int, gone: int) -> dict[str, Any]:
    """Moves interests. If both had one for the same subject, the one of the chat that goes on counts."""
    about = (interest.c.broadcast_id, interest.c.offer_id)
    same = or_(*(column.in_(select(column).where(interest.c.participant_id == kept)) for column in about))
    both = and_(interest.c.participant_id == gone, same)
    stay = [dumped(row) for row in connection.execute(select(interest).where(both).order_by(interest.c.id))]
    connection.execute(delete(interest).where(interest.c.id.in_([row["id"] for row in stay])))
    return {"interests_gone": stay, "interests": _moved(connection, interest, gone, kept)}


def _either(connection: Connection, table: Table, key: str, kept: int, gone: int) -> dict[str, Any]:
    """What either of them no longer wants, or has done, counts for both."""
    known = {row[key] for row in rows_of(connection, table, kept)}
    theirs = rows_of(connection, table, gone)
    new = [row[key] for row in theirs if row[key] not in known]
    put_back(connection, table, [row | {"participant_id": kept} for row in theirs if row[key] in new])
    return {"theirs": theirs, "added": new}


def _deliveries(
    connection: Connection, one: Row[Any], other: Row[Any], seats: Sequence[int], parked: Sequence[int]
) -> dict[str, Any]:
    """Sent messages belong to the kept profile. Unsent ones for the other chat are held back."""
    about = or_(delivery.c.participant_id == other.id, delivery.c.registration_id.in_(seats))
    silent = and_(delivery.c.chat_id == other.chat_id, delivery.c.chat_id != one.chat_id, about)
    waiting = and_(delivery.c.state == State.PLANNED.value, or_(silent, delivery.c.registration_id.in_(parked)))
    held_back = {"state": State.SKIPPED.value, "reason": HELD_BACK}
    held = connection.execute(update(delivery).where(waiting).values(held_back).returning(delivery.c.id))
    return {
        "held_back": sorted(held.scalars()),
        "deliveries": _moved(connection, delivery, other.id, one.id),
    }


def other_tables() -> list[Table]:
    """Tables about participants that have no rule here."""
    keys = ((table, key) for table in metadata.sorted_tables for key in table.foreign_keys)
    about = {table.name: table for table, key in keys if key.column is participant.c.id}
    return [table for name, table in about.items() if name not in KNOWN]


def _others(connection: Connection, kept: int, gone: int) -> dict[str, Any]:
    """Moves rows that have an id of their own. Of rows that exist once for a participant, each keeps theirs."""
    found: dict[str, Any] = {}
    for table in other_tables():
        own = "id" in table.c and not table.c.participant_id.unique and not table.c.participant_id.primary_key
        found[table.name] = _moved(connection, table, gone, kept) if own else rows_of(connection, table, gone)
    return found


def _add_to(connection: Connection, one: Row[Any], other: Row[Any]) -> None:
    """Adds what the other profile has besides answers: a name if there was none, and what is no longer wanted."""
    ends = [at for at in (one.finished_at, other.finished_at) if at is not None]
    columns = {
        "name": one.name or other.name,
        "finished_at": min(ends, default=None),
        "muted": sorted({*(one.muted or ()), *(other.muted or ())}) or None,
        "more": one.more or other.more,
    }
    connection.execute(update(participant).where(participant.c.id == one.id).values(columns))
    name_starts.write(connection, one.id, columns["name"])


def _silence(connection: Connection, chat_id: int, away: str) -> dict[str, Any] | None:
    """Gives the chat its last screen. None if somebody else speaks there, too."""
    if connection.execute(select(participant.c.id).where(participant.c.chat_id == chat_id)).first() is not None:
        return None
    names = ("screen", "detour", "focus", "card_version")
    row = connection.execute(select(*(chat.c[name] for name in names)).where(chat.c.id == chat_id)).one()
    connection.execute(update(chat).where(chat.c.id == chat_id).values(screen=away, detour=None, focus=None))
    return dumped(row)
