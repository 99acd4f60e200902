"""People who answer for as long as they are let, and know exactly what their answers must have led to.

Each keeps a shadow: the state of the questionnaire that follows from what was confirmed to them, moved by the pure
engine. A card that fits neither the state before nor the state after the one action under way is a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import random  # noqa: TID251 - seeded, so that a failure comes again
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.content.loader import Content
from bot.core import engine
from bot.core.engine import Chosen, Declined, Done, Input, Skipped, State, Ticked, Typed
from bot.core.message import Text
from bot.core.questionnaire import Kind, Question, Questionnaire
from tests.faults.canary import NAME, WORDS
from tests.faults.telegram import Telegram
from tests.waiting import until

Json = dict[str, Any]
DATA = re.compile(r"v(\d+)\.(.+)")
FIRST_PERSON = 5_000_000_001
LIMIT = 180.0
"""Seconds that a person's last action may take before the test gives up."""
_MOVES: dict[str, Callable[[Questionnaire, State], State]] = {"back": engine.back, "forward": engine.forward}


@dataclass(frozen=True)
class Card:
    """What is on the newest card. `question` is None anywhere but at a question."""

    message: Json
    version: int
    actions: tuple[str, ...]
    question: str | None

    @property
    def verbs(self) -> frozenset[str]:
        """The actions of its buttons."""
        return frozenset(action.split(".")[0] for action in self.actions)

    @property
    def ticks(self) -> frozenset[str]:
        """The options that are ticked."""
        return frozenset(a.split(".")[1] for a in self.actions if a.startswith("t.") and a.endswith(".0"))

    @property
    def is_summary(self) -> bool:
        """Whether it shows what was answered."""
        return bool(self.verbs & {"change", "confirm"})


@dataclass(frozen=True)
class Action:
    """One tap (`data`, without version) or typed words. `after` is the state it must lead to."""

    data: str | None
    words: str
    after: State | None
    answers: bool
    before: Card


@dataclass
class Crowd:
    """What all people know and count together."""

    telegram: Telegram
    content: Content
    chance: random.Random
    confirmed: int = 0
    reshown: int = 0
    outdated: int = 0
    faults: list[str] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        texts = self.content.texts
        asked = [one.id for one in self.content.questionnaire.questions if one.kind is not Kind.COMPUTED]
        keys = {one: [f"questionnaire.{one}.{name}" for name in ("ask", "hint")] for one in asked}
        self.asks = {
            one: [texts.label("de", Text(key)) for key in keys[one] if texts.has("de", key)] for one in asked
        }

    def person(self, number: int) -> Person:
        """Adds a person."""
        return Person(self, number, random.Random(self.chance.random()))  # noqa: S311


@contextlib.asynccontextmanager
async def answering(people: Sequence[Person], impatience: float | None = None, each: int = 4) -> AsyncIterator[None]:
    """People who answer during the block, and then until the last action of each is confirmed.

    With `impatience`, one in so many repeats what is not answered after so many seconds. The others wait, however
    long.
    """
    async with asyncio.TaskGroup() as nursery:
        lives = [
            nursery.create_task(person.live(None if number % each else impatience))
            for number, person in enumerate(people)
        ]
        try:
            yield
            people[0].crowd.stopped = True
            _, waiting = await asyncio.wait(lives, timeout=LIMIT)
        finally:
            for life in lives:
                life.cancel()
    assert not waiting, "\n".join(["wait in vain:", *(repr(one) for one in people if one.action or one.card is None)])


async def more_answers(crowd: Crowd, number: int = 5) -> None:
    """Waits until this many more answers are confirmed, however long, as long as they come."""
    wanted = crowd.confirmed + number
    await until(lambda: crowd.confirmed >= wanted, f"{number} more answers", LIMIT, lambda: crowd.confirmed)


class Person:
    """One person with a phone."""

    def __init__(self, crowd: Crowd, number: int, chance: random.Random) -> None:
        self.id = FIRST_PERSON + number
        self.state: State | None = None
        self.action: Action | None = None
        self.card: Card | None = None
        self._who = {"id": self.id, "is_bot": False, "first_name": NAME, "language_code": "de"}
        self.crowd = crowd
        self._chance = chance
        self._moved = asyncio.Event()
        self._again = False
        crowd.telegram.listeners[self.id] = self.see

    def __repr__(self) -> str:
        card = self.card and (self.card.version, self.card.question or sorted(self.card.verbs))
        return f"person {self.id}: card {card}, action {self.action and (self.action.data or 'words')}"

    async def live(self, impatience: float | None = None) -> None:
        """Answers until the crowd is stopped and the last action is confirmed. Impatient people repeat themselves."""
        self.crowd.telegram.write(self._who, "/start")
        while not (self.crowd.stopped and self.action is None and self.card is not None):
            self._moved.clear()
            if self.card is not None and self.action is None:
                self.action = self._choose(self.card)
                self._do(self.action)
            elif self._again and self.action is not None:
                self._do(self.action)
            self._again = False
            try:
                await asyncio.wait_for(self._moved.wait(), impatience)
            except TimeoutError:
                self._again = True

    # -- what the phone shows

    def see(self, how: str, message: Json) -> None:
        """Handles a new or changed message of the bot."""
        read = self._read(message)
        if read is None:
            return  # words without a card, or a card that lost its buttons
        if self.card is not None and read.version < self.card.version:
            self.crowd.outdated += how == "new"
            return
        self.card = read
        action = self.action
        if action is not None and self._follows(read, action):
            self.state, self.action = action.after, None
            self.crowd.confirmed += action.answers
        elif not self._fits(read, self.state):
            self.crowd.faults.append(f"{self!r} does not fit {self.state and self.state.at}")
        elif action is not None:
            # The card came again, below the typed words. A person who sees that writes again.
            self.crowd.reshown += 1
            self._again = action.data is None
        self._moved.set()

    def _read(self, message: Json) -> Card | None:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        data = [DATA.fullmatch(one["callback_data"]) for row in rows for one in row if "callback_data" in one]
        found = [one for one in data if one is not None]
        if not found:
            return None
        asked = [one for one, texts in self.crowd.asks.items() if all(text in message["text"] for text in texts)]
        actions = tuple(one[2] for one in found)
        card = Card(message, int(found[0][1]), actions, None)
        return card if card.is_summary or not asked else replace(card, question=asked[0])

    def _follows(self, card: Card, action: Action) -> bool:
        if action.after != self.state and action.after is not None and self.state is not None:
            return self._fits(card, action.after) and not self._fits(card, self.state)
        return card.actions != action.before.actions and self._fits(card, action.after)

    def _fits(self, card: Card, state: State | None) -> bool:
        if card.question is not None:
            ticks = frozenset(state.draft) if state is not None else frozenset()
            return state is not None and card.question == state.at and card.ticks == ticks
        return not card.is_summary or (state is not None and state.at is None)

    # -- what the person does

    def _do(self, action: Action) -> None:
        if action.data is None:
            self.crowd.telegram.write(self._who, action.words)
        elif self.card is not None:
            self.crowd.telegram.tap(self._who, self.card.message, f"v{action.before.version}.{action.data}")

    def _choose(self, card: Card) -> Action:
        if card.question is not None and self.state is not None:
            return self._answer(card, self.state, self.crowd.content.questionnaire.first_pass.by_id[card.question])
        if card.is_summary and self.state is not None:
            changes = [one for one in card.actions if one.startswith("change.")]
            if "confirm" in card.verbs and self._chance.random() < 0.2:
                return self._tap(card, "confirm", self.state)
            data = self._chance.choice(changes)
            after = engine.change(self.crowd.content.questionnaire.first_pass, self.state, data.split(".")[1])
            return self._tap(card, data, after)
        for wanted in ("lang.de", "age.yes"):
            if wanted in card.actions:
                return self._tap(card, wanted, None)
        if yes := [one for one in card.actions if one.startswith("storage.") and one != "storage.no"]:
            return self._tap(card, yes[0], engine.start(self.crowd.content.questionnaire.first_pass))
        switches = [one for one in card.actions if one.startswith("agree.") and ".storage." not in one]
        ways = [one for one in ("next", "profile", "resume") if one in card.actions]
        spice = switches if switches and self._chance.random() < 0.3 else ways
        return self._tap(card, self._chance.choice(spice), self.state)

    def _answer(self, card: Card, state: State, question: Question) -> Action:
        questionnaire = self.crowd.content.questionnaire.first_pass
        spice = [one for one in ("back", "forward", "pause") if one in card.actions]
        if spice and self._chance.random() < 0.15:
            data = self._chance.choice(spice)
            after = _MOVES[data](questionnaire, state) if data in _MOVES else state
            return self._tap(card, data, after)
        if question.kind is Kind.STATEMENT and "done" not in card.verbs:
            return self._tap(card, "forward", engine.forward(questionnaire, state))
        given = self._input(card, question)
        after = engine.answer(questionnaire, state, given[1]).state
        words = given[1].text if isinstance(given[1], Typed) else ""
        return Action(given[0], words, after, not isinstance(given[1], Ticked), card)

    def _input(self, card: Card, question: Question) -> tuple[str | None, Input]:
        chance = self._chance
        if "decline" in card.verbs and chance.random() < 0.1:
            return "decline", Declined()
        if "skip" in card.verbs and chance.random() < 0.3:
            return "skip", Skipped()
        if question.kind is Kind.MULTIPLE:
            if card.ticks and chance.random() < 0.7:
                return "done", Done()
            data = chance.choice([one for one in card.actions if one.startswith("t.")])
            if data.endswith(".1") and question.most is not None and len(card.ticks) >= question.most:
                return "done", Done()
            return data, Ticked(data.split(".")[1], data.endswith(".1"))
        if question.kind is Kind.NUMBER:
            return None, Typed(str(chance.randint(question.minimum or 1, question.maximum or 40)), {})
        if question.kind is Kind.STATEMENT:
            return "done", Done()
        if question.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT}:
            return None, Typed(f"{chance.choice(WORDS)} {chance.randint(1, 99)}", {})
        data = chance.choice([one for one in card.actions if one.startswith("o.")])
        return data, Chosen(data.split(".")[1])

    def _tap(self, card: Card, data: str, after: State | None) -> Action:
        return Action(data, "", after, answers=False, before=card)
