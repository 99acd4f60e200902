"""The parts of the bot, put together and kept going. The only importer of handlers and of every edge."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot import clock as system_clock
from bot import log, reload
from bot.backup.nightly import Nightly
from bot.db import resealing
from bot.db.engine import DatabaseAway
from bot.db.replica import Replica
from bot.export.printing import press
from bot.reload import Reload
from bot.services.translating import Translator
from bot.services.upkeep import night
from bot.settings import Settings
from bot.telegram import jumps
from bot.telegram.clearing import Clearing
from bot.telegram.common import Common
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
from bot.watch import Watch
from handlers import all_handlers

Work = Callable[[], Coroutine[Any, Any, None]]
"""Something that goes on as long as the bot."""
PAUSE = 2.0
"""Seconds between two tries while the database is away."""
LEAVE_SECONDS = 2.0
"""How long a stopping process waits until the others know."""
GARBAGE = (20_000, 20, 50)
"""Thresholds of the garbage collector: an update hardly leaves cycles, and looking costs a twentieth of it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process has from its start to its end, however often it has to begin anew.

    `calls` and `polls` are its lines to Telegram.
    """

    settings: Settings
    calls: Transport
    polls: Transport
    common: Common
    reloading: Reload
    stop: asyncio.Event
    clock_moved: asyncio.Event
    translator: Translator | None
    watch: Watch


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of them each time the process begins. `replica` is None where there can be no other process."""

    replica: Replica | None
    gate: Gate
    presenter: Presenter
    desk: Desk
    sender: Sender
    intake: Intake
    wakes: Wakes


async def serve(parts: Parts, application: AnyApplication) -> None:
    """Put the parts together and keep them going until `parts.stop` is set."""
    settings, common, stop = parts.settings, parts.common, parts.stop
    database = common.database
    replica = database.replica(parts.watch.version)
    gate = Gate(Pace(settings.send_rate))
    printed = press(settings.database_url, lambda: common.content, settings.content_dir)
    presenter = Presenter(application.bot, database, common.clock, gate, printed)
    desk = Desk(common, presenter, settings.send_rate)
    application.add_handlers(all_handlers(desk))
    application.add_error_handler(note_error)
    async with asyncio.TaskGroup() as nursery:
        lease = None if replica is None else nursery.create_task(replica.run())
        await _first_of(
            nursery.create_task(_until_there(replica, desk.content_changed)), nursery.create_task(_wait_for(stop))
        )
        sender = _sending(parts, application, gate, presenter, replica)
        work = partial(desk.work, application)
        flood = Flood(settings.flood_limit)
        intake = Intake(database, work, nursery, clock=common.clock, flood=flood, turns=replica)
        nightly = Nightly(settings, common.clock, lambda moment: night(moment, common.content.town.clock))
        clearing = Clearing(common, application.bot, gate)
        wakes = _waking(parts, presenter, intake, sender, nightly, clearing)
        desk.seen = wakes.seen
        made = Made(replica, gate, presenter, desk, sender, intake, wakes)
        drafter = _drafting(parts, made, nursery)
        sending = nursery.create_task(sender.run())
        every = _going_on(parts, application, made, lambda: not sending.done() and not stop.is_set())
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


def _sending(
    parts: Parts, application: AnyApplication, gate: Gate, presenter: Presenter, replica: Replica | None
) -> Sender:
    """The sender of what is planned, woken by whatever plans something."""
    sender = Sender(
        parts.common,
        application.bot,
        gate,
        refused=presenter.refused,
        paid=parts.settings.allow_paid_broadcast,
        lead=replica,
    )
    parts.common.database.on_planned = sender.wake
    parts.watch.tries = sender.tries.lately
    return sender


def _waking(
    parts: Parts, presenter: Presenter, intake: Intake, sender: Sender, nightly: Nightly, clearing: Clearing
) -> Wakes:
    """What the clock wakes."""
    wakes = Wakes(
        parts.common,
        presenter,
        intake,
        sender,
        back_up=nightly.back_up if parts.settings.backup_daily else None,
        clear=clearing.step,
    )
    wakes.seen = parts.watch.seen
    presenter.left_owed = clearing.owed = wakes.show_in_turn
    return wakes


def _drafting(parts: Parts, made: Made, nursery: asyncio.TaskGroup) -> Drafter | None:
    """What lets a machine draft translations; None where there is none."""
    if parts.translator is None:
        return None
    drafter = Drafter(
        parts.common,
        parts.translator,
        made.presenter,
        made.intake,
        made.desk.content_changed,
        nursery,
    )
    made.desk.draft = drafter.begin
    return drafter


def _going_on(parts: Parts, application: AnyApplication, made: Made, sends: Callable[[], bool]) -> list[Work]:
    """Everything that goes on beside the answers. `sends`: whether deliveries are sent, and will be."""
    touched, beside = _beside(parts, made)
    made.desk.before_card = partial(_before_card, made.intake, touched)
    return [
        *beside,
        partial(_begin, parts, application, made),
        partial(_until_refused, made.presenter.refused),
        partial(_follow, parts.clock_moved, made.wakes),
        partial(jumps.watch, system_clock.now, made.wakes.machine_clock_jumped),
        parts.reloading.work,
        partial(reload.let_go, parts.common.shelf),
        *_listening(parts, made, sends, application.bot.get_me),
        *(partial(leading, made.replica, one) for one in _alone(parts)),
    ]


def _alone(parts: Parts) -> list[Work]:
    """What only one process of several does."""
    common = parts.common
    alone: list[Work] = [
        partial(reload.record, common.database, common.shelf, common.clock),
        partial(resealing.catch_up, common.database, common.content.questionnaire.sealed),
    ]
    if parts.translator is not None:
        hosted = parts.settings.translator_outside is None
        alone.append(Interpreter(common, parts.translator, hosted=hosted).run)
    return alone


def _beside(parts: Parts, made: Made) -> tuple[Callable[[int], None], list[Work]]:
    """What is told that somebody did something, and what goes on because of other processes, if there can be any."""
    if made.replica is None:
        return made.sender.touched, []
    together = Together(parts.common, made.replica, made.gate, made.desk, made.intake, made.sender)
    together.begin(made.presenter)
    return together.touched, [together.follow, together.inherit]


def _listening(
    parts: Parts, made: Made, sends: Callable[[], bool], ask: Callable[[], Awaitable[object]]
) -> list[Work]:
    """What listens on a port, if anything should."""
    settings, common = parts.settings, parts.common
    if not (settings.webhook_url or settings.health_port):
        return []
    from bot.telegram import health, web  # noqa: PLC0415 - a polling bot needs no web server

    lines = (parts.calls, parts.polls)
    watched = health.Health(common.database, made.intake, common.clock, parts.watch.seen, lines, sends, ask)
    return [partial(web.serve, settings, made.intake, common.database, watched), health.feel]


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


def _before_card(intake: Intake, touched: Callable[[int], None], chat_id: int) -> None:
    """Somebody did something: what waits for their chat is judged anew."""
    intake.before_card(chat_id)
    touched(chat_id)


async def _begin(parts: Parts, application: AnyApplication, made: Made) -> None:
    """Meet Telegram (it may be away for a while), take up what the last run left, and take updates in for ever.

    What only one process of several does begins when this one leads.
    """
    bot, settings = application.bot, parts.settings
    await patiently(bot.initialize)
    await application.initialize()
    made.desk.address = address_of(bot.username)
    parts.reloading.run_file.known_as(bot.username)
    recovered = await made.intake.recover()
    by_webhook = bool(settings.webhook_url)

    async def lead() -> None:
        made.wakes.start()
        made.sender.open()
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(made.wakes.at_start())
            nursery.create_task(Menu(bot).keep(parts.common.shelf))
            nursery.create_task(made.wakes.keep_staff_menus())
            if not by_webhook:
                await stop_webhook(bot)
                await poll(bot, made.intake, made.replica)

    if by_webhook:
        await set_webhook(bot, settings.webhook_url + settings.webhook_path, settings.webhook_secret)
    reload.settle_memory()
    gc.set_threshold(*GARBAGE)
    log.get().info("started", recovered=recovered, mode="webhook" if by_webhook else "polling")
    await leading(made.replica, lead)


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
