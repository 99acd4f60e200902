"""`lotse migrate --plan`: tells what a new version will change in the database, before it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from bot.backup.refused import BackupRefused
from bot.db.migrate import configuration, is_known, revision
from bot.db.schema import HEAD

ADDING = frozenset({"add_column", "create_table", "create_index", "get_bind", "execute", "f"})
"""Operations that leave all data as it is, so the old version can go on. SQL statements are checked separately."""
ADDING_STATEMENTS = ("INSERT ", "CREATE ")
ROWS_A_SECOND = 200_000
"""A rough figure for a small machine: how many rows a migration handles that goes through a table."""


@dataclass(frozen=True, slots=True)
class Step:
    """A missing migration. `additive`: an older Lotse can go on with the result.

    `rows`: how many rows each table has that it names.
    """

    revision: str
    sentence: str
    additive: bool
    rows: Mapping[str, int]

    def line(self) -> str:
        """The line for the operator."""
        kind = "adds only" if self.additive else "may change what is there"
        seconds = sum(self.rows.values()) // ROWS_A_SECOND
        effort = f"about {seconds} s" if seconds else "a moment"
        where = ", ".join(f"{name} ({number:,} rows)" for name, number in self.rows.items()) or "new tables"
        return f"{self.revision}  {self.sentence}\n      {kind}; {effort}; touches {where}"


def plan(connection: Connection) -> list[Step]:
    """The migrations that the next start will run, in order.

    Raises:
        BackupRefused: the database is from a newer Lotse.
    """
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - a slow import, needed here alone

    found = revision(connection)
    if found is not None and not is_known(found):
        raise BackupRefused(f"The database is at revision {found} of a newer Lotse: take that one.")
    there = inspect(connection).get_table_names()
    scripts = ScriptDirectory.from_config(configuration())
    missing = list(scripts.iterate_revisions(HEAD, found or "base"))
    return [_step(connection, Path(one.path), one.revision, there) for one in reversed(missing)]


def _step(connection: Connection, path: Path, number: str, there: list[str]) -> Step:
    module = ast.parse(path.read_text(encoding="utf-8"))
    sentence = (ast.get_docstring(module) or "").partition("\n")[0]
    words = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant)}
    named = [name for name in there if name in words]
    rows = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in named}
    return Step(number, sentence, adds_only(module), rows)


def adds_only(module: ast.Module) -> bool:
    """Whether a migration's `upgrade` leaves everything existing as it is."""
    return all(map(_adds, _operations(module)))


def _operations(module: ast.Module) -> Iterator[ast.Call]:
    """The calls that `upgrade` makes, directly or through functions of its own module."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    wanted, seen = ["upgrade"], set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for call in (node for node in ast.walk(functions[name]) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name):
                wanted.append(call.func.id)
            elif isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "op":
                yield call


def _adds(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)  # noqa: S101 - for mypy: `_operations` gives no others
    name = call.func.attr
    if name == "execute":
        said = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
        return bool(said) and all(str(one).lstrip().upper().startswith(ADDING_STATEMENTS) for one in said)
    return name in ADDING
