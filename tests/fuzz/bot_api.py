"""Updates made from the Bot API's own types (aiogram's models), valid ones and slightly broken ones."""

from __future__ import annotations

import types
from copy import deepcopy
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from aiogram import types as api
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.telegram.polling import ALLOWED
from tests.faults.canary import HEALTH, NAME, PHONE

Json = Any
NOW = 1_795_600_000
PEOPLE = (11, 12, 13, 14)
GROUP = -1001234567890
DEEPEST = 4
NEWEST = "newest:"
"""Data of a tap that stands for a button of the chat's newest card. A number follows."""
TRICKS = (
    *(
        "",
        " ",
        "\0",
        "\u202eumgedreht",
        "\u2067\u2067\u2067",
        "a\u200bb\u200d\ufeff",
        "👩‍👩‍👧‍👦" * 20,
        "\ud83d",
        "<b>fett</b>",
    ),
    *(
        '<a href="https://x.example">Jobcenter</a>',
        "*fett* _kursiv_ [x](https://x.example)",
        "{name} {0} {{",
        "%s %(a)s",
    ),
    *('=HYPERLINK("http://x.example")', "Z̸̧͓a" * 200, "x" * 10_000, "ß" * 4_096, "مرحبا", "1" * 400, "٣", "-1", "1e9"),
)
"""What people might write, or be called, by accident or on purpose."""
COMMANDS = (
    *(
        "start",
        "start x",
        "start team-" + "A" * 32,
        "start@lotse_bot",
        "help",
        "forget",
        "profile",
        "privacy",
        "offers",
    ),
    *(
        "events",
        "mine",
        "path",
        "settings",
        "ask",
        "pause",
        "language",
        "staff",
        "audit",
        "threads",
        "status",
        "here",
    ),
    *("unknown", "", "start \u202e", "START", "undo"),
)
WORDS = st.sampled_from((*TRICKS, HEALTH, PHONE, NAME, "ja", "10", "Minden", *(f"/{one}" for one in COMMANDS)))
NAMES = st.sampled_from((*TRICKS[2:], NAME, HEALTH))
DATA = st.one_of(
    st.integers(0, 12).map(lambda number: f"{NEWEST}{number}"),
    st.sampled_from(
        ("", "v1.o.B1", "v0.confirm", "v1.go.team.0", "d1.x", "x" * 64, HEALTH, "v99999999999999999999.next")
    ),
    st.text(max_size=64),
)
BY_NAME: dict[str, st.SearchStrategy[Json]] = {
    "text": WORDS,
    "caption": WORDS,
    "data": DATA,
    "first_name": NAMES,
    "last_name": NAMES,
    "title": NAMES,
    "file_name": st.sampled_from(("a.ics", "../../a.pdf", "a.pdf", f"{NAME}.pdf", *TRICKS)),
    "mime_type": st.sampled_from(("text/calendar", "application/pdf", "image/png", "", HEALTH)),
    "language_code": st.sampled_from(("de", "ar", "uk", "prs", "de-DE", "x" * 300, "")),
    "file_size": st.sampled_from((0, 1, 999, 10**9, -1)),
    "offset": st.integers(0, 12),
    "length": st.integers(1, 12),
    "url": st.sampled_from(("https://x.example", "http://169.254.169.254/", "javascript:alert(1)", "tg://user?id=1")),
    "status": st.sampled_from(("kicked", "member", "left")),
}
ENTITIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ("bold", "italic", "text_link", "url", "mention", "custom_emoji", "bot_command", "pre")
        ),
        "offset": BY_NAME["offset"],
        "length": BY_NAME["length"],
    },
    optional={"url": BY_NAME["url"]},
)
BROKEN: st.SearchStrategy[Json] = st.sampled_from(
    (None, True, -1, 0, 1 << 70, 1.5, "", HEALTH, [], [HEALTH], {}, {"id": HEALTH}, [[[{}]]])
)
"""Values that do not belong where they are put."""


def of(annotation: Any, name: str, depth: int) -> st.SearchStrategy[Json]:
    """JSON of that type, as Telegram would send it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return of(inner[0], name, depth)
    if origin in {Union, types.UnionType}:
        return st.one_of(*(of(one, name, depth) for one in inner if one is not types.NoneType))
    if origin is list:
        return st.lists(of(inner[0], name, depth), min_size=1, max_size=2)
    if origin is Literal:
        return st.sampled_from([one.value if isinstance(one, Enum) else one for one in inner])
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return model(annotation, depth + 1)
        if issubclass(annotation, Enum):
            return st.sampled_from([one.value for one in annotation])
        if issubclass(annotation, datetime):
            return st.integers(NOW - 10**6, NOW)
        if issubclass(annotation, timedelta):
            return st.integers(0, 10**5)
    simple: dict[Any, st.SearchStrategy[Json]] = {
        bool: st.booleans(),
        int: st.integers(0, 10**6),
        float: st.floats(0, 90),
        str: WORDS,
    }
    return simple.get(annotation, st.none())


@st.composite
def model(draw: st.DrawFn, kind: type[BaseModel], depth: int = 0) -> dict[str, Json]:
    """An object of the Bot API: its required fields, and up to four optional ones."""
    if kind is api.User:
        return draw(people())
    if kind is api.Chat:
        return draw(chats())
    if kind is api.MessageEntity:
        return draw(ENTITIES)
    fields = kind.model_fields
    needed = [name for name, one in fields.items() if one.is_required()]
    possible = [name for name in fields if name not in needed] if depth < DEEPEST else []
    more = draw(st.lists(st.sampled_from(possible), max_size=4, unique=True)) if possible else []
    return {fields[name].alias or name: draw(field(name, fields[name], depth)) for name in (*needed, *more)}


def field(name: str, one: FieldInfo, depth: int) -> st.SearchStrategy[Json]:
    """One field: a value that fits its name, else any of its type. Fixed values stay."""
    if isinstance(one.default, str):
        return st.just(one.default)
    return BY_NAME[name] if name in BY_NAME else of(one.annotation, name, depth)


@st.composite
def people(draw: st.DrawFn) -> dict[str, Json]:
    """One of a few people, with any name."""
    one = {"id": draw(st.sampled_from(PEOPLE)), "is_bot": draw(st.integers(0, 19)) == 0, "first_name": draw(NAMES)}
    return one | ({"language_code": draw(BY_NAME["language_code"])} if draw(st.booleans()) else {})


@st.composite
def chats(draw: st.DrawFn) -> dict[str, Json]:
    """A private chat, the group, or a channel."""
    kind = draw(st.sampled_from(("private", "private", "private", "supergroup", "group", "channel")))
    number = draw(st.sampled_from(PEOPLE)) if kind == "private" else GROUP
    return {"id": number, "type": kind} | ({"is_forum": True} if kind == "supergroup" else {"title": NAME})


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Json]:
    """One update without an id: mostly from a person in their own chat."""
    kind = draw(
        st.sampled_from((*ALLOWED, "message", "message", "callback_query", "callback_query", "poll", "inline_query"))
    )
    body = draw(field(kind, api.Update.model_fields[kind], 0))
    if not isinstance(body, dict):
        return {kind: body}
    if kind == "my_chat_member":
        user = {"id": 1, "is_bot": True, "first_name": "Lotse"}
        status = [draw(BY_NAME["status"]) for _ in range(2)]
        body |= {
            name: {"status": one, "user": user, "until_date": 0}
            for name, one in zip(("old_chat_member", "new_chat_member"), status, strict=True)
        }
    if kind == "callback_query":
        body.setdefault("data", draw(DATA))
        body["message"] = {"message_id": draw(st.integers(1, 300)), "date": 0, "chat": draw(chats())}
    if draw(st.integers(0, 9)) < 8 and kind != "poll":  # as it nearly always is
        person = body.setdefault("from", draw(people()))
        place = body["message"] if kind == "callback_query" else body
        if kind != "channel_post" and isinstance(place, dict):
            place["chat"] = {"id": person["id"], "type": "private"}
    return {kind: commanding(body)}


def commanding(body: dict[str, Json]) -> dict[str, Json]:
    """Marks a command as one, as Telegram does."""
    words = body.get("text")
    if isinstance(words, str) and words.startswith("/") and "entities" not in body:
        length = len(words.partition(" ")[0].encode("utf-16-le", "surrogatepass")) // 2
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return body


@st.composite
def slightly_broken(draw: st.DrawFn) -> dict[str, Json]:
    """An update with one to three wrong values."""
    update = deepcopy(draw(updates()))
    for _ in range(draw(st.integers(1, 3))):
        holder: Json = update
        while True:
            inner = [key for key, one in holder.items() if isinstance(one, dict) and one]
            if not inner or (holder is not update and draw(st.booleans())):
                break
            holder = holder[draw(st.sampled_from(sorted(inner)))]
        name = draw(st.sampled_from([*sorted(holder), "unknown"]))
        if name in holder and draw(st.booleans()):
            del holder[name]
        else:
            holder[name] = deepcopy(draw(BROKEN))
        if not update:
            break
    return update
