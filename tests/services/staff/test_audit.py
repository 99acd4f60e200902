"""The audit trail: looks and deeds are entries, none changes unseen, and who leaves passes on what was theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select

from bot.content.loader import Content
from bot.core.broadcasts import Interest, Subject, Version
from bot.core.engine import State
from bot.core.offers import Kind
from bot.core.roles import Role
from bot.db import audit as rows
from bot.db.audience.counting import Counted
from bot.db.audit import Entry, Filter
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.people import participants
from bot.db.schema import audit_entry
from bot.db.staff import drafts, invitations, staff
from bot.db.threads import threads
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience
from bot.services.buttons import of_card
from bot.services.staff.audit.audit_words import NAMES
from bot.services.staff.members.inviting import create
from tests.db.rows import new_participant
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Table, Talk, keys


@pytest.fixture(autouse=True)
def _empty(table: Table) -> None:
    """No entries of another test."""
    table.run(lambda tx: tx.execute(delete(audit_entry)))


SQL = "SELECT sql FROM sqlite_master WHERE name = 'audit_entry_stays'"


def entries(talk: Talk) -> list[Entry]:
    """All entries, the oldest first, without how the team came in."""
    found = talk.table.run(lambda tx: rows.entries(tx, Filter(), 0, 1000))[::-1]
    return [one for one in found if one.deed != Deed.JOINED]


def press(talk: Talk, action: str) -> None:
    """A button that another page has, on the newest card."""
    talk.tap_data(of_card(talk.drawn[-1].card.version) + action, talk.drawn[-1].message)


def said(talk: Talk) -> list[tuple[str, str, str]]:
    return [(one.actor, one.deed, one.what) for one in entries(talk)]


def a_lead(talk: Talk, author: int) -> tuple[int, int, int]:
    """A broadcast, somebody's interest in it, and that person."""
    person = talk.participant()
    assert person is not None

    def fill(connection: Connection) -> tuple[int, int, int]:
        participants.set_preferences(connection, person.id, name="Samira")
        key = broadcasts.create(connection, author, talk.now, last_useful_at=talk.now + timedelta(days=7))
        broadcasts.write(connection, key, Version("de", "Hallo"), talk.now)
        interests.give(
            connection, Interested(0, person.id, Subject(broadcast=key), None, Interest.OPEN, talk.now), "de", "v1"
        )
        return key, interests.in_subject(connection, Subject(broadcast=key))[0].id, person.id

    return talk.table.run(fill)


def test_deeds_of_the_team_are_entries(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), member(new_talk, Role.TEACHER)
    me, they = number(boss), number(other)
    boss.tap("go.team.0")
    boss.tap("go.invite")
    boss.tap("invite.viewer")
    boss.tap("go.team.0")
    boss.tap(f"go.member.{they}")
    boss.tap(f"go.role.{they}")
    boss.tap(f"role.{they}.viewer")
    boss.tap(f"go.remove.{they}")
    boss.tap(f"remove.{they}")
    actor = f"staff:{me}"
    assert said(boss) == [
        (actor, "invited", "role viewer"),
        (actor, "role_changed", f"member {they} teacher viewer"),
        (actor, "removed", f"member {they}"),
    ]


def test_a_broadcasts_way_is_in_it(new_talk: NewTalk) -> None:
    boss, person = member(new_talk), new_talk()
    person.start()
    person.finish()
    key, _, _ = a_lead(person, number(boss))
    for action in (f"release.{key}.de", f"send.{key}", f"fill_broadcast.{key}", f"recall_broadcast.{key}"):
        press(boss, action)
    assert [deed for _, deed, _ in said(boss)] == ["released", "sent", "filled", "recalled"]
    assert {what for _, _, what in said(boss)} == {f"broadcast {key} de", f"broadcast {key}"}


def test_pages_about_doubles_and_whom_an_opening_fits_are_looks(
    new_talk: NewTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, person = member(new_talk), new_talk()
    person.start()
    person.finish()
    _, _, whom = a_lead(person, number(boss))
    opening = next(one.id for one in boss.content.offers.values() if one.kind is Kind.OPENING)
    found = Counted(1, {}, {"de": 1}, (whom,))
    monkeypatch.setattr(audience, "counted", lambda *_: found)
    press(boss, f"go.twins.{whom}")
    press(boss, f"go.who.{opening}")
    looks = [(deed, what.partition(" ")) for _, deed, what in said(boss)]
    assert [(deed, what[0]) for deed, what in looks] == [("list_seen", "doubles"), ("list_seen", "fits")]
    assert looks[1][1][2] == opening


def looking_at_a_lead(new_talk: NewTalk) -> tuple[Talk, Talk, int, int]:
    """A member at the page of somebody who is interested; that person, their number, and the message's."""
    boss, person = member(new_talk), new_talk()
    person.start()
    person.finish()
    key, lead, whom = a_lead(person, number(boss))
    press(boss, f"go.leads.{key}.0")
    boss.tap(f"go.lead.{lead}")
    return boss, person, whom, key


def test_a_look_at_a_person_is_one_entry_while_it_lasts(new_talk: NewTalk) -> None:
    boss, person, whom, _ = looking_at_a_lead(new_talk)
    seen = entries(boss)
    assert [one.deed for one in seen] == ["list_seen", "profile_seen"]
    assert seen[1].about == person.table.run(lambda tx: rows.pseudonym(tx, whom))
    assert "Samira" not in str(seen)

    def again(talk: Talk, later: timedelta) -> int:
        me = talk.table.run(lambda tx: staff.by_person(tx, talk.chat_id))
        assert me is not None
        talk.now += later
        talk.turn(audit.looked, Deed.PROFILE_SEEN, by=me, about=whom, what=seen[1].what)
        return len(entries(talk))

    assert again(boss, timedelta(minutes=5)) == 2
    assert again(boss, timedelta(minutes=6)) == 3


def test_from_somebody_who_is_interested_one_tap_leads_to_their_page(new_talk: NewTalk) -> None:
    boss, _, whom, _ = looking_at_a_lead(new_talk)
    boss.tap(f"go.person.{whom}")
    assert "Samira" in shown(boss)
    assert [one.deed for one in entries(boss)] == ["list_seen", "profile_seen", "profile_seen"]


def test_who_erases_themselves_is_an_entry_about_nobody(new_talk: NewTalk) -> None:
    boss, person, _, _ = looking_at_a_lead(new_talk)
    person.command("forget")
    person.tap("forget")
    assert [(one.actor, one.deed) for one in entries(boss)][-1] == ("person", "erased")
    assert entries(boss)[-1].about is None
    assert boss.table.run(rows.verify).broken_at is None
    press(boss, "go.audit.all.-.0")
    shown = [text.key for text in keys(boss.drawn[-1].card.screen)]
    assert "staff.audit.gone" in shown


def test_the_page_shows_and_narrows(new_talk: NewTalk) -> None:
    boss, _, whom, key = looking_at_a_lead(new_talk)
    press(boss, "go.audit.all.-.0")

    def deeds() -> set[str]:
        blocks = boss.drawn[-1].card.screen
        return {text.key.removeprefix("staff.deed.") for text in keys(blocks) if text.key.startswith("staff.deed.")}

    assert deeds() == {"joined", "list_seen", "profile_seen"}
    boss.tap("go.audit_people.0")
    boss.tap(f"go.audit.who.{whom}.0")
    assert deeds() == {"profile_seen"}
    reply = boss.tap("audit_book")
    assert reply.file is not None
    rows_of_book = reply.file.content.tables[0].rows  # type: ignore[union-attr]
    assert [row[3] for row in rows_of_book] == ["Profil angesehen"]
    assert [row[5] for row in rows_of_book] == [f"Interesse: Nachricht {key}"]
    assert said(boss)[-1] == (f"staff:{number(boss)}", "exported", "audit")


def test_entries_say_in_german_what_they_are_about_and_old_ones_as_they_are(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), member(new_talk, Role.TEACHER, "Lea Braun")
    me, they = boss.table.run(lambda tx: staff.by_person(tx, boss.chat_id)), number(other)
    opening = next(one for one in boss.content.offers.values() if one.kind is Kind.OPENING)
    german = boss.content.texts.source(f"offers.{opening.id}.title")
    told = {
        f"member {they} teacher viewer": "Lea Braun, von Lehrkraft zu Einsicht",
        f"broadcast 7 member {they} {number(boss)}": f"Nachricht 7, von Lea Braun an {boss.name}",
        "broadcast 7 uk": "Nachricht 7, Ukrainisch",
        "broadcast 7": "Nachricht 7",
        f"opening {opening.id}": german,
        "opening of_long_ago": "of_long_ago",
        f"leads {opening.id}": f"Wer Interesse hat: {german}",
        "people xlsx 12": "Menschen: 12, als xlsx",
        "seats csv iqui_b2 0": "Anmeldungen: " + boss.content.texts.source("offers.iqui_b2.title") + ", als csv",
        "seats csv iqui_b2 7": "Anmeldungen: "
        + boss.content.texts.source("offers.iqui_b2.title")
        + ", Termin 7, als csv",
        f"leads xlsx {opening.id}": f"Wer Interesse hat: {german}, als xlsx",
        "people iqui_b2 0": "Anmeldungen: " + boss.content.texts.source("offers.iqui_b2.title"),
        "role viewer": "als Einsicht",
        "role of long ago": "role of long ago",
        "role chief": "role chief",
        "said": "Antworten",
        "member x": "member x",
    }
    for what in told:
        boss.turn(audit.note, Deed.SENT, by=me, what=what)
    boss.tap("go.audit.all.-.0")
    assert "(Antworten)" in shown(boss)
    assert "\n\n" in shown(boss).partition("(Antworten)")[2], "each entry stands by itself"
    reply = boss.tap("audit_book")
    assert reply.file is not None
    entries_of_book = reply.file.content.tables[0].rows  # type: ignore[union-attr]
    came, told_now = 2, [row[5] for row in entries_of_book][::-1]
    assert told_now[came : came + len(told)] == list(told.values())


def test_every_entry_that_can_be_written_has_words_that_name_the_same(content: Content) -> None:
    for pattern, name in NAMES.items():
        source = content.texts.source(f"staff.about.{name}")
        assert set(re.findall(r"{(\w+)}", source)) <= set(re.findall(r"{(\w+)}", pattern))


def test_who_leaves_passes_on_what_goes_on_and_the_rest_ends(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), member(new_talk)
    me, they = number(boss), number(other)

    def work(connection: Connection) -> int:
        for whose, subject in ((they, ""), (they, "iqui"), (me, "iqui")):
            drafts.create(connection, whose, "offer", subject, State({}, "title"), other.now)
        for form in ("people", "import", "trying"):  # what somebody looks for, reads and tries is nobody else's
            drafts.create(connection, they, form, "", State({}, None), other.now)
        talk = threads.begin(connection, new_participant(connection, 4711), other.now)
        threads.change(connection, talk, assigned_to=they)
        create(connection, Role.VIEWER, other.now, they)
        return broadcasts.create(connection, they, other.now, last_useful_at=other.now + timedelta(days=7))

    key = boss.table.run(work)
    boss.tap("go.team.0")
    boss.tap(f"go.member.{they}")
    boss.tap(f"go.remove.{they}")
    told = {text.key: text.count for text in keys(boss.drawn[-1].card.screen) if "leaving" in text.key}
    others = {"staff.leaving.broadcasts": 1, "staff.leaving.talks": 1, "staff.leaving.invitations": 1}
    assert told == {"staff.leaving.forms": 2, **others}
    boss.tap(f"remove.{they}")
    assert boss.table.run(lambda tx: broadcasts.open_of(tx, me)) == [key]
    assert boss.table.run(lambda tx: drafts.of_member(tx, they)) == []
    passed = {(one.form, one.subject) for one in boss.table.run(lambda tx: drafts.of_member(tx, me))}
    assert passed == {("offer", ""), ("offer", "iqui")}
    talk = boss.table.run(lambda tx: threads.of_chat(tx, 4711))
    assert talk is not None
    assert (talk.assigned_to, talk.card_outdated) == (None, True)
    assert (f"staff:{me}", "passed_on", f"talk {talk.id}") in said(boss)
    assert boss.table.run(lambda tx: invitations.open_of(tx, they, boss.now)) == 0
    assert (f"staff:{me}", "passed_on", f"broadcast {key} member {they} {me}") in said(boss)


@pytest.mark.parametrize("harm", ["changed", "taken out", "first gone", "none"])
def test_verify_says_where_it_breaks(new_talk: NewTalk, harm: str) -> None:
    boss = member(new_talk)
    me = boss.table.run(lambda tx: staff.by_person(tx, boss.chat_id))
    for n in range(6):
        boss.turn(audit.note, Deed.SENT, by=me, what=f"broadcast {n}")

    def spoil(connection: Connection) -> None:
        stays = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'audit_entry_stays'"
        ).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER audit_entry_stays")
        if harm == "changed":
            connection.execute(audit_entry.update().where(audit_entry.c.id == 3).values(what="broadcast 9"))
        elif harm != "none":
            connection.execute(delete(audit_entry).where(audit_entry.c.id == (3 if harm == "taken out" else 1)))
        connection.exec_driver_sql(stays)

    boss.table.run(spoil)
    broken = boss.table.run(rows.verify).broken_at
    assert broken == {"changed": 3, "taken out": 3, "first gone": 2, "none": None}[harm]


def test_the_chain_is_whole_behind_a_cut_and_a_second_one(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    me = boss.table.run(lambda tx: staff.by_person(tx, boss.chat_id))
    for _ in range(2):
        for n in range(4):
            boss.turn(audit.note, Deed.SENT, by=me, what=f"broadcast {n}")
        boss.now += boss.content.town.retention.audit + timedelta(days=1)
        boss.turn(audit.note, Deed.SENT, by=me, what="broadcast 9")
        assert boss.turn(audit.forget_old) >= 4
        found = boss.table.run(rows.verify)
        assert (found.broken_at, found.first > 1) == (None, True)
        assert boss.turn(audit.forget_old) == 0
    # Without the entry about the cut nobody knows what was before it.
    boss.table.run(lambda tx: tx.execute(delete(audit_entry).where(audit_entry.c.deed == rows.CUT)))
    assert boss.table.run(rows.verify).broken_at is not None


def test_a_member_whom_the_trail_names_is_not_forgotten(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), member(new_talk)
    they = number(other)
    gone = staff.KEPT + timedelta(days=1)
    me = boss.table.run(lambda tx: staff.by_id(tx, they))
    boss.turn(audit.note, Deed.SENT, by=me, what="broadcast 1")
    boss.table.run(lambda tx: staff.change(tx, they, removed_at=boss.now))
    assert boss.table.run(lambda tx: staff.forget_old(tx, boss.now + gone)) == 0
    boss.table.run(lambda tx: tx.execute(delete(audit_entry)))
    assert boss.table.run(lambda tx: staff.forget_old(tx, boss.now + gone)) == 1
    assert boss.table.run(lambda tx: tx.execute(select(audit_entry)).all()) == []
