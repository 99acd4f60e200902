"""Names and terms of a town that a machine must not translate, or that have one right translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A term by the `forms` it is written in, the usual one first; `fixed` gives its translation by language.

    In a language without one it stays as it is written.
    """

    forms: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def said_in(self, language: str, form: str) -> str:
        """What replaces that form in a language."""
        return self.fixed.get(language, form)


Glossary = tuple[Term, ...]
