"""Every button of the desk, with data that gives each of them a subject."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from bot.core.broadcasts import Interest, Subject, Version
from bot.core.roles import Right
from bot.core.seats import State
from bot.core.threads import Author
from bot.db.broadcasts import broadcasts, saved_audiences
from bot.db.offers import meetings, registrations
from bot.db.offers.registrations import Target
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.schema import staff
from bot.db.threads import threads
from bot.services import day_rows, places
from bot.services.buttons import of_card
from bot.services.offers.synchronising import synchronise
from bot.services.reply import Reply
from bot.services.staff import pages, verbs
from bot.services.staff.openings import partner_inviting
from bot.services.staff.openings.partner_pages import key
from bot.services.staff.page import GO
from tests.services.staff.people import NewTalk
from tests.services.talk import Talk
from tests.services.test_forged import everything_stored

HARMLESS = {"chat", "staff"}
"""Tables in which a refused press may change the person's place and last activity."""


def every_button(new_talk: NewTalk, target: int) -> list[tuple[str, Right | None]]:
    """Every verb and page, with arguments that would do something, and the right it needs."""
    talk = new_talk()
    talk.turn(synchronise)
    found = talk.table.run(lambda tx: meetings.of_offers(tx, ["info_degree"], talk.now))
    asking = new_talk()
    meeting, seat = found[0].id, asked_for_a_seat(asking)
    broadcast, lead, group = something_written(asking, target)
    asked, word = asked_the_team(asking)
    going = new_talk()
    going.finish_until(places.QUESTIONS)
    partner, _ = asking.table.run(lambda tx: partner_inviting.create(tx, "Muster", asking.now))
    one = dict.fromkeys(
        (
            *("facts", "everybody", "send", "hold_broadcast", "go_on_broadcast", "stop_broadcast", "fill_broadcast"),
            *("recall_broadcast", "say_again", "go.broadcast", "go.wordings", "go.sending", "go.ending"),
            *("second_yes", "take_back", "detach", "go.media", "go.refusing", "go.keep"),
        ),
        f"{broadcast}",
    )
    arguments = {
        **one,
        "tick": f"{broadcast}.level.3.0",
        **dict.fromkeys(("release", "to_me", "to_me_as_now", "go.wording"), f"{broadcast}.de"),
        "draft": f"{broadcast}.-",
        "compose": "-",
        **dict.fromkeys(("go.audience", "go.leads", "go.groups", "go.doubted"), f"{broadcast}.0"),
        **dict.fromkeys(("use_group", "drop_group", "go.group", "go.rename"), f"{broadcast}.{group}"),
        "go.pick": f"{broadcast}.level.0",
        "either": f"{broadcast}.-.0",
        "go.joint": f"{broadcast}.0",
        "go.values": f"{broadcast}.occupation.pflege",
        **dict.fromkeys(("say_one", "leave_one"), f"{broadcast}.1.0"),
        "go.broadcasts": "0",
        "go.lead": f"{lead}",
        "lead_is": f"{lead}.called",
        **dict.fromkeys(("invite",), "viewer"),
        **dict.fromkeys(("role",), f"{target}.viewer"),
        **dict.fromkeys(("go.home", "go.invite", "new", "new_opening"), ""),
        **dict.fromkeys(("go.opening", "go.who", "go.filling", "edit_opening"), "eq_workshop"),
        **dict.fromkeys(("fill_opening", "free_again", "tell_opening"), "nursing_training"),
        **dict.fromkeys(("go.fitting", "go.nearly"), "nursing_training.0"),
        "go.note_for": f"{number_of(asking)}.0",
        "go.note_ask": f"{number_of(asking)}.nursing_training",
        "note_interest": f"{number_of(asking)}.nursing_training.phone",
        **dict.fromkeys(("go.openings", "go.partners"), "0"),
        **dict.fromkeys(("go.partner", "partner_invite"), key("Muster")),
        **dict.fromkeys(("go.partner_ending", "partner_confirm", "partner_end"), f"{partner}"),
        **dict.fromkeys(("go.needs_months", "go.reports", "go.road", "go.status", "needs_chart", "needs_book"), ""),
        **dict.fromkeys(("go.team", "go.offers", "go.withdrawn", "go.needs"), "0"),
        **dict.fromkeys(("go.need", "need_course", "need_tell"), "3.2.0"),
        "go.needs_by": "profession.0",
        "report": "2026-Q4",
        "audit_book": "",
        "go.audit": "all.-.0",
        **dict.fromkeys(("go.audit_members", "go.audit_deeds", "go.audit_people"), "0"),
        **dict.fromkeys(("edit", "dates", "withdraw", "offer_again", "take_dates"), "info_degree"),
        **dict.fromkeys(("go.texts", "go.withdraw", "go.import"), "info_degree"),
        "translate": "info_degree.en",
        **dict.fromkeys(("go.meeting", "go.cancel", "go.rooms", "cancel", "reinstate", "redate"), f"{meeting}"),
        **dict.fromkeys(("go.move", "move"), f"{meeting}.60"),
        **dict.fromkeys(("go.attendance", "room"), f"{meeting}.0"),
        **dict.fromkeys(("approve", "decline"), f"{seat}"),
        "go.dates": "info_degree.0",
        "go.people": "iqui_b2.0.0",
        "guest": "iqui_b2.0",
        "seats_file": "xlsx.iqui_b2.0",
        "leads_file": f"xlsx.{broadcast}",
        "attend": f"{seat}.{meeting}",
        **dict.fromkeys(("go.thread", "thread_take", "thread_give", "thread_undo"), f"{asked}"),
        "thread_later": f"{asked}.4",
        "thread_hand": f"{asked}.1",
        "go.thread_to": f"{asked}.0",
        **dict.fromkeys(("thread_begin", "go.talk_with"), f"{number_of(asking)}"),
        "thread_close": f"{asked}.answered",
        "thread_show": f"{word}",
        "go.threads": "0",
        **dict.fromkeys(
            (
                "go.group_how",
                "go.factor",
                "go.factor_new",
                "go.second",
                "thread_sign",
                "template_new",
                "go.young",
                "young_open",
            ),
            "",
        ),
        **dict.fromkeys(("go.templates", "go.closed"), "0"),
        **dict.fromkeys(("go.template", "template_edit", "template_drop"), "waiting"),
        **dict.fromkeys(("go.template_in", "template_release", "template_word"), "letter.en"),
        "go.t_choose": f"{asked}.0",
        **dict.fromkeys(("go.t_try", "template_send"), f"{asked}.permit"),
        **about_people(asking),
        "erase_person": f"{number_of(going)}",
        "go.month": "now",
        "go.day": "2026-11-26.0",
        **dict.fromkeys(("go.factor", "go.factor_new", "go.factor_paper", "go.second", "factor_begin"), ""),
        **dict.fromkeys(("factor_drop", "factor_picture", "factor_codes", "factor_written"), ""),
        **dict.fromkeys(("go.trying", "nothing"), ""),
        "try_in": "en",
        "go.trial": "en.questions.-",
    }
    # A button that only fills its place in a calendar does nothing.
    every = {name: one.right for name, one in verbs.VERBS.items() if name != day_rows.NOTHING}
    every |= {f"{GO}.{name}": page.right for name, page in pages.PAGES.items()}
    return [(".".join((name, arguments.get(name, f"{target}"))).rstrip("."), right) for name, right in every.items()]


def number_of(somebody: Talk) -> int:
    """A participant's id."""
    person = somebody.participant()
    assert person is not None
    return person.id


def about_people(somebody: Talk) -> dict[str, str]:
    """Arguments for actions on participants."""
    person = somebody.participant()
    assert person is not None
    return {
        **dict.fromkeys(("go.found", "go.filters", "go.doubles", "go.restricted"), "0"),
        **dict.fromkeys(("found_clear", "found_tell"), ""),
        "go.filter": "language.0",
        "go.filter_words": "occupation.pflege",
        "found_pick": "language.0.0",
        "found_file": "xlsx",
        **dict.fromkeys(("go.person", "go.said", "go.twins", "go.erasing"), f"{person.id}"),
        **dict.fromkeys(("go.restricting", "restrict", "lift"), f"{person.id}"),
        **dict.fromkeys(("go.contacts", "go.notes"), f"{person.id}.0"),
        **dict.fromkeys(("go.pair", "join_people"), f"{person.id}.{person.id + 1}"),
        **dict.fromkeys(("go.apart", "split", "note_drop"), "1"),
    }


def something_written(talk: Talk, author: int) -> tuple[int, int, int]:
    """A broadcast being composed, a person's interest in it, and an audience with a name."""
    person = talk.participant()
    assert person is not None

    def fill(connection: Connection) -> tuple[int, int, int]:
        key = broadcasts.create(connection, author, talk.now, last_useful_at=talk.now + timedelta(days=7))
        broadcasts.write(connection, key, Version("de", "Hallo"), talk.now)
        subject = Subject(broadcast=key)
        one = Interested(0, person.id, subject, None, Interest.OPEN, talk.now)
        interests.give(connection, one, "de", "v1")
        found = interests.of_person(connection, person.id, subject)
        assert found is not None
        return key, found.id, saved_audiences.save(connection, "Alle", {}, author, talk.now)

    return talk.table.run(fill)


def asked_for_a_seat(talk: Talk) -> int:
    """A registration that waits for approval."""
    talk.finish_until(places.QUESTIONS)
    person = talk.participant()
    assert person is not None
    return talk.table.run(
        lambda tx: registrations.create(tx, Target("iqui_b2"), State.REQUESTED, talk.now, participant_id=person.id)
    )


def asked_the_team(talk: Talk) -> tuple[int, int]:
    """A talk, and a picture in it."""
    person = talk.participant()
    assert person is not None

    def ask(connection: Connection) -> tuple[int, int]:
        key = threads.begin(connection, person.id, talk.now)
        numbers = {"chat_id": talk.chat_id, "message_id": 7}
        return key, threads.add(connection, key, Author.PERSON, "photo", talk.now, **numbers)

    return talk.table.run(ask)


def others(talk: Talk, me: Talk) -> dict[str, object]:
    """Everything stored except the person's own place and last activity."""
    everything = everything_stored(talk)
    team = [
        tuple(one)
        for one in talk.table.run(lambda tx: tx.execute(select(staff).where(staff.c.person_id != me.chat_id)))
    ]
    return {name: rows for name, rows in everything.items() if name not in HARMLESS} | {"staff": team}


def press(talk: Talk, action: str) -> Reply:
    """Presses a button of the newest card, whether or not it is there."""
    newest = talk.drawn[-1]
    return talk.tap_data(of_card(newest.card.version) + action, newest.message)
