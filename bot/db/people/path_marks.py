"""The steps of their path that people have ticked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.db.schema import path_mark


def of_people(connection: Connection, participants: Collection[int]) -> defaultdict[int, set[str]]:
    """The steps of each of these people."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    columns = (path_mark.c.participant_id, path_mark.c.step_id)
    for person, step in connection.execute(select(*columns).where(columns[0].in_(participants))):
        found[person].add(step)
    return found


def mark(connection: Connection, participant_id: int, step_id: str, now: datetime) -> None:
    """Notes that a person has done a step. A second time changes nothing."""
    if step_id not in of_people(connection, [participant_id])[participant_id]:
        row = {"participant_id": participant_id, "step_id": step_id, "since": now}
        connection.execute(insert(path_mark), row)


def unmark(connection: Connection, participant_id: int, step_id: str) -> None:
    """Notes that they have not done it after all."""
    mine = (path_mark.c.participant_id == participant_id, path_mark.c.step_id == step_id)
    connection.execute(delete(path_mark).where(*mine))
