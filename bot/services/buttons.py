"""What a button sends: a mark that says where it stands, then its action.

`v<version>.` is a button of the chat's card, good while the card is; `d<id>.` one of a delivery, good as long as its
subject: whoever handles it looks at the world first. Then `<verb>` and `.<argument>`s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DATA = re.compile(r"([vd])(\d{1,18})\.([a-z_]+)((?:\.[A-Za-z0-9_:-]+)*)")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button's data as read: the card's `version` or the `delivery` it stands in; the other is None."""

    version: int | None
    delivery: int | None
    verb: str
    arguments: tuple[str, ...]

    @property
    def action(self) -> str:
        """Verb and arguments as the screen wrote them."""
        return ".".join((self.verb, *self.arguments))


def of_card(version: int) -> str:
    """The mark of a card's buttons."""
    return f"v{version}."


def of_delivery(number: int) -> str:
    """The mark of a delivery's buttons."""
    return f"d{number}."


def read(data: str) -> Pressed | None:
    """The parts of a button's data; None for what was never one."""
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    number, arguments = int(match[2]), tuple(match[4].split(".")[1:])
    on_card = match[1] == "v"
    return Pressed(number if on_card else None, None if on_card else number, match[3], arguments)
