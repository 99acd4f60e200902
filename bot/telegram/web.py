"""What listens: Telegram's webhook, the health checks and the numbers for Prometheus, on Starlette and uvicorn."""

from __future__ import annotations

import contextlib
import hmac
import json
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import log
from bot.db import inbox
from bot.db.engine import Database, DatabaseAway
from bot.settings import Settings
from bot.telegram import exposition
from bot.telegram.health import Health
from bot.telegram.intake import Intake, is_update
from bot.telegram.polling import Refused

LARGEST_UPDATE = 1_000_000
"""Bytes of a webhook call; an update is a few thousand."""


def build(settings: Settings, intake: Intake, database: Database, watched: Health | None = None) -> Starlette:
    """The web application: `/health` and its like, `/metrics`, and the webhook's path where there is a webhook."""
    secret = settings.webhook_secret.get_secret_value().encode()

    async def health(_: Request) -> Response:
        try:
            parked = await database.run(inbox.parked)
        except DatabaseAway:
            return JSONResponse({"ok": False, "database": "away"}, 503)
        return JSONResponse({"ok": True, "waiting": intake.waiting, "parked": parked})

    async def webhook(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret):
            return Response(status_code=401)
        raw, status = await _update_in(request)
        if raw is None:
            return Response(status_code=status)
        if intake.full:
            return Response(status_code=503)
        try:
            await intake.accept([raw])
        except DatabaseAway:
            log.get().warning("webhook_refused", why="database_away")
            return Response(status_code=503)
        return Response()

    routes = [Route("/health", health), *_watching(watched)]
    if settings.webhook_url:
        routes.append(Route(settings.webhook_path, webhook, methods=["POST"]))
    return Starlette(routes=routes)


def _watching(watched: Health | None) -> list[Route]:
    """Whether the process lives, whether it is ready, and its numbers."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        missing = ["starting"] if watched is None else await watched.missing()
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    async def numbers(_: Request) -> Response:
        if watched is not None:
            await watched.look()
        return Response(exposition.text(), media_type=exposition.CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", numbers)]


async def _update_in(request: Request) -> tuple[dict[str, Any] | None, int]:
    """The update of a webhook call; without one the status that says why."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return None, 413
        raw = json.loads(body)
    except (ValueError, RecursionError, ClientDisconnect):
        return None, 400
    return (raw, 200) if is_update(raw) else (None, 400)


def listen(settings: Settings) -> socket.socket:
    """The socket to listen on.

    Raises:
        Refused: the port is taken, or not ours to take.
    """
    port = settings.port if settings.webhook_url else settings.health_port
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named TCP, or asyncio does not send small answers at once.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Refused(f"Cannot listen on {settings.host}:{port}: {error.strerror}. Set HOST and PORT.") from None
    return listener


async def serve(settings: Settings, intake: Intake, database: Database, watched: Health) -> None:
    """Listen until cancelled.

    Raises:
        Refused: the port is taken, or not ours to take.
    """
    listener = listen(settings)
    config = uvicorn.Config(
        build(settings, intake, database, watched), log_config=None, access_log=False, lifespan="off", ws="none"
    )
    server = _Server(config)
    try:
        await server.serve(sockets=[listener])
    finally:
        await server.shutdown(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to the application."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield
