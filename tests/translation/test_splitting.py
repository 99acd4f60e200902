"""Long texts are cut where it hurts least, and joined again they are what they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.translation.splitting import split


def pieces(text: str, limit: int) -> list[str]:
    return [piece for piece, _ in split(text, limit, len)]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Eins ist da. Zwei auch.", 100, ["Eins ist da. Zwei auch."]),
        ("Eins ist da. Zwei auch. Drei nicht.", 24, ["Eins ist da. Zwei auch.", "Drei nicht."]),
        ("Das kostet ca. 30 Euro. Kommen Sie!", 24, ["Das kostet ca. 30 Euro.", "Kommen Sie!"]),
        ("Kommen Sie z. B. am Montag. Oder am Dienstag.", 30, ["Kommen Sie z. B. am Montag.", "Oder am Dienstag."]),
        ("Es ist am 3. Mai um [X0X]. Ja!", 26, ["Es ist am 3. Mai um [X0X].", "Ja!"]),
        ("Im Jahr 2027. Der Kurs (neu). Ja.", 20, ["Im Jahr 2027.", "Der Kurs (neu). Ja."]),
        ("[X0X] ist da. [X1X] auch.", 14, ["[X0X] ist da.", "[X1X] auch."]),
        ("eins, zwei, drei und vier", 12, ["eins, zwei,", "drei und", "vier"]),
        ("Donaudampfschiff", 6, ["Donaud", "ampfsc", "hiff"]),
        ("ab[X12X]cd", 7, ["ab", "[X12X]c", "d"]),
        ("ab&amp;<x1/>cd", 5, ["ab", "&amp;", "<x1/>", "cd"]),
    ],
)
def test_where_it_is_cut(text: str, limit: int, expected: list[str]) -> None:
    assert pieces(text, limit) == expected


@given(st.text("aBé .,!?\n\t[X12]", max_size=80), st.integers(6, 40))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    cut = split(text, limit, lambda piece: len(piece.encode()))
    assert "".join(piece + space for piece, space in cut) == text
    assert all(not space.strip() for _, space in cut)
    tokens = text.count("[X12X]")
    assert sum(piece.count("[X12X]") for piece, _ in cut) == tokens
    assert all(len(piece.encode()) <= max(limit, len("[X222X]") * 12) for piece, _ in cut)
