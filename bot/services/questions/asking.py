"""What the buttons of a question's card do: one table, for the questionnaire and for staff's forms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.core import engine
from bot.core.engine import (
    Chosen,
    Declined,
    Done,
    Input,
    Kept,
    OwnWords,
    Picked,
    PickedDay,
    Skipped,
    State,
    Step,
    Ticked,
)
from bot.core.folding import number
from bot.core.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Asking:
    """A person before a question; `today` is the day on the town's calendar."""

    questionnaire: Questionnaire
    state: State
    today: date


Perform = Callable[[Asking, tuple[str, ...]], Step | None]


@dataclass(frozen=True, slots=True)
class AskingVerb:
    """What a verb makes of the state, None where its arguments are forged; and how many arguments it has."""

    perform: Perform
    arguments: int = 0


def press(asking: Asking, verb: str, arguments: tuple[str, ...]) -> Step | None:
    """What a button leads to; None where no card of a question has such a button."""
    found = VERBS.get(verb)
    return None if found is None or len(arguments) != found.arguments else found.perform(asking, arguments)


def _give(given: Input) -> Perform:
    return lambda asking, _: engine.answer(asking.questionnaire, asking.state, given)


def _answer(read: Callable[[Asking, tuple[str, ...]], Input]) -> Perform:
    return lambda asking, arguments: engine.answer(asking.questionnaire, asking.state, read(asking, arguments))


def _move(step: Callable[[Questionnaire, State], State]) -> Perform:
    return lambda asking, _: Step(step(asking.questionnaire, asking.state))


def _pick(asking: Asking, arguments: tuple[str, ...]) -> Step | None:
    """A year, or a month of a year; None where it is forged."""
    year, *months = map(number, arguments)
    if year is None or None in months:
        return None
    picked = Picked(year, months[0] if months else None, asking.today)
    return engine.answer(asking.questionnaire, asking.state, picked)


VERBS: Mapping[str, AskingVerb] = {
    "o": AskingVerb(_answer(lambda _, given: Chosen(given[0])), 1),
    "t": AskingVerb(_answer(lambda _, given: Ticked(given[0], given[1] == "1")), 2),
    "y": AskingVerb(_pick, 1),
    "m": AskingVerb(_pick, 2),
    "years": AskingVerb(lambda asking, _: Step(replace(asking.state, draft=()))),
    "d": AskingVerb(_answer(lambda asking, given: PickedDay(given[0], asking.today)), 1),
    "own": AskingVerb(_give(OwnWords())),
    "kept": AskingVerb(_give(Kept())),
    "done": AskingVerb(_give(Done())),
    "skip": AskingVerb(_give(Skipped())),
    "decline": AskingVerb(_give(Declined())),
    "back": AskingVerb(_move(engine.back)),
    "forward": AskingVerb(_move(engine.forward)),
}
"""Every verb of such a card but `pause`, which leaves it."""
