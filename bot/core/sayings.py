"""Everything staff said in the chat that lies over the files of the content."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.broadcasts import Wording
from bot.core.offers import Said


@dataclass(frozen=True, slots=True)
class Sayings:
    """Offers and broadcasts; `revision` counts everything ever said, so another number means other words."""

    offers: tuple[Said, ...] = ()
    broadcasts: tuple[Wording, ...] = ()
    revision: int = 0
