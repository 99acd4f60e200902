"""A tap on a button of a card. The card's version in the button says whether it is still alive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core import engine
from bot.core.engine import Code, Input, Step
from bot.services import buttons, places, welcome
from bot.services.deliveries import letters
from bot.services.offers import calendar, joining
from bot.services.openings import interest_taps
from bot.services.path import path_taps
from bot.services.phones import carrying, phone, sharing
from bot.services.preferences import settings
from bot.services.questions import asking, catching_up
from bot.services.questions.asking import Asking
from bot.services.questions.problems import problem_said
from bot.services.questions.reopening import reopen
from bot.services.reply import Reply
from bot.services.rights import own_data, rights, young
from bot.services.staff import verbs as staff
from bot.services.threads import talking
from bot.services.turn import Turn, Visitor
from bot.services.view import local_day, ui
from bot.services.visit import Visit, load

Perform = Callable[[Visit, tuple[str, ...], int | None], Reply]


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button: its data, and the message it stands in."""

    data: str
    message: int


def tap(turn: Turn, visitor: Visitor, pressed: Tap) -> Reply:
    """Do what the button says, if its card is alive; else show the card that is."""
    visit = load(turn, visitor)
    if visit is None:  # erased, or never begun
        return welcome.nobody(turn, visitor)
    button = buttons.read(pressed.data)
    chat = visit.chat
    if button is not None and button.delivery is not None:
        return letters.tap(visit, button.delivery, button.verb, button.arguments, pressed.message)
    if visit.dismissed:
        return staff.refuse(visit, pressed.message)
    if button is None or button.version is None or visit.displaced:
        return _stale(visit, pressed)
    if not chat.card_since <= button.version <= chat.card_version:
        return _stale(visit, pressed)
    return perform(visit, button.action, pressed.message)


def perform(visit: Visit, action: str, tapped: int | None) -> Reply:
    """Do the action of a living button, wherever it was found: tapped, or typed as its label."""
    verb, *arguments = action.split(".")
    if visit.place == places.STAFF:
        return staff.press(visit, verb, tuple(arguments), tapped)
    place = SUMMARY if visit.place == places.QUESTIONS and visit.state and visit.state.at is None else visit.place
    found = _VERBS[place].get(verb)
    if found is None and place == places.MERGED:  # the former card: its buttons lead nowhere any more
        return visit.reply(tapped=tapped)
    if found is None or len(arguments) != found.arguments:
        return visit.only(ui("notice.use_buttons"))
    return found.perform(visit, tuple(arguments), tapped)


def _stale(visit: Visit, pressed: Tap) -> Reply:
    """An old button changes nothing. The card is shown again, unless it stands in the tapped message itself."""
    others = phone.not_theirs(visit.people, visit.participant)
    if pressed.message == visit.chat.card_message:
        owed = visit.displaced or visit.chat.shown_version < visit.chat.card_version
        return visit.reply(toast=others, tapped=pressed.message) if owed else visit.only(others)
    # The living card moves down, and the one that was tapped loses its dead buttons too.
    return visit.reply(toast=others or ui("notice.old_card"), dead=pressed.message)


def answer(visit: Visit, given: Input, tapped: int | None) -> Reply:
    """Give an input to the question on the card."""
    if visit.state is None:
        return visit.only()
    return _stepped(visit, engine.answer(visit.questionnaire, visit.state, given), tapped)


def _stepped(visit: Visit, step: Step, tapped: int | None) -> Reply:
    """Take over what an input led to, or say why it was not taken."""
    if step.problem is not None:
        said = problem_said(step.problem)
        if tapped is None:
            return visit.reply(said)
        # The content has changed under the card: it is drawn anew, with the options there are now.
        outdated = step.problem.code in {Code.NOT_AN_OPTION, Code.WRONG_KIND}
        return visit.reply(toast=said, tapped=tapped) if outdated else visit.only(said)
    moved, offer = visit.state is None or visit.state.at != step.state.at, visit.chat.focus
    visit.state = step.state
    if moved and offer is not None:  # the question was opened for an offer: what does the answer make of it?
        path_taps.come_back(visit, offer)
    return visit.reply(tapped=tapped)


def _ask(verb: str) -> Perform:
    def perform_ask(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        if visit.state is None:
            return visit.only()
        today = local_day(visit.turn.content, visit.turn.now)
        step = asking.press(Asking(visit.questionnaire, visit.state, today), verb, arguments)
        return visit.only(ui("notice.use_buttons")) if step is None else _stepped(visit, step, tapped)

    return perform_ask


def _change(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Open one answered question from the summary."""
    if not reopen(visit, arguments[0], engine.change):
        return visit.only(ui("notice.use_buttons"))
    return visit.reply(tapped=tapped)


def _change_for_offer(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Open a question that decides about the offer on the card. Once it is answered, that card comes again."""
    offer = visit.chat.focus
    if not reopen(visit, arguments[0]):
        return visit.only(ui("notice.use_buttons"))
    visit.look_at(None, offer)
    visit.greets = False
    return visit.reply(tapped=tapped)


def _continue(visit: Visit, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Go on from an unfinished profile to the first unanswered question, also where the end was reached before."""
    questionnaire, state = visit.questionnaire, visit.state
    ended = visit.chat.screen in {places.DONE, places.CONSENTS_END}
    if ended and state is not None and engine.frontier(questionnaire, state.answers) is not None:
        visit.state = engine.resume(questionnaire, replace(state, at=None))
        visit.go(places.QUESTIONS)
    return welcome.go_on(visit, tapped)


def _show(visit: Visit, detour: str, focus: str | None, tapped: int | None) -> Reply:
    visit.look_at(detour, focus)
    return visit.reply(tapped=tapped)


def _look(detour: str) -> Perform:
    def perform_look(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
        visit.look_at(detour)
        return visit.reply(tapped=tapped)

    return perform_look


@dataclass(frozen=True, slots=True)
class Verb:
    """What a button's verb does, and how many arguments it has."""

    perform: Perform
    arguments: int = 0


_RESUME = Verb(lambda visit, _, tapped: welcome.go_on(visit, tapped))
_TALK = Verb(lambda visit, _, tapped: talking.open_talk(visit, tapped))
_AGREE = Verb(lambda visit, given, tapped: rights.switch(visit, given[0], given[1], tapped), 2)
_AGE = Verb(lambda visit, given, tapped: welcome.answer_age(visit, given[0], tapped), 1)
_NEXT = Verb(lambda visit, _, tapped: welcome.next_step(visit, tapped))
_SUMMARY = {
    "change": Verb(_change, 1),
    "confirm": Verb(lambda visit, _, tapped: welcome.confirm_summary(visit, tapped)),
    "resume": Verb(_continue),
}
_MORE = Verb(lambda visit, _, tapped: catching_up.tell_more(visit, tapped))
_LATER = Verb(lambda visit, _, tapped: catching_up.not_now(visit, tapped))
_BROWSE = {
    "offers": Verb(lambda visit, given, tapped: _show(visit, places.OFFERS, ".".join(given), tapped), 2),
    "offer": Verb(lambda visit, given, tapped: _show(visit, places.OFFER, given[0], tapped), 1),
    "mine": Verb(lambda visit, _, tapped: _show(visit, places.MINE, None, tapped)),
    "path": Verb(lambda visit, given, tapped: _show(visit, places.PATH, given[0], tapped), 1),
}
_NAME = Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, settings.NAME, tapped))
_OWN_SEATS = {
    "leave": Verb(lambda visit, given, tapped: joining.give_back(visit, given[0], tapped), 1),
    "no_interest": Verb(lambda visit, given, tapped: interest_taps.drop(visit, given[0], tapped), 1),
    "take": Verb(lambda visit, given, tapped: joining.take(visit, given[0], tapped), 1),
}
_SEATS = {
    **_OWN_SEATS,
    "name": _NAME,
    "join": Verb(lambda visit, given, tapped: joining.join(visit, given[0], given[1], tapped), 2),
    "calendar": Verb(lambda visit, given, _: calendar.of_offer(visit, given[0]), 1),
    "interest": Verb(lambda visit, given, tapped: interest_taps.interested(visit, given[0], tapped), 1),
    "interest_yes": Verb(
        lambda visit, given, tapped: interest_taps.interested(visit, given[0], tapped, asked=True), 1
    ),
    "interest_no": Verb(lambda visit, given, tapped: interest_taps.refused(visit, given[0], tapped), 1),
    "unwanted": Verb(lambda visit, given, tapped: interest_taps.want_no_more(visit, given[0], tapped), 1),
}
_AROUND = {
    **_BROWSE,
    "resume": _RESUME,
    "profile": Verb(_look(places.PROFILE)),
    "privacy": Verb(_look(places.PRIVACY)),
}
_PATH = {
    **_AROUND,
    "agree": _AGREE,
    "step": Verb(lambda visit, given, tapped: _show(visit, places.STEP, given[0], tapped), 1),
    "ticked": Verb(lambda visit, given, tapped: path_taps.ticked(visit, given[0], given[1], tapped), 2),
    "change": Verb(lambda visit, given, tapped: path_taps.change(visit, given[0], tapped), 1),
}
_SETTINGS = {
    "settings": Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, None, tapped)),
    "topic": Verb(lambda visit, given, tapped: settings.switch(visit, given[0], given[1], tapped), 2),
    "quiet": Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, "start", tapped)),
    "start": Verb(lambda visit, given, tapped: _show(visit, places.SETTINGS, f"end.{given[0]}", tapped), 1),
    "end": Verb(lambda visit, given, tapped: settings.quiet(visit, given[0], given[1], tapped), 2),
    "loud": Verb(lambda visit, _, tapped: settings.no_quiet(visit, tapped)),
    "usual": Verb(lambda visit, _, tapped: settings.usual_quiet(visit, tapped)),
    "cap": Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, "cap", tapped)),
    "name": _NAME,
    "nameless": Verb(lambda visit, _, tapped: settings.nameless(visit, tapped)),
    "zone": Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, "zone", tapped)),
    "clock": Verb(lambda visit, given, tapped: _show(visit, places.SETTINGS, f"clock.{given[0]}", tapped), 1),
    "live": Verb(lambda visit, given, tapped: settings.zone(visit, given[0], tapped), 1),
    "here": Verb(lambda visit, _, tapped: settings.town_zone(visit, tapped)),
    "most": Verb(lambda visit, given, tapped: settings.cap(visit, given[0], tapped), 1),
    "people": Verb(_look(places.PEOPLE)),
    "paper": Verb(_look(places.PAPER)),
}
SUMMARY = "summary"
"""The place of the questions when none is open."""
_OF_PLACES: dict[str, dict[str, Verb]] = {
    places.LANGUAGE: {"lang": Verb(lambda visit, given, tapped: welcome.choose_language(visit, given[0], tapped), 1)},
    places.AGE: {
        "age": _AGE,
        "code": Verb(_look(places.CODE)),
    },
    places.YOUNG: {
        "young_code": Verb(lambda visit, _, tapped: young.show_code(visit, tapped)),
        "age": _AGE,
        "people": Verb(_look(places.PEOPLE)),
    },
    places.NOTICE: {"storage": Verb(lambda visit, given, tapped: welcome.answer_storage(visit, given[0], tapped), 1)},
    places.CONSENTS_START: {"agree": _AGREE, "next": _NEXT},
    places.CONSENTS_END: {"agree": _AGREE, "next": _NEXT},
    places.QUESTIONS: {
        **{name: Verb(_ask(name), one.arguments) for name, one in asking.VERBS.items()},
        "pause": Verb(_look(places.PAUSED)),
    },
    SUMMARY: _SUMMARY,
    places.DONE: {"more": _MORE, **_AROUND},
    places.MERGED: {},
    places.PARTNER: {},
    places.MOVED: {"anew": Verb(lambda visit, _, tapped: carrying.begin_anew(visit, tapped))},
    places.AGAIN: {
        "still": Verb(lambda visit, _, tapped: catching_up.still_true(visit, tapped)),
        "go": Verb(lambda visit, _, tapped: catching_up.go_through(visit, tapped)),
        "later": _LATER,
    },
    places.MORE: {"more": _MORE, "later": _LATER},
    places.PROFILE: _SUMMARY,
    places.PAUSED: _AROUND,
    places.HELP: _AROUND,
    places.IMPRINT: _AROUND,
    places.PRIVACY: {
        "agree": _AGREE,
        "consent": Verb(lambda visit, given, tapped: rights.show(visit, given[0], tapped), 1),
        "about": Verb(lambda visit, given, tapped: _show(visit, places.PRIVACY, given[0], tapped), 1),
        "mydata": Verb(lambda visit, _, __: own_data.tap(visit)),
        **_AROUND,
    },
    places.ASKED_ANEW: {"agree": _AGREE, **_AROUND},
    places.OFFERS: _AROUND,
    places.OFFER: {"agree": _AGREE, "change": Verb(_change_for_offer, 1), **_SEATS, **_AROUND},
    places.MINE: {
        "dates": Verb(lambda visit, _, __: calendar.of_everything(visit)),
        **_OWN_SEATS,
        "page": Verb(lambda visit, given, tapped: _show(visit, places.MINE, given[0], tapped), 1),
        **_AROUND,
    },
    places.SETTINGS: {**_SETTINGS, **_AROUND},
    places.PATH: _PATH,
    places.STEP: _PATH,
    places.TALK: {
        **_AROUND,
        "resume": Verb(lambda visit, _, tapped: talking.leave(visit, tapped)),
        "unsay": Verb(lambda visit, _, tapped: talking.take_back(visit, tapped)),
    },
    places.PEOPLE: {
        "speak": Verb(lambda visit, given, tapped: sharing.speak(visit, given[0], tapped), 1),
        "add_person": Verb(lambda visit, _, tapped: sharing.add(visit, tapped)),
        **_AROUND,
    },
    places.PAPER: {
        "make_code": Verb(lambda visit, _, tapped: carrying.make(visit, tapped)),
        "settings": Verb(lambda visit, _, tapped: _show(visit, places.SETTINGS, None, tapped)),
        **_AROUND,
    },
    places.CODE: _AROUND,
    places.FORGET: {"forget": Verb(lambda visit, _, tapped: rights.forget(visit, tapped)), **_AROUND},
}
_VERBS = {
    place: verbs if place in places.WITHOUT_TALK else {**verbs, "talk": _TALK} for place, verbs in _OF_PLACES.items()
}
"""Which verbs a place knows: a forged button cannot do more than the card before the person."""
