"""Documents and pictures: those the bot sends, new or by their id; those a person sends, for the bot to fetch."""

from __future__ import annotations

import base64
from typing import Any, Final

from aiogram import methods as m
from aiogram import types as t
from starlette.datastructures import UploadFile

from bot.simulator.keyboards import reply_markup
from bot.simulator.messages import caption_of, editable, edited, new_message
from bot.simulator.refusal import bad
from bot.simulator.wire import checked, dumped
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
    return f"{PREFIX}{_kept(world, upload.filename or 'file', kind, data)}"


def sent_by_person(world: World, name: str, kind: str, data: bytes) -> Json:
    """A person's document, as a message shows it."""
    return _document(world, _kept(world, name, kind, data))


def photo_by_person(world: World, name: str, kind: str, data: bytes) -> list[Json]:
    """A person's picture in its sizes, as a message shows it: here there is one."""
    return _photo(world, _kept(world, name, kind, data, photo=True))


def get_file(world: World, call: m.GetFile) -> Json:
    """Where a document or picture can be fetched."""
    number = _number(world, call.file_id)
    if number is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    size = {"file_size": world.files[number]["size"], "file_path": f"documents/{number}"}
    return checked(t.File, _named(number) | size)


def _number(world: World, file_id: str) -> int | None:
    """The number of a kept file; None where there is none of that id."""
    number = file_id.removeprefix(PREFIX)
    return int(number) if number.isdecimal() and int(number) in world.files else None


def _kept(world: World, name: str, kind: str, data: bytes, *, photo: bool = False) -> int:
    number = world.number(KIND)
    body = {"name": name, "type": kind, "data": base64.b64encode(data).decode(), "size": len(data)}
    body |= {"photo": True} if photo else {}
    world.files[number] = body
    world.store.put(KIND, number, 0, body)
    return number


def _document(world: World, number: int) -> Json:
    body = world.files[number]
    return _named(number) | {"file_name": body["name"], "mime_type": body["type"], "file_size": body["size"]}


def _photo(world: World, number: int) -> list[Json]:
    return [_named(number) | {"width": 800, "height": 600, "file_size": world.files[number]["size"]}]


def _named(number: int) -> Json:
    return {"file_id": f"{PREFIX}{number}", "file_unique_id": f"unique{number}"}


def opened(world: World, number: int) -> tuple[str, str, bytes] | None:
    """A kept file: its name, its type, what is in it."""
    body = world.files.get(number)
    return None if body is None else (body["name"], body["type"], base64.b64decode(body["data"]))


def send_document(world: World, call: m.SendDocument) -> Json:
    """A message with a file that was uploaded in the same call, or is known by its id."""
    number = _known(world, call.document, photo=False)
    return _sent(world, call, {"document": _document(world, number)})


def send_photo(world: World, call: m.SendPhoto) -> Json:
    """A message with a picture that is known by its id."""
    number = _known(world, call.photo, photo=True)
    return _sent(world, call, {"photo": _photo(world, number)})


def edit_message_media(world: World, call: m.EditMessageMedia) -> Json:
    """A message with another picture or file, known by its id, in place of the one it had."""
    given = call.media
    if not isinstance(given, t.InputMediaPhoto | t.InputMediaDocument):
        raise bad("only photos and documents are put in place of others here")
    photo = isinstance(given, t.InputMediaPhoto)
    number = _known(world, given.media, photo=photo)
    thing = {"photo": _photo(world, number)} if photo else {"document": _document(world, number)}
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat, old = editable(world, call)
    return edited(world, chat, old, thing | caption_of(given) | ({"reply_markup": markup} if markup else {}))


def _known(world: World, given: object, *, photo: bool) -> int:
    number = _number(world, str(given))
    if number is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if bool(world.files[number].get("photo")) is not photo:
        kinds = ("Document", "Photo") if photo else ("Photo", "Document")
        raise bad("can't use file of type {} as {}".format(*kinds))
    return number


def _sent(world: World, call: m.SendDocument | m.SendPhoto, content: Json) -> Json:
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat = world.writable(call.chat_id)
    return new_message(world, chat, content | caption_of(call) | ({"reply_markup": markup} if markup else {}))
