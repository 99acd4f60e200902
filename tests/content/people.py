"""People whose answers a test makes up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.conditions import Value
from bot.core.inputs import Answer, Status

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def person(**values: Value) -> dict[str, Answer]:
    """A person with these answers."""
    return {name: Answer(Status.GIVEN, value) for name, value in values.items()}


@dataclass
class Some:
    """Everybody whom changed content affects. `cards`: how many have a question on their card."""

    everybody: list[dict[str, Answer]]
    since: datetime = NOW - timedelta(days=1)
    cards: Mapping[str, int] = field(default_factory=dict)
    now: datetime = NOW

    def inside(self) -> Mapping[str, int]:
        return self.cards

    def answered(self) -> Mapping[str, int]:
        return Counter(name for one in self.everybody for name in one)

    def chosen(self, question: str) -> Mapping[str, int]:
        said_ = (one[question].value for one in self.everybody if question in one)
        return Counter(each for value in said_ for each in (value if isinstance(value, tuple) else [str(value)]))

    def everyone(self) -> Iterator[Mapping[str, tuple[Answer, datetime]]]:
        for one in self.everybody:
            yield {name: (answer, self.since) for name, answer in one.items()}
