"""The pages about a broadcast: long texts, whom it reaches, how fast it goes, and what nobody knows of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.content import audience_file
from bot.content.checks import LONGEST_MESSAGE
from bot.content.loader import Content
from bot.content.rich import utf16
from bot.content.texts import MARK
from bot.core import roles
from bot.core.broadcasts import Interest, Subject, Unreleased
from bot.core.roles import Right
from bot.db import audit
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox.deliveries import State
from bot.db.schema import consent, delivery, interest, participant
from bot.services.audit import Deed
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.audience import PASTED
from bot.services.deliveries import letters
from bot.services.deliveries.sending import Result
from bot.services.profiles import people
from bot.services.staff.broadcasts import composing, doubt_deeds
from bot.services.staff.next_page import Perform
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from tests.services.broadcasts import BEGIN, BOSS, Office, crowd, loaded, page, released, team, visit_of

GERMAN, ARABIC = "Wir suchen Leute. " * 160, "نبحث عن ناس. " * 200


def test_a_long_translation_is_seen_whole_and_the_german_is_a_tap_away(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": GERMAN, "ar": ARABIC}))
    shown, actions = page(post, "wording.1.ar")
    assert ARABIC.strip() in shown.text
    assert utf16(shown.text) <= LONGEST_MESSAGE
    assert "go.wording.1.de" in actions
    shown, actions = page(post, "wording.1.de")
    assert GERMAN.strip() in shown.text
    assert "go.wording.1.de" not in actions


def test_texts_that_fit_stand_below_each_other_whole(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": GERMAN, "ar": "مرحبا"}))
    shown, actions = page(post, "wording.1.ar")
    assert GERMAN.strip() in shown.text
    assert "مرحبا" in shown.text
    assert "go.wording.1.de" not in actions


def test_a_long_text_and_a_long_condition_leave_room_for_what_else_a_page_says(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "😀" * 1500}))
    pasted = "any:\n" + "- german_level: B1\n" * 190
    post.run(lambda turn: broadcasts.change(turn.connection, 1, audience={PASTED: pasted}))
    for name in ("broadcast.1", "wording.1.de", "audience.1.0", "sending.1"):
        assert utf16(page(post, name)[0].text) <= LONGEST_MESSAGE, name


def test_one_in_another_language_alone_is_known_by_its_words_and_corrected_in_its_language(post: Office) -> None:
    post.send({"ar": "مرحبا"})
    post.deliver()
    assert "مرحبا" in " ".join(labels(post, "broadcasts.0"))
    assert "go.wording.1.ar" in page(post, "broadcast.1")[1], "and nobody writes a German text for a correction"


def labels(post: Office, name: str) -> list[str]:
    """What stands on the buttons of a page."""
    return [button.label for row in page(post, name)[0].rows for button in row]


# -- some of those whom it reaches


def seen(post: Office) -> list[str]:
    """The looks at lists that stand in the audit trail."""
    looks = audit.Filter(deed=Deed.LIST_SEEN.value)
    return post.run(lambda turn: [one.what for one in audit.entries(turn.connection, looks, 0, 9)])


def test_ten_of_an_audience_are_named_on_each_of_its_pages_and_that_is_one_look(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
    post.run(
        lambda turn: turn.connection.execute(update(participant).where(participant.c.id == 1).values(name="Amal"))
    )
    for name in ("audience.1.0", "pick.1.german_level.0", "sending.1"):
        assert "Nr. 2" in page(post, name)[0].text
        assert "Amal" in page(post, name)[0].text
    assert seen(post) == ["broadcast 1"]


def test_whoever_may_see_no_names_reads_numbers(post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
    post.run(lambda turn: turn.connection.execute(update(participant).values(name="Amal")))
    rights = {one: had - {Right.SEE_PEOPLE} for one, had in roles.RIGHTS.items()}
    monkeypatch.setattr(roles, "RIGHTS", rights)
    shown = page(post, "audience.1.0")[0].text
    assert "Amal" not in shown
    assert "Nr. 1" in shown
    assert seen(post) == []


def test_an_audience_of_which_nothing_can_be_read_any_more_has_its_page_still(post: Office) -> None:
    gone = {PASTED: "a_question_that_went: yes"}
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}, audience=gone))
    shown, actions = page(post, "audience.1.0")
    assert "gibt es nicht mehr. So bekommt niemand die Nachricht." in shown.text
    assert "everybody.1" in actions


# -- how fast it goes


def test_the_page_tells_the_pace_of_the_last_minute_and_how_long_the_rest_takes_at_it(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 56, first=101))
    post.send({"de": "Hallo", "ar": "مرحبا"})
    post.plan()
    post.now += timedelta(seconds=15)
    post.say(post.claim(most=12))
    assert "⏱ 12 in der letzten Minute, noch etwa 1 Minute\n" in page(post, "broadcast.1")[0].text
    post.now += timedelta(minutes=5)
    assert "⏱" not in page(post, "broadcast.1")[0].text, "nothing goes"
    post.say(post.claim(most=12))
    assert "⏱ 12 in der letzten Minute, noch etwa 3 Minuten\n" in page(post, "broadcast.1")[0].text
    post.deliver()
    assert "⏱" not in page(post, "broadcast.1")[0].text, "all have it"


def test_what_leaves_later_is_no_part_of_the_time_that_is_left(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 56, first=101))
    post.send({"de": "Hallo"}, spread_hours=48)
    post.plan()
    post.now += timedelta(minutes=60)
    post.say(post.claim(most=1))
    shown = page(post, "broadcast.1")[0].text
    assert "⏱ 1 in der letzten Minute" in shown
    assert shown.split("noch etwa ")[1].split()[0] in {"1", "2", "3"}


# -- copies of which nobody knows whether they arrived


def test_each_unknown_copy_has_its_own_word_and_whoever_is_left_is_not_asked_for_again(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    post.line = lambda ready: Result.UNKNOWN if ready.due.chat_id < 11 else Result.SENT
    post.send({"de": "Hallo", "ar": "مرحبا"})
    post.deliver()
    assert "go.doubted.1.0" in page(post, "broadcast.1")[1]
    shown, actions = page(post, "doubted.1.0")
    assert "bei 3 Menschen" in shown.text
    first, second, third = (one for one in actions if one.startswith("say_one"))
    assert "say_again.1" in actions

    def decide(deed: Perform, action: str) -> None:
        post.run(lambda turn: deed(visit_of(turn), team(turn.connection), tuple(action.split(".")[1:]), None))

    post.said.clear()
    post.line = lambda _: Result.SENT
    decide(doubt_deeds.say, first)
    decide(doubt_deeds.say, first)
    decide(doubt_deeds.leave, second)
    post.deliver()
    assert [text for chat_id, text in post.said if chat_id != BOSS] == ["Hallo"], "once, and nobody else"
    shown, actions = page(post, "doubted.1.0")
    assert [one for one in actions if one.startswith("say_one")] == [third]
    decide(doubt_deeds.say, second)
    assert post.do(broadcasting.say_again) == 1, "whoever was left stays as it is"
    post.deliver()
    assert post.states() == {State.SENT: 4, State.UNKNOWN: 1}
    assert "go.doubted.1.0" not in page(post, "broadcast.1")[1]


def test_what_is_over_is_not_sent_once_more(post: Office) -> None:
    post.line = lambda _: Result.UNKNOWN
    post.send({"de": "Hallo"})
    post.deliver()
    post.do(broadcasting.recall)
    assert "go.doubted.1.0" not in page(post, "broadcast.1")[1]


# -- what people get whose language is not released, and phones that are shared


def test_what_people_get_without_a_translation_can_be_seen_before_it_goes_out(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    words = {"de": "Hallo", "en": "Hello"}
    number = post.run(lambda turn: released(turn.connection, turn.content, words, unreleased=Unreleased.GERMAN.value))
    post.run(lambda turn: broadcasting.write(turn, loaded(turn.connection, number), "fa", "سلام"))
    for language in ("ar", "fa"):
        assert f"to_me_as_now.1.{language}" in page(post, f"wording.1.{language}")[1]

    for deed, language in ((composing.to_me_as_now, "ar"), (composing.to_me_as_now, "fa"), (composing.to_me, "fa")):
        look(post, deed, language)
    marks = post.run(lambda turn: [turn.content.texts.label(one, MARK) for one in ("ar", "fa")])
    wanted = {f"{mark}\n\nHallo\n\nHello" for mark in marks} | {"سلام"}
    assert {text for _, text in post.said} == wanted
    post.said.clear()
    post.do(lambda turn, one: broadcasting.send(turn, one, team(turn.connection), turn.now))
    post.deliver()
    assert (11, f"{marks[0]}\n\nHallo\n\nHello") in post.said, "and so it comes"


def look(post: Office, deed: Perform, language: str) -> None:
    """Rita lets a preview be sent to her."""
    post.run(lambda turn: deed(visit_of(turn), team(turn.connection), ("1", language), None))
    post.deliver()
    post.now += timedelta(seconds=2)


def test_buttons_below_a_preview_do_nothing_to_a_member_who_has_a_profile(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    post.send({"de": "Hallo"}, answering="interest")
    post.deliver()
    look(post, composing.to_me, "de")
    previews = select(delivery.c.id).where(delivery.c.cause.startswith("preview:"))
    number = post.run(lambda turn: turn.connection.execute(previews).scalar_one())
    for verb, arguments in (("interest", ()), ("mute", ("offers",)), ("not_me", ())):
        reply = post.run(lambda turn: letters.tap(visit_of(turn), number, verb, arguments, 1))  # noqa: B023
        assert reply.toast == staff_text("toast.only_preview")
        assert reply.letter is None
    own = post.run(lambda turn: turn.connection.execute(select(interest.c.id)).all())
    assert own == []
    assert not post.run(lambda turn: visit_of(turn).preferences.muted)


def test_what_waits_for_its_language_or_is_released_has_no_stand_in_to_look_at(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo", "ar": "مرحبا"}))
    assert "to_me_as_now.1.en" not in page(post, "wording.1.en")[1], "they get nothing"
    post.run(lambda turn: broadcasts.change(turn.connection, 1, unreleased=Unreleased.GERMAN.value))
    assert "to_me_as_now.1.en" in page(post, "wording.1.en")[1]
    assert "to_me_as_now.1.ar" not in page(post, "wording.1.ar")[1]
    assert "to_me_as_now.1.de" not in page(post, "wording.1.de")[1]


def test_the_last_question_says_how_many_phones_it_goes_to_where_people_share_one(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo", "ar": "مرحبا"}))
    assert "📱" not in page(post, "sending.1")[0].text

    def another(turn: Turn) -> None:
        tx = turn.connection
        first = tx.execute(select(participant).where(participant.c.chat_id == 1)).mappings().one()
        row = {name: value for name, value in first.items() if name != "id"}
        key = tx.execute(insert(participant).returning(participant.c.id), row).scalar_one()
        agreed = {"purpose": "openings", "language": "de", "text_version": "v1", "given_at": BEGIN}
        tx.execute(insert(consent), {"participant_id": key, **agreed})

    post.run(another)
    shown = page(post, "sending.1")[0].text
    assert "An 5 Menschen." in shown
    assert "Es geht an 4 Handys." in shown
    post.do(lambda turn, one: broadcasting.send(turn, one, team(turn.connection), turn.now))
    post.deliver()
    assert post.states() == {State.SENT: 4}


# -- whom it is for, beside answers


def test_back_from_what_can_be_chosen_leads_to_the_page_it_stands_on(post: Office, content: Content) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
    for one in people.filters(content):
        word = one.id.replace(".", ":")
        led = page(post, f"pick.1.{word}.0")[1][-1].removeprefix("go.")
        assert f"go.pick.1.{word}.0" in page(post, led)[1]


def test_what_is_known_beside_answers_is_ticked_and_said_like_answers(post: Office, content: Content) -> None:
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
    names = [one.id for one in people.filters(content)]
    listed = [one for at in range(20) for one in page(post, f"audience.1.{at}")[1] if one.startswith("go.pick.")]
    assert {one.split(".")[3].replace(":", ".") for one in listed} == set(names)

    def tick(name: str, option: str, times: int = 1) -> None:
        word, options = name.replace(".", ":"), people.options(audience_file.names(content)[name])
        assert page(post, f"pick.1.{word}.0")[1]
        arguments = ("1", word, str(options.index(option)), "0")
        for _ in range(times):
            post.run(lambda turn: composing.tick(visit_of(turn), team(turn.connection), arguments, None))

    tick("language", "ar")
    shown = page(post, "audience.1.0")[0].text
    assert "✅ Sprache: Arabisch" in shown
    assert "Sie erreicht 1 Person" in shown
    tick("language", "ar", times=2)
    tick("contact.days", "30")
    tick("registration.iqui_b2", "any", times=2)
    tick("attendance.iqui_b2", "no")
    tick("interest.warehouse_job", "won", times=2)
    shown = page(post, "audience.1.0")[0].text
    assert "✅ Lange nichts gehört: Seit 30 Tagen keine Nachricht" in shown
    assert "🚫 nicht Anmeldung: " in shown
    assert "✅ War da: " in shown
    assert "🚫 nicht Interesse: " in shown
    assert "Sie erreicht 5 Menschen" in shown
    gone = Interested(0, 1, Subject(opening="warehouse_job"), None, Interest.WON, BEGIN)
    post.run(lambda turn: interests.give(turn.connection, gone, "de", "v1"))
    assert "Sie erreicht 4 Menschen" in page(post, "audience.1.0")[0].text
