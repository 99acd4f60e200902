"""Content that changes while people are inside: what is promised to them is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

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
from bot.core.questionnaire import Kind, Question, Questionnaire
from tests.content.edits import edited, other_options, people
from tests.core.changing import contents, joined, mended
from tests.core.promise import Answers, fits, heir, kept, looked_at

from .inputs import answered, good_inputs
from .strategies import bounds, questions

FRESH: Mapping[str, Age] = MappingProxyType({})


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
