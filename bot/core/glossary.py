"""Names and terms of a town that a machine must not translate, or that have one correct translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A term with all `forms` it is written in, the usual one first. `fixed` is its translation by language.

    In a language that `fixed` does not have, the term stays as it is written.
    """

    forms: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def said_in(self, language: str, form: str) -> str:
        """The word that replaces this form in a language."""
        return self.fixed.get(language, form)


Glossary = tuple[Term, ...]
