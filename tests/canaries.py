"""A pytest plugin: what a test outputs (log, stdout, stderr, metrics) must contain no token, name or words.

Canaries are the tokens of the tests, the people of the fault suite, and the names and words of people in a test
(`remember`). Short words do not count, because the bot may use them itself.
"""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest

TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")
SHORTEST = 12
"""The fewest characters of a canary. Shorter words may be the name of something."""
_remembered: set[str] = set()


def remember(words: str) -> None:
    """Notes words of a person in this test."""
    if len(words) >= SHORTEST and not words.startswith("/"):
        _remembered.add(words)


def found(text: str) -> list[str]:
    """The canaries in a text. Any token is found by its pattern."""
    from tests.faults.canary import FORBIDDEN  # noqa: PLC0415 - phones, which it needs, remember their words here

    tokens = ["something like a token"] if TOKEN.search(text) else []
    return tokens + sorted(one for one in {*FORBIDDEN, *_remembered} if one in text)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Checks everything that a phase of a test output. Forgets the words after the last phase.

    A test of the log itself outputs canaries on purpose, and has a mark for that.
    """
    report = yield
    if item.get_closest_marker("canaries") is None:
        judge(report)
    if report.when == "teardown":
        _remembered.clear()
    return report


def judge(report: pytest.TestReport) -> None:
    """Fails a phase that output what nobody may read. Names the canaries, not the text around them."""
    leaked = found("\n".join(words for _, words in report.sections))
    if leaked:
        report.outcome = "failed"
        report.longrepr = f"This lets out what nobody may read: {leaked}. See tests/canaries.py."
