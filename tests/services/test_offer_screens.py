"""Every screen about offers in every language: a message a messenger takes, whatever there is to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.content.loader import Content
from bot.core.conditions import Condition, Fact, Not, Test, compiled
from bot.core.engine import Answer, Status
from bot.core.message import Button, Screen, Text
from bot.core.offers import Kind, Need, Offer
from bot.core.questionnaire import Kind as Asked
from bot.core.questionnaire import Question
from bot.services import places
from bot.services.buttons import of_card
from bot.services.offers import offer_screens, reasons
from bot.services.offers.offer_screens import PAGE, mine, offer_card, offer_list
from bot.services.offers.reasons import Answers, match
from bot.services.offers.shown import Date, Fit, Match, Own, Shown, Standing
from bot.services.reply import Card
from bot.services.rights.privacy_screen import terms
from bot.services.view import ui
from tests.services.limits import check
from tests.services.talk import Talk, buttons
from tests.services.test_screens import longest

START = datetime(2027, 1, 14, 18, 0)  # noqa: DTZ001 - local
LANGUAGES = ("de", "en", "ar", "fa", "fr", "ru", "uk", "tr")
NOBODY = Answers(lambda _: None, {})
HELD = Own(2**31, Standing.HELD, START, 12)
OWNS = (None, *(Own(2**31, standing, START, 12) for standing in Standing if standing is not Standing.NONE))


def date(number: int = 2**31, **more: object) -> Date:
    given: dict[str, object] = {"minutes": 90, "room": "Raum " + "1" * 20, "deadline": START, "seats": 0}
    return Date(number, START + timedelta(days=number % 7), **{**given, **more})  # type: ignore[arg-type]


def shown(offer: Offer, own: Own | None, **more: object) -> Shown:
    """An offer with as much to say as there can be."""
    missing = tuple(Text(f"offers.{offer.id}.title") for _ in range(3))
    dates = (date(own=own), date(3, cancelled=True), date(4, closed=True), date(5, seats=None, place="Anderswo"))
    found = Match(offer, Fit.POSSIBLE, missing, missing)
    return Shown(found, dates, more_dates=99, seats=0, deadline=START, own=own, **more)  # type: ignore[arg-type]


def draw(content: Content, screen: Screen, language: str) -> str:
    """The screen is a message in that language; its words."""
    check(content, Card(1, language, 1, screen), language)
    return content.texts.render(language, screen).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", OWNS)
def test_every_offer_however_one_stands_with_it(content: Content, language: str, own: Own | None) -> None:
    for offer in content.offers.values():
        for silent in ((terms(content, "reminders"), (Button(ui("consent.yes"), "agree.reminders.0"),)), None):
            card = offer_card(shown(offer, own), registers=True, silent=silent)
            assert content.texts.label(language, Text(f"offers.{offer.id}.title")) in draw(content, card, language)
        draw(content, offer_card(shown(offer, None, closed=True), registers=False), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("begins", "said"), [("none", "option.none"), (None, None), ("here", None)])
def test_levels_are_said_in_the_words_of_the_questions(
    content: Content, language: str, begins: str | None, said: str | None
) -> None:
    course = next(one for one in content.offers.values() if one.level_to)
    changed = replace(course, level_from=begins, level_to="A1")
    found = Shown(match(content, changed, NOBODY), (), level=reasons.level(content, changed))
    card = draw(content, offer_card(found, registers=True), language)
    assert "A1" in card
    if said is not None:
        assert content.texts.label(language, Text(f"questionnaire.german_level.{said}")) in card
    else:
        assert begins is None or begins in card


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_and_ones_own(content: Content, language: str) -> None:
    every = [shown(offer, replace(HELD, registration=number)) for number, offer in enumerate(content.offers.values())]
    many = [replace(one, match=replace(one.match, fit=Fit(number % 4))) for number, one in enumerate(every)]
    for page in (0, 1, 10**6):
        draw(content, offer_list("courses", page, many), language)
    draw(content, offer_list("events", 0, ()), language)
    for page in (0, 1, 10**6):
        draw(content, mine(many, page), language)
    draw(content, mine(()), language)


def test_ones_own_are_bounded_however_many_there_are(content: Content) -> None:
    """Who is registered for all there is still gets a message, and finds everything by turning pages."""
    held = [replace(shown(offer, OWNS[1]), own=OWNS[1]) for offer in content.offers.values()] * 3
    pages = [Card(1, "de", 1, mine(held, page)) for page in range(len(held) // PAGE + 1)]
    for page in pages:
        assert len(content.texts.render("de", page.screen).text) < 4096 / 2
    named = [one.action for page in pages for one in buttons(page) if one.action.startswith("offer.")]
    assert named == [f"offer.{one.offer.id}" for one in held]
    turns = [[one.action for one in buttons(page) if one.action.startswith("page.")] for page in pages]
    assert turns[0] == ["page.1"]
    assert turns[1] == ["page.0", "page.2"]
    assert turns[-1] == [f"page.{len(pages) - 2}"]


def test_a_page_leads_to_those_around_it(content: Content) -> None:
    several = [
        replace(one, match=replace(one.match, offer=replace(one.match.offer, id=f"o{number}")))
        for number, one in enumerate([shown(next(iter(content.offers.values())), None)] * (2 * PAGE + 1))
    ]
    pages = [buttons(Card(1, "de", 1, offer_list("courses", page, several))) for page in (0, 1, 2)]
    turns = [[one.action for one in page if one.action.startswith("offers.courses")] for page in pages]
    assert turns == [["offers.courses.1"], ["offers.courses.0", "offers.courses.2"], ["offers.courses.1"]]
    named = [one.action for page in pages for one in page if one.action.startswith("offer.")]
    assert named == [f"offer.o{number}" for number in range(2 * PAGE + 1)]


def test_the_best_come_first(content: Content) -> None:
    offers = list(content.offers.values())[:4]
    found = [Shown(Match(one, fit, (), ()), ()) for one, fit in zip(offers, reversed(Fit), strict=True)]
    listed = [one.action for one in buttons(Card(1, "de", 1, offer_list("courses", 0, found)))]
    assert listed[:4] == [f"offer.{one.id}" for one in reversed(offers)]


def operands(content: Content, question: Question) -> list[tuple[Test, object]]:
    """Every comparison a question's answers allow, with operands."""
    options = [one.id for one in question.options if not one.unsure]
    match question.kind:
        case Asked.MULTIPLE:
            return [(Test.INCLUDES, options[0])]
        case Asked.NUMBER:
            return [(test, question.minimum) for test in (Test.IS, Test.AT_LEAST, Test.AT_MOST)]
        case Asked.MONTH_YEAR:
            return [(test, "2026-03") for test in (Test.IS, Test.AT_LEAST, Test.AT_MOST)]
        case Asked.SCALE | Asked.COMPUTED:
            ranked = [(test, options[1]) for test in (Test.IS, Test.AT_LEAST, Test.AT_MOST)]
            return [*ranked, (Test.ONE_OF, tuple(options[:2])), (Test.ONE_OF, tuple(options))]
        case Asked.LIST:
            keys = content.texts.keys(f"list.{question.list_name}.")
            items = tuple(key.split(".")[2] for key in keys if key.count(".") == 2)[:2]
            return [(Test.IS, items[0]), (Test.ONE_OF, items)]
        case Asked.SHORT_TEXT | Asked.LONG_TEXT | Asked.STATEMENT:
            return []
    return [(Test.IS, options[0]), (Test.ONE_OF, tuple(options[:2]))]


def comparisons(content: Content) -> Iterator[Fact]:
    """Every kind of question with every comparison."""
    for question in content.questionnaire.questions:
        if not question.kind.is_answered and question.kind is not Asked.COMPUTED:
            continue
        ranks = tuple(one.id for one in question.options if not one.unsure)
        for test, operand in [*operands(content, question), (Test.ANSWERED, True), (Test.ANSWERED, False)]:
            yield Fact(question.id, test, operand, ranks if test in {Test.AT_LEAST, Test.AT_MOST} else ())  # type: ignore[arg-type]


def wanted(content: Content, condition: Condition, answers: Answers) -> Match:
    return match(content, Offer("advice", Kind.COURSE, needs=(Need(condition),)), answers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_need_can_be_explained_in_every_language(content: Content, language: str) -> None:
    """Whatever a condition compares: what is missing is a sentence of that language, with what it is about."""
    said: set[str] = set()
    for fact in comparisons(content):
        label = Text(f"questionnaire.{fact.question}.short")
        for condition in (fact, Not(fact)):
            missing = wanted(content, condition, NOBODY).missing
            holds = compiled(condition)(NOBODY.lookup)
            assert bool(missing) is (holds is not True)
            for text in missing:
                said.add(text.key)
                assert content.texts.spoken(language, Screen(((text,),))) == language
                assert content.texts.label(language, label) in content.texts.label(language, text)
    # The sentences that are said are those there are.
    others = {
        f"ui.why.{one}"
        for one in ("because", "briefly", "briefly_two", "missing", "unclear", "everybody", "own", "questions")
    }
    assert said == {one for one in content.texts.keys("ui.why.") if one not in others}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_can_be_a_reason_in_every_language(content: Content, language: str) -> None:
    """Whatever somebody has said, and however it was compared: it is a reason they recognise."""
    asked = content.questionnaire.by_id
    sure = {one.id: tuple(option for option in one.options if not option.unsure) for one in asked.values()}
    given = {
        name: longest(replace(one, options=sure[name]))
        for name, one in asked.items()
        if one.kind.is_answered or one.kind is Asked.COMPUTED
    }
    answers = Answers(lambda name: given[name].value, given)
    told = set()
    for fact in comparisons(content):
        holds = compiled(fact)(answers.lookup)
        found = wanted(content, fact if holds else Not(fact), answers)
        assert found.open
        (reason,) = found.because
        assert content.texts.spoken(language, Screen(((reason,),))) == language
        label = content.texts.label(language, Text(f"questionnaire.{fact.question}.short"))
        assert content.texts.label(language, reason).startswith(label)
        told.add(asked[fact.question].kind)
    assert told == {one.kind for one in asked.values() if one.id in given}


def test_one_hears_ones_own_answer_as_the_reason(content: Content) -> None:
    given = {"level": Answer(Status.COMPUTED, "B2"), "goals": Answer(Status.GIVEN, ("degree", "job"))}
    answers = Answers(lambda name: given[name].value if name in given else None, given)
    offers = content.offers
    degree, campus = match(content, offers["info_degree"], answers), match(content, offers["campus_c1"], answers)
    said = [content.texts.label("de", one) for one in degree.because]
    assert (degree.fit, said) == (Fit.RECOMMENDED, ["Ziele: Studieren"])
    assert campus.fit is Fit.NEAR
    assert [content.texts.label("de", one) for one in campus.missing] == [
        "ein Schulabschluss, mit dem man studieren darf"
    ]
    nobody = match(content, offers["iqui_b2"], NOBODY)
    assert [content.texts.label("de", one) for one in nobody.missing] == ["Niveau: mindestens B1"]
    assert reasons.NEAR == 2
    assert offer_screens.LISTED["events"] == {Kind.EVENT, Kind.ADVICE}


@pytest.mark.parametrize(("level", "fit"), [("A1", Fit.OTHER), ("A2", Fit.NEAR), ("B1", Fit.RECOMMENDED)])
def test_what_nearly_fits_is_at_most_one_level_away(content: Content, level: str, fit: Fit) -> None:
    given = {"level": Answer(Status.COMPUTED, level), "goals": Answer(Status.GIVEN, ("german",))}
    answers = Answers(lambda name: given[name].value if name in given else None, given)
    assert match(content, content.offers["iqui_b2"], answers).fit is fit


def test_ones_own_turn_like_the_lists(talk: Talk) -> None:
    talk.finish()
    talk.command("mine")
    assert talk.actions == ["offers.courses.0", "offers.events.0", "offers.openings.0", "path.0", "resume", "talk"]
    newest = talk.drawn[-1]
    for page in ("1", "99", "x"):
        talk.tap_data(f"{of_card(talk.drawn[-1].card.version)}page.{page}", talk.drawn[-1].message)
        assert talk.place == places.MINE
        assert talk.drawn[-1].card.screen == newest.card.screen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_says_in_one_line_why_something_fits(content: Content, language: str) -> None:
    given = {
        "level": Answer(Status.COMPUTED, "B2"),
        "goals": Answer(Status.GIVEN, ("job", "apprenticeship")),
        "paper": Answer(Status.GIVEN, "yes"),
    }
    answers = Answers(lambda name: given[name].value if name in given else None, given)
    found = match(content, content.offers["nursing_training"], answers)
    text = draw(content, offer_list("openings", 0, [Shown(found, ())]), language)
    (line,) = (one for one in text.splitlines() if "✓" in one)
    goal = content.texts.label(language, Text("questionnaire.goals.option.apprenticeship"))
    assert re.sub("[\u2066-\u2069\u200e\u200f]", "", line) == f"✓ B2 · {goal}"
    paper = match(content, Offer("advice", Kind.COURSE, needs=(Need(Fact("paper", Test.IS, "yes")),)), answers)
    (brief,) = paper.briefly
    label = content.texts.label(language, Text("questionnaire.paper.short"))
    assert content.texts.label(language, brief).startswith(label), "a yes alone says nothing"  # type: ignore[arg-type]


def test_what_lacks_something_says_that_and_not_why_it_fits(content: Content) -> None:
    given = {"level": Answer(Status.COMPUTED, "A2"), "goals": Answer(Status.GIVEN, ("job", "apprenticeship"))}
    answers = Answers(lambda name: given[name].value if name in given else None, given)
    found = match(content, content.offers["nursing_training"], answers)
    text = draw(content, offer_list("openings", 0, [Shown(found, ())]), "de")
    assert "✗" in text
    assert "✓" not in text
