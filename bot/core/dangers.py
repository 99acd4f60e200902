"""What a stolen phone of the team must not be enough for: it takes a second factor, a code from an app."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Danger(StrEnum):
    """What somebody with another member's phone could do that cannot be undone."""

    EXPORT = "export"
    """Data of people as a file."""
    ERASE = "erase"
    """Erase a person."""
    BROADCAST = "broadcast"
    """Write to more people than `SecondFactor.broadcast_over`."""
    RIGHTS = "rights"
    """Let somebody in, give another role, remove somebody; switch a second factor off."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What a town asks for: no member may do what stands in `required_for` without one.

    Whoever has one is asked for their code before every danger, whatever the town requires.
    """

    required_for: frozenset[Danger] = frozenset()
    broadcast_over: int = 200
