from __future__ import annotations

from pathlib import Path

from bot.content.loader import Content, load


def edit(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words, f"{old!r} is not in {path.name}"
    path.write_text(words.replace(old, new, 1), encoding="utf-8", newline="\n")


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def loaded(folder: Path) -> Content:
    result = load(folder, "demo")
    assert result.content is not None, "\n".join(map(str, result.faults))
    return result.content
