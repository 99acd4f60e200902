"""Migrations only add: the former program goes on beside the new one until it is stopped (decision 31)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.backup.pending import adds_only
from bot.db.migrate import MIGRATIONS

OLDER = {
    *("0002_history", "0011_profiles", "0018_sealing", "0020_openings", "0022_name_starts"),
    "0027_numbers",  # fills the column that it has just added
}
"""Those from before there were replicas, and one that changes nothing the former program knows. It gets no longer."""
EVERY = sorted(MIGRATIONS.glob("versions/[0-9]*.py"))


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_migration_only_adds(path: Path) -> None:
    assert adds_only(ast.parse(path.read_text(encoding="utf-8"))) is (path.stem not in OLDER)


def test_what_changes_or_takes_away_is_seen() -> None:
    def migration(line: str) -> ast.Module:
        return ast.parse(f"def upgrade() -> None:\n    {line}\n")

    assert adds_only(migration('op.add_column("chat", column)'))
    assert not adds_only(migration('op.drop_column("chat", "zone")'))
    assert not adds_only(migration('op.execute("UPDATE chat SET zone = NULL")'))
