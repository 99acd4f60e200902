"""How long data stays before it is deleted automatically: from the town's file, the program, and the settings."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from babel.dates import format_timedelta
from babel.units import format_unit

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.town import Retention
from bot.core import roles
from bot.core.spans import SPAN, length_of
from bot.db import inbox
from bot.db.openings import partners
from bot.db.people import merging
from bot.db.rights import desk_pages
from bot.db.staff import invitations, staff
from bot.services import upkeep
from bot.services.phones import carrying
from bot.services.staff import links
from bot.settings import Settings

FIXED = {
    "without_consent": upkeep.WITHOUT_CONSENT,
    "strangers": inbox.KEEP_STRANGERS,
    "parked": inbox.KEEP_PARKED,
    "inbox_ids": inbox.KEEP_IDS,
    "mergings": merging.WEEK,
    "desk_pages": desk_pages.STAYS,
    "proofs": upkeep.PROVEN,
    "dormant": roles.UNUSED,
    "invited": links.LASTS,
    "unconfirmed": staff.PATIENCE,
    "removed": staff.KEPT,
    "invitations": invitations.KEPT,
    "partners": partners.KEPT,
    "partner_leads": partners.TAKEN,
    "code_tries": carrying.AN_HOUR,
}
"""Periods that no town changes: how long something is kept, or counts."""
BACKUPS = {"backup_daily": "day", "backup_weekly": "week", "backup_monthly": "month"}
"""The settings for how many backups are kept, each with its unit."""
_DAY, _MONTH, _YEAR = timedelta(days=1), timedelta(days=30.44), timedelta(days=365.24)


def of_town(retention: Retention) -> dict[str, str]:
    """The periods that a town sets, in German."""
    return {one.name: in_words(getattr(retention, one.name)) for one in fields(retention)}


def of_program() -> dict[str, str]:
    """The periods that the program sets, in German."""
    return {name: in_words(length) for name, length in FIXED.items()}


def of_backups(settings: Settings) -> dict[str, str]:
    """How many backups are kept, in German."""
    return {name: _unit(getattr(settings, name), unit) for name, unit in BACKUPS.items()}


def in_words(length: timedelta) -> str:
    """A length of time in German, in the largest unit that holds it as a whole number."""
    years, months = round(length / _YEAR), round(length / _MONTH)
    if years and length in {length_of(f"{years} years"), years * 365 * _DAY}:
        return _unit(years, "year")
    if months > 1 and length == length_of(f"{months} months"):
        return _unit(months, "month")
    if length % _DAY == timedelta(0) and length > 2 * _DAY:
        return _unit(length // _DAY, "day")
    return format_timedelta(length, granularity="hour", threshold=1000, locale=SOURCE_LANGUAGE)


def span_in_words(span: str) -> str:
    """A length of time such as "24 months", in German."""
    found = SPAN.fullmatch(span)
    return _unit(int(found[1]), found[2]) if found is not None else span


def _unit(number: int, unit: str) -> str:
    return format_unit(number, f"duration-{unit}", locale=SOURCE_LANGUAGE)
