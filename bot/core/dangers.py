"""The dangers of a stolen phone of the team. Each one takes a second factor: a code from an app or from paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Danger(StrEnum):
    """What a person with another member's phone could do that cannot be undone."""

    EXPORT = "export"
    """Export data of people as a file."""
    ERASE = "erase"
    """Erase a person."""
    BROADCAST = "broadcast"
    """Write to more people than `SecondFactor.broadcast_over`."""
    RIGHTS = "rights"
    """Add a member, change a role, remove a member, or switch a second factor off."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What a town asks for. Without a second factor, no member may do anything in `required_for`.

    A member who has a second factor is asked for a code before every danger, whatever the town requires.
    """

    required_for: frozenset[Danger] = frozenset()
    broadcast_over: int = 200
