"""The data of a language (CLDR, through Babel): direction, plural rule, numbers, dates, lists."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata

SOURCE_LANGUAGE = "de"
"""German, the language the texts are written in."""

_DATA_OF = {"prs": "fa_AF", "en": "en_GB"}
"""Languages whose data has another name. Dari is Persian of Afghanistan. European English puts the day first."""


_UNSAID = (
    *("compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns", "currency_names"),
    *("currency_names_plural", "currency_symbols", "interval_formats", "meta_zones", "scripts", "unit_display_names"),
)
"""Unused parts of the CLDR data: money, intervals, scripts, names of units and of time zones."""


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale | None:
    """The language's data. None if CLDR has none."""
    try:
        locale = Locale.parse(_DATA_OF.get(language, language))
    except (UnknownLocaleError, ValueError, TypeError):
        return None
    for name in (
        "root",
        locale.language,
        f"{locale.language}_001",
        str(locale),
    ):  # each one contains the one before it
        _read_leanly(name)
    return locale


def _read_leanly(name: str) -> None:
    """Reads a language's data and drops the parts nobody uses. With eight languages this saves 6 MB."""
    if not localedata.exists(name):
        return
    data = localedata.load(name)
    for part in _UNSAID:
        data.pop(part, None)
    units = data.get("unit_patterns", {})
    for unit in [one for one in units if not one.startswith("duration-")]:
        del units[unit]


@lru_cache(maxsize=64)
def is_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    locale = locale_of(language)
    return locale is not None and locale.text_direction == "rtl"


def own_name(language: str) -> str:
    """The language's own name. Its code if CLDR has no name."""
    locale = locale_of(language)
    if locale is None:
        return language
    # Dari has a name only as fa_AF. English needs no country.
    return locale.languages.get(language) or locale.languages.get(str(locale)) or language


def german_name(language: str) -> str:
    """The German name of the language, for the team. Its code if CLDR has no name."""
    german = locale_of(SOURCE_LANGUAGE)
    names = german.languages if german else {}
    return names.get(language) or names.get(str(locale_of(language))) or language
