"""Forms that staff have begun: one draft of each member for each form and subject."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from bot.core.engine import Answer, State, Status, value_from_data, value_to_data
from bot.db.schema import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as far as it is filled in. `subject` is what it is about. Empty for something new."""

    id: int
    staff_id: int
    form: str
    subject: str
    state: State


_COLUMNS = tuple(
    draft.c[name] for name in ("id", "staff_id", "form", "subject", "answers", "at", "ticks", "from_summary")
)


def load(connection: Connection, draft_id: int, staff_id: int) -> Draft | None:
    """A member's draft. None if it is gone, or belongs to another member."""
    mine = select(*_COLUMNS).where(draft.c.id == draft_id, draft.c.staff_id == staff_id)
    row = connection.execute(mine).first()
    return None if row is None else _draft(row)


def find(connection: Connection, staff_id: int, form: str, subject: str) -> Draft | None:
    """A member's draft of a form about something."""
    same = (draft.c.staff_id == staff_id, draft.c.form == form, draft.c.subject == subject)
    row = connection.execute(select(*_COLUMNS).where(*same)).first()
    return None if row is None else _draft(row)


def of_member(connection: Connection, staff_id: int) -> list[Draft]:
    """What a member has begun, the latest first."""
    mine = select(*_COLUMNS).where(draft.c.staff_id == staff_id).order_by(draft.c.changed_at.desc(), draft.c.id)
    return [_draft(row) for row in connection.execute(mine)]


def create(connection: Connection, staff_id: int, form: str, subject: str, state: State, now: datetime) -> Draft:
    """Begins a form."""
    row = {"staff_id": staff_id, "form": form, "subject": subject, **_values(state, now)}
    key = connection.execute(insert(draft).values(row).returning(draft.c.id)).scalar_one()
    return Draft(key, staff_id, form, subject, state)


def save(connection: Connection, draft_id: int, state: State, now: datetime) -> None:
    """Saves the form as it is now."""
    connection.execute(update(draft).where(draft.c.id == draft_id).values(_values(state, now)))


def remove(connection: Connection, draft_id: int) -> None:
    """Deletes a draft that was submitted or thrown away."""
    connection.execute(delete(draft).where(draft.c.id == draft_id))


def hand_over(connection: Connection, staff_id: int, to: int, forms: Collection[str]) -> None:
    """Gives a member's drafts of these forms to another member, whose own drafts of the same subject stay.

    The rest is thrown away: searches, a file that was read, attempts.
    """
    own = draft.alias()
    same = (own.c.staff_id == to, own.c.form == draft.c.form, own.c.subject == draft.c.subject)
    theirs = draft.c.staff_id == staff_id
    connection.execute(
        update(draft).where(theirs, draft.c.form.in_(list(forms)), ~exists().where(*same)).values(staff_id=to)
    )
    connection.execute(delete(draft).where(theirs))


def forget_old(connection: Connection, before: datetime) -> int:
    """Deletes drafts that nobody has touched since then. Returns how many."""
    return connection.execute(delete(draft).where(draft.c.changed_at < before)).rowcount


def _draft(row: Row[Any]) -> Draft:
    given = {name: Answer(Status(status), value_from_data(value)) for name, (status, value) in row.answers.items()}
    state = State(given, row.at, tuple(row.ticks or ()), row.from_summary)
    return Draft(row.id, row.staff_id, row.form, row.subject, state)


def _values(state: State, now: datetime) -> dict[str, Any]:
    answers = {name: [given.status.value, value_to_data(given.value)] for name, given in state.answers.items()}
    return {
        "answers": answers,
        "at": state.at,
        "ticks": list(state.draft) or None,
        "from_summary": state.returning,
        "changed_at": now,
    }
