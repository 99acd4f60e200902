"""How often each answer was given: the sheet of counts. Only answers that count today are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.core.questionnaire import OWN_WORDS, Kind
from bot.export.tables import Row
from bot.export.words import Words
from bot.services.profiles.profiles import Heading, Profile, Said, Standing

STATES = (Standing.SKIPPED, Standing.DECLINED, Standing.EXPIRED, Standing.OPEN, Standing.NOT_ASKED)
"""The groups of people without an answer to a question. Everybody is counted once for each question."""


@dataclass
class Tally:
    """The counts of one question: how many answered it, why others did not, and how often each answer was given.

    Texts and months are only counted as answered, because a count must not quote anybody's words.
    """

    kind: Kind
    answered: int = 0
    states: Counter[Standing] = field(default_factory=Counter)
    options: Counter[str] = field(default_factory=Counter)
    own_words: int = 0
    numbers: Counter[int] = field(default_factory=Counter)

    def add(self, said: Said) -> None:
        """Counts one person's answer."""
        if not said.standing.has_value:
            self.states[_state(said)] += 1
            return
        self.answered += 1
        match self.kind, said.value:
            case Kind.NUMBER, int(number):
                self.numbers[number] += 1
            case Kind.MULTIPLE, tuple(chosen):
                self.options.update(chosen)
            case Kind.LIST, str(item) if item.startswith(OWN_WORDS):
                self.own_words += 1
            case ((Kind.SINGLE | Kind.SCALE | Kind.YES_NO | Kind.LIST | Kind.COMPUTED), str(option)):
                self.options[option] += 1

    def median(self) -> float | None:
        """The median of all numbers given. Between two numbers, halfway."""
        if not self.numbers:
            return None
        lower, upper = (self._ranked(rank) for rank in ((self.answered - 1) // 2, self.answered // 2))
        return (lower + upper) / 2

    def _ranked(self, rank: int) -> int:
        """The number at this place (from 0) of all in order."""
        for number, often in sorted(self.numbers.items()):
            rank -= often
            if rank < 0:
                return number
        raise AssertionError("there are as many numbers as answers")


class Counts:
    """The counts of everybody. Profiles are added one by one."""

    def __init__(self, headings: tuple[Heading, ...]) -> None:
        self._headings = headings
        self.people = 0
        self.finished = 0
        self.languages: dict[str, Counter[bool]] = {}
        """By the language's German name: how many have finished, and how many have not."""
        self.tallies: Mapping[str, Tally] = {one.id: Tally(one.kind) for one in headings if one.counted}

    def add(self, profile: Profile) -> None:
        """Counts one person."""
        finished = profile.finished is not None
        self.people += 1
        self.finished += finished
        self.languages.setdefault(profile.language_name, Counter())[finished] += 1
        for said in profile.said:
            if said.question in self.tallies:
                self.tallies[said.question].add(said)

    def rows(self, labels: Mapping[str, str], words: Words) -> Iterator[Row]:
        """The sheet: everybody, each language, then question by question. `labels` are those of the questions."""
        yield from self._people(words)
        for heading in self._headings:
            tally = self.tallies.get(heading.id)
            if tally is not None:
                yield from _rows_of(labels[heading.id], heading, tally, words)

    def _people(self, words: Words) -> Iterator[Row]:
        people = words["counts.people"]
        totals = {people: Counter({True: self.finished, False: self.people - self.finished})}
        for name in sorted(self.languages):
            totals[words["counts.of_language"].replace("{language}", name)] = self.languages[name]
        for topic, of in totals.items():
            every = of.total()
            yield topic, people, words["counts.all"], every, _share(every, self.people), None
            yield topic, people, words["counts.finished"], of[True], _share(of[True], every), None
            yield topic, people, words["counts.unfinished"], of[False], _share(of[False], every), None


def _rows_of(label: str, heading: Heading, tally: Tally, words: Words) -> Iterator[Row]:
    for text, often in options(heading, tally, words["counts.own_words"]):
        yield label, words["counts.option"], text, often, _share(often, tally.answered), None
    if tally.numbers:
        ends = {"minimum": min(tally.numbers), "median": tally.median(), "maximum": max(tally.numbers)}
        for name, value in ends.items():
            yield label, words["counts.number"], words[f"counts.{name}"], None, None, value
    standing = words["counts.standing"]
    yield label, standing, words["counts.answered"], tally.answered, None, None
    for state in STATES:
        yield label, standing, words[f"standing.{state.value}"], tally.states[state], None, None


def options(heading: Heading, tally: Tally, own_words: str) -> Iterator[tuple[str, int]]:
    """The options and how often each was given. For a list: only given ones, the most frequent first."""
    if heading.kind is not Kind.LIST:
        if heading.kind.has_options or heading.kind is Kind.COMPUTED:
            yield from ((text, tally.options[option]) for option, text in heading.options.items())
        return
    for option, often in sorted(tally.options.items(), key=lambda one: (-one[1], one[0])):
        yield heading.options[option], often
    if tally.own_words:
        yield own_words, tally.own_words


def _state(said: Said) -> Standing:
    """The standing of a person. A kept answer says nothing today: the question is open, or not for this person."""
    if said.standing is Standing.KEPT:
        return Standing.OPEN if said.applies else Standing.NOT_ASKED
    return said.standing


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
