"""Telegram's limits for one message."""

from __future__ import annotations

from bot.content.loader import Content
from bot.content.rich import utf16
from bot.services import buttons
from bot.services.day_rows import NOTHING
from bot.services.reply import Card

LONGEST_TEXT = 4096
LONGEST_DATA = 64
WIDEST_ROW = 8
MOST_BUTTONS = 100
LARGEST_VERSION = 999_999_999


def check(content: Content, card: Card, language: str) -> None:
    """Checks that Telegram takes the card in that language, and that we understand its buttons again."""
    rich = content.texts.render(language, card.screen)
    assert 0 < utf16(rich.text) <= LONGEST_TEXT, rich.text
    assert rich.text.strip()
    assert all(0 <= span.offset < span.offset + span.length <= utf16(rich.text) for span in rich.spans)
    assert all(0 < len(row) <= WIDEST_ROW for row in rich.rows)
    drawn = [button for row in rich.rows for button in row]
    assert len(drawn) <= MOST_BUTTONS
    for button in drawn:
        assert button.label.strip()
        if button.action is None:
            assert button.url is not None
            assert button.url.startswith("https://")
        else:
            sent = buttons.of_card(LARGEST_VERSION) + button.action
            assert len(sent.encode()) <= LONGEST_DATA
            assert buttons.read(sent)
    actions = [button.action for button in drawn if button.action not in {None, NOTHING}]
    assert len(actions) == len(set(actions)), "two buttons of a card do the same"
