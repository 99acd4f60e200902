"""Questionnaires that pass the checks. An edit may leave conditions that ask about what no longer exists."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bot.core.conditions import Condition, Fact, Test
from bot.core.paths import facts_in
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Stage

from .strategies import ONE_OF_OPTIONS, TESTS, computed_questions, conditions, is_scale, questions, sure_ids


@st.composite
def contents(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire of several questions, some of which depend on others."""
    asked: tuple[Question, ...] = ()
    later = draw(st.sampled_from([3, 4, 9]))
    for place in range(draw(st.integers(3, 6))):
        stage = Stage.FIRST if place < later else Stage.FOLLOW_UP
        is_computed = any(map(is_scale, asked)) and draw(st.sampled_from([False, False, True]))
        name = f"q{place}"
        kind = computed_questions(name, asked, stage) if is_computed else questions(name, asked, stage=stage)
        one = draw(kind)
        if asked and draw(st.sampled_from([True, False, False])):
            one = replace(one, ask_if=draw(conditions(asked[-1:])))
        asked = (*asked, one)
    return Questionnaire(("section",), asked)


@st.composite
def mended(draw: st.DrawFn, questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire, after its editor has fixed what would keep it from running."""
    first_pass_first = sorted(questionnaire.questions, key=lambda one: one.stage is Stage.FOLLOW_UP)
    ids, claimed = set(questionnaire.by_id), set[str]()
    sound: tuple[Question, ...] = ()
    for question in first_pass_first:
        was = tuple(old for old in dict.fromkeys(question.was) if old not in ids | claimed)
        claimed |= set(was)
        one = answerable(replace(question, was=was, options=with_own_past(question)))
        if one.kind is Kind.COMPUTED and not all(is_sound_rule(one, place, sound) for place in range(len(one.rules))):
            continue
        if one.ask_if is not None and not is_sound(one.ask_if, sound):
            one = replace(one, ask_if=draw(st.none() | conditions(sound)) if sound else None)
        sound = (*sound, one)
    return replace(questionnaire, questions=sound, refresh=None)


@st.composite
def joined(draw: st.DrawFn, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The options with one of them merged into another."""
    if len(options) == 1:
        return options
    gone, *rest = draw(st.permutations(options))
    heir = draw(st.sampled_from(rest))
    joint = replace(heir, was=(*heir.was, gone.id))
    return tuple(joint if one is heir else one for one in options if one is not gone)


def with_own_past(question: Question) -> tuple[Option, ...]:
    """The options, only with former ids that are not ids of today."""
    past = (tuple(old for old in one.was if old not in question.option_ids) for one in question.options)
    options = tuple(replace(one, was=was) for one, was in zip(question.options, past, strict=True))
    if question.kind is Kind.MULTIPLE and all(one.exclusive for one in options):
        return (replace(options[0], exclusive=False), *options[1:])
    return options


def answerable(question: Question) -> Question:
    """The question, with bounds that allow an answer."""
    together = max(1, sum(not one.exclusive for one in question.options))
    least = min(question.least, together)
    most = None if question.most is None else min(max(question.most, least, 1), together)
    low, high = sorted((question.minimum, question.maximum))
    return replace(question, least=least, most=most, minimum=low, maximum=high)


def is_sound(condition: Condition | None, earlier: tuple[Question, ...]) -> bool:
    """Whether a condition asks only about earlier questions, and only about possible answers."""
    by_id = {one.id: one for one in earlier}
    return all(fact.question in by_id and is_sound_fact(fact, by_id[fact.question]) for fact in facts_in(condition))


def is_sound_fact(fact: Fact, question: Question) -> bool:
    ids = sure_ids(question)
    named = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    if fact.test not in TESTS[question.kind]:
        return False
    if fact.test is Test.ANSWERED:
        return True
    if question.kind in {Kind.NUMBER, Kind.MONTH_YEAR}:
        return not fact.scale and all(isinstance(one, int) is (question.kind is Kind.NUMBER) for one in named)
    return set(named) <= set(ids) and fact.scale in {(), ids} and bool(fact.scale) is (fact.test in RANKS)


RANKS = {Test.AT_LEAST, Test.AT_MOST}


def is_sound_rule(question: Question, place: int, earlier: tuple[Question, ...]) -> bool:
    """Whether a rule of a computed question gives one of its values."""
    rule = question.rules[place]
    taken = next((one for one in earlier if one.id == rule.take), None)
    if rule.take is not None and (taken is None or taken.kind not in ONE_OF_OPTIONS):
        return False
    gives = {rule.value} if taken is None else set(sure_ids(taken))
    return gives <= question.option_ids and is_sound(rule.condition, earlier)
