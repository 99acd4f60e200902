"""Talks without a group: what people write stands at the desk, and the team answers from there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.roles import Role
from bot.db import audit
from bot.db.audit import Filter
from bot.db.rights import erasure, leaving
from bot.services import messages, places
from bot.services.deliveries.acts import Copy
from bot.services.deliveries.sending import Result
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk
from tests.services.threads.scene import Office, asking, said, states, thread_of


def opened(person: Talk, staff: Talk) -> None:
    """The member has the person's talk before them."""
    staff.command("staff")
    staff.tap("go.threads.0")
    staff.tap(f"go.thread.{thread_of(person).id}")


def test_what_is_written_on_the_card_of_a_talk_is_stored_and_confirmed(new_talk: NewTalk) -> None:
    person = asking(new_talk)
    assert person.place == places.TALK
    person.write("Wo ist der Kurs?")
    assert "angekommen" in shown(person)
    person.write("Und wann?")
    assert [one.text for one in said(person)] == ["Wo ist der Kurs?", "Und wann?"]
    assert len({one.thread_id for one in said(person)}) == 1


def test_answers_of_the_questionnaire_and_words_of_a_talk_never_mix(new_talk: NewTalk) -> None:
    person = new_talk()
    person.finish_until(places.QUESTIONS)
    before = person.answers()
    person.command("ask")
    person.write("Deutsch lernen")
    assert person.answers() == before
    assert [one.text for one in said(person)] == ["Deutsch lernen"]
    person.tap("resume")
    assert person.place == places.QUESTIONS
    person.write("Hallo, ist da jemand?")
    assert len(said(person)) == 1


def test_words_from_before_the_card_are_not_passed_on(new_talk: NewTalk) -> None:
    person = asking(new_talk)
    written = Written("Deutsch lernen", 3, person.now - timedelta(minutes=5), marked="Deutsch lernen")
    reply = person.turn(messages.write, person.visitor, written)
    person.see(reply)
    assert "nicht weitergegeben" in shown(person)


def test_commands_work_inside_and_leave_the_talk(new_talk: NewTalk) -> None:
    person = asking(new_talk)
    person.write("Hallo")
    person.command("profile")
    assert person.place == places.PROFILE
    person.write("das geht an niemanden")
    assert len(said(person)) == 1


def test_before_consent_nothing_is_stored(new_talk: NewTalk) -> None:
    person = new_talk()
    person.start()
    person.command("ask")
    assert "Dafür brauchen wir zuerst" in shown(person)
    person.write("Hallo")
    assert person.participant() is None


def test_the_team_hears_of_it_once_answers_at_the_desk_and_the_person_reads_it(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk, "ar")
    office = Office(person)
    person.write("أين الدورة؟")
    person.write("ومتى؟")
    office.send()
    assert [one.due.text_key for one in office.sent if one.due.chat_id == lea.chat_id] == ["staff.thread.somebody"]
    assert states(person) == ["desk", "desk"]
    opened(person, lea)
    assert "أين الدورة؟" in shown(lea)
    lea.write("Im Raum 3, um 9 Uhr.")
    assert "Im Raum 3" in shown(lea)
    office.send()
    assert office.texts(person.chat_id) == ["💬 \u2068Lea\u2069\n\n\u200fIm Raum 3, um 9 Uhr."] or (
        "Im Raum 3, um 9 Uhr." in office.texts(person.chat_id)[0]
    )
    assert states(person)[-1] == "sent"
    assert thread_of(person).waiting_since is None


def test_a_note_never_reaches_the_person(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    office = Office(person)
    person.write("Hallo")
    opened(person, lea)
    lea.write("// ruft morgen an")
    office.send()
    assert office.texts(person.chat_id) == []
    assert "ruft morgen an" in shown(lea)
    assert thread_of(person).waiting_since is not None, "a note is no answer"


def test_a_picture_is_shown_to_a_member_who_asks_for_it(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    office = Office(person)
    message = person._next_message()
    person.turn(messages.unreadable, person.visitor, "only_words", Written("", message, person.now, kind="photo"))
    opened(person, lea)
    assert "Foto" in shown(lea)
    lea.tap(f"thread_show.{said(person)[0].id}")
    looks = lea.table.run(lambda tx: audit.entries(tx, Filter(), 0, 1))
    assert [(one.deed, one.what) for one in looks] == [("profile_seen", f"talk {thread_of(person).id}")]
    copied = [one.act for one in office.send() if one.due.chat_id == lea.chat_id and one.act is not None]
    assert copied == [Copy(person.chat_id, message, None, ((said(person)[0].id, 0),))]
    lea.table.run(lambda tx: erasure.erase_chat(tx, person.chat_id))
    going = lea.table.run(lambda tx: leaving.going(tx, 100))
    assert {one.page for one in going if one.chat_id == lea.chat_id} == {True, False}, "the page and the picture"


def test_who_asks_for_a_picture_that_is_gone_hears_so(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    office = Office(person, fate=lambda one: (Result.SENT if one.act is None else Result.REFUSED, None))
    picture = Written("", person._next_message(), person.now, kind="photo")
    person.turn(messages.unreadable, person.visitor, "only_words", picture)
    opened(person, lea)
    lea.tap(f"thread_show.{said(person)[0].id}")
    told = [one.due.text_key for one in office.send() if one.due.chat_id == lea.chat_id]
    assert told[-1] == "staff.thread.not_shown"
    assert told.count("staff.thread.not_shown") == 1


def test_what_a_member_sends_as_a_picture_is_copied(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    office = Office(person)
    person.write("Hallo")
    opened(person, lea)
    message = lea._next_message()
    lea.turn(messages.unreadable, lea.visitor, "only_words", Written("", message, lea.now, kind="photo"))
    copies = [one.act for one in office.send() if one.due.chat_id == person.chat_id]
    assert [(one.chat_id, one.message) for one in copies if isinstance(one, Copy)] == [(lea.chat_id, message)]


def test_taken_over_put_off_and_closed_and_open_again_by_a_word(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    person.write("Hallo")
    opened(person, lea)
    number = thread_of(person).id
    lea.tap(f"thread_take.{number}")
    assert "🙋" in shown(lea)
    lea.tap(f"thread_later.{number}.24")
    assert "⏰" in shown(lea)
    lea.tap(f"thread_close.{number}.answered")
    assert thread_of(person).closed_at is not None
    person.write("Noch etwas")
    found = thread_of(person)
    assert (found.closed_at, found.close_reason) == (None, None)
    assert found.waiting_since is not None


def test_whoever_may_not_answer_passes_nothing_on(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    boss = member(new_talk)
    person.write("Hallo")
    opened(person, lea)
    boss.command("staff")
    from tests.services.staff.people import number  # noqa: PLC0415

    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(lea)}")
    boss.tap(f"go.role.{number(lea)}")
    boss.tap(f"role.{number(lea)}.viewer")
    lea.write("Das darf ich nicht mehr")
    assert [one.author.value for one in said(person)] == ["person"]


def test_the_last_word_is_taken_back_before_anybody_saw_it(new_talk: NewTalk) -> None:
    person = asking(new_talk)
    person.write("Das war ein Versehen")
    person.tap("unsay")
    assert [(one.text, one.taken_back_at is not None) for one in said(person)] == [(None, True)]
    assert thread_of(person).waiting_since is None


def test_after_some_answers_people_are_told_how_long_it_takes(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    assert "drei Arbeitstagen" in shown(person)
    for number in range(5):
        person.write(f"Frage {number}")
        person.now += timedelta(minutes=20)
        lea.now = person.now
        opened(person, lea)
        lea.write(f"Antwort {number}")
        person.now = lea.now
    person.command("ask")
    assert "etwa 25 Min." in shown(person)


def test_outside_office_hours_people_are_told_when_somebody_reads(new_talk: NewTalk) -> None:
    person = new_talk()
    person.finish()
    person.now = person.now.replace(hour=20)
    person.command("ask")
    assert "Gerade ist das Büro geschlossen" in shown(person)
    assert "09:00" in shown(person)


@pytest.mark.parametrize("foreign", [True, False])
def test_both_sides_know_that_a_free_answer_goes_as_it_was_written(new_talk: NewTalk, foreign: bool) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "uk" if foreign else "de")
    office = Office(person)
    person.write("?")
    opened(person, lea)
    assert ("Ihre Worte gehen so hinaus" in shown(lea)) is foreign
    lea.write("// nur für uns")
    assert "Gesendet" not in shown(lea)
    lea.write("Kommen Sie am Montag.")
    assert ("ohne Übersetzung. Die Person liest: Ukrainisch" in shown(lea)) is foreign
    office.send()
    arrived = office.texts(person.chat_id)[-1]
    assert "Kommen Sie am Montag." in arrived
    assert ("Це не перекладено" in arrived) is foreign
    assert "nicht übersetzt" not in arrived


def test_an_answer_to_somebody_who_was_erased_reaches_nobody_who_came_since(new_talk: NewTalk) -> None:
    lea, gone = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    gone.write("Frage von A")
    opened(gone, lea)
    before, office = thread_of(gone), Office(gone)
    gone.table.run(lambda tx: erasure.erase_chat(tx, gone.chat_id))
    new = asking(new_talk)
    new.write("Frage von B")
    assert thread_of(new).id > before.id
    assert thread_of(new).participant_id > before.participant_id
    lea.write("Liebe A, Ihr Termin ist am Montag")
    office.send()
    assert office.texts(new.chat_id) == []
