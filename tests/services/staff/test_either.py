"""Lines of which one is enough: chosen by taps, said in words, counted; and conditions that go on by taps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.content.audience_file import Unread, read_condition
from bot.content.loader import Content
from bot.core.conditions import All, Any, Fact, Not, Value, compiled
from bot.core.conditions import Test as Compared
from bot.core.roles import Role
from bot.services.broadcasts import audience
from bot.services.staff.broadcasts import ticking
from tests.services.staff.people import NewTalk, member, shown
from tests.services.staff.test_saved_audiences import audience_of, draft
from tests.services.staff.test_second_look import press
from tests.services.talk import Talk, buttons

LEVEL, GOALS, SPEAK = {"german_level": ["B1"]}, {"goals": ["job"]}, {"language": ["uk"]}
A_OR_B_AND_C = {"with": {**LEVEL, **GOALS, **SPEAK}, "either": ["german_level", "goals"]}


@pytest.fixture
def boss(new_talk: NewTalk) -> Talk:
    return member(new_talk, Role.COORDINATOR, "Rita")


def test_one_line_of_the_group_is_enough_and_all_others_must_be_so(content: Content) -> None:
    belongs = compiled(audience.condition(content, A_OR_B_AND_C))
    people: list[dict[str, Value]] = [
        {"german_level": "B2"},
        {"german_level": "A1", "goals": ("job",)},
        {"german_level": "A1", "goals": ("advice",)},
    ]
    assert [belongs({**one, "language": "uk"}.get) for one in people] == [True, True, False]
    elsewhere: dict[str, Value] = {"german_level": "B2", "goals": ("job",), "language": "ar"}
    assert belongs(elsewhere.get) is False


def test_not_is_one_of_the_group_too(content: Content) -> None:
    chosen = {"with": SPEAK, "without": GOALS, "either": ["language", "goals"]}
    assert audience.condition(content, chosen) == Any(
        (Fact("language", Compared.IS, "uk"), Not(Fact("goals", Compared.INCLUDES, "job")))
    )


def test_all_that_is_chosen_of_one_question_is_one_of_the_group(boss: Talk) -> None:
    chosen = {"with": {"german_level": ["A2"], **GOALS}, "without": LEVEL, "either": ["german_level", "goals"]}
    belongs = compiled(audience.condition(boss.content, chosen))
    people: list[dict[str, Value]] = [
        {"german_level": "A2", "goals": ("advice",)},
        {"german_level": "B2", "goals": ("job",)},
        {"german_level": "B2", "goals": ("advice",)},
        {"german_level": "A1", "goals": ("advice",)},
    ]
    assert [belongs(one.get) for one in people] == [True, True, False, False]
    press(boss, f"go.audience.{draft(boss, chosen)}.0")
    assert "✅ Deutsch: mindestens A2 und 🚫 Deutsch: nicht ab B1\n✅ Ziele" in shown(boss)


def test_a_line_that_is_gone_makes_it_nobodys_though_another_would_be_enough(content: Content) -> None:
    chosen = {"with": {**GOALS, "was_there_once": ["yes"]}, "either": ["goals", "was_there_once"]}
    assert audience.is_lost(content, chosen)
    belongs = compiled(audience.condition(content, chosen))
    searching: dict[str, Value] = {"goals": ("job",)}
    assert belongs(searching.get) is False


def tick(talk: Talk, one: int, question: str, option: str) -> str:
    """A tap on an option."""
    every = [known.id for known in talk.content.questionnaire.by_id[question].options]
    return f"tick.{one}.{question}.{every.index(option)}.0"


def test_by_taps(boss: Talk) -> None:
    one = draft(boss, {"with": GOALS})
    press(boss, f"go.audience.{one}.0")
    assert f"go.joint.{one}.0" not in boss.actions, "there is nothing to join"
    press(boss, f"go.pick.{one}.german_level.0")
    boss.tap(tick(boss, one, "german_level", "B1"))
    boss.tap(f"go.audience.{one}.0")
    boss.tap(f"go.joint.{one}.0")
    assert "Davon reicht eines" not in shown(boss)
    boss.tap(f"either.{one}.goals.0")
    assert "Davon reicht eines" not in shown(boss), "one line alone must be so"
    boss.tap(f"either.{one}.german_level.0")
    assert audience_of(boss, one) == {"with": {**GOALS, **LEVEL}, "either": ["goals", "german_level"]}
    assert "🔀 Davon reicht eines:\n✅ Ziele: Arbeit finden" in shown(boss)
    assert "Sie erreicht" in shown(boss)
    boss.tap(f"either.{one}.-.0")
    assert audience_of(boss, one) == {"with": {**GOALS, **LEVEL}}
    boss.tap(f"either.{one}.-.0")
    assert audience_of(boss, one) == {"with": {**GOALS, **LEVEL}, "either": ["goals", "german_level"]}
    press(boss, tick(boss, one, "goals", "job"))
    press(boss, tick(boss, one, "goals", "job"))
    assert audience_of(boss, one) == {"with": LEVEL, "either": ["german_level"]}, "what is chosen no more is no line"
    press(boss, f"either.{one}.unknown.0")
    assert audience_of(boss, one) == {"with": LEVEL, "either": ["german_level"]}


TICKS: list[tuple[str, Mapping[str, object]]] = [
    ("german_level: {at_least: B1}", {"with": LEVEL}),
    ("all: [{any: [{german_level: {at_least: B1}}, {goals: {includes: job}}]}, {language: uk}]", A_OR_B_AND_C),
    ("any: [{goals: {includes: job}}, {goals: {includes: degree}}]", {"with": {"goals": ["job", "degree"]}}),
    ("not: {language: {one_of: [uk, ar]}}", {"without": {"language": ["uk", "ar"]}}),
    (
        "all: [{answer.goals: {includes: job}}, {not: {contact.days: {at_least: 30}}}]",
        {"with": GOALS, "without": {"contact.days": ["30"]}},
    ),
    (
        "any: [{profile.finished: yes}, {not: {goals: {includes: job}}}]",
        {"with": {"profile.finished": ["yes"]}, "without": GOALS, "either": ["profile.finished", "goals"]},
    ),
    (
        "any: [{all: [{german_level: {at_least: A2}}, {not: {german_level: {at_least: B1}}}]}, {language: uk}]",
        {
            "with": {"german_level": ["A2"], **SPEAK},
            "without": LEVEL,
            "either": ["german_level", "language"],
        },
    ),
]
TEXT = [
    "german_level: B1",
    "contact.days: {at_least: 7}",
    "support: {includes: childcare}",
    "all: [{goals: {includes: job}}, {goals: {includes: degree}}]",
    "any: [{all: [{language: uk}, {goals: {includes: job}}]}, {language: ar}]",
    "all: [{any: [{language: uk}, {goals: {includes: job}}]}, {any: [{language: ar}, {profile.finished: yes}]}]",
    "all: [{any: [{language: uk}, {goals: {includes: job}}]}, {not: {goals: {includes: degree}}}]",
    "german_level: {answered: true}",
    "any: [{goals: {includes: job}}, {not: {goals: {includes: degree}}}]",
    "any: [{language: uk}, {all: [{goals: {includes: job}}, {profile.finished: yes}]}]",
]


@pytest.mark.parametrize(("text", "ticked"), TICKS)
def test_a_condition_that_taps_can_say_goes_on_by_taps(content: Content, text: str, ticked: object) -> None:
    who = read_condition(text, content)
    assert not isinstance(who, Unread)
    found = ticking.audience_of(content, who)
    assert found == ticked
    again = ticking.audience_of(content, audience.condition(content, found))
    assert again == ticked, "and comes back from its own condition"


@pytest.mark.parametrize("text", TEXT)
def test_what_taps_cannot_say_stays_as_it_is(content: Content, text: str) -> None:
    who = read_condition(text, content)
    assert not isinstance(who, Unread)
    found = ticking.audience_of(content, who)
    assert set(found) == {"pasted"}
    assert audience.condition(content, found) in {who, All((who,))}


def test_what_is_pasted_takes_the_place_of_what_was_chosen(boss: Talk) -> None:
    one = draft(boss, {"with": GOALS, "pasted": "german_level: B1"})
    press(boss, f"go.audience.{one}.0")
    boss.write("any: [{german_level: {at_least: B1}}, {language: uk}]")
    assert audience_of(boss, one) == {"with": {**LEVEL, **SPEAK}, "either": ["german_level", "language"]}
    assert "Davon reicht eines" in shown(boss)
    boss.write("german_level: B1")
    assert audience_of(boss, one) == {"pasted": "{german_level: B1}\n"}


def test_words_find_the_values_of_a_long_list(boss: Talk) -> None:
    one = draft(boss, {})
    press(boss, f"go.pick.{one}.goals.0")
    assert "ein Wort schreiben" not in shown(boss)
    press(boss, f"go.pick.{one}.occupation.0")
    assert "ein Wort schreiben" in shown(boss)
    boss.write("Krankenschwester!")
    assert "Gefunden zu „krankenschwester“" in shown(boss)
    ids = [option.id for option in boss.content.questionnaire.by_id["occupation"].options]
    place = ids.index("nurse")
    assert boss.actions[0] == f"tick.{one}.occupation.{place}.{place // 8}"
    boss.tap(boss.actions[0])
    assert audience_of(boss, one) == {"with": {"occupation": ["nurse"]}}
    assert f"tick.{one}.occupation.{place}.{place // 8}" in boss.actions, "the page of the list where it stands"
    boss.write("qqqqqq")
    assert "Zu „qqqqqq“ ist nichts gefunden." in shown(boss)
    boss.write("Altenpflege")
    assert "Gefunden zu „altenpflege“" in shown(boss), "one can go on looking"


def test_words_find_the_values_of_a_long_list_of_the_people_too(boss: Talk) -> None:
    press(boss, "go.filter.occupation.0")
    assert "ein Wort schreiben" in shown(boss)
    boss.write("Krankenschwester")
    assert "Gefunden zu „krankenschwester“" in shown(boss)
    first = boss.actions[0]
    assert first.startswith("found_pick.occupation.")
    boss.tap(first)
    assert [one.mark for one in buttons(boss.drawn[-1].card) if one.action == first] == ["✅"]
