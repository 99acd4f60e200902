"""The load server plays the whole questionnaire with the real bot, and its sums can be trusted."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from benchmarks.__main__ import BEGIN, END, PAGE, main, written
from benchmarks.load_server import LoadServer, Measured, parsed
from benchmarks.people import Step, choose
from benchmarks.run import compare, stored_answers, webhook
from benchmarks.table import beside, percentile, table
from bot.settings import read
from tests.running import CONTENT, TOKEN, running

PEOPLE = 3
KEEPS = {"echo": "nothing", "lotse": "all"}
LIMIT = 120.0
"""Seconds after which a test gives up; nothing is measured here."""


@pytest.fixture
async def server() -> AsyncIterator[LoadServer]:
    made = LoadServer(PEOPLE)
    yield made
    made.close()


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_people_come_to_the_last_card_and_every_confirmed_answer_is_in_the_file(
    server: LoadServer, tmp_path: Path, *, by_webhook: bool
) -> None:
    listening = {name.lower(): value for name, value in webhook().items()} if by_webhook else {}
    settings = read(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        telegram_api_url=await server.listen(),
        data_dir=tmp_path,
        content_dir=CONTENT,
        flood_limit=0,
        log_level="WARNING",
        **listening,
    )
    async with asyncio.timeout(LIMIT), running(settings):
        await server.ready.wait()
        server.begin()
        await server.reached(PEOPLE)
        assert await server.end() == 0

    stored = stored_answers(tmp_path / "lotse.db")
    assert server.answers == stored
    assert sum(count >= 5 for count in stored.values()) >= PEOPLE
    assert len(server.latencies) >= sum(stored.values())

    with sqlite3.connect(tmp_path / "lotse.db") as connection:
        connection.execute("DELETE FROM answer WHERE rowid = (SELECT min(rowid) FROM answer)")
    connection.close()
    assert compare(server.answers, stored_answers(tmp_path / "lotse.db")) == (1, 0)


async def test_a_question_that_is_asked_again_has_confirmed_no_answer(server: LoadServer) -> None:
    url = await server.listen()
    server.begin()
    (chat_id, person), *_ = server.persons.items()
    skip = {"inline_keyboard": [[{"text": "Weiter", "callback_data": "v1.skip"}]]}
    confirmed = []
    async with aiohttp.ClientSession() as session:
        for text in ("Erste Frage", "Bitte noch einmal.\n\nErste Frage", "Zweite Frage"):
            card = {"chat_id": chat_id, "text": text, "reply_markup": skip}
            async with session.post(f"{url}/bot1/sendMessage", json=card) as answer:
                assert answer.ok
            confirmed.append(person.answers)
    assert confirmed == [0, 0, 1]


async def test_who_waits_in_vain_is_counted(server: LoadServer) -> None:
    await server.listen()
    server.begin()
    assert await server.end(seconds=0) == PEOPLE


@pytest.mark.parametrize(
    ("buttons", "turn", "step"),
    [
        pytest.param([], 0, Step(None), id="no buttons: words, which are no answer to a question"),
        pytest.param(["v1.lang.de", "v1.lang.en"], 1, Step("v1.lang.en"), id="a language"),
        pytest.param(["v2.age.yes", "v2.age.no"], 1, Step("v2.age.yes"), id="old enough, whoever it is"),
        pytest.param(["v3.storage.yes", "v3.storage.no"], 1, Step("v3.storage.yes"), id="consent"),
        pytest.param(["v4.agree.a.1", "v4.next"], 0, Step("v4.agree.a.1"), id="one consent is switched on"),
        pytest.param(["v4.agree.a.0", "v4.next"], 0, Step("v4.next"), id="and then on"),
        pytest.param(["v5.o.a", "v5.o.b", "v5.decline", "v5.back"], 3, Step("v5.o.b", is_answer=True), id="option"),
        pytest.param(["v6.t.a.1", "v6.t.b.1", "v6.done"], 1, Step("v6.t.b.1"), id="one tick, not yet an answer"),
        pytest.param(["v6.t.a.0", "v6.t.b.1", "v6.done"], 1, Step("v6.done", is_answer=True), id="done"),
        pytest.param(["v6.done", "v6.back", "v6.pause"], 0, Step("v6.done", is_answer=True), id="only read"),
        pytest.param(["v7.back", "v7.skip", "v7.pause"], 0, Step(None, is_answer=True), id="words are asked"),
        pytest.param(["v8.change.a", "v8.change.b", "v8.confirm"], 1, Step("v8.confirm"), id="the summary"),
        pytest.param(["v9.profile", "v9.privacy"], 0, None, id="the last card"),
    ],
)
def test_each_card_has_its_next_step(buttons: list[str], turn: int, step: Step | None) -> None:
    assert choose(buttons, turn) == step


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([], 0.5) == 0
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99


def test_lost_and_unconfirmed_answers_do_not_cancel_out() -> None:
    assert compare({1: 5, 2: 3}, {1: 5, 2: 3}) == (0, 0)
    assert compare({1: 5, 2: 3}, {1: 4, 2: 4, 3: 1}) == (1, 2)


def _measured(updates: int, busy: float = 0.1) -> Measured:
    return Measured(
        updates=updates,
        seconds=2.0,
        p50=1.0,
        p99=2.0,
        handed_p50=0.5,
        handed_p99=1.5,
        cpu_seconds=1.0,
        cpu_to_start=0.5,
        mb_at_rest=90.0,
        mb_after=95.0,
        busy=busy,
        machine_busy=0.5,
        finished=1,
        unanswered=0,
        answers={},
    )


def test_the_table_compares_within_each_round_and_takes_medians() -> None:
    rounds = [{"echo": _measured(100), "lotse": _measured(own)} for own in (40, 60, 50)]
    shown = table(rounds, KEEPS) + beside(rounds, "lotse", {"echo": 0.5})
    assert "| echo | 0.50 | 0.40 to 0.60 | 0.5 or more | 2.00 |" in shown
    assert "| lotse | all | 20 to 30 | 25 |" in shown
    assert "bottleneck" not in shown


def test_the_table_says_when_the_load_server_was_the_bottleneck() -> None:
    rounds = [{"echo": _measured(100), "lotse": _measured(50, busy=0.95)}]
    assert "bottleneck" in table(rounds, KEEPS)


def test_what_has_no_aim_is_reported() -> None:
    assert "| echo | 0.40 | 0.40 to 0.40 | reported | 2.50 |" in beside(
        [{"echo": _measured(100), "lotse": _measured(40)}], "lotse", {"echo": None}
    )


def test_a_call_may_come_as_json_or_as_a_form() -> None:
    asked = {"chat_id": 5, "text": "10", "reply_markup": {"inline_keyboard": []}}
    assert parsed(json.dumps(asked).encode()) == asked
    assert parsed(b"chat_id=5&text=10&reply_markup=%7B%22inline_keyboard%22%3A+%5B%5D%7D") == asked


def test_what_was_found_is_written_between_the_marks() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert written(page, "\nnew\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert BEGIN in (page := PAGE.read_text(encoding="utf-8"))
    assert END in page


@pytest.mark.parametrize("word", ["--quik", "--wriet", "quick"])
def test_a_misspelt_word_does_not_measure_for_an_hour(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([word])
    assert word in capsys.readouterr().err
