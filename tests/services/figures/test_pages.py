"""The needs board and the reports at the desk: pages, what a tap on a line begins, and files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.audience import About, lookup
from bot.core.conditions import Value, compiled, questions_in
from bot.core.paper import Book, Chart, Report
from bot.core.roles import Role
from bot.core.seats import State
from bot.db.broadcasts import broadcasts
from bot.db.staff import drafts
from bot.services.broadcasts import audience
from bot.services.offers.synchronising import synchronise
from bot.services.staff import desk
from bot.services.staff.figures import needs_pages
from bot.services.view import ui
from tests.services.figures.crowd import fill, needing
from tests.services.staff.people import NewTalk, clear, member, number, shown
from tests.services.talk import Talk

MANY = [
    *[needing("B1", "evenings", more={"support": ("childcare",)})] * 17,
    *[needing("A2", "mornings", more={"profession": "health"})] * 8,
    *[needing("none", time) for time in ("mornings", "afternoons", "evenings", "weekend") for _ in range(6)],
    *[needing("A1", time) for time in ("mornings", "afternoons", "evenings", "weekend") for _ in range(6)],
    *[needing("C2", "mornings")] * 9,
]
B1_EVENING_CHILDCARE = "3.2.1"


@pytest.fixture
def boss(new_talk: NewTalk, talk: Talk) -> Iterator[Talk]:
    """A coordinator's desk over a town of many."""
    clear(talk)
    talk.table.run(lambda tx: fill(tx, MANY, talk.now))
    yield member(new_talk, Role.COORDINATOR)
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM chat WHERE id >= 1000000000"))


def test_the_board_names_what_lacks_most_and_leads_on(boss: Talk) -> None:
    boss.tap("go.needs.0")
    words = shown(boss)
    assert "82 Personen suchen" in words
    first = "17 Personen (Niveau: B1) möchten abends B2 lernen: 0 freie Plätze"
    assert words.index(first) < words.index("8 Personen (Niveau: A2) möchten vormittags B1 lernen: 0 freie Plätze")
    assert "17 Personen (Niveau: B1) möchten abends B2 lernen, mit Kinderbetreuung: 0 freie Plätze" in words
    assert "C2" not in words
    boss.tap("go.needs.1")
    assert "6 Personen (Niveau: A1) möchten am Wochenende A2 lernen" in shown(boss)
    boss.tap("go.needs.0")
    boss.tap("go.needs_by.profession.0")
    assert "1. A2, Medizin und Pflege: 8 Personen. Kurse bis B1: 0 freie Plätze" in shown(boss)
    boss.tap("go.needs.0")
    boss.tap("go.needs_months")
    assert "von keinem Niveau" in shown(boss)


def test_a_tap_on_a_line_opens_the_form_with_what_is_known(boss: Talk) -> None:
    boss.tap("go.needs.0")
    boss.tap(f"go.need.{B1_EVENING_CHILDCARE}")
    assert "kein offener Kurs" in shown(boss)
    boss.tap(f"need_course.{B1_EVENING_CHILDCARE}")
    assert "Wie heißt das Angebot?" in shown(boss)
    mine = number(boss)
    (draft,) = boss.table.run(lambda tx: drafts.of_member(tx, mine))
    assert {name: given.value for name, given in draft.state.answers.items()} == {
        "kind": "course",
        "level_from": "B1",
        "level_to": "B2",
        "needs_level": "B1",
        "provides": ("childcare",),
    }
    boss.command("staff")
    boss.tap("go.needs.0")
    reply = boss.tap("need_course.2.0.0")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.begun_before"
    assert len(boss.table.run(lambda tx: drafts.of_member(tx, mine))) == 1


def test_files_are_papers_of_the_same_figures(boss: Talk) -> None:
    boss.tap("go.needs.0")
    chart, book = (boss.tap(verb).file for verb in ("needs_chart", "needs_book"))
    assert chart is not None
    assert book is not None
    assert isinstance(chart.content, Chart)
    assert [bar.value for bar in chart.content.bars[:3]] == [17, 17, 8]
    assert "25. November 2026" in chart.content.source
    assert isinstance(book.content, Book)
    assert [table.title for table in book.content.tables] == [
        *("Bedarf", "Bereich", "Wohnort", "Monate je Niveau", "Über diese Zahlen"),
    ]
    boss.command("staff")
    boss.tap("go.reports")
    report = boss.tap("report.2026-Q4").file
    assert report is not None
    assert isinstance(report.content, Report)
    assert report.name == "minden-2026-Q4.html"


@pytest.mark.usefixtures("boss")
def test_a_viewer_sees_figures_and_begins_nothing(new_talk: NewTalk) -> None:
    viewer = member(new_talk, Role.VIEWER)
    viewer.tap("go.needs.0")
    assert not [one for one in viewer.actions if one.startswith(("need_course", "need_tell"))]
    assert "Kurs für sie anlegen" not in shown(viewer)


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(("role", "page"), [(Role.ADMIN, "Bedarf am"), (Role.TEACHER, "Ihre Rolle")])
def test_the_commands_open_their_pages_for_whom_may_see_them(new_talk: NewTalk, role: Role, page: str) -> None:
    me = member(new_talk, role)
    me.see(me.turn(desk.open_page, me.visitor, "needs"))
    assert page in shown(me)


def test_to_everybody_else_they_are_commands_nobody_knows(talk: Talk) -> None:
    talk.start()
    reply = talk.turn(desk.open_page, talk.visitor, "report")
    assert reply.card is not None
    assert reply.card.screen.blocks[0][0] == ui("notice.unknown_command")


def test_the_people_of_a_line_are_named_by_a_condition_and_can_be_written_to(boss: Talk) -> None:
    people = boss.turn(lambda turn: needs_pages.people_of(turn, tuple(B1_EVENING_CHILDCARE.split("."))))
    assert people is not None
    belongs = compiled(people)
    said: dict[str, Value] = {"level": "B1", "times": ("evenings",), "support": ("childcare",), "goals": ("german",)}
    assert belongs(said.get) is True
    others: dict[str, Value] = {"level": "A2", "times": ("mornings",), "support": ("none",), "goals": ("job",)}
    for name, other in others.items():
        assert belongs((said | {name: other}).get) is not True
    assert boss.turn(lambda turn: needs_pages.people_of(turn, ("99", "0", "0"))) is None

    boss.turn(synchronise)
    people = boss.turn(lambda turn: needs_pages.people_of(turn, tuple(B1_EVENING_CHILDCARE.split("."))))
    assert people is not None
    courses = [one.removeprefix("registration.") for one in questions_in(people) if one.startswith("registration.")]
    assert courses
    assert {boss.content.offers[one].level_to for one in courses} == {"B2"}
    nobody, seated = About(), About(seats={courses[0]: frozenset({State.REGISTERED})})
    assert compiled(people)(lookup(said.get, nobody, boss.now)) is True
    assert compiled(people)(lookup(said.get, seated, boss.now)) is False

    boss.tap("go.needs.0")
    boss.tap(f"go.need.{B1_EVENING_CHILDCARE}")
    boss.tap(f"need_tell.{B1_EVENING_CHILDCARE}")
    (broadcast,) = boss.turn(lambda turn: broadcasts.listed(turn.connection))
    assert audience.condition(boss.content, broadcast.audience) == people
    assert "Schreiben Sie den Text" in shown(boss)


HEALTH = "2.profession"


def test_each_line_by_field_has_its_seats_and_one_tap_for_each_thing(boss: Talk) -> None:
    boss.turn(synchronise)
    boss.tap("go.needs.0")
    boss.tap("go.needs_by.profession.0")
    (subject,) = [one.removeprefix("need_tell.") for one in boss.actions if one.startswith(f"need_tell.{HEALTH}.")]
    assert "1. A2, Medizin und Pflege: 8 Personen. Kurse bis B1: " in shown(boss)
    assert "Kurse bis B1: 0 freie" not in shown(boss), "there are courses from A2"
    boss.tap(f"go.need.{subject}")
    assert "Diese offenen Kurse passen dazu" in shown(boss)
    assert "go.needs_by.profession.0" in boss.actions
    boss.tap(f"need_course.{subject}")
    mine = number(boss)
    (draft,) = boss.table.run(lambda tx: drafts.of_member(tx, mine))
    assert {name: given.value for name, given in draft.state.answers.items()} == {
        "kind": "course",
        "level_from": "A2",
        "level_to": "B1",
        "needs_level": "A2",
    }
    boss.command("staff")
    boss.tap("go.needs.0")
    boss.tap("go.needs_by.profession.0")
    boss.tap(f"need_tell.{subject}")
    assert "Schreiben Sie den Text" in shown(boss)
    broadcast = boss.turn(lambda turn: broadcasts.listed(turn.connection))[0]
    assert set(broadcast.audience) == {"with", "without"}, "it goes on by taps"
    belongs = compiled(audience.condition(boss.content, broadcast.audience))
    said: dict[str, Value] = {"level": "A2", "profession": "health", "goals": ("german",)}
    assert belongs(lookup(said.get, About(), boss.now)) is True
    for other in ({"level": "B1"}, {"profession": "office"}, {"goals": ("job",)}):
        assert belongs(lookup((said | other).get, About(), boss.now)) is not True


@pytest.mark.parametrize("subject", [("2", "profession", "99"), ("99", "profession", "0"), ("2", "goals", "0")])
def test_a_line_by_field_that_is_none_is_nobody(boss: Talk, subject: tuple[str, ...]) -> None:
    assert boss.turn(lambda turn: needs_pages.people_of(turn, subject)) is None
    assert boss.turn(lambda turn: needs_pages.known_of(turn, subject)) is None


def test_a_tap_from_the_board_writes_to_the_people_of_a_line(boss: Talk) -> None:
    boss.tap("go.needs.0")
    boss.tap(f"need_tell.{B1_EVENING_CHILDCARE}")
    assert "Schreiben Sie den Text" in shown(boss)
