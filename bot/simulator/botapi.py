"""The Bot API over HTTP: the token, the parameters in every form they may come, the answer, the faults."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import struct
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.simulator.faults import AFTER, REFUSALS, Calls, Faults, Rule
from bot.simulator.files import keep, opened
from bot.simulator.limits import Limits
from bot.simulator.methods import name_of, perform
from bot.simulator.refusal import Refusal, bad, too_many
from bot.simulator.world import World

Json = dict[str, Any]

GLANCE: Final = 0.2
"""How often a hanging call looks whether the bot is still there, in seconds."""
BAD_GATEWAY: Final = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


class BotApi:
    """The route `/bot<token>/<method>` for the one bot whose token is registered."""

    def __init__(self, world: World, token: str, faults: Faults, calls: Calls, limits: Limits | None) -> None:
        self._world = world
        self._token = token
        self._faults = faults
        self._calls = calls
        self._limits = limits

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        given = request.path_params["token"]
        if not hmac.compare_digest(given.encode(errors="replace"), self._token.encode()):
            return refused(Refusal(401, "Unauthorized"))
        method = name_of(request.path_params["method"])
        chat_id = ""
        fault: Rule | None = None
        try:
            raw = await parameters(request, self._world)
            chat_id = str(raw.get("chat_id", ""))
            if self._limits is not None and (seconds := self._limits.of_call(method, chat_id)) is not None:
                raise too_many(seconds)
            fault = self._faults.of_call(method, chat_id)
            if fault is not None and fault.kind not in AFTER:
                return await self._before(request, fault, method, chat_id)
            result = await perform(self._world, method, raw, lambda: _listens(request))
            said: Response = Ascii({"ok": True, "result": result})
            self._calls.note(method, chat_id, None)
        except Refusal as refusal:
            said = refused(refusal)
            self._calls.note(method, chat_id, refusal.code)
        return said if fault is None else await self._after(request, fault, said)

    async def file(self, request: Request) -> Response:
        """The bytes of a document, below `/file/bot<token>/`."""
        if not hmac.compare_digest(request.path_params["token"].encode(errors="replace"), self._token.encode()):
            return refused(Refusal(401, "Unauthorized"))
        found = opened(self._world, request.path_params["id"])
        return refused(Refusal(404, "Not Found")) if found is None else Response(found[2], media_type=found[1])

    async def _before(self, request: Request, fault: Rule, method: str, chat_id: str) -> Response:
        """A call that has no effect."""
        if fault.kind in REFUSALS:
            refusal = fault.refusal()
            self._calls.note(method, chat_id, refusal.code)
            return refused(refusal)
        self._calls.note(method, chat_id, 502 if fault.kind == "502_html" else 0)
        if fault.kind == "502_html":
            return HTMLResponse(BAD_GATEWAY, status_code=502)
        if fault.kind == "hang_before":
            await self._hang(request, fault.seconds)
        return await reset(request)

    async def _after(self, request: Request, fault: Rule, answer: Response) -> Response:
        """A call that was done, whose answer is lost, late or broken."""
        if fault.kind == "reset_after":
            return await reset(request)
        if fault.kind == "hang_after":
            await self._hang(request, fault.seconds)
            return answer
        body = bytes(answer.body)
        return Response(body[: len(body) // 2] if fault.kind == "cut_json" else b"", media_type="application/json")

    async def _hang(self, request: Request, seconds: float) -> None:
        """Say nothing for so long, or until the bot or the server goes away."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not self._world.updates.closing:
            if await request.is_disconnected():
                return
            await self._world.changed.wait(min(left, GLANCE))


async def _listens(request: Request) -> bool:
    return not await request.is_disconnected()


class Ascii(JSONResponse):
    """JSON with every other sign escaped, as Telegram writes it: also an update with broken letters can be sent."""

    def render(self, content: object) -> bytes:
        """The body."""
        return json.dumps(content, separators=(",", ":")).encode()


async def parameters(request: Request, world: World) -> Json:
    """The parameters of a call from the query and the body: form, multipart or JSON."""
    raw: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("can't parse JSON object")
        raw |= body
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=1 << 20) as form:
            for key, value in form.items():
                raw[key] = value if isinstance(value, str) else await keep(world, value)
    return raw


def refused(refusal: Refusal) -> Response:
    """A refusal as the Bot API says it."""
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers = {}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers["Retry-After"] = str(refusal.retry_after)
    return Ascii(body, status_code=refusal.code, headers=headers)


async def reset(request: Request) -> Response:
    """Break the connection without a word; the response returned is never sent.

    `request.state.transport` is set by the server of `bot.simulator.server`.
    """
    transport: asyncio.Transport = request.state.transport
    wire: socket.socket = transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
