"""Columns whose values are sealed: what people write leaves this process only unreadable without the key.

Reading takes sealed and unsealed values, so that an older database is sealed page by page while the bot runs.
Statements cannot look into such a column. They can copy it, and ask whether it is empty.
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
    """A value to be sealed, in a column where other values are stored as they are."""

    value: Any


def is_sealed(stored: object) -> bool:
    """Whether a stored value is sealed."""
    return isinstance(stored, str) and keys.SEALED.match(stored) is not None


class SealedText(TypeDecorator[str]):
    """Words, sealed. None and the empty text stay as they are.

    `label` is the kind of value: a value opens only as the kind it was sealed as. `formerly` is the length of the
    column before it was sealed. SQLite ignores lengths, and still calls the column that.
    """

    impl = Text
    cache_ok = True

    def __init__(self, label: str, formerly: int | None = None) -> None:
        super().__init__()
        self.label = label
        self.formerly = formerly

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text. On SQLite under its former name."""
        former = self.formerly if dialect.name == "sqlite" else None
        return self.impl_instance if former is None else String(former)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seals the value."""
        del dialect
        return keys.seal(value, self.label) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Opens the value, if it is sealed."""
        del dialect
        return keys.open_sealed(value, self.label) if value is not None and is_sealed(value) else value


class SealedJson(TypeDecorator[Any]):
    """A JSON value, sealed as one text. `marked`: only a `Secret` is sealed, other values stay as they are."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, label: str, *, marked: bool = False) -> None:
        super().__init__(none_as_null=True)
        self.label = label
        self.marked = marked

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Seals the value."""
        del dialect
        secret = value.value if isinstance(value, Secret) else None if self.marked else value
        if secret is None:
            return None if isinstance(value, Secret) else value
        return keys.seal(json.dumps(secret, ensure_ascii=False), self.label)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Opens the value, if it is sealed."""
        del dialect
        return opened(value, self.label)


def opened(stored: object, label: str) -> Any:  # noqa: ANN401 - any JSON
    """A JSON value that a statement read without its column's type."""
    return json.loads(keys.open_sealed(str(stored), label)) if is_sealed(stored) else stored
