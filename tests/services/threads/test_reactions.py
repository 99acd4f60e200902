"""Emoji on messages of a talk: on a copy they are put on the original, once, and go when they are taken away."""

from __future__ import annotations

import pytest

from bot.core.roles import Role
from bot.db.rights import erasure
from bot.services.deliveries import sending
from bot.services.deliveries.acts import React
from bot.services.deliveries.sending import Result
from bot.services.threads import reacting
from bot.services.turn import Visitor
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk
from tests.services.test_carrying import written_down
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of
from tests.services.threads.test_private import opened

Put = tuple[int, int | None, str | None]


def a_talk(new_talk: NewTalk) -> tuple[Talk, Talk, Office]:
    """A counsellor, a person, and a question with its answer, both passed on."""
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk)
    office = Office(person)
    person.write("Wo ist der Kurs?")
    office.send()
    in_topic(lea, person, "Im Raum 3.")
    office.send()
    return lea, person, office


def react(who: Talk, chat_id: int, message: int | None, emoji: str | None) -> None:
    """Somebody puts an emoji on a message."""
    visitor = Visitor(chat_id, "de", who.chat_id, who.name)
    who.turn(reacting.react, visitor, message or 0, emoji)


def put(office: Office) -> list[Put]:
    """Which emoji the bot puts where, from now on."""
    return [(one.due.chat_id, one.due.edits, one.act.emoji) for one in office.send() if isinstance(one.act, React)]


def test_what_a_person_puts_on_an_answer_stands_on_the_teams_message_and_goes_again(new_talk: NewTalk) -> None:
    _, person, office = a_talk(new_talk)
    answer = said(person)[-1]
    react(person, person.chat_id, answer.copy_message, "👍")
    assert put(office) == [(GROUP, answer.message_id, "👍")]
    react(person, person.chat_id, answer.copy_message, "👍")
    assert put(office) == [], "the same once more is no change"
    react(person, person.chat_id, answer.copy_message, "❤")
    react(person, person.chat_id, answer.copy_message, None)
    assert {*put(office)} == {(GROUP, answer.message_id, None)}
    assert thread_of(person).waiting_since is None, "an emoji is no question"


def test_what_the_team_puts_stands_on_the_persons_message_and_only_its_owner_takes_it_away(new_talk: NewTalk) -> None:
    lea, person, office = a_talk(new_talk)
    tom = member(new_talk, Role.COUNSELLOR, "Tom Roth")
    question = said(person)[0]
    react(lea, GROUP, question.copy_message, "👍")
    assert put(office) == [(person.chat_id, question.message_id, "👍")]
    react(tom, GROUP, question.copy_message, "🙏")
    assert put(office) == [(person.chat_id, question.message_id, "🙏")]
    react(lea, GROUP, question.copy_message, None)
    assert put(office) == []
    react(tom, GROUP, question.copy_message, None)
    assert put(office) == [(person.chat_id, question.message_id, None)]


def test_of_several_words_in_one_message_the_last_gets_it(new_talk: NewTalk) -> None:
    lea, person, office = a_talk(new_talk)
    person.write("eins")
    person.write("zwei")
    person.write("drei")
    office.send()
    last = said(person)[-1]
    react(lea, GROUP, last.copy_message, "👍")
    assert put(office) == [(person.chat_id, last.message_id, "👍")]


def test_nothing_passes_of_whoever_may_not_answer_of_other_groups_and_of_own_messages(new_talk: NewTalk) -> None:
    lea, person, office = a_talk(new_talk)
    question, answer = said(person)
    for who in (member(new_talk, Role.VIEWER), new_talk()):
        react(who, GROUP, question.copy_message, "👍")
    react(lea, GROUP - 1, question.copy_message, "👍")
    react(lea, GROUP, answer.message_id, "👍")
    react(person, person.chat_id, question.message_id, "👍")
    nobody = Visitor(GROUP, None)
    lea.turn(reacting.react, nobody, question.copy_message or 0, "👍")
    assert put(office) == []


def test_what_was_taken_back_gets_none(new_talk: NewTalk) -> None:
    lea, person, office = a_talk(new_talk)
    question = said(person)[0]
    person.tap("unsay")
    office.send()
    react(lea, GROUP, question.copy_message, "👍")
    assert put(office) == []


@pytest.mark.parametrize("result", [Result.REFUSED, Result.UNREACHABLE])
def test_one_that_cannot_be_put_is_let_go_and_the_talk_goes_on(new_talk: NewTalk, result: Result) -> None:
    lea, person, office = a_talk(new_talk)
    office.fate = lambda ready: (result, "blocked") if isinstance(ready.act, React) else (Result.SENT, None)
    answer = said(person)[-1]
    react(person, person.chat_id, answer.copy_message, "👍")
    assert len(put(office)) == 1
    assert put(office) == []
    office.fate = lambda _: (Result.SENT, None)
    in_topic(lea, person, "Noch etwas")
    office.send()
    assert said(person)[-1].state.value == "sent"


def test_a_kill_in_the_middle_puts_it_again_which_changes_nothing(new_talk: NewTalk) -> None:
    _, person, office = a_talk(new_talk)
    answer = said(person)[-1]
    react(person, person.chat_id, answer.copy_message, "👍")
    hand = person.turn(sending.step, "dies", [], 30, lambda _: 0.0, lambda: 0.5)
    assert [one.act for one in hand.ready] == [React("👍")]
    person.turn(sending.take_over, "lives", lambda _: True)
    person.now = person.now.replace(hour=person.now.hour + 1)
    assert put(office) == [(GROUP, answer.message_id, "👍")]
    assert put(office) == []


def test_at_the_desk_it_stands_on_the_page_and_on_the_members_own_message(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR), asking(new_talk)
    office = Office(person)
    person.write("Wo ist der Kurs?")
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    lea.write("Im Raum 3.")
    office.send()
    answer = said(person)[-1]
    react(person, person.chat_id, answer.copy_message, "🎉")
    assert put(office) == [(lea.chat_id, answer.message_id, "🎉")]
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    assert "Im Raum 3. 🎉" in shown(lea)


def test_on_an_answer_of_somebody_whose_chat_is_erased_it_is_let_go_and_the_talk_goes_on(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk)
    office = Office(person)
    person.write("Wo ist der Kurs?")
    opened(person, lea)
    lea.write("Im Raum 3.")
    office.send()
    lea.table.run(lambda tx: erasure.erase_chat(tx, lea.chat_id))
    react(person, person.chat_id, said(person)[-1].copy_message, "👍")
    assert put(office) == []
    person.write("Danke!")
    assert said(person)[-1].text == "Danke!"


def test_from_the_account_that_a_profile_has_left_nothing_is_put(new_talk: NewTalk) -> None:
    _, person, office = a_talk(new_talk)
    answer = said(person)[-1]
    code = written_down(person)
    new = new_talk()
    new.now = person.now
    new.start()
    new.tap("lang.de")
    new.code(code)
    assert thread_of(new).id == answer.thread_id
    person.now = new.now
    office.send()
    react(person, person.chat_id, answer.copy_message, "👍")
    assert put(office) == []
