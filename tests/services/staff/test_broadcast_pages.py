"""The pages about a broadcast: long texts, whom it reaches, how fast it goes, and what nobody knows of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.content.checks import LONGEST_MESSAGE
from bot.content.loader import Content
from bot.content.rich import Rich, utf16
from bot.core.message import Button, Screen
from bot.db import broadcasts
from bot.services.audience import PASTED
from bot.services.staff.pages import PAGES
from bot.services.turn import Turn
from tests.services.broadcasts import Office, crowd, office, released, team

GERMAN, ARABIC = "Wir suchen Leute. " * 160, "نبحث عن ناس. " * 200


@pytest.fixture
def post(content: Content) -> Iterator[Office]:
    """Three people who speak German, in chats 1 to 3, and one who speaks Arabic, in 11."""
    with office(content) as found:
        found.run(lambda turn: crowd(turn.connection, 3))
        found.run(lambda turn: crowd(turn.connection, 1, "ar", first=11))
        yield found


def page(post: Office, name: str) -> tuple[Rich, list[str]]:
    """A page as Rita sees it, and what its buttons do."""

    def draw(turn: Turn) -> tuple[Rich, list[str]]:
        first, *arguments = name.split(".")
        screen = PAGES[first].build(turn, team(turn.connection), tuple(arguments))
        assert isinstance(screen, Screen)
        actions = [button.action for row in screen.rows for button in row if isinstance(button, Button)]
        return turn.content.texts.render("de", screen), actions

    return post.run(draw)


def test_a_long_translation_is_seen_whole_and_the_german_is_a_tap_away(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": GERMAN, "ar": ARABIC}))
    shown, actions = page(post, "wording.1.ar")
    assert ARABIC.strip() in shown.text
    assert utf16(shown.text) <= LONGEST_MESSAGE
    assert "go.wording.1.de" in actions
    shown, actions = page(post, "wording.1.de")
    assert GERMAN.strip() in shown.text
    assert "go.wording.1.de" not in actions


def test_texts_that_fit_stand_below_each_other_whole(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": GERMAN, "ar": "مرحبا"}))
    shown, actions = page(post, "wording.1.ar")
    assert GERMAN.strip() in shown.text
    assert "مرحبا" in shown.text
    assert "go.wording.1.de" not in actions


def test_a_long_text_and_a_long_condition_leave_room_for_what_else_a_page_says(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "😀" * 1500}))
    pasted = "any:\n" + "- german_level: B1\n" * 190
    post.run(lambda turn: broadcasts.change(turn.connection, 1, audience={PASTED: pasted}))
    for name in ("broadcast.1", "wording.1.de", "audience.1.0", "sending.1"):
        assert utf16(page(post, name)[0].text) <= LONGEST_MESSAGE, name
