"""What the outbox's two constant queries cost with few and with many planned deliveries.

`python -m benchmarks.growth` fills two databases of each kind (one with a million participants and two deliveries
planned for each; one with a two-hundredth of that), queries them in turn and in rounds, and prints medians and their
ratio.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from benchmarks.places import FOLDER, databases, open_measured
from benchmarks.table import Finding, shown
from bot.db.engine import Database
from bot.db.outbox import deliveries

FEW, MANY = 10_000, 2_000_000
CAUSES = ("first", "second")
ROUNDS = 7
NOW = datetime(2031, 1, 1, tzinfo=UTC)
"""Everything is due by then, so every batch is full."""
AIM = 1.5
SQLITE, POSTGRES = "sqlite", "postgresql"
BEFORE = {SQLITE: "PRAGMA foreign_keys", POSTGRES: "SET LOCAL session_replication_role = replica"}
"""Keeps PostgreSQL from checking rows that the statements below have just made (needs its superuser)."""
AFTER = {SQLITE: "PRAGMA foreign_keys", POSTGRES: "ANALYZE"}
MOMENT = {
    SQLITE: "datetime('2026-11-25', (id * 7919 % 100000000) || ' seconds') || '.000000'",
    POSTGRES: "timestamptz '2026-11-25 00:00Z' + (id * 7919 % 100000000) * interval '1 second'",
}
FILL = (
    """
    INSERT INTO chat (id, language, created_at, seen_at, screen, card_version, card_since, shown_version)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {chats})
    SELECT i, 'de', {at}, {at}, 'done', 1, 1, 1 FROM n""",
    """
    INSERT INTO participant (chat_id, created_at, draft, from_summary)
    SELECT id, {at}, '', {no} FROM chat""",
    *(
        """
    INSERT INTO delivery (cause, chat_id, participant_id, kind, due_at, next_at, priority, text_key, state, tries)
    SELECT '{cause}', chat_id, id, 'reminder', {moment}, {moment}, 1, 'ui.language.ask', 'planned', 0
    FROM participant""".replace("{cause}", cause)
        for cause in CAUSES
    ),
)


def fill(connection: Connection, rows: int) -> None:
    """Plans deliveries, due at moments spread over three years, for half as many participants."""
    kind = connection.dialect.name
    at, no = ("'2026-11-01 00:00:00.000000'", "0") if kind == SQLITE else ("timestamptz '2026-11-01 00:00Z'", "false")
    connection.execute(text(BEFORE[kind]))
    for statement in FILL:
        said = statement.format(chats=rows // len(CAUSES), at=at, no=no, moment=MOMENT[kind])
        connection.exec_driver_sql(said)


def wake(connection: Connection) -> None:
    """Asks when the next one is due."""
    deliveries.next_due(connection)


def claim(connection: Connection) -> None:
    """Claims a batch, and puts it back."""
    connection.exec_driver_sql("SAVEPOINT hand")
    deliveries.claim(connection, "benchmark", NOW, 30)
    connection.exec_driver_sql("ROLLBACK TO SAVEPOINT hand")


QUESTIONS: Mapping[Callable[[Connection], None], int] = {wake: 200, claim: 50}
"""Each question, and how often it is asked in a round."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of a question with few rows and with many, medians of the rounds."""

    few: float
    many: float

    @property
    def ratio(self) -> float:
        """How many times as long it takes with many."""
        return self.many / self.few


def microseconds(question: Callable[[Connection], None], times: int, connection: Connection) -> float:
    """Microseconds of one question, the mean of `times`."""
    begin = time.perf_counter()
    for _ in range(times):
        question(connection)
    return (time.perf_counter() - begin) / times * 1e6


async def costs(urls: Mapping[int, str]) -> dict[str, Cost]:
    """What each question costs, asked in turn of the databases with these numbers of rows."""
    opened: dict[int, Database] = {}
    try:
        for rows, url in urls.items():
            opened[rows] = await open_measured(url)
            await opened[rows].run(lambda tx, rows=rows: fill(tx, rows))  # type: ignore[misc]
            await opened[rows].run(lambda tx: tx.execute(text(AFTER[tx.dialect.name])))
        found = {}
        for question, times in QUESTIONS.items():
            taken: dict[int, list[float]] = {rows: [] for rows in opened}
            for _ in range(ROUNDS):
                for rows, database in opened.items():
                    taken[rows].append(
                        await database.run(lambda tx, q=question, n=times: microseconds(q, n, tx))  # type: ignore[misc]
                    )
            few, many = (statistics.median(taken[rows]) for rows in urls)
            found[question.__name__] = Cost(few, many)
        return found
    finally:
        for database in opened.values():
            await database.close()


def run(few: int = FEW, many: int = MANY) -> list[Finding]:
    """Measures and prints. Returns the findings about the aim."""
    found = []
    with ExitStack() as stack:
        places = {rows: stack.enter_context(databases()) for rows in (few, many)}
        for kind in places[few]:
            for name, cost in asyncio.run(costs({rows: urls[kind] for rows, urls in places.items()})).items():
                measured = f"{cost.ratio:.2f} ({cost.few:,.0f} and {cost.many:,.0f} µs)"
                print(f"{kind}, {name}: {measured}", flush=True)
                figure = f"{name} with {many:,} planned beside {few:,}, {kind}"
                found.append(Finding(figure, measured, f"{AIM} or less", cost.ratio <= AIM))
    return found


if __name__ == "__main__":
    sys.exit(shown(FOLDER, run))
