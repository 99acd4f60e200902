"""Fuzzing: whatever arrives, the bot goes on and tells nobody's words. `make fuzz` does it longer (FUZZ=...)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("FUZZ") or 0)
"""How many examples each test tries; 0 is what `make test` can afford, by the test."""


def tries(usual: int) -> settings:
    """The same examples at every run of `make test`; `make fuzz` looks at others each time."""
    return settings(
        max_examples=EXAMPLES or usual,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate,) if not EXAMPLES else tuple(Phase),  # to make a failure small takes long
        suppress_health_check=list(HealthCheck),
    )
