"""Profiles as staff see them: German, with the person's own words beside."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.core.engine import Status
from bot.core.questionnaire import Kind
from bot.services.profiles.profiles import Profiler, Standing
from tests.content.editing import edit
from tests.export.people import NOW, content_of, past, profile, row, said, sample_folder, stored


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return content_of(sample_folder(tmp_path_factory.mktemp("content")))


def test_a_profile_bears_a_pseudonym_and_nothing_of_the_messenger(content: Content) -> None:
    one = profile(content, row(7, source="jobcenter", blocked=True, consents={"companies": NOW}))
    assert one.person == "P-0007"
    assert (one.language, one.language_name, one.source) == ("ar", "Arabisch", "jobcenter")
    assert not one.reachable
    assert one.consents == {"companies": date(2026, 11, 26)}
    assert (one.archived, one.former) == ((), ())


def test_days_are_those_of_the_town(content: Content) -> None:
    one = profile(content, row())
    assert one.seen == date(2026, 11, 26)  # it is the 25th in UTC
    assert one.finished == date(2026, 11, 26) - timedelta(days=1)
    assert profile(content, row(finished=False)).finished is None


def test_every_question_but_a_statement_stands_in_it(content: Content) -> None:
    asked = [one.id for one in content.questionnaire.questions if one.kind is not Kind.STATEMENT]
    assert [one.question for one in profile(content, row(note="seen")).said] == asked


def test_a_choice_is_german_with_the_persons_own_language_beside(content: Content) -> None:
    one = said(content, row(goals=("job", "degree")), "goals")
    assert (one.label, one.standing, one.german) == ("Ziele", Standing.GIVEN, "Arbeit; Studium")
    assert one.original == "عمل; دراسة"  # without the marks that direct a phone's screen
    assert (one.value, one.given_on, one.revision) == (("job", "degree"), date(2026, 11, 26), "r1")


def test_what_nobody_has_translated_stands_in_german_as_the_person_saw_it(content: Content) -> None:
    one = said(content, row(goals=("none",)), "goals")
    assert one.original == one.german == "Nichts davon"


def test_a_number_has_its_unit_in_both_languages(content: Content) -> None:
    one = said(content, row(goals=("job",), hours=2), "hours")
    assert (one.german, one.original, one.value) == ("2 Stunden", "ساعتان", 2)


def test_a_month_is_said_as_a_month(content: Content) -> None:
    one = said(content, row(since="2026-03"), "since")
    assert (one.german, one.original) == ("März 2026", "مارس 2026")


@pytest.mark.parametrize("question", ["reach", "story"])
def test_own_words_have_no_german_until_somebody_translates_them(content: Content, question: str) -> None:
    words = "\u200fبعد الظهر\nwirklich"
    one = said(content, row(given={question: words}), question)
    assert (one.german, one.original) == (None, words)


def test_own_words_of_somebody_who_reads_german_are_german(content: Content) -> None:
    one = said(content, row(language="de", reach="abends"), "reach")
    assert one.german == one.original == "abends"


def test_an_item_of_a_list_is_german_and_own_words_are_not(content: Content) -> None:
    item = said(content, row(occupation="nurse"), "occupation")
    assert (item.german, item.value) == ("Pflegefachkraft", "nurse")
    own = said(content, row(occupation="~مبرمج"), "occupation")
    assert (own.german, own.original, own.value) == (None, "مبرمج", "~مبرمج")


def test_what_was_left_out_and_what_was_declined_is_told_apart(content: Content) -> None:
    declined = stored(None, status=Status.DECLINED)
    one = row(level="A1", reach=None, paper=declined)
    assert said(content, one, "reach").standing is Standing.SKIPPED
    assert said(content, one, "paper").standing is Standing.DECLINED
    assert said(content, one, "paper").german is None


def test_what_is_open_and_what_is_not_for_this_person_is_told_apart(content: Content) -> None:
    one = row(goals=("degree",), level="B1")
    assert said(content, one, "since").standing is Standing.OPEN
    assert said(content, one, "hours").standing is Standing.NOT_ASKED
    assert said(content, one, "story").standing is Standing.OPEN  # a follow-up question, asked later


def test_an_answer_that_another_one_made_pointless_is_kept_and_counts_no_more(content: Content) -> None:
    one = said(content, row(goals=("degree",), hours=10), "hours")
    assert (one.standing, one.applies, one.german) == (Standing.KEPT, False, "10 Stunden")


def test_an_answer_the_content_takes_no_more_is_kept_and_its_question_is_open(content: Content) -> None:
    one = said(content, row(level="Z9"), "level")
    assert (one.standing, one.applies, one.german) == (Standing.KEPT, True, "Z9")


def test_an_old_answer_is_expired(content: Content) -> None:
    old = row(level=stored("B1", 200), can_do="talk")
    assert said(content, old, "level").standing is Standing.EXPIRED
    assert said(content, row(level=stored("B1", 100)), "level").standing is Standing.GIVEN
    # What it decided is decided anew.
    assert said(content, old, "can_do").standing is Standing.GIVEN
    assert said(content, old, "level_now").german == "A2"


def test_a_computed_value_is_the_one_of_today(content: Content) -> None:
    kept = stored("A1", 9, Status.COMPUTED)
    same = said(content, row(level="A1", level_now=kept), "level_now")
    assert (same.standing, same.german, same.original) == (Standing.COMPUTED, "A1", None)
    assert same.given_on == date(2026, 11, 17)
    other = said(content, row(level="B1", level_now=kept), "level_now")
    assert (other.german, other.given_on, other.revision) == ("B1", None, None)
    gone = said(content, row(level_now=kept), "level_now")
    assert (gone.standing, gone.german) == (Standing.KEPT, "A1")


def test_answers_follow_the_ids_of_today(content: Content) -> None:
    one = profile(content, row(amount=stored("vollzeit", 5)))
    work = next(found for found in one.said if found.question == "work")
    assert (work.standing, work.german, work.given_on) == (Standing.GIVEN, "Vollzeit", date(2026, 11, 21))
    assert one.archived == ()


def test_answers_to_questions_that_are_gone_are_archived_as_they_are(content: Content) -> None:
    one = profile(content, row(zeal=("a", "b"), age=41, words="=1+1", nothing=None))
    assert [(kept.question, kept.label, kept.german) for kept in one.archived] == [
        ("age", "age", "41"),
        ("nothing", "nothing", None),
        ("words", "words", "=1+1"),
        ("zeal", "zeal", "a; b"),
    ]
    assert {kept.standing for kept in one.archived} == {Standing.ARCHIVED}


def test_former_answers_stand_with_the_day_another_one_came(content: Content) -> None:
    history = [past("amount", "vollzeit", 50, 20), past("level", "A1", 200, 90), past("level", "A2", 90, 3)]
    one = profile(content, row(history=[*history, past("zeal", "x", 9, 8)], level="B1"))
    assert [(was.question, was.german) for was in one.former] == [
        ("level", "A1"),
        ("level", "A2"),
        ("work", "Vollzeit"),
        ("zeal", "x"),
    ]
    assert one.former[1].given_on == date(2026, 11, 26) - timedelta(days=90)
    assert one.former[1].replaced_on == date(2026, 11, 23)


def test_headings_are_german_and_know_what_is_counted(content: Content) -> None:
    headings = {one.id: one for one in Profiler(content, NOW).headings}
    assert headings["paper"].options == {"yes": "Ja", "no": "Nein"}
    assert headings["level_now"].options == {"none": "keins", "A1": "A1", "A2": "A2", "B1": "B1"}
    assert headings["occupation"].options["baker"] == "Bäcker"
    assert not headings["story"].counted
    assert [name for name, one in headings.items() if one.own_words] == ["occupation", "reach", "story"]
    assert [name for name, one in headings.items() if one.remembered] == ["level", "level_now"]


def test_a_computed_value_is_read_by_the_scale_it_takes(tmp_path: Path) -> None:
    folder = sample_folder(tmp_path)
    other = "  - id: english\n    section: all\n    kind: scale\n    ask: Und Englisch?\n    short: Englisch\n"
    other += "    say: 'Englisch: {value}.'\n    options:\n"
    other += "".join(f"      - {{id: {one}, text: Englisch {one}}}\n" for one in ("none", "A1", "A2", "B1"))
    other += "    purpose: matching\n    basis: consent\n    retention: 24 months\n"
    edit(folder / "demo/questionnaire.yaml", "  - id: goals\n", f"{other}  - id: goals\n")
    assert said(content_of(folder), row(level="B1"), "level_now").german == "B1"
