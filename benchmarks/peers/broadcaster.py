"""aiogram-broadcaster: the same text to many chats, without a pause in between. Nothing is kept.

`python broadcaster.py URL NUMBER` prints the seconds it took and its CPU seconds, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from aiogram_broadcaster import Broadcaster
from aiogram_broadcaster.contents import TextContent
from aiogram_parts import bot_at

FIRST_CHAT = 5_000_000_001
TEXT = "Bitte wählen Sie Ihre Sprache."


async def main(url: str, number: int) -> None:
    """Sends, and prints."""
    bot = bot_at(url)
    mailer = await Broadcaster(bot).create_mailer(range(FIRST_CHAT, FIRST_CHAT + number), TextContent(text=TEXT))
    began, cpu = time.perf_counter(), time.process_time()
    await mailer.start()
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}))
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
