"""A tap on a button of a card. The card's version in the button says whether it is still alive."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core import engine
from bot.core.engine import Chosen, Declined, Done, Input, Problem, Skipped, State, Ticked
from bot.core.message import Text
from bot.core.questionnaire import Questionnaire
from bot.services import rights, screens, welcome
from bot.services.reply import Reply
from bot.services.screens import ui
from bot.services.visit import Turn, Visit, Visitor, load

DATA = re.compile(r"v(\d{1,9})\.([a-z_]+)((?:\.[A-Za-z0-9_]+)*)")
"""A button's data: `v<version>.<verb>.<argument>...`"""

Perform = Callable[[Visit, tuple[str, ...], int | None], Reply]


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button: its data, and the message it stands in."""

    data: str
    message: int


def data(version: int, action: str) -> str:
    """The data of a button of that card."""
    return f"v{version}.{action}"


def tap(turn: Turn, visitor: Visitor, pressed: Tap) -> Reply:
    """Do what the button says, if its card is alive; else show the card that is."""
    visit = load(turn, visitor)
    if visit is None:  # erased, or never begun
        return welcome.start(turn, visitor)
    match = DATA.fullmatch(pressed.data)
    chat = visit.chat
    if match is None or not chat.card_since <= int(match[1]) <= chat.card_version:
        return _stale(visit, pressed)
    return perform(visit, f"{match[2]}{match[3]}", pressed.message)


def perform(visit: Visit, action: str, tapped: int | None) -> Reply:
    """Do the action of a living button, wherever it was found: tapped, or typed as its label."""
    verb, *arguments = action.split(".")
    verbs = _VERBS.get(visit.place, {})
    if verb not in verbs:
        return visit.only(ui("notice.use_buttons"))
    return verbs[verb](visit, tuple(arguments), tapped)


def _stale(visit: Visit, pressed: Tap) -> Reply:
    """An old button changes nothing. The card is shown again, unless it is the very message that was tapped."""
    if pressed.message == visit.chat.card_message:
        owed = visit.chat.shown_version < visit.chat.card_version
        return visit.reply(tapped=pressed.message) if owed else visit.only()
    # The living card moves down, and the one that was tapped loses its dead buttons too.
    reply = visit.reply(toast=ui("notice.old_card"))
    return replace(reply, card=reply.card and replace(reply.card, strip=(*reply.card.strip, pressed.message)))


def answer(visit: Visit, given: Input, tapped: int | None) -> Reply:
    """Give an input to the question on the card."""
    if visit.state is None:
        return visit.only()
    step = engine.answer(visit.turn.content.questionnaire, visit.state, given)
    if step.problem is not None:
        said = problem(step.problem)
        return visit.only(said) if tapped is not None else visit.reply(said)
    visit.state = step.state
    return visit.reply(tapped=tapped)


def problem(found: Problem) -> Text:
    """A problem in words."""
    count = next((found.params[name] for name in ("least", "most", "max_length") if name in found.params), None)
    return Text(f"ui.problem.{found.code}", dict(found.params), count)


def _move(step: Callable[[Questionnaire, State], State]) -> Perform:
    def perform_move(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
        if visit.state is not None:
            visit.state = step(visit.turn.content.questionnaire, visit.state)
        return visit.reply(tapped=tapped)

    return perform_move


def _choose(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return answer(visit, Chosen(arguments[0]), tapped)


def _tick(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return answer(visit, Ticked(arguments[0], arguments[1] == "1"), tapped)


def _give(given: Input) -> Perform:
    return lambda visit, _arguments, tapped: answer(visit, given, tapped)


def _change(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Open one answered question from the summary."""
    if visit.state is not None:
        visit.state = engine.change(visit.turn.content.questionnaire, visit.state, arguments[0])
    visit.go(screens.QUESTIONS)
    return visit.reply(tapped=tapped)


def _look(detour: str) -> Perform:
    def perform_look(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
        visit.look_at(detour)
        return visit.reply(tapped=tapped)

    return perform_look


def _resume(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.go_on(visit, tapped)


def _language(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.choose_language(visit, arguments[0], tapped)


def _age(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.answer_age(visit, arguments[0], tapped)


def _storage(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.answer_storage(visit, arguments[0], tapped)


def _agree(visit: Visit, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return rights.switch(visit, arguments[0], on=arguments[1] == "1", tapped=tapped)


def _next(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.next_step(visit, tapped)


def _confirm(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return welcome.confirm_summary(visit, tapped)


def _forget(visit: Visit, _arguments: tuple[str, ...], tapped: int | None) -> Reply:
    return rights.forget(visit, tapped)


_SUMMARY: dict[str, Perform] = {"change": _change, "confirm": _confirm, "resume": _resume}
_AROUND: dict[str, Perform] = {
    "resume": _resume,
    "profile": _look(screens.PROFILE),
    "privacy": _look(screens.PRIVACY),
}
_VERBS: dict[str, dict[str, Perform]] = {
    screens.LANGUAGE: {"lang": _language},
    screens.AGE: {"age": _age},
    screens.NOTICE: {"storage": _storage},
    screens.CONSENTS_START: {"agree": _agree, "next": _next},
    screens.CONSENTS_END: {"agree": _agree, "next": _next},
    screens.QUESTIONS: {
        "o": _choose,
        "t": _tick,
        "done": _give(Done()),
        "skip": _give(Skipped()),
        "decline": _give(Declined()),
        "back": _move(engine.back),
        "forward": _move(engine.forward),
        "pause": _look(screens.PAUSED),
        **_SUMMARY,
    },
    screens.DONE: _AROUND,
    screens.PROFILE: _SUMMARY,
    screens.PAUSED: _AROUND,
    screens.HELP: _AROUND,
    screens.IMPRINT: _AROUND,
    screens.PRIVACY: {"agree": _agree, **_AROUND},
    screens.FORGET: {"forget": _forget, **_AROUND},
}
"""Which verbs a place knows: a forged button cannot do more than the card before the person."""
