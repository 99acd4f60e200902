"""What is taken back goes where it was written as well, also where nothing of it was passed on."""

from __future__ import annotations

from bot.core.roles import Role
from bot.db.rights import leaving
from bot.db.rights.leaving import Going
from bot.db.schema import going_message
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk
from tests.services.threads.scene import a_group, asking, in_topic, said, thread_of


def going(talk: Talk) -> list[Going]:
    """What is to be deleted at the messenger."""
    return talk.table.run(lambda tx: leaving.going(tx, 100))


def asked(new_talk: NewTalk) -> tuple[Talk, Talk]:
    """A counsellor who looks at somebody's talk, where no group is, and that person; nothing is going yet."""
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    person.write("Das war ein Versehen")
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    lea.table.run(lambda tx: tx.execute(going_message.delete()))
    return lea, person


def test_the_persons_own_message_goes_from_their_chat_though_nobody_was_passed_it(new_talk: NewTalk) -> None:
    _, person = asked(new_talk)
    number = said(person)[0].message_id
    person.tap("unsay")
    assert Going(person.chat_id, number or 0) in going(person)


def test_nothing_can_be_taken_back_before_something_is_said(new_talk: NewTalk) -> None:
    person = asking(new_talk)
    assert "unsay" not in person.actions
    person.write("Hallo")
    person.tap("unsay")
    assert "unsay" not in person.actions


def test_the_page_of_a_member_that_shows_the_words_is_drawn_anew_without_them(new_talk: NewTalk) -> None:
    lea, person = asked(new_talk)
    assert "Versehen" in shown(lea)
    page = Going(lea.chat_id, lea.drawn[-1].message, page=True)
    person.tap("unsay")
    assert page in going(lea)
    assert lea.table.run(lambda tx: leaving.gone(tx, [page], lea.now)) == [lea.chat_id]
    lea.command("staff")
    lea.tap("go.threads.0")
    assert "Versehen" not in shown(lea)


def test_a_message_of_the_team_goes_where_it_was_written_before_it_was_sent(new_talk: NewTalk) -> None:
    lea, person = asked(new_talk)
    lea.write("Für jemand anderen")
    number = said(person)[-1].message_id
    lea.tap(f"thread_undo.{thread_of(person).id}")
    assert Going(lea.chat_id, number or 0) in going(lea)


def test_in_a_topic_it_goes_too_and_a_message_of_more_than_two_days_ago_stays(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("Hallo")
    office.send()
    in_topic(lea, person, "Für jemand anderen")
    mine = said(person)[-1]
    in_topic(lea, person, "/undo")
    assert Going(mine.chat_id or 0, mine.message_id or 0) in going(lea)
    late = person.now + leaving.DELETABLE * 2
    lea.table.run(lambda tx: leaving.gone(tx, [], late))
    assert going(lea) == []
