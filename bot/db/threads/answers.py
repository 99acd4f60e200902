"""Ready answers of the team: what staff wrote or changed, and which translations are released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.db.schema import answer_template, answer_wording
from bot.db.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as staff have it. `withdrawn`: it is no longer offered."""

    id: str
    title: str
    text: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A translation. It belongs to the German text with the hash `source`, and to no other."""

    source: str
    text: str | None
    released_text: str | None
    released_by: int | None


def said(connection: Connection) -> dict[str, Said]:
    """What staff wrote, by id."""
    columns = (answer_template.c[name] for name in ("id", "title", "text", "withdrawn_at"))
    rows = connection.execute(select(*columns).order_by(answer_template.c.id))
    return {key: Said(key, title, text, withdrawn is not None) for key, title, text, withdrawn in rows}


def add(connection: Connection, prefix: str, title: str, text: str, by: int, now: datetime) -> str:
    """Adds an answer. Returns its id. The database makes sure that no other process gets the same one."""
    row = {"title": title, "text": text, "changed_by": by, "changed_at": now}
    statement = insert_into(connection, answer_template).on_conflict_do_nothing()
    number = sum(one.startswith(prefix) for one in said(connection))
    while True:
        number += 1
        made: str | None = connection.execute(
            statement.returning(answer_template.c.id), {"id": f"{prefix}{number}", **row}
        ).scalar()
        if made is not None:
            return made


def say(connection: Connection, one: Said, by: int, now: datetime) -> None:
    """Sets the text of the answer from now on."""
    row: dict[str, Any] = {"title": one.title, "text": one.text, "withdrawn_at": now if one.withdrawn else None}
    row |= {"changed_by": by, "changed_at": now}
    statement = insert_into(connection, answer_template)
    same = statement.on_conflict_do_update(index_elements=[answer_template.c.id], set_=row)
    connection.execute(same, {"id": one.id, **row})


def wordings(connection: Connection, template: str) -> dict[str, Wording]:
    """The translations of an answer, by language."""
    columns = (answer_wording.c[name] for name in ("language", "source", "text", "released_text", "released_by"))
    rows = connection.execute(select(*columns).where(answer_wording.c.template == template))
    return {language: Wording(*rest) for language, *rest in rows}


def write(connection: Connection, template: str, language: str, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of a translation, or creates it."""
    same = (answer_wording.c.template == template, answer_wording.c.language == language)
    if not connection.execute(update(answer_wording).where(*same).values(**columns)).rowcount:
        connection.execute(insert(answer_wording).values(template=template, language=language, **columns))
