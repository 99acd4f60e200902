"""The command line: `lotse run | demo | check | texts | play | export | report | invite | status | ...`.

Every command ends with 0, or with one clear line on stderr and 1 (faults), 2 (cannot start) or 3 (cannot now).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import clock, log, operating, settings
from bot.arguments import Command, parser
from bot.operating import content_of, database_url
from bot.refusal import ForOperator

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.content.faults import Fault
    from bot.content.loader import Content

CANNOT_START, CANNOT_NOW = 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Arabic letters is no reason to fail
    given = parser(COMMANDS).parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        code = command(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ForOperator as error:
        print(error, file=sys.stderr)
        return CANNOT_NOW if error.passes else CANNOT_START
    return code


STARTING = (50_000, 20, 100)
"""Thresholds of the garbage collector until the bot runs: what imports and the content make stays, and to look at it
again and again was a seventh of the start."""


def _run(_: argparse.Namespace) -> int:
    # The first process of a container is not ended by a signal that it says nothing of, and imports take seconds.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it asks for the content to be read, which comes anyway
    gc.set_threshold(*STARTING)
    from bot import app  # noqa: PLC0415

    read = settings.read()
    log.set_up(read.log_level, form=read.log_format)
    asyncio.run(_until_signal(lambda stop, reload: app.run(read, stop, reload_wanted=reload)))
    return 0


def _demo(given: argparse.Namespace) -> int:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        from bot import demo  # noqa: PLC0415
    except ModuleNotFoundError as error:
        print(f"The demo needs {error.name}, which is not installed here: use `make demo`.", file=sys.stderr)
        return CANNOT_START

    read = settings.read()
    # Two lines say how to begin; who wants to see more asks for it.
    log.set_up(read.log_level if "log_level" in read.model_fields_set else "WARNING", form=read.log_format)
    asyncio.run(_until_signal(lambda stop, reload: demo.run(read, given.host, given.port, stop, reload)))
    return 0


async def _until_signal(work: Callable[[asyncio.Event, asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run `work` with an event that Ctrl-C or SIGTERM sets, and one that SIGHUP sets.

    A terminal that is closed sends SIGHUP too: that is the end of what was started in it, as ever.
    """
    stop, reload = asyncio.Event(), asyncio.Event()
    terminals = [number for number in range(3) if os.isatty(number)]

    def hung_up() -> None:
        closed = terminals and not any(map(os.isatty, terminals))
        (stop if closed else reload).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, hung_up)
    await work(stop, reload)


def _reload(_: argparse.Namespace) -> int:
    from bot import reload, run_file  # noqa: PLC0415

    with run_file.found(settings.read().data_dir) as other:
        running = other.read()
        try:
            content, _gaps = reload.read(Path(running.folder), running.town)
        except reload.ContentRefused as refused:
            print(refused, "Nothing was changed: the bot goes on with what it has.", sep="\n", file=sys.stderr)
            return 1
        after = other.reload()
    if after.refused:
        print("The bot refused it and goes on with what it has:", *after.refused, sep="\n", file=sys.stderr)
        return 1
    print(f"taken over: revision {after.revision}")
    if after.revision != content.revision:
        print("The files were changed again while they were being checked: call it once more to be sure.")
    return 0


def _check(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415
    from bot.export import words  # noqa: PLC0415
    from bot.services.rehearsals import rehearsal  # noqa: PLC0415

    folder, town = content_of(given)
    work = partial(
        commands.check,
        folder,
        town,
        sys.stdout,
        strict=given.strict,
        as_json=given.json,
        service=settings.read().translator_outside,
        also=lambda content: [*rehearsal.faults(content), *words.faults(folder)],
    )
    return work() if given.against is None else _check_against(given.against, town, work)


def _check_against(former: str, town: str, work: partial[int]) -> int:
    """The check with every change since `former`; everything is read before anything is printed."""
    from bot.content import commands  # noqa: PLC0415
    from bot.content.comparison.against import Against  # noqa: PLC0415
    from bot.db import beside  # noqa: PLC0415
    from bot.db.engine import DatabaseRefused  # noqa: PLC0415
    from bot.services.offers.synchronising import rehearsed  # noqa: PLC0415
    from bot.services.questions.stored_people import StoredPeople, last_outline  # noqa: PLC0415
    from bot.services.turn import Turn  # noqa: PLC0415
    from bot.services.what_staff_said import with_what_staff_said  # noqa: PLC0415

    url = database_url()
    if former == "database":

        def compared(connection: Connection) -> int:
            now = clock.now()

            def also(content: Content) -> list[Fault]:
                return [
                    *work.keywords["also"](content),
                    *rehearsed(with_what_staff_said(Turn(connection, content, now))),
                ]

            return work(against=Against(last_outline(connection, town), StoredPeople(connection, now)), also=also)

        return beside.read(url, compared)
    outline = commands.outline_of_folder(*settings.existing_town(Path(former), town))
    try:
        return beside.read(url, lambda tx: work(against=Against(outline, StoredPeople(tx, clock.now()))))
    except DatabaseRefused as refused:
        print(f"No numbers of people. {refused}", file=sys.stderr)
        return work(against=Against(outline))


def _texts(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415

    work = commands.status if given.what == "status" else commands.extract_and_update
    return work(*content_of(given), sys.stdout)


def _play(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415

    loaded = load(*content_of(given))
    if loaded.content is None:
        return commands.check(*content_of(given), sys.stdout)
    if given.lang not in loaded.content.languages:
        raise settings.SettingsRefused(
            f"--lang {given.lang} is not there. Choose from {', '.join(loaded.content.languages)}."
        )
    from bot.services.questions.play import play  # noqa: PLC0415

    return play(loaded.content, given.lang, input, print, clock.now().date())


def _export(given: argparse.Namespace) -> int:
    from bot import auditing  # noqa: PLC0415
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415
    from bot.export.exporting import Format, Order  # noqa: PLC0415
    from bot.export.words import read_words  # noqa: PLC0415

    folder, town = content_of(given)
    loaded = load(folder, town, settings.read().translator_outside)
    if loaded.content is None:
        return commands.check(folder, town, sys.stdout)
    if given.what != "profiles":
        return _export_list(given, loaded.content, folder)
    if given.offer is not None:
        raise settings.SettingsRefused("--offer goes with registrations and interests.")
    order = Order(loaded.content, read_words(folder), Format(given.format), clock.now())
    path = given.out or order.usual_path
    url = database_url()
    auditing.note(url, order.now, "profiles")
    people = order.from_database(url, path, force=given.force)
    print(f"{people} {'person' if people == 1 else 'people'} in {path}. These are personal data: see docs/export.md.")
    return 0


def _export_list(given: argparse.Namespace, content: Content, folder: Path) -> int:
    from bot import auditing  # noqa: PLC0415
    from bot.export import lists  # noqa: PLC0415

    order = lists.ordered(given.what, given.format, given.offer, clock.now())
    path = given.out or lists.usual_path(given.what, order, content)
    url = database_url()
    lists.look_for(order, url, content)
    auditing.note(url, order.at, " ".join(filter(None, (given.what, given.offer))))
    rows = lists.write(order, url, content, folder, path, force=given.force)
    print(f"{rows} {'row' if rows == 1 else 'rows'} in {path}. These are personal data: see docs/export.md.")
    return 0


def _report(given: argparse.Namespace) -> int:
    from bot import auditing  # noqa: PLC0415
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415
    from bot.export.figures import quarter_named, write_report  # noqa: PLC0415

    folder, town = content_of(given)
    content, now = load(folder, town).content, clock.now()
    if content is None:
        return commands.check(folder, town, sys.stdout)
    quarter = quarter_named(given.quarter, content, now)
    path = given.out or Path(f"report-{quarter}.html")
    url = database_url()
    auditing.note(url, now, f"report {quarter}")
    write_report(url, content, now, quarter, path, force=given.force)
    print(f"The report of {quarter} is in {path}. Open it in a browser, and print it on A4.")
    return 0


def _invite(given: argparse.Namespace) -> int:
    from bot import inviting  # noqa: PLC0415

    asyncio.run(inviting.invite(settings.read(), inviting.whom(given.role, given.partner), given.out, sys.stdout))
    return 0


def _status(given: argparse.Namespace) -> int:
    from bot.status import status  # noqa: PLC0415

    return 0 if status(settings.read(), sys.stdout, as_json=given.json) else 1


def _preview(given: argparse.Namespace) -> int:
    from bot import reload  # noqa: PLC0415
    from bot.db import beside  # noqa: PLC0415
    from bot.services.reminders import preview  # noqa: PLC0415
    from bot.services.turn import Turn  # noqa: PLC0415
    from bot.services.what_staff_said import with_what_staff_said  # noqa: PLC0415

    now = clock.now()
    content, _gaps = reload.read(*content_of(given))
    turn, found = beside.read(
        database_url(),
        lambda tx: (
            (turn := with_what_staff_said(Turn(tx, content, now))),
            preview.preview(turn, given.chat, given.days),
        ),
    )
    print(*preview.lines(turn.content, found), sep="\n")
    return 0


def _retention(given: argparse.Namespace) -> int:
    from bot import reload  # noqa: PLC0415
    from bot.db import beside  # noqa: PLC0415
    from bot.services import upkeep  # noqa: PLC0415
    from bot.services.turn import Turn  # noqa: PLC0415

    now = clock.now()
    content, _gaps = reload.read(*content_of(given))
    found = beside.read(database_url(), lambda tx: upkeep.due(Turn(tx, content, now)))
    print(*(f"{number:>7,}  {name}" for name, number in found.items()), sep="\n")
    return 0


def _translate(given: argparse.Namespace) -> int:
    from bot import reload, translating  # noqa: PLC0415

    read = settings.read()
    log.set_up(read.log_level, form=read.log_format)
    content = partial(reload.load_content, read)
    work = translating.translate(read, content, given.text, given.to.split(","), sys.stdout)
    return 0 if asyncio.run(work) else 1


COMMANDS: Mapping[str, Command] = {
    "run": _run,
    "demo": _demo,
    "reload": _reload,
    "status": _status,
    "inbox": operating.inbox,
    "migrate": operating.migrate,
    "backup": operating.backup,
    "restore": operating.restore,
    "move-database": operating.move_database,
    "check": _check,
    "texts": _texts,
    "play": _play,
    "translate": _translate,
    "export": _export,
    "report": _report,
    "invite": _invite,
    "preview": _preview,
    "retention": _retention,
    "key": operating.key,
    "audit": operating.audit,
    "privacy": operating.privacy,
    "team": operating.team,
    "incident": operating.incident,
}
"""What each word of the command line does."""
