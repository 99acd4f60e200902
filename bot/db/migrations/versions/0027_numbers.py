"""Each of a phone's people has a number there that stays theirs, whoever of the others goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SEVERAL = sa.text(
    "UPDATE participant SET nth = (SELECT count(*) FROM participant AS others WHERE others.chat_id ="
    " participant.chat_id AND others.id <= participant.id) WHERE chat_id IN"
    " (SELECT chat_id FROM participant GROUP BY chat_id HAVING count(*) > 1)"
)


def upgrade() -> None:
    """The numbers by which they were called until now."""
    op.add_column("participant", sa.Column("nth", sa.SmallInteger, nullable=False, server_default="1"))
    op.execute(SEVERAL)


def downgrade() -> None:
    """They are counted by their order once more."""
    op.drop_column("participant", "nth")
