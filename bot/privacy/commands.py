"""The commands for the papers: `lotse privacy record` and `lotse privacy check`."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from bot.content.loader import Content
from bot.privacy.record import Source, sections
from bot.privacy.sections import PrivacyRefused, refreshed
from bot.privacy.words import read_words
from bot.settings import Settings


def stale(papers: Path, folder: Path, content: Content, settings: Settings) -> dict[Path, str]:
    """The papers with outdated marked sections, each with its correct text.

    Raises:
        PrivacyRefused: there are no papers, a mark is wrong, or words are missing.
    """
    made = sections(Source(content, settings, read_words(folder)))
    files = sorted(papers.glob("*.md"))
    if not files:
        raise PrivacyRefused(f"There are no papers (*.md) in {papers}. Copy docs/privacy, or name --out.")
    found: dict[Path, str] = {}
    for path in files:
        paper = path.read_text(encoding="utf-8")
        try:
            fresh = refreshed(paper, made)
        except PrivacyRefused as refused:
            raise PrivacyRefused(f"{path}: {refused}") from None
        if fresh != paper:
            found[path] = fresh
    return found


def record(papers: Path, folder: Path, content: Content, settings: Settings, screen: TextIO, *, write: bool) -> int:
    """Writes the marked sections again or, without `write`, prints which are outdated and returns 1 if any are."""
    found = stale(papers, folder, content, settings)
    for path, fresh in found.items():
        if write:
            path.write_text(fresh, encoding="utf-8")
        print(f"{'written anew' if write else 'stale'}: {path}", file=screen)
    if not found:
        print("Every marked section is what program, content and settings say.", file=screen)
    return 1 if found and not write else 0
