"""A few lines of YAML that stand for millions of words are refused, before anybody counts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.export.words import FILE, ExportRefused, read_words

BOMBS = {
    "laughs": "a: &a {x: 1, y: 2}\n"
    + "".join(
        f"b{n}: &b{n} {{x: *{before}, y: *{before}}}\n"
        for n, before in enumerate(["a", *(f"b{n}" for n in range(60))])
    ),
    "circle": "a: &a {b: *a}\n",
    "nest": "a: " + "{a: " * 5_000 + "1" + "}" * 5_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_aliases_in_the_words_of_staff_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / FILE).write_text(BOMBS[name], encoding="utf-8")
    with pytest.raises(ExportRefused):
        read_words(tmp_path)
