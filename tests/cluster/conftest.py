"""The fixtures of the fault suite, which are used here as well."""

from __future__ import annotations

import pytest

from tests.faults.conftest import own_log, town

__all__ = ["own_log", "town"]
pytest.register_assert_rewrite("tests.cluster.replicas")
