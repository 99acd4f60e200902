from __future__ import annotations

import pytest

from bot.core.conditions import All, Any, Condition, Fact, Lookup, Not, Test, Value, compiled, questions_in


def holds(condition: Condition | None, lookup: Lookup) -> bool | None:
    return compiled(condition)(lookup)


ANSWERS: dict[str, Value] = {"yes": "yes", "no": "no"}
TRUE = Fact("yes", Test.IS, "yes")
FALSE = Fact("no", Test.IS, "yes")
UNKNOWN = Fact("unanswered", Test.IS, "yes")
VALUES: dict[bool | None, Condition] = {True: TRUE, False: FALSE, None: UNKNOWN}

AND = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, True): False,
    (False, False): False,
    (False, None): False,
    (None, True): None,
    (None, False): False,
    (None, None): None,
}
OR = {
    (True, True): True,
    (True, False): True,
    (True, None): True,
    (False, True): True,
    (False, False): False,
    (False, None): None,
    (None, True): True,
    (None, False): None,
    (None, None): None,
}


@pytest.mark.parametrize(("parts", "result"), AND.items())
def test_all_is_kleenes_and(parts: tuple[bool | None, bool | None], result: bool | None) -> None:
    assert holds(All(tuple(VALUES[part] for part in parts)), ANSWERS.get) is result


@pytest.mark.parametrize(("parts", "result"), OR.items())
def test_any_is_kleenes_or(parts: tuple[bool | None, bool | None], result: bool | None) -> None:
    assert holds(Any(tuple(VALUES[part] for part in parts)), ANSWERS.get) is result


@pytest.mark.parametrize(("part", "result"), [(True, False), (False, True), (None, None)])
def test_not_unknown_is_unknown(part: bool | None, result: bool | None) -> None:
    assert holds(Not(VALUES[part]), ANSWERS.get) is result


def test_no_condition_and_no_parts() -> None:
    assert holds(None, ANSWERS.get) is True
    assert holds(All(()), ANSWERS.get) is True
    assert holds(Any(()), ANSWERS.get) is False


LEVELS = ("a1", "a2", "b1")


@pytest.mark.parametrize(
    ("fact", "value", "result"),
    [
        (Fact("q", Test.IS, "a"), "a", True),
        (Fact("q", Test.IS, "a"), "b", False),
        (Fact("q", Test.IS, 3), 3, True),
        (Fact("q", Test.ONE_OF, ("a", "b")), "b", True),
        (Fact("q", Test.ONE_OF, ("a", "b")), "c", False),
        (Fact("q", Test.INCLUDES, "a"), ("a", "b"), True),
        (Fact("q", Test.INCLUDES, "a"), (), False),
        (Fact("q", Test.AT_LEAST, "a2", LEVELS), "a2", True),
        (Fact("q", Test.AT_LEAST, "a2", LEVELS), "b1", True),
        (Fact("q", Test.AT_LEAST, "a2", LEVELS), "a1", False),
        (Fact("q", Test.AT_MOST, "a2", LEVELS), "a2", True),
        (Fact("q", Test.AT_MOST, "a2", LEVELS), "b1", False),
        (Fact("q", Test.AT_LEAST, 5), 5, True),
        (Fact("q", Test.AT_LEAST, 5), 4, False),
        (Fact("q", Test.AT_MOST, 5), 5, True),
        (Fact("q", Test.AT_MOST, 5), 6, False),
        (Fact("q", Test.ANSWERED, operand=True), "a", True),
        (Fact("q", Test.ANSWERED, operand=False), "a", False),
    ],
)
def test_facts_compare_an_answer(fact: Fact, value: Value, result: bool) -> None:
    assert holds(fact, {"q": value}.get) is result


@pytest.mark.parametrize("test", [test for test in Test if test is not Test.ANSWERED])
def test_a_comparison_with_no_answer_is_unknown(test: Test) -> None:
    assert holds(Fact("q", test, "a", LEVELS), ANSWERS.get) is None


def test_whether_there_is_an_answer_is_never_unknown() -> None:
    assert holds(Fact("q", Test.ANSWERED, operand=True), ANSWERS.get) is False
    assert holds(Fact("q", Test.ANSWERED, operand=False), ANSWERS.get) is True


def test_questions_in_a_condition_are_found_at_any_depth() -> None:
    assert questions_in(Any((All((TRUE, Not(FALSE))), UNKNOWN))) == {"yes", "no", "unanswered"}
    assert questions_in(None) == frozenset()
