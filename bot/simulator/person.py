"""The person's side over HTTP: phones, what people do with them, and the view of the page and the tests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.simulator import files, groups, people, reactions, topics
from bot.simulator.clock import Journey
from bot.simulator.faults import Calls, Faults
from bot.simulator.people import Impossible
from bot.simulator.profile import commands_of, own_text
from bot.simulator.world import Chat, Phone, World

Json = dict[str, Any]
Answer = Callable[[Request], Awaitable[Response]]

LONGEST_WAIT: Final = 60.0
KEEP_ALIVE: Final = 15.0


class PersonApi:
    """The routes below `/api`; every change is committed before it is answered."""

    def __init__(self, world: World, faults: Faults, calls: Calls, journey: Journey | None = None) -> None:
        self._journey = journey
        self._world = world
        self._faults = faults
        self._calls = calls

    def routes(self) -> list[Route]:
        """All routes of the person's side."""
        table: list[tuple[str, str, Answer]] = [
            ("GET", "/api/bot", self._bot),
            ("GET", "/api/phones", self._phones),
            ("POST", "/api/phones", self._new_phone),
            ("GET", "/api/phones/{id:int}", self._phone),
            ("DELETE", "/api/phones/{id:int}", self._remove_phone),
            ("POST", "/api/phones/{id:int}/messages", self._write),
            ("POST", "/api/phones/{id:int}/start", self._start),
            ("POST", "/api/phones/{id:int}/taps", self._tap),
            ("POST", "/api/phones/{id:int}/edits", self._edit),
            ("POST", "/api/phones/{id:int}/reactions", self._react),
            ("POST", "/api/phones/{id:int}/block", self._block),
            ("GET", "/api/phones/{id:int}/wait", self._wait),
            ("GET", "/api/groups", self._groups),
            ("POST", "/api/groups", self._new_group),
            ("POST", "/api/groups/{id}", self._change_group),
            ("POST", "/api/groups/{id}/edits", self._edit_in_group),
            ("POST", "/api/groups/{id}/reactions", self._react_in_group),
            ("DELETE", "/api/groups/{id}/topics/{topic:int}", self._remove_topic),
            ("GET", "/api/groups/{id}", self._group),
            ("POST", "/api/groups/{id}/messages", self._write_in_group),
            ("POST", "/api/channels/posts", self._post),
            ("GET", "/api/events", self._events),
            ("GET", "/api/files/{id:int}", self._file),
            ("GET", "/api/clock", self._clock),
            ("POST", "/api/clock", self._go),
            ("GET", "/api/calls", self._list_calls),
            ("POST", "/api/faults", self._add_fault),
            ("DELETE", "/api/faults", self._clear_faults),
            ("POST", "/api/updates", self._inject),
        ]
        return [Route(path, self._guarded(answer), methods=[method]) for method, path, answer in table]

    def _guarded(self, answer: Answer) -> Answer:
        """The same, with what a phone would not do said as JSON, and all that changed kept."""

        async def guarded(request: Request) -> Response:
            try:
                return await answer(request)
            except Impossible as error:
                return JSONResponse({"error": str(error)}, status_code=error.status)
            finally:
                self._world.commit()

        return guarded

    # -- what is there

    async def _bot(self, request: Request) -> Response:
        language = request.query_params.get("language_code", "")[:2]
        texts = {
            field: own_text(self._world, field, language) for field in ("name", "description", "short_description")
        }
        return JSONResponse({"username": self._world.bot["username"], **texts})

    async def _phones(self, _: Request) -> Response:
        phones = [self._view(phone) for phone in self._world.phones.values() if not phone.deleted]
        return JSONResponse({"phones": phones})

    async def _new_phone(self, request: Request) -> Response:
        body = await _body(request)
        name, language = body.get("first_name"), body.get("language_code")
        if not isinstance(name, str) or not name.strip() or not isinstance(language, str) or not language:
            raise Impossible(422, "a phone needs first_name and language_code")
        number = body.get("id") or self._world.number("person")
        if not isinstance(number, int) or not 0 < number < 1 << 52:
            raise Impossible(422, "id is a positive number of at most 52 bits")
        if number in self._world.phones:
            raise Impossible(409, "there is a phone with this id")
        user = {"id": number, "is_bot": False, "first_name": name.strip(), "language_code": language}
        user |= {key: body[key] for key in ("last_name", "username") if isinstance(body.get(key), str) and body[key]}
        return JSONResponse(self._view(self._world.add_phone(user)), status_code=201)

    async def _remove_phone(self, request: Request) -> Response:
        self._world.remove_phone(self._of(request))
        return Response(status_code=204)

    async def _phone(self, request: Request) -> Response:
        return JSONResponse(self._whole(self._of(request)))

    async def _wait(self, request: Request) -> Response:
        phone = self._of(request)
        after = _number(request, "after", -1)
        if phone.version <= after:
            await phone.changed.wait(min(_number(request, "timeout", 10), LONGEST_WAIT))
        return JSONResponse(self._whole(phone))

    # -- what people do

    async def _write(self, request: Request) -> Response:
        return JSONResponse(_mine(people.write(self._world, self._of(request), await _body(request))))

    async def _start(self, request: Request) -> Response:
        payload = (await _body(request)).get("payload") or ""
        return JSONResponse(_mine(people.start(self._world, self._of(request), str(payload))))

    async def _tap(self, request: Request) -> Response:
        body = await _body(request)
        if not isinstance(body.get("message_id"), int):
            raise Impossible(422, "message_id is a number")
        return JSONResponse({"callback_query_id": people.tap(self._world, self._of(request), body)})

    async def _edit(self, request: Request) -> Response:
        return self._edited(self._world.chats[self._of(request).id], await _body(request))

    async def _react(self, request: Request) -> Response:
        body, phone = await _body(request), self._of(request)
        chat = self._world.chats[phone.id]
        return JSONResponse(reactions.react(self._world, chat, phone, body.get("message_id"), body.get("emoji")))

    async def _react_in_group(self, request: Request) -> Response:
        body = await _body(request)
        chat, who = self._chat_of(request), self._named(body)
        return JSONResponse(reactions.react(self._world, chat, who, body.get("message_id"), body.get("emoji")))

    async def _block(self, request: Request) -> Response:
        phone = self._of(request)
        people.block(self._world, phone, blocked=bool((await _body(request)).get("blocked")))
        return JSONResponse(self._view(phone))

    async def _new_group(self, request: Request) -> Response:
        body = await _body(request)
        creator = self._world.phones.get(body.get("phone", 0)) or next(iter(self._world.phones.values()), None)
        if creator is None:
            raise Impossible(409, "a group needs a phone that makes it")
        title = str(body.get("title") or "Group")
        chat = groups.group(self._world, title, creator, forum=body.get("forum") is True)
        return JSONResponse(_chat_view(chat), status_code=201)

    async def _groups(self, _: Request) -> Response:
        found = [_chat_view(chat) for chat in self._world.chats.values() if chat.kind == "supergroup"]
        return JSONResponse({"groups": found})

    async def _change_group(self, request: Request) -> Response:
        body = await _body(request)
        chat = self._chat_of(request)
        groups.change(self._world, chat, self._named(body), body)
        return JSONResponse(_chat_view(chat))

    async def _edit_in_group(self, request: Request) -> Response:
        return self._edited(self._chat_of(request), await _body(request))

    def _edited(self, chat: Chat, body: Json) -> Response:
        return JSONResponse(_mine(people.edit(self._world, chat, body.get("message_id", 0), body.get("text"))))

    async def _remove_topic(self, request: Request) -> Response:
        chat, topic = self._chat_of(request), request.path_params["topic"]
        if str(topic) not in chat.topics:
            raise Impossible(404, "there is no such topic")
        topics.remove(self._world, chat, topic)
        return Response(status_code=204)

    async def _group(self, request: Request) -> Response:
        return JSONResponse(_chat_view(self._chat_of(request)))

    async def _write_in_group(self, request: Request) -> Response:
        body = await _body(request)
        message = groups.write(self._world, self._chat_of(request), self._named(body), body)
        return JSONResponse(_mine(message))

    async def _post(self, request: Request) -> Response:
        return JSONResponse(people.post(self._world, (await _body(request)).get("text")))

    # -- what tests ask for

    async def _file(self, request: Request) -> Response:
        """A document the bot has sent, to be saved."""
        found = files.opened(self._world, request.path_params["id"])
        if found is None:
            raise Impossible(404, "there is no such file")
        name, kind, data = found
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(data, media_type=kind, headers={"Content-Disposition": disposition})

    async def _clock(self, _: Request) -> Response:
        """The time, where it is going, and where one can go; null where it cannot be moved."""
        journey = self._journey
        if journey is None:
            return JSONResponse(None)
        moments = [asdict(one) for one in await journey.moments()]
        time = {"now": journey.now(), "zone": journey.zone, "going_to": journey.going_to}
        return JSONResponse(time | {"moments": moments})

    async def _go(self, request: Request) -> Response:
        to = (await _body(request)).get("to")
        if self._journey is None or isinstance(to, bool) or not isinstance(to, int | float):
            raise Impossible(400, "There is no clock here, or no time to go to.")
        try:
            await self._journey.go(float(to))
        except (ValueError, OverflowError, OSError) as error:
            raise Impossible(400, str(error)) from None
        return await self._clock(request)

    async def _list_calls(self, request: Request) -> Response:
        calls = [asdict(call) for call in self._calls.after(int(_number(request, "after", 0)))]
        return JSONResponse({"calls": calls, "last": self._calls.last})

    async def _add_fault(self, request: Request) -> Response:
        try:
            self._faults.add(await _body(request))
        except ValueError as error:
            raise Impossible(422, str(error)) from None
        return Response(status_code=204)

    async def _clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return Response(status_code=204)

    async def _inject(self, request: Request) -> Response:
        body = await _body(request, strange=True)
        if "next_id" in body:
            self._world.updates.renumber(int(body["next_id"]))
        if "update" not in body:
            return Response(status_code=204)
        return JSONResponse({"update_id": self._world.updates.inject(body["update"])})

    async def _events(self, request: Request) -> Response:
        last = request.headers.get("last-event-id", "")
        after = int(last) if last.isdecimal() else self._world.version
        return StreamingResponse(
            self._changes(after), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _changes(self, after: int) -> AsyncIterator[str]:
        """What changed after this version, as server-sent events, for ever."""
        yield "retry: 1000\n\n"
        while not self._world.updates.closing:
            phones = [phone for phone in self._world.phones.values() if not phone.deleted and phone.version > after]
            events = [("phone", {"id": phone.id, "version": phone.version}) for phone in phones]
            if self._world.groups_changed > after:
                events.append(("groups", {"version": self._world.groups_changed}))
            if self._world.listed > after:
                events.insert(0, ("phones", {"version": self._world.listed}))
            after = self._world.version
            for kind, data in events:
                yield f"id: {after}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
            if after == self._world.version and not self._world.updates.closing:
                await self._world.changed.wait(KEEP_ALIVE)
                yield ": here\n\n"

    # -- views

    def _view(self, phone: Phone) -> Json:
        person = {key: value for key, value in phone.user.items() if key != "is_bot"}
        typing = phone.typing_until > self._world.clock()
        state = {"blocked": phone.blocked, "started": phone.started, "typing": typing, "version": phone.version}
        return person | state

    def _whole(self, phone: Phone) -> Json:
        messages = self._world.chats[phone.id].messages
        return self._view(phone) | {
            "messages": [reactions.shown(message) for _, message in sorted(messages.items())],
            "commands": commands_of(self._world, phone),
            "toasts": list(phone.toasts),
        }

    def _of(self, request: Request) -> Phone:
        phone = self._world.phones.get(request.path_params["id"])
        if phone is None or phone.deleted:
            raise Impossible(404, "there is no such phone")
        return phone

    def _named(self, body: Json) -> Phone:
        """The person who does something in a group."""
        phone = self._world.phones.get(body.get("phone", 0))
        if phone is None:
            raise Impossible(404, "there is no such phone")
        return phone

    def _chat_of(self, request: Request) -> Chat:
        number = request.path_params["id"]
        chat = self._world.chats.get(int(number)) if number.removeprefix("-").isdecimal() else None
        if chat is None or chat.kind == "private":
            raise Impossible(404, "there is no such group")
        return chat


def _chat_view(chat: Chat) -> Json:
    messages = [reactions.shown(message) for _, message in sorted(chat.messages.items())]
    state = {"left": chat.left, "forum": chat.forum, "topics": chat.topics}
    return {"id": chat.id, "title": chat.title, **state, "messages": messages}


def _mine(message: Json) -> Json:
    return message | {"outgoing": True}


async def _body(request: Request, *, strange: bool = False) -> Json:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        # Another site's page cannot send this kind without asking first, so it cannot play with the phones.
        raise Impossible(415, "send JSON")
    try:
        body = json.loads(await request.body() or b"{}")
        if not strange:
            json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        raise Impossible(422, "this is no JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Impossible(422, "send a JSON object")
    return body


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError:
        raise Impossible(422, f"{name} is a number") from None
