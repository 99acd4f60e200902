"""Single turns of the conversation that a random walk could miss: what each leads to, and what stays stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.core.engine import Status
from bot.core.message import Text
from bot.core.spans import length_of
from bot.db.schema import consent
from bot.services import messages, places, screens, upkeep, welcome
from bot.services.reply import Reply
from bot.services.written import Written
from tests.services.talk import Talk, keys


def said(reply: Reply) -> set[str]:
    """The keys of all texts on the card of a reply."""
    assert reply.card is not None
    return {text.key for text in keys(reply.card.screen)}


def test_the_link_somebody_came_by_is_kept_from_the_first_start_only(talk: Talk) -> None:
    talk.start("jobcenter")
    talk.start("other")
    row = talk.chat()
    assert row is not None
    assert row.source == "jobcenter"


@pytest.mark.parametrize("payload", ["", "a b", "ä", "x" * 65, "../etc", "a;b"])
def test_a_payload_that_is_no_key_is_not_kept(talk: Talk, payload: str) -> None:
    talk.start(payload)
    row = talk.chat()
    assert row is not None
    assert row.source is None


def test_before_consent_nothing_but_chat_language_and_source_is_held(talk: Talk) -> None:
    talk.finish_until(places.NOTICE)
    assert talk.participant() is None
    talk.write("mein Name ist Anna")
    assert (talk.participant(), talk.answers()) == (None, ({}, frozenset()))


def test_who_says_no_leaves_no_row(talk: Talk) -> None:
    talk.finish_until(places.NOTICE)
    reply = talk.tap("storage.no")
    assert talk.chat() is None
    assert reply.card is not None
    assert not reply.card.kept


def test_consents_are_given_and_taken_back_each_by_itself(talk: Talk) -> None:
    talk.finish_until(places.CONSENTS_START)
    assert talk.consents() == {"storage"}
    talk.yes("reminders")
    talk.yes("openings")
    talk.tap("agree.reminders.0")
    assert talk.consents() == {"storage", "openings"}
    talk.finish()
    talk.command("privacy")
    talk.tap("agree.openings.0")
    talk.agree("companies")
    assert talk.consents() == {"storage", "companies"}
    person = talk.participant()
    assert person is not None
    mine = select(func.count()).where(consent.c.participant_id == person.id)
    history = talk.table.run(lambda tx: tx.execute(mine).scalar_one())
    assert history == 4, "what was taken back stays in the history"


def test_taking_back_the_required_consent_leads_to_erasure_and_changes_nothing_by_itself(talk: Talk) -> None:
    talk.finish()
    talk.command("privacy")
    talk.tap("agree.storage.0")
    assert talk.place == places.FORGET
    assert "storage" in talk.consents()
    talk.tap("resume")
    assert talk.place == places.DONE


def test_forgetting_takes_two_taps_and_then_nothing_is_left(talk: Talk) -> None:
    talk.finish()
    talk.command("forget")
    assert talk.chat() is not None
    talk.tap("forget")
    assert talk.chat() is None
    assert talk.drawn[-1].card.screen == screens.erased(proven=True)
    reply = talk.command("forget")
    assert reply.card is not None
    assert reply.card.screen == screens.nothing_stored()


def test_whoever_comes_back_after_a_night_is_told_that_we_go_on(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    talk.step()
    here = talk.participant()
    assert "ui.notice.welcome_back" not in said(talk.start())
    talk.now += timedelta(hours=13)
    assert "ui.notice.welcome_back" in said(talk.start())
    assert "ui.notice.welcome_back" not in said(talk.start())
    assert talk.participant() == here


def test_a_pause_ends_with_a_word_of_welcome_at_the_same_question(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    here = talk.participant()
    talk.tap("pause")
    assert "ui.notice.welcome_back" in said(talk.tap("resume"))
    assert talk.participant() == here


def test_the_language_changes_in_the_middle_and_the_place_stays(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    here = talk.participant()
    talk.command("language")
    reply = talk.tap("lang.ar")
    assert (reply.language, talk.place, talk.participant()) == ("ar", places.QUESTIONS, here)


def test_an_option_is_typed_in_any_spelling_of_the_persons_language(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    talk.write("DEUTSCH lernen; arbeit Finden")
    answers, _ = talk.answers()
    assert answers["goals"].value == ("german", "job")


def test_words_before_the_card_are_no_answer_and_that_is_said_once(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    first = talk.write("Deutsch lernen", before_the_card=True)
    assert "ui.notice.one_message" in said(first)
    assert talk.write("Deutsch lernen", before_the_card=True).card is None
    assert talk.answers() == ({}, frozenset())


def test_words_while_the_card_is_still_owed_are_no_answer(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    talk.arrives = False
    talk.write("Deutsch lernen")
    talk.write("B1")
    answers, _ = talk.answers()
    assert set(answers) == {"goals"}


def test_a_wrong_tap_gets_a_toast_and_a_wrong_word_the_card_again(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    tapped = talk.tap("done")
    assert (tapped.card, tapped.toast) == (None, Text("ui.problem.too_few", {"least": 1}, 1))
    written = talk.write("Gurkensalat")
    assert "ui.problem.not_understood" in said(written)
    assert talk.answers() == ({}, frozenset())


def test_an_answer_that_no_longer_applies_is_kept_aside_and_comes_back(talk: Talk) -> None:
    talk.finish()
    talk.command("profile")
    before, counting = talk.answers()
    assert {"times", "hours"} <= counting
    talk.tap("change.times")
    talk.tap("t.not_now.1")
    talk.tap("done")
    given, now = talk.answers()
    assert given["hours"] == before["hours"]
    assert "hours" not in now
    talk.tap("change.times")
    talk.tap("t.mornings.1")
    talk.tap("done")
    assert talk.answers()[1] == counting


def test_every_line_of_the_summary_can_be_changed_and_leads_back_to_it(talk: Talk) -> None:
    talk.finish()
    talk.command("profile")
    for action in [one for one in talk.actions if one.startswith("change.")]:
        talk.tap(action)
        row = talk.participant()
        assert row is not None
        assert row.at == action.removeprefix("change.")
        talk.tap("back")
        row = talk.participant()
        assert row is not None
        assert row.at is None
        talk.finish()
        talk.command("profile")


def test_optional_and_sensitive_questions_are_answered_with_their_own_buttons(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    while (row := talk.participant()) is not None and row.at is not None:
        asides = [one for one in talk.actions if one in {"skip", "decline"}]
        if asides:
            talk.tap(asides[0])
        else:
            talk.step()
    answers, counting = talk.answers()
    statuses = {name: given.status for name, given in answers.items()}
    assert (statuses["anything"], statuses["support"]) == (Status.SKIPPED, Status.DECLINED)
    assert {"anything", "support"} <= counting


def test_the_time_of_finishing_is_the_first_one(talk: Talk) -> None:
    talk.finish()
    first = talk.participant()
    assert first is not None
    assert first.finished_at is not None
    talk.command("profile")
    talk.tap("confirm")
    again = talk.participant()
    assert again is not None
    assert again.finished_at == first.finished_at


def test_a_card_is_owed_until_it_arrives_and_is_shown_again_as_a_new_message(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    assert talk.turn(upkeep.show_again, talk.visitor) is None
    talk.arrives = False
    talk.step()
    assert talk.chat_id in talk.turn(upkeep.owed, timedelta(0))
    assert talk.chat_id not in talk.turn(upkeep.owed, timedelta(hours=1))
    talk.arrives = True
    again = talk.turn(upkeep.show_again, talk.visitor)
    assert again is not None
    assert again.card is not None
    assert again.card.edit is None
    talk.see(again)
    assert talk.chat_id not in talk.turn(upkeep.owed, timedelta(0))


def test_who_has_blocked_us_is_owed_nothing_until_they_are_back(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    talk.arrives = False
    talk.step()
    talk.turn(welcome.block, talk.visitor, blocked=True)
    assert talk.chat_id not in talk.turn(upkeep.owed, timedelta(0))
    talk.turn(welcome.block, talk.visitor, blocked=False)
    assert talk.chat_id in talk.turn(upkeep.owed, timedelta(0))


def test_a_day_without_consent_is_forgotten_and_a_participant_is_not(talk: Talk) -> None:
    talk.finish_until(places.NOTICE)
    talk.now += timedelta(hours=23)
    talk.turn(upkeep.forget_what_is_due)
    assert talk.chat() is not None
    talk.now += timedelta(hours=1, seconds=1)
    talk.turn(upkeep.forget_what_is_due)
    assert talk.chat() is None
    talk.finish()
    talk.now += timedelta(days=30)
    talk.turn(upkeep.forget_what_is_due)
    assert talk.chat() is not None


def test_who_is_found_too_late_for_the_look_of_each_ten_minutes_is_forgotten_at_night(talk: Talk) -> None:
    talk.finish_until(places.NOTICE)
    talk.now += timedelta(days=10)
    talk.turn(upkeep.forget_what_is_due)
    assert talk.chat() is not None
    assert talk.turn(upkeep.forget_strangers) >= 1
    assert talk.chat() is None


def test_answers_to_questions_that_are_gone_or_have_another_id_go_too(talk: Talk) -> None:
    talk.finish()
    whole = talk.content.questionnaire
    renamed = [replace(one, id="aims", was=(one.id,)) if one.id == "goals" else one for one in whole.questions]
    fewer = tuple(one for one in renamed if one.id != "hours")
    talk.content = replace(talk.content, questionnaire=replace(whole, questions=fewer))
    talk.now += length_of("24 months") - timedelta(days=1)
    assert talk.turn(upkeep.forget_what_is_due).answers == 0
    talk.now += timedelta(days=2)
    talk.turn(upkeep.forget_what_is_due)
    assert talk.answers()[0] == {}


def test_an_answer_goes_when_its_question_keeps_it_no_longer(talk: Talk) -> None:
    talk.finish()
    given, _ = talk.answers()
    kept_for = length_of("24 months")
    talk.now += kept_for - timedelta(days=1)
    assert talk.turn(upkeep.forget_what_is_due).answers == 0
    talk.now += timedelta(days=2)
    assert talk.turn(upkeep.forget_what_is_due).answers >= len(given) > 0
    assert talk.answers()[0] == {}
    talk.command("profile")
    talk.tap("resume")
    assert talk.place == places.QUESTIONS, "asked again, as if for the first time"


@pytest.mark.parametrize(
    ("words", "days"),
    [("1 day", 1), ("90 days", 90), ("1 month", 30), ("24 months", 730), ("2 years", 730), ("10 years", 3652)],
)
def test_a_retention_is_so_many_days(words: str, days: int) -> None:
    assert length_of(words) == timedelta(days=days)


def test_to_go_on_from_the_profile_skips_no_consents(talk: Talk) -> None:
    talk.finish_until(places.CONSENTS_START)
    talk.command("profile")
    talk.tap("resume")
    assert talk.place == places.CONSENTS_START


def test_a_picture_in_between_does_not_make_an_old_button_answer_another_question(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    talk.step(0)
    talk.tap("done")
    talk.tap("o.B1")
    old, message = talk.drawn[-1].data()[0], talk.drawn[-1].message
    before = talk.participant()
    assert before is not None
    assert before.at == "certificate"
    kept = tuple(one for one in talk.content.questionnaire.questions if one.id != "certificate")
    talk.content = replace(talk.content, questionnaire=replace(talk.content.questionnaire, questions=kept))
    talk.turn(messages.unreadable, talk.visitor, "only_words", Written("", 1, talk.now, early=True))
    talk.tap_data(old, message)
    assert "paper" not in talk.answers()[0], "the button was drawn for another question"
