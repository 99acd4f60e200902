"""The command line: `lotse run | demo | check | texts | play | migrate`.

Every command ends with 0, or with one clear line on stderr and 1 (faults) or 2 (cannot start).
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import clock, log, settings

CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Arabic letters is no reason to fail
    given = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        code = command(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if type(error).__name__ not in REFUSALS:
            raise
        print(error, file=sys.stderr)
        return CANNOT_START
    return code


REFUSALS = frozenset(
    {"SettingsRefused", "ContentRefused", "DatabaseRefused", "DatabaseAway", "Refused", "DemoRefused"}
)
"""Errors whose text is for the operator. By name, so that no command loads what only another one needs."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lotse", description="A chat guide for newcomers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the bot on Telegram (settings: see .env.example)")
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="try the bot on phones in the browser, without Telegram")
    demo.add_argument("--port", type=_port, default=8000, help="where the phones page listens (default 8000)")
    demo.add_argument("--host", default="127.0.0.1", help="who may reach it (default: this machine only)")
    demo.set_defaults(command=_demo)

    check = commands.add_parser(
        "check", help="check a content folder: every fault with file, line and how to mend it"
    )
    _content_arguments(check)
    check.add_argument("--strict", action="store_true", help="a gap in a translation is a failure too")
    check.set_defaults(command=_check)

    texts = commands.add_parser("texts", help="keep the translation catalogues")
    texts.add_argument("what", choices=("extract", "update", "status"), help="extract and update are the same")
    _content_arguments(texts)
    texts.set_defaults(command=_texts)

    play = commands.add_parser("play", help="walk through the questionnaire in this terminal")
    _content_arguments(play)
    play.add_argument("--lang", default="de", help="language (default de)")
    play.set_defaults(command=_play)

    migrate = commands.add_parser("migrate", help="bring the database to the newest revision")
    migrate.set_defaults(command=_migrate)
    return parser


def _port(word: str) -> int:
    """A port as an argument; argparse turns the ValueError into one line."""
    if not 0 <= (port := int(word)) <= settings.LARGEST_PORT:
        raise ValueError(word)
    return port


def _content_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="the content folder (default: CONTENT_DIR or content)")
    parser.add_argument("--town", help="the town's folder in it (default: TOWN or minden)")


def _content(given: argparse.Namespace) -> tuple[Path, str]:
    """Folder and town of the arguments; what is missing comes from the settings."""
    read = settings.read()
    return settings.existing_town(given.folder or read.content_dir, given.town or read.town)


def _run(_: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 - each command loads only what it needs

    read = settings.read()
    log.set_up(read.log_level)
    asyncio.run(_until_signal(lambda stop: app.run(read, stop)))
    return 0


def _demo(given: argparse.Namespace) -> int:
    try:
        from bot import demo  # noqa: PLC0415
    except ModuleNotFoundError as error:
        print(f"The demo needs {error.name}, which is not installed here: use `make demo`.", file=sys.stderr)
        return CANNOT_START

    read = settings.read()
    log.set_up(read.log_level)
    asyncio.run(_until_signal(lambda stop: demo.run(read, given.host, given.port, stop)))
    return 0


async def _until_signal(work: Callable[[asyncio.Event], object]) -> None:
    """Run `work` with an event that Ctrl-C or SIGTERM sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await work(stop)  # type: ignore[misc]


def _check(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415
    from bot.services import rehearsal  # noqa: PLC0415

    return commands.check(*_content(given), sys.stdout, strict=given.strict, also=rehearsal.faults)


def _texts(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415

    work = commands.status if given.what == "status" else commands.extract_and_update
    return work(*_content(given), sys.stdout)


def _play(given: argparse.Namespace) -> int:
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415

    loaded = load(*_content(given))
    if loaded.content is None:
        return commands.check(*_content(given), sys.stdout)
    if given.lang not in loaded.content.languages:
        raise settings.SettingsRefused(
            f"--lang {given.lang} is not there. Choose from {', '.join(loaded.content.languages)}."
        )
    return commands.play(loaded.content, given.lang, input, print, clock.now().date())


def _migrate(_: argparse.Namespace) -> int:
    from bot.db.engine import open_database  # noqa: PLC0415

    async def migrate() -> None:
        database = await open_database(settings.read().database_url)
        await database.close()

    asyncio.run(migrate())
    print("The database is up to date.")
    return 0
