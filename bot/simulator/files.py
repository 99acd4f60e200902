"""Documents: those the bot sends, for a person to open; those a person sends, for the bot to fetch."""

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
    kind = upload.content_type or "application/octet-stream"
    return json.dumps(f"{PREFIX}{_kept(world, upload.filename or 'file', kind, data)}")


def sent_by_person(world: World, name: str, kind: str, data: bytes) -> Json:
    """A person's document, as a message shows it."""
    return _document(world, _kept(world, name, kind, data))


def get_file(world: World, call: m.GetFile) -> Json:
    """Where a document can be fetched."""
    number = call.file_id.removeprefix(PREFIX)
    body = world.files.get(int(number)) if number.isdecimal() else None
    if body is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    shown = _document(world, int(number))
    return {name: shown[name] for name in ("file_id", "file_unique_id", "file_size")} | {
        "file_path": f"documents/{number}"
    }


def _kept(world: World, name: str, kind: str, data: bytes) -> int:
    number = world.number(KIND)
    body = {"name": name, "type": kind, "data": base64.b64encode(data).decode(), "size": len(data)}
    world.files[number] = body
    world.store.put(KIND, number, 0, body)
    return number


def _document(world: World, number: int) -> Json:
    body = world.files[number]
    return {
        "file_id": f"{PREFIX}{number}",
        "file_unique_id": f"unique{number}",
        "file_name": body["name"],
        "mime_type": body["type"],
        "file_size": body["size"],
    }


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
    content: Json = {"document": _document(world, int(number))}
    if call.caption:
        given = [dumped(one) for one in call.caption_entities or []]
        text, entities = message_text(
            call.caption, given, too_long="message caption is too long", limit=CAPTION_LIMIT
        )
        content |= {"caption": text, **({"caption_entities": entities} if entities else {})}
    return new_message(world, chat, content)
