"""The composition root: settings become a running application. The only importer of handlers and of every edge."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from telegram.ext import Application

from bot import clock as system_clock
from bot import log, reload, tracing
from bot.backup import key as backup_key
from bot.backup.erased import Erasures
from bot.backup.nightly import Nightly
from bot.backup.refused import BackupRefused
from bot.clock import Clock
from bot.content.shelf import Shelf
from bot.db import keys, resealing
from bot.db.engine import Database, DatabaseAway, DatabaseDamaged, DatabaseRefused, open_database, when_there
from bot.db.replica import LeaseLost, Replica
from bot.export.printing import press
from bot.reload import ContentRefused, Reload, load_content
from bot.run_file import About, RunFile
from bot.services.translating import Translator
from bot.services.upkeep import night
from bot.settings import Settings
from bot.telegram import jumps
from bot.telegram.clearing import Clearing
from bot.telegram.desk import AnyApplication, Desk, address_of, note_error
from bot.telegram.drafter import Drafter
from bot.telegram.flood import Flood
from bot.telegram.gate import Gate
from bot.telegram.intake import Intake
from bot.telegram.interpreter import Interpreter
from bot.telegram.menu import Menu
from bot.telegram.pace import Pace
from bot.telegram.polling import UNKNOWN_BOT, Refused, patiently, poll, set_webhook, stop_webhook
from bot.telegram.presenter import Presenter
from bot.telegram.sender import Sender
from bot.telegram.together import Together
from bot.telegram.together import when_leading as leading
from bot.telegram.transport import Transport
from bot.telegram.wakes import Wakes
from bot.translation.building import translator_of
from bot.watch import Watch, version
from handlers import all_handlers

__all__ = ["ContentRefused", "load_content", "run"]
Work = Callable[[], Coroutine[Any, Any, None]]
"""Something that goes on as long as the bot."""
PAUSE = 2.0
"""Seconds between two tries while the database is away."""
LEAVE_SECONDS = 2.0
"""How long a stopping process waits until the others know."""
GARBAGE = (20_000, 20, 50)
"""Thresholds of the garbage collector: an update hardly leaves cycles, and looking costs a twentieth of it."""


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
    transports = [Transport.of(settings, connections) for connections in (100, 1)]
    translator = translator_of(settings, database, clock)
    watch = Watch(settings, clock, translator)
    try:
        moved = clock_moved or asyncio.Event()
        parts = (shelf, reloading, stop, clock, moved, translator, watch)
        while not await _served(settings, token, transports, database, *parts):
            log.get().warning("begun_anew")
    finally:
        for transport in transports:
            await transport.shutdown()
        if translator is not None:
            await translator.close()
        await database.close()
        run_file.close()
        end_traces()


async def _served(
    settings: Settings,
    token: str,
    transports: Sequence[Transport],
    database: Database,
    *parts: Any,  # noqa: ANN401 - passed on
) -> bool:
    """Serve until the end; False where other processes have taken over, and this one has to begin anew."""
    application = _application(settings, token, *transports)
    try:
        await _serve(settings, application, transports, database, *parts)
    except BaseExceptionGroup as group:
        if group.subgroup(LeaseLost) is None:
            raise _first(group) from None
        await database.renew()
        return False
    finally:
        await application.shutdown()
    return True


async def _opened(settings: Settings, stop: asyncio.Event) -> Database | None:
    """The database, which notes down beside the backups who is erased; None where the end comes first.

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
    lines: Sequence[Transport],
    database: Database,
    shelf: Shelf,
    reloading: Reload,
    stop: asyncio.Event,
    clock: Clock,
    clock_moved: asyncio.Event,
    translator: Translator | None,
    watch: Watch,
) -> None:
    """Put the parts together and keep them going until `stop`."""
    replica = database.replica(watch.version)
    bot, gate = application.bot, Gate(Pace(settings.send_rate))
    printed = press(settings.database_url, lambda: shelf.content, settings.content_dir)
    presenter = Presenter(bot, database, clock, gate, printed)
    desk = Desk(database, shelf, presenter, clock, settings.send_rate)

    def known_as(username: str) -> None:
        desk.address = address_of(username)
        reloading.run_file.known_as(username)

    application.add_handlers(all_handlers(desk))
    application.add_error_handler(note_error)
    async with asyncio.TaskGroup() as nursery:
        lease = None if replica is None else nursery.create_task(replica.run())
        await _first_of(
            nursery.create_task(_until_there(replica, desk.content_changed)), nursery.create_task(_wait_for(stop))
        )
        paid = settings.allow_paid_broadcast
        sender = Sender(*(bot, database, shelf, gate, clock), refused=presenter.refused, paid=paid, lead=replica)
        database.on_planned = sender.wake
        intake = Intake(
            *(database, partial(desk.work, application), nursery),
            clock=clock,
            flood=Flood(settings.flood_limit),
            turns=replica,
        )
        nightly = Nightly(settings, clock, lambda moment: night(moment, shelf.content.town.clock))
        wakes = Wakes(
            *(database, shelf, presenter, intake, clock, sender),
            back_up=nightly.back_up if settings.backup_daily else None,
            clear=Clearing(application.bot, database, gate, clock).step,
        )
        watch.tries = sender.tries.lately
        desk.seen = wakes.seen = watch.seen
        presenter.left_owed = wakes.show_in_turn
        drafter = None
        alone: list[Work] = [
            partial(reload.record, database, shelf, clock),
            partial(resealing.catch_up, database, shelf.content.questionnaire.sealed),
        ]
        touched, beside = _beside(replica, presenter, database, shelf, gate, desk, intake, sender)
        desk.before_card = partial(_before_card, intake, touched)
        if translator is not None:
            changed = desk.content_changed
            drafter = Drafter(translator, database, shelf, presenter, intake, clock, changed, nursery)
            desk.draft = drafter.begin
            hosted = settings.translator_outside is None
            alone.append(Interpreter(translator, database, shelf, clock, hosted=hosted).run)
        sending = nursery.create_task(sender.run())
        goes_on = partial(_goes_on, sending, stop)
        every: list[Work] = [
            *beside,
            partial(_begin, settings, application, shelf, intake, wakes, sender, known_as, replica),
            partial(_until_refused, presenter.refused),
            partial(_follow, clock_moved, wakes),
            partial(jumps.watch, system_clock.now, wakes.machine_clock_jumped),
            reloading.work,
            partial(reload.let_go, shelf),
            *_listening(settings, intake, database, clock, watch, lines, goes_on, bot.get_me),
            *(partial(leading, replica, one) for one in alone),
        ]
        background = [nursery.create_task(one()) for one in every]
        try:
            await stop.wait()
        finally:
            wakes.stop()
            nightly.stop()
            if drafter is not None:
                drafter.cancel()
        for task in background:
            task.cancel()
        await asyncio.gather(intake.drain(), sender.drain())
        await _leave(replica, lease)
        log.get().info("stopped", left=intake.waiting)


def _beside(
    replica: Replica | None,
    presenter: Presenter,
    database: Database,
    shelf: Shelf,
    gate: Gate,
    desk: Desk,
    intake: Intake,
    sender: Sender,
) -> tuple[Callable[[int], None], list[Work]]:
    """Who is told that somebody did something, and what goes on because of other processes, if there can be any."""
    if replica is None:
        return sender.touched, []
    together = Together(replica, database, shelf, gate, desk, intake, sender)
    together.begin(presenter)
    return together.touched, [together.follow, together.inherit]


def _listening(
    settings: Settings,
    intake: Intake,
    database: Database,
    clock: Clock,
    watch: Watch,
    lines: Sequence[Transport],
    goes_on: Callable[[], bool],
    ask: Callable[[], Awaitable[object]],
) -> list[Work]:
    """What listens, where anything is to."""
    if not (settings.webhook_url or settings.health_port):
        return []
    from bot.telegram import health, web  # noqa: PLC0415 - a polling bot needs no web server

    watched = health.Health(database, intake, clock, watch.seen, lines, goes_on, ask)
    return [partial(web.serve, settings, intake, database, watched), health.feel]


async def _until_there(replica: Replica | None, content_changed: Callable[[], Awaitable[object]]) -> None:
    """Wait for the others to know of this process, and for what staff have said."""
    if replica is not None:
        await replica.joined()
    while True:
        try:
            await content_changed()
        except DatabaseAway:
            log.get().warning("database_away", what="start")
            await asyncio.sleep(PAUSE)
        else:
            return


async def _leave(replica: Replica | None, lease: asyncio.Task[None] | None) -> None:
    """Let the others know that this process ends."""
    if replica is not None and lease is not None:
        replica.leave()
        await asyncio.wait([lease], timeout=LEAVE_SECONDS)
        lease.cancel()


async def _wait_for(event: asyncio.Event) -> None:
    await event.wait()


async def _first_of(*tasks: asyncio.Task[None]) -> None:
    """Wait for one of them, and let the others go."""
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def _goes_on(sending: asyncio.Task[None], stop: asyncio.Event) -> bool:
    """Whether deliveries are sent, and will be."""
    return not sending.done() and not stop.is_set()


def _before_card(intake: Intake, touched: Callable[[int], None], chat_id: int) -> None:
    """Somebody did something: what waits for their chat is looked at in this light."""
    intake.before_card(chat_id)
    touched(chat_id)


async def _begin(
    settings: Settings,
    application: AnyApplication,
    shelf: Shelf,
    intake: Intake,
    wakes: Wakes,
    sender: Sender,
    known_as: Callable[[str], None],
    replica: Replica | None,
) -> None:
    """Meet Telegram (it may be away for a while), take up what the last run left, and take updates in for ever.

    What only one process of several does begins when this one leads.
    """
    bot = application.bot
    await patiently(bot.initialize)
    await application.initialize()
    known_as(bot.username)
    recovered = await intake.recover()
    by_webhook = bool(settings.webhook_url)

    async def lead() -> None:
        wakes.start()
        sender.open()
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(wakes.at_start())
            nursery.create_task(Menu(bot).keep(shelf))
            nursery.create_task(wakes.keep_staff_menus())
            if not by_webhook:
                await stop_webhook(bot)
                await poll(bot, intake, replica)

    if by_webhook:
        await set_webhook(bot, settings.webhook_url + settings.webhook_path, settings.webhook_secret)
    reload.settle_memory()
    gc.set_threshold(*GARBAGE)
    log.get().info("started", recovered=recovered, mode="webhook" if by_webhook else "polling")
    await leading(replica, lead)


async def _follow(moved: asyncio.Event, wakes: Wakes) -> None:
    """Look at everything that is timed whenever the clock has jumped."""
    while True:
        await moved.wait()
        moved.clear()
        await wakes.clock_moved()


async def _until_refused(refused: asyncio.Event) -> None:
    """End the bot when Telegram stops knowing its token."""
    await refused.wait()
    raise Refused(UNKNOWN_BOT)
