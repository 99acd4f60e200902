"""The words of `content/privacy.yaml`: German for tables, rights and whatever else has an English name in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.privacy.sections import PrivacyRefused

FILE = "privacy.yaml"
LOOSE = frozenset({"purpose", "basis"})
"""Parts that may hold words that a town does not use."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words by part and key."""

    path: Path
    parts: Mapping[str, Mapping[str, str]]

    def of(self, part: str, key: str) -> str:
        """The words of a key. Empty if there are none."""
        return self.parts.get(part, {}).get(key, "")

    def cells(self, part: str, key: str, number: int) -> list[str]:
        """The words of a key for this number of cells in a table.

        Raises:
            PrivacyRefused: there are more or fewer.
        """
        found = self.of(part, key).split(" | ")
        if len(found) != number:
            raise PrivacyRefused(f"{self.path}: {part}.{key} must have {number} parts, with ' | ' between them")
        return found

    def demand(self, needed: Mapping[str, Iterable[str]]) -> None:
        """Checks that each of these parts has all needed words, and no others.

        Raises:
            PrivacyRefused: naming every missing and every superfluous word.
        """
        wrong: list[str] = []
        for part, keys in needed.items():
            wanted, there = set(keys), set(self.parts.get(part, {}))
            wrong += (f"{part}.{key} is missing, its German below '{part}:'" for key in sorted(wanted - there))
            if part not in LOOSE:
                wrong += (f"{part}.{key} is about nothing that is there" for key in sorted(there - wanted))
        if wrong:
            raise PrivacyRefused(f"{self.path}: " + "; ".join(wrong))


def read_words(folder: Path) -> Words:
    """The words of a content folder.

    Raises:
        PrivacyRefused: the file is missing or is not a table of tables of words.
    """
    path = folder / FILE
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PrivacyRefused(f"There is no {path}. Copy it from the content that comes with Lotse.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PrivacyRefused(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(part, dict) for part in found.values()):
        raise PrivacyRefused(f"{path}: it must hold parts, each with words by their keys")
    return Words(path, {name: {str(key): str(words) for key, words in part.items()} for name, part in found.items()})
