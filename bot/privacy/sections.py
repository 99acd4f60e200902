"""Marked sections of a paper: the program writes what is between the marks, its authors write everything else.

A section begins with the line `<!-- lotse: NAME -->` and ends with `<!-- /lotse -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.content.faults import nearest
from bot.refusal import ForOperator

END = "<!-- /lotse -->"
_BEGINNING = re.compile(r"<!-- lotse: (?P<name>\w+) -->")


class PrivacyRefused(ForOperator):
    """The papers cannot be written. The text is for the operator."""


def refreshed(paper: str, sections: Mapping[str, str]) -> str:
    """The paper with each marked section written again.

    Raises:
        PrivacyRefused: a mark names no section, or a section does not end.
    """
    written: list[str] = []
    name: str | None = None
    for number, line in enumerate(paper.splitlines(), 1):
        begun = _BEGINNING.fullmatch(line.strip())
        if begun is not None:
            if name is not None:
                raise PrivacyRefused(f"line {number}: the section '{name}' above does not end. Add {END}")
            name = begun["name"]
            if name not in sections:
                raise PrivacyRefused(f"line {number}: there is no section '{name}'. {nearest(name, sections)}")
            written += [line, "", sections[name], ""]
        elif line.strip() == END:
            if name is None:
                raise PrivacyRefused(f"line {number}: no section begins above {END}")
            name = None
            written.append(line)
        elif name is None:
            written.append(line)
    if name is not None:
        raise PrivacyRefused(f"the section '{name}' does not end. Add {END}")
    return "\n".join(written) + "\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(words: str) -> str:
    """Words for a cell: on one line, and without anything that would end the cell."""
    return " ".join(words.split()).replace("|", "\\|")
