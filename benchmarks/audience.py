"""What it costs to count an audience among a million people, and to plan a delivery for each.

`python -m benchmarks.audience`: 100,000 people and 1,000,000, with twenty answers each, on SQLite and PostgreSQL;
sixty different conditions of three parts. A count has everything that one tap asks for: who fits, why not, languages,
near misses, ten people. Then one broadcast to everybody, range by range.
"""

from __future__ import annotations

import asyncio
import os
import random  # noqa: TID251 - conditions by chance, the same in every run
import statistics
import sys
import time
from collections.abc import Iterator

from benchmarks.crowd import NOW, fill
from benchmarks.places import FOLDER, databases, open_measured, our_content, say
from benchmarks.process import resident_mb
from benchmarks.table import Finding, percentile, shown
from bot.content.loader import Content
from bot.core import audience
from bot.core.conditions import All, Condition, Fact, Test
from bot.core.questionnaire import Kind, Question
from bot.core.reminders import Topic
from bot.db.audience.counting import Counted, Terms, count
from bot.db.audience.sending import fan_out
from bot.db.engine import Database
from bot.db.outbox.deliveries import Kind as Said
from bot.db.outbox.deliveries import Planned

FEW, MANY = 100_000, 1_000_000
CONDITIONS, WARM = 60, 3
AIMS = {"SQLite": 1.0, "PostgreSQL": 0.3}
GROWTH, FAN_OUT, MEMORY = 12.0, 60.0, 50.0
ASKED = ("level", "goals", "certificate", "times", "support", "education", "hours", "paper", "german_level")
TERMS = Terms("openings", Topic.OFFERS.value, 5)
EVERYBODY = Fact(audience.FINISHED, Test.IS, audience.YES)


def conditions(content: Content) -> Iterator[Condition]:
    """Conditions of three parts, always the same ones."""
    chance = random.Random(7)  # noqa: S311 - no secret
    questions = [content.questionnaire.by_id[name] for name in ASKED]
    while True:
        two = [_fact(one, chance) for one in chance.sample(questions, 2)]
        languages = tuple(chance.sample(content.languages, chance.randint(1, 3)))
        others = [
            Fact(audience.LANGUAGE, Test.ONE_OF, languages),
            Fact(audience.DAYS, Test.AT_LEAST, 7),
            _fact(chance.choice(questions), chance),
        ]
        yield All((*two, chance.choice(others)))


def _fact(question: Question, chance: random.Random) -> Fact:
    ids = tuple(one.id for one in question.options if not one.unsure)
    match question.kind:
        case Kind.MULTIPLE:
            return Fact(question.id, Test.INCLUDES, chance.choice(ids))
        case Kind.NUMBER:
            return Fact(question.id, Test.AT_LEAST, chance.randint(5, 20))
        case Kind.YES_NO:
            return Fact(question.id, Test.IS, "yes")
    return Fact(question.id, Test.AT_LEAST, chance.choice(ids[1:5]), ids)


async def counted(database: Database, content: Content) -> tuple[list[float], list[Counted]]:
    """Seconds of each count, sorted, and the results."""
    asked, seconds, found = conditions(content), list[float](), list[Counted]()
    for number in range(WARM + CONDITIONS):
        condition = next(asked)
        began = time.perf_counter()
        one = await database.run(
            lambda tx, it=condition: count(tx, content.questionnaire, it, TERMS, NOW)  # type: ignore[misc]
        )
        if number >= WARM:
            seconds.append(time.perf_counter() - began)
            found.append(one)
    return sorted(seconds), found


async def fanned_out(database: Database, content: Content) -> tuple[int, float, float, float]:
    """Deliveries, seconds, the most MB that this process grew by, and the longest transaction in seconds."""
    planned = Planned("broadcast:1", Said.BROADCAST, NOW, "ui.language.ask", {"buttons": []}, topic=TERMS.topic)
    number, after, longest = 0, 0, 0.0
    before = most = resident_mb(os.getpid())
    began = time.perf_counter()
    while True:
        start = time.perf_counter()
        one = await database.run(
            lambda tx, a=after: fan_out(  # type: ignore[misc]
                tx, content.questionnaire, EVERYBODY, Terms(), planned, NOW, after=a
            )
        )
        longest = max(longest, time.perf_counter() - start)
        most = max(most, resident_mb(os.getpid()))
        number += one.new
        if one.after is None:
            return number, time.perf_counter() - began, most - before, longest
        after = one.after


async def measured(url: str, content: Content, people: int, send: bool) -> tuple[list[float], list[str], list[float]]:
    """Seconds of the counts, lines to print, and the figures of the fan-out."""
    database = await open_measured(url)
    try:
        began = time.perf_counter()
        await fill(database, content.questionnaire, people)
        if url.startswith("postgresql"):
            await say(url, "VACUUM ANALYZE")  # as autovacuum would have done while people came one by one
        told = [f"{people:,} people made in {time.perf_counter() - began:.0f} s"]
        seconds, found = await counted(database, content)
        fits = sorted(one.fitting / people for one in found)
        told.append(f"of all people fit {fits[0]:.1%} to {fits[-1]:.1%}, as a rule {statistics.median(fits):.1%}")
        if not send:
            return seconds, told, []
        number, took, grew, longest = await fanned_out(database, content)
        told.append(f"{number:,} planned in {took:.1f} s, the longest range {longest:.2f} s, {grew:.1f} MB more")
        return seconds, told, [took, grew]
    finally:
        await database.close()


def run(few: int = FEW, many: int = MANY, only: str = "") -> list[Finding]:
    """Measures and prints. Returns the findings about the aims."""
    content, found = our_content(), list[Finding]()
    for kind, aim in AIMS.items():
        if only not in {"", kind}:
            continue
        middles = {}
        for people in (few, many):
            with databases() as urls:
                if kind not in urls:
                    continue
                seconds, told, sent = asyncio.run(measured(urls[kind], content, people, people == many))
            middles[people] = statistics.median(seconds)
            slow = percentile(seconds, 0.95)
            said = f"p50 {middles[people] * 1000:,.0f} ms, p95 {slow * 1000:,.0f} ms"
            print(f"{kind}: {said}; {'; '.join(told)}", flush=True)
            if people == many:
                found.append(Finding(f"count among {people:,}, {kind}", said, f"p95 under {aim} s", slow < aim))
                took, grew = sent
                found.append(Finding(f"fan-out, {kind}", f"{took:.0f} s", f"under {FAN_OUT:.0f} s", took < FAN_OUT))
                found.append(Finding(f"memory, {kind}", f"{grew:.0f} MB", f"under {MEMORY:.0f} MB", grew < MEMORY))
        if len(middles) > 1:
            growth = middles[many] / middles[few]
            found.append(
                Finding(f"growth of a count, {kind}", f"{growth:.1f}", f"{GROWTH:.0f} or less", growth <= GROWTH)
            )
    return found


if __name__ == "__main__":
    sys.exit(shown(FOLDER, run))
