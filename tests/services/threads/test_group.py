"""Talks in the team's group: a topic for each person, and whatever can happen to a group."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.message import Text
from bot.core.roles import Role
from bot.db.schema import audit_entry
from bot.db.staff import staff
from bot.services import messages
from bot.services.deliveries.acts import Away, Caption, Copy, Deed, Say, TopicIs
from bot.services.deliveries.sending import Result
from bot.services.threads import binding, group
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk
from tests.services.threads.scene import (
    GROUP,
    OTHER,
    Office,
    a_group,
    bound,
    in_topic,
    kinds,
    said,
    states,
    thread_of,
)


def test_a_topic_with_a_card_and_then_the_words_and_the_answer_in_the_persons_language(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    person.write("أين الدورة؟")
    office.send()
    assert kinds(office)[:3] == ["NewTopic", "Say", "Say"]
    assert "Arabisch" in office.topics()[0]
    assert office.texts(GROUP)[1] == "أين الدورة؟"
    in_topic(lea, person, "Im <b>Raum 3</b>.")
    office.send()
    answer = next(one.act for one in office.sent if one.due.chat_id == person.chat_id)
    assert isinstance(answer, Say)
    assert "Lea" in answer.rich.text
    assert "Braun" not in answer.rich.text
    assert "Raum 3" in answer.rich.text
    assert [one.kind for one in answer.rich.spans][-1] == "bold"
    assert [button.label for line in answer.rich.rows for button in line] == ["💬 الرد"]
    assert states(person) == ["sent", "sent"]


def test_words_that_wait_go_as_one_message_in_their_order(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    for line in range(300):
        person.write(f"Zeile {line}")
    office.send(400)
    words = "\n\n".join(office.texts(GROUP)[1:])
    places = [words.index(f"Zeile {line}") for line in range(300)]
    assert places == sorted(places)
    assert all(words.count(f"Zeile {line}\n") == 1 for line in range(299))
    assert sum(isinstance(one.act, Say) for one in office.sent) < 30
    assert set(states(person)) == {"sent"}


def test_edits_follow_both_ways_and_one_of_several_in_a_message(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("eins")
    person.write("zwei")
    office.send()
    first = said(person)[0]
    written = Written("EINS", first.message_id or 0, person.now)
    person.turn(messages.edited, person.visitor, written)
    changed = [one for one in office.send() if one.due.edits is not None and isinstance(one.act, Say)]
    assert [one.act.rich.text for one in changed if isinstance(one.act, Say)] == ["EINS\n\nzwei"]
    assert [one.due.edits for one in changed] == [first.copy_message]
    in_topic(lea, person, "Antwort")
    office.send()
    answer = said(person)[-1]
    visitor = Visitor(GROUP, "de", lea.chat_id, "Lea")
    edit = Written("Bessere Antwort", answer.message_id or 0, lea.now)
    lea.turn(group.edited, visitor, thread_of(person).topic or 0, edit)
    again = [one for one in office.send() if one.due.chat_id == person.chat_id]
    assert [(one.due.edits, "Bessere Antwort" in one.act.rich.text) for one in again if isinstance(one.act, Say)] == [
        (answer.copy_message, True)
    ]


def test_behind_another_group_no_message_of_it_is_changed_that_has_the_number_of_an_old_one(
    new_talk: NewTalk,
) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("alt")
    person.write("auch alt")
    office.send()
    old, taken_back = said(person)
    bound(member(new_talk), OTHER)
    person.turn(messages.edited, person.visitor, Written("Neu und geheim", old.message_id or 0, person.now))
    person.tap("unsay")
    assert said(person)[1].id == taken_back.id
    person.write("neu")
    now = [one for one in office.send() if one.due.chat_id == OTHER]
    assert [one.due.edits for one in now] == [None] * len(now)
    assert office.texts(OTHER)[1:] == ["neu"]


def test_an_answer_that_is_edited_into_a_note_is_taken_away(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    in_topic(lea, person, "das sollte niemand lesen")
    office.send()
    answer = said(person)[-1]
    visitor, edit = Visitor(GROUP, "de", lea.chat_id, "Lea"), Written("// intern", answer.message_id or 0, lea.now)
    lea.turn(group.edited, visitor, thread_of(person).topic or 0, edit)
    gone = [one for one in office.send() if one.due.chat_id == person.chat_id]
    assert [(type(one.act), one.due.edits) for one in gone] == [(Away, answer.copy_message)]


def test_what_is_taken_back_goes_on_both_sides(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("Versehen")
    office.send()
    mine = said(person)[0]
    person.tap("unsay")
    away = [one for one in office.send() if isinstance(one.act, Away)]
    assert [(one.due.edits, one.act.source) for one in away if isinstance(one.act, Away)] == [
        (mine.copy_message, (person.chat_id, mine.message_id))
    ]
    assert said(person)[0].text is None
    in_topic(lea, person, "Auch ein Versehen")
    office.send()
    answer = said(person)[-1]
    in_topic(lea, person, "/undo")
    gone = [one for one in office.send() if one.due.chat_id == person.chat_id]
    assert [(type(one.act), one.due.edits) for one in gone] == [(Away, answer.copy_message)]
    assert said(person)[-1].text is None
    deeds = person.table.run(lambda tx: list(tx.execute(select(audit_entry.c.deed, audit_entry.c.what))))
    assert ("recalled", f"talk {answer.thread_id}") in [tuple(row) for row in deeds], (
        "the team's, not the person's own"
    )
    assert len([row for row in deeds if row[0] == "recalled"]) == 1


def exchanged(office: Office) -> list[tuple[tuple[str, str] | None, str]]:
    """Which files were put in place of others, and the words below."""
    return [(one.act.file, one.act.rich.text) for one in office.send() if isinstance(one.act, Caption)]


def test_a_file_that_is_put_in_place_of_another_is_on_the_other_side_too(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    photo = Written("Mein Brief", 77, person.now, marked="Mein Brief", kind="photo", file="old")
    person.turn(messages.unreadable, person.visitor, "only_words", photo)
    office.send()
    in_topic(lea, person, "Bitte ausfüllen", kind="document", file="wrong")
    office.send()
    person.turn(messages.edited, person.visitor, replace(photo, file="new"))
    assert exchanged(office) == [(("photo", "new"), "Mein Brief")]
    answer = said(person)[-1]
    visitor, right = (
        Visitor(GROUP, "de", lea.chat_id, "Lea"),
        Written("Bitte ausfüllen", answer.message_id or 0, lea.now),
    )
    right = replace(right, kind="document", file="right")
    for _ in range(2):  # the second edit is none
        lea.turn(group.edited, visitor, thread_of(person).topic or 0, right)
    ((file, words),) = exchanged(office)
    assert file == ("document", "right")
    assert "Bitte ausfüllen" in words
    in_topic(lea, person, "/undo")
    assert said(person)[-1].file is None


def test_that_a_file_could_not_be_put_in_place_of_another_is_told_to_the_team(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    in_topic(lea, person, "", kind="document", file="wrong")
    office.send()
    office.fate = lambda one: (Result.REFUSED, "BadRequest") if isinstance(one.act, Caption) else (Result.SENT, None)
    right = Written("", said(person)[-1].message_id or 0, lea.now, kind="document", file="right")
    lea.turn(group.edited, Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0, right)
    office.send()
    assert sum("steht dort vielleicht noch" in one for one in office.texts(GROUP)) == 1


@pytest.mark.parametrize("by_team", [True, False])
def test_that_a_picture_could_not_be_taken_away_is_told_to_the_team(new_talk: NewTalk, by_team: bool) -> None:
    lea, person, office = a_group(new_talk, "de")
    photo = Written("", 77, person.now, kind="photo")
    person.turn(messages.unreadable, person.visitor, "only_words", photo)
    office.send()
    in_topic(lea, person, "", kind="photo")
    office.send()
    office.fate = lambda one: (Result.REFUSED, "BadRequest") if isinstance(one.act, Away) else (Result.SENT, None)
    if by_team:
        in_topic(lea, person, "/undo")
    else:
        person.command("ask")
        person.tap("unsay")
    office.send()
    assert [one.act.picture for one in office.sent if isinstance(one.act, Away)] == [True]
    assert sum("steht dort vielleicht noch" in one for one in office.texts(GROUP)) == 1
    assert thread_of(person).person_job is None


def test_notes_commands_and_words_of_others_never_reach_the_person(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    viewer, nobody = member(new_talk, Role.VIEWER), new_talk()
    person.write("Hallo")
    office.send()
    in_topic(lea, person, "// intern")
    in_topic(lea, person, "/irgendwas")
    in_topic(viewer, person, "Ich darf nicht")
    in_topic(nobody, person, "Ich bin niemand")
    former = number(lea)
    lea.table.run(lambda tx: staff.change(tx, former, removed_at=lea.now))
    in_topic(lea, person, "Ich bin nicht mehr im Team")
    office.send()
    assert office.texts(person.chat_id) == []
    assert [(one.author.value, one.text) for one in said(person)] == [("person", "Hallo"), ("note", "// intern")]


def test_pictures_are_copied_both_ways(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    photo = Written("Mein Brief", 77, person.now, kind="photo")
    person.turn(messages.unreadable, person.visitor, "only_words", photo)
    office.send()
    in_topic(lea, person, "", kind="document")
    office.send()
    copies = [(one.due.chat_id, one.act) for one in office.sent if isinstance(one.act, Copy)]
    topic = thread_of(person).topic
    assert [(to, act.chat_id, act.topic) for to, act in copies] == [
        (GROUP, person.chat_id, topic),
        (person.chat_id, GROUP, None),
    ]


def test_closing_closes_the_topic_and_a_new_word_opens_it_again(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("Hallo")
    office.send()
    card = thread_of(person)
    number = next(one.due.id for one in office.sent if isinstance(one.act, Say) and one.act.pinned)
    reply = lea.turn(group.tap, Visitor(GROUP, "de", lea.chat_id, "Lea"), f"d{number}.thread_close.answered")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.thread_closed"
    office.send()
    person.write("Doch noch etwas")
    office.send()
    deeds = [one.act for one in office.sent if isinstance(one.act, TopicIs)]
    assert [(one.topic, one.deed) for one in deeds] == [(card.topic, Deed.CLOSE), (card.topic, Deed.REOPEN)]
    order = kinds(office)
    assert order.index("TopicIs", order.index("TopicIs") + 1) < len(order) - 1, "opened before the words"
    assert "war geschlossen und ist wieder offen" in "".join(office.texts(GROUP))
    assert len(office.topics()) == 1


def test_a_button_of_the_card_is_refused_to_whoever_may_not(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("Hallo")
    office.send()
    number = next(one.due.id for one in office.sent if isinstance(one.act, Say) and one.act.pinned)
    viewer = member(new_talk, Role.VIEWER)
    for who in (viewer, new_talk()):
        reply = who.turn(group.tap, Visitor(GROUP, "de", who.chat_id, "X"), f"d{number}.thread_take")
        assert reply.toast is not None
        assert reply.toast.key == "staff.toast.no_right"
    assert thread_of(person).assigned_to is None


def test_who_writes_where_nobody_reads_is_told_so(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    viewer = member(new_talk, Role.VIEWER)
    person.write("eins")
    office.send()
    topic = thread_of(person).topic or 0

    def told(who: Talk, where: int) -> str | None:
        found = who.turn(group.refusal, Visitor(GROUP, "de", who.chat_id, who.name), where)
        return None if found is None else found[0].key

    assert [told(lea, topic), told(viewer, topic)] == [None, "staff.group.not_you"]
    assert [told(lea, topic + 1), told(viewer, topic + 1)] == ["staff.group.no_talk"] * 2


def test_a_topic_that_was_closed_by_hand_is_opened_for_the_next_word(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    topic = thread_of(person).topic or 0
    for where, place in ((OTHER, topic), (GROUP, topic + 1)):
        lea.turn(group.turned, Visitor(where, "de", lea.chat_id), place, is_open=False)
    assert thread_of(person).topic_open
    lea.turn(group.turned, Visitor(GROUP, "de", lea.chat_id), topic, is_open=False)
    person.write("zwei")
    now = [one.act for one in office.send() if one.due.chat_id == GROUP]
    assert now[0] == TopicIs(topic, Deed.REOPEN)
    assert any(isinstance(one, Say) and one.rich.text == "zwei" for one in now)
    lea.turn(group.turned, Visitor(GROUP, "de", lea.chat_id), topic, is_open=False)
    lea.turn(group.turned, Visitor(GROUP, "de", lea.chat_id), topic, is_open=True)
    person.write("drei")
    assert not any(isinstance(one.act, TopicIs) for one in office.send())


def test_only_an_admin_makes_a_group_the_teams_and_only_one_with_topics(new_talk: NewTalk) -> None:
    lea, boss = member(new_talk, Role.COUNSELLOR), member(new_talk)
    assert lea.turn(binding.bind, Visitor(GROUP, "de", lea.chat_id, "Lea"), forum=True, leads=True) is None
    assert not lea.turn(group.is_ours, Visitor(GROUP))
    said_no = boss.turn(binding.bind, Visitor(GROUP, "de", boss.chat_id, "Anna"), forum=False, leads=True)
    assert said_no is not None
    assert not boss.turn(group.is_ours, Visitor(GROUP))
    said_no = boss.turn(binding.bind, Visitor(GROUP, "de", boss.chat_id, "Anna"), forum=True, leads=False)
    assert said_no is not None
    assert said_no.card is not None
    assert "zum Admin" in boss.content.texts.render("de", said_no.card.screen).text
    boss.turn(binding.bind, Visitor(GROUP, "de", boss.chat_id, "Anna"), forum=True, leads=True)
    assert boss.turn(group.is_ours, Visitor(GROUP))


@pytest.mark.row(6)
def test_an_answer_of_which_nobody_knows_is_said_again_with_a_mark_and_then_told(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    office.fate = lambda ready: (
        (Result.UNKNOWN, "cut") if ready.due.chat_id == person.chat_id else (Result.SENT, None)
    )
    in_topic(lea, person, "Antwort")
    for _ in range(3):
        office.send()
        person.now = person.now.replace(hour=person.now.hour + 1)
    assert [text.startswith("↻") for text in office.texts(person.chat_id)] == [False, True]
    assert any("Niemand weiß" in text for text in office.texts(GROUP))
    assert "unknown" in states(person)


def test_a_topic_has_a_number_and_no_name_and_follows_the_language(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "ar")
    participant = person.participant()
    assert participant is not None
    person.command("settings")
    person.tap("name")
    person.write("Amal")
    person.command("ask")
    person.write("Hallo")
    office.send()
    one = thread_of(person)
    assert one.name == "Amal"
    assert office.topics() == [f"Nr. {participant.id} · Arabisch"]
    cards = [text for text in office.texts(GROUP) if "Amal" in text]
    asked = person.content.questionnaire.by_id[person.content.questionnaire.shared[0]]
    label = person.content.texts.label("de", Text(f"{asked.key}.short"))
    assert label in cards[0]
    person.command("language")
    person.tap("lang.fr")
    office.send()
    names = [act.name for act in (ready.act for ready in office.sent) if isinstance(act, TopicIs)]
    assert names == [f"Nr. {participant.id} · Französisch"]
    assert "Französisch" in office.texts(GROUP)[-1]
