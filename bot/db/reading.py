"""Rows of the database as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import Field
from typing import Any, ClassVar, Protocol, TypeVar


class Fields(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Value = TypeVar("Value", bound=Fields)


def made(kind: type[Value], row: Sequence[Any], **read: Callable[[Any], object]) -> Value:
    """A row whose columns are the fields of a dataclass, in their order, as one.

    `read`: what makes a field of a column that the database keeps otherwise; of an empty column nothing is made.
    """
    columns = dict(zip(kind.__dataclass_fields__, row, strict=True))
    columns |= {name: make(columns[name]) for name, make in read.items() if columns[name] is not None}
    return kind(**columns)
