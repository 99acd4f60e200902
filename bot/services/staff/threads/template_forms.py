"""What the forms of templates are about, and what is known before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.locales import german_name
from bot.core.conditions import Value
from bot.core.message import Text, Words
from bot.services.staff.texts import staff_text
from bot.services.staff.threads.template_pages import TEMPLATE, TEMPLATE_IN, TEMPLATES
from bot.services.threads import answers
from bot.services.turn import Turn


def known(turn: Turn, subject: str) -> Mapping[str, Value | None]:
    """A template as answers of its form."""
    one = answers.everything(turn).get(subject)
    return {} if one is None else {"title": one.title, "text": one.text}


def known_in(turn: Turn, subject: str) -> Mapping[str, Value | None]:
    """Its words in another language."""
    key, _, language = subject.partition(".")
    one = answers.everything(turn).get(key)
    version = None if one is None else answers.versions(turn, one).get(language)
    return {} if version is None else {"text": version.text}


def about(turn: Turn, subject: str) -> Text | None:
    """Which template it is, in which language."""
    key, _, language = subject.partition(".")
    one = answers.everything(turn).get(key)
    if one is None:
        return None
    if not language:
        return staff_text("template.title", title=Words(one.title))
    return staff_text("form.language", title=Words(one.title), language=Words(german_name(language)))


def page(subject: str) -> str:
    """Where a form was opened."""
    key, _, language = subject.partition(".")
    return f"{TEMPLATE_IN}.{key}.{language}" if language else f"{TEMPLATE}.{key}" if key else f"{TEMPLATES}.0"
