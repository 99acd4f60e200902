"""Between the wire and aiogram's types: answers and updates are checked and dumped, parameters are read."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from typing import Any, Final, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from aiogram.types.base import TelegramObject
from pydantic import BaseModel, ValidationError

from bot.simulator.refusal import Refusal, bad, strict

Json = dict[str, Any]
Method = type[TelegramMethod[Any]]

SCALARS: Final = {str, int, float, bool, type(None), Default, InputFile}
"""Types whose values are no JSON. A file is a string here: a number it was kept under."""

MISSING: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
}
MISSING_OF: Final = {
    ("deleteMessage", "chat_id"): "chat identifier is not specified",
    ("deleteMessage", "message_id"): "message identifier is not specified",
    ("editMessageText", "message_id"): "message to edit not found",
    ("editMessageCaption", "message_id"): "message to edit not found",
    ("editMessageReplyMarkup", "message_id"): "message to edit not found",
}
"""Telegram's words for a missing parameter, where it has some."""


def checked(kind: type[TelegramObject], fields: Json) -> Json:
    """The fields as one of aiogram's types says them on the wire; ValueError if the type does not know them so."""
    thing = kind.model_validate(fields)
    if stray := unknown(thing):
        raise ValueError(f"{kind.__name__} has no field {stray}")
    return dumped(thing)


def dumped(thing: BaseModel) -> Json:
    """One of aiogram's values as JSON: with the wire's names, and only what was given."""
    return thing.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def unknown(thing: object, path: str = "") -> str | None:
    """The path of the first field that aiogram's models do not know, None if all are known."""
    if isinstance(thing, list | tuple):
        inside = ((path, item) for item in thing)
    elif isinstance(thing, BaseModel):
        if thing.model_extra:
            return f"{path}.{next(iter(thing.model_extra))}".lstrip(".")
        inside = ((f"{path}.{name}", getattr(thing, name)) for name in thing.model_fields_set)
    else:
        return None
    return next((stray for where, item in inside if (stray := unknown(item, where))), None)


def read(method: Method, raw: Json, played: frozenset[str]) -> Any:  # noqa: ANN401, each method has fields of its own
    """The parameters of a call as aiogram's model of the method; or a Refusal in Telegram's words where it has some.

    `raw` holds strings (query, form) or JSON values; `played` names the parameters the simulator acts upon.
    """
    given = dict(_given(method, raw, played))
    for key in method.model_fields:
        if given.get(key) in ("", None) and _needed(method, key, given):
            raise bad(
                MISSING_OF.get((method.__api_method__, key)) or MISSING.get(key) or f'parameter "{key}" is required'
            )
    try:
        call = method.model_validate(given)
    except ValidationError as error:
        raise _fault(error) from None
    if stray := unknown(call):
        raise strict(f'unexpected field "{stray}"')
    return call


def _given(method: Method, raw: Json, played: frozenset[str]) -> Iterator[tuple[str, object]]:
    """What was given, nested values parsed; an empty string stands for no value where a value is nested."""
    for key, value in raw.items():
        if key == "parse_mode":
            raise strict("parse_mode is not taken, send entities")
        field = method.model_fields.get(key)
        if field is None:
            raise strict(f'unexpected parameter "{key}"')
        scalar = _is_scalar(field.annotation)
        if value is None or (value == "" and not scalar):
            continue
        if key not in played:
            raise strict(f'the parameter "{key}" is not played here')
        yield key, _value(key, value, scalar=scalar)


def _needed(method: Method, key: str, given: Json) -> bool:
    """Whether it is a fault that this has no value; an empty string is one where Telegram has no word against it."""
    if (method.__api_method__, key) in MISSING_OF:
        return True
    return method.model_fields[key].is_required() and (key not in given or key in MISSING)


def _value(key: str, value: object, *, scalar: bool) -> object:
    try:
        if scalar:
            value = value if isinstance(value, str) else json.dumps(value)
        elif isinstance(value, str):
            value = json.loads(value)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad(f"can't parse {key} JSON object") from None
    return value


def _fault(error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return strict(f'parameter "{where}" is wrong: {first["msg"]}')


def _is_scalar(annotation: object) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return all(_is_scalar(part) for part in get_args(annotation))
    return annotation in SCALARS
