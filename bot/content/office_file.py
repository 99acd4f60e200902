"""`office_hours` of `town.yaml`: when the team answers in talks, and when it is reminded of waiting people."""

from __future__ import annotations

from datetime import time

from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.core.office import Hours, Office
from bot.core.timing import clock_time

DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
MOST_HOURS = 200


def read_office_hours(reader: Reader, root: Table) -> Office:
    """The hours. A town that names none is always open."""
    table = reader.table(root, "office_hours")
    if table is None:
        return Office()
    reader.keys(table, (), (*DAYS, "remind", "urge"), "'office_hours'")
    usual = Office()
    remind, urge = reader.integer(table, "remind", usual.remind), reader.integer(table, "urge", usual.urge)
    if not 1 <= remind <= urge <= MOST_HOURS:
        what = f"The team cannot be reminded after {remind} hours and its leads after {urge}"
        reader.error(table, what, f"Write hours from 1 to {MOST_HOURS}, 'remind' not after 'urge'")
        remind, urge = usual.remind, usual.urge
    days = {DAYS[name]: _hours(reader, table, name) for name in table.entries if name in DAYS}
    return Office({day: hours for day, hours in days.items() if hours}, remind, urge)


def _hours(reader: Reader, table: Table, name: str) -> Hours:
    """The times between which the team answers, in order."""
    found: list[tuple[time, time]] = []
    for words in reader.names(table, name):
        times = _times(words)
        if times is None or (found and _end(found[-1]) > times[0]):
            mend = "Write them in order, for example [9:00-12:00, 14:00-16:30]; a day ends at 24:00"
            reader.error(table.lines[name], f"'{words}' are no hours of a day", mend)
            return ()
        found.append(times)
    return tuple(found)


def _times(words: str) -> tuple[time, time] | None:
    """Two times, the second one later. 0:00 as the second is the end of the day. None if they are not that."""
    start, _, end = (part.strip() for part in words.partition("-"))
    try:
        times = clock_time(start), time() if end == "24:00" else clock_time(end)
    except ValueError:
        return None
    return times if end == "24:00" or times[0] < times[1] else None


def _end(times: tuple[time, time]) -> time:
    return times[1] if times[0] < times[1] else time.max
