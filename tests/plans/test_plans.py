"""Every statement the bot says is planned anew in a database with thousands of people: none reads all of them."""

from __future__ import annotations

import ast
from pathlib import Path

from sqlalchemy import Connection, Engine

import bot.db
from tests.plans.collecting import Said, listening
from tests.plans.excused import AS_MUCH_AS_IS_DUE, NOT_WALKED, READS_ALL
from tests.plans.explaining import read_whole
from tests.plans.growing import GROWING, grow
from tests.plans.opening import CHEAP_INDEXES, on
from tests.plans.walking import Nested, Walk
from tests.running import minden


def spoken(engine: Engine, connection: Connection) -> tuple[dict[str, Said], dict[str, set[str]]]:
    """What was said in a walk, and the whole tables that each function reads, where it reads any."""
    content = minden()
    with listening(engine) as heard:
        person = Walk(Nested(connection), content).all()
    grow(connection, person)
    growing = {one.name for one in GROWING}
    found: dict[str, set[str]] = {}
    for said in heard.values():
        with connection.begin_nested():
            if whole := read_whole(connection, said) & growing:
                found.setdefault(said.function, set()).update(whole)
    return heard, found


SPEAKS = {"execute", "rows", "rows_of_each", "each", "changed"}
"""Methods of a connection and of `bot.db.prepared` that do."""


def speaking() -> set[str]:
    """Functions of `bot.db` that say something to a database, as `inbox.take`."""
    folder = Path(next(iter(bot.db.__path__)))
    found = set()
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        if module.startswith("migrat") or module in {"sqlite", "postgres", "beside", "prepared"}:
            continue
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.FunctionDef) and any(map(_is_execute, ast.walk(one))):
                found.add(f"{module}.{one.name}")
    return found


def _is_execute(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKS


def test_no_query_reads_a_whole_table_that_grows_but_those_that_say_why(database_url: str) -> None:
    def look(engine: Engine, connection: Connection) -> None:
        heard, found = spoken(engine, connection)
        names = {one.function for one in heard.values()}
        assert {name: tables for name, tables in found.items() if name not in READS_ALL} == {}
        assert speaking() - names <= NOT_WALKED.keys()

    on(database_url, look, **CHEAP_INDEXES)


def test_nothing_is_excused_that_is_not_there() -> None:
    assert (READS_ALL.keys() | NOT_WALKED.keys() | AS_MUCH_AS_IS_DUE) <= speaking()
