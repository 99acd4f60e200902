"""Commands for coordinators and translators: `lotse check`, `texts update`, `texts status` and `play`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TextIO

from bot.content.checks import state_of
from bot.content.comparison import wording
from bot.content.comparison.against import Against, compared
from bot.content.comparison.outline import Outline, outline_of_sources
from bot.content.faults import Fault, Level, Report
from bot.content.loader import Content, load, po_name, read_sources, read_translations
from bot.content.po_file import merged

__all__ = ["check", "extract_and_update", "outline_of_folder", "status"]


def check(
    folder: Path,
    town: str,
    out: TextIO,
    *,
    strict: bool = False,
    as_json: bool = False,
    service: str | None = None,
    also: Callable[[Content], Iterable[Fault]] = lambda _: (),
    against: Against | None = None,
) -> int:
    """Prints every fault and their number. Returns 1 if the bot would not start; with `strict`, also on a warning.

    `service`: see `load`. `also` checks content that could be read as a whole. `against`: also print every change
    since then and its effect on people's answers.
    """
    loaded = load(folder, town, service)
    content = loaded.content
    faults = [*loaded.faults, *(also(content) if content is not None else ())]
    comparison = compared(against, content) if against is not None and content is not None else None
    if comparison is not None:
        faults += comparison.faults
    counts = Counter(fault.level for fault in faults)
    if as_json:
        changes = wording.data(comparison) if comparison is not None else []
        report = {"faults": [fault.as_data() for fault in faults], "counts": _by_level(counts), "changes": changes}
        out.write(json.dumps(report, indent=1) + "\n")
    else:
        out.writelines(f"{fault}\n" for fault in faults)
        out.write(", ".join(_counted(counts[level], level) for level in Level) + "\n")
        if comparison is not None:
            out.writelines(f"{line}\n" for line in ("", *wording.lines(comparison)))
        elif against is not None:
            out.write("Nothing was compared: mend the errors first.\n")
    return int(counts[Level.ERROR] > 0 or (strict and counts[Level.WARNING] > 0))


def outline_of_folder(folder: Path, town: str) -> Outline:
    """The outline of another folder's content, to compare with.

    Raises:
        ComparisonRefused: its German files have faults. The error names them.
    """
    report = Report()
    return outline_of_sources(read_sources(folder, town, report), report)


def extract_and_update(folder: Path, town: str, out: TextIO | None = None) -> int:
    """Writes every PO file again from the German texts and keeps translations. On a fault: 1, nothing is written."""
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
    """Prints how many texts are translated, fuzzy and missing in each language. 1 if files cannot be read."""
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


def _by_level(counts: Mapping[Level, int]) -> dict[str, int]:
    return {level.value: counts.get(level, 0) for level in Level}


def _counted(count: int, level: Level) -> str:
    return f"{count} {level}" if count == 1 else f"{count} {level}s"


def _replace(path: Path, words: str) -> None:
    """Replaces a file completely or not at all: months of a translator's work are in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".po.new")
    new.write_text(words, encoding="utf-8", newline="\n")
    new.replace(path)
