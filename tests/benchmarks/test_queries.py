"""What is measured of each statement, and that measuring changes nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from benchmarks.queries import Timed, median_seconds
from tests.plans.collecting import Said
from tests.plans.opening import keep, on


def said(sql: str, *parameters: object) -> Said:
    return Said(sql, parameters, "bot.db.somewhere.something")


def test_a_statement_is_said_again_and_nothing_of_it_stays(tmp_path: Path) -> None:
    def look(_: Engine, connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE person (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO person VALUES (1)")
        keep(connection)
        assert median_seconds(connection, said("INSERT INTO person VALUES (?)", 2))
        assert median_seconds(connection, said("DELETE FROM person"))
        assert median_seconds(connection, said("INSERT INTO person VALUES (?)", 1)) is None
        assert connection.exec_driver_sql("SELECT id FROM person").all() == [(1,)]

    on(f"sqlite:///{tmp_path}/people.db", look)


def test_a_statement_is_flat_by_its_ratio_or_where_nobody_would_notice() -> None:
    def is_flat(few: float, many: float) -> bool:
        return Timed(said("SELECT 1"), {10: few, 100: few * 9, 1000: many}).is_flat

    assert is_flat(0.010, 0.014)
    assert is_flat(0.0001, 0.0009)
    assert not is_flat(0.010, 0.016)
    assert not is_flat(0.0001, 0.0012)
