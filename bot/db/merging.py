"""Two profiles of one person become one, and two again: what was moved, and all it takes to move it back.

Answers: the newer one counts, the other is history. Consents stay with the chat they were given in: they do not
travel. Of two seats of the same kind the better one counts, the other is kept free of anybody until it is decided.
Taking apart gives each what was theirs; what the kept profile was told since stays with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, delete, insert, or_, select, update

from bot.core.engine import Status
from bot.core.seats import State as Seat
from bot.db.deliveries import PLANNED, State
from bot.db.moving_rows import dumped, put_back, read_back
from bot.db.schema import (
    answer,
    answer_history,
    broadcast,
    chat,
    consent,
    delivery,
    interest,
    merging,
    metadata,
    note,
    participant,
    registration,
    unwanted_offer,
)

WEEK = timedelta(days=7)
"""So long two profiles that were put together can be taken apart again."""
HELD_BACK = "merged"
"""Why a message to the chat that speaks no more is not sent."""
SHARED = ("name", "folded", "finished_at", "muted", "more")
"""Columns of a participant to which both profiles add."""
RANKS = (Seat.REGISTERED, Seat.HELD, Seat.REQUESTED, Seat.WAITING)
"""What is better of two seats of the same person, the best first."""
KNOWN = frozenset(
    {
        *("answer", "answer_history", "consent", "delivery", "interest", "merging", "note", "profile"),
        *("profile_change", "registration", "unwanted_offer"),
    }
)
"""Tables about participants that have a rule of their own here, or follow from the others by themselves."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merging:
    """Two profiles that were put together: who holds both, whose number is gone, and where that one spoke."""

    id: int
    kept_id: int
    gone_id: int
    chat_id: int
    at: datetime
    by_id: int | None
    before: Record


_ALL = select(*(merging.c[name] for name in Merging.__dataclass_fields__))


def load(connection: Connection, number: int) -> Merging | None:
    """One by its number."""
    return _first(connection, _ALL.where(merging.c.id == number).with_for_update())


def of_person(connection: Connection, participant_id: int) -> Merging | None:
    """What was added to a participant's profile."""
    return _first(connection, _ALL.where(merging.c.kept_id == participant_id))


def of_chat(connection: Connection, chat_id: int) -> Merging | None:
    """What was taken out of a chat."""
    return _first(connection, _ALL.where(merging.c.chat_id == chat_id))


def settled(connection: Connection, before: datetime) -> list[Merging]:
    """Those that are so old that they stay."""
    found = connection.execute(_ALL.where(merging.c.at < before).order_by(merging.c.id).with_for_update())
    return [Merging(*row) for row in found]


def forget(connection: Connection, number: int) -> None:
    """Both stay one for ever."""
    connection.execute(delete(merging).where(merging.c.id == number))


def _first(connection: Connection, wanted: Select[Any]) -> Merging | None:
    row = connection.execute(wanted).first()
    return None if row is None else Merging(*row)


# -- together


def merge(
    connection: Connection, kept: int, gone: int, by: int, now: datetime, *, away: str, stand_in: str
) -> int | None:
    """Put the profile `gone` into `kept`; its number. None where one of them is gone, or in the middle of another.

    `away` is the screen of the chat that speaks no more, `stand_in` what a seat is kept under that is one too many.
    `completed` has to follow when the answers were worked out anew.
    """
    people = _locked(connection, kept, gone)
    if people is None or any(of_person(connection, one) for one in (kept, gone)):
        return None
    one, other = people
    if of_chat(connection, other.chat_id) is not None:
        return None
    before: dict[str, Any] = {"gone": dumped(other), "kept": {name: dumped(one)[name] for name in SHARED}}
    before |= _answers(connection, kept, gone, now)
    before["consents"] = _rows(connection, consent, gone)
    before |= _seats(connection, kept, gone, stand_in)
    before |= _interests(connection, kept, gone)
    before |= _unwanted(connection, kept, gone)
    before["notes"] = _moved(connection, note, gone, kept)
    before["others"] = _others(connection, kept, gone)
    before |= _deliveries(connection, one, other, before["seats"], [key for key, _ in before["parked"]])
    _add_to(connection, one, other)
    connection.execute(delete(participant).where(participant.c.id == gone))
    before["chat"] = _silence(connection, other.chat_id, away) if one.chat_id != other.chat_id else None
    row = {"kept_id": kept, "gone_id": gone, "chat_id": other.chat_id, "at": now, "by_id": by, "before": before}
    return int(connection.execute(insert(merging).returning(merging.c.id), row).scalar_one())


def completed(connection: Connection, number: int) -> None:
    """Note what the kept profile is now: what differs later was changed by somebody."""
    one = load(connection, number)
    if one is not None:
        row = connection.execute(select(participant).where(participant.c.id == one.kept_id)).one()
        after = {name: dumped(row)[name] for name in SHARED}
        answers = _rows(connection, answer, one.kept_id)
        before = {**one.before, "kept_after": after, "answers_after": answers}
        connection.execute(update(merging).where(merging.c.id == number).values(before=before))


def _locked(connection: Connection, kept: int, gone: int) -> tuple[Row[Any], Row[Any]] | None:
    """Both rows, chats first, as whoever writes to us has them; nobody changes them before this is over."""
    ids = sorted({kept, gone})
    theirs = select(participant.c.chat_id).where(participant.c.id.in_(ids))
    connection.execute(select(chat.c.id).where(chat.c.id.in_(theirs)).order_by(chat.c.id).with_for_update())
    wanted = select(participant).where(participant.c.id.in_(ids)).order_by(participant.c.id).with_for_update()
    found = {row.id: row for row in connection.execute(wanted)}
    return (found[kept], found[gone]) if len(found) == 2 else None  # noqa: PLR2004 - two people


def _rows(connection: Connection, table: Table, person: int) -> list[dict[str, Any]]:
    """Everything a table has of a person."""
    wanted = select(table).where(table.c.participant_id == person).order_by(*table.primary_key.columns)
    return [dumped(row) for row in connection.execute(wanted)]


def _moved(connection: Connection, table: Table, old: int, new: int) -> list[int]:
    """All of a table that is one person's is another's; which rows."""
    theirs = update(table).where(table.c.participant_id == old).values(participant_id=new).returning(table.c.id)
    return sorted(connection.execute(theirs).scalars())


def _answers(connection: Connection, kept: int, gone: int, now: datetime) -> dict[str, Any]:
    """Of two answers the newer one counts; the other goes into the history, where it says something else."""
    mine, theirs = _rows(connection, answer, kept), _rows(connection, answer, gone)
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
    """Seats move; of two live ones for the same the better one counts, the other is kept under another name."""
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
    """Interests move; where both had one for the same, that of the chat that goes on counts."""
    mine = select(interest.c.broadcast_id).where(interest.c.participant_id == kept)
    both = and_(interest.c.participant_id == gone, interest.c.broadcast_id.in_(mine))
    stay = [dumped(row) for row in connection.execute(select(interest).where(both).order_by(interest.c.id))]
    connection.execute(delete(interest).where(interest.c.id.in_([row["id"] for row in stay])))
    return {"interests_gone": stay, "interests": _moved(connection, interest, gone, kept)}


def _unwanted(connection: Connection, kept: int, gone: int) -> dict[str, Any]:
    """What one of them wants to hear no more of, both want no more."""
    known = {row["offer_id"] for row in _rows(connection, unwanted_offer, kept)}
    theirs = _rows(connection, unwanted_offer, gone)
    new = [row["offer_id"] for row in theirs if row["offer_id"] not in known]
    put_back(connection, unwanted_offer, [row | {"participant_id": kept} for row in theirs if row["offer_id"] in new])
    return {"unwanted": theirs, "unwanted_added": new}


def _deliveries(
    connection: Connection, one: Row[Any], other: Row[Any], seats: Sequence[int], parked: Sequence[int]
) -> dict[str, Any]:
    """What was said belongs to the kept profile; what was still to be said in the other chat is held back."""
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
    """Tables about participants of which nothing is said here."""
    keys = ((table, key) for table in metadata.sorted_tables for key in table.foreign_keys)
    about = {table.name: table for table, key in keys if key.column is participant.c.id}
    return [table for name, table in about.items() if name not in KNOWN]


def _others(connection: Connection, kept: int, gone: int) -> dict[str, Any]:
    """Rows with a number of their own move; of what there is once for a participant, each keeps theirs."""
    found: dict[str, Any] = {}
    for table in other_tables():
        own = "id" in table.c and not table.c.participant_id.unique and not table.c.participant_id.primary_key
        found[table.name] = _moved(connection, table, gone, kept) if own else _rows(connection, table, gone)
    return found


def _add_to(connection: Connection, one: Row[Any], other: Row[Any]) -> None:
    """What the other profile adds beside answers: a name where there was none, and what is wanted no more."""
    ends = [at for at in (one.finished_at, other.finished_at) if at is not None]
    columns = {
        "name": one.name or other.name,
        "folded": one.folded if one.name else other.folded,
        "finished_at": min(ends, default=None),
        "muted": sorted({*(one.muted or ()), *(other.muted or ())}) or None,
        "more": one.more or other.more,
    }
    connection.execute(update(participant).where(participant.c.id == one.id).values(columns))


def _silence(connection: Connection, chat_id: int, away: str) -> dict[str, Any] | None:
    """The chat has a last screen from now on; None where somebody else speaks there too."""
    if connection.execute(select(participant.c.id).where(participant.c.chat_id == chat_id)).first() is not None:
        return None
    names = ("screen", "detour", "focus", "card_version")
    row = connection.execute(select(*(chat.c[name] for name in names)).where(chat.c.id == chat_id)).one()
    connection.execute(update(chat).where(chat.c.id == chat_id).values(screen=away, detour=None, focus=None))
    return dumped(row)


# -- apart


def take_apart(connection: Connection, one: Merging, now: datetime) -> bool:
    """Both are as they were, each with what is theirs; whether the kept profile was changed meanwhile."""
    before, kept, gone = one.before, one.kept_id, one.gone_id
    chats = select(chat.c.id).where(
        or_(
            chat.c.id == one.chat_id,
            chat.c.id.in_(select(participant.c.chat_id).where(participant.c.id == kept)),
        )
    )
    connection.execute(chats.order_by(chat.c.id).with_for_update())
    put_back(connection, participant, [before["gone"]])
    put_back(connection, consent, before["consents"])
    changed = _answers_apart(connection, one)
    _seats_apart(connection, one, now)
    broadcasts = set(connection.execute(select(broadcast.c.id)).scalars())
    put_back(connection, interest, [row for row in before["interests_gone"] if row["broadcast_id"] in broadcasts])
    put_back(connection, unwanted_offer, before["unwanted"])
    for row in before["unwanted"]:
        if row["offer_id"] in before["unwanted_added"]:
            same = (unwanted_offer.c.participant_id == kept, unwanted_offer.c.offer_id == row["offer_id"])
            connection.execute(delete(unwanted_offer).where(*same))
    for table, name in ((interest, "interests"), (note, "notes"), (delivery, "deliveries")):
        _back(connection, table, before[name], kept, gone)
    for table in other_tables():
        rows = before["others"].get(table.name, [])
        put_back(connection, table, [row for row in rows if isinstance(row, dict)])
        _back(connection, table, [row for row in rows if not isinstance(row, dict)], kept, gone)
    _speak_again(connection, one)
    row = dumped(connection.execute(select(participant).where(participant.c.id == kept)).one())
    after = before.get("kept_after", {})
    same_still = {name: before["kept"][name] for name in SHARED if name in after and row[name] == after[name]}
    if same_still:
        values = read_back(participant, same_still)
        connection.execute(update(participant).where(participant.c.id == kept).values(values))
    forget(connection, one.id)
    return changed


def _back(connection: Connection, table: Table, numbers: Collection[int], kept: int, gone: int) -> None:
    """Rows that were moved and are still the kept one's go back."""
    if not numbers:
        return
    theirs = and_(table.c.id.in_(list(numbers)), table.c.participant_id == kept)
    connection.execute(update(table).where(theirs).values(participant_id=gone))


def _answers_apart(connection: Connection, one: Merging) -> bool:
    """An answer that nobody has changed since is as before; what was said since stays, behind what it replaced."""
    before, kept, gone = one.before, one.kept_id, one.gone_id
    old, new, theirs = (
        {row["question_id"]: row for row in before.get(name, ())}
        for name in ("answers", "answers_after", "answers_gone")
    )
    now = {row["question_id"]: row for row in _rows(connection, answer, kept)}
    changed = {name for name in old | new | now if now.get(name) != new.get(name)}
    for name in (old | new).keys() - changed:
        if now.get(name) != old.get(name):
            same = (answer.c.participant_id == kept, answer.c.question_id == name)
            connection.execute(delete(answer).where(*same))
            put_back(connection, answer, [old[name]] if name in old else [])
    put_back(connection, answer, list(theirs.values()))
    # What was the other's goes with them, also where it became history since; what was their own stays.
    gone_now = [key for key, owner, name in before["history_added"] if owner == gone or name not in changed]
    since = select(answer_history).where(answer_history.c.participant_id == kept)
    for row in connection.execute(since.where(answer_history.c.replaced_at >= one.at)):
        said = theirs.get(row.question_id)
        copy = dumped(row)
        if said is not None and all(copy[name] == said[name] for name in ("answered_at", "status", "value")):
            gone_now.append(row.id)
    moved = set(before["history"])
    doomed = [key for key in gone_now if key not in moved]
    connection.execute(delete(answer_history).where(answer_history.c.id.in_(doomed)))
    _back(connection, answer_history, before["history"], kept, gone)
    return bool(changed)


def _seats_apart(connection: Connection, one: Merging, now: datetime) -> None:
    """Seats go back to whose they were; one that was kept aside is theirs again, unless they have another by now."""
    columns = registration.c
    _back(connection, registration, one.before["seats"], one.kept_id, one.gone_id)
    for key, owner in one.before["parked"]:
        row = connection.execute(
            select(registration).where(columns.id == key, columns.participant_id.is_(None))
        ).first()
        if row is None:
            continue
        values: dict[str, Any] = {"participant_id": owner, "guest": None}
        if row.ended_at is None and _has_live(connection, owner, row):
            values |= {"state": Seat.LAPSED.value, "ended_at": now}
        connection.execute(update(registration).where(columns.id == key).values(values))


def _has_live(connection: Connection, owner: int, row: Row[Any]) -> bool:
    columns = registration.c
    meeting: ColumnElement[bool] = (
        columns.meeting_id.is_(None) if row.meeting_id is None else columns.meeting_id == row.meeting_id
    )
    same = (columns.participant_id == owner, columns.offer_id == row.offer_id, meeting, columns.ended_at.is_(None))
    return connection.execute(select(columns.id).where(*same)).first() is not None


def _speak_again(connection: Connection, one: Merging) -> None:
    """The other chat goes on where it was, and is said what was held back for it, if that still helps."""
    before = one.before
    ended = and_(
        delivery.c.registration_id.in_([*before["seats"]]),
        delivery.c.chat_id != one.chat_id,
        delivery.c.state == State.PLANNED.value,
    )
    values = {"state": State.SKIPPED.value, "reason": "not_registered"}
    connection.execute(update(delivery).where(ended).values(values))
    held = and_(delivery.c.id.in_(before["held_back"]), delivery.c.reason == HELD_BACK)
    if connection.execute(update(delivery).where(held).values(state=State.PLANNED.value, reason=None)).rowcount:
        connection.info[PLANNED] = True
    if before["chat"] is not None:
        place = {name: before["chat"][name] for name in ("screen", "detour", "focus")}
        mine = chat.c.id == one.chat_id
        connection.execute(update(chat).where(mine).values(place))
        # Where the last screen was shown meanwhile, the card of before is owed.
        told = and_(mine, chat.c.card_version > before["chat"]["card_version"])
        owed = {"card_version": chat.c.card_version + 1, "card_since": chat.c.card_version + 1}
        connection.execute(update(chat).where(told).values(owed))
