"""After the first pass: what is asked again, what is new, and what the history keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.engine import Age, Status
from bot.core.questionnaire import Kind, Questionnaire, Stage
from bot.db.people import participants
from bot.services import places
from bot.services.reply import Reply
from tests.services.talk import Talk, keys

QUARTER = timedelta(days=93)
HALF_A_YEAR = timedelta(days=186)


def said(reply: Reply) -> set[str]:
    """The keys of everything on a card."""
    return {text.key for text in keys(reply.card)}


def history(talk: Talk) -> list[tuple[str, object]]:
    """The former answers, the oldest first."""
    person = talk.participant()
    assert person is not None
    past = talk.table.run(lambda tx: participants.history(tx, person.id))
    return [(one.question, one.answer.value) for one in past]


def without(talk: Talk, *names: str) -> Questionnaire:
    """The questionnaire that lacks some questions."""
    whole = talk.content.questionnaire
    return replace(whole, questions=tuple(one for one in whole.questions if one.id not in names))


def test_the_end_says_that_there_is_more_and_start_does_not_say_it_twice(talk: Talk) -> None:
    talk.finish()
    assert "more" in talk.actions
    talk.start()
    assert talk.place == places.DONE


def test_whoever_tells_more_is_led_through_the_follow_ups_and_back_to_the_end(talk: Talk) -> None:
    talk.finish()
    talk.tap("more")
    person = talk.participant()
    assert person is not None
    assert person.at is not None
    assert talk.content.questionnaire.by_id[person.at].stage is Stage.FOLLOW_UP
    talk.finish()
    answered = {name for name, given in talk.answers()[0].items() if given.status is not Status.SKIPPED}
    assert {one.id for one in talk.content.questionnaire.questions if one.stage is Stage.FOLLOW_UP} & answered
    assert "more" not in talk.actions


def test_a_quarter_later_three_answers_are_shown_and_one_tap_says_they_are_true(talk: Talk) -> None:
    talk.finish()
    before = talk.answers()
    talk.now += QUARTER
    talk.start()
    assert talk.place == places.AGAIN
    reply = talk.tap("still")
    assert talk.place == places.DONE
    assert reply.toast is not None
    assert talk.answers() == before
    assert {name for name, _ in history(talk)} == {"goals", "german_level", "times"}
    talk.start()
    assert talk.place == places.DONE, "they were given today"


def test_later_is_taken_for_an_answer_until_the_reason_is_a_new_one(talk: Talk) -> None:
    talk.finish()
    talk.now += QUARTER
    talk.start()
    talk.tap("later")
    talk.start()
    assert talk.place == places.DONE
    assert history(talk) == []
    talk.tap("profile")
    assert "confirm" in talk.actions, "what is due still counts"


def test_going_through_old_answers_asks_only_those_and_keeps_the_former_ones(talk: Talk) -> None:
    talk.finish()
    talk.now += QUARTER
    talk.start()
    talk.tap("go")
    asked = []
    while (person := talk.participant()) is not None and person.at is not None:
        asked.append(person.at)
        if person.at == "german_level":
            talk.tap("o.C1")
        elif "kept" in talk.actions:
            talk.tap("kept")
        else:
            talk.step()  # what the new level opens
    assert [one for one in asked if one != "certificate"] == ["goals", "german_level", "times"]
    talk.finish()
    answers, _ = talk.answers()
    assert answers["german_level"].value == "C1"
    assert ("german_level", "none") in history(talk)
    person = talk.participant()
    assert person is not None
    assert not person.refreshing


def test_an_expired_answer_counts_no_more_until_it_is_said_again(talk: Talk) -> None:
    talk.finish()
    talk.now += HALF_A_YEAR
    talk.start()
    assert talk.place == places.AGAIN
    talk.tap("later")
    _, counting = talk.answers()
    assert "german_level" not in counting
    talk.tap("profile")
    assert "resume" in talk.actions
    talk.tap("resume")
    talk.finish()
    assert "german_level" in talk.answers()[1]


def test_a_correction_of_the_same_day_is_no_history(talk: Talk) -> None:
    talk.finish()
    talk.command("profile")
    talk.tap("change.german_level")
    talk.tap("o.B1")
    talk.finish()
    assert talk.answers()[0]["german_level"].value == "B1"
    assert history(talk) == []


def test_a_question_that_is_new_to_a_finished_person_is_offered_once(talk: Talk) -> None:
    whole = talk.content
    talk.content = replace(whole, questionnaire=without(talk, "computer"))
    talk.finish()
    talk.content = whole
    talk.start()
    assert talk.place == places.MORE
    assert "ui.more.title" in said(Reply("de", talk.drawn[-1].card))
    talk.tap("later")
    talk.start()
    assert talk.place == places.DONE


def test_a_renamed_question_and_option_keep_their_answer_and_its_day(talk: Talk) -> None:
    talk.finish()
    person = talk.participant()
    assert person is not None
    before = talk.table.run(lambda tx: participants.answers(tx, person.id))["german_level"]
    whole = talk.content.questionnaire
    level = whole.by_id["german_level"]
    options = tuple(replace(one, id="zero", was=("none",)) if one.id == "none" else one for one in level.options)
    renamed = replace(level, id="level_now", was=("german_level",), options=options, ask_if=None)
    kept = tuple(renamed if one.id == "german_level" else replace(one, ask_if=None) for one in whole.questions)
    talk.content = replace(talk.content, questionnaire=Questionnaire(whole.sections, kept, "another", None))
    talk.command("help")
    after = talk.table.run(lambda tx: participants.answers(tx, person.id))
    assert "german_level" not in after
    assert after["level_now"].answer.value == "zero"
    assert (after["level_now"].answered_at, after["level_now"].revision) == (before.answered_at, "another")


def test_a_month_is_picked_by_year_and_month_or_typed(talk: Talk) -> None:
    month = next(one for one in talk.content.questionnaire.questions if one.kind is Kind.MONTH_YEAR)
    alone = replace(month, stage=Stage.FIRST, ask_if=None, optional=False)
    whole = talk.content.questionnaire
    talk.content = replace(talk.content, questionnaire=Questionnaire(whole.sections, (alone,), "months"))
    talk.finish_until(places.QUESTIONS)
    talk.tap("y.2020")
    talk.tap("years")
    talk.tap("y.2021")
    talk.tap("m.2021.3")
    assert talk.answers()[0][month.id].value == "2021-03"
    for words, stored in (("Mai 2019", "2019-05"), ("11/2018", "2018-11"), ("2017-01", "2017-01")):
        talk.tap(f"change.{month.id}")
        talk.write(words)
        assert talk.answers()[0][month.id].value == stored
    talk.tap(f"change.{month.id}")
    reply = talk.write("12/2026")
    assert "ui.problem.out_of_years" in said(reply)
    assert talk.answers()[0][month.id].age is Age.FRESH
