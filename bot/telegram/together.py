"""Several processes that serve one bot: what they tell each other, and what only the one that leads does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot import log
from bot.db.engine import DatabaseAway
from bot.db.keys import MissingKey
from bot.db.offers import sayings
from bot.db.replica import Replica
from bot.telegram.common import Common
from bot.telegram.desk import Desk
from bot.telegram.gate import Gate
from bot.telegram.intake import Intake
from bot.telegram.presenter import Presenter
from bot.telegram.sender import Sender

SHARE = 5
"""One message of so many is kept free for replies of other processes while there are any."""
LOOK_SECONDS = 2.0
"""Between two looks whether staff have said something elsewhere, should nobody have told us."""
LEFT_SECONDS = 8.0
"""Between two looks for updates that nobody works on, should nobody have told us."""


async def when_leading(replica: Replica | None, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do what one process of several does, once this one leads; at once where there is only one."""
    if replica is not None:
        await replica.leads.wait()
    await work()


class Together:
    """This process and the others; nothing here is lost for good when a word is: each thing is looked for as well."""

    def __init__(
        self,
        common: Common,
        replica: Replica,
        gate: Gate,
        desk: Desk,
        intake: Intake,
        sender: Sender,
    ) -> None:
        self._common = common
        self._replica = replica
        self._gate = gate
        self._desk = desk
        self._intake = intake
        self._sender = sender
        self._changed, self._left = asyncio.Event(), asyncio.Event()

    def begin(self, presenter: Presenter) -> None:
        """Tell the others from now on, and hear them."""
        replica = self._replica
        replica.heard = self._hear
        replica.changed = self._left.set
        self._make_room()
        presenter.may_show = lambda: replica.holds
        self._common.database.on_planned = self._planned
        self._gate.told = lambda seconds: replica.tell("wait", seconds)
        self._desk.tell = replica.tell

    def touched(self, chat_id: int) -> None:
        """Somebody did something here, and sees a new card now: what waits for them elsewhere is older than that."""
        self._sender.touched(chat_id)
        self._replica.tell("touched", chat_id)

    async def follow(self) -> None:
        """Take over what staff said elsewhere, for ever."""
        while True:
            try:
                if await self._common.database.run(sayings.revision) != self._common.content.said:
                    await self._desk.content_changed()
            except DatabaseAway:
                log.get().warning("database_away", what="sayings")
            await _wait(self._changed, LOOK_SECONDS)

    async def inherit(self) -> None:
        """Work on updates that others have left behind, for ever."""
        while True:
            await _wait(self._left, LEFT_SECONDS)
            self._make_room()
            try:
                left = await self._intake.take_over()
            except (DatabaseAway, MissingKey) as away:
                log.get().warning("database_away", what="left", error=away)
                self._left.set()
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if left:
                log.get().warning("updates_taken_over", number=left)

    def _make_room(self) -> None:
        rate = self._gate.pace.rate
        self._gate.pace.leave_free(max(rate // SHARE, 1) if self._replica.others else 0)

    def _planned(self) -> None:
        if self._replica.leads.is_set():
            self._sender.wake()
        else:
            self._replica.tell("planned")

    def _hear(self, word: str, about: str) -> None:
        match word:
            case "planned":
                self._sender.wake()
            case "touched":
                self._intake.before_card(int(about))
                self._sender.touched(int(about))
                self._gate.pace.elsewhere(int(about))
            case "wait":
                self._gate.close(float(about))
            case "said":
                self._changed.set()
            case _:
                pass  # a newer Lotse has more to say


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until it is set, or so long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
    event.clear()
