"""Documents the bot sends: kept, so that a person can open them."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from aiogram import methods as m
from starlette.datastructures import UploadFile

from bot.simulator.messages import new_message
from bot.simulator.refusal import bad
from bot.simulator.text import CAPTION_LIMIT, message_text
from bot.simulator.wire import dumped
from bot.simulator.world import World

Json = dict[str, Any]
KIND: Final = "file"
PREFIX: Final = "file:"
LARGEST: Final = 1 << 20
"""Bytes the simulator keeps of one document; Telegram takes 50 MB."""


async def keep(world: World, upload: UploadFile) -> str:
    """Keep an uploaded file; what stands for it in the parameters of the call."""
    data = await upload.read()
    if len(data) > LARGEST:
        raise bad("file is too big")
    number = world.number(KIND)
    body = {
        "name": upload.filename or "file",
        "type": upload.content_type or "application/octet-stream",
        "data": base64.b64encode(data).decode(),
        "size": len(data),
    }
    world.files[number] = body
    world.store.put(KIND, number, 0, body)
    return json.dumps(f"{PREFIX}{number}")


def opened(world: World, number: int) -> tuple[str, str, bytes] | None:
    """A kept file: its name, its type, what is in it."""
    body = world.files.get(number)
    return None if body is None else (body["name"], body["type"], base64.b64decode(body["data"]))


def send_document(world: World, call: m.SendDocument) -> Json:
    """A message with a file that was uploaded in the same call."""
    number = str(call.document).removeprefix(PREFIX)
    body = world.files.get(int(number)) if number.isdecimal() else None
    if body is None:
        raise bad("wrong file identifier/HTTP URL specified")
    chat = world.writable(call.chat_id)
    document = {
        "file_id": f"{PREFIX}{number}",
        "file_unique_id": f"unique{number}",
        "file_name": body["name"],
        "mime_type": body["type"],
        "file_size": body["size"],
    }
    content: Json = {"document": document}
    if call.caption:
        given = [dumped(one) for one in call.caption_entities or []]
        text, entities = message_text(
            call.caption, given, too_long="message caption is too long", limit=CAPTION_LIMIT
        )
        content |= {"caption": text, **({"caption_entities": entities} if entities else {})}
    return new_message(world, chat, content)
