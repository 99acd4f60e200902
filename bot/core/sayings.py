"""Everything that staff said in the chat and that overrides the content's files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.broadcasts import Wording
from bot.core.offers import Said


@dataclass(frozen=True, slots=True)
class Sayings:
    """Offers and broadcasts. `revision` counts everything ever said, so a new number means new words."""

    offers: tuple[Said, ...] = ()
    broadcasts: tuple[Wording, ...] = ()
    revision: int = 0
