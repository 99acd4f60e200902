"""Content that changes while people are inside: what is promised to them, said once more in plain words.

Nothing that is expected here is taken from the engine: it says which answers count, where the card goes, and what
moves to another id in its own few lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test, Value
from bot.core.engine import (
    Age,
    Answer,
    State,
    Status,
    answer,
    back,
    change,
    counting,
    forward,
    path,
    resume,
    start,
    still_open,
)
from bot.core.moving import carried
from bot.core.paths import facts_in
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Stage
from tests.content.edits import edited, other_options, people

from .inputs import answered, good_inputs
from .strategies import ONE_OF_OPTIONS, TESTS, bounds, computed_questions, conditions, is_scale, questions, sure_ids

Answers = Mapping[str, Answer]
FRESH: Mapping[str, Age] = MappingProxyType({})


# Content as the checks let it pass: an edit may leave conditions behind that ask about what is gone.


@st.composite
def contents(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire of several questions, some of which hang on others."""
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
    """The questionnaire with what its editor would have to mend before it could run."""
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
    """The options with one of them in another."""
    if len(options) == 1:
        return options
    gone, *rest = draw(st.permutations(options))
    heir = draw(st.sampled_from(rest))
    joint = replace(heir, was=(*heir.was, gone.id))
    return tuple(joint if one is heir else one for one in options if one is not gone)


def with_own_past(question: Question) -> tuple[Option, ...]:
    """The options with only such former ids as are none of today's."""
    past = (tuple(old for old in one.was if old not in question.option_ids) for one in question.options)
    options = tuple(replace(one, was=was) for one, was in zip(question.options, past, strict=True))
    if question.kind is Kind.MULTIPLE and all(one.exclusive for one in options):
        return (replace(options[0], exclusive=False), *options[1:])
    return options


def answerable(question: Question) -> Question:
    """The question with bounds between which there is an answer."""
    together = max(1, sum(not one.exclusive for one in question.options))
    least = min(question.least, together)
    most = None if question.most is None else min(max(question.most, least, 1), together)
    low, high = sorted((question.minimum, question.maximum))
    return replace(question, least=least, most=most, minimum=low, maximum=high)


def is_sound(condition: Condition | None, earlier: tuple[Question, ...]) -> bool:
    """Whether a condition asks about earlier questions only, and what can be asked about them."""
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


# The promise.


def heir(content: Questionnaire, name: str) -> str:
    """Under which id a question goes on: its own, or that of the one that says that it was called so."""
    if name in content.by_id:
        return name
    return next((one.id for one in content.questions if name in one.was), name)


def said_today(question: Question, value: Value | None) -> Value | None:
    """The same words in today's ids: an option renamed or merged is the other one, one that was split is nobody's."""
    if not (question.kind in CHOICES or question.kind is Kind.LIST):
        return value

    def today(option: str) -> str:
        heirs = [one.id for one in question.options if option in one.was]
        return option if question.option(option) or len(heirs) != 1 else heirs[0]

    if isinstance(value, str):
        return today(value)
    if not isinstance(value, tuple) or question.kind is not Kind.MULTIPLE:
        return value
    found = {today(option) for option in value}
    known = [one.id for one in question.options if one.id in found]
    return (*known, *dict.fromkeys(name for name in map(today, value) if name not in known))


CHOICES = {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO}


def kept(content: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Everything a person ever said, under the ids of today. Who has answered two that became one keeps the first."""
    claims: dict[str, list[str]] = {}
    for name in answers:
        claims.setdefault(heir(content, name), []).append(name)
    result: dict[str, Answer] = {}
    for name, homes in claims.items():
        question = content.by_id.get(name)
        if question is None:
            result |= {home: answers[home] for home in homes}
            continue
        first = min(homes, key=[name, *question.was].index)
        result |= {home: answers[home] for home in homes if home != first}
        result[name] = replace(answers[first], value=said_today(question, answers[first].value))
    return result


def fits(question: Question, given: Answer) -> bool:
    """Whether an answer still is one."""
    value, ids = given.value, question.option_ids
    if given.age is Age.EXPIRED or given.status is not Status.GIVEN:
        left_out = {Status.SKIPPED: question.optional, Status.DECLINED: question.sensitive}
        return given.age is not Age.EXPIRED and left_out[given.status]
    if isinstance(value, tuple):
        alone = [one.id for one in question.options if one.exclusive and one.id in value]
        most = question.most if question.most is not None else len(ids)
        bounded = len(value) == 1 if alone else question.least <= len(value) <= most
        return question.kind is Kind.MULTIPLE and set(value) <= ids and bounded
    if isinstance(value, int):
        return question.kind is Kind.NUMBER and question.minimum <= value <= question.maximum
    assert value is not None
    own_words = question.own_words and value[:1] == "~" and 1 <= len(value[1:]) <= question.max_length
    return {
        Kind.LIST: value in ids or own_words,
        Kind.MONTH_YEAR: re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) is not None,
        Kind.STATEMENT: value == "seen",
        Kind.SHORT_TEXT: 1 <= len(value) <= question.max_length,
        Kind.LONG_TEXT: 1 <= len(value) <= question.max_length,
        Kind.MULTIPLE: False,
        Kind.NUMBER: False,
    }.get(question.kind, value in ids)


def holds(condition: Condition | None, known: Mapping[str, Value]) -> bool | None:
    """Yes, no, or nobody knows."""
    match condition:
        case None:
            return True
        case Not(part):
            inner = holds(part, known)
            return None if inner is None else not inner
        case All(parts):
            found = {holds(part, known) for part in parts}
            return False if False in found else None if None in found else True
        case Any(parts):
            found = {holds(part, known) for part in parts}
            return True if True in found else None if None in found else False
        case Fact(name, Test.ANSWERED, operand):
            return (name in known) is operand
        case Fact(name):
            return compares(condition, known[name]) if name in known else None


def compares(fact: Fact, value: Value) -> bool:
    """Whether a known answer is what a condition asks for."""
    match fact.test:
        case Test.ONE_OF:
            return isinstance(fact.operand, tuple) and value in fact.operand
        case Test.INCLUDES:
            return isinstance(value, tuple) and fact.operand in value
        case Test.AT_LEAST:
            return rank(fact, value) >= rank(fact, fact.operand)
        case Test.AT_MOST:
            return rank(fact, value) <= rank(fact, fact.operand)
    return value == fact.operand


def rank(fact: Fact, value: Value) -> tuple[int, str]:
    """A place on the scale, a number, or a month."""
    if fact.scale:
        return fact.scale.index(str(value)), ""
    return (value, "") if isinstance(value, int) else (0, str(value))


@dataclass(frozen=True)
class Seen:
    """What somebody's answers come to: which questions apply, in order, which of them are answered, which open."""

    asked: list[str]
    valid: set[str]
    open: list[str]

    def going_on(self) -> str | None:
        """The next open question behind everything answered; the holes at the end."""
        behind = [name for name in self.open if not self.is_before_an_answer(name)]
        return next(iter(behind or self.open), None)

    def is_before_an_answer(self, name: str) -> bool:
        return any(later not in self.open for later in self.asked[self.asked.index(name) :])


def looked_at(content: Questionnaire, answers: Answers) -> Seen:
    known: dict[str, Value] = {}
    seen = Seen([], set(), [])
    for question in content.questions:
        if holds(question.ask_if, known) is not True:
            continue
        if question.kind is Kind.COMPUTED:
            rules = (rule for rule in question.rules if holds(rule.condition, known))
            values = [rule.value or known.get(rule.take or "") for rule in rules]
            if found := [value for value in values if value is not None]:
                known[question.id] = found[0]
            continue
        seen.asked.append(question.id)
        given = answers.get(question.id)
        if given is not None and fits(question, given):
            seen.valid.add(question.id)
            chosen = given.value if isinstance(given.value, tuple) else (given.value,)
            if given.value is not None and not any(one.unsure and one.id in chosen for one in question.options):
                known[question.id] = given.value
        if question.id not in seen.valid or (given is not None and given.age is Age.DUE):
            seen.open.append(question.id)
    return seen


# People.


@dataclass(frozen=True)
class Person:
    """Somebody on their way; `more`: they are asked what follows the first pass, too."""

    state: State
    more: bool

    def asked(self, content: Questionnaire) -> Questionnaire:
        return content if self.more else content.first_pass


def come_back(content: Questionnaire, person: Person, ages: Mapping[str, Age] = FRESH) -> Person:
    """The person at their next contact, as the services load them: answers move, get old, and the card is led on."""
    answers = person.state.answers
    for name, (home, given) in carried(content, answers).items():
        answers = {**{other: one for other, one in answers.items() if other != home}, name: given}
    if ages:
        answers = {name: replace(given, age=ages.get(name, Age.FRESH)) for name, given in answers.items()}
    at = content.moved.get(person.state.at or "", person.state.at)
    return replace(person, state=resume(person.asked(content), replace(person.state, answers=answers, at=at)))


def stored(person: Person) -> Person:
    """The person as the database holds them: what time did to their answers is told by the clock."""
    given = {name: replace(one, age=Age.FRESH) for name, one in person.state.answers.items()}
    return replace(person, state=replace(person.state, answers=given))


def ages_of(data: st.DataObject, content: Questionnaire) -> dict[str, Age]:
    """What has become old meanwhile."""
    ages = st.sampled_from([*[Age.FRESH] * 6, Age.DUE, Age.EXPIRED])
    return {one.id: data.draw(ages) for one in content.questions}


@st.composite
def inside(draw: st.DrawFn, content: Questionnaire) -> Person:
    """Somebody who has begun: answers of before, or a way from the start."""
    more = draw(st.booleans())
    asked = content if more else content.first_pass
    if draw(st.sampled_from([True, True, True, False])):
        answers, ids = draw(people(content)), [one.id for one in content.questions]
        at = draw(st.sampled_from([*ids, None]))
        if at is not None and draw(st.sampled_from([True, True, False])):
            begun = ids[: ids.index(at)]
            answers = {name: one for name, one in answers.items() if content.moved.get(name, name) in begun}
        return come_back(content, Person(State(answers, at), more))
    return Person(start(asked), more)


def moved_on(data: st.DataObject, content: Questionnaire, person: Person) -> Person:
    """The person after a few taps; the last may have left a draft."""
    asked, state = person.asked(content), person.state
    for _ in range(data.draw(st.sampled_from([3, 1, 0, 5]))):
        state = tapped(data, asked, state)
    return replace(person, state=state)


DEEDS = ("answer", "answer", "answer", "begin", "back", "forward", "change")


def tapped(data: st.DataObject, asked: Questionnaire, state: State, deeds: Sequence[str] = DEEDS) -> State:
    """The state after one thing a person does; who begins leaves a draft."""
    deed = data.draw(st.sampled_from(deeds))
    if deed == "answer" and state.at is not None:
        return answered(data, asked, state)
    if deed == "begin" and state.at is not None:
        for given in data.draw(good_inputs(asked.by_id[state.at], state))[:-1]:
            state = answer(asked, state, given).state
        return state
    if deed == "change" and asked.questions:
        return change(asked, state, data.draw(st.sampled_from(asked.questions)).id)
    return {"back": back, "forward": forward}.get(deed, resume)(asked, state)


# What must be true.


def nothing_is_lost_or_invented(content: Questionnaire, before: Answers, after: Answers) -> None:
    assert after == kept(content, before)
    assert len(after) == len(before)


def what_is_still_valid_counts(content: Questionnaire, answers: Answers) -> None:
    seen = looked_at(content, answers)
    found = counting(content, answers)
    assert path(content, answers) == tuple(seen.asked)
    assert still_open(content, answers) == tuple(seen.open)
    assert {name: one for name, one in found.items() if one.status is not Status.COMPUTED} == {
        name: answers[name] for name in seen.asked if name in seen.valid
    }


def the_card_is_where_it_was(content: Questionnaire, person: Person, came: Person) -> None:
    """A place that is still asked stays, with what of its draft can still be meant; else it goes on ahead."""
    seen = looked_at(came.asked(content), came.state.answers)
    at = None if person.state.at is None else heir(content, person.state.at)
    if at not in seen.asked:
        assert came.state.at == seen.going_on()
        return
    assert came.state.at == at
    assert came.state.returning == person.state.returning
    assert came.state.draft == still_meant(content.by_id[at], person.state.draft)


def still_meant(question: Question, draft: tuple[str, ...]) -> tuple[str, ...]:
    """Of a draft: ticks that go together, items there are, a year."""
    match question.kind:
        case Kind.MULTIPLE:
            ticked = [one for one in question.options if one.id in draft]
            together = [one.id for one in ticked if not one.exclusive]
            return tuple(together or [one.id for one in ticked][:1])
        case Kind.LIST:
            return tuple(one for one in draft if fits(question, Answer(Status.GIVEN, one)))
        case Kind.MONTH_YEAR:
            return tuple(one for one in draft if one.isdecimal())
    return ()


def the_end_is_reached(data: st.DataObject, asked: Questionnaire, state: State) -> None:
    """Whoever answers what they are asked comes to the end, and is led back only to holes, when all else is done."""
    before, done = state.answers, list[str]()
    while state.at is not None:
        here = state.at
        assert here not in done, "nobody is asked the same twice"
        state = answered(data, asked, state)
        done.append(here)
        seen = looked_at(asked, state.answers)
        assert here in seen.valid
        ahead = [name for name in seen.asked[seen.asked.index(here) + 1 :] if name in seen.open]
        assert state.at == (ahead[0] if ahead else seen.going_on())
        assert state.at is None or state.at in seen.open
    assert len(done) <= len(asked.questions)
    assert looked_at(asked, state.answers).open == []
    assert {name: one for name, one in state.answers.items() if name not in done} == {
        name: one for name, one in before.items() if name not in done
    }
    assert state.answers.keys() == before.keys() | set(done)


def edits_of(data: st.DataObject, content: Questionnaire) -> Iterator[Questionnaire]:
    for _ in range(data.draw(st.integers(1, 4))):
        content = data.draw(mended(data.draw(edited(content))))
        yield content


@pytest.mark.row(19)
@settings(max_examples=150)
@over(st.data())
def test_whoever_is_inside_while_the_content_changes_loses_nothing_and_comes_to_the_end(data: st.DataObject) -> None:
    content = data.draw(contents())
    person = moved_on(data, content, data.draw(inside(content)))
    for changed in edits_of(data, content):
        if data.draw(st.sampled_from([False, False, False, True])):
            continue  # they were not here meanwhile
        ages = ages_of(data, changed)
        came = come_back(changed, person, ages)
        nothing_is_lost_or_invented(changed, person.state.answers, stored(came).state.answers)
        the_card_is_where_it_was(changed, person, came)
        what_is_still_valid_counts(came.asked(changed), came.state.answers)
        assert come_back(changed, stored(came), ages) == came, "the same change once more changes nothing more"
        the_end_is_reached(data, came.asked(changed), came.state)
        person = stored(moved_on(data, changed, came))


@settings(max_examples=200)
@over(st.data())
def test_answers_follow_options_that_are_renamed_merged_split_or_removed(data: st.DataObject) -> None:
    question = data.draw(questions("q", (), (Kind.MULTIPLE, Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.LIST)))
    question = replace(question, optional=False, sensitive=False)
    content = Questionnaire(("section",), (question,))
    before = data.draw(people(content)) or answered(data, content, start(content)).answers
    person = Person(State(before, "q"), more=True)
    for _ in range(data.draw(st.sampled_from([1, 2, 3]))):
        edits = st.one_of(other_options(question.options), joined(question.options))
        question = replace(question, options=data.draw(edits))
        if data.draw(st.sampled_from([False, False, True])):
            question = replace(question, id=f"{question.id}x", was=(*question.was, question.id))
        content = data.draw(mended(replace(content, questions=(question,))))
        came = come_back(content, person)
        nothing_is_lost_or_invented(content, person.state.answers, came.state.answers)
        what_is_still_valid_counts(content, came.state.answers)
        assert came.state.at == question.id
        assert come_back(content, came).state.answers == came.state.answers
        the_end_is_reached(data, content, came.state)
        person = came


@settings(max_examples=250)
@over(st.data())
def test_what_no_longer_fits_its_bounds_or_its_options_is_asked_again(data: st.DataObject) -> None:
    question = data.draw(questions("q", (), (Kind.NUMBER, Kind.MULTIPLE, Kind.SHORT_TEXT, Kind.LIST, Kind.MULTIPLE)))
    question = replace(question, optional=False, sensitive=False)
    content = Questionnaire(("section",), (question,))
    state = tapped(data, content, start(content), ["begin", "answer"])
    altered = data.draw(st.sampled_from([True, True, False])) and bool(question.options)
    edits = (
        st.one_of(other_options(question.options), joined(question.options)) if altered else st.just(question.options)
    )
    options = data.draw(edits)
    tighter = {**data.draw(bounds(question.kind, question.options)), "optional": data.draw(st.booleans())}
    other = replace(question, options=options, **tighter)
    if data.draw(st.booleans()):
        other = replace(other, max_length=1)
    changed = data.draw(mended(replace(content, questions=(other,))))
    came = come_back(changed, Person(state, more=True))
    the_card_is_where_it_was(changed, Person(state, more=True), came)
    what_is_still_valid_counts(changed, came.state.answers)
    the_end_is_reached(data, changed, came.state)


@settings(max_examples=80)
@over(st.data())
def test_a_change_that_is_taken_back_loses_nothing_that_had_not_moved(data: st.DataObject) -> None:
    content = data.draw(contents())
    person = come_back(content, moved_on(data, content, data.draw(inside(content))))
    changed = data.draw(mended(data.draw(edited(content))))
    there = come_back(changed, person)
    again = come_back(content, there)
    before = person.state.answers
    stayed = {name for name in before if there.state.answers.get(name) == before[name]}
    assert {name: again.state.answers.get(name) for name in stayed} == {name: before[name] for name in stayed}
    if stayed == set(before):
        assert again.state.answers == before
        assert counting(content, again.state.answers) == counting(content, before)
    the_end_is_reached(data, again.asked(content), again.state)


@settings(max_examples=50)
@over(st.data())
def test_what_came_back_with_its_condition_counts_again(data: st.DataObject) -> None:
    """A question that is no longer asked, and asked again with the next change: its answer was only kept aside."""
    content = data.draw(contents())
    person = come_back(content, moved_on(data, content, data.draw(inside(content))))
    gone = {one.id for one in content.questions if data.draw(st.booleans())}
    without = replace(content, questions=tuple(one for one in content.questions if one.id not in gone))
    without = data.draw(mended(without))
    there = come_back(without, person)
    assert there.state.answers == person.state.answers
    assert come_back(content, there).state.answers == person.state.answers
    assert not gone & counting(without, there.state.answers).keys()
    the_end_is_reached(data, there.asked(without), there.state)


@settings(max_examples=30)
@over(st.data())
def test_nobody_moves_without_a_change(data: st.DataObject) -> None:
    content = data.draw(contents())
    person = moved_on(data, content, data.draw(inside(content)))
    assert come_back(content, person) == person
