"""Texts and entities, as pure functions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from bot.simulator.text import message_text, units, with_found


def bold(offset: int, length: int) -> dict[str, object]:
    return {"type": "bold", "offset": offset, "length": length}


def test_units_are_those_of_utf_16() -> None:
    assert [units(text) for text in ("a", "ü", "😀", "👨‍👩‍👧", "")] == [1, 1, 2, 8, 0]


def test_white_space_goes_at_the_end_and_before_the_first_entity() -> None:
    assert message_text("\n a b \n", [bold(2, 3)], too_long="") == ("a b", [bold(0, 3)])
    assert message_text("  a", [bold(0, 3)], too_long="") == ("  a", [bold(0, 3)])
    assert message_text("a  ", [bold(1, 2)], too_long="") == ("a", [])
    assert message_text("😀 a  ", [bold(0, 6)], too_long="") == ("😀 a", [bold(0, 4)])


def test_links_commands_and_mentions_are_found() -> None:
    def found(text: str) -> list[str]:
        cut = text.encode("utf-16-le")
        return [
            f"{e['type']} {cut[e['offset'] * 2 : (e['offset'] + e['length']) * 2].decode('utf-16-le')}"
            for e in with_found(text, [])
        ]

    assert found("😀 /help: https://a.org/b?c=d.") == ["bot_command /help", "url https://a.org/b?c=d"]
    assert found("@lotse_bot a@b.de either/or 5/7") == ["mention @lotse_bot", "email a@b.de"]
    assert found("/start@lotse_bot jobcenter") == ["bot_command /start@lotse_bot"]
    assert found("/a/b") == []


def test_nothing_is_found_in_code_and_links() -> None:
    code = {"type": "code", "offset": 0, "length": 5}
    assert with_found("/help", [code]) == [code]


def test_what_a_bot_says_it_found_is_found_again() -> None:
    command = {"type": "bot_command", "offset": 0, "length": 2}
    assert message_text("/help", [command], too_long="") == ("/help", [{**command, "length": 5}])


@given(some.text(alphabet=" \nab😀/", min_size=1, max_size=12), some.data())
def test_entities_stay_on_the_same_signs(text: str, data: some.DataObject) -> None:
    begin = data.draw(some.integers(0, len(text)))
    end = data.draw(some.integers(begin, len(text)))
    if not text.strip():
        return
    entity = bold(units(text[:begin]), units(text[begin:end]))
    kept, entities = message_text(text, [entity], too_long="")
    cut = kept.encode("utf-16-le")
    marked = [
        cut[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")
        for e in entities
        if e["type"] == "bold"
    ]
    assert "".join(marked).rstrip() == text[begin:end].rstrip()
