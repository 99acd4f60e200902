"""What is put together once for many is what each of them would be told alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.content.loader import Content
from bot.content.texts import Texts
from bot.core.message import Screen, Text
from bot.db.outbox.deliveries import Due, Kind
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Ready, Speech


def ready(content: Content, language: str | None, text_key: str, params: Any = None, **more: Any) -> Ready:
    columns = dict.fromkeys(Due.__dataclass_fields__)
    given: dict[str, Any] = {"kind": Kind.BROADCAST, "language": language, "text_key": text_key, "params": params}
    return Ready(Due(**{**columns, **given}), content, **more)


def test_speech_says_what_each_would_be_told_alone(content: Content) -> None:
    seats = [{"head": {"count": number}} for number in (1, 2)]
    silent = replace(content, revision="other", texts=Texts(content.languages, {}, {}))
    row = [
        ready(content, "de", "ui.language.ask"),
        ready(content, "uk", "ui.language.ask"),
        ready(content, "de", "ui.language.ask"),
        ready(content, None, "ui.language.ask"),
        ready(content, "de", "ui.offers.seats", seats[0]),
        ready(content, "de", "ui.offers.seats", seats[1]),
        ready(content, "de", "ui.offers.seats", seats[1], screen=Screen(((Text("ui.language.ask"),),))),
        ready(content, "de", "any", screen=Screen(((Text("ui.offers.seats", count=3),),))),
        ready(content, "de", "ui.offers.seats", {}),
        ready(silent, "de", "ui.language.ask"),
        ready(content, "de", "ui.language.ask"),
    ]
    speech = Speech()
    said = [speech.say(one) for one in row]
    assert said == [sending.say(one) for one in row]
    assert len({rich and rich.text for rich in said}) == 6


@pytest.mark.parametrize("screen", [None, Screen(((Text("ui.offers.seats", {"n": 3}, 3),),))])
def test_what_is_the_same_is_put_together_once(content: Content, screen: Screen | None) -> None:
    speech = Speech()
    first = speech.say(ready(content, "de", "ui.language.ask", screen=screen))
    assert first is not None
    same = None if screen is None else replace(screen)
    assert speech.say(ready(content, "de", "ui.language.ask", screen=same)) is first
