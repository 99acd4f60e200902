"""Alembic's entry point. It works on the connection that `bot.db.migrate` passes."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from bot import failpoints
from bot.db.schema import metadata

connection = context.config.attributes["connection"]
if connection.dialect.name == "sqlite":
    # All steps or none: the driver leaves the transaction to us.
    connection.execute(text("BEGIN IMMEDIATE"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    on_version_apply=lambda **_: failpoints.reached("migrated"),
)
context.run_migrations()
if connection.dialect.name == "sqlite":
    connection.execute(text("COMMIT"))
