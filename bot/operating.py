"""Commands for whoever looks after the database: migrations, backups, keys, the audit trail, papers.

And what all commands need to know: which content, which database.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot import clock, settings


def content_of(given: argparse.Namespace) -> tuple[Path, str]:
    """Folder and town of the arguments; what is missing comes from the settings."""
    read = settings.read()
    return settings.existing_town(given.folder or read.content_dir, given.town or read.town)


def database_url() -> str:
    """The address of the database; its keys lie where the settings say."""
    from bot.db import keys  # noqa: PLC0415 - each command loads only what it needs

    read = settings.read()
    keys.keep_in(read.key_path)
    return read.database_url


def key(given: argparse.Namespace) -> int:
    """`lotse key`: are the keys there, a new one, the former ones forgotten."""
    from bot import keeping_keys  # noqa: PLC0415
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415

    folder, town = content_of(given)
    content = load(folder, town).content
    if content is None:
        return commands.check(folder, town, sys.stdout)
    url = database_url()
    keeper = keeping_keys.Keeper(url, settings.read().data_dir, content.questionnaire.sealed, sys.stdout)
    if given.what == "check":
        return keeper.check()
    return asyncio.run(keeper.rotate() if given.what == "rotate" else keeper.forget())


def audit(given: argparse.Namespace) -> int:
    """`lotse audit`: is the trail whole, and what it says as a workbook."""
    from bot import auditing  # noqa: PLC0415
    from bot.content import commands  # noqa: PLC0415
    from bot.content.loader import load  # noqa: PLC0415

    if given.what == "verify":
        return auditing.verify(database_url(), sys.stdout)
    folder, town = content_of(given)
    content, now = load(folder, town).content, clock.now()
    if content is None:
        return commands.check(folder, town, sys.stdout)
    path = given.out or Path(f"audit-{now:%Y-%m-%d}.xlsx")
    number = auditing.export(database_url(), content, now, path, force=given.force)
    print(f"{number} entries in {path}. They say who did what: keep them as carefully as people's data.")
    return 0


def privacy(given: argparse.Namespace) -> int:
    """`lotse privacy`: the data-protection officer's papers, written anew or looked at."""
    from bot import reload  # noqa: PLC0415
    from bot.privacy import commands  # noqa: PLC0415

    folder, town = content_of(given)
    read = settings.read()
    content, _gaps = reload.read(folder, town, read.translator_outside)
    return commands.record(given.out, folder, content, read, sys.stdout, write=given.what == "record")


def inbox(given: argparse.Namespace) -> int:
    """`lotse inbox`: what was set aside; once more, or away with it."""
    from bot import keeping_inbox  # noqa: PLC0415

    if given.parked:
        keeping_inbox.parked(database_url(), sys.stdout)
        return 0
    work = keeping_inbox.drop if given.retry is None else keeping_inbox.retry
    work(database_url(), given.drop or given.retry or (), sys.stdout)
    return 0


def migrate(given: argparse.Namespace) -> int:
    """`lotse migrate`: bring the tables up to date, or tell what that would change."""
    from bot.backup import commands  # noqa: PLC0415
    from bot.db.engine import open_database  # noqa: PLC0415

    if given.plan:
        commands.plan(settings.read(), sys.stdout)
        return 0

    async def migrate() -> None:
        database = await open_database(database_url())
        await database.close()

    asyncio.run(migrate())
    print("The database is up to date.")
    return 0


def backup(given: argparse.Namespace) -> int:
    """`lotse backup`: a copy of everything, now."""
    from bot.backup import commands  # noqa: PLC0415

    commands.backup(settings.read(), clock.now, given.out, sys.stdout)
    return 0


def restore(given: argparse.Namespace) -> int:
    """`lotse restore`: a backup into a new database."""
    from bot.backup import commands  # noqa: PLC0415
    from bot.db import keys  # noqa: PLC0415

    read = settings.read()
    keys.keep_in(read.key_path)
    commands.restore(read, clock.now, given.file, given.into, sys.stdout)
    return 0


def move_database(given: argparse.Namespace) -> int:
    """`lotse move-database`: everything into a database of another kind."""
    from bot.backup import commands  # noqa: PLC0415

    commands.move(settings.read(), clock.now, given.to, sys.stdout)
    return 0


def team(given: argparse.Namespace) -> int:
    """`lotse team`: who belongs to it; somebody's second factor off."""
    from bot import keeping_team  # noqa: PLC0415

    if given.what == "list":
        keeping_team.show(database_url(), clock.now(), sys.stdout)
        return 0
    if given.member is None:
        raise keeping_team.TeamRefused("Whose? `lotse team reset NUMBER`; `lotse team list` shows the numbers.")
    keeping_team.reset(database_url(), clock.now(), given.member, sys.stdout)
    return 0


def incident(given: argparse.Namespace) -> int:
    """`lotse incident`: who is affected by a breach, the draft of a report; telling people."""
    from bot import incidents, reload  # noqa: PLC0415
    from bot.privacy.words import read_words  # noqa: PLC0415

    folder, town = content_of(given)
    content, _gaps = reload.read(folder, town)
    now = clock.now()
    case = incidents.case_of(given, content.town.clock, now)
    if given.what == "affected":
        out = given.out or Path(f"incident-{case.notice.name}")
        incidents.affected(database_url(), content, read_words(folder), case, now, out, sys.stdout)
        return 0
    return incidents.tell(database_url(), content, case, now, given.confirm, sys.stdout)
