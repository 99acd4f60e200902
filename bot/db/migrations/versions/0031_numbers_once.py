"""SQLite gives out each number once, as PostgreSQL does: what somebody still has a number of is never another's.

To copy the tables would be dangerous: a table that is dropped takes along what hangs on it, and its triggers. What
SQLite calls AUTOINCREMENT changes nothing that is stored, only how numbers are chosen, so the words of the schema
alone are changed, as SQLite's documentation of ALTER TABLE describes ("writable_schema").
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FREE, ONCE = "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"
NUMBERED = "type = 'table' AND sql LIKE '%id INTEGER NOT NULL%' AND sql LIKE '%' || :now || '%'"


def upgrade() -> None:
    """Every table that gives out numbers goes on behind the highest it ever gave."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    # SQLite makes its table of numbers with the first table that asks for one.
    connection.execute(text("CREATE TABLE first_number (id INTEGER PRIMARY KEY AUTOINCREMENT)"))
    connection.execute(text("DROP TABLE first_number"))
    for name in _say(connection, FREE, ONCE):
        highest = f"SELECT '{name}', coalesce(max(id), 0) FROM {name}"  # noqa: S608 - a name from the schema
        connection.execute(text(f"INSERT INTO sqlite_sequence (name, seq) {highest}"))
    gone = text("SELECT coalesce(max(gone_id), 0) FROM merging")
    put_together = connection.execute(gone).scalar_one()
    behind = text("UPDATE sqlite_sequence SET seq = max(seq, :gone) WHERE name = 'participant'")
    connection.execute(behind, {"gone": put_together})


def downgrade() -> None:
    """Numbers that are free are given out again."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _say(connection, ONCE, FREE)
        connection.execute(text("DELETE FROM sqlite_sequence"))


def _say(connection: Connection, now: str, then: str) -> list[str]:
    """Tables whose key is said in one way say it in the other; which."""
    found = text(f"SELECT name FROM sqlite_master WHERE {NUMBERED} ORDER BY name")  # noqa: S608 - words from above
    names = [row[0] for row in connection.execute(found, {"now": now})]
    version = connection.execute(text("PRAGMA schema_version")).scalar_one()
    connection.execute(text("PRAGMA writable_schema=ON"))
    said = text(f"UPDATE sqlite_master SET sql = replace(sql, :now, :then) WHERE {NUMBERED}")  # noqa: S608 - as above
    connection.execute(said, {"now": now, "then": then})
    # Other connections, and this one, read the schema anew.
    connection.execute(text(f"PRAGMA schema_version={version + 1}"))
    connection.execute(text("PRAGMA writable_schema=RESET"))
    return names
