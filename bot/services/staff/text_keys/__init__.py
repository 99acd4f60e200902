"""Which texts of `staff.yaml` the code says: a module for each subject, a line for each key with its placeholders."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.roles import Right, Role
from bot.services.staff.text_keys import (
    audit,
    broadcasts,
    desk,
    openings,
    partners,
    paths,
    people,
    releasing,
    seeing,
    threads,
    trust,
)

NEEDED: Mapping[str, frozenset[str]] = {
    **{
        key: frozenset(slots)
        for subject in (
            audit,
            desk,
            broadcasts,
            paths,
            releasing,
            people,
            threads,
            seeing,
            openings,
            partners,
            trust,
        )
        for key, *slots in map(str.split, subject.KEYS.strip().splitlines())
    },
    **{f"role.{role}": frozenset[str]() for role in Role},
    **{f"right.{right}": frozenset[str]() for right in Right},
}
"""The placeholders of each text by its key, which stands in `staff.yaml` below `chat` as section and name."""
