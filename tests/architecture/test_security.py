"""Each threat in docs/security.md has a test that is really there."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def threats() -> list[str]:
    """The lines of the table."""
    lines = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith("| Threat |")]


def test_every_threat_has_a_control_and_a_test() -> None:
    assert len(threats()) >= 25
    for line in threats():
        threat, control, tests = line.strip("| ").split(" | ")
        assert threat
        assert control
        assert NAMED.search(tests), line


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        f"{path}::{test}"
        for path, test in NAMED.findall("\n".join(threats()))
        if not re.search(rf"^(?:async )?def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
