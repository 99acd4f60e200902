"""Separates two merged profiles again. Each is as it was, except for what was said since."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, or_, select, update

from bot.core.seats import State as Seat
from bot.db.moving_rows import dumped, put_back, read_back, rows
from bot.db.outbox.deliveries import PLANNED, State
from bot.db.people import merging_talks, name_starts, persons
from bot.db.people.merging import EITHER, HELD_BACK, SHARED, Merging, Record, forget, other_tables, rows_of
from bot.db.schema import (
    answer,
    answer_history,
    broadcast,
    chat,
    consent,
    delivery,
    interest,
    note,
    participant,
    registration,
)


def take_apart(connection: Connection, one: Merging, now: datetime) -> bool:
    """Restores both, each with what is theirs. Returns whether the kept profile was changed meanwhile."""
    before, kept, gone = one.before, one.kept_id, one.gone_id
    chats = select(chat.c.id).where(
        or_(
            chat.c.id == one.chat_id,
            chat.c.id.in_(select(participant.c.chat_id).where(participant.c.id == kept)),
        )
    )
    connection.execute(chats.order_by(chat.c.id).with_for_update())
    nth = persons.number_again(connection, one.chat_id, before["gone"].get("nth", 1))
    put_back(connection, participant, [{**before["gone"], "folded": None, "nth": nth}])
    name_starts.write(connection, gone, before["gone"]["name"])
    put_back(connection, consent, before["consents"])
    changed = _answers_apart(connection, one)
    _seats_apart(connection, one, now)
    about = {None, *connection.execute(select(broadcast.c.id)).scalars()}  # None: it is about an opening
    put_back(connection, interest, [row for row in before["interests_gone"] if row["broadcast_id"] in about])
    for table, key in EITHER:
        given = _either(before, table, key)
        put_back(connection, table, given["theirs"])
        connection.execute(delete(table).where(table.c.participant_id == kept, table.c[key].in_(given["added"])))
    merging_talks.apart(connection, before.get("talks"), kept, gone, now)
    for table, name in ((interest, "interests"), (note, "notes"), (delivery, "deliveries")):
        _back(connection, table, before[name], kept, gone)
    for table in other_tables():
        theirs = before["others"].get(table.name, [])
        put_back(connection, table, [row for row in theirs if isinstance(row, dict)])
        _back(connection, table, [row for row in theirs if not isinstance(row, dict)], kept, gone)
    _speak_again(connection, one)
    row = dumped(connection.execute(select(participant).where(participant.c.id == kept)).one())
    after = before.get("kept_after", {})
    same_still = {name: before["kept"][name] for name in SHARED if name in after and row[name] == after[name]}
    values = read_back(participant, same_still)
    if values:
        connection.execute(update(participant).where(participant.c.id == kept).values(values))
    name_starts.write(connection, kept, values.get("name", row["name"]))
    forget(connection, one.id)
    return changed


def _either(before: Record, table: Table, key: str) -> Record:
    """What `merging` noted for such a table. An earlier Lotse noted it in another way, or each kept theirs."""
    if table.name in before:
        return before[table.name]  # type: ignore[no-any-return]
    if key == "offer_id":
        return {"theirs": before["unwanted"], "added": before["unwanted_added"]}
    return {"theirs": before["others"].get(table.name, []), "added": []}


def _back(connection: Connection, table: Table, numbers: Collection[int], kept: int, gone: int) -> None:
    """Gives back rows that were moved and still belong to the kept profile."""
    if not numbers:
        return
    theirs = and_(table.c.id.in_(list(numbers)), table.c.participant_id == kept)
    connection.execute(update(table).where(theirs).values(participant_id=gone))


def _answers_apart(connection: Connection, one: Merging) -> bool:
    """Restores answers that nobody has changed since. A newer answer stays, with the restored one in its history."""
    before, kept, gone = one.before, one.kept_id, one.gone_id
    old, new, theirs = (
        {row["question_id"]: row for row in before.get(name, ())}
        for name in ("answers", "answers_after", "answers_gone")
    )
    now = {row["question_id"]: row for row in rows_of(connection, answer, kept)}
    changed = {name for name in old | new | now if now.get(name) != new.get(name)}
    for name in (old | new).keys() - changed:
        if now.get(name) != old.get(name):
            same = (answer.c.participant_id == kept, answer.c.question_id == name)
            connection.execute(delete(answer).where(*same))
            put_back(connection, answer, [old[name]] if name in old else [])
    put_back(connection, answer, list(theirs.values()))
    # The other's answers go with them, also those that became history since. The kept profile's own answers stay.
    gone_now = [key for key, owner, name in before["history_added"] if owner == gone or name not in changed]
    since = and_(answer_history.c.participant_id == kept, answer_history.c.replaced_at >= one.at)
    for row in rows(connection, answer_history, since):
        said = theirs.get(row["question_id"])
        if said is not None and all(row[name] == said[name] for name in ("answered_at", "status", "value")):
            gone_now.append(row["id"])
    moved = set(before["history"])
    doomed = [key for key in gone_now if key not in moved]
    connection.execute(delete(answer_history).where(answer_history.c.id.in_(doomed)))
    _back(connection, answer_history, before["history"], kept, gone)
    return bool(changed)


def _seats_apart(connection: Connection, one: Merging, now: datetime) -> None:
    """Gives seats back to their owners. One that was kept aside is theirs again, unless they have another one now."""
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
    """The other chat goes on where it was, and gets what was held back for it, if that still helps."""
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
        # If the last screen was shown meanwhile, the earlier card is owed.
        told = and_(mine, chat.c.card_version > before["chat"]["card_version"])
        owed = {"card_version": chat.c.card_version + 1, "card_since": chat.c.card_version + 1}
        connection.execute(update(chat).where(told).values(owed))
