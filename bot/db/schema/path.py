"""What people say of their path by a tick, where no answer of theirs decides."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata

path_mark = Table(
    "path_mark",
    metadata,
    Column(
        "participant_id",
        KEY,
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("step_id", String(24), primary_key=True, doc="a step of path.yaml that the person has done"),
    Column("since", UtcTime, nullable=False),
)
