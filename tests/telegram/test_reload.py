"""Changed content is taken over while people answer; what has a fault changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import threading
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, NullPool, create_engine, func, select, text
from structlog.testing import capture_logs

from bot import app, reload, run_file
from bot.content.loader import Content, load
from bot.content.shelf import Shelf
from bot.content.texts import Texts
from bot.core.sayings import Sayings
from bot.db.engine import Database, DatabaseAway, open_database
from bot.db.schema import answer, content_run
from bot.run_file import RunFile, Running
from bot.services.view import ui
from bot.settings import Settings
from bot.simulator.server import Simulator
from bot.telegram.menu import Menu
from tests.content.editing import edit
from tests.faults.walking import SECOND, THIRD, at_second_question
from tests.phones import Phone, Phones
from tests.running import CONTENT, minden, settings_for
from tests.telegram.fake_telegram import FakeTelegram, application
from tests.waiting import LIMIT, until

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
OTHER_THIRD = "An welchem Ort haben Sie bisher Deutsch gelernt?"


@dataclass
class Town:
    """A bot whose content is changed while it runs."""

    settings: Settings
    phones: Phones
    wanted: asyncio.Event

    @property
    def questions(self) -> Path:
        """The file with the questions."""
        return self.settings.content_dir / "minden" / "questionnaire.yaml"

    def running(self) -> Running | None:
        """What the bot says of itself."""
        with contextlib.suppress(OSError, ValueError):
            return Running(**json.loads((self.settings.data_dir / run_file.NAME).read_bytes()))
        return None

    async def reload(self) -> Running:
        """As SIGHUP does; what the bot says afterwards."""
        await until(self.running, "the bot to say that it runs")
        before = cast("Running", self.running())
        self.wanted.set()
        await until(lambda: (now := self.running()) and now.began > before.began, "the content to be read anew")
        return cast("Running", self.running())


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """The real content, to be changed."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
async def town(simulator: Simulator, phones: Phones, tmp_path: Path, content_dir: Path) -> AsyncIterator[Town]:
    """The whole bot, running."""
    settings = settings_for(simulator, tmp_path, content_dir=content_dir)
    stop, wanted = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as nursery:
        nursery.create_task(app.run(settings, stop, reload_wanted=wanted))
        try:
            yield Town(settings, phones, wanted)
        finally:
            stop.set()


def rows(settings: Settings, statement: Any) -> list[Any]:
    """What the database holds, read from outside."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(statement).all())


def content_of(folder: Path) -> Content:
    content = load(folder, "minden").content
    assert content is not None
    return content


async def answers_german(person: Phone) -> None:
    await person.tap("B1")


# ---- people


async def test_the_next_tap_of_somebody_in_the_middle_shows_the_new_content(town: Town) -> None:
    person = await at_second_question(town.phones)
    edit(town.questions, THIRD, OTHER_THIRD)
    after = await town.reload()
    assert not after.refused
    assert after.revision == content_of(town.settings.content_dir).revision
    await person.tap("A2")
    await person.reads(OTHER_THIRD)
    given = rows(town.settings, select(answer.c.question_id))
    assert {one.question_id for one in given} >= {"goals", "german_level"}
    await person.tap("Zurück")
    await person.reads(SECOND)


@pytest.mark.row(19)
async def test_a_question_that_vanished_under_a_card_breaks_nothing(town: Town) -> None:
    person = await at_second_question(town.phones)
    words = town.questions.read_text(encoding="utf-8")
    town.questions.write_text(words.replace("german_level", "german_now"), encoding="utf-8")
    assert not (await town.reload()).refused
    shown = len(person.state["messages"])
    await answers_german(person)
    await person.reads_toast("")
    await person.settled(lambda phone: SECOND in phone.last and len(phone.state["messages"]) >= shown, "the question")
    assert "german_now" not in {one.question_id for one in rows(town.settings, select(answer.c.question_id))}
    await answers_german(person)
    await person.settled(lambda phone: SECOND not in phone.last, "the next question")
    assert "german_now" in {one.question_id for one in rows(town.settings, select(answer.c.question_id))}


async def test_what_has_a_fault_is_refused_and_the_old_content_goes_on(town: Town) -> None:
    person = await at_second_question(town.phones)
    good = town.questions.read_bytes()
    revision = cast("Running", town.running()).revision
    edit(town.questions, SECOND, "Wie gut ist Ihr Deutsch jetzt?")
    town.questions.write_bytes(town.questions.read_bytes() + b"quark: [\n")
    with capture_logs() as logged:
        after = await town.reload()
    (line,) = [one for one in logged if one["event"] == "content_refused"]
    place = f"minden/questionnaire.yaml:{len(town.questions.read_bytes().splitlines()) + 1}"
    assert (line["count"], line["first"]) == (1, [place])
    assert (after.revision, after.refused[0].split(": ")[0]) == (revision, place)
    await answers_german(person)
    await person.settled(lambda phone: SECOND not in phone.last, "the next question")
    town.questions.write_bytes(good)
    assert not (await town.reload()).refused


async def test_a_folder_that_is_gone_is_refused_like_any_other_fault(town: Town) -> None:
    person = await at_second_question(town.phones)
    shutil.rmtree(town.settings.content_dir / "minden")
    assert (await town.reload()).refused[0].startswith("SettingsRefused: There is no town folder")
    await answers_german(person)
    await person.settled(lambda phone: SECOND not in phone.last, "the next question")


async def test_the_menu_is_published_anew(town: Town) -> None:
    person = await at_second_question(town.phones)
    edit(town.settings.content_dir / "ui.yaml", "language: Sprache wechseln", "language: Die Sprache wechseln")
    assert not (await town.reload()).refused

    def new_menu(phone: Phone) -> bool:
        return "Die Sprache wechseln" in [one["description"] for one in phone.state["commands"]]

    await person.settled(new_menu, "the new menu")


async def test_each_content_that_ran_is_written_down_once(town: Town) -> None:
    statement = select(content_run.c.town, content_run.c.revision).order_by(content_run.c.id)
    await until(town.running, "the bot to say that it runs")
    await until(lambda: rows(town.settings, statement), "the first row")
    first = (await town.reload()).revision
    edit(town.questions, THIRD, OTHER_THIRD)
    second = (await town.reload()).revision
    await until(lambda: len(rows(town.settings, statement)) > 1, "the second row")
    assert [tuple(one) for one in rows(town.settings, statement)] == [("minden", first), ("minden", second)]
    assert first != second


# ---- the parts


async def test_the_former_content_does_not_stay_in_memory(content_dir: Path) -> None:
    shelf = Shelf(content_of(content_dir))
    former = weakref.ref(shelf.content.texts)
    reload.settle_memory()
    letting = asyncio.ensure_future(reload.let_go(shelf))  # noqa: TID251 - ended below
    await asyncio.sleep(0)
    shelf.put(content_of(content_dir))
    for _ in range(3):
        await asyncio.sleep(0)
    assert former() is None
    letting.cancel()


async def test_what_staff_say_lets_nobody_wait_for_the_collector(
    content_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []
    monkeypatch.setattr(reload, "settle_memory", lambda: looks.append(None))
    shelf = Shelf(content_of(content_dir))
    letting = asyncio.ensure_future(reload.let_go(shelf))  # noqa: TID251 - ended below
    for change in (partial(shelf.change, Sayings(revision=1)), partial(shelf.put, content_of(content_dir))):
        assert looks == []
        await asyncio.sleep(0)
        change()
        for _ in range(3):
            await asyncio.sleep(0)
    assert len(looks) == 1
    letting.cancel()


class Away:
    """A database that is away at the first try."""

    def __init__(self) -> None:
        self.tries = 0
        self.done = asyncio.Event()

    async def run(self, _use_case: object) -> None:
        self.tries += 1
        if self.tries == 1:
            raise DatabaseAway
        self.done.set()


async def test_a_database_that_is_away_is_waited_for(content_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "PAUSE", 0)
    database = Away()
    shelf = Shelf(content_of(content_dir))
    recording = asyncio.ensure_future(  # noqa: TID251 - ended below
        reload.record(cast("Database", database), shelf, lambda: NOW)
    )
    async with asyncio.timeout(LIMIT):
        await database.done.wait()
    recording.cancel()
    assert database.tries == 2


@pytest.mark.parametrize("broken", [False, True])
async def test_what_is_wanted_during_a_reload_is_done_once_more(
    content_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    content = content_of(content_dir)
    entered, go_on, reads = threading.Event(), threading.Event(), []

    def slow(_settings: Settings) -> Content:
        reads.append(1)
        entered.set()
        assert go_on.wait(LIMIT)
        if broken and len(reads) == 1:
            raise OSError
        return replace(content, revision=f"read {len(reads)}")

    monkeypatch.setattr(reload, "load_content", slow)
    shelf, wanted = Shelf(content), asyncio.Event()
    held = await RunFile.hold(tmp_path, content_dir, "minden", content.revision)
    working = asyncio.ensure_future(  # noqa: TID251 - ended below
        reload.Reload(cast("Settings", None), shelf, held, wanted).work()
    )
    wanted.set()
    await asyncio.to_thread(entered.wait, LIMIT)
    wanted.set()
    wanted.set()
    go_on.set()
    await until(lambda: shelf.content.revision == "read 2", "the second read")
    await until(lambda: not wanted.is_set(), "nothing to be wanted any more")
    assert len(reads) == 2
    working.cancel()
    held.close()


async def test_only_what_has_changed_of_the_menu_is_told_again(content_dir: Path) -> None:
    telegram = FakeTelegram()
    content = content_of(content_dir)
    sources = dict(content.texts._sources)
    about = ui("bot.about").key
    sources[about] = replace(sources[about], forms=("Neues",))
    changed = replace(content, texts=Texts(content.languages, sources, content.texts._translations))
    async with application(telegram) as made:
        menu = Menu(made.bot)
        await menu.publish(content)
        told = len(telegram.calls)
        await menu.publish(content)
        assert len(telegram.calls) == told == 3 * len(content.languages)
        await menu.publish(changed)
    assert telegram.methods().count("setMyCommands") == len(content.languages) + 1
    assert telegram.of("setMyShortDescription")[-1].get("language_code", "") == ""
    assert telegram.of("setMyShortDescription")[-1]["short_description"] == "Neues"


async def test_who_waits_for_other_content_hears_of_each(content_dir: Path) -> None:
    first = content_of(content_dir)
    second = replace(first, revision="second")
    shelf = Shelf(first)
    waiting: Callable[[Content], Any] = lambda one: asyncio.ensure_future(shelf.other_than(one))  # noqa: E731, TID251
    both = [waiting(first), waiting(first)]
    await asyncio.sleep(0)
    shelf.put(second)
    assert await asyncio.gather(*both) == [second, second]
    assert await shelf.other_than(first) is second


async def test_two_processes_that_begin_together_both_take_the_meetings_over(postgres_url: str) -> None:
    content = minden()
    here, there = await open_database(postgres_url), await open_database(postgres_url)
    written = asyncio.Event()
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

    def first(connection: Connection) -> None:
        reload._write_down(content, NOW, connection)
        written.set()
        while not connection.execute(waits).scalar_one():  # the other one has come as far as it can
            connection.execute(text("SELECT pg_sleep(0.02)"))

    async def second() -> None:
        await written.wait()
        await there.run(partial(reload._write_down, content, NOW))

    async with asyncio.timeout(LIMIT):
        await asyncio.gather(here.run(first), second())
    rows = select(func.count()).select_from(content_run)
    assert await there.run(lambda tx: tx.execute(rows).scalar_one()) == 1
    await here.close()
    await there.close()
