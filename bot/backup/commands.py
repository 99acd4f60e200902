"""The commands for backups: `lotse backup`, `restore`, `move-database`, `migrate --plan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from bot.backup import folder, key, making, nightly, opening, pending, restoring
from bot.backup.refused import BackupRefused
from bot.backup.tables import Sum
from bot.clock import Clock
from bot.db import beside
from bot.db.engine import address
from bot.settings import Settings


def backup(settings: Settings, clock: Clock, out: Path | None, screen: TextIO) -> None:
    """Makes a backup while the bot runs. In a folder other than that of the settings, nothing is ever removed.

    Raises:
        BackupRefused: with a text for the operator.
    """
    order = nightly.order(settings, clock)
    if out is not None:
        order = replace(order, folder=out, kept=None)
    path, last = order.make()
    sealed = "sealed" if order.key else "not sealed: whoever has it reads it"
    screen.write(f"{path}: {last.rows:,} rows, {last.size:,} bytes, {last.seconds:.1f} s, {sealed}.\n")


def restore(settings: Settings, clock: Clock, path: Path, into: str | None, screen: TextIO) -> None:
    """Fills a new database from a backup.

    Raises:
        BackupRefused, DatabaseRefused: with a text for the operator. Nothing was changed.
    """
    url = into or settings.database_url
    lists = dict.fromkeys((settings.backups, path.resolve().parent))
    found = restoring.restore(path, key.read(settings.backup_key_file), url, lists, clock)
    settled = found.settled
    made_at, there = found.head.made_at, beside.named(address(url))
    if others := sorted(set(found.head.tables) - set(found.sums)):
        screen.write(f"Left out, for they are another program's: {', '.join(others)}.\n")
    screen.write(
        f"{_told(found.sums)} of {made_at:%Y-%m-%d %H:%M} UTC are in {there}."
        " Looked through: the same as in the backup.\n"
        f"{settled.unknown} messages that were due since are unknown, and not said again by themselves.\n"
        f"{settled.paused} broadcasts were going out and are paused: look at them under /staff before they go on.\n"
        f"{settled.erased} people who were erased since were erased again.\n"
        "Whatever else was done since is gone: consents taken back and people who left the team are here again."
        " Look at the team under /staff.\n"
    )


def move(settings: Settings, clock: Clock, to: str, screen: TextIO) -> None:
    """Copies the database into a new one of another kind or in another place.

    Raises:
        BackupRefused, DatabaseRefused: with a text for the operator. Neither database was changed.
    """
    path, sums = restoring.move(nightly.order(settings, clock), to)
    screen.write(
        f"{_told(sums)} are in {beside.named(address(to))}. Looked through: the same as before.\n"
        f"The former database was not changed, and {path} is a backup of it. Set DATABASE_URL, then start Lotse.\n"
    )


def plan(settings: Settings, screen: TextIO) -> None:
    """Prints what the next start will change.

    Raises:
        BackupRefused: the database cannot be read, or is from a newer Lotse.
    """
    steps = opening.read(settings.database_url, pending.plan)
    if not steps:
        screen.write("Nothing: the database is at the newest revision.\n")
        return
    screen.writelines(f"{step.line()}\n" for step in steps)
    back = "The former version goes on with it" if all(one.additive for one in steps) else "The way back is a backup"
    screen.write(f"All of it or none. {back}. Make one first: lotse backup\n")


def last(settings: Settings) -> str:
    """The line for `lotse status`."""
    found = folder.last_backup(settings.backups)
    if found is None:
        return "last backup: none is known"
    return f"last backup: {found.made_at:%Y-%m-%d %H:%M} UTC, {found.size:,} bytes, {found.seconds:.1f} s"


def advice(settings: Settings) -> str:
    """What to do if the database is damaged."""
    try:
        good = making.newest_good(settings.backups, key.read(settings.backup_key_file))
    except BackupRefused as refused:
        return f"{refused} Then there may be a good backup in {settings.backups}."
    if good is None:
        return (
            f"There is no good backup in {settings.backups}, and nothing was written over. Look for one elsewhere;"
            " without any, move the damaged file away, and Lotse begins with an empty database."
        )
    return (
        f"Nothing was written over. Move the damaged file (with its -wal and -shm) away, then: lotse restore {good}"
    )


def _told(sums: Mapping[str, Sum]) -> str:
    return f"{sum(one.rows for one in sums.values()):,} rows in {len(sums)} tables"
