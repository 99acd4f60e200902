"""Participants as the team sees them: found, looked at, noted about, put together, taken out as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from functools import partial
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, func, select, update

from bot.core import roles
from bot.core.message import Button, Text
from bot.core.paper import PeopleList
from bot.core.roles import Right, Role
from bot.db import audit, schema
from bot.db.people import merging as rows
from bot.db.people import notes, participants
from bot.db.people.merging import Merging
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.export.printing import press
from bot.services import screens, upkeep
from bot.services.deliveries.acts import Deed as Closing
from bot.services.deliveries.acts import TopicIs
from bot.services.offers.synchronising import synchronise
from bot.services.profiles import merging
from bot.services.turn import Turn
from tests.db.rows import new_meeting
from tests.running import CONTENT
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk
from tests.services.threads.scene import Office, bound, clear, in_topic, said, thread_of


@pytest.fixture(autouse=True)
def empty(talk: Talk) -> None:
    """Nobody takes part yet."""
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM chat"))


def somebody(new_talk: NewTalk, name: str | None = None, choice: int = 0) -> tuple[Talk, int]:
    """A participant who has come to the end, and their number."""
    talk = new_talk()
    talk.start()
    talk.finish(choice)
    person = talk.participant()
    assert person is not None
    if name is not None:
        talk.table.run(lambda tx: participants.set_preferences(tx, person.id, name=name))
    return talk, person.id


def looked_for(me: Talk, words: str = "") -> str:
    """The list, after a search where there are words."""
    me.command("staff")
    me.tap("go.found.0")
    if words:
        if "found_clear" in me.actions:
            me.tap("found_clear")
        me.write(words)
    return shown(me)


def listed(me: Talk) -> set[int]:
    """The numbers of the people on the list."""
    return {int(one.rpartition(".")[2]) for one in me.actions if one.startswith("go.person.")}


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


def test_two_profiles_are_suggested_put_together_and_taken_apart(new_talk: NewTalk) -> None:
    old, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Haddad Amina")
    before = new.answers()
    me = member(new_talk, Role.COORDINATOR)
    looked_for(me)
    me.tap("go.doubles.0")
    assert "fast der Name" in shown(me)
    me.tap(f"go.pair.{kept}.{gone}")
    me.tap(f"join_people.{kept}.{gone}")
    assert new.participant() is None
    assert "auch Nr." in shown(me)
    new.write("Hallo")
    assert "zwei Chats" in shown(new)
    new.tap_data(f"v{new.drawn[-1].card.version}.profile", new.drawn[-1].message)
    assert "zwei Chats" in shown(new)
    assert len(old.answers()[0]) >= len(before[0])
    apart = next(one for one in me.actions if one.startswith("go.apart."))
    me.tap(apart)
    me.tap(apart.replace("go.apart", "split"))
    row = new.participant()
    assert row is not None
    assert row.id == gone
    assert new.answers() == before
    assert new.place == screens.DONE


def by(turn: Turn, me: Talk) -> Member:
    """The member who does it."""
    found = staff.by_person(turn.connection, me.chat_id)
    assert found is not None
    return found


def stored(turn: Turn, number: int | None) -> Merging:
    """Two profiles that were put together."""
    found = rows.load(turn.connection, number or 0)
    assert found is not None
    return found


def test_a_talk_goes_on_in_the_chat_that_stays_and_parts_again(talk: Talk, new_talk: NewTalk) -> None:
    clear(talk)
    bound(member(new_talk))
    old, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Amina Haddad")
    me, lea = member(new_talk, Role.COORDINATOR), member(new_talk, Role.COUNSELLOR, "Lea")
    office = Office(new)
    for each, words in ((old, "Erster Chat"), (new, "Zweiter Chat")):
        each.command("ask")
        each.write(words)
        office.send()
    topics = [thread_of(each).topic for each in (old, new)]
    in_topic(lea, new, "Noch nicht gesagt")
    put_together = me.turn(lambda turn: merging.merge(turn, kept, gone, by(turn, me)))
    office.send()
    assert [each.text for each in said(old)][:2] == ["Erster Chat", "Zweiter Chat"]
    assert "Noch nicht gesagt" in office.texts(old.chat_id)[-1]
    closed = TopicIs(topics[1] or 0, Closing.CLOSE)
    assert [one.act for one in office.sent if isinstance(one.act, TopicIs)] == [closed]
    in_topic(lea, old, "Seitdem gesagt")
    office.send()
    assert "Seitdem gesagt" in office.texts(old.chat_id)[-1]
    me.turn(lambda turn: merging.take_apart(turn, stored(turn, put_together), by(turn, me)))
    office.send()
    assert [each.text for each in said(old)] == ["Erster Chat", "Seitdem gesagt"]
    assert [each.text for each in said(new)] == ["Zweiter Chat", "Noch nicht gesagt"]
    assert [thread_of(each).topic for each in (old, new)] == topics
    in_topic(lea, new, "Im zweiten")
    office.send()
    assert "Im zweiten" in office.texts(new.chat_id)[-1]
    actor = f"staff:{number(lea)}"
    deeds = me.table.run(
        lambda tx: tx.execute(
            select(schema.audit_entry.c.about, schema.audit_entry.c.what).where(
                schema.audit_entry.c.deed == "answered", schema.audit_entry.c.actor == actor
            )
        ).all()
    )
    assert len(deeds[-3:]) == 3
    assert all(about is not None and what.startswith("talk ") for about, what in deeds)


def test_after_a_week_it_stays_and_the_silent_chat_goes(new_talk: NewTalk) -> None:
    _, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Amina Haddad")
    me = member(new_talk, Role.COORDINATOR)
    looked_for(me)
    me.tap("go.doubles.0")
    me.tap(f"go.pair.{kept}.{gone}")
    me.tap(f"join_people.{kept}.{gone}")
    me.turn(upkeep.forget_what_is_due)
    assert new.chat() is not None
    me.now += timedelta(days=8)
    me.turn(upkeep.forget_what_is_due)
    me.turn(upkeep.forget_strangers)
    assert new.chat() is None
    assert me.table.run(lambda tx: tx.execute(select(schema.merging.c.id)).all()) == []


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


def test_a_day_with_many_meetings_finds_room_beside_six_others(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.VIEWER)
    for turn in range(12):
        starts = me.now + timedelta(minutes=turn)
        held = partial(new_meeting, original=str(turn), starts_at=starts, ends_at=starts + timedelta(hours=1))
        me.table.run(held)
    me.command("staff")
    me.tap("go.month.now")
    every = [one for row in me.drawn[-1].card.screen.rows for one in row]
    days = [one for one in every if isinstance(one, Button) and one.action.startswith("go.day.")]
    me.table.run(lambda tx: tx.execute(delete(schema.meeting)))  # the next test has this database too
    assert [me.content.texts.label("de", one.label).strip("\u2068\u2069") for one in days] == ["25⁹"]


def test_a_month_shows_its_meetings_and_leads_to_a_day(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.VIEWER)
    me.turn(synchronise)
    me.command("staff")
    me.tap("go.month.now")
    days = [one for one in me.actions if one.startswith("go.day.")]
    weeks = me.drawn[-1].card.screen.rows[2:-1]
    assert all(len(week) == 7 for week in weeks)
    assert "›25" in str(weeks)
    assert "25. November 2026" in shown(me)
    for _ in range(3):
        if days:
            break
        me.tap([one for one in me.actions if one.startswith("go.month.")][-1])
        days = [one for one in me.actions if one.startswith("go.day.")]
    me.tap(days[0])
    assert any(one.startswith("go.meeting.") for one in me.actions)
    assert me.tap_data(f"v{me.drawn[-1].card.version}.nothing", me.drawn[-1].message).card is None


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_the_bot_as_a_participant_sees_it_stores_nothing(new_talk: NewTalk, language: str) -> None:
    me = member(new_talk, Role.VIEWER)
    me.turn(synchronise)
    tables = (schema.participant, schema.answer, schema.consent, schema.registration, schema.delivery)

    def counted() -> list[int]:
        numbers = [select(func.count()).select_from(one) for one in tables]
        return me.table.run(lambda tx: [tx.execute(one).scalar_one() for one in numbers])

    before, mine = counted(), me.chat()
    me.command("staff")
    me.tap("go.trying")
    me.tap(f"try_in.{language}")
    assert me.drawn[-1].card.language == language
    me.tap("age.yes")
    me.tap("storage.yes")
    me.tap("next")
    for _ in range(60):
        actions = [one for one in me.actions if one.startswith(("o.", "t."))]
        ticked = any(one.startswith("t.") and one.endswith(".0") for one in me.actions)
        if "confirm" in me.actions:
            break
        if actions and not ticked:
            me.tap(actions[0])
        elif "done" in me.actions:
            me.tap("done")
        else:
            me.write("10")
    me.tap("confirm")
    me.tap("offers.courses.0")
    offer = next(one for one in me.actions if one.startswith("offer."))
    me.tap(offer)
    join = next((one for one in me.actions if one.startswith("join.")), None)
    if join is not None:
        reply = me.tap(join)
        assert reply.card is None
    assert me.drawn[-1].card.language == language
    me.tap("try_end")
    assert counted() == before
    after = me.chat()
    assert mine is not None
    assert after is not None
    assert (after.language, after.screen) == (mine.language, mine.screen)
    assert me.table.run(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM draft").scalar_one()) == 0


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
    assert me.place == screens.DONE
    me.table.run(lambda tx: tx.execute(update(schema.staff).values(removed_at=me.now)))
    me.command("staff")
    assert me.place == screens.DONE
    assert me.participant() is not None
