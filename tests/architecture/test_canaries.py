"""The plugin that looks for leaks is there, and finds them in whatever a test lets out."""

from __future__ import annotations

import pytest

from tests import canaries
from tests.faults.canary import HEALTH, NAME

LEAKS = {
    "token": f"GET /bot{'1234567890'}:{'A' * 35}/getMe",
    "name": f"handled {NAME}",
    "answer": f"['{HEALTH}']",
    "words": "told: ich wohne bei Tante Ayse.",
}


def report(words: str) -> pytest.TestReport:
    """A test that passed and let that out."""
    sections = [("Captured stdout call", "nothing"), ("Captured log call", words)]
    return pytest.TestReport("x", ("x", 1, "x"), {}, "passed", None, "call", sections)


@pytest.mark.row(40)
def test_every_test_is_looked_at(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.get_plugin("canaries") is canaries


@pytest.mark.row(40)
@pytest.mark.parametrize("way", LEAKS)
def test_what_leaks_fails_its_test(way: str) -> None:
    canaries.remember("ich wohne bei Tante Ayse")
    one = report(LEAKS[way])
    canaries.judge(one)
    assert one.outcome == "failed"
    assert "lets out what nobody may read" in str(one.longrepr)


@pytest.mark.row(40)
def test_what_tells_nothing_passes() -> None:
    for words in ("ich wohne bei Tante Ayse", "Ja", "/forget everything"):
        canaries.remember(words)
    one = report("Ja, handled 5 of 7, /forget everything")
    canaries.judge(one)
    assert one.outcome == "passed"
