"""The composition root: settings become a running application. The only importer of handlers and of every edge."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection
from telegram.ext import Application

from bot import clock as system_clock
from bot import log
from bot.clock import Clock
from bot.content.loader import Content, load
from bot.db.engine import Database, DatabaseAway, open_database
from bot.services import upkeep
from bot.services.visit import Turn, Visitor
from bot.settings import Settings
from bot.telegram import menu
from bot.telegram.desk import Desk, note_error
from bot.telegram.flood import Flood
from bot.telegram.intake import Attempt, Intake
from bot.telegram.polling import Refused, patiently, poll, stop_webhook
from bot.telegram.presenter import Presenter
from bot.telegram.transport import Transport
from handlers import all_handlers

P = ParamSpec("P")
T = TypeVar("T")
UPKEEP_MINUTES = 10
OWED_SECONDS = 30


class ContentRefused(Exception):
    """The content has faults that forbid a start; the text names them."""


def load_content(settings: Settings) -> Content:
    """The town's content; gaps in a translation are only warned about.

    Raises:
        ContentRefused: with every fault in one line each.
    """
    loaded = load(settings.content_dir, settings.town)
    if loaded.content is None:
        raise ContentRefused("\n".join(str(fault) for fault in loaded.faults))
    if loaded.faults:
        log.get().warning("content_gaps", count=len(loaded.faults), see="lotse check")
    return loaded.content


async def run(settings: Settings, stop: asyncio.Event, *, clock: Clock = system_clock.now) -> None:
    """Run the bot until `stop` is set: finish what is being worked on, leave the rest in the inbox.

    Raises:
        SettingsRefused, ContentRefused, DatabaseRefused, Refused: with a text for the operator.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = settings.require_token()
    content = load_content(settings)
    database = await open_database(settings.database_url)
    try:
        async with _application(settings, token) as application:
            presenter = Presenter(application.bot, content.texts, database, clock)
            desk = Desk(database, content, presenter, clock)
            application.add_handlers(all_handlers(desk))
            application.add_error_handler(note_error)
            await _serve(settings, application, desk, database, content, presenter, stop, clock)
    except* Refused as refusals:
        raise _first(refusals) from None
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _application(settings: Settings, token: str) -> Any:  # noqa: ANN401 - the library's generic of six
    """python-telegram-bot's application over our transport, without its own fetching of updates."""

    def transport(connections: int) -> Transport:
        return Transport(proxy=settings.https_proxy, ca_file=settings.ca_file, connections=connections)

    application = (
        Application.builder()
        .token(token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(transport(100))
        .get_updates_request(transport(1))
        .updater(None)
        .build()
    )
    try:
        await patiently(application.bot.initialize)  # Telegram may be away for a while when we start
        async with application:
            yield application
    finally:
        await application.bot.shutdown()
        for request in (application.bot.request, application.bot._request[0]):  # noqa: SLF001
            await request.shutdown()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The refusal inside what a nursery raises."""
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


async def _serve(
    settings: Settings,
    application: Any,  # noqa: ANN401
    desk: Desk,
    database: Database,
    content: Content,
    presenter: Presenter,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    async with asyncio.TaskGroup() as nursery:
        intake = Intake(
            database,
            lambda delivered, attempt: desk.work(application, delivered, attempt),
            nursery,
            clock=clock,
            flood=Flood(settings.flood_limit),
        )
        desk.before_card = intake.before_card
        recovered = await intake.recover()
        wakes = _Wakes(database, content, presenter, intake, clock)
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(wakes.upkeep, "interval", minutes=UPKEEP_MINUTES, misfire_grace_time=None, coalesce=True)
        scheduler.add_job(wakes.show_owed, "interval", seconds=OWED_SECONDS, misfire_grace_time=None, coalesce=True)
        scheduler.start()
        background = [
            nursery.create_task(wakes.at_start()),
            nursery.create_task(menu.publish(application.bot, content)),
        ]
        if settings.webhook_url or settings.health_port:
            from bot.telegram import web  # noqa: PLC0415 - a polling bot needs no web server

            background.append(
                nursery.create_task(web.serve(settings, application.bot, intake, database, web.listen(settings)))
            )
        if not settings.webhook_url:
            await stop_webhook(application.bot)
            background.append(nursery.create_task(poll(application.bot, intake)))
        gc.collect()
        gc.freeze()
        log.get().info("started", recovered=recovered, mode="webhook" if settings.webhook_url else "polling")
        await stop.wait()
        scheduler.shutdown(wait=False)
        for task in background:
            task.cancel()
        await intake.drain()
        log.get().info("stopped", left=intake.waiting)


class _Wakes:
    """What the clock wakes. A database that is away is no error here: the next wake does it."""

    def __init__(
        self, database: Database, content: Content, presenter: Presenter, intake: Intake, clock: Clock
    ) -> None:
        self._database = database
        self._content = content
        self._presenter = presenter
        self._intake = intake
        self._clock = clock

    async def at_start(self) -> None:
        """Who was owed a card when the last run ended gets it now, however lately they wrote."""
        await self.show_owed(quiet=timedelta(0))
        await self.upkeep()

    async def upkeep(self) -> None:
        """Forget what may not stay."""
        await self._try("upkeep", self._upkeep)

    async def show_owed(self, quiet: timedelta = timedelta(seconds=OWED_SECONDS)) -> None:
        """Show the cards that never arrived."""
        await self._try("show_owed", lambda: self._show_owed(quiet))

    async def _upkeep(self) -> None:
        chats, ids = await self._in_turn(upkeep.forget_what_is_due)
        if chats or ids:
            log.get().info("forgotten", chats=chats, inbox_ids=ids)

    async def _show_owed(self, quiet: timedelta) -> None:
        for chat_id in await self._in_turn(upkeep.owed, quiet):
            self._intake.in_turn(chat_id, partial(self._show_again, chat_id))

    async def _show_again(self, chat_id: int, _: Attempt) -> None:
        reply = await self._in_turn(upkeep.show_again, Visitor(chat_id))
        if reply is not None:
            await self._presenter.present(reply)

    async def _in_turn(self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def transaction(connection: Connection) -> T:
            return use_case(Turn(connection, self._content, self._clock()), *args, **kwargs)

        return await self._database.run(transaction)

    async def _try(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except DatabaseAway:
            log.get().warning("database_away", what=what)
