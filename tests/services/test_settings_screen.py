"""The settings in every language: each part, whatever somebody has chosen, and where each button leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from bot.content.loader import Content
from bot.core.message import Button, Text, ZoneName
from bot.core.reminders import Topic
from bot.core.timing import Quiet, local_time
from bot.services import places, taps
from bot.services.preferences import zones
from bot.services.preferences.preferences import CAPS, ENDS, STARTS, Preferences, own_quiet, stored_quiet
from bot.services.preferences.settings_screen import IN_A_ROW, settings
from bot.services.reply import Card
from bot.services.view import View, ui
from tests.services.limits import check
from tests.services.talk import buttons

LANGUAGES = ("de", "en", "ar", "fa", "fr", "ru", "uk", "tr")
WINTER, SUMMER = datetime(2026, 11, 25, 13, 30, tzinfo=UTC), datetime(2026, 7, 25, 12, 30, tzinfo=UTC)
CLOCKS = tuple(f"clock.{ahead}" for ahead in zones.by_clock(WINTER))
PARTS = ("start", "cap", "zone", *CLOCKS, *(f"end.{hour}" for hour in (*STARTS, 0)))
NONSENSE = ("end", "end.", "end.x", "end.-1", "end.²", "starts", ".", "0", "zones")
NO_CLOCK = ("clock", "clock.", "clock.1", "clock.x", "clock.--60", "clock.²")
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
    view = View(content, language, now=WINTER)
    whole = drawn(content, view, language)
    said = {drawn(content, replace(view, focus=focus), language) for focus in PARTS}
    assert len(said) == 5, "the beginning, the end, how many, what time, where"
    assert whole not in said
    clocks = drawn(content, replace(view, focus="zone"), language)
    assert {drawn(content, replace(view, focus=focus), language) for focus in NO_CLOCK} == {clocks}
    assert {drawn(content, replace(view, focus=focus), language) for focus in NONSENSE} == {whole}
    for muted in MUTED:
        for quiet in HOURS:
            for cap in CAPS:
                drawn(content, replace(view, messages=Preferences(quiet, cap, muted)), language)


def test_what_holds_is_said(content: Content) -> None:
    def said(quiet: Quiet, cap: int = 5) -> str:
        return drawn(content, View(content, "de", messages=Preferences(quiet, cap), now=WINTER), "de")

    assert "21:00" in said(Quiet())
    assert "10:00" in said(Quiet()), "on Sundays"
    own = said(own_quiet("22:00-07:00", Quiet()), 3)
    assert "22:00" in own
    assert "7:00" in own
    assert "10:00" not in own, "who has chosen an hour means every day"
    assert "3" in own
    assert ":00" not in said(own_quiet("off", Quiet()))
    halves = said(Quiet(time(20, 30), time(7, 45), time(9, 15)))
    assert all(clock in halves for clock in ("20:30", "07:45", "09:15")), "a town may begin and end between hours"
    assert "Ihre Uhrzeit ist wie in Minden. Jetzt: 14:30" in said(Quiet())
    own_zone = Preferences(zone=ZoneInfo("Asia/Kathmandu"))
    elsewhere = drawn(content, View(content, "de", messages=own_zone, now=WINTER), "de")
    assert "Ihre Uhrzeit: Nepal. Jetzt: 19:15" in elsewhere


def test_public_holidays_are_named_where_the_town_has_some(content: Content) -> None:
    without = replace(content, town=replace(content.town, holidays=frozenset()))
    assert "Sonntags und an Feiertagen bis 10:00" in drawn(content, View(content, "de", now=WINTER), "de")
    assert "Sonntags bis 10:00" in drawn(without, View(without, "de", now=WINTER), "de")


@pytest.mark.parametrize(
    ("language", "name"), [("ar", "ميندن"), ("fa", "میندن"), ("ru", "Минден"), ("tr", "Minden"), ("uk", "Мінден")]
)
@pytest.mark.parametrize("focus", ["", "zone"])
def test_the_town_has_its_name_in_ones_own_language(content: Content, focus: str, language: str, name: str) -> None:
    view = View(content, language, focus=focus, messages=Preferences(), now=WINTER)
    words = drawn(content, view, language)
    assert name in words
    assert (name == "Minden") == ("Minden" in words)


@pytest.mark.parametrize("muted", MUTED)
def test_a_switch_does_the_opposite_of_what_it_shows(content: Content, muted: frozenset[Topic]) -> None:
    view = View(content, "de", messages=Preferences(muted=muted), now=WINTER)
    switches = {
        one.action: one.mark
        for row in settings(view).rows
        for one in row
        if isinstance(one, Button) and one.action.startswith("topic.")
    }
    assert switches == {f"topic.{one}.{int(one in muted)}": "⬜" if one in muted else "✅" for one in Topic}


def test_every_button_is_a_verb_of_the_place_and_every_choice_can_be_stored(content: Content) -> None:
    verbs = taps._VERBS[places.SETTINGS]
    for focus in ("", *PARTS):
        for action in actions(View(content, "de", focus=focus, now=WINTER)):
            verb, *arguments = action.split(".")
            assert verbs[verb].arguments == len(arguments), action
    for start in STARTS:
        chosen = [
            one for one in actions(View(content, "de", focus=f"end.{start}", now=WINTER)) if one.startswith("end.")
        ]
        assert chosen == [f"end.{start}.{end}" for end in ENDS]
        for end in ENDS:
            assert own_quiet(stored_quiet(start, end), Quiet()) == Quiet(time(start), time(end), time(end))
    assert [one for one in actions(View(content, "de", focus="cap", now=WINTER)) if one.startswith("most.")] == [
        f"most.{cap}" for cap in CAPS
    ]


@pytest.mark.parametrize("focus", PARTS)
def test_rows_are_short_and_there_is_a_way_back(content: Content, focus: str) -> None:
    rows = settings(View(content, "de", focus=focus, now=WINTER)).rows
    assert max(map(len, rows)) <= IN_A_ROW
    back = "zone" if focus in CLOCKS else "settings"
    assert [one.action for one in rows[-1] if isinstance(one, Button)] == [back]


@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_two_taps_lead_to_every_zone_and_show_what_the_clocks_show_there(content: Content, now: datetime) -> None:
    found: list[str] = []
    view = View(content, "de", now=now)
    for row in settings(replace(view, focus="zone")).rows[1:-1]:
        for clock in row:
            assert isinstance(clock, Button)
            assert isinstance(clock.label, Text)
            there = [
                one.split(".")[1] for one in actions(replace(view, focus=clock.action)) if one.startswith("live.")
            ]
            found += there
            assert {local_time(now, ZoneInfo(zones.OFFERED[one])).time() for one in there} == {
                clock.label.args["clock"]
            }
    assert sorted(found) == sorted(zones.OFFERED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_has_a_name_of_its_own_in_words_of_the_language(content: Content, language: str) -> None:
    names = [
        content.texts.label(language, ui("settings.place", place=ZoneName(zone))) for zone in zones.OFFERED.values()
    ]
    assert len(set(names)) == len(names)
    assert not any("/" in name or "_" in name for name in names)
