"""What somebody wrote or sent, as the use cases judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.content.markup import escaped
from bot.core.threads import TEXT


@dataclass(frozen=True, slots=True)
class Written:
    """Words, with the messenger's number and time of their message: they count only if they came after the card.

    `early` says that they had arrived here before the card that stands now was drawn; the messenger's own time counts
    whole seconds. `marked` are the same words with the little markup of the content. `kind` says what it is where it
    is more than words (then those below it), `reply_to` which message it replies to, `album` which pictures were sent
    together with it, `file` the messenger's key of a picture or file.
    """

    text: str
    message: int
    at: datetime
    early: bool = False
    marked: str = ""
    kind: str = TEXT
    reply_to: int | None = None
    album: str | None = None
    file: str | None = None

    @property
    def markup(self) -> str:
        """The words as a text of the content that says exactly them, bold and links kept."""
        return self.marked or escaped(self.text)
