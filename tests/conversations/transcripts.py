"""The stored conversations, each with its language, and the words that are searched in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.core.inputs import Code
from bot.core.message import Argument, Text, Words
from tests.conversations.conftest import GOLDEN
from tests.conversations.people import plain
from tests.conversations.persona import Persona
from tests.running import minden

Golden = Callable[[str, str], None]


PERSONAS = {
    "brothers_ar": "ar",
    "changes_their_mind": "ru",
    "engineer_from_kabul": "fa",
    "engineer_who_types": "de",
    "everything_told": "uk",
    "forged_buttons": "en",
    "lost_phone_ar": "ar",
    "mechanic_wants_eq": "tr",
    "no_certificates": "ar",
    "nurse_from_aleppo": "ar",
    "odd_answers": "fr",
    "offered_ar": "ar",
    "offered_author": "de",
    "offered_en": "en",
    "offered_fa": "fa",
    "offered_fr": "fr",
    "offered_tr": "tr",
    "offered_uk": "uk",
    "opening_ar": "ar",
    "opening_author": "de",
    "opening_en": "en",
    "opening_fa": "fa",
    "opening_fr": "fr",
    "opening_tr": "tr",
    "opening_uk": "uk",
    "partner_petra": "de",
    "partner_samir": "de",
    "path_ar": "ar",
    "path_uk": "uk",
    "refuses": "uk",
    "student_from_kyiv": "uk",
    "teacher_from_conakry": "fr",
    "three_months_later": "ru",
    "under_16": "tr",
    "unsure_of_the_level": "en",
}
"""Every transcript with its language."""


def problem(person: Persona, code: Code) -> str:
    """The beginning of an error text, up to its first placeholder."""
    text = minden().texts.label(person.language, Text(f"ui.problem.{code}", PARAMETERS, 7))
    return re.split("7|minimum|maximum", plain(text))[0].rstrip()


PARAMETERS: Mapping[str, Argument] = {"minimum": Words("minimum"), "maximum": Words("maximum")}


def transcripts() -> dict[str, tuple[str, str]]:
    """Every stored conversation with its language."""
    kept = {path.stem: plain(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.txt"))}
    return {name: (PERSONAS[name], text) for name, text in kept.items()}


def speaker(language: str) -> Persona:
    """A person who only knows the words."""
    return Persona(None, language)  # type: ignore[arg-type]
