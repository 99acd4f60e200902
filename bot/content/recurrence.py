"""Repeated meetings: an RFC 5545 rule without public holidays and exceptions. Local wall-clock times, no zone."""

from __future__ import annotations

import re
import sys
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.util import find_spec, module_from_spec
from zoneinfo import ZoneInfo

MOST = 400
"""The most meetings of one rule. A course has fewer."""
LONGEST = timedelta(days=3 * 366)
PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "BYHOUR", "BYMINUTE"}
)


class RuleRefused(Exception):
    """A rule that cannot be used: `what` is wrong, and how to `mend` it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def occurrences(
    rule: str,
    start: datetime,
    zone: ZoneInfo,
    without: Container[date] = (),
    most: int = MOST,
    holidays: Container[date] = (),
) -> tuple[datetime, ...]:
    """Every local time of a rule from its start on, except on the days `without` and on `holidays`.

    Raises:
        RuleRefused: it is not an RFC 5545 rule, has no end, gives more than `most` meetings, or gives none.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - only towns with courses need it

    named = _parts(rule)
    if not {"UNTIL", "COUNT"} & named.keys():
        raise RuleRefused("The rule has no end", "Add ';UNTIL=20270731' or ';COUNT=40'")
    if until := named.get("UNTIL"):
        named["UNTIL"] = _local_until(until, zone)
    try:
        found = rrulestr(";".join(f"{name}={value}" for name, value in named.items()), dtstart=start)
        times: list[datetime] = []
        for time in found:
            times.append(time)
            if len(times) > most or time > start + LONGEST:
                break
    except (ValueError, TypeError, OverflowError) as error:
        raise RuleRefused(f"The rule cannot be read ({error})", "Write it as RFC 5545 says") from None
    if len(times) > most or (times and times[-1] > start + LONGEST):
        raise RuleRefused(f"The rule gives more than {most} meetings or three years", "Give it an earlier UNTIL")
    kept = tuple(one for one in times if one.date() not in without and one.date() not in holidays)
    if not kept:
        raise RuleRefused("The rule gives no meeting at all", "Check its start, its days and its UNTIL")
    return kept


def _parts(rule: str) -> dict[str, str]:
    """`FREQ=WEEKLY;BYDAY=MO` split into its parts."""
    named = {}
    for part in rule.upper().removeprefix("RRULE:").replace(" ", "").strip(";").split(";"):
        name, is_, value = part.partition("=")
        if not is_ or name not in PARTS or not value:
            raise RuleRefused(f"'{part}' is no part of a rule", "Write 'FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270731'")
        named[name] = value
    if named.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise RuleRefused("The rule does not say how often", "Begin it with FREQ=WEEKLY, DAILY or MONTHLY")
    if not re.fullmatch(r"0*[1-9]\d*", named.get("INTERVAL", "1")):
        raise RuleRefused("The rule never goes on", "Let INTERVAL be 1, 2 or more, or leave it out")
    return named


def _local_until(until: str, zone: ZoneInfo) -> str:
    """The last moment in local time. A day counts to its end. A `Z` means UTC."""
    try:
        if len(until) == len("20270731"):
            return f"{datetime.strptime(until, '%Y%m%d'):%Y%m%d}T235959"  # noqa: DTZ007 - a day has no zone
        if until.endswith("Z"):
            moment = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return f"{moment.astimezone(zone):%Y%m%dT%H%M%S}"
        return f"{datetime.strptime(until, '%Y%m%dT%H%M%S'):%Y%m%dT%H%M%S}"  # noqa: DTZ007 - local
    except (ValueError, OverflowError):  # `Z` on the last possible day, east of Greenwich
        raise RuleRefused(f"'{until}' is no UNTIL", "Write the last day as UNTIL=20270731") from None


def _import_one_country_at_a_time() -> None:
    """Makes `holidays` import only the country that is asked for, not the 250 others as well.

    Its package `holidays.countries` imports all countries at once: 11 MB and a quarter of a second. Here the package
    is registered without being run, so that only its modules can be found. If it is already loaded, it stays.
    """
    name = "holidays.countries"
    spec = find_spec(name)
    if spec is not None and name not in sys.modules:
        sys.modules[name] = module_from_spec(spec)


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country's region. `day in ...` tells whether a day is one, in any year."""

    country: str
    region: str

    def __contains__(self, day: object) -> bool:
        """Whether the day is a holiday. Each year is loaded when it is first needed, so no year is missing."""
        return isinstance(day, date) and day in _holidays_of(self.country, self.region, day.year)


def public_holidays(country: str, region: str) -> PublicHolidays:
    """The public holidays of a country's region.

    Raises:
        RuleRefused: the country or region is unknown.
    """
    try:
        _holidays_of(country, region, 2026)  # any year will do: unknown regions are refused in all of them
    except NotImplementedError:
        raise RuleRefused(
            f"There are no holidays of '{country}' '{region}'", "Write them as DE and NW (ISO 3166)"
        ) from None
    return PublicHolidays(country, region)


@cache
def _holidays_of(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays of one year."""
    _import_one_country_at_a_time()
    import holidays  # noqa: PLC0415 - large

    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
