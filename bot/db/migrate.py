"""Migrates the tables to the newest revision. Alembic is used only if there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

from bot.db.engine import DatabaseRefused
from bot.db.resealing import meet
from bot.db.schema import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x107_5E
"""The lock that makes two processes that start at once on PostgreSQL migrate one after the other."""


def bring_up_to_date(database: Engine | Connection) -> None:
    """Runs missing migrations and checks that the key file fits. Without any, Alembic is not imported."""
    if isinstance(database, Engine):
        with database.connect() as connection:
            bring_up_to_date(connection)
        return
    if database.dialect.name == "postgresql":
        database.execute(text("SELECT pg_advisory_xact_lock(:lotse)"), {"lotse": ADVISORY_LOCK})
    found = revision(database)
    if found is not None and not is_known(found):
        raise DatabaseRefused(
            f"The database is at revision {found}, which this Lotse does not know. Install the newer one that made"
            " it, or restore the backup from before."
        )
    if found != HEAD:
        upgrade(database, "head")
    meet(database)


def upgrade(connection: Connection, to: str) -> None:
    """Runs the migrations up to a revision, all or none."""
    from alembic import command  # noqa: PLC0415 - a slow import, rarely needed

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def configuration() -> Config:
    """What Alembic needs to find our migrations."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def is_known(revision: str) -> bool:
    """Whether this Lotse has the migration to a revision."""
    return any(MIGRATIONS.glob(f"versions/{revision}_*.py"))


def revision(connection: Connection) -> str | None:
    """The revision of the tables. None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
