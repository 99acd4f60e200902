"""Every screen can be said in every language of the town, whole, within Telegram's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.content.loader import Content
from bot.core.engine import Answer, Code, Problem, State, Status
from bot.core.folding import fold
from bot.core.message import Screen, Text
from bot.core.questionnaire import SEEN, Kind, Question
from bot.services import places, screens
from bot.services.questions.problems import problem_said
from bot.services.reply import Card
from bot.services.view import Found, View, option_text, shown_value, ui
from tests.services.limits import check
from tests.services.talk import keys
from tests.services.test_first_pass import answers_to, telling_ways

Screens = Callable[[Content, str], Iterator[Screen]]
LANGUAGES = ("de", "en", "ar", "fa", "fr", "ru", "uk", "tr")
SINCE = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
NOTICES = (
    *("edited", "first_consent", "foreign", "forwarded", "old_card", "one_message", "only_words"),
    *("unknown_command", "use_buttons", "welcome_back"),
)
LONGEST_WORD = "w\u00f6rtlich \u0643\u0644\u0645\u0629 \U0001f600 "


def longest(question: Question) -> Answer:
    """An answer that takes as much room as an answer to that question can."""
    match question.kind:
        case Kind.STATEMENT:
            return Answer(Status.GIVEN, SEEN)
        case Kind.MONTH_YEAR:
            return Answer(Status.GIVEN, "2026-09")
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return Answer(Status.GIVEN, (LONGEST_WORD * question.max_length)[: question.max_length])
        case Kind.NUMBER:
            return Answer(Status.GIVEN, question.maximum)
        case Kind.MULTIPLE:
            shared = tuple(option.id for option in question.options if not option.exclusive)
            return Answer(Status.GIVEN, shared[: question.most or len(shared)])
        case _:
            return Answer(Status.GIVEN, question.options[-1].id)


def question_screens(content: Content, language: str) -> Iterator[Screen]:
    """Every question in every guise of its card, on some way that leads to it."""
    ways = telling_ways(content.questionnaire.first_pass)
    everything = {one.id: longest(one) for one in content.questionnaire.questions}
    show = partial(View, content, language, more=True, now=SINCE, given_at=dict.fromkeys(everything, SINCE))
    for question in content.questionnaire.questions:
        if question.kind is Kind.COMPUTED:
            continue
        way = next((one for one in ways if question.id in one), everything)
        before = {name: given for name, given in way.items() if name != question.id}
        ticked = tuple(option.id for option in question.options if question.kind is Kind.MULTIPLE)
        yield screens.build(places.QUESTIONS, show(State(before, question.id)))
        for given in (way[question.id], longest(question)):
            answers = {**way, question.id: given}
            for returning in (False, True):
                state = State(answers, question.id, ticked, returning)
                yield screens.build(places.QUESTIONS, show(state))


def summary_screens(content: Content, language: str) -> Iterator[Screen]:
    """The summary of ways with every answer that matters, as long as it gets, and with each answer there is."""
    by_id = content.questionnaire.by_id
    for way in telling_ways(content.questionnaire.first_pass):
        for answers in (way, {name: longest(by_id[name]) for name in way}):
            for place in (places.QUESTIONS, places.PROFILE):
                yield screens.build(place, View(content, language, State(answers), now=SINCE))
    for question in content.questionnaire.questions:
        if not question.kind.is_answered:
            continue
        values = list(answers_to(question))
        for given in values[:3] + values[-3:]:
            value = shown_value(content, question, given)
            label = Text(f"questionnaire.{question.id}.short")
            yield Screen(((ui("summary.line", label=label, value=value),),))
    yield screens.build(places.PROFILE, View(content, language, State({}), now=SINCE))


def other_screens(content: Content, language: str) -> Iterator[Screen]:
    """Every place that is no question, with and without consents, and the last words."""
    everything = {one.id: SINCE for one in content.town.consents}
    for place in screens.PLACES:
        if place in {places.QUESTIONS, places.PROFILE}:
            continue
        for state, consents in ((None, {}), (State({}), {}), (State({}), everything)):
            yield screens.build(
                place, View(content, language, state, Found(consents), phone_language=language, now=SINCE)
            )
    yield screens.refused()
    yield screens.erased(proven=True)
    yield screens.nothing_stored()


def words_around() -> Iterator[Text]:
    """Notices, problems and toasts."""
    yield from (ui(f"notice.{name}") for name in NOTICES)
    bounds = dict.fromkeys(("least", "most", "minimum", "maximum", "max_length"), 3)
    wanted: dict[Code, tuple[str, ...]] = {
        Code.TOO_FEW: ("least",),
        Code.TOO_MANY: ("most",),
        Code.NOT_A_NUMBER: ("minimum", "maximum"),
        Code.OUT_OF_RANGE: ("minimum", "maximum"),
        Code.OUT_OF_YEARS: ("minimum", "maximum"),
        Code.TOO_LONG: ("max_length",),
    }
    for code in Code:
        yield problem_said(Problem(code, {name: bounds[name] for name in wanted.get(code, ())}))
    yield from (ui(f"consent.{name}") for name in ("given", "withdrawn"))
    yield ui("trouble.text")
    yield ui("group.text")


def said(content: Content, screen: Screen, language: str) -> None:
    """The screen can be said in that language, whole."""
    missing = {text.key for text in keys(screen) if not content.texts.has(text.language or language, text.key)}
    assert missing == set()
    check(content, Card(1, language, 1, screen), language)


def test_a_language_that_nobody_has_begun_to_translate_asks_in_the_others_alone(content: Content) -> None:
    texts = content.texts.with_more({}, {"uk": {"ui.language.ask": None}})
    (lines,) = screens.build(
        places.LANGUAGE, View(replace(content, texts=texts), "uk", phone_language="uk", now=SINCE)
    ).blocks
    assert [one.language for one in lines if isinstance(one, Text)] == [one for one in LANGUAGES if one != "uk"]


def test_no_language_of_the_town_is_left_out_here(content: Content) -> None:
    assert set(LANGUAGES) == set(content.languages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of_kind", [question_screens, summary_screens, other_screens])
def test_every_screen_is_said_in_its_language(content: Content, of_kind: Screens, language: str) -> None:
    shown = list(of_kind(content, language))
    assert shown
    for screen in shown:
        said(content, screen, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_around_the_screens_is_said_in_its_language(content: Content, language: str) -> None:
    for text in words_around():
        said(content, Screen(((text,),)), language)
        assert content.texts.label(language, text).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_a_tap_fits_into_a_toast(content: Content, language: str) -> None:
    for text in words_around():
        if text.key not in {"ui.trouble.text", "ui.group.text"}:
            assert len(content.texts.label(language, text)) <= 200, text.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_options_of_a_question_are_typed_alike(content: Content, language: str) -> None:
    for question in content.questionnaire.questions:
        labels = [
            fold(content.texts.label(language, option_text(content, question, option.id)))
            for option in question.options
        ]
        assert len(set(labels)) == len(labels)
        assert all(labels)
