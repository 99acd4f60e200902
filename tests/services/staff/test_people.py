"""Participants as the team sees them: found, looked at, noted about, taken out as a file."""

from __future__ import annotations

import csv
import io
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from bot.core import roles
from bot.core.message import Text
from bot.core.paper import PeopleList
from bot.core.roles import Right, Role
from bot.db import audit, schema
from bot.db.people import notes
from bot.export.printing import press
from bot.services import places
from bot.services.offers.synchronising import synchronise
from tests.running import CONTENT
from tests.services.staff.finding import listed, looked_for, somebody
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk

pytestmark = pytest.mark.usefixtures("empty")


def test_people_are_found_by_name_however_it_is_written_by_number_and_by_what_they_chose(new_talk: NewTalk) -> None:
    _, anna = somebody(new_talk, "Müller, Änna")
    _, omar = somebody(new_talk, "عُمَر", choice=1)
    me = member(new_talk, Role.COUNSELLOR)
    looked_for(me)
    assert listed(me) == {anna, omar}
    for words, found in (
        ("muller", {anna}),
        ("عمر", {omar}),
        (f"Nr. {omar}", {omar}),
        (f"P-{anna:04}", {anna}),
        ("Deutsch lernen", {anna}),
        ("deutsch muller", {anna}),
        ("arbeit muller", set()),
        ("%", {anna, omar}),
        ("nobody is called so", set()),
    ):
        looked_for(me, words)
        assert listed(me) == found, words


def test_filters_by_taps_are_conditions_and_go_back(new_talk: NewTalk) -> None:
    _, german = somebody(new_talk)
    _, other = somebody(new_talk, choice=2)
    me = member(new_talk, Role.COUNSELLOR)
    looked_for(me)
    me.tap("go.filters.0")
    me.tap("go.filter.language.0")
    first = next(one for one in me.actions if one.startswith("found_pick.language."))
    language = me.content.languages[int(first.split(".")[2])]
    mine = {
        key
        for key, spoken in me.table.run(
            lambda tx: tx.execute(
                select(schema.participant.c.id, schema.chat.c.language).join_from(schema.participant, schema.chat)
            ).all()
        )
        if spoken == language
    }
    me.tap(first)
    looked_for(me)
    assert listed(me) == mine
    me.tap("go.filters.0")
    me.tap("go.filter.language.0")
    me.tap(first)
    looked_for(me)
    assert listed(me) == {german, other} - mine
    me.tap("found_clear")
    assert listed(me) == {german, other}
    for name in ("profile:finished", "contact:days", "registration:iqui_b2", "goals", "place"):
        reply = me.tap_data(f"v{me.drawn[-1].card.version}.go.filter.{name}.0", me.drawn[-1].message)
        assert reply.card is not None, name
        pick = next(one for one in me.actions if one.startswith("found_pick."))
        me.tap(pick)
        assert "✅" in str(me.drawn[-1].card.screen.rows), name
        looked_for(me)
        me.tap("found_clear")


def test_without_the_right_to_names_there_are_numbers_and_names_find_nobody(
    new_talk: NewTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, anna = somebody(new_talk, "Änna")
    pseudonymous = {**roles.RIGHTS, Role.COUNSELLOR: roles.RIGHTS[Role.COUNSELLOR] - {Right.SEE_PEOPLE}}
    me = member(new_talk, Role.COUNSELLOR)
    assert "Änna" in str(looked_for(me)) + str(me.drawn[-1].card.screen.rows)
    monkeypatch.setattr(roles, "RIGHTS", pseudonymous)
    looked_for(me)
    assert "Änna" not in str(me.drawn[-1].card.screen)
    looked_for(me, "anna")
    assert listed(me) == set()
    looked_for(me, str(anna))
    assert listed(me) == {anna}
    me.tap(f"go.person.{anna}")
    assert "Änna" not in str(me.drawn[-1].card.screen)


def test_sensitive_answers_are_for_those_who_advise(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk)
    sensitive = [one.id for one in talk.content.questionnaire.questions if one.sensitive]
    assert set(sensitive) & set(talk.answers()[0])
    for role, sees in ((Role.COUNSELLOR, True), (Role.COORDINATOR, False)):
        me = member(new_talk, role)
        looked_for(me)
        me.tap(f"go.person.{person}")
        me.tap(f"go.said.{person}")
        keys = str(me.drawn[-1].card.screen)
        assert any(f"questionnaire.{one}." in keys for one in sensitive) is sees, role
        assert ("vertrauliche" in shown(me)) is not sees


def test_notes_are_the_teams_and_only_ones_own_is_thrown_away(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk)
    me, other = member(new_talk, Role.COUNSELLOR), member(new_talk, Role.COUNSELLOR, "Lea")
    looked_for(me)
    me.tap(f"go.person.{person}")
    me.tap(f"go.notes.{person}.0")
    me.write("braucht <b>einen</b> Laptop")
    assert "braucht <b>einen</b> Laptop" in shown(me)
    written = talk.table.run(lambda tx: notes.of_person(tx, person))
    looked_for(other)
    other.tap(f"go.person.{person}")
    other.tap(f"go.notes.{person}.0")
    assert "Laptop" in shown(other)
    other.tap_data(f"v{other.drawn[-1].card.version}.note_drop.{written[0].id}", other.drawn[-1].message)
    assert talk.table.run(lambda tx: notes.of_person(tx, person)) == written
    me.tap(f"note_drop.{written[0].id}")
    assert talk.table.run(lambda tx: notes.of_person(tx, person)) == []


def test_every_look_is_written_down_once_and_holds_no_words(new_talk: NewTalk) -> None:
    _, person = somebody(new_talk, "Änna")
    me = member(new_talk, Role.COUNSELLOR)
    before = me.table.run(lambda tx: tx.execute(select(func.max(schema.audit_entry.c.id))).scalar()) or 0
    looked_for(me, "änna")
    me.tap(f"go.person.{person}")
    who, mine = me.table.run(lambda tx: audit.pseudonym(tx, person)), number(me)
    rows = me.table.run(
        lambda tx: tx.execute(
            select(schema.audit_entry.c.deed, schema.audit_entry.c.about, schema.audit_entry.c.what).where(
                schema.audit_entry.c.actor == f"staff:{mine}", schema.audit_entry.c.id > before
            )
        ).all()
    )
    assert [(deed, about) for deed, about, _ in rows if deed == "profile_seen"] == [("profile_seen", who)]
    assert [what for deed, _, what in rows if deed == "people_searched"] == ["found 1"]
    assert "nna" not in str(rows).replace(str(who), ""), "the pseudonym is chance, and may hold any letters"


def test_the_history_tells_that_and_when_but_not_what(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk)
    me = member(new_talk, Role.COUNSELLOR)
    talk.turn(synchronise)
    row = {"cause": "x", "chat_id": talk.chat_id, "kind": "reminder", "due_at": talk.now, "next_at": talk.now}
    row |= {"priority": 1, "text_key": "ui.secret", "participant_id": person, "state": "sent", "sent_at": talk.now}
    talk.table.run(lambda tx: tx.execute(schema.delivery.insert(), row))
    looked_for(me)
    me.tap(f"go.person.{person}")
    me.tap(f"go.contacts.{person}.0")
    assert "Erinnerung gesendet" in shown(me)
    assert "secret" not in str(me.drawn[-1].card.screen)


def papered(me: Talk, paper: PeopleList) -> bytes:
    """The bytes of a list."""
    name = me.table.connection.engine.url.database
    return press(f"sqlite:///{name}", lambda: me.content, CONTENT)(paper)


def test_the_list_as_a_file_is_what_the_member_may_see(new_talk: NewTalk) -> None:
    talk, person = somebody(new_talk, '=HYPERLINK("x")')
    somebody(new_talk, "Lea", choice=1)
    for role, hidden in ((Role.COORDINATOR, True), (Role.ADMIN, False)):
        me = member(new_talk, role)
        looked_for(me, str(person))
        reply = me.tap("found_file.csv")
        assert reply.file is not None
        assert reply.file.chat_id == me.chat_id
        paper = reply.file.content
        assert isinstance(paper, PeopleList)
        rows = list(csv.reader(io.StringIO(papered(me, paper).decode("utf-8-sig")), delimiter=";"))
        assert [row[:2] for row in rows] == [["Person", "Name"], [f"P-{person:04}", '\'=HYPERLINK("x")']]
        label = talk.content.texts.label("de", Text("questionnaire.paper.short"))
        assert (label not in rows[0]) is hidden
    reply = me.tap("found_file.xlsx")
    assert reply.file is not None
    assert isinstance(reply.file.content, PeopleList)
    with ZipFile(io.BytesIO(papered(me, reply.file.content))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_list_without_names_has_numbers_alone(new_talk: NewTalk) -> None:
    _, person = somebody(new_talk, "Lea")
    me = member(new_talk)
    paper = PeopleList("csv", "", {}, named=False, sensitive=False, at=me.now)
    looked_for(me)
    text = papered(me, paper).decode("utf-8-sig")
    assert f"P-{person:04}" in text
    assert "Lea" not in text


def test_a_member_of_the_team_can_take_part_too(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.COUNSELLOR)
    me.start()
    me.finish()
    person = me.participant()
    assert person is not None
    looked_for(me)
    assert listed(me) == {person.id}
    me.tap(f"go.person.{person.id}")
    me.start()
    assert me.place == places.DONE
    me.table.run(lambda tx: tx.execute(update(schema.staff).values(removed_at=me.now)))
    me.command("staff")
    assert me.place == places.DONE
    assert me.participant() is not None
