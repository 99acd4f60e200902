"""The log holds names of events, ids and places; never words, names or secrets."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import log, metrics
from bot.db.engine import open_database
from tests import databases

TOKEN = "123456789:AAcanary-token_of-nobody-0123456789"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged since the test began, as it would be read; afterwards logging is as before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.LIBRARIES}
    stream = io.StringIO()
    root.handlers = []  # pytest's own stay open
    log.set_up("INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


Lines = Callable[[], list[dict[str, Any]]]


def broken(words: str) -> BaseException:
    with pytest.raises(ZeroDivisionError) as raised:
        _fail(words)
    return raised.value


def _fail(words: str) -> None:
    raise ZeroDivisionError(words)


def test_an_event_is_one_line_with_its_time_and_its_ids(lines: Lines) -> None:
    log.get().info("started", chat=2**40, code=7)
    (line,) = lines()
    assert (line["event"], line["level"], line["chat"], line["code"]) == ("started", "info", 2**40, 7)
    assert line["timestamp"].endswith("Z")


def test_an_event_below_the_level_is_not_logged(lines: Lines) -> None:
    log.get().debug("detail")
    assert lines() == []


def test_an_error_is_its_class_and_place_without_its_message(lines: Lines) -> None:
    log.get().error("handler_failed", error=broken("canary words of a person"))
    (line,) = lines()
    assert line["error"].startswith("ZeroDivisionError at test_log.py:")
    assert "canary" not in json.dumps(line)


@pytest.mark.row(40)
def test_an_error_from_inside_a_library_keeps_its_place_and_loses_its_words() -> None:
    with pytest.raises(ValueError, match="Expecting value") as raised:
        json.loads("canary")
    assert log.place_of(raised.value).startswith("JSONDecodeError at ")
    assert "Expecting" not in log.place_of(raised.value)


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert log.place_of(ValueError("canary")) == "ValueError"


@pytest.mark.row(40)
def test_whatever_looks_like_a_token_is_blotted_out(lines: Lines) -> None:
    log.get().warning("odd", url=f"https://api.example/bot{TOKEN}/getMe")
    log.get().warning(f"event with {TOKEN}")
    text = json.dumps(lines())
    assert "canary" not in text
    assert text.count("[secret]") == 2


def test_what_a_line_is_about_goes_with_every_line_of_it(lines: Lines) -> None:
    with log.about(update=7):
        log.get().info("first")
        with log.about(delivery=8, broadcast=None):
            log.get().info("second", update=9)
    log.get().info("third")
    first, second, third = lines()
    assert first["update"] == 7
    assert (second["update"], second["delivery"]) == (9, 8)
    assert "broadcast" not in second
    assert "update" not in third


async def test_tasks_at_the_same_time_keep_apart_what_they_are_about(lines: Lines) -> None:
    async def work(number: int) -> None:
        with log.about(update=number):
            for _ in range(3):
                await asyncio.sleep(0)
                log.get().info("step", expected=number)

    async with asyncio.TaskGroup() as nursery:
        for number in range(5):
            nursery.create_task(work(number))
    assert len(lines()) == 15
    assert all(line["update"] == line["expected"] for line in lines())


async def test_a_use_case_is_about_what_its_caller_is_about_though_commits_are_shared(
    lines: Lines, tmp_path: Path
) -> None:
    database = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))

    async def work(number: int) -> None:
        with log.about(update=number):
            await database.run(lambda _: log.get().info("inside", expected=number))

    async with asyncio.TaskGroup() as nursery:
        for number in range(5):
            nursery.create_task(work(number))
    await database.close()
    inside = [line for line in lines() if line["event"] == "inside"]
    assert len(inside) == 5
    assert all(line["update"] == line["expected"] for line in inside)


def test_text_is_for_people_and_stays_one_line() -> None:
    stream = io.StringIO()
    log.set_up("INFO", stream, "text")
    with log.about(update=7):
        log.get().warning("odd", why="two words", code=3, broken="a\nb", url=f"bot{TOKEN}")
    structlog.reset_defaults()
    (line,) = stream.getvalue().splitlines()
    assert re.fullmatch(
        r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ warning odd why="two words" code=3 broken="a\\nb" '
        r'url="bot\[secret\]" update=7',
        line,
    )


def test_warnings_and_errors_are_counted_by_name_and_class(lines: Lines) -> None:
    events, errors = dict(metrics.EVENTS.values), dict(metrics.ERRORS.values)
    log.get().error("handler_failed", error=broken("canary"))
    log.get().warning("canary words of somebody")
    log.get().info("started")
    assert len(lines()) == 3
    assert metrics.EVENTS.values[("error", "handler_failed")] == events.get(("error", "handler_failed"), 0) + 1
    assert metrics.EVENTS.values[("warning", "other")] == events.get(("warning", "other"), 0) + 1
    assert metrics.ERRORS.values[("ZeroDivisionError",)] == errors.get(("ZeroDivisionError",), 0) + 1
    assert not any("started" in one or "canary" in str(one) for one in metrics.EVENTS.values)


@pytest.mark.canaries
@pytest.mark.parametrize("name", ["httpx", "telegram.ext", "aiohttp.client", "somebody.else"])
def test_a_library_is_heard_from_warnings_on_by_its_name_only(lines: Lines, name: str) -> None:
    library = logging.getLogger(name)
    library.info("canary %s", TOKEN)
    library.warning("canary words %s", TOKEN)
    library.error("canary", exc_info=broken("canary again"))
    first, second = lines()
    assert (first["event"], first["name"], first["level"], first["error"]) == ("library", name, "warning", None)
    assert second["error"].startswith("ZeroDivisionError at test_log.py:")
    assert "canary" not in json.dumps([first, second])


def test_even_a_debugging_operator_hears_no_library_talk(lines: Lines) -> None:
    del lines
    stream = io.StringIO()
    log.set_up("DEBUG", stream)
    logging.getLogger("telegram").debug("canary")
    logging.getLogger("httpx").info("canary")
    log.get().debug("ours")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["ours"]
