"""`glossary.yaml`: what is read, and every fault at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load
from bot.core.glossary import Term
from tests.running import CONTENT

from .editing import loaded

FILE = "demo/glossary.yaml"
WHOLE = """\
terms:
  - term: Jobcenter
    also: [Jobcenters, "Amt  proArbeit"]
    note: the office
  - term: Kurs
    in: {en: course, ar: دورة}
"""


def faults(folder: Path, words: str) -> list[Fault]:
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is Level.ERROR]


def test_terms_with_everything_and_with_nothing(folder: Path) -> None:
    without = loaded(folder)
    assert without.glossary == ()
    assert faults(folder, WHOLE) == []
    content = loaded(folder)
    assert content.glossary == (
        Term(("Jobcenter", "Jobcenters", "Amt proArbeit")),
        Term(("Kurs",), {"en": "course", "ar": "دورة"}),
    )
    assert content.revision != without.revision


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("term: Jobcenter", "trem: Jobcenter", "A term has no key 'trem'"),
        ("  - term: Kurs\n    in", "  - in", "A term lacks 'term'"),
        ("also: [Jobcenters", "also: [Jobcenter", "The term 'Jobcenter' stands here twice (first in line 2)"),
        ("term: Kurs", "term: Jobcenters", "The term 'Jobcenters' stands here twice (first in line 2)"),
        ("term: Kurs", "term: K", "'K' is no term"),
        ("term: Kurs", 'term: "--"', "'--' is no term"),
        ("term: Kurs", f"term: {'K' * 81}", f"'{'K' * 80}' is no term"),
        ("term: Kurs", "term: [Kurs]", "'term' must be words"),
        ("en: course", "xx: course", "There is no language 'xx'"),
        ("en: course", 'en: ""', "The translation into 'en' is empty"),
        ("en: course", "de: Kurs", "German is translated from, not into"),
        ("in: {en: course, ar: دورة}", "in: course", "'in' must be a mapping"),
    ],
)
def test_a_fault_is_said_where_it_is(folder: Path, old: str, new: str, what: str) -> None:
    assert old in WHOLE
    found = faults(folder, WHOLE.replace(old, new))
    assert what in [one.what for one in found]
    assert all(one.file == FILE and one.line > 1 for one in found)


def test_minden_keeps_its_names() -> None:
    content = load(CONTENT, "minden").content
    assert content is not None
    forms = {form for term in content.glossary for form in term.forms}
    assert {"Jobcenter", "telc C1 Hochschule", "VHS", "I.Qu.I."} <= forms
    for term in content.glossary:
        assert not term.fixed or set(term.fixed) == set(content.languages) - {"de"}
