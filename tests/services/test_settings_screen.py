"""The settings in every language: each part, whatever somebody has chosen, and where each button leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from itertools import combinations

import pytest

from bot.content.loader import Content
from bot.core.message import Button
from bot.core.reminders import Topic
from bot.core.timing import Quiet
from bot.services import screens, taps
from bot.services.preferences import CAPS, ENDS, STARTS, Preferences, own_quiet, stored_quiet
from bot.services.reply import Card
from bot.services.settings_screen import IN_A_ROW, settings
from bot.services.view import View
from tests.services.limits import check
from tests.services.talk import buttons

LANGUAGES = ("de", "en", "ar", "fa", "fr", "ru", "uk", "tr")
PARTS = ("start", "cap", *(f"end.{hour}" for hour in (*STARTS, 0)))
NONSENSE = ("end", "end.", "end.x", "end.-1", "end.²", "starts", ".", "0")
HOURS = (Quiet(), own_quiet("22:00-07:00", Quiet()), own_quiet("off", Quiet()), Quiet(time(0), time(6), time(6)))
MUTED = [frozenset(some) for size in range(len(Topic) + 1) for some in combinations(Topic, size)]


def drawn(content: Content, view: View, language: str) -> str:
    screen = settings(view)
    check(content, Card(1, language, 1, screen), language)
    assert content.texts.spoken(language, screen) == language
    return content.texts.render(language, screen).text


def actions(view: View) -> list[str]:
    return [one.action for one in buttons(Card(1, "de", 1, settings(view)))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_and_every_choice_is_a_message(content: Content, language: str) -> None:
    view = View(content, language)
    whole = drawn(content, view, language)
    said = {drawn(content, replace(view, focus=focus), language) for focus in PARTS}
    assert len(said) == 3, "the beginning, the end, how many"
    assert whole not in said
    assert {drawn(content, replace(view, focus=focus), language) for focus in NONSENSE} == {whole}
    for muted in MUTED:
        for quiet in HOURS:
            for cap in CAPS:
                drawn(content, replace(view, messages=Preferences(quiet, cap, muted)), language)


def test_what_holds_is_said(content: Content) -> None:
    def said(quiet: Quiet, cap: int = 5) -> str:
        return drawn(content, View(content, "de", messages=Preferences(quiet, cap)), "de")

    assert "21:00" in said(Quiet())
    assert "10:00" in said(Quiet()), "on Sundays"
    own = said(own_quiet("22:00-07:00", Quiet()), 3)
    assert "22:00" in own
    assert "7:00" in own
    assert "10:00" not in own, "who has chosen an hour means every day"
    assert "3" in own
    assert ":00" not in said(own_quiet("off", Quiet()))


@pytest.mark.parametrize("muted", MUTED)
def test_a_switch_does_the_opposite_of_what_it_shows(content: Content, muted: frozenset[Topic]) -> None:
    view = View(content, "de", messages=Preferences(muted=muted))
    switches = {
        one.action: one.mark
        for row in settings(view).rows
        for one in row
        if isinstance(one, Button) and one.action.startswith("topic.")
    }
    assert switches == {f"topic.{one}.{int(one in muted)}": "⬜" if one in muted else "✅" for one in Topic}


def test_every_button_is_a_verb_of_the_place_and_every_choice_can_be_stored(content: Content) -> None:
    verbs = taps._VERBS[screens.SETTINGS]
    for focus in ("", *PARTS):
        for action in actions(View(content, "de", focus=focus)):
            verb, *arguments = action.split(".")
            assert verbs[verb].arguments == len(arguments), action
    for start in STARTS:
        chosen = [one for one in actions(View(content, "de", focus=f"end.{start}")) if one.startswith("end.")]
        assert chosen == [f"end.{start}.{end}" for end in ENDS]
        for end in ENDS:
            assert own_quiet(stored_quiet(start, end), Quiet()) == Quiet(time(start), time(end), time(end))
    assert [one for one in actions(View(content, "de", focus="cap")) if one.startswith("most.")] == [
        f"most.{cap}" for cap in CAPS
    ]


@pytest.mark.parametrize("focus", PARTS)
def test_rows_are_short_and_there_is_a_way_back(content: Content, focus: str) -> None:
    rows = settings(View(content, "de", focus=focus)).rows
    assert max(map(len, rows)) <= IN_A_ROW
    assert [one.action for one in rows[-1] if isinstance(one, Button)] == ["settings"]
