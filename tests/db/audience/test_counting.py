"""An audience in numbers is what one finds who goes from person to person; and it is asked in few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection, text

from bot.core.conditions import All, Condition, Fact, Lookup, Not, Test, compiled
from bot.core.conditions import Any as AnyOf
from bot.core.inputs import Answer, Status
from bot.core.questionnaire import Kind, Option, Question, Questionnaire
from bot.db.audience import keeping
from bot.db.audience.counting import Counted, Reason, Terms, count, rank_of, sample
from bot.db.engine import Database
from bot.db.people import participants
from tests.databases import statements
from tests.db.audience.crowds import DAY, Somebody, in_memory, sent, store
from tests.db.rows import NOW, given

LEVELS = ("A1", "A2", "B1", "B2")


def question(name: str, kind: Kind, options: tuple[str, ...]) -> Question:
    return Question(name, "s", kind, "p", "b", "r", options=tuple(map(Option, options)))


ASKED = Questionnaire(
    ("s",),
    (
        question("level", Kind.SCALE, LEVELS),
        question("goals", Kind.MULTIPLE, ("job", "degree", "advice")),
        question("paper", Kind.YES_NO, ("yes", "no")),
    ),
)
B1 = Fact("level", Test.AT_LEAST, "B1", LEVELS)
JOB = Fact("goals", Test.INCLUDES, "job")
PAPER = Fact("paper", Test.IS, "yes")
TERMS = Terms("openings", "offers", 2)
PEOPLE = 90
CONDITIONS: tuple[Condition, ...] = (
    All((B1, JOB, PAPER)),
    All((B1, AnyOf((JOB, PAPER)), Not(Fact("goals", Test.INCLUDES, "advice")), Fact("language", Test.IS, "ar"))),
    B1,
    Not(B1),
    All(()),
    All((B1, Not(B1))),
)


def crowd(connection: Connection) -> None:
    """People of all kinds."""
    for number in range(1, PEOPLE + 1):
        answers: dict[str, Answer] = {}
        if number % 7:
            answers["level"] = given(LEVELS[number // 3 % 4]) if number % 11 else Answer(Status.SKIPPED, None)
        if number % 5:
            answers["goals"] = given(("job", "degree") if number % 3 else ("advice",))
        if number % 4:
            answers["paper"] = given("yes" if number % 6 else "no")
        one = Somebody(
            answers,
            dict.fromkeys(answers, NOW),
            language=(None, "de", "ar")[number % 3],
            blocked=number % 8 == 0,
            purposes=frozenset({"openings"} if number % 9 else {"reminders"}),
            muted=frozenset({"offers"} if number % 13 == 0 else ()),
            cap=1 if number % 10 == 0 else None,
        )
        key = store(connection, number, one)
        for place in range(number % 4):
            sent(connection, number, key, f"lately:{place}", NOW - place * 3 * DAY)
    keeping.refresh(connection)


def why_not(number: int, cap: int | None) -> Reason | None:
    """The first reason, as `crowd` made them; of four days apart two are within a week."""
    if number % 8 == 0:
        return Reason.BLOCKED
    if number % 9 == 0:
        return Reason.NO_CONSENT
    if number % 13 == 0:
        return Reason.MUTED
    week = sum(place * 3 < 7 for place in range(number % 4))
    return Reason.CAP if cap is not None and week >= (1 if number % 10 == 0 else cap) else None


def everybody(connection: Connection) -> dict[int, Lookup]:
    """What conditions read of each person."""
    return {key: in_memory(connection, ASKED, key) for key in range(1, PEOPLE + 1)}


def is_near(part: Condition, lookup: Lookup) -> bool:
    """Whether somebody who has not got it nearly has: at most a level below."""
    level = lookup("level")
    return part is not B1 or level is None or level not in LEVELS[: LEVELS.index("B1") - 1]


def by_hand(people: Mapping[int, Lookup], condition: Condition, terms: Terms) -> Counted:
    """The same, person by person."""
    parts = condition.parts if isinstance(condition, All) and condition.parts else (condition,)
    excluded, languages, missed = Counter[Reason](), Counter[str](), Counter[int]()
    reached = []
    for key, lookup in people.items():
        lacks = [place for place, part in enumerate(parts) if compiled(part)(lookup) is not True]
        if len(lacks) == 1 and why_not(key, None) is None and is_near(parts[lacks[0]], lookup):
            missed[lacks[0]] += 1
        if lacks:
            continue
        reason = why_not(key, terms.cap)
        if reason is None:
            languages[("", "de", "ar")[key % 3]] += 1
            reached.append(key)
        else:
            excluded[reason] += 1
    return Counted(
        fitting=len(reached) + excluded.total(),
        excluded={reason: excluded[reason] for reason in Reason},
        languages=dict(languages),
        sample=tuple(sorted(reached, key=rank_of)[:10]),
    )


async def test_it_is_what_one_finds_from_person_to_person(database: Database) -> None:
    await database.run(crowd)
    people = await database.run(everybody)
    for condition, cap in product(CONDITIONS, (2, None)):
        terms = Terms("openings", "offers", cap)
        found = await database.run(
            lambda tx, it=condition, on=terms: count(tx, ASKED, it, on, NOW)  # type: ignore[misc]
        )
        wanted = by_hand(people, condition, terms)
        assert (found.fitting, found.excluded, found.languages, found.sample, found.behind) == (
            wanted.fitting,
            wanted.excluded,
            wanted.languages,
            wanted.sample,
            0,
        ), condition
        assert found.reached == sum(wanted.languages.values())


async def test_what_people_miss_is_told_the_most_frequent_first(database: Database) -> None:
    await database.run(crowd)
    found = await database.run(lambda tx: count(tx, ASKED, CONDITIONS[0], TERMS, NOW))

    def missing(connection: Connection) -> Counter[int]:
        missed = Counter[int]()
        for key in range(1, PEOPLE + 1):
            lookup = in_memory(connection, ASKED, key)
            lacks = [place for place, part in enumerate((B1, JOB, PAPER)) if compiled(part)(lookup) is not True]
            near = len(lacks) == 1 and is_near((B1, JOB, PAPER)[lacks[0]], lookup)
            missed.update(lacks if near and why_not(key, None) is None else ())
        return missed

    missed = await database.run(missing)
    assert {one.place: one.people for one in found.missed} == dict(missed)
    assert [one.part for one in found.missed] == [(B1, JOB, PAPER)[one.place] for one in found.missed]
    assert [one.people for one in found.missed] == sorted(missed.values(), reverse=True)
    alone = await database.run(lambda tx: count(tx, ASKED, B1, Terms(), NOW))
    people = await database.run(everybody)
    lower = [key for key, it in people.items() if compiled(B1)(it) is not True and key % 8 and is_near(B1, it)]
    all_lower = [key for key, it in people.items() if compiled(B1)(it) is not True and key % 8]
    assert 0 < len(lower) < len(all_lower), "some are far"
    assert [(one.part, one.people) for one in alone.missed] == [(B1, len(lower))], "who blocks us is not one"


async def test_every_part_that_somebody_misses_alone_is_told(database: Database) -> None:
    spoken = [f"l{place}" for place in range(7)]

    def everybody_speaks_another(connection: Connection) -> None:
        for number, language in enumerate(spoken, 1):
            one = Somebody({}, {}, language=language, blocked=False, purposes=frozenset({"openings"}))
            store(connection, number, one)

    await database.run(everybody_speaks_another)
    parts = [Not(Fact("language", Test.IS, language)) for language in spoken]
    found = await database.run(lambda tx: count(tx, ASKED, All(tuple(parts)), Terms(), NOW))
    assert sorted(one.place for one in found.missed) == list(range(7))


async def test_what_nobody_misses_alone_is_not_told(database: Database) -> None:
    await database.run(crowd)
    many = All((*(Fact("language", Test.ONE_OF, ("de", "ar", str(place))) for place in range(6)), JOB, PAPER))
    found = await database.run(lambda tx: count(tx, ASKED, many, Terms(), NOW))
    assert [one.part for one in found.missed] == [JOB, PAPER] or [one.part for one in found.missed] == [PAPER, JOB]


async def test_without_terms_only_who_blocks_us_is_left_out(database: Database) -> None:
    await database.run(crowd)
    found = await database.run(lambda tx: count(tx, ASKED, All(()), Terms(), NOW))
    assert found.excluded == {Reason.BLOCKED: PEOPLE // 8, Reason.NO_CONSENT: 0, Reason.MUTED: 0, Reason.CAP: 0}
    nobody = await database.run(lambda tx: count(tx, ASKED, All(()), Terms("unheard_of"), NOW))
    assert (nobody.fitting, nobody.reached, nobody.sample) == (PEOPLE, 0, ())


async def test_a_count_looks_at_everybody_once(database: Database) -> None:
    await database.run(crowd)

    def asked(connection: Connection) -> list[str]:
        with statements(connection) as said:
            count(connection, ASKED, CONDITIONS[0], TERMS, NOW)
        return said

    said = await database.run(asked)
    assert len(said) == 5
    [everybody] = [one for one in said if "profile.c00" in one]
    assert "delivery" in everybody, "whose week is full is asked in the same look"


async def test_the_sample_of_a_rare_audience_is_looked_for_by_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.run(crowd)
    whole = await database.run(lambda tx: count(tx, ASKED, B1, Terms("openings"), NOW))
    monkeypatch.setattr("bot.db.audience.counting._DRAWN", 0)
    again = await database.run(lambda tx: count(tx, ASKED, B1, Terms("openings"), NOW))
    assert len(whole.sample) == 10
    assert again.sample == whole.sample
    assert await database.run(lambda tx: sample(tx, ASKED, B1, Terms("openings"), NOW, 3)) == list(whole.sample[:3])


async def test_a_profile_that_is_not_up_to_date_is_written_first_and_the_rest_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.run(crowd)
    before = await database.run(lambda tx: count(tx, ASKED, PAPER, Terms(), NOW))
    new = {"paper": given("yes")}
    await database.run(lambda tx: participants.save_answers(tx, 4, new, "r2", NOW + timedelta(hours=1)))
    after = await database.run(lambda tx: count(tx, ASKED, PAPER, Terms(), NOW))
    assert after.fitting == before.fitting + 1
    await database.run(lambda tx: tx.execute(text("INSERT INTO profile_change SELECT id FROM participant")))
    monkeypatch.setattr(keeping.refresh, "__defaults__", (7,))
    assert (await database.run(lambda tx: count(tx, ASKED, PAPER, Terms(), NOW))).behind == PEOPLE - 7
