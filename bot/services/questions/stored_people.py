"""What the database knows of the people a changed content would meet. Only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.content.comparison.outline import ComparisonRefused, Outline, outline_from_data
from bot.core.inputs import Answer, Status
from bot.db import content_runs
from bot.db.people.profiles import profile_rows
from bot.services import places


class StoredPeople:
    """Everybody in the database."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now

    def inside(self) -> Mapping[str, int]:
        """How many have a question before them, by its id."""
        return content_runs.inside(self._connection, places.QUESTIONS)

    def answered(self) -> Mapping[str, int]:
        """How many answers stand under an id."""
        return content_runs.answered(self._connection)

    def chosen(self, question: str) -> Mapping[str, int]:
        """How many have chosen each option of a question."""
        return content_runs.chosen(self._connection, question)

    def everyone(self) -> Iterator[Mapping[str, tuple[Answer, datetime]]]:
        """Each person's answers with when they were given, by the ids they stand under; nothing that is computed."""
        for row in profile_rows(self._connection):
            yield {
                name: (one.answer, one.answered_at)
                for name, one in row.answers.items()
                if one.answer.status is not Status.COMPUTED
            }


def last_outline(connection: Connection, town: str) -> Outline:
    """The outline of what ran last.

    Raises:
        ComparisonRefused: nothing ever ran on this database, or it is not known well enough.
    """
    run = content_runs.last(connection, town)
    if run is None:
        raise ComparisonRefused(f"No content of '{town}' has run on this database yet: there is nothing to compare.")
    return outline_from_data(run.outline)
