"""The composition root: settings become a running application. The only importer of handlers and of every edge."""

from __future__ import annotations

import asyncio
import gc
import os
from functools import partial
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from telegram.ext import Application

from bot import clock as system_clock
from bot import log
from bot.clock import Clock
from bot.content.faults import Level
from bot.content.loader import Content, load
from bot.content.outline import outline
from bot.db import content_runs
from bot.db.engine import Database, DatabaseAway, open_database
from bot.services import rehearsal
from bot.settings import Settings, existing_town
from bot.telegram import menu
from bot.telegram.desk import AnyApplication, Desk, note_error
from bot.telegram.flood import Flood
from bot.telegram.intake import Intake
from bot.telegram.polling import UNKNOWN_BOT, Refused, patiently, poll, set_webhook, stop_webhook
from bot.telegram.presenter import Presenter
from bot.telegram.transport import Transport
from bot.telegram.wakes import Wakes
from handlers import all_handlers

GARBAGE = (20_000, 20, 50)
"""Thresholds of the garbage collector: an update hardly leaves cycles, and looking costs a twentieth of it."""


class ContentRefused(Exception):
    """The content has faults that forbid a start; the text names them."""


def load_content(settings: Settings) -> Content:
    """The town's content; gaps in a translation are only warned about.

    Raises:
        ContentRefused: with every fault in one line each.
    """
    loaded = load(*existing_town(settings.content_dir, settings.town))
    faults = [*loaded.faults, *(rehearsal.cards(loaded.content) if loaded.content is not None else ())]
    if loaded.content is None or any(fault.level is Level.ERROR for fault in faults):
        raise ContentRefused("\n".join(str(fault) for fault in faults))
    if faults:
        log.get().warning("content_gaps", count=len(faults), see="lotse check")
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
    transports = [_transport(settings, connections) for connections in (100, 1)]
    application = _application(settings, token, *transports)
    try:
        await _serve(settings, application, database, content, stop, clock)
    except BaseExceptionGroup as group:
        raise _first(group) from None
    finally:
        await application.shutdown()
        for transport in transports:
            await transport.shutdown()
        await database.close()


def _transport(settings: Settings, connections: int) -> Transport:
    host = urlsplit(settings.telegram_api_url).hostname or ""
    proxy = "" if proxy_bypass(host) else settings.https_proxy
    return Transport(proxy=proxy, ca_file=settings.ca_file, connections=connections)


def _application(settings: Settings, token: str, calls: Transport, polls: Transport) -> AnyApplication:
    """python-telegram-bot's application over our transport, without its own fetching of updates."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(calls)
        .get_updates_request(polls)
        .updater(None)
        .build()
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error inside what a nursery raises."""
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


async def _serve(
    settings: Settings,
    application: AnyApplication,
    database: Database,
    content: Content,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    """Put the parts together and keep them going until `stop`."""
    presenter = Presenter(application.bot, content.texts, database, clock)
    desk = Desk(database, content, presenter, clock)
    application.add_handlers(all_handlers(desk))
    application.add_error_handler(note_error)
    async with asyncio.TaskGroup() as nursery:
        work = partial(desk.work, application)
        intake = Intake(database, work, nursery, clock=clock, flood=Flood(settings.flood_limit))
        desk.before_card = intake.before_card
        wakes = Wakes(database, content, presenter, intake, clock)
        background = [
            nursery.create_task(_begin(settings, application, content, intake, wakes)),
            nursery.create_task(_record(database, content, clock)),
            nursery.create_task(_until_refused(presenter.refused)),
        ]
        if settings.webhook_url or settings.health_port:
            from bot.telegram import web  # noqa: PLC0415 - a polling bot needs no web server

            background.append(nursery.create_task(web.serve(settings, intake, database)))
        try:
            await stop.wait()
        finally:
            wakes.stop()
        for task in background:
            task.cancel()
        await intake.drain()
        log.get().info("stopped", left=intake.waiting)


async def _begin(
    settings: Settings, application: AnyApplication, content: Content, intake: Intake, wakes: Wakes
) -> None:
    """Meet Telegram (it may be away for a while), take up what the last run left, and take updates in for ever."""
    bot = application.bot
    await patiently(bot.initialize)
    await application.initialize()
    recovered = await intake.recover()
    wakes.start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    log.get().info("started", recovered=recovered, mode="webhook" if settings.webhook_url else "polling")
    async with asyncio.TaskGroup() as nursery:
        nursery.create_task(wakes.at_start())
        nursery.create_task(menu.publish(bot, content))
        if settings.webhook_url:
            await set_webhook(bot, settings.webhook_url + settings.webhook_path, settings.webhook_secret)
        else:
            await stop_webhook(bot)
            await poll(bot, intake)


async def _record(database: Database, content: Content, clock: Clock) -> None:
    """Write down which content runs from now on; what a later one changes can be told from it."""
    try:
        await database.run(
            lambda tx: content_runs.record(tx, content.town.id, content.revision, outline(content), clock())
        )
    except DatabaseAway:
        log.get().warning("database_away", what="content_run")


async def _until_refused(refused: asyncio.Event) -> None:
    """End the bot when Telegram stops knowing its token."""
    await refused.wait()
    raise Refused(UNKNOWN_BOT)
