"""Calendar files: bytes as RFC 5545 wants them, read back by the library; foreign ones, broken in many ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.calendar_file import LARGEST, LONGEST_UID, MOST, Entry, read, written

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
TITLE = "أمسية معلومات: طرق, إلى; الجامعة 🎓 und noch viel mehr Wörter, als in eine Zeile passen"


def entry(start: str = "2027-01-14T18:00", **more: object) -> Entry:
    given_: dict[str, object] = {"uid": f"info-{start}@minden.lotse", "sequence": 2, "minutes": 90, "title": TITLE}
    return Entry(start=datetime.fromisoformat(start), **{**given_, **more})  # type: ignore[arg-type]


def parsed(data: bytes) -> Any:
    """The file as the library reads it; its types are many."""
    return icalendar.Calendar.from_ical(data)


def test_every_line_is_short_and_ends_as_the_standard_says() -> None:
    data = written([entry(text="Zeile 1\nZeile 2, mit; Zeichen \\ und so", place="A 101")], BERLIN, "I.Qu.I.", NOW)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75, "counted in octets"
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert rb"Zeile 1\nZeile 2\, mit\; Zeichen \\ und so" in data.replace(b"\r\n ", b"")


def test_a_change_is_a_higher_sequence_of_the_same_name() -> None:
    data = written([entry(), entry(sequence=3, cancelled=True)], BERLIN, "I.Qu.I.", NOW)
    events = parsed(data).walk("VEVENT")
    assert [(str(one["UID"]), int(one["SEQUENCE"]), str(one["STATUS"])) for one in events] == [
        ("info-2027-01-14T18:00@minden.lotse", 2, "CONFIRMED"),
        ("info-2027-01-14T18:00@minden.lotse", 3, "CANCELLED"),
    ]
    assert {str(one["SUMMARY"]) for one in events} == {TITLE}


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        ("2027-03-27T18:00", "2027-03-27T17:00"),
        ("2027-03-28T18:00", "2027-03-28T16:00"),
        ("2027-10-30T18:00", "2027-10-30T16:00"),
        ("2027-10-31T18:00", "2027-10-31T17:00"),
    ],
)
def test_a_time_is_local_with_the_zones_own_rules(start: str, utc: str) -> None:
    calendar = parsed(written([entry(start)], BERLIN, "I.Qu.I.", NOW))
    zone = calendar.walk("VTIMEZONE")[0].to_tz()
    event = calendar.walk("VEVENT")[0]
    assert event["DTSTART"].params["TZID"] == BERLIN
    local = datetime.fromisoformat(start)
    assert event["DTSTART"].dt.replace(tzinfo=None) == local
    # By the rules written into the file, not by those this machine knows.
    assert local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) == datetime.fromisoformat(utc)
    assert event.duration == timedelta(minutes=90)


def test_the_first_change_of_the_clocks_stands_among_the_others_for_readers_that_begin_there() -> None:
    """ical.js (Nextcloud, Thunderbird) takes DTSTART for no change where there are RDATEs: summer was an hour off."""
    calendar = parsed(written([entry("2027-07-01T18:00"), entry("2028-07-01T18:00")], BERLIN, "I.Qu.I.", NOW))
    parts = [*calendar.walk("DAYLIGHT"), *calendar.walk("STANDARD")]
    repeated = [part for part in parts if "RDATE" in part]
    assert repeated
    for part in repeated:
        lists = part["RDATE"] if isinstance(part["RDATE"], list) else [part["RDATE"]]
        assert part["DTSTART"].dt in [one.dt for dates in lists for one in dates.dts]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=120).filter(
    str.strip
)
STARTS = st.datetimes(datetime.fromisoformat("2026-12-01"), datetime.fromisoformat("2028-12-01")).map(
    lambda at: at.replace(second=0, microsecond=0, fold=0)
)


@given(WORDS, STARTS, st.integers(1, 600))
def test_what_is_written_is_read_again(title: str, start: datetime, minutes: int) -> None:
    data = written([Entry("a@b", 0, start, minutes, title)], BERLIN, "I.Qu.I.", NOW)
    found = read(data, BERLIN, NOW)
    assert found.faults == ()
    assert [one.title for one in found.meetings] == [title.strip()]
    # An hour the clock jumps over is as much later as the jump is long.
    assert found.meetings[0].start - start in {timedelta(0), timedelta(hours=1)}


BEGIN = "UID:1\r\nDTSTART;TZID=Europe/Berlin"
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"


def foreign(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    return f"{HEAD}{body}END:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(
    ("event", "starts"),
    [
        ("UID:1\r\nDTSTART:20270114T170000Z\r\nDTEND:20270114T183000Z", ["2027-01-14T18:00"]),
        ("UID:1\r\nDTSTART;TZID=America/New_York:20270114T120000\r\nDURATION:PT1H", ["2027-01-14T18:00"]),
        ("UID:1\r\nDTSTART;TZID=W. Europe Standard Time:20270114T180000\r\nDURATION:PT90M", ["2027-01-14T18:00"]),
        ("UID:1\r\nDTSTART:20270114T180000\r\nDTEND:20270114T193000", ["2027-01-14T18:00"]),  # no zone: the town's
        (
            f"{BEGIN}:20270323T180000\r\nDURATION:PT90M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:20270330T160000Z",
            ["2027-03-23T18:00", "2027-04-06T18:00"],
        ),
    ],
)
def test_foreign_dates_come_as_local_times(event: str, starts: list[str]) -> None:
    found = read(foreign(event), BERLIN, NOW)
    assert [one.start.isoformat(timespec="minutes") for one in found.meetings] == starts
    assert found.faults == ()


def test_a_moved_date_of_a_series_is_where_it_was_moved_to() -> None:
    series = "UID:1\r\nSUMMARY:Kurs\r\nDTSTART:20270111T170000Z\r\nDTEND:20270111T180000Z\r\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:1\r\nSUMMARY:Anders\r\nRECURRENCE-ID:20270112T170000Z\r\nDTSTART:20270112T190000Z\r\nDURATION:PT1H"
    found = read(foreign(series, moved), BERLIN, NOW)
    assert [(one.start.hour, one.title) for one in found.meetings] == [(18, "Kurs"), (20, "Anders")]


@pytest.mark.parametrize(
    ("change", "starts"),
    [
        ("DTSTART;TZID=Europe/Berlin:20270119T190000", [(11, 18, False), (19, 19, False), (25, 18, False)]),
        (
            "DTSTART;TZID=Europe/Berlin:20270118T180000\r\nSTATUS:CANCELLED",
            [(11, 18, False), (18, 18, True), (25, 18, False)],
        ),
    ],
)
def test_a_date_of_a_series_may_be_named_by_its_day_alone(change: str, starts: list[tuple[int, int, bool]]) -> None:
    series = "UID:1\r\nDTSTART;TZID=Europe/Berlin:20270111T180000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    changed = f"UID:1\r\nRECURRENCE-ID;VALUE=DATE:20270118\r\nDURATION:PT1H\r\n{change}"
    for order in ((series, changed), (changed, series)):
        found = read(foreign(*order), BERLIN, NOW)
        assert [(one.start.day, one.start.hour, one.cancelled) for one in found.meetings] == starts
        assert [one.uid for one in found.meetings] == [f"1/2027-01-{day}T18:00" for day in (11, 18, 25)]
        assert found.faults == ()


def test_what_follows_a_day_is_moved_with_it() -> None:
    series = "UID:1\r\nDTSTART;TZID=Europe/Berlin:20270111T180000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = (
        "UID:1\r\nRECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20270118\r\nDURATION:PT1H\r\n"
        "DTSTART;TZID=Europe/Berlin:20270118T190000"
    )
    found = read(foreign(series, moved), BERLIN, NOW)
    assert [(one.start.day, one.start.hour) for one in found.meetings] == [(11, 18), (18, 19), (25, 19)]


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("20270328T023000\r\nDURATION:PT1H", [("03-28T03:30", 60)]),
        ("20270328T013000\r\nDTEND;TZID=Europe/Berlin:20270328T023000", [("03-28T01:30", 60)]),
        (
            "20270327T023000\r\nDTEND;TZID=Europe/Berlin:20270327T033000\r\nRRULE:FREQ=DAILY;COUNT=3",
            [("03-27T02:30", 60), ("03-28T03:30", 60), ("03-29T02:30", 60)],
        ),
    ],
)
def test_an_hour_that_is_left_out_in_spring_is_the_one_behind_it(event: str, found: list[tuple[str, int]]) -> None:
    meetings = read(foreign(f"UID:1\r\nDTSTART;TZID=Europe/Berlin:{event}"), BERLIN, NOW).meetings
    assert [(f"{one.start:%m-%dT%H:%M}", one.minutes) for one in meetings] == found


def test_what_is_wrong_with_a_file_is_said_by_codes() -> None:
    assert read(b"x" * (LARGEST + 1), BERLIN, NOW).faults == ("too_large",)
    assert read(foreign(), BERLIN, NOW).faults == ("no_meeting",)
    assert "whole_day" in read(foreign("UID:1\r\nDTSTART;VALUE=DATE:20270114"), BERLIN, NOW).faults
    endless = "UID:1\r\nDTSTART:20270111T170000Z\r\nDTEND:20270111T173000Z\r\nRRULE:FREQ=DAILY"
    found = read(foreign(endless), BERLIN, NOW)
    assert found.faults == ("too_many",)
    assert len(found.meetings) == MOST


AT = "UID:1\r\nSUMMARY:Kurs\r\nDTSTART:20270111T170000Z"
LASTS = "DURATION:PT1H"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTER\r\n VAL=0",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;UNTIL=20280111T170000Z",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "INTERVAL=0;freq=weekly",
    ],
)
def test_a_rule_that_would_take_minutes_is_left_out_and_said(rule: str) -> None:
    other = "UID:2\r\nDTSTART:20270118T170000Z\r\nDURATION:PT1H"
    found = read(foreign(f"{AT}\r\n{LASTS}\r\nRRULE:{rule}", other), BERLIN, NOW)
    assert [one.start.day for one in found.meetings] == [11, 18]
    assert found.faults == ("too_many",)


def test_a_zones_endless_rule_is_left_out_too() -> None:
    rule = "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=DAILY;INTERVAL=0\r\n"
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Nowhere\r\nBEGIN:STANDARD\r\n{rule}END:STANDARD\r\nEND:VTIMEZONE\r\n"
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Nowhere:20270111T180000\r\n{LASTS}\r\nEND:VEVENT\r\n"
    found = read(f"{HEAD}{zone}{event}END:VCALENDAR\r\n".encode(), BERLIN, NOW)
    assert [one.start.isoformat(timespec="minutes") for one in found.meetings] == ["2027-01-11T18:00"]
    assert found.faults == ("too_many",)


def test_what_is_repeated_since_before_our_time_is_not_counted() -> None:
    old = "UID:2\r\nDTSTART:16010101T170000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"
    found = read(foreign(f"{AT}\r\n{LASTS}", old), BERLIN, NOW)
    assert len(found.meetings) == 1
    assert found.faults == ("too_many",)


@pytest.mark.parametrize(
    "end",
    [
        "DTEND:20270111T170000Z",
        "DTEND:20270111T160000Z",
        "DTEND:20270201T160000Z",
        "DURATION:P9D",
        "DURATION:-PT1H",
        "DURATION:PT0S",
        "STATUS:CONFIRMED",
    ],
)
def test_an_end_that_is_missing_or_cannot_be_makes_half_an_hour(end: str) -> None:
    found = read(foreign(f"{AT}\r\n{end}"), BERLIN, NOW)
    assert [(one.start.hour, one.minutes) for one in found.meetings] == [(18, 30)]
    assert found.faults == ("no_end",)


def test_of_a_property_in_several_languages_the_first_counts() -> None:
    twice = "LOCATION:A 101\r\nLOCATION;LANGUAGE=en:Room A 101\r\nSUMMARY;LANGUAGE=en:Course"
    (found,) = read(foreign(f"{AT}\r\n{LASTS}\r\n{twice}"), BERLIN, NOW).meetings
    assert (found.title, found.place) == ("Kurs", "A 101")


def test_a_meeting_over_midnight_at_the_end_of_a_month_is_one() -> None:
    starts = [NOW + timedelta(days=31) - timedelta(minutes=30), NOW + timedelta(days=31), NOW + timedelta(days=61)]
    events = [f"UID:{n}\r\nDTSTART:{at:%Y%m%dT%H%M%SZ}\r\n{LASTS}" for n, at in enumerate(starts)]
    assert [one.uid for one in read(foreign(*events), BERLIN, NOW).meetings] == ["0", "1", "2"]


GOOD = "UID:2\r\nSUMMARY:Gut\r\nDTSTART:20270118T170000Z\r\nDURATION:PT1H"


@pytest.mark.parametrize(
    "event",
    [
        "UID:1",
        "UID:1\r\nDTSTART:20270111T250000\r\nDURATION:PT1H",
        "UID:1\r\nDTSTART:2027-01-11T18:00\r\nDURATION:PT1H",
        "UID:1\r\nDTSTART:99991231T235959Z\r\nDURATION:PT1H",
        "UID:1\r\nDTSTART:99991231T235959Z\r\nDTEND:20270111T170000Z",
        f"{AT}\r\n{LASTS}\r\nRRULE:FREQ=WEEKLY;BYDAY=FREITAG",
        f"{AT}\r\n{LASTS}\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:never",
    ],
)
def test_what_cannot_be_read_takes_no_other_date_along_and_is_said(event: str) -> None:
    found = read(foreign(event, GOOD), BERLIN, NOW)
    assert [one.title for one in found.meetings] == ["Gut"]
    assert "left_out" in found.faults


@pytest.mark.parametrize("line", ["PRIORITY:high", "SEQUENCE:x", "GEO:somewhere", "DESCRIPTION:a\r\nand: b"])
def test_what_says_nothing_of_the_time_may_be_broken(line: str) -> None:
    found = read(foreign(f"{GOOD}\r\n{line}"), BERLIN, NOW)
    assert [one.title for one in found.meetings] == ["Gut"]
    assert found.faults == ()


def test_dates_that_were_moved_together_have_names_of_their_own() -> None:
    series = f"{AT}\r\n{LASTS}\r\nRRULE:FREQ=WEEKLY;COUNT=4"
    later = f"UID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270118T170000Z\r\nDTSTART:20270119T180000Z\r\n{LASTS}"
    found = read(foreign(series, later), BERLIN, NOW).meetings
    assert [one.start.day for one in found] == [11, 19, 26, 2]
    assert len({one.uid for one in found}) == len(found)


def test_the_dates_of_a_series_with_a_long_name_have_names_of_their_own() -> None:
    long = f"UID:{'x' * 300}\r\nDTSTART:20270111T170000Z\r\n{LASTS}\r\nRRULE:FREQ=DAILY;COUNT=3"
    names = [one.uid for one in read(foreign(long), BERLIN, NOW).meetings]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == LONGEST_UID


@pytest.mark.parametrize("until", ["UNTIL=20270113", "UNTIL=20270113T170000Z", "UNTIL=20270113; WKST=MO"])
def test_the_last_day_of_a_rule_counts(until: str) -> None:
    found = read(foreign(f"{AT}\r\n{LASTS}\r\nRRULE:FREQ=DAILY;{until}"), BERLIN, NOW)
    assert [one.start.day for one in found.meetings] == [11, 12, 13]
    assert found.faults == ()


def test_a_file_that_cancels_says_so_of_each_of_its_dates() -> None:
    words = foreign(GOOD).replace(b"PRODID:x", b"PRODID:x\r\nMETHOD:CANCEL")
    assert [one.cancelled for one in read(words, BERLIN, NOW).meetings] == [True]


def test_several_calendars_in_one_file_are_read() -> None:
    found = read(foreign(f"{AT}\r\n{LASTS}") + foreign(GOOD), BERLIN, NOW)
    assert [one.title for one in found.meetings] == ["Kurs", "Gut"]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\r\n"])
def test_a_file_may_have_another_coding_and_other_ends_of_lines(coding: str, end: str) -> None:
    words = foreign(GOOD.replace("Gut", "Café")).decode().replace("\r\n", end)
    assert [one.title for one in read(words.encode(coding), BERLIN, NOW).meetings] == ["Café"]


def test_a_line_may_be_broken_within_a_letter() -> None:
    words = foreign(GOOD.replace("Gut", "Café")).replace("é".encode(), b"\xc3\r\n \xa9")
    assert [one.title for one in read(words, BERLIN, NOW).meetings] == ["Café"]


def test_signs_that_no_text_can_hold_are_left_out() -> None:
    (found,) = read(foreign(GOOD.replace("Gut", "A\0B") + "\r\nLOCATION:C\x07D"), BERLIN, NOW).meetings
    assert (found.title, found.place) == ("A B", "C D")


def test_a_file_that_was_cut_off_is_unreadable() -> None:
    assert read(foreign(GOOD)[:-20], BERLIN, NOW).faults == ("unreadable",)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=80).map(lambda junk: HEAD.encode() + junk)))
def test_rubbish_is_never_an_exception(data: bytes) -> None:
    found = read(data, BERLIN, NOW)
    assert found.faults
    assert found.meetings == ()
