"""A pytest plugin (`-p tests.catalogue`): the faults to survive, row by row, and this run's result for each.

A test names its rows (`@pytest.mark.row(21)`) and how often it did something (`count("kills", 20)`). At the end one
line is printed for each row of `catalogue.yaml`. `--table FILE` also writes them between two markers of a page, after
each test, so that an aborted run shows how far it came. The run fails if a row had no test that ran, or if a test
fails. `--rows "14 15"` plays only those, and writes no page.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import time
from collections import Counter
from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import clock
from tests import amounts

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_name("catalogue.yaml")
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
_counted: list[tuple[str, int, tuple[int, ...]]] = []
"""How often the current test did something, and for which rows (none: all its rows)."""


def count(what: str, number: int, *rows: int) -> None:
    """Notes that the current test has done this so often, or has found so many."""
    _counted.append((what, number, rows))


@dataclass(frozen=True)
class Entry:
    """A row: the fault, what must hold, what of it is not shown (`short`), or why nothing is (`open`)."""

    number: int
    fault: str
    holds: str
    short: str = ""
    open: str = ""


def entries() -> list[Entry]:
    """All rows, in order."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Entry(number, **columns) for number, columns in found.items()]


@dataclass
class Seen:
    """A run's results for a row."""

    tests: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    amounts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def ran(self) -> str:
        """How many tests ended. Those that failed or were skipped are named."""
        skipped = len(self.tests - self.passed - self.failed)
        parts = [str(len(self.passed))]
        parts += [f"{len(self.failed)} failed"] if self.failed else []
        parts += [f"{skipped} skipped"] if skipped else []
        return ", ".join(parts)

    @property
    def counted(self) -> str:
        """The amounts."""
        return ", ".join(f"{number:,} {what}" for what, number in self.amounts.items()) or "each once"


def result(entry: Entry, seen: Seen, *, over: bool = True) -> str:
    """The result of a row. Until the run is `over`, more of its tests may follow."""
    if seen.failed:
        return "FAILED"
    if not seen.passed:
        return f"not built: {entry.open}" if entry.open else "NOT RUN"
    held = "held" if over else "held so far"
    return f"{held}; not shown: {entry.short}" if entry.short else held


class Table:
    """The reports of a run, by row. `asked` names the rows that it covers."""

    def __init__(self, where: Path | None, asked: Collection[int] = ()) -> None:
        self._entries = [entry for entry in entries() if not asked or entry.number in asked]
        self._seen: dict[int, Seen] = {entry.number: Seen() for entry in entries()}
        self._where = None if asked else where
        self._began = time.monotonic()
        self._of = revision()  # before the page is written
        self._over = False

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds one phase of one test, from any process."""
        said = report.user_properties
        rows = {int(str(row)) for name, value in said if name == "row" for row in _list(value)}
        for row in rows:
            seen = self._seen[row]
            seen.tests.add(report.nodeid)
            seen.seconds += report.duration
            if report.failed:
                seen.failed.add(report.nodeid)
            elif report.when == "call" and report.passed:
                seen.passed.add(report.nodeid)
        if report.when == "teardown":
            for what, number, own in (_list(value) for name, value in said if name == "amount"):
                for row in own or rows:
                    self._seen[row].amounts[what] += number
            if rows:
                self._write()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fails the run if a row failed, or had no test and the catalogue does not say why."""
        self._over = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        said = [result(entry, self._seen[entry.number]) for entry in self._entries]
        if session.exitstatus == pytest.ExitCode.OK and {"NOT RUN", "FAILED"} & {*said}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line for each row."""
        terminalreporter.section("faults, row by row")
        for entry in self._entries:
            seen = self._seen[entry.number]
            ran = f"{seen.ran} tests, {seen.seconds:.0f} s"
            said = result(entry, seen, over=self._over)
            terminalreporter.line(f"{entry.number:>2}  {entry.fault}: {seen.counted} ({ran}): {said}")
        self._write()

    def _write(self) -> None:
        """Writes the page, if one was named."""
        if self._where is not None:
            write(self._where, "\n".join(self.page()))

    def page(self) -> Iterable[str]:
        """The same as a table, below the time and place of the run."""
        minutes = (time.monotonic() - self._began) / 60
        night = " NIGHTLY=1" if amounts.NIGHTLY else ""
        end = "" if self._over else ", **not run to its end**"
        yield (
            f"`make faults{night}` on {clock.now():%Y-%m-%d %H:%M} UTC, {self._of}: {minutes:.0f} minutes{end}, "
            f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}."
        )
        yield from ("", "| | fault | must hold | amount | tests | result |", "|---:|---|---|---|---:|---|")
        for entry in self._entries:
            seen = self._seen[entry.number]
            cells = (entry.fault, entry.holds, seen.counted, seen.ran, result(entry, seen, over=self._over))
            yield f"| {entry.number} | {' | '.join(cells)} |"


def _list(value: object) -> list[Any]:
    """A property's value as a list, however it was transferred."""
    return list(value) if isinstance(value, list | tuple) else [value]


def revision() -> str:
    """The commit under test."""
    told = [_git("rev-parse", "--short", "HEAD"), "with changes" if _git("status", "--porcelain", "-uno") else ""]
    return f"commit {' '.join(told).strip()}"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip()


def write(page: Path, table: str) -> None:
    """Puts the table between the markers of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def numbers(words: str) -> list[int]:
    """The rows in a text such as `14 15`.

    Raises:
        argparse.ArgumentTypeError: one of them does not exist.
    """
    known = {str(entry.number): entry.number for entry in entries()}
    if unknown := [word for word in words.split() if word not in known]:
        raise argparse.ArgumentTypeError(
            f"no row {', '.join(unknown)}: they are {min(known.values())} to {max(known.values())}"
        )
    return [known[word] for word in words.split()]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options for the table's file and the rows to play."""
    parser.addoption("--table", type=Path, help="write the table of faults between the markers of this page")
    parser.addoption("--rows", type=numbers, default=[], help="play these rows alone: '14 15'")


def pytest_configure(config: pytest.Config) -> None:
    """Collects what all processes of a run report."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(config.getoption("--table"), config.getoption("--rows")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Adds its rows to every test's report. Deselects tests of rows that were not asked for."""
    asked, left_out = {*config.getoption("--rows")}, set[pytest.Item]()
    for item in items:
        rows = sorted({int(row) for mark in item.iter_markers("row") for row in mark.args})
        item.user_properties += [("row", rows)] if rows else []
        if asked and asked.isdisjoint(rows):
            left_out.add(item)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds what a test has counted to its last report."""
    if call.when == "teardown":
        item.user_properties += [("amount", [what, number, list(rows)]) for what, number, rows in _counted]
        _counted.clear()
    return (yield)
