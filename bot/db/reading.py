"""Turns rows of the database into values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import Field
from typing import Any, ClassVar, Protocol, TypeVar


class Fields(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Value = TypeVar("Value", bound=Fields)


def made(kind: type[Value], row: Sequence[Any], **read: Callable[[Any], object]) -> Value:
    """A dataclass from a row whose columns are its fields, in order.

    `read`: functions that convert columns which the database stores in another form. An empty column is not
    converted.
    """
    columns = dict(zip(kind.__dataclass_fields__, row, strict=True))
    columns |= {name: make(columns[name]) for name, make in read.items() if columns[name] is not None}
    return kind(**columns)
