from __future__ import annotations

from hypothesis import settings

# The same examples every time: a red run is red again, and the machine's speed decides nothing.
settings.register_profile("lotse", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("lotse")
