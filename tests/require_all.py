"""A pytest plugin (`-p tests.require_all`): with REQUIRE_ALL=1 in the environment a skip is a failure.

On a developer's machine a test may skip what is missing (a browser, a server). Where everything is installed, a skip
means that a promise went unchecked and nobody noticed.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judges the report of a test."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judges the report of a module."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip into a failure that keeps its reason."""
    if report.skipped and os.environ.get("REQUIRE_ALL", "") not in {"", "0"}:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL is set, and this did not run. {reason}"
