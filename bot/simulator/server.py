"""The simulator as one application, and a server that runs it inside another program."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.simulator.botapi import BotApi
from bot.simulator.clock import Journey
from bot.simulator.faults import Calls, Faults
from bot.simulator.limits import Limits
from bot.simulator.person import PersonApi
from bot.simulator.store import Store
from bot.simulator.webhook import Delivery
from bot.simulator.world import World

TOKEN: Final = re.compile(r"\d+:[\w-]{30,}")
PAGE: Final = Path(__file__).parent / "page"
LAST_BREATH: Final = 2.0
"""How long a request may take to end when the server stops, in seconds."""
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
wall_clock: Final[Callable[[], float]] = time.time  # noqa: TID251, the one place; tests hand in a clock of their own


def build(
    folder: Path | None,
    token: str,
    *,
    username: str = "lotse_demo_bot",
    name: str = "Lotse",
    clock: Callable[[], float] = wall_clock,
    second: float = 1.0,
    journey: Journey | None = None,
    limits: Limits | None = None,
) -> Starlette:
    """The application for the one bot with this token; what happens is kept in `folder`, or nowhere for None.

    `second` is the length of a second in the pauses between tries of the webhook, `journey` moves the time for the
    page where that is possible; `limits` are enforced, if there are any. Its lifespan has to be run. Raises
    ValueError for a token of the wrong shape, OSError or sqlite3.Error when the folder cannot be used.
    """
    if not TOKEN.fullmatch(token):
        raise ValueError("a token is a number, a colon and at least 30 letters, digits, _ or -")
    bot = {"id": int(token.partition(":")[0]), "first_name": name, "username": username}
    world = World(Store(folder), bot, clock)
    faults, calls = Faults(), Calls()
    world.updates.disorder = faults.of_batch

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as nursery:
            delivery = nursery.create_task(Delivery(world, second).run())
            yield
            world.close()
            delivery.cancel()
        world.store.close()

    api = BotApi(world, token, faults, calls, limits)
    routes = [
        *PersonApi(world, faults, calls, journey).routes(),
        Route("/bot{token}/{method}", api.answer, methods=["GET", "POST"]),
        Route("/file/bot{token}/documents/{id:int}", api.file, methods=["GET"]),
        Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False)),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(SafeHeaders)], lifespan=lifespan)
    app.state.world = world
    return app


class SafeHeaders:
    """Puts HEADERS on every answer: the page loads nothing from elsewhere and cannot be framed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Wire(H11Protocol):
    """uvicorn's HTTP, with the connection at hand in `request.state.transport`: faults break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection."""
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Server(uvicorn.Server):
    """uvicorn without signal handlers, which stops at once when told to, whoever still waits."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()
        self._world = world

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        self.ready.set()
        await self.stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the waiting go, close every connection, end the application."""
        self._world.close()
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LAST_BREATH)
            for task in late:
                task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await self.lifespan.shutdown()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; OSError when the port is busy.

    The protocol is named, since asyncio sends small answers at once (TCP_NODELAY) only where it stands.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


class Simulator:
    """A running simulator: `async with Simulator(folder=None, token=...) as simulator: simulator.url`.

    Port 0 takes a free one. Raises OSError when the port is busy, and what `build` raises.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        token: str,
        host: str = "127.0.0.1",
        port: int = 0,
        **more: Any,  # noqa: ANN401, as `build` takes them
    ) -> None:
        self.app = build(folder, token, **more)
        self._address = (host, port)
        self._nursery = asyncio.TaskGroup()
        self._server: Server
        self.url = ""

    @property
    def world(self) -> World:
        """What is simulated, for tests that look inside."""
        world: World = self.app.state.world
        return world

    async def __aenter__(self) -> Self:
        host, port = self._address
        try:
            listener = listen(host, port)
        except OSError:
            self.world.store.close()
            raise
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            self.app, http=Wire, ws="none", log_config=None, access_log=False, lifespan="on", timeout_keep_alive=75
        )
        self._server = Server(config, self.world)
        await self._nursery.__aenter__()
        self._nursery.create_task(self._server.serve(sockets=[listener]))
        await self._server.ready.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop.set()
        await self._nursery.__aexit__(None, None, None)
