"""Plural forms: which ones a language has, and whether those of a PO file can be right."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from gettext import c2py
from itertools import combinations

from babel.messages.catalog import Catalog

from bot.content.locales import locale_of

_PLURAL_FORMS = {
    # Babel puts "100, 101, 102" before "11 to 99". CLDR, Poedit and Weblate do the opposite.
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    # Here Babel knows one form and CLDR two, or Babel counts 0 as many where CLDR counts it like 1.
    **dict.fromkeys(("am", "bn", "fa", "hi", "hy", "pa", "prs", "ti"), "nplurals=2; plural=(n > 1);"),
    **dict.fromkeys(("hu", "ka", "tr"), "nplurals=2; plural=(n != 1);"),
}
_NUMBERS = (*range(25), *range(98, 126), 200, 1000, 1_000_000, 999_999_999)
"""Together these numbers show every form that a language has."""


@lru_cache(maxsize=64)
def default_plural_forms(language: str) -> str:
    """The `Plural-Forms` header of a language, as translators' tools and Babel know it."""
    return _PLURAL_FORMS.get(language) or Catalog(locale=locale_of(language)).plural_forms


@lru_cache(maxsize=256)
def is_usual(count: int, language: str) -> bool:
    """Whether the language may have that many forms, by CLDR's count (Weblate, Poedit) or Babel's."""
    locale = locale_of(language)
    rule = locale.plural_form if locale else None
    if rule is not None and count == len({rule(number) for number in _NUMBERS}):
        return True
    return default_plural_forms(language).startswith(f"nplurals={count};")


@lru_cache(maxsize=256)
def differs(rule: Callable[[int], int], language: str) -> tuple[int, int] | None:
    """Two numbers that the rule tells apart and the language does not, or the other way round.

    None: the rule is the language's. In which order a file has the forms is its own affair.
    """
    usual = c2py(default_plural_forms(language).partition("plural=")[2].rstrip(";"))
    locale = locale_of(language)
    if locale is not None and _pair(rule, locale.plural_form) is None:
        return None
    return _pair(rule, usual)


def _pair(one: Callable[[int], object], other: Callable[[int], object]) -> tuple[int, int] | None:
    pairs = combinations(_NUMBERS, 2)
    return next(((a, b) for a, b in pairs if (one(a) == one(b)) != (other(a) == other(b))), None)


@lru_cache(maxsize=256)
def is_sound(rule: Callable[[int], int], count: int) -> bool:
    """Whether the rule gives an existing form for every number."""
    try:
        return all(0 <= rule(number) < count for number in _NUMBERS)
    except ZeroDivisionError:
        return False
