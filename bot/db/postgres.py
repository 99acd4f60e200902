"""PostgreSQL: the same use cases, each in a transaction of its own on a pooled asyncpg connection."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.db.engine import DatabaseAway, DatabaseRefused, T, UseCase
from bot.db.migrate import bring_up_to_date

POOL = 10
RETRY_STATES = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: PostgreSQL asks to run the transaction again."""


class PostgresDatabase:
    """A pool of connections."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, url: URL) -> PostgresDatabase:
        """Connect and bring the tables to the newest revision."""
        engine = create_async_engine(url, pool_size=POOL, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(bring_up_to_date)
                await connection.commit()
        except (OSError, DBAPIError) as error:
            await engine.dispose()
            name = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
            where = f"{engine.url.host}:{engine.url.port or 5432}"
            raise DatabaseRefused(f"Cannot reach PostgreSQL at {where} ({name}). Check DATABASE_URL.") from error
        return cls(engine)

    async def run(self, use_case: UseCase[T]) -> T:
        """See `Database.run`."""
        for last in (False, False, True):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(use_case)
            except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
                raise DatabaseAway(type(error).__name__) from error
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise DatabaseAway(type(error).__name__) from error
                if last or getattr(error.orig, "sqlstate", None) not in RETRY_STATES:
                    raise
        raise AssertionError("the loop returns or raises")

    async def close(self) -> None:
        """See `Database.close`."""
        await self._engine.dispose()
