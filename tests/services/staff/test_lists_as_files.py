"""Who has seats, who came and who is interested, as files for whoever may take lists out of the chat."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, select

from bot.core.attending import Attended
from bot.core.broadcasts import Interest, Subject
from bot.core.paper import InterestList, List, SeatList
from bot.core.roles import Role
from bot.core.seats import State
from bot.db import schema
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.registrations import Target
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.people import restricting
from bot.export.printing import press
from bot.services.offers.synchronising import synchronise
from bot.services.staff.offers.offer_pages import FILE_VERB as SEATS
from bot.services.staff.openings.leads import FILE_VERB as LEADS
from tests.running import CONTENT
from tests.services.staff.every_button import press as go_to
from tests.services.staff.finding import somebody
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk

COURSE, EVENING, OPENING = "iqui_b2", "info_degree", "nursing_training"
WHOLE = Target(COURSE)
FORMULA = '=HYPERLINK("x")'


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """Nobody is registered or interested from another test."""
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM registration"))
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM interest"))


def paper(me: Talk, action: str) -> List:
    """The list that a button hands over."""
    file = me.tap(action).file
    assert file is not None
    assert file.lists, "it goes when somebody on it is erased"
    assert isinstance(file.content, List)
    return file.content


def written(me: Talk, order: List) -> bytes:
    name = me.table.connection.engine.url.database
    return press(f"sqlite:///{name}", lambda: me.content, CONTENT)(order)


def table(me: Talk, order: List) -> list[dict[str, str]]:
    """The CSV file as rows by their headings."""
    text = written(me, order).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";", strict=True))


def seat(talk: Talk, state: State, target: Target = WHOLE, **columns: Any) -> int:
    return talk.table.run(lambda tx: registrations.create(tx, target, state, talk.now, **columns))


def deeds(me: Talk) -> list[str]:
    """What the member took out as a file, by the audit trail."""
    by = schema.audit_entry.c.actor == f"staff:{number(me)}"
    asked = select(schema.audit_entry.c.what).where(by, schema.audit_entry.c.deed == "exported")
    return list(me.table.run(lambda tx: tx.execute(asked.order_by(schema.audit_entry.c.id)).scalars().all()))


def opened(me: Talk, page: str) -> Talk:
    """The member at a page of the desk."""
    me.command("staff")
    go_to(me, f"go.{page}")
    return me


def test_seats_of_a_course_stand_there_with_who_came_to_what(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk, FORMULA)
    _, second = somebody(new_talk, "Lea", choice=1)
    talk.turn(synchronise)
    held = talk.table.run(lambda tx: meetings.of_offer(tx, COURSE))
    first = seat(talk, State.REGISTERED, participant_id=person, registered_at=talk.now)
    seat(talk, State.REGISTERED, guest={"name": "Omar", "contact": "0571 900000"}, registered_at=talk.now)
    seat(talk, State.WAITING, participant_id=second)
    seat(talk, State.GIVEN_BACK, participant_id=second, ended_at=talk.now)

    def mark(connection: Connection) -> None:
        for meeting, came in zip(held, (Attended.PRESENT, Attended.ABSENT), strict=False):
            attendances.mark(connection, first, meeting.id, came, talk.now, 1)

    talk.table.run(mark)
    me = member(new_talk, Role.COORDINATOR)
    order = paper(opened(me, f"people.{COURSE}.0.0"), f"{SEATS}.csv.{COURSE}.0")
    rows = table(me, order)
    days = [f"{meeting.starts_at + timedelta(hours=1):%d.%m.%Y %H:%M}" for meeting in held[:2]]
    assert [(row["Name"], row["Stand"], row["Platz auf der Warteliste"]) for row in rows] == [
        (f"'{FORMULA}", "angemeldet", ""),
        ("Omar", "angemeldet", ""),
        ("Lea", "auf der Warteliste", "1"),
        ("Lea", "Platz zurückgegeben", ""),
    ]
    assert [rows[0][day] for day in days] == ["da", "gefehlt"]
    assert (rows[0]["Termine da"], rows[0]["Termine gefehlt"], rows[1]["Termine da"]) == ("1", "1", "0")
    assert (rows[0]["Person"], rows[1]["Person"]) == (f"P-{person:04}", f"Gast {first + 1}")
    assert rows[3]["Beendet am"]
    assert "0571" not in str(rows)
    assert deeds(me) == [f"seats csv {COURSE} 0"]
    with ZipFile(io.BytesIO(written(me, replace(order, form="xlsx")))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_seats_of_one_date_of_an_event_and_of_all_of_them(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk, "Lea")
    talk.turn(synchronise)
    first, second = (one.id for one in talk.table.run(lambda tx: meetings.of_offer(tx, EVENING))[:2])
    for meeting in (first, second):
        seat(talk, State.REGISTERED, Target(EVENING, meeting), participant_id=person, registered_at=talk.now)
    talk.table.run(lambda tx: attendances.excuse(tx, registrations.all_of(tx, EVENING)[1].id, second, talk.now))
    me = member(new_talk, Role.COORDINATOR)
    one = table(me, paper(opened(me, f"people.{EVENING}.{second}.0"), f"{SEATS}.csv.{EVENING}.{second}"))
    every = table(me, paper(opened(me, f"dates.{EVENING}.0"), f"{SEATS}.csv.{EVENING}.0"))
    assert [row["Termine entschuldigt"] for row in every] == ["0", "1"]
    assert one == every[1:]
    assert len({row["Termin"] for row in every}) == 2


def test_who_is_interested_stands_there_with_what_became_of_it(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk, "Lea")
    _, other = somebody(new_talk, choice=1)

    def say(connection: Connection) -> None:
        for who, partner in ((person, "Musterhaus"), (other, None)):
            subject = Subject(opening=OPENING)
            interests.give(connection, Interested(0, who, subject, partner, Interest.OPEN, talk.now), "de", "v1")
        last = interests.in_subject(connection, Subject(opening=OPENING))[-1]
        interests.change(connection, last.id, Interest.CALLED, 1, talk.now + timedelta(days=1))

    talk.table.run(say)
    me = member(new_talk, Role.COORDINATOR)
    order = paper(opened(me, f"leads.{OPENING}.0"), f"{LEADS}.csv.{OPENING}")
    rows = table(me, order)
    assert [(row["Person"], row["Name"], row["Stand"], row["Weitergabe erlaubt an"]) for row in rows] == [
        (f"P-{person:04}", "Lea", "wartet auf einen Anruf", "Musterhaus"),
        (f"P-{other:04}", "", "gesprochen", ""),
    ]
    assert {row["Stelle oder Nachricht"] for row in rows} == {me.content.texts.source(f"offers.{OPENING}.title")}
    assert rows[1]["Stand seit"] > rows[1]["Interesse seit"]
    assert deeds(me) == [f"leads csv {OPENING}"]


def test_whose_data_is_only_kept_is_in_no_file(new_talk: NewTalk) -> None:
    talk, locked = somebody(new_talk, "Lea")
    _, other = somebody(new_talk, choice=1)

    def say(connection: Connection) -> None:
        for who in (locked, other):
            subject = Subject(opening=OPENING)
            interests.give(connection, Interested(0, who, subject, None, Interest.OPEN, talk.now), "de", "v1")
            registrations.create(connection, WHOLE, State.REGISTERED, talk.now, participant_id=who)
        registrations.create(connection, WHOLE, State.REGISTERED, talk.now, guest={"name": "Gast"})
        restricting.restrict(connection, locked, talk.now)

    talk.table.run(say)
    me = member(new_talk, Role.COORDINATOR)
    leads = table(me, paper(opened(me, f"leads.{OPENING}.0"), f"{LEADS}.csv.{OPENING}"))
    assert [row["Person"] for row in leads] == [f"P-{other:04}"]
    seats = table(me, paper(opened(me, f"people.{COURSE}.0.0"), f"{SEATS}.csv.{COURSE}.0"))
    assert [row["Name"] for row in seats][1:] == ["Gast"]
    assert seats[0]["Person"] == f"P-{other:04}"


def test_lists_without_names_have_numbers_alone(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk, "Lea")
    seat(talk, State.REGISTERED, participant_id=person, registered_at=talk.now)
    seat(talk, State.REGISTERED, guest={"name": "Omar", "contact": ""}, registered_at=talk.now)
    given = Interested(0, person, Subject(opening=OPENING), None, Interest.OPEN, talk.now)
    talk.table.run(lambda tx: interests.give(tx, given, "de", "v1"))
    me = member(new_talk)
    orders: tuple[List, ...] = (
        SeatList("csv", None, None, named=False, at=me.now),
        InterestList("csv", None, named=False, at=me.now),
    )
    for order in orders:
        text = written(me, order).decode("utf-8-sig")
        assert f"P-{person:04}" in text
        assert "Lea" not in text
        assert "Omar" not in text


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.TEACHER])
def test_who_may_take_no_list_out_of_the_chat_has_no_button_for_it(new_talk: NewTalk, role: Role) -> None:
    talk, person = somebody(new_talk, "Lea")
    seat(talk, State.REGISTERED, participant_id=person, registered_at=talk.now)
    me = opened(member(new_talk, role), f"people.{COURSE}.0.0")
    assert not [one for one in me.actions if one.startswith(SEATS)]


def test_an_empty_list_is_no_file(new_talk: NewTalk) -> None:
    me = opened(member(new_talk), f"people.{COURSE}.0.0")
    reply = me.tap(f"{SEATS}.xlsx.{COURSE}.0")
    assert reply.file is None
    assert reply.toast is not None
    assert reply.toast.key == "staff.seats.none"
    assert deeds(me) == []
