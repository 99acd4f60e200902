"""Who fetches updates, and when a process believes that somebody else does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import Conflict

from bot.telegram import polling
from bot.telegram.polling import CONFLICTS, Refused, RefusedForNow, poll
from tests.waiting import LIMIT


class Line:
    """A bot and an intake: counts how often it is asked for updates; `conflict`: somebody else fetches."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fetched = 0
        self.conflict = False
        self.lead = SimpleNamespace(may_send=True)
        monkeypatch.setattr(polling, "BEAT", 0.001)
        monkeypatch.setattr(polling, "PAUSES", (0.001,))
        monkeypatch.setattr(polling, "call", self._call)

    async def _call(self, *_: object, **__: object) -> list[Any]:
        self.fetched += 1
        await asyncio.sleep(0)
        if self.conflict:
            raise Conflict("terminated by other getUpdates request")
        return []

    async def room(self) -> None:
        """There is."""

    async def accept(self, updates: object) -> None:
        """Take them."""

    def poll(self, *, shared: bool) -> Coroutine[Any, Any, None]:
        """Fetch, alone or as one of several."""
        return poll(cast("Any", self), cast("Any", self), cast("Any", self.lead) if shared else None)

    async def more(self, number: int = 3) -> None:
        """Wait until so many more were fetched."""
        enough = self.fetched + number
        async with asyncio.timeout(LIMIT):
            while self.fetched < enough:  # noqa: ASYNC110 - another task's doing
                await asyncio.sleep(0.001)


async def test_who_is_cut_off_from_the_others_fetches_nothing_until_it_certainly_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = Line(monkeypatch)
    async with asyncio.TaskGroup() as nursery:
        task = nursery.create_task(line.poll(shared=True))
        await line.more()
        line.lead.may_send, line.conflict = False, True
        await asyncio.sleep(0.05)
        before = line.fetched
        await asyncio.sleep(0.05)
        assert line.fetched == before, "another leads, and fetches"
        assert not task.done(), "and this is no reason to end"
        line.lead.may_send, line.conflict = True, False
        await line.more()
        task.cancel()


async def test_one_of_several_believes_after_some_tries_that_a_stranger_fetches_and_may_be_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = Line(monkeypatch)
    line.conflict = True
    with pytest.raises(RefusedForNow, match="Another process fetches"):
        await line.poll(shared=True)
    assert line.fetched == CONFLICTS + 1


async def test_a_lone_process_ends_when_another_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(monkeypatch)
    line.conflict = True
    with pytest.raises(Refused) as refused:
        await line.poll(shared=False)
    assert (line.fetched, type(refused.value)) == (1, Refused)
