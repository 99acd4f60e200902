"""Who waits in a test says for what, and hears of it when it does not come."""

from __future__ import annotations

from collections import deque

import pytest

from tests.waiting import until


async def test_what_comes_is_waited_for_and_what_does_not_is_named() -> None:
    looks = deque([0, 0, 1])

    async def is_so() -> int:
        return looks.popleft()

    await until(is_so, "the third look")
    assert not looks
    with pytest.raises(AssertionError, match="waited in vain for snow"):
        await until(list, "snow", limit=0.05)
