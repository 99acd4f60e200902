"""The steps of their path that people tick, where no answer of theirs decides."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.db.schema.base import UtcTime, metadata, of_participant

path_mark = Table(
    "path_mark",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("step_id", String(24), primary_key=True, doc="a step of path.yaml that the person has done"),
    Column("since", UtcTime, nullable=False),
)
