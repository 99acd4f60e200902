"""Every screen said once in every language before anybody sees it: what a messenger would refuse is a fault.

Part of `lotse check` and of every start. The content room checks texts one by one; how long a whole card gets is
known only here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.content import told_apart
from bot.content.checks import LONGEST_MESSAGE
from bot.content.faults import Fault, Level
from bot.content.forms_file import FOLDER as FORMS_FOLDER
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import utf16
from bot.content.room import Room
from bot.content.voice import UnsayableError
from bot.core.engine import Age, Answer, State, Status
from bot.core.message import Button, Screen
from bot.core.months import as_value
from bot.core.paths import asked_of_nobody, longest_path
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question
from bot.db.people.participants import Hours
from bot.services import places, screens
from bot.services.buttons import of_card
from bot.services.preferences import telling, zones
from bot.services.preferences.preferences import of_columns
from bot.services.preferences.settings import LONGEST_NAME
from bot.services.rehearsals import own_texts, rehearsed_offers, rehearsed_path
from bot.services.rehearsals.rehearsed_offers import Rehearsed
from bot.services.rights import privacy_screen
from bot.services.staff.forms import forms
from bot.services.staff.forms.forms import title_of
from bot.services.staff.texts import staff_text
from bot.services.view import Found, View, has_text

MOST_ANSWERS = 12
"""Longer first passes are not finished on a phone."""
SOME_DAY = datetime(2026, 12, 30, tzinfo=UTC)
LONGEST_DATA = 64
"""Bytes a button of Telegram may carry."""
LARGEST_VERSION = 999_999_999
NOTICES = 400
"""Units kept free for a notice on top of a card."""


def faults(content: Content) -> list[Fault]:
    """What `lotse check` says of whole content: `cards`, ways that are too long, and what is asked in vain."""
    file = f"{content.town.id}/questionnaire.yaml"
    found = [*cards(content, every=True), *_unreached(content), *told_apart.faults(content)]
    longest = longest_path(content.questionnaire)
    if longest is None:
        what = "There are too many cases to tell how long the first pass can get"
        return [*found, Fault(file, 1, what, "Walk through it with 'lotse play'", Level.HINT)]
    if longest > MOST_ANSWERS:
        what = f"There is a way of {longest} questions through the first pass; {MOST_ANSWERS} are the most"
        mend = "Ask fewer, or ask some only where they matter (ask_if)"
        return [*found, Fault(file, 1, what, mend, Level.WARNING)]
    return found


def _unreached(content: Content) -> list[Fault]:
    """Questions whose condition holds for nobody, whatever people answer."""
    mend = "Look at its 'ask_if', and at those of the questions it asks about"
    return [
        Fault(*_place(content, name), f"No way leads to the question '{name}'", mend, Level.WARNING)
        for name in sorted(asked_of_nobody(content.questionnaire) or ())
    ]


def _place(content: Content, question: str) -> tuple[str, int]:
    """Where a question stands; a computed one asks nothing, and is named by its label."""
    key = f"questionnaire.{question}.ask"
    return content.texts.place(key if has_text(content, key) else f"questionnaire.{question}.short")


def cards(content: Content, *, every: bool = False) -> list[Fault]:
    """The bot's own texts that are missing, and cards longer than a message: those refuse a start.

    All are said in German; in other languages those that could get too long, or (`every`) all. What is alike in all
    languages and fits in each need not even be built again.
    """
    found = own_texts.faults(content)
    if any(fault.level is Level.ERROR for fault in found):
        return found  # no card can be built without them
    content = replace(content, texts=content.texts.with_more({}, {}))  # else all that is said here would be kept
    room = Room(content.texts, telling.named(SOME_DAY.replace(tzinfo=None)))
    german = [(one, one.build()) for one in _all_screens(content, SOURCE_LANGUAGE)]
    found += actions_too_long(german)
    said = [_said(content, SOURCE_LANGUAGE, one, screen) for one, screen in german]
    long = {(one.name, one.place) for one, screen in german if not _surely_fits(room, screen)}
    for language in content.languages:
        for one in _all_screens(content, language) if language != SOURCE_LANGUAGE else ():
            if one.alike and not every and (one.name, one.place) not in long:
                continue
            screen = one.build()
            if every or not _surely_fits(room, screen):
                said.append(_said(content, language, one, screen))
    found += [one for one in said if one is not None]
    return list(dict.fromkeys(found))


def _surely_fits(room: Room, screen: Screen) -> bool:
    """Whether it fits in every language."""
    return room.of(screen) <= LONGEST_MESSAGE - NOTICES


def _said(content: Content, language: str, one: Rehearsed, screen: Screen) -> Fault | None:
    """What is wrong with a card, said in a language; None where nothing is."""
    try:
        length = utf16(content.texts.render(language, telling.all_named(screen)).text)
    except UnsayableError as problem:
        mend = "Take it out, or name it as the text was first written"
        return Fault(*content.texts.place(problem.key), str(problem), mend)
    if length <= LONGEST_MESSAGE - NOTICES:
        return None
    of_all = f"takes {length} of a message's {LONGEST_MESSAGE} characters"
    mend = f"Shorten its texts, so that {NOTICES} are left for a notice on top"
    return Fault(*one.place, f"In '{language}' the card '{one.name}' {of_all}", mend)


_FILES = dict.fromkeys((places.QUESTIONS, places.PROFILE), "questionnaire.yaml")
"""Where the texts of a card stand that are not the town's own."""


def actions_too_long(cards: Sequence[tuple[Rehearsed, Screen]]) -> list[Fault]:
    """Buttons whose data a messenger refuses; the shapes of the ids see to it that there are none."""
    actions = {
        one.action: card.place
        for card, screen in cards
        for row in screen.rows
        for one in row
        if isinstance(one, Button)
    }
    return [
        Fault(*place, f"The button '{action}' has more than {LONGEST_DATA} bytes of data", "Use shorter ids")
        for action, place in sorted(actions.items())
        if len(f"{of_card(LARGEST_VERSION)}{action}".encode()) > LONGEST_DATA
    ]


def _all_screens(content: Content, language: str) -> Iterator[Rehearsed]:
    """Each screen as long as it can get."""
    view = _longest_view(content, language)
    for name, of in (*_places(view), *_settings(view)):
        place = f"{content.town.id}/{_FILES.get(name, 'town.yaml')}", 1
        yield Rehearsed(name, partial(screens.build, name, of), place, alike=True)
    for question, of in _question_cards(view):
        card = partial(screens.build, places.QUESTIONS, of)
        yield Rehearsed(places.QUESTIONS, card, _place(content, question), alike=True)
    if language == SOURCE_LANGUAGE:  # staff's
        yield from _forms(content)
    yield from rehearsed_offers.of_offers(view)
    yield from rehearsed_offers.of_reminders(view)
    yield from rehearsed_path.of_path(view)


def _forms(content: Content) -> Iterator[Rehearsed]:
    """Every card of staff's forms, and the check at the end."""
    for name, form in content.forms.items():
        asked = replace(form, questions=tuple(replace(one, ask_if=None) for one in form.questions))
        answers = {one.id: _longest(one) for one in asked.questions}
        place = f"{content.town.id}/{FORMS_FOLDER}/{name}.yaml", 1
        for question in (*asked.questions, None):
            state = State(answers, question.id if question is not None else None)
            view = View(content, SOURCE_LANGUAGE, state, form=asked, now=SOME_DAY)
            about = staff_text("form.meeting", title=title_of(asked), when=SOME_DAY.replace(tzinfo=None))
            yield Rehearsed(question.id if question is not None else name, partial(forms.drawn, view, about), place)


def _longest_view(content: Content, language: str) -> View:
    """A person who has been asked everything and given the longest answers."""
    questionnaire = content.questionnaire
    # Asked of everybody, so that one state shows every line there may be.
    unconditional = replace(
        questionnaire, questions=tuple(replace(one, ask_if=None) for one in questionnaire.questions)
    )
    everything = replace(content, questionnaire=unconditional)
    answers = {one.id: _longest(one) for one in questionnaire.questions}
    every = tuple(one.id for one in questionnaire.questions if one.kind.is_answered)
    return View(
        everything,
        language,
        State(answers),
        Found(
            consents={one.id: SOME_DAY for one in content.town.consents},
            again=tuple(one for one in every if one in questionnaire.remembered),
            news=every,
            has_said=True,
        ),
        now=SOME_DAY,
        phone_language=language,
        more=True,
        given_at=dict.fromkeys(answers, SOME_DAY),
    )


def _places(view: View) -> Iterator[tuple[str, View]]:
    for place in screens.PLACES:
        yield place, view


def _question_cards(view: View) -> Iterator[tuple[str, View]]:
    """Each question by its name, with what can stand on its card."""
    answers = view.state.answers if view.state is not None else {}
    due = {name: replace(given, age=Age.DUE) for name, given in answers.items()}
    for question in view.content.questionnaire.questions:
        if question.kind is Kind.COMPUTED:
            continue
        for draft in _drafts(question):
            state = State(due, question.id, draft)
            yield question.id, replace(view, state=state)


def _settings(view: View) -> Iterator[tuple[str, View]]:
    """Its parts, and the whole with the town's hours and zone, with one's own and with none."""
    clocks = (f"clock.{ahead}" for ahead in zones.by_clock(view.now))
    for focus in privacy_screen.PAGES:
        yield places.PRIVACY, replace(view, focus=focus)
    for consent in view.content.town.consents:
        yield places.PRIVACY, replace(view, focus=f"{privacy_screen.CONSENT}{consent.id}")
    for focus in ("start", "end.22", "cap", "zone", "name", *clocks):
        yield places.SETTINGS, replace(view, focus=focus)
    for quiet, zone in ((None, None), ("22:00-07:00", "America/Argentina/Buenos_Aires"), ("off", None)):
        chosen = replace(of_columns(Hours(quiet, zone), None, None, view.content.town), name="w" * LONGEST_NAME)
        yield places.SETTINGS, replace(view, messages=chosen)


def _drafts(question: Question) -> tuple[tuple[str, ...], ...]:
    """What can stand on the card of a question before it is answered."""
    match question.kind:
        case Kind.MULTIPLE:
            return (tuple(option.id for option in question.options),)
        case Kind.MONTH_YEAR:
            return (), (str(SOME_DAY.year - 1),)
        case Kind.LIST:
            return (), (*question.common, OWN_WORDS + "w" * question.max_length)
    return ((),)


def _longest(question: Question) -> Answer:
    """An answer that takes as much room as one can."""
    match question.kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return Answer(Status.GIVEN, "w" * question.max_length)
        case Kind.MONTH_YEAR:
            return Answer(Status.GIVEN, as_value(SOME_DAY.year, SOME_DAY.month))
        case Kind.LIST:
            return Answer(Status.GIVEN, OWN_WORDS + "w" * question.max_length)
        case Kind.STATEMENT:
            return Answer(Status.GIVEN, SEEN)
        case Kind.NUMBER:
            return Answer(Status.GIVEN, question.maximum)
        case Kind.MULTIPLE:
            shared = tuple(option.id for option in question.options if not option.exclusive)
            return Answer(Status.GIVEN, shared[: question.most or len(shared)] or (question.options[0].id,))
        case Kind.DAY:
            return Answer(Status.GIVEN, SOME_DAY.date().isoformat())
        case Kind.TIME:
            return Answer(Status.GIVEN, "23:30")
        case _:
            return Answer(Status.GIVEN, question.options[0].id)
