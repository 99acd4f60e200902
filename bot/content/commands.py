"""What a coordinator or translator runs: `lotse check`, `lotse texts update`, `lotse texts status`, `lotse play`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from bot.content.checks import state_of
from bot.content.faults import Fault, Level, Report
from bot.content.loader import Content, load, po_name, read_sources, read_translations
from bot.content.play import play
from bot.content.po_file import merged

__all__ = ["check", "extract_and_update", "play", "status"]


def check(
    folder: Path,
    town: str,
    out: TextIO,
    *,
    strict: bool = False,
    also: Callable[[Content], Iterable[Fault]] = lambda _: (),
) -> int:
    """Prints every fault and how many there are; 1 if the bot would not start, or, where strict, on any warning.

    `also` looks at content that can be read as a whole.
    """
    loaded = load(folder, town)
    faults = (*loaded.faults, *(also(loaded.content) if loaded.content is not None else ()))
    out.writelines(f"{fault}\n" for fault in faults)
    counts = Counter(fault.level for fault in faults)
    out.write(", ".join(_counted(counts[level], level) for level in Level) + "\n")
    return int(counts[Level.ERROR] > 0 or (strict and counts[Level.WARNING] > 0))


def extract_and_update(folder: Path, town: str, out: TextIO | None = None) -> int:
    """Writes every PO file anew from the German texts, translations kept; 1 and nothing written on a fault."""
    out = out or sys.stdout
    report = Report()
    sources = read_sources(folder, town, report)
    written: dict[Path, str] = {}
    for part, texts in sources.by_folder.items():
        for language in sources.languages:
            old = read_translations(folder, part, language, report)
            written[folder / po_name(part, language)] = merged(texts.values(), language, old)
    errors = [fault for fault in report.in_order() if fault.level is Level.ERROR]
    if errors:
        out.writelines(f"{fault}\n" for fault in errors)
        out.write("Nothing was written.\n")
        return 1
    for path, words in written.items():
        before = path.read_bytes() if path.exists() else b""
        if words.encode() != before:
            _replace(path, words)
            out.write(f"{path.relative_to(folder)} written\n")
    return 0


def status(folder: Path, town: str, out: TextIO | None = None) -> int:
    """Prints how many texts are translated, fuzzy and missing in each language; 1 where the files cannot be read."""
    out = out or sys.stdout
    report = Report()
    sources = read_sources(folder, town, report)
    for language in sources.languages:
        states: Counter[str] = Counter()
        for part, texts in sources.by_folder.items():
            catalogue = read_translations(folder, part, language, report)
            entries = catalogue.entries if catalogue else {}
            states.update(state_of(source, entries.get(source.key)) for source in texts.values())
        out.write(f"{language}: " + ", ".join(f"{states[s]} {s}" for s in ("translated", "fuzzy", "missing")) + "\n")
    errors = [fault for fault in report.in_order() if fault.level is Level.ERROR]
    out.writelines(f"{fault}\n" for fault in errors)
    return int(bool(errors))


def _counted(count: int, level: Level) -> str:
    return f"{count} {level}" if count == 1 else f"{count} {level}s"


def _replace(path: Path, words: str) -> None:
    """Whole or not at all: months of a translator's work are in this file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".po.new")
    new.write_text(words, encoding="utf-8", newline="\n")
    new.replace(path)
