"""The screen of what we may write to a person, and its parts: quiet hours, how much a week. Pure."""

from __future__ import annotations

from bot.core.message import Button, Screen, Text
from bot.core.reminders import Topic
from bot.services.preferences import CAPS, ENDS, STARTS
from bot.services.view import Block, Row, View, ui

IN_A_ROW = 3


def settings(view: View) -> Screen:
    """The part of the settings that the focus names; without one all of them."""
    part, _, start = view.focus.partition(".")
    match part:
        case "start":
            return _start()
        case "end" if start.isdecimal():
            return _end(int(start))
        case "cap":
            return _cap()
    return _whole(view)


def _whole(view: View) -> Screen:
    chosen = view.messages
    quiet: Block
    if chosen.quiet.start == chosen.quiet.end:
        quiet = (ui("settings.no_quiet"),)
    else:
        hours = ui("settings.quiet", start=_clock(chosen.quiet.start.hour), end=_clock(chosen.quiet.end.hour))
        late = chosen.quiet.late_end
        quiet = (hours, ui("settings.late", end=_clock(late.hour))) if late > chosen.quiet.end else (hours,)
    topics: tuple[Row, ...] = tuple((_switch(one, on=one not in chosen.muted),) for one in Topic)
    return Screen(
        ((ui("settings.title"),), quiet, (ui("settings.cap", count=chosen.cap),), (ui("settings.topics"),)),
        (
            *topics,
            (Button(ui("button.quiet"), "quiet", "🌙"), Button(ui("button.cap"), "cap", "✉️")),
            (Button(ui("button.resume"), "resume", "▶️"),),
        ),
    )


def _switch(topic: Topic, *, on: bool) -> Button:
    return Button(ui(f"settings.topic_{topic}"), f"topic.{topic}.{int(not on)}", "✅" if on else "⬜")


def _clock(hour: int) -> Text:
    return ui("settings.hour", hour=hour)


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


def _rows(buttons: list[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


def _back() -> Row:
    return (Button(ui("button.back"), "settings", "◀️"),)
