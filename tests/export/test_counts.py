"""The counts equal what one gets by counting with the fingers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.loader import Content
from bot.core.conditions import Value
from bot.core.engine import Status
from bot.core.questionnaire import Kind
from bot.db.people.participants import Stored
from bot.db.people.profiles import ProfileRow
from bot.export.counts import Counts
from bot.export.tables import Cell, Row
from bot.export.words import Words
from bot.services.profiles.profiles import Profile, Profiler, Standing
from tests.export.people import NOW, profile, row, stored

VALUES: dict[str, st.SearchStrategy[Value]] = {
    "goals": st.sampled_from([("job",), ("degree",), ("job", "degree"), ("none",), ("gone",)]),
    "level": st.sampled_from(["none", "A1", "A2", "B1", "unsure", "C9"]),
    "can_do": st.sampled_from(["words", "talk"]),
    "paper": st.sampled_from(["yes", "no"]),
    "hours": st.integers(0, 2000),
    "since": st.sampled_from(["2026-03", "2019-12"]),
    "occupation": st.sampled_from(["nurse", "baker", "~مبرمج", "~nurse", "gone"]),
    "work": st.sampled_from(["full", "part"]),
    "amount": st.sampled_from(["vollzeit", "part"]),
    "note": st.just("seen"),
    "reach": st.sampled_from(["abends", "~nurse", "full"]),
    "story": st.just("x"),
}


@st.composite
def people(draw: st.DrawFn) -> list[ProfileRow]:
    """Some people who have answered some questions, some of it long ago."""
    rows = []
    for key in range(1, draw(st.integers(0, 8)) + 1):
        answers: dict[str, Value | Stored | None] = {}
        for question, values in VALUES.items():
            how = draw(st.sampled_from(["no", "given", "given", "given", "old", "skipped", "declined"]))
            if how in {"given", "old"}:
                answers[question] = stored(draw(values), 250 if how == "old" else 0)
            elif how != "no":
                answers[question] = stored(None, status=Status(how))
        rows.append(row(key, answers, language=draw(st.sampled_from(["ar", "de"])), finished=draw(st.booleans())))
    return rows


def counted(content: Content, profiles: list[Profile]) -> Counts:
    counts = Counts(Profiler(content, NOW).headings)
    for one in profiles:
        counts.add(one)
    return counts


def lines(counts: Counts, content: Content, words: Words) -> dict[tuple[Cell, Cell, Cell], Row]:
    labels = {one.id: one.id for one in Profiler(content, NOW).headings}
    found = {(line[0], line[1], line[2]): line[3:] for line in counts.rows(labels, words)}
    assert len(found) == len(list(counts.rows(labels, words))), "two rows say the same"
    return found


@given(people())
def test_counts_are_those_of_counting_one_by_one(content: Content, words: Words, rows: list[ProfileRow]) -> None:
    profiles = [profile(content, one) for one in rows]
    found = lines(counted(content, profiles), content, words)
    for question in content.questionnaire.questions:
        if question.kind is Kind.STATEMENT or not question.report:
            assert not [line for line in found if line[0] == question.id]
            continue
        told = [one for each in profiles for one in each.said if one.question == question.id]
        values = [one.value for one in told if one.standing in {Standing.GIVEN, Standing.COMPUTED}]
        assert found[question.id, "Stand", "beantwortet"][0] == len(values)
        states = [line[0] for key, line in found.items() if key[:2] == (question.id, "Stand")]
        assert sum(map(int, map(str, states))) == len(rows), "everybody is counted once"
        for option in question.options:
            often = sum(option.id in value if isinstance(value, tuple) else value == option.id for value in values)
            label = next(one.options for one in Profiler(content, NOW).headings if one.id == question.id)[option.id]
            line = found.get((question.id, "Antwort", label))
            if line is None:
                assert (question.kind, often) == (Kind.LIST, 0)
            else:
                assert line == (often, often / len(values) if values else None, None)
        own = sum(str(value).startswith("~") for value in values) if question.kind is Kind.LIST else 0
        assert found.get((question.id, "Antwort", "(eigene Worte)"), (0,))[0] == own
        if question.kind is Kind.NUMBER and values:
            numbers = [value for value in values if isinstance(value, int)]
            wanted = {
                "kleinste": min(numbers),
                "mittlere (Median)": statistics.median(numbers),
                "größte": max(numbers),
            }
            assert {key[2]: line[2] for key, line in found.items() if key[:2] == (question.id, "Zahl")} == wanted


@given(people())
def test_people_are_counted_by_language_and_by_how_far_they_are(
    content: Content, words: Words, rows: list[ProfileRow]
) -> None:
    found = lines(counted(content, [profile(content, one) for one in rows]), content, words)

    def often(topic: str, which: str) -> object:
        return found.get((topic, "Personen", which), (0,))[0]

    for topic, some in (
        ("Personen", rows),
        ("Sprache: Arabisch", [one for one in rows if one.language == "ar"]),
        ("Sprache: Deutsch", [one for one in rows if one.language == "de"]),
    ):
        assert often(topic, "alle") == len(some)
        assert often(topic, "fertig") == sum(one.finished_at is not None for one in some)
        assert often(topic, "nicht fertig") == sum(one.finished_at is None for one in some)


@pytest.mark.parametrize(
    ("people_of", "state"),
    [
        ({"goals": ("degree",), "hours": 5}, "entfällt"),  # kept aside, and not for this person
        ({"goals": ("job",), "hours": 9999}, "offen"),  # no answer the question takes
        ({"goals": ("job",)}, "offen"),
        ({}, "entfällt"),
    ],
)
def test_what_counts_no_more_is_not_counted_as_an_answer(
    content: Content, words: Words, people_of: dict[str, Value], state: str
) -> None:
    found = lines(counted(content, [profile(content, row(given=people_of))]), content, words)
    counts = {key[2]: line[0] for key, line in found.items() if key[:2] == ("hours", "Stand")}
    assert {name for name, often in counts.items() if often} == {state}


def test_words_of_people_are_not_quoted_by_a_count(content: Content, words: Words) -> None:
    counts = counted(content, [profile(content, row(reach="Geheimnis", occupation="~Geheimnis", language="de"))])

    def cells() -> Iterator[object]:
        for key, line in lines(counts, content, words).items():
            yield from (*key, *line)

    assert not [cell for cell in cells() if "Geheimnis" in str(cell)]
    assert lines(counts, content, words)["occupation", "Antwort", "(eigene Worte)"][0] == 1
