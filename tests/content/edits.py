"""Edited questionnaires, and people who answered them before the edit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import strategies as st

from bot.core.answering import counts
from bot.core.conditions import Value
from bot.core.inputs import Answer, Status
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Option, Question, Questionnaire, Stage
from tests.core.strategies import questions

# A person's answers to a questionnaire, some of them still under former ids.


@st.composite
def values(draw: st.DrawFn, question: Question) -> Value:
    """Anything that can be said to a question, whether or not it is taken."""
    ids = [option.id for option in question.options]
    match question.kind:
        case Kind.MULTIPLE:
            return tuple(one for one in ids if draw(st.booleans()))
        case Kind.NUMBER:
            return draw(st.integers(question.minimum, question.maximum))
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return draw(st.text("abc", min_size=1, max_size=question.max_length))
        case Kind.MONTH_YEAR:
            return draw(st.sampled_from(["2026-01", "1999-12"]))
        case Kind.STATEMENT:
            return SEEN
        case Kind.LIST if question.own_words and draw(st.booleans()):
            return OWN_WORDS + draw(st.text("abc", min_size=1, max_size=question.max_length))
    return draw(st.sampled_from(ids))


def formerly(draw: st.DrawFn, question: Question, value: Value) -> Value:
    """The same answer from a time when some options had their former ids."""
    if isinstance(value, tuple):
        return tuple(str(formerly(draw, question, one)) for one in value)
    owners = Counter(name for option in question.options for name in option.was)
    option = question.option(value) if isinstance(value, str) else None
    names = [name for name in option.was if owners[name] == 1 and name not in question.option_ids] if option else []
    return draw(st.sampled_from([value, *names]))


@st.composite
def people(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, Answer]:
    """One person's answers, all of them valid."""
    answers: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if question.kind is Kind.COMPUTED or draw(st.integers(0, 4)) == 0:
            continue
        one = Answer(Status.GIVEN, draw(values(question)))
        other = draw(st.sampled_from([one, one, Answer(Status.SKIPPED, None), Answer(Status.DECLINED, None)]))
        answer = other if counts(question, other) else one
        if not counts(question, answer):
            continue
        if answer.value is not None and question.options:
            answer = replace(answer, value=formerly(draw, question, answer.value))
        names = [name for name, heir in questionnaire.moved.items() if heir == question.id]
        answers[draw(st.sampled_from([question.id, question.id, *names]))] = answer
    return answers


# A questionnaire that somebody has edited.


@st.composite
def edited(draw: st.DrawFn, questionnaire: Questionnaire) -> Questionnaire:
    asked = list(questionnaire.questions)
    for _ in range(draw(st.integers(1, 3))):
        if asked:
            place = draw(st.integers(0, len(asked) - 1))
            asked[place : place + 1] = draw(edits(asked[place]))
        match draw(st.sampled_from(["", "", "order", "join"])):
            case "order":
                asked = list(draw(st.permutations(asked)))
            case "join" if len(asked) > 1:
                other = asked.pop()
                place = draw(st.integers(0, len(asked) - 1))
                asked[place] = replace(asked[place], was=(*asked[place].was, other.id))
    return replace(questionnaire, questions=tuple({one.id: one for one in asked}.values()))


@st.composite
def edits(draw: st.DrawFn, question: Question) -> tuple[Question, ...]:
    """What replaces one question."""
    new = draw(questions("new", ()))
    match draw(
        st.sampled_from(
            ["remove", "add", "rename", "restage", "kind", "bounds", "options", "options", "options", "was"]
        )
    ):
        case "remove":
            return ()
        case "add":
            return (question, new)
        case "rename":
            return (replace(question, id=f"{question.id}_x", was=(*draw(some(question.was)), question.id)),)
        case "restage":
            return (replace(question, stage=draw(st.sampled_from(Stage)), section=draw(st.sampled_from("ab"))),)
        case "kind":
            return (replace(new, id=question.id, was=question.was),)
        case "was":
            return (replace(question, was=draw(some(question.was))),)
        case "bounds":
            names = ("least", "most", "minimum", "maximum", "max_length", "own_words", "optional", "sensitive")
            taken = draw(some(names))
            return (replace(question, **{name: getattr(new, name) for name in taken}),)
    return (replace(question, options=draw(other_options(question.options))),) if question.options else (question,)


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.booleans(), min_size=len(names), max_size=len(names)).map(
        lambda kept: tuple(name for name, keep in zip(names, kept, strict=True) if keep)
    )


@st.composite
def other_options(draw: st.DrawFn, options: tuple[Option, ...]) -> tuple[Option, ...]:
    found = list(options)
    place = draw(st.integers(0, len(found) - 1))
    one = found[place]
    match draw(st.sampled_from(["rename", "merge", "split", "remove", "add", "order", "role", "was"])):
        case "rename":
            found[place] = replace(one, id=f"{one.id}x", was=(*draw(some(one.was)), one.id))
        case "merge" if len(found) > 1:
            other = found.pop(draw(st.integers(0, len(found) - 1)))
            place = draw(st.integers(0, len(found) - 1))
            found[place] = replace(found[place], was=(*found[place].was, *other.was, other.id))
        case "split":
            found[place : place + 1] = [replace(one, id=f"{one.id}{end}", was=(one.id,)) for end in "yz"]
        case "remove" if len(found) > 1:
            del found[place]
        case "add":
            found.insert(place, Option("new"))
        case "order":
            found = draw(st.permutations(found))
        case "role":
            found[place] = replace(one, exclusive=draw(st.booleans()), unsure=draw(st.booleans()))
        case "was":
            found[place] = replace(one, was=draw(some(one.was)))
    return tuple({option.id: option for option in found}.values())


def plain(questionnaire: Questionnaire) -> Questionnaire:
    """A version in which everything is asked of everybody, so that only the edit matters."""
    asked = tuple(replace(one, ask_if=None) for one in questionnaire.questions)
    return replace(questionnaire, questions=asked, refresh=None)
