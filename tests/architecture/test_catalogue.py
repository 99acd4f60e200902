"""The table of faults: every row has a test or a reason, and the plugin tells what has become of it."""

from __future__ import annotations

import argparse
import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests import amounts, catalogue
from tests.architecture.sources import ROOT, name, python_files, tree

ROWS = 40
NO_FAULT = {"test_flood.py"}
"""An attack: docs/security.md."""
TESTS = """
import pytest
from tests.catalogue import count

@pytest.mark.row(1)
@pytest.mark.parametrize("one", [1, 2])
def test_that_holds(one):
    count("kills", 20)

@pytest.mark.row(2, 3)
def test_of_two_rows():
    count("copies", 1000)
    count("of the third alone", 5, 3)

@pytest.mark.row(4)
def test_that_fails():
    count("stops", 7)
    assert False

@pytest.mark.row(5)
@pytest.mark.skip
def test_that_is_left_out():
    pass
"""


def marked(path: Path) -> set[int]:
    """The rows that a module's tests name."""
    found: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.row":
            found |= {int(ast.literal_eval(row)) for row in node.args}
    return found


def test_every_row_has_a_test_or_a_reason() -> None:
    entries = {entry.number: entry for entry in catalogue.entries()}
    assert list(entries) == list(range(1, ROWS + 1))
    held = {row for path in python_files("tests") if path.name != Path(__file__).name for row in marked(path)}
    assert held <= set(entries)
    for number, entry in entries.items():
        assert (number in held) != bool(entry.open), f"row {number} needs a test, or `open` with a reason"


@pytest.mark.parametrize("path", sorted((ROOT / "tests/faults").glob("test_*.py")), ids=name)
def test_what_plays_faults_is_in_the_table(path: Path) -> None:
    assert marked(path) or path.name in NO_FAULT, "name the rows of tests/catalogue.yaml it holds"


def test_at_night_everything_is_done_as_often_or_oftener() -> None:
    assert all(pushes <= nightly for pushes, nightly in amounts.AMOUNTS.values())


def test_every_amount_is_asked_for() -> None:
    words = "".join(path.read_text(encoding="utf-8") for path in python_files("tests"))
    assert [one for one in amounts.AMOUNTS if f'amount("{one}")' not in words and f'.get("{one}")' not in words] == []


def test_a_long_soak_is_not_taken_for_a_test_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOAK_HOURS", "72")
    module = runpy.run_path(str(ROOT / "tests/faults/test_soak.py"))
    (limit,) = [
        mark.args[0] for mark in module["test_everything_at_once_for_a_while"].pytestmark if mark.name == "timeout"
    ]
    assert limit > 72 * 3600


def run(folder: Path, *arguments: str, tests: str = TESTS) -> tuple[int, str]:
    """pytest with the plugin on those tests."""
    (folder / "test_some.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = row\n")
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(folder / "pytest.ini"), "--rootdir", str(folder)]
    done = subprocess.run(  # noqa: S603 - pytest itself
        [*command, "-p", "tests.catalogue", "-p", "no:cacheprovider", *arguments, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NIGHTLY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def told(said: str) -> dict[str, str]:
    """What was printed of each row, without how long it took."""
    lines = (re.sub(r" tests, \d+ s\)", " tests)", line) for line in said.splitlines())
    return {line[:2].strip(): line for line in lines if " tests): " in line}


def page_in(folder: Path) -> Path:
    """A page with the table of a former run."""
    page = folder / "page.md"
    page.write_text(f"Before\n{catalogue.BEGIN}\nof the last run\n{catalogue.END}\nAfter\n")
    return page


@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_table_says_what_ran_how_often_and_what_did_not(tmp_path: Path, processes: str) -> None:
    page = page_in(tmp_path)
    code, said = run(tmp_path, "-n", processes, "--table", str(page))
    assert code == 1
    lines = told(said)
    assert lines["1"].endswith("40 kills (2 tests): held")
    assert "1,000 copies (1 tests): held" in lines["2"]
    assert "1,000 copies, 5 of the third alone (1 tests): held" in lines["3"]
    assert lines["4"].endswith("7 stops (0, 1 failed tests): FAILED")
    assert lines["5"].endswith("(0, 1 skipped tests): NOT RUN")
    assert lines["6"].endswith("NOT RUN")
    written = page.read_text()
    assert written.startswith("Before\n")
    assert written.endswith("After\n")
    assert "of the last run" not in written
    assert written.count("\n| ") == ROWS + 1
    assert "`make faults`" in written
    assert "not run to its end" not in written


def test_a_row_nobody_looked_at_fails_the_run(tmp_path: Path) -> None:
    code, _ = run(tmp_path, "-n", "0", "-k", "holds")
    assert code == 1


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_run_that_is_broken_off_has_said_how_far_it_came(tmp_path: Path, end: str) -> None:
    page = page_in(tmp_path)
    broken_off = f"""
import os, signal

@pytest.mark.row(4)
def test_in_which_it_ends():
    {end}
"""
    code, _ = run(
        tmp_path, "-n", "0", "--table", str(page), tests=TESTS.partition("@pytest.mark.row(4)")[0] + broken_off
    )
    assert code not in {0, 1}
    written = page.read_text()
    assert "not run to its end" in written
    lines = {line.split(" | ")[0]: line for line in written.splitlines() if line.startswith("| ")}
    assert lines["| 1"].endswith("40 kills | 2 | held so far |")
    assert lines["| 4"].endswith("NOT RUN |")
    assert written.endswith("After\n")


def test_rows_can_be_played_alone_and_leave_the_page_as_it_is(tmp_path: Path) -> None:
    page = page_in(tmp_path)
    before = page.read_text()
    code, said = run(tmp_path, "-n", "0", "--rows", "3 1", "--table", str(page))
    assert (code, [*told(said)]) == (0, ["1", "3"])
    assert page.read_text() == before
    code, said = run(tmp_path, "-n", "0", "--rows", "1 5")
    assert (code, told(said)["5"].endswith("NOT RUN")) == (1, True)


def test_a_row_that_is_none_is_refused() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no row 41, x: they are 1 to 40"):
        catalogue.numbers("14 41 x")
