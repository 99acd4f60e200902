"""What tries come to: how they are counted, how late they were, and how many lately failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import log, metrics
from bot.db.outbox.deliveries import Due, Kind
from bot.services.deliveries.sending import Result, Tried
from bot.telegram import counting
from bot.telegram.counting import FAILURES, LATELY, NO_TRY, REMEMBERED, Tries

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def tried(result: Result, at: datetime = NOW, **more: Any) -> Tried:
    """A reminder that could go 20 seconds before it was tried."""
    given: dict[str, Any] = {
        "kind": Kind.REMINDER,
        "id": 4711,
        "text_key": "broadcast.7",
        "next_at": at - timedelta(seconds=20),
    }
    return Tried(Due(**{**dict.fromkeys(Due.__dataclass_fields__), **given}), result, at, **more)


def test_every_result_is_counted_with_its_kind_and_only_what_was_sent_was_late() -> None:
    tries, before = Tries(), dict(metrics.DELIVERIES.values)
    late = metrics.LATENESS.values.get(("reminder",))
    counted = sum(late.counts) if late is not None else 0
    for result in Result:
        tries.over(tried(result))
    for result in Result:
        key = ("reminder", result.name.lower())
        assert metrics.DELIVERIES.values[key] == before.get(key, 0) + 1
    assert sum(metrics.LATENESS.values[("reminder",)].counts) == counted + 1


@pytest.mark.parametrize("result", list(Result))
def test_what_failed_is_what_nobody_wished(result: Result) -> None:
    tries = Tries()
    tries.over(tried(result))
    assert tries.lately(NOW) == ((0, 0) if result in NO_TRY else (1, int(result in FAILURES)))


def test_only_the_last_and_only_the_latest_count() -> None:
    tries = Tries()
    assert tries.lately(NOW) == (0, 0)
    tries.over(tried(Result.UNKNOWN, NOW - LATELY))
    assert tries.lately(NOW) == (0, 0)
    for _ in range(REMEMBERED + 10):
        tries.over(tried(Result.SENT))
    tries.over(tried(Result.NOT_SENT))
    assert tries.lately(NOW) == (REMEMBERED, 1)


def test_a_line_names_the_delivery_and_its_broadcast() -> None:
    with counting.about(tried(Result.SENT).due), capture_logs(processors=[log._what_it_is_about]) as lines:
        log.get().info("said")
    assert (lines[0]["delivery"], lines[0]["broadcast"]) == (4711, 7)
