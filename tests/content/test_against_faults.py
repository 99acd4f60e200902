"""What should be looked at before a change of the questionnaire goes live."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.comparing import BOTH, LAST, LEVEL_B1, NO_NUMBER, QUESTIONS, faults

from .editing import edit, line_of

# what stands there, what is written in its place, words of the line that is named, level, what and mend of the fault
NAMED = [
    (
        LEVEL_B1,
        "{id: b1, text: B1}",
        "id: b1",
        "hint",
        "level: 'B1' removed",
        "If 'B1' is now 'b1', write there: was: B1",
    ),
    (
        LEVEL_B1,
        "{id: B1, text: Muttersprache}",
        "id: B1",
        "warning",
        "level: 'B1' is 'Muttersprache', before: 'B1'",
        "Who chose it has said the new words: if these mean something else, give them another id",
    ),
    (
        BOTH,
        "{id: A1, text: B1}\n      - {id: B1, text: A1}",
        "id: A1",
        "warning",
        "level: 'A1' is 'B1', before: 'A1'",
        "Who chose it has said the new words: if these mean something else, give them another id",
    ),
    (
        "kind: number",
        "kind: short_text",
        "ask: Wie viele",
        "warning",
        "hours: kind changed from number to short_text",
        "Answers of another kind stand under this id: give the new question an id of its own",
    ),
    (
        "ask: Noch etwas?",
        "ask: Wie heißen Sie?",
        "ask: Wie heißen",
        "hint",
        "more: asks 'Wie heißen Sie?', before: 'Noch etwas?'",
        "If it asks for something else now, give it an id of its own",
    ),
    (
        "- id: more\n",
        "- id: rest\n",
        "ask: Noch etwas",
        "hint",
        "more: removed",
        "If 'more' is now 'rest', write there: was: more",
    ),
    (
        LAST,
        "",
        "sections:",
        "hint",
        "more: removed",
        "Name 'more' under 'retired', so that its id is never taken for something else",
    ),
]


@pytest.mark.parametrize(("old", "new", "words", "level", "what", "mend"), NAMED)
def test_what_should_be_looked_at_is_a_fault_with_its_line(
    folder: Path, old: str, new: str, words: str, level: str, what: str, mend: str
) -> None:
    edit(folder / QUESTIONS, old, new)
    for more in NO_NUMBER if new == "kind: short_text" else ():
        edit(folder / QUESTIONS, more, "")
    assert (line_of(folder / QUESTIONS, words), level, what, mend) in faults(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("text: Studium", "text: Ein Studium"),
        (LEVEL_B1, "{id: b1, text: Muttersprache, was: B1}"),
        ("kind: scale", "kind: single"),
        ("sections:\n", "retired: [more]\nsections:\n"),
        ("max_length: 50", "max_length: 20"),
    ],
)
def test_what_is_well_declared_is_no_fault(folder: Path, old: str, new: str) -> None:
    edit(folder / QUESTIONS, old, new)
    if "retired" in new:
        edit(folder / QUESTIONS, LAST, "")
    if "single" in new:
        edit(folder / QUESTIONS, "{level: {at_least: A1}}", "{level: A1}")
    assert faults(folder) == []


def test_of_a_question_that_becomes_computed_it_is_said_that_answers_are_written_over(folder: Path) -> None:
    path = folder / QUESTIONS
    before, _, more = path.read_text(encoding="utf-8").partition("  - id: hours\n")
    _, _, behind = more.partition("\n  - id: ")
    rule = "  - {id: hours, section: german, kind: computed, scale: level, short: Stunden, rules: [{take: level}],"
    path.write_text(f"{before}{rule} purpose: a, basis: b, retention: 1 year}}\n  - id: {behind}", encoding="utf-8")
    found = {what: (level, mend) for _, level, what, mend in faults(folder)}
    assert found["hours: kind changed from number to computed"] == (
        "warning",
        "What is computed is written over what people answered, for good: give the new question an id of its own",
    )
