"""The plural forms that a new language's files begin with."""

from __future__ import annotations

from gettext import c2py

import pytest

from bot.content.locales import locale_of
from bot.content.plurals import default_plural_forms

SPOKEN = (
    *("am", "ar", "bg", "bn", "bs", "ckb", "cs", "de", "el", "en", "fa", "hi", "hr", "hu", "hy", "ka", "ku", "pa"),
    *("pl", "prs", "ps", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sw", "ta", "ti", "tr", "uk", "ur", "vi"),
)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_new_language_has_the_forms_of_cldr(language: str) -> None:
    locale = locale_of(language)
    assert locale is not None
    rule = c2py(default_plural_forms(language).partition("plural=")[2].rstrip(";"))
    pairs = {(rule(number), locale.plural_form(number)) for number in (*range(200), 1000)}
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})
