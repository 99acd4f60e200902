"""Topics and groups that are gone: made again, told of, taken up again, and gone with the person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.db.rights import erasure
from bot.services import upkeep, welcome
from bot.services.deliveries.acts import Deed, Say, TopicIs
from bot.services.deliveries.sending import Ready, Result
from bot.services.threads import binding, group
from bot.services.turn import Visitor
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, OTHER, Office, a_group, bound, in_topic, said, states, thread_of


def test_who_blocks_the_bot_is_shown_in_the_topic(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    person.write("Hallo")
    office.send()
    person.turn(welcome.block, person.visitor, blocked=True)
    office.send()
    assert any("hat den Bot blockiert" in text for text in office.texts(GROUP))
    in_topic(lea, person, "Sind Sie da?")
    office.send()
    assert states(person)[-2:] == ["blocked", "sent"], "the answer, and the word about it"


def test_a_topic_that_somebody_deleted_is_made_again_and_nothing_is_lost(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    old = thread_of(person).topic

    def fate(ready: Ready) -> tuple[Result, str | None]:
        gone = isinstance(ready.act, Say) and ready.act.topic == old
        return (Result.REFUSED, "no_topic") if gone else (Result.SENT, None)

    office.fate = fate
    person.write("zwei")
    office.send()
    assert len(office.topics()) == 2
    assert "zwei" in office.texts(GROUP)
    assert said(person)[-1].state.value == "sent"
    assert thread_of(person).topic != old


def refused(fate: tuple[Result, str | None], ready: Ready) -> tuple[Result, str | None]:
    """Nothing arrives in the group."""
    return fate if ready.due.chat_id == GROUP else (Result.SENT, None)


def test_a_lost_group_is_told_to_who_leads_talks_go_on_at_the_desk_and_binding_again_resumes(
    new_talk: NewTalk,
) -> None:
    for code in ("no_forum", "no_rights", "blocked"):
        lea, person, office = a_group(new_talk, "de")
        person.write("eins")
        office.send()
        result = Result.UNREACHABLE if code == "blocked" else Result.REFUSED
        office.fate = partial(refused, (result, code))
        person.write("zwei")
        office.send()
        keys = [one.due.text_key for one in office.sent]
        assert f"staff.group.lost_{'gone' if code == 'blocked' else code}" in keys
        assert said(person)[-1].state.value == "desk"
        assert "staff.thread.somebody" in keys
        office.fate = lambda _: (Result.SENT, None)
        bound(member(new_talk))
        person.write("drei")
        office.send()
        assert "drei" in office.texts(GROUP)
        assert said(person)[-1].state.value == "sent"
        del lea


def test_thrown_out_is_a_lost_group_too(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.turn(binding.membership, Visitor(GROUP), out=True)
    person.write("eins")
    office.send()
    assert "staff.group.lost_gone" in [one.due.text_key for one in office.sent]
    assert states(person) == ["desk"]


def test_a_bot_that_is_no_admin_any_more_has_lost_the_group(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.turn(binding.membership, Visitor(OTHER), out=False, leads=False)
    person.turn(binding.membership, Visitor(GROUP), out=False, leads=True)
    assert person.turn(group.is_ours, Visitor(GROUP))
    person.turn(binding.membership, Visitor(GROUP), out=False, leads=False)
    person.write("eins")
    office.send()
    assert "staff.group.lost_no_rights" in [one.due.text_key for one in office.sent]
    assert states(person) == ["desk"]


def test_the_topic_goes_with_the_person(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    topic = thread_of(person).topic
    person.table.run(lambda tx: erasure.erase_chat(tx, person.chat_id))
    office.send()
    last = office.sent[-1].act
    assert isinstance(last, TopicIs)
    assert (last.topic, last.deed) == (topic, Deed.DELETE)


def deleted(office: Office) -> list[tuple[int, int]]:
    """The topics that were deleted, each with its group."""
    acts = [(one.due.chat_id, one.act) for one in office.sent]
    return [(chat_id, act.topic) for chat_id, act in acts if isinstance(act, TopicIs) and act.deed is Deed.DELETE]


def erase(person: Talk) -> None:
    person.table.run(lambda tx: erasure.erase_chat(tx, person.chat_id))


def test_who_is_erased_goes_from_the_topic_of_a_former_group_too(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    old = thread_of(person).topic
    bound(member(new_talk), OTHER)
    person.write("zwei")
    office.send()
    new = thread_of(person).topic
    erase(person)
    office.send()
    assert sorted(deleted(office)) == sorted([(GROUP, old), (OTHER, new)])


def test_a_topic_that_could_not_be_deleted_goes_when_the_group_is_there_again(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    topic = thread_of(person).topic
    person.turn(binding.membership, Visitor(GROUP), out=True)
    erase(person)
    office.send()
    assert deleted(office) == []
    person.now += timedelta(days=200)
    person.turn(upkeep.forget_deliveries, 0)
    bound(member(new_talk))
    office.send()
    assert deleted(office) == [(GROUP, topic)]


def test_a_topic_that_the_bot_may_not_delete_is_left_to_those_who_lead_the_team(new_talk: NewTalk) -> None:
    _, person, office = a_group(new_talk, "de")
    person.write("eins")
    office.send()
    topic = thread_of(person).topic
    office.fate = lambda one: (Result.REFUSED, "no_rights") if isinstance(one.act, TopicIs) else (Result.SENT, None)
    erase(person)
    told = [one for one in office.send() if one.due.text_key == "staff.group.topic_stays"]
    assert told
    assert f"https://t.me/c/{str(GROUP)[4:]}/{topic}" in str(told[0].due.params)
