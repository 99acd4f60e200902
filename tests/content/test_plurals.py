"""The plural forms of a language: those that new files begin with, and those that a file names."""

from __future__ import annotations

from gettext import c2py
from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import load
from bot.content.locales import locale_of
from bot.content.plurals import default_plural_forms, differs
from tests.content.editing import edit

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


@pytest.mark.parametrize(
    ("language", "rule", "pair"),
    [
        ("ru", "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2", None),  # Weblate
        ("ru", "n==1 ? 0 : n>=2 && n<=4 ? 1 : 2", (0, 21)),  # Czech
        ("ru", "n==0 ? 2 : n==1 ? 0 : 1", (0, 5)),
        ("ar", "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5", None),
        ("ar", "n==0 ? 5 : n==1 ? 0 : n==2 ? 1 : n%100>=3 && n%100<=10 ? 2 : n%100>=11 ? 3 : 4", None),  # other order
        ("fr", "n > 1", None),
        ("fr", "n != 1", (0, 1)),
        ("fr", "n==0 || n==1 ? 0 : n!=0 && n%1000000==0 ? 1 : 2", None),  # CLDR
        ("en", "n > 1", (0, 1)),
    ],
)
def test_a_rule_is_compared_with_the_languages(language: str, rule: str, pair: tuple[int, int] | None) -> None:
    assert differs(c2py(rule), language) == pair


def test_a_rule_of_another_language_is_named_with_two_numbers(folder: Path) -> None:
    edit(folder / "locales/en.po", "plural=(n != 1)", "plural=(n > 1)")
    (fault,) = (one for one in load(folder, "demo").faults if "Plural-Forms" in one.what)
    assert (fault.file, fault.level) == ("locales/en.po", Level.WARNING)
    assert fault.what == "'Plural-Forms' gives 0 and 1 the same form; in 'en' they have two"
    assert "nplurals=2; plural=(n != 1);" in fault.mend
