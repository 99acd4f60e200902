"""The screen of what we may write to a person, and its parts: quiet hours, how much a week, whose clock. Pure."""

from __future__ import annotations

from datetime import time

from bot.core.message import Button, Screen, Text, Words, ZoneName
from bot.core.reminders import Topic
from bot.core.timing import local_time
from bot.services.packing import packed
from bot.services.preferences import zones
from bot.services.preferences.preferences import CAPS, ENDS, STARTS
from bot.services.view import RESUME, Block, Row, View, ui
from bot.services.view import town as town_text

IN_A_ROW = 3


def settings(view: View) -> Screen:
    """The part of the settings that the focus names; all of them where it names none."""
    part, _, start = view.focus.partition(".")
    match part:
        case "start":
            return _start()
        case "end" if start.isdecimal():
            return _end(int(start))
        case "cap":
            return _cap()
        case "zone":
            return _clocks(view)
        case "name":
            return _name(view)
        case "clock":
            return _countries(view, start)
    return _whole(view)


def _whole(view: View) -> Screen:
    chosen = view.messages
    quiet: Block
    if chosen.quiet.start == chosen.quiet.end:
        quiet = (ui("settings.no_quiet"),)
    else:
        hours = ui("settings.quiet", start=_clock(chosen.quiet.start), end=_clock(chosen.quiet.end))
        late = chosen.quiet.late_end
        quiet = (hours, _late(view, _clock(late))) if late > chosen.quiet.end else (hours,)
    parts = [
        Button(ui("button.quiet"), "quiet", "🌙"),
        Button(ui("button.cap"), "cap", "✉️"),
        Button(ui("button.zone"), "zone", "🕐"),
        Button(ui("button.name"), "name", "🪪"),
    ]
    topics: tuple[Row, ...] = tuple(
        (_switch(one, on=one not in chosen.muted),)
        for one in Topic
        if one is not Topic.PATH or view.content.road is not None
    )
    return Screen(
        (
            (ui("settings.title"),),
            quiet,
            (_zone(view),),
            (_called(view),),
            (ui("settings.cap", count=chosen.cap),),
            (ui("settings.topics"),),
        ),
        (
            *topics,
            *packed(view, parts),
            (Button(ui("button.people"), "people", "👥"),),
            (Button(ui("button.paper"), "paper", "📄"),),
            RESUME,
        ),
    )


def _late(view: View, end: Text | time) -> Text:
    """Until when it is quiet on the days on which people sleep longer."""
    return ui("settings.late", end=end) if view.content.town.has_holidays else ui("settings.late_sundays", end=end)


def _zone(view: View) -> Text:
    own = view.messages.zone
    now = local_time(view.now, view.messages.clock(view.content.town)).time()
    if own is None:
        return ui("settings.zone_town", town=town_text("name"), clock=now)
    return ui("settings.zone", place=ZoneName(own.key), clock=now)


def _called(view: View) -> Text:
    name = view.messages.name
    return ui("settings.no_name") if name is None else ui("settings.name", name=Words(name))


def _name(view: View) -> Screen:
    """What the person is called on lists, which they type."""
    rows: list[Row] = [(Button(ui("button.nameless"), "nameless", "🗑"),)] if view.messages.name is not None else []
    return Screen(((ui("settings.name_ask"),), (_called(view),)), (*rows, _back()))


def _switch(topic: Topic, *, on: bool) -> Button:
    return Button(ui(f"settings.topic_{topic}"), f"topic.{topic}.{int(not on)}", "✅" if on else "⬜")


def _clock(at: time) -> Text | time:
    """People choose whole hours; a town may begin and end in between."""
    return at if at.minute else ui("settings.hour", hour=at.hour)


def _start() -> Screen:
    hours = [Button(ui("settings.hour", hour=hour), f"start.{hour}") for hour in STARTS]
    return Screen(
        ((ui("settings.quiet_start"),),),
        (
            *_rows(hours),
            (Button(ui("settings.quiet_none"), "loud", "🔔"),),
            (Button(ui("settings.quiet_town"), "usual"),),
            _back(),
        ),
    )


def _end(start: int) -> Screen:
    hours = [Button(ui("settings.hour", hour=hour), f"end.{start}.{hour}") for hour in ENDS]
    return Screen(((ui("settings.quiet_end"),),), (*_rows(hours), _back()))


def _cap() -> Screen:
    numbers = [Button(ui("settings.number", number=number), f"most.{number}") for number in CAPS]
    return Screen(((ui("settings.cap_ask"),),), (*_rows(numbers), _back()))


def _clocks(view: View) -> Screen:
    """What the clock shows where the person is: the town's time, or any other there is."""
    town = view.content.town
    here = local_time(view.now, town.clock).time()
    clocks = [
        Button(ui("settings.clock", clock=zones.shown(ahead, view.now)), f"clock.{ahead}")
        for ahead in zones.by_clock(view.now)
    ]
    return Screen(
        ((ui("settings.zone_ask"),), (ui("settings.zone_now", town=town_text("name"), clock=here),)),
        (
            (Button(ui("settings.zone_here", town=town_text("name"), clock=here), "here"),),
            *_rows(clocks),
            _back(),
        ),
    )


def _countries(view: View, ahead: str) -> Screen:
    """The countries in which the clock shows that time; where there are none any more, the clocks again."""
    found = next((names for clock, names in zones.by_clock(view.now).items() if str(clock) == ahead), None)
    if found is None:
        return _clocks(view)
    rows = [(Button(ui("settings.place", place=ZoneName(zones.OFFERED[one])), f"live.{one}"),) for one in found]
    return Screen(
        ((ui("settings.zone_where"),), (ui("settings.zone_near"),)),
        (*rows, (Button(ui("button.back"), "zone", "◀️"),)),
    )


def _rows(buttons: list[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


def _back() -> Row:
    return (Button(ui("button.back"), "settings", "◀️"),)
