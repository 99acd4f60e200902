"""The names of months in every country of a language, because people write them as at home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers

from bot.content.locales import locale_of
from bot.core.folding import fold


@lru_cache(maxsize=32)
def month_names(language: str) -> Mapping[str, int]:
    """The number of the month by each of its folded names, in the language and its countries.

    Includes the form used alone and the form used beside a day ("март", "марта"), in full and abbreviated. If a name
    means another month in another country, the language's own meaning counts. Without one, the name is left out.
    """
    own = locale_of(language)
    if own is None:
        return {}
    names: dict[str, int] = {}
    unclear: set[str] = set()
    for locale in (own, *_countries(own)):
        for name, month in _of(locale):
            if names.setdefault(name, month) != month and name not in dict(_of(own)):
                unclear.add(name)
    return {name: month for name, month in names.items() if name not in unclear}


def _countries(locale: Locale) -> Iterator[Locale]:
    for identifier in locale_identifiers():
        if identifier.startswith(f"{locale.language}_"):
            yield Locale.parse(identifier)


def _of(locale: Locale) -> Iterator[tuple[str, int]]:
    for form in ("stand-alone", "format"):
        for width in ("wide", "abbreviated"):
            yield from ((fold(name), month) for month, name in locale.months[form][width].items())
