"""Fuzzing: whatever arrives, the bot goes on and reveals nobody's words. `make fuzz` runs longer (FUZZ=...)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("FUZZ") or 0)
"""How many examples each test tries. 0: what `make test` can afford, chosen by the test."""


def tries(usual: int) -> settings:
    """The same examples in every run of `make test`. `make fuzz` tries new ones each time."""
    return settings(
        max_examples=EXAMPLES or usual,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate,) if not EXAMPLES else tuple(Phase),  # shrinking a failure takes long
        suppress_health_check=list(HealthCheck),
    )
