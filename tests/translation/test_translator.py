"""The translator around an engine: lines, pieces, the cache, the time there is, and who waits for whom."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
import structlog
from sqlalchemy import Connection, func, select

from bot import log, metrics
from bot.content import markup
from bot.content.loader import Content
from bot.core.glossary import Term
from bot.db.broadcasts import translations
from bot.db.engine import Database, open_database
from bot.db.schema import translation
from bot.services import upkeep
from bot.services.translating import Doubt, Failed, Failure, Finding, Translated, into
from bot.services.turn import Turn
from bot.translation.cache import Forgetful, Stored, key_of
from bot.translation.engine import EngineFault
from bot.translation.patience import Patience
from bot.translation.threads import Threads
from bot.translation.tokens import Bracketed, Tokens
from bot.translation.translator import AT_ONCE, MachineTranslator
from tests.db.rows import NOW
from tests.running import minden

from .services import spoken

MESSAGE = """\
<b>Neuer Kurs</b>
• Er beginnt am 12.3.2027 um 18:00 bei der VHS.

Hallo {name}, kommen Sie <i>bitte</i>!"""


class Engine:
    """An engine that does what it is told, and counts."""

    name = "told"
    tokens: Tokens = Bracketed()

    def __init__(self, speech: Callable[[str, str], str] = spoken, limit: int = 1000, batch: int = 1) -> None:
        self.speech = speech
        self.limit = limit
        self.batch = batch
        self.asked: list[tuple[str, ...]] = []
        self.faults: list[EngineFault] = []
        self.gate: asyncio.Event | None = None
        self.inside = self.most_inside = 0

    def size(self, text: str) -> int:
        return len(text)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        del source
        self.asked.append(tuple(texts))
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.faults:
                raise self.faults.pop(0)
            return [self.speech(text, target) for text in texts]
        finally:
            self.inside -= 1

    async def close(self) -> None:
        """Nothing to close."""


async def at_once(_: float) -> None:
    """No pause."""


def translator(engine: Engine, total: float = 60.0) -> MachineTranslator:
    return MachineTranslator(engine, Forgetful(), Patience(total=total, sleep=at_once))


async def made(engine: Engine, *texts: str, to: str = "uk", glossary: Sequence[Term] = ()) -> Translated:
    outcome = await translator(engine).translate(texts, to, tuple(glossary))
    assert isinstance(outcome, Translated), outcome
    return outcome


async def test_lines_are_translated_one_by_one_and_stand_as_they_stood() -> None:
    engine = Engine()
    message = await made(engine, MESSAGE, "Anmelden", glossary=[Term(("VHS",))])
    lines = [
        "<b>слово слово</b>",
        "• слово слово слово 12.3.2027 слово 18:00 слово слово VHS.",
        "",
        "слово {name}, слово слово <i>слово</i>!",
    ]
    assert message == Translated(("\n".join(lines), "слово"), "told")
    assert [one for (one,) in engine.asked] == [
        "Neuer Kurs",
        "Er beginnt am [X0X] um [X1X] bei der [X2X].",
        "Hallo [X0X], kommen Sie [X1X]bitte[X2X]!",
        "Anmelden",
    ]


async def test_what_is_too_long_is_cut_and_put_together_again() -> None:
    engine = Engine(limit=60)
    text = "Der erste Kurs beginnt um 18:00. Der zweite Kurs ist <b>neu</b>.  Der dritte Kurs ist leider schon voll."
    message = await made(engine, text)
    assert message.texts[0] == (
        "слово слово слово слово слово 18:00. слово слово слово слово <b>слово</b>.  "
        "слово слово слово слово слово слово слово."
    )
    assert len(engine.asked) == 3
    assert max(len(one) for (one,) in engine.asked) <= 60


async def test_texts_go_in_calls_as_large_as_the_engine_takes_and_the_same_line_once() -> None:
    engine = Engine(batch=3)
    await made(engine, "Eins ist da.\nZwei ist da.\nEins ist da.\nDrei ist da.", "Vier ist da.\nEins ist da.")
    assert engine.asked == [("Eins ist da.", "Zwei ist da.", "Drei ist da."), ("Vier ist da.",)]


async def test_what_is_in_doubt_says_which_text_and_what() -> None:
    engine = Engine(
        lambda text, _: "Приходьте сьогодні до нас" if "VHS" not in text and "[" in text else "Слово слово"
    )
    message = await made(engine, "Neuer Kurs", "Kommen Sie heute zur VHS", glossary=[Term(("VHS",))])
    assert message.findings == (Finding(Doubt.LOST, 1, "VHS"),)
    assert message.doubts == (Doubt.LOST,)
    assert message.texts == ("Слово слово", "Приходьте сьогодні до нас")


async def test_nothing_to_translate_asks_nobody() -> None:
    engine = Engine()
    assert (await made(engine, "👍", "", "{name}\n18:00")).texts == ("👍", "", "{name}\n18:00")
    assert (await made(engine)).texts == ()
    assert engine.asked == []


async def test_markup_that_cannot_be_read_is_said_to_whoever_wrote_it() -> None:
    with pytest.raises(markup.MarkupError):
        await translator(Engine()).translate(["<b>Kurs"], "uk")


async def test_one_empty_line_fails_the_language() -> None:
    engine = Engine(lambda text, _: " " if "Zwei" in text else "слово")
    assert await translator(engine).translate(["Eins ist da.\nZwei ist da."], "uk") == Failed(Failure.EMPTY)


@pytest.mark.row(36)
async def test_one_language_that_fails_leaves_the_others_alone() -> None:
    class Picky(Engine):
        async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
            if target == "ti":
                raise EngineFault(Failure.UNSUPPORTED_LANGUAGE)
            return await super().translate(texts, source, target)

    outcomes = await into(translator(Picky()), ["Der Kurs"], ["uk", "ti", "ar", "uk"])
    assert outcomes == {
        "uk": Translated(("слово слово",), "told"),
        "ti": Failed(Failure.UNSUPPORTED_LANGUAGE),
        "ar": Translated(("كلمة كلمة",), "told"),
    }


async def test_no_more_calls_at_once_than_agreed_over_all_languages() -> None:
    engine = Engine()
    lines = "\n".join(f"Zeile {'abcdefghij'[number]} ist da." for number in range(10))
    await into(translator(engine), [lines], ["uk", "ru", "ar", "fa"])
    assert len(engine.asked) == 40
    engine.gate = asyncio.Event()
    one = asyncio.get_running_loop().create_task(into(translator(engine), [lines], ["uk", "ru", "ar", "fa"]))
    for _ in range(200):
        await asyncio.sleep(0)
    assert engine.inside == AT_ONCE
    engine.gate.set()
    await one
    assert engine.most_inside == AT_ONCE


@pytest.mark.row(36)
async def test_the_time_for_a_message_is_bounded() -> None:
    engine = Engine()
    engine.gate = asyncio.Event()
    assert await translator(engine, total=0.05).translate(["Der Kurs"], "uk") == Failed(Failure.TIMEOUT)
    assert engine.inside == 0


async def test_calls_are_counted_and_whether_it_helps_is_known_from_the_last_message() -> None:
    engine = Engine()
    made = MachineTranslator(engine, Forgetful(), Patience(pauses=()))
    before = dict(metrics.TRANSLATIONS.values)
    seen = [made.failing]
    for fault in (Failure.UNSUPPORTED_LANGUAGE, Failure.QUOTA, None):
        engine.faults = [] if fault is None else [EngineFault(fault)]
        await made.translate(["Hallo Welt."], "uk")
        seen.append(made.failing)
    assert seen == [None, None, True, False], "a language it does not know is no matter of the service"
    counted = {key: value - before.get(key, 0) for key, value in metrics.TRANSLATIONS.values.items()}
    assert {key: counted[key] for key in counted if counted[key]} == {
        ("told", "unsupported_language"): 1,
        ("told", "quota"): 1,
        ("told", "answered"): 1,
    }


async def test_it_can_be_given_up() -> None:
    engine = Engine()
    engine.gate = asyncio.Event()
    task = asyncio.get_running_loop().create_task(translator(engine).translate(["Der Kurs\nbeginnt"], "uk"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert engine.inside
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.inside == 0


async def test_a_blocking_call_leaves_the_loop_free() -> None:
    threads, go = Threads(1), threading.Event()
    call = asyncio.get_running_loop().create_task(threads.run(lambda: go.wait(60), 60))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not call.done()
    go.set()
    assert await call is True


async def test_what_a_blocking_call_raises_comes_out_where_it_is_waited_for() -> None:
    def work() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        await Threads(1).run(work, 60)


async def test_the_log_says_that_it_failed_and_not_what() -> None:
    stream = io.StringIO()
    log.set_up("DEBUG", stream)
    engine = Engine()
    engine.faults = [EngineFault(Failure.REFUSED)]
    await translator(engine).translate(["Kanarienvogel ist krank"], "uk")
    structlog.reset_defaults()
    assert '"code": "refused"' in stream.getvalue()
    assert "anarienvogel" not in stream.getvalue()


def forget(content: Content, now: datetime, connection: Connection) -> None:
    upkeep.forget_what_is_due(Turn(connection, content, now))


class TestCache:
    @pytest.fixture
    async def database(self, database_url: str) -> AsyncIterator[Database]:
        opened = await open_database(database_url)
        yield opened
        await opened.close()

    @staticmethod
    def cached(engine: Engine, database: Database) -> MachineTranslator:
        return MachineTranslator(engine, Stored(database, lambda: NOW), Patience(sleep=at_once))

    async def test_the_same_sentence_is_paid_for_once(self, database: Database) -> None:
        engine = Engine()
        first = await self.cached(engine, database).translate([MESSAGE], "uk")
        calls = len(engine.asked)
        other = MESSAGE.replace("12.3.2027", "5.4.2027").replace("Neuer Kurs", "Alter Kurs")
        second = await self.cached(engine, database).translate([other], "uk")
        assert isinstance(first, Translated)
        assert isinstance(second, Translated)
        assert second.texts[0] == first.texts[0].replace("12.3.2027", "5.4.2027")
        assert engine.asked[calls:] == [("Alter Kurs",)], "what only differs in a date is the same sentence"
        await self.cached(engine, database).translate([MESSAGE], "ru")
        assert len(engine.asked) == calls + 1 + calls, "another language is another translation"

    async def test_what_is_not_to_be_remembered_leaves_nothing(self, database: Database) -> None:
        engine = Engine()
        for _ in range(2):
            made = await self.cached(engine, database).translate([MESSAGE], "uk", remember=False)
            assert isinstance(made, Translated)
        assert engine.asked[: len(engine.asked) // 2] * 2 == engine.asked
        rows = select(func.count()).select_from(translation)
        assert await database.run(lambda tx: tx.execute(rows).scalar_one()) == 0

    async def test_what_was_translated_before_a_failure_is_not_asked_again(self, database: Database) -> None:
        engine = Engine(batch=1)

        def speech(text: str, language: str) -> str:
            if "Zwei" in text and len(engine.asked) < 3:
                raise EngineFault(Failure.REFUSED)
            return spoken(text, language)

        engine.speech = speech
        translator_ = self.cached(engine, database)
        assert await translator_.translate(["Eins ist da."], "uk") == Translated(("слово слово слово.",), "told")
        assert await translator_.translate(["Eins ist da.\nZwei ist da."], "uk") == Failed(Failure.REFUSED)
        assert isinstance(await translator_.translate(["Eins ist da.\nZwei ist da."], "uk"), Translated)
        assert engine.asked == [("Eins ist da.",), ("Zwei ist da.",), ("Zwei ist da.",)]

    async def test_it_is_forgotten_when_broadcasts_are(self, database: Database) -> None:
        content = minden()
        await self.cached(Engine(), database).translate(["Eins ist da."], "uk")
        key = key_of("told", "de", "uk", "Eins ist da.")
        for days, left in ((364, {key: "слово слово слово."}), (366, {})):
            late = NOW + timedelta(days=days)
            await database.run(partial(forget, content, late))
            assert await database.run(lambda tx: translations.known(tx, [key])) == left

    async def test_what_is_in_doubt_is_not_remembered(self, database: Database) -> None:
        engine = Engine(lambda *_: "Das ist noch deutsch und nicht übersetzt")
        for _ in range(2):
            outcome = await self.cached(engine, database).translate(["Der Kurs ist bei uns um 18:00."], "uk")
            assert isinstance(outcome, Translated)
            assert Doubt.LOST in outcome.doubts
        assert len(engine.asked) == 2
