"""The sample questionnaire compared with itself after a change, in tests."""

from __future__ import annotations

import io
import json
from pathlib import Path

from bot.content.commands import check, outline_of_folder
from bot.content.comparison.against import Against

from .conftest import SAMPLE
from .people import Some

TOWN, QUESTIONS = "demo/town.yaml", "demo/questionnaire.yaml"


LEVEL_A1, LEVEL_B1 = "{id: A1, text: A1}", "{id: B1, text: B1}"


MORE = SAMPLE / QUESTIONS


LAST = "  - id: more\n" + MORE.read_text(encoding="utf-8").split("  - id: more\n")[1]


HOURS = "  - id: hours\n" + MORE.read_text(encoding="utf-8").split("  - id: hours\n")[1].split("  - id: more\n")[0]


BOTH = f"{LEVEL_A1}\n      - {LEVEL_B1}"


PAPER = "paper  asked if level is none, before: if level at least A1"


def said(folder: Path, people: Some | None = None) -> list[str]:
    """The output below the faults, compared with the sample."""
    out = io.StringIO()
    check(folder, "demo", out, against=Against(outline_of_folder(SAMPLE, "demo"), people))
    return out.getvalue().partition("\n\n")[2].splitlines()


def faults(folder: Path, people: Some | None = None) -> list[tuple[int, str, str, str]]:
    """Line, level, what and mend of the faults in the questionnaire."""
    out = io.StringIO()
    check(folder, "demo", out, as_json=True, against=Against(outline_of_folder(SAMPLE, "demo"), people))
    found = json.loads(out.getvalue())["faults"]
    return [(one["line"], one["level"], one["what"], one["mend"]) for one in found if one["file"] == QUESTIONS]


NO_NUMBER = {
    "    minimum: 0\n    maximum: 60\n": "",
    '    unit: {one: "{n} Stunde", other: "{n} Stunden"}\n': "",
}
