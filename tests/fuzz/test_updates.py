"""Whatever update arrives: no crash, no queue that stands still, no word of it in a log or a number."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import exposition
from tests.faults import canary
from tests.fuzz import tries
from tests.fuzz.bot_api import NEWEST, PEOPLE, slightly_broken, updates
from tests.fuzz.conftest import Playing
from tests.fuzz.whole import WITNESS, words

UNREADABLE = "unreadable: "


def survives(playing: Playing, batch: list[dict[str, Any]], *, answered: bool = True) -> list[str]:
    """Why updates of the batch were set aside; the witness among them is answered, and the log tells nothing."""
    bot, run = playing.bot, playing.runner.run
    before = bot.answers_to(WITNESS)
    run(bot.hears([*batch, words(WITNESS, "/start")] if answered else batch))
    waiting, parked = run(bot.outcome())
    assert waiting == 0
    assert bot.answers_to(WITNESS) > before or not answered, "somebody else was not answered"
    log = bot.log.getvalue()
    bot.log.seek(0)
    bot.log.truncate()
    canary.scan(log)
    assert "job_failed" not in log
    run(bot.forget_parked())
    bot.telegram.calls.clear()
    return parked


@pytest.mark.row(15)
@tries(50)
@given(batch=st.lists(updates(), min_size=1, max_size=4))
def test_every_update_of_the_bot_api_is_handled_or_left(playing: Playing, batch: list[dict[str, Any]]) -> None:
    parked = survives(playing, batch)
    assert [one for one in parked if not one.startswith(UNREADABLE)] == []


@pytest.mark.row(15)
@tries(50)
@given(batch=st.lists(slightly_broken(), min_size=1, max_size=4))
def test_a_broken_update_is_set_aside_at_most_and_everybody_else_goes_on(
    playing: Playing, batch: list[dict[str, Any]]
) -> None:
    survives(playing, batch)


@tries(3)
@given(presses=st.lists(st.integers(0, 40), min_size=40, max_size=40))
def test_an_admin_may_press_anything_in_any_order(playing: Playing, presses: list[int]) -> None:
    boss = {"id": PEOPLE[0], "is_bot": False, "first_name": "Anna"}
    card = {"message_id": 300, "date": 0, "chat": {"id": PEOPLE[0], "type": "private"}}
    query = {"id": "1", "from": boss, "chat_instance": "1", "message": card}
    for number in presses:
        assert survives(playing, [{"callback_query": {**query, "data": f"{NEWEST}{number}"}}], answered=False) == []
    assert survives(playing, [words(PEOPLE[0], "/staff")]) == []


@pytest.mark.row(40)
@pytest.mark.usefixtures("playing")
def test_no_number_for_prometheus_tells_a_word() -> None:
    canary.scan(exposition.text().decode())
