"""Many people with twenty answers each, made by the databases themselves, for `benchmarks.audience`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import Connection, text

from bot.clock import now
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.db.audience.keeping import catch_up
from bot.db.engine import Database
from bot.db.schema import answer, chat, consent, delivery, participant, profile

ANSWERS = 20
FIRST = 10_000
"""How many people are made one by one, at random. The others are copies of them."""
SQLITE = "sqlite"
NOW = now()
_DAYS = 300
_STORED = "%Y-%m-%d %H:%M:%S.%f"

PEOPLE = """
INSERT INTO chat (id, language, created_at, seen_at, blocked_at, screen, card_version, card_since, shown_version)
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
SELECT i, {language}, {at}, {at}, CASE WHEN {chance} % 20 = 0 THEN {at} END, 'done', 1, 1, 1 FROM n;
INSERT INTO participant (id, chat_id, created_at, finished_at, draft, from_summary, muted)
SELECT id, id, {at}, {at}, '', {no}, CASE WHEN {chance} % 20 = 0 THEN {muted} END
FROM chat WHERE id BETWEEN {first} AND {last};
INSERT INTO consent (participant_id, purpose, language, text_version, given_at)
SELECT id, 'reminders', 'de', '1', {at} FROM participant WHERE id BETWEEN {first} AND {last};
INSERT INTO consent (participant_id, purpose, language, text_version, given_at)
SELECT id, 'openings', 'de', '1', {at} FROM participant WHERE id BETWEEN {first} AND {last} AND {chance} % 10 > 0;
INSERT INTO answer (participant_id, question_id, status, value, applies, answered_at, revision)
SELECT p.id, q.id, 'given', {value}, {yes}, {then}, '{revision}'
FROM participant p CROSS JOIN ({questions}) q WHERE p.id BETWEEN {first} AND {last};
INSERT INTO delivery
(cause, chat_id, participant_id, kind, due_at, next_at, priority, text_key, state, tries, sent_at)
SELECT 'old:' || w.n, id, id, CASE w.n WHEN 0 THEN 'broadcast' ELSE 'reminder' END, {at}, {at}, 1, 'ui.language.ask',
'sent', 1, {lately}
FROM participant CROSS JOIN ({weeks}) w
WHERE id BETWEEN {first} AND {last} AND (w.n = 0 AND id % 5 = 0 OR id % 50 = 0);
INSERT INTO profile_change (participant_id) SELECT id FROM participant WHERE id BETWEEN {first} AND {last}"""
"""In the last two weeks, one person in five got a broadcast and one in fifty got six messages."""


MOVED = {
    chat: {"id"},
    participant: {"id", "chat_id"},
    consent: {"participant_id"},
    answer: {"participant_id"},
    delivery: {"participant_id", "chat_id"},
    profile: {"participant_id", "chat_id"},
}
"""Tables in the order they are filled, with the columns that say whose a row is."""


async def fill(database: Database, questionnaire: Questionnaire, people: int) -> None:
    """Creates people with everything that audiences look at, and their profiles."""
    watching = await database.run(look_away)
    first = min(FIRST, people)
    await database.run(lambda tx: _some(tx, questionnaire, 1, first))
    await catch_up(database)
    for shift in range(first, people, first):
        await database.run(lambda tx, by=shift: _alike(tx, by, min(first, people - by)))  # type: ignore[misc]
    await database.run(lambda tx: [tx.execute(text(one)) for one in watching])
    await database.run(lambda tx: tx.exec_driver_sql("ANALYZE"))


def _alike(connection: Connection, by: int, most: int) -> None:
    """Copies the first people as often, with other ids."""
    look_away(connection)
    for table, moved in MOVED.items():
        kept = [column.name for column in table.c if column.name != "id" or column.name in moved]
        said = [f"{name} + {by}" if name in moved else name for name in kept]
        who = "participant_id" if "participant_id" in table.c else "id"
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({', '.join(kept)}) SELECT {', '.join(said)} FROM {table.name} "  # noqa: S608
            f"WHERE {who} <= {most}"
        )


def look_away(connection: Connection) -> list[str]:
    """Drops the triggers on SQLite while people are made. Returns the statements that create them again.

    PostgreSQL fires no triggers in this transaction, and checks no foreign keys.
    """
    if connection.dialect.name != SQLITE:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return []
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [said for _, said in found]


def _some(connection: Connection, questionnaire: Questionnaire, first: int, last: int) -> None:
    sqlite = connection.dialect.name == SQLITE
    look_away(connection)
    asked = list(_asked(questionnaire))
    chance = "abs(random())" if sqlite else "floor(random() * 1000000)::int"
    names = {
        "first": first,
        "last": last,
        "chance": chance,
        "no": "0" if sqlite else "false",
        "yes": "1" if sqlite else "true",
        "at": _moment(sqlite, "0"),
        "then": _moment(sqlite, f"{chance} % {_DAYS * 86400}"),
        "lately": _moment(sqlite, f"{chance} % {14 * 86400}"),
        "muted": """'["offers"]'""" + ("" if sqlite else "::json"),
        "language": _one_of(["'de'", "'en'", "'ar'", "'ar'", "'fa'", "'fr'", "'ru'", "'uk'", "'uk'", "'tr'"], chance),
        "revision": questionnaire.revision,
        "questions": " UNION ALL ".join(f"SELECT '{one.id}' AS id" for one, _ in asked),
        "weeks": " UNION ALL ".join(f"SELECT {n} AS n" for n in range(6)),
        "value": "CASE q.id "
        + " ".join(f"WHEN '{one.id}' THEN {_one_of(said, chance)}" for one, said in asked)
        + (" END" if sqlite else " END::json"),
    }
    for statement in PEOPLE.format(**names).split(";\n"):
        connection.exec_driver_sql(statement)


def _moment(sqlite: bool, seconds: str) -> str:
    """The present minus this number of seconds."""
    if sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%f', '{NOW.strftime(_STORED)}', '-' || ({seconds}) || ' seconds') || '000'"
    return f"timestamptz '{NOW.isoformat()}' - ({seconds}) * interval '1 second'"


def _one_of(said: list[str], chance: str) -> str:
    whens = " ".join(f"WHEN {place} THEN {one}" for place, one in enumerate(said))
    return f"CASE {chance} % {len(said)} {whens} END"


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[Question, list[str]]]:
    """Twenty questions, each with the possible answers as SQL."""
    kinds = {Kind.SINGLE, Kind.SCALE, Kind.YES_NO, Kind.MULTIPLE, Kind.NUMBER, Kind.LIST, Kind.STATEMENT}
    for question in [one for one in questionnaire.questions if one.kind in kinds][:ANSWERS]:
        ids = [one.id for one in question.options]
        match question.kind:
            case Kind.NUMBER:
                values: list[object] = list(range(question.minimum, question.maximum + 1))
            case Kind.MULTIPLE:
                shared = [one.id for one in question.options if not one.exclusive]
                pairs = [[a, b] for a, b in pairwise(shared)]
                values = [*([one] for one in ids), *pairs]
            case Kind.STATEMENT:
                values = ["seen"]
            case _:
                values = list(ids[:60])
        yield question, [f"'{json.dumps(one)}'" for one in values]
