"""A pytest plugin: what a test lets out (log, stdout, stderr, numbers) shows no token, no name, no words.

Canaries are the tokens of the tests, the people of the fault suite, and whatever people are called and write on the
phones of a test (`remember`). Only what is as long as nothing the bot says by itself counts.
"""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest

TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")
SHORTEST = 12
"""Characters of what people write; shorter words may be the name of something."""
_remembered: set[str] = set()


def remember(words: str) -> None:
    """Words of a person in this test."""
    if len(words) >= SHORTEST and not words.startswith("/"):
        _remembered.add(words)


def found(text: str) -> list[str]:
    """The canaries in a text; a token by its pattern, whatever it is."""
    from tests.faults.canary import FORBIDDEN  # noqa: PLC0415 - phones, which it needs, remember their words here

    tokens = ["something like a token"] if TOKEN.search(text) else []
    return tokens + sorted(one for one in {*FORBIDDEN, *_remembered} if one in text)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at everything a phase of a test let out; after the last one what was said is forgotten.

    A test of the log itself says canaries on purpose, and is marked so.
    """
    report = yield
    if item.get_closest_marker("canaries") is None:
        judge(report)
    if report.when == "teardown":
        _remembered.clear()
    return report


def judge(report: pytest.TestReport) -> None:
    """Fail a phase that let out what nobody may read; the canaries are named, not what stands around them."""
    leaked = found("\n".join(words for _, words in report.sections))
    if leaked:
        report.outcome = "failed"
        report.longrepr = f"This lets out what nobody may read: {leaked}. See tests/canaries.py."
