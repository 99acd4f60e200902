"""What the rooms of the project may hold. The directions between them are import-linter's matter."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, docstrings, imports, name, python_files, tree

# fmt: off
OUTSIDE = frozenset({
    "asyncio", "glob", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time",
    "urllib", "uuid",
})
# fmt: on
"""Modules of the standard library that reach for the world, a clock or chance."""
OPEN_TO_HANDLERS = ("bot.core.", "bot.content.", "bot.services", "bot.telegram.")
LONGEST_MODULE = 400
LONGEST_HANDLER = 15
SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:]?\s+[^\W\d_]{2,}")
"""Two words in a row."""


@pytest.mark.parametrize("path", python_files("bot/core"), ids=name)
def test_core_uses_the_standard_library_only_and_nothing_that_acts(path: Path) -> None:
    for imported in imports(tree(path)):
        top = imported.partition(".")[0]
        assert imported.startswith("bot.core") or top in sys.stdlib_module_names, imported
        assert top not in OUTSIDE, f"{imported} reaches outside: core is values in, values out"


@pytest.mark.parametrize("path", python_files("bot/simulator"), ids=name)
def test_the_simulator_uses_nothing_of_the_rest(path: Path) -> None:
    for imported in imports(tree(path)):
        top = imported.partition(".")[0]
        assert top not in {"", "bot", "handlers"} or imported.startswith("bot.simulator"), (
            f"{imported} in the simulator: it is Telegram's side, made from the same specification apart"
        )


@pytest.mark.parametrize("path", python_files("handlers"), ids=name)
def test_handlers_are_thin(path: Path) -> None:
    module = tree(path)
    for node in ast.walk(module):
        if isinstance(node, ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_HANDLER, f"{node.name} has {lines} lines: move the decision into a use case"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"commit", "execute"}, "a use case commits, not a handler"
    for imported in imports(module):
        assert not imported.startswith(("sqlalchemy", "bot.db")), f"{imported} in a handler: only use cases store"


@pytest.mark.parametrize("path", python_files("handlers"), ids=name)
def test_handlers_say_no_sentence(path: Path) -> None:
    module = tree(path)
    described = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described:
            assert not SENTENCE.search(node.value), f"{node.value!r} belongs in content/"


# One test for all files: to find, run and tell of a test of its own for each takes longer than to look at it.
def test_a_module_is_one_subject_and_not_long() -> None:
    files = [*python_files("bot", "handlers", "tests"), *(ROOT / "bot/simulator/page").rglob("*.js")]
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: number for path, number in lines.items() if number > LONGEST_MODULE} == {}, "split it by subject"


def test_messages_go_out_with_entities_never_with_a_parse_mode() -> None:
    files = [one for one in python_files("bot", "handlers") if not one.is_relative_to(ROOT / "bot/simulator")]
    assert [name(path) for path in files if "parse_mode" in path.read_text(encoding="utf-8").lower()] == []


def test_a_member_says_whether_they_are_active() -> None:
    """Whoever asks for the standing forgets the right, or asks for the right and forgets the standing.

    The desk's page is one of several for each standing.
    """
    files = [
        name(path)
        for path in python_files("bot/services", "handlers")
        if "Standing.ACTIVE" in path.read_text("utf-8")
    ]
    assert files == ["bot/services/staff/pages.py"], "say may(right, now), or is_active(now)"


def loaded_by(statement: str) -> set[str]:
    """The modules in memory after a statement in a new Python."""
    code = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    return set(json.loads(done.stdout))


def test_a_running_bot_loads_neither_the_simulator_nor_alembic_nor_a_web_server_nor_what_draws() -> None:
    modules = loaded_by("import bot.app")
    assert "telegram" in modules
    assert not modules & {"aiogram", "alembic", "uvicorn", "starlette", "PIL", "xlsxwriter"}
    assert not modules & {"deep_translator", "deepl", "requests"}
    assert not modules & {"sqlalchemy.dialects.postgresql", "sqlalchemy.orm"}


def test_work_on_the_content_loads_neither_a_messenger_nor_a_database() -> None:
    modules = loaded_by("import bot.cli, bot.content.commands")
    assert "babel" in modules
    assert not modules & {"aiogram", "aiohttp", "alembic", "sqlalchemy", "telegram", "uvicorn"}
