"""Columns whose values are sealed: what people write leaves this process only as nobody without the key can read it.

Reading takes sealed and plain values, so that a database of former times is sealed while the bot runs, page by page.
Statements cannot look into such a column; they can copy it, and ask whether it is empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Dialect, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from bot.db import keys


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is to be sealed in a column where others stand as they are."""

    value: Any


def is_sealed(stored: object) -> bool:
    """Whether a stored value is a sealed one."""
    return isinstance(stored, str) and keys.SEALED.match(stored) is not None


class SealedText(TypeDecorator[str]):
    """Words, sealed; nothing and the empty text stay as they are.

    `label` says what kind of value it is: what was sealed as one kind opens as no other. `formerly` is the length
    that the column had before it was sealed; SQLite, which counts none, still calls it so.
    """

    impl = Text
    cache_ok = True

    def __init__(self, label: str, formerly: int | None = None) -> None:
        super().__init__()
        self.label = label
        self.formerly = formerly

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, under its former name on SQLite."""
        former = self.formerly if dialect.name == "sqlite" else None
        return self.impl_instance if former is None else String(former)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        del dialect
        return keys.seal(value, self.label) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open, where it is sealed."""
        del dialect
        return keys.open_sealed(value, self.label) if value is not None and is_sealed(value) else value


class SealedJson(TypeDecorator[Any]):
    """A JSON value, sealed as one text. `marked`: only what comes as a `Secret`, other values stay as they are."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, label: str, *, marked: bool = False) -> None:
        super().__init__(none_as_null=True)
        self.label = label
        self.marked = marked

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Seal."""
        del dialect
        secret = value.value if isinstance(value, Secret) else None if self.marked else value
        if secret is None:
            return None if isinstance(value, Secret) else value
        return keys.seal(json.dumps(secret, ensure_ascii=False), self.label)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Open, where it is sealed."""
        del dialect
        return opened(value, self.label)


def opened(stored: object, label: str) -> Any:  # noqa: ANN401 - any JSON
    """A JSON value that a statement read past its column's type."""
    return json.loads(keys.open_sealed(str(stored), label)) if is_sealed(stored) else stored
