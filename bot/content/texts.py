"""Texts by key in every language, with one fallback: a message is never half in another language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from bot.content.catalogue import PluralRule
from bot.content.checks import LONGEST_CAPTION, LONGEST_MESSAGE
from bot.content.locales import SOURCE_LANGUAGE, is_right_to_left
from bot.content.reader import Source
from bot.content.rich import DrawnButton, Line, Rich, Span, joined
from bot.content.voice import UntranslatedError, Voice
from bot.core.message import Button, LinkButton, Media, Month, Screen, Text
from bot.core.questionnaire import Question

__all__ = ["DrawnButton", "Rich", "Span", "Texts", "Translation"]

MARK = Text("ui.language.missing")
"""Says in the person's language that this message is not translated yet."""
BRIDGE_LANGUAGE = "en"
"""Shown below the German if a translation is missing: the language that most people share."""

MIRRORED = {"◀️": "▶️", "▶️": "◀️", "➡️": "⬅️", "⬅️": "➡️", "↩️": "↪️"}
"""Arrows that mark buttons. In right-to-left languages, forward points left."""

Translation = tuple[tuple[str, ...], PluralRule]
"""A key's forms in one language, and the rule that chooses among them."""


class Texts:
    """All texts of a town. A key without a German text raises KeyError: a mistake in code, not in content."""

    def __init__(
        self,
        languages: tuple[str, ...],
        sources: Mapping[str, Source],
        translations: Mapping[str, Mapping[str, Translation]],
    ) -> None:
        self.languages = languages
        self._sources = sources
        self._translations = translations
        self._voices: dict[str, Voice] = {}
        for language in languages:
            self._voices[language] = Voice(language, partial(self._forms, language), self._voices)
        self._german = self._voices[SOURCE_LANGUAGE]

    def with_more(
        self, sources: Mapping[str, Source], translations: Mapping[str, Mapping[str, Translation | None]]
    ) -> Texts:
        """These texts with others laid over them. A translation that is None is removed."""
        merged = {}
        for language, known in self._translations.items():
            over = translations.get(language, {})
            both = {**known, **over} if over else known
            merged[language] = {key: one for key, one in both.items() if one is not None} if over else known
        return Texts(self.languages, {**self._sources, **sources}, merged)

    def has(self, language: str, key: str) -> bool:
        """Whether the key has a complete, current text in that language."""
        return key in self._sources if language == SOURCE_LANGUAGE else key in self._translations.get(language, {})

    def keys(self, beginning: str) -> list[str]:
        """Every key with this beginning."""
        return [key for key in self._sources if key.startswith(beginning)]

    def source(self, key: str) -> str:
        """The German text as it is written, with markup. For a plural, the form for many."""
        return self._sources[key].forms[-1]

    def every_form(self, key: str) -> Iterator[str]:
        """The forms of a text in every language that has it."""
        yield from self._sources[key].forms
        for known in self._translations.values():
            yield from known[key][0] if key in known else ()

    def place(self, key: str) -> tuple[str, int]:
        """The file and line where a text is defined."""
        source = self._sources[key]
        return source.file, source.line

    def option_key(self, question: Question, option: str) -> str:
        """The key of an option's text: the question's own, or `ui.answer.yes` for a plain yes/no question."""
        key = question.option_key(option)
        return key if key in self._sources else f"ui.answer.{option}"

    def label(self, language: str, text: Text | Month) -> str:
        """The text without markup, for buttons, toasts and comparing. German if it is not translated."""
        try:
            return self._voices.get(language, self._german).label(text)
        except UntranslatedError:
            return self._german.label(text)

    def render(self, language: str, screen: Screen) -> Rich:
        """The whole message in that language. If any part is missing, all of it is German under a mark."""
        voice = self._voices.get(language)
        if voice is not None:
            try:
                return _rich(_body(voice, screen), _rows(voice, screen), screen.media)
            except UntranslatedError:
                pass
        body = _body(self._german, screen)
        english = self._english(language, screen)
        lines = [self._mark(language), body, *english]
        longest = LONGEST_MESSAGE if screen.media is None else LONGEST_CAPTION
        if sum(line.units + 2 for line in lines) > longest:
            lines = lines[:2]
        return _rich(joined(lines, "\n\n"), _rows(self._german, screen), screen.media)

    def spoken(self, language: str, screen: Screen) -> str:
        """The language in which `render` says this screen: the requested one, or German if a text is missing."""
        try:
            voice = self._voices[language]
            _body(voice, screen)
            _rows(voice, screen)
        except (KeyError, UntranslatedError):
            return SOURCE_LANGUAGE
        return language

    def _forms(self, language: str, key: str) -> Translation | None:
        source = self._sources[key]
        if language == SOURCE_LANGUAGE:
            return source.forms, _one_or_more
        return self._translations.get(language, {}).get(key)

    def _mark(self, language: str) -> Line:
        for candidate in (language, BRIDGE_LANGUAGE):
            if self.has(candidate, MARK.key) and candidate in self._voices:
                return self._voices[candidate].line(MARK)
        return self._german.line(MARK)

    def _english(self, language: str, screen: Screen) -> list[Line]:
        if language == BRIDGE_LANGUAGE or BRIDGE_LANGUAGE not in self._voices:
            return []
        try:
            return [_body(self._voices[BRIDGE_LANGUAGE], screen)]
        except UntranslatedError:
            return []


def _one_or_more(count: int) -> int:
    return int(count != 1)


def _body(voice: Voice, screen: Screen) -> Line:
    blocks = (joined(map(voice.line, block), "\n") for block in screen.blocks if block)
    return joined(blocks, "\n\n")


def _rows(voice: Voice, screen: Screen) -> tuple[tuple[DrawnButton, ...], ...]:
    return tuple(tuple(_drawn(voice, button) for button in row) for row in screen.rows)


def _drawn(voice: Voice, button: Button | LinkButton) -> DrawnButton:
    label = voice.label(button.label)
    if isinstance(button, LinkButton):
        return DrawnButton(label, None, button.url)
    mark = MIRRORED.get(button.mark, button.mark) if is_right_to_left(voice.language) else button.mark
    return DrawnButton(f"{mark} {label}" if mark else label, button.action, None)


def _rich(line: Line, rows: tuple[tuple[DrawnButton, ...], ...], media: Media | None) -> Rich:
    return Rich(line.text, line.spans, rows, media)
