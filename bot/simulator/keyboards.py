"""Rules of an inline keyboard and of a bot's command list."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.simulator.refusal import Refusal, bad, strict
from bot.simulator.text import good_link, units

Json = dict[str, Any]

DATA_BYTES: Final = 64
BUTTONS: Final = 100
COPY_UNITS: Final = 256
COMMANDS: Final = 100
DESCRIPTION: Final = 256
PLAYED: Final = ("callback_data", "url", "copy_text", "disabled")
UNPLAYED: Final = (
    *("web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat"),
    *("switch_inline_query_chosen_chat", "callback_game", "pay"),
)


def reply_markup(markup: Json | None) -> Json | None:
    """The inline keyboard of a message as it is kept, None for none; or a Refusal."""
    if not markup or "remove_keyboard" in markup:
        return None
    if "inline_keyboard" not in markup:
        raise strict("the phones draw inline keyboards only")
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {**markup, "inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise strict("inline keyboard button text must be non-empty")
    if button.get("style") not in {None, "danger", "success", "primary"}:
        raise bad("can't parse inline keyboard button: invalid button style specified")
    unplayed = [kind for kind in UNPLAYED if kind in button]
    if unplayed:
        raise strict(f"the phones know no button with {unplayed[0]}")
    kinds = [kind for kind in PLAYED if kind in button]
    if not kinds:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise strict(f"a button does one thing only, not {' and '.join(kinds)}")
    fault = _action_fault(button)
    if fault is not None:
        raise fault


def _action_fault(button: Json) -> Refusal | None:
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        return bad("BUTTON_DATA_INVALID")
    if "url" in button and (button["url"].startswith("mailto:") or not good_link(button["url"])):
        return bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= units(button["copy_text"]["text"]) <= COPY_UNITS:
        return bad("BUTTON_COPY_TEXT_INVALID")
    return None


def check_commands(commands: list[Json]) -> None:
    """At most a hundred commands, each with a name and a description of a good length; or a Refusal."""
    if len(commands) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"].strip()) <= DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def check_language(code: str | None) -> str:
    """A two-letter language code, or an empty one for all languages; or a Refusal."""
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code or ""
