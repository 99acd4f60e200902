"""The language of the desk: German, except where a member looks at the bot as a participant would."""

from __future__ import annotations

from collections.abc import Collection

from bot.content.locales import SOURCE_LANGUAGE

TRIAL = "trial"
"""The page of a participant's screen: `trial.<language>.<place>.<what it is about>`."""


def spoken(focus: str | None, languages: Collection[str]) -> str:
    """The language of the page before a member."""
    name, *arguments = (focus or "").split(".")
    return arguments[0] if name == TRIAL and arguments and arguments[0] in languages else SOURCE_LANGUAGE
