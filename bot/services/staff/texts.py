"""Texts that staff read in the chat: German, from the part `chat` of `content/staff.yaml`."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Argument, Text, Words
from bot.core.roles import Role

PREFIX = "staff."


def staff_text(key: str, /, count: int | None = None, **args: Argument) -> Text:
    """One of the texts that staff read, German whatever the chat's language is."""
    return Text(f"{PREFIX}{key}", args, count, SOURCE_LANGUAGE)


def person_name(name: str | None, number: int) -> Text:
    """A participant by the name they gave, else by their number."""
    return staff_text("person.named", name=Words(name)) if name else staff_text("person.number", number=number)


def member_name(name: str | None) -> Text:
    """A member by name; somebody where they are gone."""
    return staff_text("profile.somebody") if name is None else staff_text("person.named", name=Words(name))


def role_name(role: Role) -> Text:
    """A role as the team calls it."""
    return staff_text(f"role.{role}")
