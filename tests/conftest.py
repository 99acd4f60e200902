"""Fixtures for all tests: databases of both kinds, the simulator, the whole bot."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy
from sqlalchemy.engine import URL, make_url

from bot import reload
from bot.content.loader import Content
from bot.db import keys, sqlite
from bot.db.engine import Database, open_database
from tests import canaries, databases
from tests.amounts import NIGHTLY
from tests.phones import Phones
from tests.running import TOKEN, Lotse, minden, read_once, running, settings_for

if TYPE_CHECKING:
    from bot.simulator.server import Simulator

os.environ["PTB_TIMEDELTA"] = "true"  # as the application does when it starts
# The same examples every time, in whatever place and selection a test runs, so that a red run is red again. The speed
# of the machine has no influence: no deadline, and no complaint about slow examples.
settings.register_profile(
    "lotse",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("lotse")

_sums: list[tuple[str, str]] = []
_scanned: Counter[str] = Counter()


def pytest_configure(config: pytest.Config) -> None:
    """Checks the output of every test for canaries."""
    config.pluginmanager.register(canaries, "canaries")
    # To see whether Ctrl-C is still its own, asyncio makes Python format the result of each test and fixture (often a
    # whole town) and drops the text. It does not do so if somebody else handles the signal.
    signal.signal(signal.SIGINT, _interrupted)


def _interrupted(number: int, frame: FrameType | None) -> None:
    signal.default_int_handler(number, frame)


LONGEST = ("faults", "cluster", "conversations", "browser", "telegram", "services", "plans", "content", "core")
"""Folders with the longest files. They are started first, so that no core waits for the last of them."""


WAITING = ("faults", "cluster")
"""Folders whose tests mostly wait for other processes. They alternate with the others, which need the cores."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the longest files first, and a file that waits beside one that computes. The order in a file stays."""
    _leave_one_on_postgres(config, items)
    root = Path(__file__).parent
    folders = {one.path: one.path.relative_to(root).parts[0] for one in items}
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    files = sorted(folders, key=lambda one: ranks.get(folders[one], len(LONGEST)))
    waiting = [one for one in files if folders[one] in WAITING]
    others = [one for one in files if folders[one] not in WAITING]
    places = {one: place for row in (waiting, others) for place, one in enumerate(row)}
    items.sort(key=lambda one: places[one.path])


def _leave_one_on_postgres(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen: set[str] = set()
    again: list[pytest.Item] = []
    for one in items:
        name, _, case = one.nodeid.partition("[")
        if "postgres" in case and one.get_closest_marker("one_on_postgres"):
            again += [one] if name in seen else []
            seen.add(name)
    if again:
        config.hook.pytest_deselected(items=again)
        items[:] = [one for one in items if one not in again]


def pytest_collection_finish() -> None:
    """Freezes everything that is loaded, so that the garbage collector need not check it again and again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collects what tests of the fault suite have counted, in any process."""
    if report.when != "teardown":
        return
    for name, value in report.user_properties:
        if name == "sum" and isinstance(value, list):
            _sums.append((str(value[0]), str(value[1])))
        elif name == "scanned" and isinstance(value, list):
            _scanned[str(value[0])] += int(value[1])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the table."""
    if _sums:
        terminalreporter.section("sums of the fault suite")
        for what, number in [*_sums, *((f"log scan: {what}", f"{n:,}") for what, n in _scanned.items())]:
            terminalreporter.line(f"{what:<66} {number:>16}")


@pytest.fixture(scope="session", autouse=True)
def keys_of_tests() -> Iterator[None]:
    """The keys of sealed texts in this process. They are deleted with everything its tests share."""
    keys.keep_in(databases.KEY_FILE)
    keys.key_file().make()
    yield
    shutil.rmtree(databases.FOLDER)


@pytest.fixture(autouse=True)
def key_file() -> Iterator[Path]:
    """Resets the keys, whatever a test does to them."""
    yield databases.KEY_FILE
    keys.keep_in(databases.KEY_FILE)


@pytest.fixture(scope="session", autouse=True)
def content_is_read_once() -> Iterator[None]:
    """Lets bots start with content that another one has read, as long as no file has changed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reload, "read", read_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def examples_do_not_depend_on_what_is_loaded() -> Iterator[None]:
    """Keeps Hypothesis from using words and numbers of any loaded module in its examples.

    It reads the source of all modules for that, in each test process. Runs that look for new examples keep it on.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not (NIGHTLY or os.environ.get("FUZZ")):
            patch.setattr(providers, "is_local_module_file", lambda _: False)
        yield


@pytest.fixture(scope="session", autouse=True)
def strategies_are_not_validated() -> Iterator[None]:
    """Hypothesis would look through every strategy before it draws from it; most are made anew in each example.

    The examples are the same, and bounds that cannot be are refused where the strategy is made. Who looks for
    something new has strategies looked through.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not (NIGHTLY or os.environ.get("FUZZ")):
            patch.setattr(SearchStrategy, "validate", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_pulls_the_plug() -> Iterator[None]:
    """SQLite does not wait for the disk in this process. Bots that are killed are separate processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA synchronous=OFF"))
        yield


@pytest.fixture(scope="session")
def content() -> Content:
    """The content of Minden."""
    return minden()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server: that of TEST_POSTGRES_URL, else one from the package that ships it."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+asyncpg")
        return
    with databases.packaged_postgres() as server:
        yield databases.address_of(server)


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: URL) -> Iterator[databases.Reused]:
    """The one PostgreSQL database of this process."""
    with databases.postgres_with_tables(postgres_server, durable=False) as url, closing(databases.Reused(url)) as one:
        yield one


@pytest.fixture
def postgres_url(postgres_with_tables: databases.Reused) -> str:
    """A PostgreSQL database with all tables and no rows."""
    return postgres_with_tables.emptied()


@pytest.fixture
def new_postgres_url(postgres_server: URL) -> Iterator[str]:
    """A new PostgreSQL database with nothing in it."""
    with databases.new_postgres(postgres_server) as url:
        yield url


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with all tables and no rows, one test for each kind."""
    if request.param == "sqlite":
        return databases.sqlite_with_tables(tmp_path / "lotse.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same database, open."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(params=BOTH)
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, one test for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lotse.db'}"
    url: str = request.getfixturevalue("new_postgres_url")
    return url


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """Telegram's side, fresh and empty."""
    from bot.simulator.server import Simulator  # noqa: PLC0415 - three seconds that many tests do not need

    async with Simulator(token=TOKEN) as server:
        yield server


@pytest.fixture
async def phones(simulator: Simulator) -> AsyncIterator[Phones]:
    """The people's side."""
    async with Phones(simulator.url, simulator.app) as desk:
        yield desk


@pytest.fixture
async def lotse(simulator: Simulator, phones: Phones, tmp_path: Path) -> AsyncIterator[Lotse]:
    """The whole bot on SQLite, with people who can talk to it."""
    settings = settings_for(simulator, tmp_path)
    async with running(settings):
        yield Lotse(settings, phones, simulator)
