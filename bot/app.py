"""The composition root: settings become a running application; `bot.serving` keeps it going."""

from __future__ import annotations

import asyncio
import os

from telegram.ext import Application

from bot import clock as system_clock
from bot import log, tracing
from bot.backup import key as backup_key
from bot.backup.erased import Erasures
from bot.backup.refused import BackupRefused
from bot.clock import Clock
from bot.content.shelf import Shelf
from bot.db import keys
from bot.db.engine import Database, DatabaseDamaged, DatabaseRefused, open_database, when_there
from bot.db.replica import LeaseLost
from bot.reload import ContentRefused, Reload, load_content
from bot.run_file import About, RunFile
from bot.serving import Parts, serve
from bot.settings import Settings
from bot.telegram.common import Common
from bot.telegram.desk import AnyApplication
from bot.telegram.transport import Transport
from bot.translation.building import translator_of
from bot.watch import Watch, version

__all__ = ["ContentRefused", "load_content", "run"]


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    reload_wanted: asyncio.Event | None = None,
    clock: Clock = system_clock.now,
    clock_moved: asyncio.Event | None = None,
) -> None:
    """Run the bot until `stop` is set: finish what is being worked on, leave the rest in the inbox.

    Whenever `reload_wanted` is set, changed content is taken over; whenever `clock_moved` is, the clock has jumped.

    Raises:
        SettingsRefused, ContentRefused, DatabaseRefused, Refused: with a text for the operator.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = settings.require_token()
    end_traces = tracing.set_up(settings.otel_exporter_otlp_endpoint)
    shelf = Shelf(load_content(settings))
    keys.keep_in(settings.key_path)
    database = await _opened(settings, stop)
    if database is None:
        return end_traces()
    revision = shelf.content.revision
    about = About(version(), clock().isoformat(timespec="seconds"), bool(settings.webhook_url))
    run_file = await RunFile.hold(settings.data_dir, settings.content_dir, settings.town, revision, about)
    reloading = Reload(settings, shelf, run_file, reload_wanted or asyncio.Event())
    calls, polls = (Transport.of(settings, connections) for connections in (100, 1))
    translator = translator_of(settings, database, clock)
    parts = Parts(
        settings=settings,
        calls=calls,
        polls=polls,
        common=Common(database, shelf, clock),
        reloading=reloading,
        stop=stop,
        clock_moved=clock_moved or asyncio.Event(),
        translator=translator,
        watch=Watch(settings, clock, translator),
    )
    try:
        while not await _served(parts, token):
            log.get().warning("begun_anew")
    finally:
        await calls.shutdown()
        await polls.shutdown()
        if translator is not None:
            await translator.close()
        await database.close()
        run_file.close()
        end_traces()


async def _served(parts: Parts, token: str) -> bool:
    """Serve until the end; False where other processes have taken over and this one has to begin anew."""
    application = _application(parts, token)
    try:
        await serve(parts, application)
    except BaseExceptionGroup as group:
        if group.subgroup(LeaseLost) is None:
            raise _first(group) from None
        await parts.common.database.renew()
        return False
    finally:
        await application.shutdown()
    return True


async def _opened(settings: Settings, stop: asyncio.Event) -> Database | None:
    """The database, which lists beside the backups who is erased; None where `stop` comes first.

    Raises:
        DatabaseRefused: where it is damaged, with what helps.
    """
    try:
        database = await when_there(lambda: open_database(settings.database_url), stop)
    except DatabaseDamaged as damaged:
        from bot.backup import commands  # noqa: PLC0415 - only what is used is loaded

        raise DatabaseRefused(f"{damaged} {commands.advice(settings)}") from damaged
    if database is None:
        return None
    try:
        key = backup_key.read(settings.backup_key_file)
    except BackupRefused:
        await database.close()
        raise
    database.on_erased = Erasures(settings.backups, key, system_clock.now).add
    return database


def _application(parts: Parts, token: str) -> AnyApplication:
    """python-telegram-bot's application over our transport, without its own updater."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{parts.settings.telegram_api_url}/bot")
        .base_file_url(f"{parts.settings.telegram_api_url}/file/bot")
        .request(parts.calls)
        .get_updates_request(parts.polls)
        .updater(None)
        .build()
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error inside what a nursery raises."""
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
