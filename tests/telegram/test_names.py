"""Two hundred nasty names beside the content's own bold words, in every language: they arrive as words.

Half letters are no matter here: the inbox has none.
"""

from __future__ import annotations

from itertools import product

import pytest

from bot.content.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE, cleaned
from bot.content.loader import Content
from bot.content.rich import Rich
from bot.core.message import Screen, Text, Words
from bot.telegram import calls
from tests.catalogue import count
from tests.telegram.fake_telegram import FakeTelegram, application

PARTS = (
    *("<b>", "</b>", '<a href="https://example.org">', "&lt;b&gt;", "**x**", "_x_", "`x`", "[x](tg://user?id=1)"),
    *("{name}", "\u202e", "\u2066", "\u2069", "\u200f", "\u200d", "\ufeff", "\x00", "\r\n"),
    "\U0001f468\u200d\U0001f469",
)
NAMES = ["x" * 64, *(f"{first}Ali{second}" for first, second in product(PARTS, ("", *PARTS)))][:200]
BOLD = Text("ui.consent.ask")


def rendered(content: Content, language: str, name: str) -> Rich:
    asked = Text("ui.interest.ask", {"partner": Words(name), "what": Words("B1")})
    return content.texts.render(language, Screen(((asked,), (Words(name),), (BOLD,))))


def marked(rich: Rich) -> list[tuple[str, str]]:
    """What is bold, italic or a link, as Telegram counts letters."""
    units = rich.text.encode("utf-16-le", "surrogatepass")
    cut = [(one.kind, units[2 * one.offset : 2 * (one.offset + one.length)]) for one in rich.spans]
    return [(str(kind), words.decode("utf-16-le", "surrogatepass")) for kind, words in cut]


@pytest.mark.row(12)
def test_a_name_is_no_markup_and_moves_none_in_any_language(content: Content) -> None:
    assert len(NAMES) == 200
    for language in content.languages:
        usual = marked(rendered(content, language, "Ali"))
        assert usual
        for name in NAMES:
            found = rendered(content, language, name)
            own = cleaned(name).replace("\n", " ")
            assert [words for _, words in marked(found)] == [words.replace("Ali", own) for _, words in usual]
            assert found.text.count(FIRST_STRONG_ISOLATE) == found.text.count(POP_ISOLATE)
            assert not {"\u202e", "\u2066", "\x00"} & {*found.text}
            assert "Ali" in found.text or name.startswith("x")
    count("names in each language", len(NAMES))


@pytest.mark.row(12)
async def test_they_leave_as_they_are(content: Content) -> None:
    telegram = FakeTelegram()
    async with application(telegram) as made:
        for name in NAMES:
            await calls.send(made.bot, 1, rendered(content, "de", name), "")
    sent = telegram.of("sendMessage")
    assert [one["text"] for one in sent] == [rendered(content, "de", name).text for name in NAMES]
    assert not any("parse_mode" in one for one in sent)
