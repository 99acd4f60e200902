"""The source of audiences: copies of what is stored elsewhere, one row for each participant, and their layout."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, SmallInteger, String, Table, UniqueConstraint

from bot.db.schema.base import UtcTime, metadata, of_participant

profile_slot = Table(
    "profile_slot",
    metadata,
    Column("question_id", String(32), primary_key=True),
    Column("number", SmallInteger, nullable=False, unique=True, doc="which cell of a profile holds its answers"),
)

profile_bit = Table(
    "profile_bit",
    metadata,
    Column("about", String(32), primary_key=True, doc="a question with several ticks, or a list"),
    Column("option_id", String(64), primary_key=True),
    Column("place", SmallInteger, nullable=False, doc="its bit, from 0"),
    UniqueConstraint("about", "place"),
)

CELLS = 64
"""Questions whose answers a profile holds, former ones included."""

profile = Table(
    "profile",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(8)),
    Column("blocked", Boolean, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("contacted_at", UtcTime, doc="when the last broadcast was sent"),
    Column("weekly_cap", SmallInteger, doc="null: the town's"),
    Column("agreed", BigInteger, nullable=False, doc="purposes agreed to, as bits"),
    Column("muted", BigInteger, nullable=False, doc="muted topics, as bits"),
    *(Column(f"c{number:02}", BigInteger) for number in range(CELLS)),
)
"""The source of audiences: copies of what is stored elsewhere, one row for each participant. Only
`bot.db.audience.keeping` writes it."""

profile_change = Table(
    "profile_change",
    metadata,
    of_participant(
        primary_key=True,
        autoincrement=False,
        doc="whose profile must be rewritten; triggers on its source tables mark it",
    ),
)
