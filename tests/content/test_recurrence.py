"""Repeated meetings: counted by hand, on the wall clock, without holidays; what is no rule is refused in words."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.content.recurrence import MOST, RuleRefused, occurrences, public_holidays

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_four_times_a_week_for_seven_months_without_the_holidays_of_the_state() -> None:
    free = public_holidays("DE", "NW")
    found = occurrences(
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;UNTIL=20270812", local("2027-01-11T09:00"), BERLIN, holidays=free
    )
    # 31 weeks of four days; of the holidays Easter Monday, Ascension, Whit Monday and Corpus Christi are such days.
    assert len(found) == 31 * 4 - 4
    for day in ("2027-03-29", "2027-05-06", "2027-05-17", "2027-05-27"):
        assert date.fromisoformat(day) in free
        assert date.fromisoformat(day) not in {one.date() for one in found}
    assert {one.isoweekday() for one in found} == {1, 2, 3, 4}
    assert {(one.hour, one.minute) for one in found} == {(9, 0)}, "the wall clock is kept over both changes"


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;UNTIL=20270113", "2027-01-13T18:00"),  # a day counts to its end
        ("FREQ=DAILY;UNTIL=20270113T175900", "2027-01-12T18:00"),
        ("FREQ=DAILY;UNTIL=20270113T170000Z", "2027-01-13T18:00"),  # 18:00 in Berlin
        ("FREQ=DAILY;UNTIL=20270113T165900Z", "2027-01-12T18:00"),
        ("RRULE:FREQ=DAILY;COUNT=3", "2027-01-13T18:00"),
        ("freq=monthly;bymonthday=31;count=2", "2027-03-31T18:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20290101", "2028-02-29T18:00"),
    ],
)
def test_the_last_meeting_of_a_rule(rule: str, last: str) -> None:
    assert occurrences(rule, local("2027-01-11T18:00"), BERLIN)[-1] == local(last)


def test_own_exceptions_are_left_out() -> None:
    start = local("2027-01-11T18:00")
    found = occurrences("FREQ=DAILY;COUNT=3", start, BERLIN, {date(2027, 1, 12)})
    assert found == (start, start + timedelta(days=2))


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "no end"),
        ("every Monday", "is no part of a rule"),
        ("BYDAY=MO;COUNT=3", "does not say how often"),
        ("FREQ=SECONDLY;COUNT=3", "does not say how often"),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=3", "cannot be read"),
        ("FREQ=DAILY;UNTIL=2027-01-13", "is no UNTIL"),
        ("FREQ=DAILY;UNTIL=20279999", "is no UNTIL"),
        (f"FREQ=DAILY;COUNT={MOST + 1}", f"more than {MOST} meetings"),
        ("FREQ=YEARLY;COUNT=10", "or three years"),
        ("FREQ=DAILY;UNTIL=20200101", "no meeting at all"),
        ("", "is no part of a rule"),
    ],
)
def test_a_rule_that_cannot_be_used_says_so(rule: str, what: str) -> None:
    with pytest.raises(RuleRefused, match=what) as refused:
        occurrences(rule, local("2027-01-11T18:00"), BERLIN)
    assert refused.value.mend


def test_an_unknown_region_has_no_holidays() -> None:
    for country, region in (("DE", "XX"), ("XX", "")):
        with pytest.raises(RuleRefused, match="no holidays"):
            public_holidays(country, region)


@pytest.mark.parametrize("year", [2032, 2040])
def test_holidays_are_known_in_years_that_are_far_off(year: int) -> None:
    free = public_holidays("DE", "NW")
    assert date(year, 12, 25) in free
    assert date(year, 12, 24) not in free
    found = occurrences(f"FREQ=DAILY;UNTIL={year}1227", local(f"{year}-12-23T09:00"), BERLIN, holidays=free)
    assert [one.day for one in found] == [23, 24, 27]


WHOLE = "import holidays; found = holidays.country_holidays('DE', subdiv='NW', years=range(2027, 2031))"
OURS = "from bot.content.recurrence import public_holidays; found = public_holidays('DE', 'NW')"


def test_the_holidays_of_one_country_are_read_without_the_others() -> None:
    said = (
        "; import sys; from datetime import date, timedelta"
        "; days = (date(2027, 1, 1) + timedelta(number) for number in range(4 * 365 + 1))"
        "; print([str(one) for one in days if one in found],"
        " sum(one.startswith('holidays.countries.') for one in sys.modules))"
    )
    whole, ours = (
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", code + said], capture_output=True, text=True, check=True
        ).stdout.rpartition(" ")
        for code in (WHOLE, OURS)
    )
    assert ours[0] == whole[0]
    assert "2030-12-26" in ours[0]
    assert int(ours[2]) == 1 < int(whole[2]), "countries that were imported"
