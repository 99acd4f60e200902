"""What the two bare bots share: python-telegram-bot over our transport, and the cheapest possible intake.

Updates are fetched and each becomes a task. Nothing is stored, so a kill loses what was in flight, order within a
chat is not kept, and a repeated update is handled twice. That is the yardstick: it was a little faster than the
library's own Updater (0.229 to 0.236 CPU seconds for 1,000 echoes, medians of nine runs in turn), and it gets the
`gc.freeze()` that our bot has.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import Any

from telegram.ext import Application, BaseHandler

from bot.telegram.transport import Transport

TOKEN = "1234567890:a-token-for-benchmarks-and-nothing-else"  # noqa: S105 - made up
LONG_POLL = 30


def run(*handlers: BaseHandler[Any, Any, Any]) -> None:
    """Runs a bot with these handlers until it is killed. The only argument is the URL of the Bot API."""
    os.environ["PTB_TIMEDELTA"] = "true"
    asyncio.run(_run(sys.argv[1], handlers))


async def _run(url: str, handlers: tuple[BaseHandler[Any, Any, Any], ...]) -> None:
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{url}/bot")
        .request(Transport())
        .get_updates_request(Transport(connections=1))
        .updater(None)
        .build()
    )
    application.add_handlers(handlers)
    async with application, asyncio.TaskGroup() as nursery:
        gc.collect()
        gc.freeze()
        offset = 0
        while True:
            updates = await application.bot.get_updates(offset, timeout=LONG_POLL)
            for update in updates:
                nursery.create_task(application.process_update(update))
                offset = update.update_id + 1
