"""Conditions that staff paste: understood as they are written, or refused with what may be meant."""

from __future__ import annotations

import pytest

from bot.content.audience_file import FAULTS, Unread, condition_text, names, read_condition
from bot.content.loader import Content
from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.questionnaire import Kind
from tests.running import minden


@pytest.fixture(scope="module")
def content() -> Content:
    return minden()


def levels(content: Content) -> tuple[str, ...]:
    return tuple(one.id for one in content.questionnaire.by_id["german_level"].options if not one.unsure)


def test_answers_and_everything_beside_them_can_be_asked(content: Content) -> None:
    offer = next(one.id for one in content.offers.values() if one.kind != "advice")
    read = read_condition(
        f"""
        all:
          - {{level: {{at_least: B1}}}}
          - {{answer.paper: yes}}
          - {{goals: {{includes: job}}, language: {{one_of: [ar, uk]}}}}
          - any: [{{registration.{offer}: any}}, {{attendance.{offer}: yes}}]
          - not: {{contact.days: {{at_most: 13}}}}
          - {{profile.finished: yes}}
        """,
        content,
    )
    both = All((Fact("goals", Test.INCLUDES, "job"), Fact("language", Test.ONE_OF, ("ar", "uk"))))
    here = Any((Fact(f"registration.{offer}", Test.INCLUDES, "any"), Fact(f"attendance.{offer}", Test.IS, "yes")))
    assert read == All(
        (
            Fact("level", Test.AT_LEAST, "B1", levels(content)),
            Fact("paper", Test.IS, "yes"),
            both,
            here,
            Not(Fact("contact.days", Test.AT_MOST, 13)),
            Fact("profile.finished", Test.IS, "yes"),
        )
    )


def everything(content: Content) -> list[Condition]:
    """A comparison of each kind for every name."""
    found: list[Condition] = []
    for name, question in names(content).items():
        ids = [one.id for one in question.options if not one.unsure]
        said = {Kind.NUMBER: str(question.minimum), Kind.MONTH_YEAR: "2026-03"}.get(question.kind, (ids or ["?"])[0])
        tests = [f"{{{test}: {said}}}" for test in ("is", "includes", "at_least", "at_most")]
        for test in (*tests, f"{{one_of: [{said}]}}", "{answered: false}"):
            read = read_condition(f"{name}: {test}", content)
            found += [] if isinstance(read, Unread) else [read]
    return found


def test_what_is_written_is_read_again_as_it_was(content: Content) -> None:
    one_by_one = everything(content)
    assert len(one_by_one) > 2 * len(names(content))
    for one in (*one_by_one, Not(All((one_by_one[0], Any(tuple(one_by_one[1:9])))))):
        assert read_condition(condition_text(one), content) == one


@pytest.mark.parametrize(
    ("text", "code", "about", "near"),
    [
        ("german_levle: B1", "name", "german_levle", "german_level"),
        ("answer.german_levle: B1", "name", "answer.german_levle", "answer.german_level"),
        ("german_level: B7", "option", "B7", "none, A1, A2, B1, B2, C1, C2, unsure"),
        ("goals: {includes: jobs}", "option", "jobs", "job"),
        ("goals: {anwered: true}", "compare", "anwered", "answered"),
        ("german_level: {includes: B1}", "compare", "includes", None),
        ("german_level: unsure", "unsure", "unsure", ""),
        ("hours: many", "number", "hours", ""),
        ("hours: 400", "number", "hours", "1-40"),
        ("german_level: {one_of: B1}", "list", "", ""),
        ("german_level: {answered: maybe}", "flag", "", ""),
        ("german_level: [B1]", "other", "german_level", ""),
        ("all: {german_level: B1}", "joint", "all", ""),
        ("all: [B1]", "shape", "", ""),
        ("registration.nothing: any", "name", "registration.nothing", None),
        ("language: klingon", "option", "klingon", None),
        ("a: [", "yaml", "", ""),
        ("just words", "yaml", "", ""),
        ("", "yaml", "", ""),
        ("x" * 20_000, "yaml", "", ""),
    ],
)
def test_what_is_wrong_is_told_with_what_may_be_meant(
    content: Content, text: str, code: str, about: str, near: str | None
) -> None:
    found = read_condition(text, content)
    assert isinstance(found, Unread)
    assert (found.code, found.about) == (code, about)
    assert found.code in FAULTS
    assert near is None or found.near == near


def test_the_line_of_a_fault_is_told(content: Content) -> None:
    found = read_condition("all:\n  - {german_level: {at_least: B1}}\n  - {golas: {includes: job}}\n", content)
    assert found == Unread("name", 3, "golas", "goals")
