"""An answer that is none after all: the person waits as before. A talk of somebody who may not answer any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.core.roles import Role
from bot.core.threads import Job
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.staff import staff
from bot.services.deliveries.acts import TopicIs
from bot.services.deliveries.sending import Result
from bot.services.threads import group
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of


def answered(new_talk: NewTalk) -> tuple[Talk, Talk, Talk, Office]:
    """An admin, a counsellor, somebody whom the counsellor has answered by mistake, and the sender."""
    boss, lea = member(new_talk), member(new_talk, Role.COUNSELLOR, "Lea")
    bound(boss)
    person = asking(new_talk)
    office = Office(person)
    person.write("eins")
    office.send()
    for one in (boss, lea, person):
        one.now += timedelta(minutes=5)
    in_topic(lea, person, "Das war für jemand anderen.")
    office.send()
    assert thread_of(person).waiting_since is None
    return boss, lea, person, office


def edit(lea: Talk, person: Talk, text: str) -> None:
    """The counsellor changes the last word in the topic."""
    changed = Written(text, said(person)[-1].message_id or 0, lea.now)
    lea.turn(group.edited, Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0, changed)


def test_who_was_answered_by_something_that_is_taken_back_waits_as_before(new_talk: NewTalk) -> None:
    _, lea, person, office = answered(new_talk)
    in_topic(lea, person, "/undo")
    office.send()
    assert thread_of(person).waiting_since == said(person)[0].at


def test_an_answer_that_is_made_a_note_after_the_talk_was_closed_lets_nobody_wait(new_talk: NewTalk) -> None:
    _, lea, person, office = answered(new_talk)
    in_topic(lea, person, "/close")
    edit(lea, person, "// doch nur für uns")
    office.send()
    assert thread_of(person).waiting_since is None
    person.now += timedelta(days=40)
    person.write("zwei")
    assert thread_of(person).waiting_since == person.now, "and not for forty days"


def test_whoever_answers_takes_the_talk_over_from_somebody_who_may_not_any_more(new_talk: NewTalk) -> None:
    boss, lea, person, _ = answered(new_talk)
    assert thread_of(person).assigned_to == number(lea)
    in_topic(boss, person, "Guten Tag")
    assert thread_of(person).assigned_to == number(lea), "she may"
    teacher = number(lea)
    boss.table.run(lambda tx: staff.change(tx, teacher, role=Role.TEACHER.value))
    in_topic(boss, person, "Noch etwas")
    assert thread_of(person).assigned_to == number(boss)


def test_that_the_topic_of_two_that_became_one_stays_open_is_no_word_about_an_erased_person(
    new_talk: NewTalk,
) -> None:
    _, _, person, office = answered(new_talk)

    def close(connection: Connection) -> None:
        params = {"topic": 7, "close": True}
        planned = Planned("merged", Kind.TALK, person.now, Job.GONE.text_key, params, urgent=True)
        deliveries.plan(connection, [(GROUP, planned)])

    person.table.run(close)
    office.fate = lambda one: (Result.REFUSED, "no_rights") if isinstance(one.act, TopicIs) else (Result.SENT, None)
    assert [one.due.text_key for one in office.send()] == [Job.GONE.text_key]
