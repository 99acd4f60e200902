"""Faults on request: which call goes wrong, and how; which batch of updates comes twice or out of order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

from bot.simulator.refusal import Refusal, bad, forbidden, too_many
from bot.simulator.updates import OTHER_POLLER

Json = dict[str, Any]

REFUSALS: Final = frozenset({"429", "500", "401", "409", "403", "400"})
"""Answered instead of done: the call has no effect."""
BEFORE: Final = REFUSALS | {"502_html", "reset_before", "hang_before"}
AFTER: Final = frozenset({"empty", "cut_json", "reset_after", "hang_after"})
"""Done, but the answer does not arrive as it should."""
DISORDER: Final = frozenset({"twice", "shuffle"})
FIELDS: Final = frozenset({"method", "chat_id", "kind", "times", "every", "retry_after", "seconds"})


@dataclass
class Rule:
    """One fault: `times` is how often it still happens (None: always), `every` the distance between hits."""

    kind: str
    method: str = "*"
    chat_id: int | None = None
    times: int | None = None
    every: int = 1
    retry_after: int = 1
    seconds: float = 3600.0
    seen: int = 0

    def hit(self) -> bool:
        """Whether this matching call is one that goes wrong; counts it."""
        if self.times == 0:
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def refusal(self) -> Refusal:
        """What a rule of the kinds in REFUSALS answers."""
        answers = {
            "429": too_many(self.retry_after),
            "500": Refusal(500, "Internal Server Error"),
            "401": Refusal(401, "Unauthorized"),
            "409": Refusal(409, OTHER_POLLER),
            "403": forbidden("bot was blocked by the user"),
            "400": bad("chat not found"),
        }
        return answers[self.kind]


class Faults:
    """The rules that are in force; the first that hits decides."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, body: Json) -> None:
        """Put a rule in force; ValueError says what is wrong with it."""
        if stray := set(body) - FIELDS:
            raise ValueError(f"unknown field {min(stray)}")
        if body.get("kind") not in BEFORE | AFTER | DISORDER:
            raise ValueError(f"unknown kind {body.get('kind')}")
        if not isinstance(body.get("every", 1), int) or body.get("every", 1) < 1:
            raise ValueError("every is a whole number from 1")
        self._rules.append(Rule(**body))

    def clear(self) -> None:
        """All goes well again."""
        self._rules.clear()

    def of_call(self, method: str, chat_id: str) -> Rule | None:
        """The rule by which this call goes wrong, None when it goes well."""
        for rule in self._rules:
            named = rule.method == "*" or rule.method.lower() == method.lower()
            here = rule.chat_id is None or str(rule.chat_id) == chat_id
            if rule.kind not in DISORDER and named and here and rule.hit():
                return rule
        return None

    def of_batch(self) -> str | None:
        """What happens to this batch of updates: "twice", "shuffle" or nothing."""
        return next((rule.kind for rule in self._rules if rule.kind in DISORDER and rule.hit()), None)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is remembered: no texts, only what happened."""

    n: int
    method: str
    chat_id: str
    ok: bool
    error_code: int | None


class Calls:
    """The last thousand calls of the bot, for tests that count them."""

    KEPT: Final = 1000

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._calls: list[Call] = []
        self.last = 0

    def note(self, method: str, chat_id: str, error_code: int | None) -> None:
        """Remember one call; `error_code` is None when it went well."""
        self.last = next(self._numbers)
        self._calls.append(Call(self.last, method, chat_id, error_code is None, error_code))
        del self._calls[: -self.KEPT]

    def after(self, number: int) -> list[Call]:
        """The calls after this number."""
        return [call for call in self._calls if call.n > number]
