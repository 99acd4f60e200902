"""Every statement the bot says is planned anew in a database with thousands of people: none reads all of them."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import create_async_engine

import bot.db
from bot.db.sqlite import engine_for
from tests.plans.collecting import Said, listening
from tests.plans.explaining import read_whole
from tests.plans.growing import GROWING, grow
from tests.plans.walking import Nested, Walk
from tests.running import minden

EVERYBODY = "a figure about everybody, when somebody of the team looks"
NIGHT = "once a night, page by page"
FILES = "when files change, at a start or a reload"
ASIDE = "a command beside the running bot"
READS_ALL: Mapping[str, str] = {
    "offers.attendances.marked": FILES,
    "audience.counting._tallied": EVERYBODY,
    "audience.counting.sample": EVERYBODY,
    "audience.finding.people": EVERYBODY,
    "audience.sending.fan_out": "everybody gets a row; range by range",
    "audience.sending.how_many_chats": EVERYBODY,
    "audience.sending.how_many_are_last": EVERYBODY,
    "audit.actors": EVERYBODY,
    "audit.cut": "from the newest back to the first that is old, when there is one; a row that old is there once",
    "audit.number": EVERYBODY,
    "content_runs.answered": ASIDE,
    "content_runs.chosen": ASIDE,
    "content_runs.inside": ASIDE,
    "outbox.deliveries.is_busy": "the demo's clock",
    "figures.figures.attended": EVERYBODY,
    "figures.figures.came": EVERYBODY,
    "figures.figures.filled": EVERYBODY,
    "figures.figures.levels": EVERYBODY,
    "figures.figures.outcomes": EVERYBODY,
    "people.likeness.newest": "the newest 5,000 people, when somebody looks for doubles",
    "offers.meetings.everything": FILES,
    "people.merging.settled": "rows of a week: what is older is gone",
    "people.name_starts.left": ASIDE,
    "people.name_starts.take_over": "at the start, while there are names of former times",
    "figures.needs.found": EVERYBODY,
    "outbox.outbox_numbers.counts": ASIDE,
    "people.parting.take_apart": "a deed of the team, within a week of another",
    "offers.registrations.concerned": FILES,
    "offers.registrations.remembered": FILES,
    "rights.retention.counts": ASIDE,
    "rights.retention.forget_deliveries": NIGHT,
    "rights.retention.forget_registrations": NIGHT,
    "rights.retention.forget_talks": NIGHT,
    "rights.retention.forget_words": NIGHT,
    "rights.retention.silent": NIGHT,
    "threads.threads.waits": EVERYBODY,
}
"""Functions of `bot.db` that may read a whole table, on one database or both, and why that is right."""
ROW = "one row by its number, or a new one"
APART = "two profiles, by their people's numbers, when a member puts them together or takes them apart"
KEYS = "when the key changes: page by page over everything, at a start or by `lotse key`"
SMALL = "a table of what the team has"
NOT_WALKED: Mapping[str, str] = {
    "threads.answers.add": SMALL,
    "audience.asking.about": "says nothing unless a page asks with reasons",
    "audit._anchor": ASIDE,
    "audit._in_order": ASIDE,
    "staff.drafts.remove": SMALL,
    "staff.drafts.save": SMALL,
    "offers.meetings.create": ROW,
    "offers.meetings.is_named": ROW,
    "offers.meetings.name": ROW,
    "openings.interests.withdraw_from_partners": "the interests of one person, by an index, as `all_of_person`",
    "people.merging._answers": APART,
    "people.merging._silence": APART,
    "people.merging.completed": APART,
    "people.merging_talks._messages": APART,
    "people.merging_talks._take_back": APART,
    "people.merging_talks.apart": APART,
    "people.merging_talks.together": APART,
    "people.notes.remove": ROW,
    "offers.offers.next_id": SMALL,
    "people.participants._free_number": ROW,
    "people.participants.carry": APART,
    "people.parting._back": APART,
    "people.parting._has_live": APART,
    "people.parting._seats_apart": APART,
    "people.people.plan": ROW,
    "offers.registrations.lock": "SQLite has one writer",
    "outbox.reminding.plan_again": "deliveries of one meeting, as its neighbours",
    "resealing._seal": KEYS,
    "resealing.add": KEYS,
    "resealing.check": KEYS,
    "resealing.complete": KEYS,
    "resealing.forget_others": KEYS,
    "resealing.is_complete": KEYS,
    "resealing.left": KEYS,
    "resealing.seal_page": KEYS,
    "broadcasts.saved_audiences.listed": SMALL,
    "broadcasts.saved_audiences.remove": SMALL,
    "broadcasts.saved_audiences.rename": SMALL,
    "outbox.thread_deliveries.forget_topic": APART,
    "outbox.thread_deliveries.go_again": "deliveries of one group, when an admin says that it is the team's",
    "broadcasts.translations.known": ROW,
    "vitals.size": "what PostgreSQL knows by itself",
}
"""Functions of `bot.db` that the walk does not come by, and why they need no look."""


def spoken(engine: Engine, connection: Connection) -> tuple[dict[str, Said], dict[str, set[str]]]:
    """What was said in a walk, and the whole tables that each function reads, where it reads any."""
    content = minden()
    with listening(engine) as heard:
        person = Walk(Nested(connection), content).all()
    grow(connection, person)
    growing = {one.name for one in GROWING}
    found: dict[str, set[str]] = {}
    for said in heard.values():
        with connection.begin_nested():
            if whole := read_whole(connection, said) & growing:
                found.setdefault(said.who.removeprefix("bot.db."), set()).update(whole)
    return heard, found


def on(url: str, look: Callable[[Engine, Connection], None]) -> None:
    """Do something on a connection of either database; nothing of it stays."""
    if url.startswith("sqlite"):
        engine = engine_for(url)
        with engine.connect() as connection:
            connection.begin()
            connection.exec_driver_sql("BEGIN")
            look(engine, connection)
        engine.dispose()
        return

    async def look_at_postgres() -> None:
        # As on disks without a moving arm: with a few thousand rows a whole table seems cheap otherwise.
        said = {"jit": "off", "random_page_cost": "1.1"}
        remote = create_async_engine(url, connect_args={"server_settings": said})
        try:
            async with remote.connect() as connection:
                await connection.run_sync(lambda tx: look(remote.sync_engine, tx))
        finally:
            await remote.dispose()

    asyncio.run(look_at_postgres())


SPEAKS = {"execute", "rows", "rows_of_each", "each", "changed"}
"""Methods of a connection and of `bot.db.prepared` that do."""


def speaking() -> set[str]:
    """Functions of `bot.db` that say something to a database, as `inbox.take`."""
    folder = Path(next(iter(bot.db.__path__)))
    found = set()
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        if module.startswith("migrat") or module in {"sqlite", "postgres", "beside", "prepared"}:
            continue
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.FunctionDef) and any(map(_is_execute, ast.walk(one))):
                found.add(f"{module}.{one.name}")
    return found


def _is_execute(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKS


def test_no_query_reads_a_whole_table_that_grows_but_those_that_say_why(database_url: str) -> None:
    def look(engine: Engine, connection: Connection) -> None:
        heard, found = spoken(engine, connection)
        names = {one.who.removeprefix("bot.db.") for one in heard.values()}
        assert {name: tables for name, tables in found.items() if name not in READS_ALL} == {}
        assert speaking() - names <= NOT_WALKED.keys()

    on(database_url, look)


def test_nothing_is_excused_that_is_not_there() -> None:
    assert (READS_ALL.keys() | NOT_WALKED.keys()) <= speaking()
