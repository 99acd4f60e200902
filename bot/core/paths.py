"""How long a way through a questionnaire can be, computed without walking every way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from math import comb

from bot.core.conditions import All, Any, Condition, Fact, Not, Value, compiled
from bot.core.engine import computed
from bot.core.questionnaire import OWN_WORDS, Kind, Question, Questionnaire

MOST_CASES = 20_000
"""How many cases are examined before we give up. They take a fraction of a second."""


class _TooManyError(Exception):
    """More cases than `MOST_CASES`."""


def longest_path(questionnaire: Questionnaire) -> int | None:
    """The most answers that the first pass can take. None if there are too many cases to tell.

    Statements and computed values do not count. Answers that no later condition can tell apart are one case. Dozens
    of questions are therefore fast, as long as few options of a multiple choice each open a question.
    """
    try:
        return _Ways(questionnaire.first_pass).longest()
    except _TooManyError:
        return None


def asked_of_nobody(questionnaire: Questionnaire) -> frozenset[str] | None:
    """The questions that no way leads to. None if there are too many cases to tell."""
    try:
        return frozenset(one.id for one in questionnaire.questions if not _is_reached(questionnaire, one))
    except _TooManyError:
        return None


def _is_reached(questionnaire: Questionnaire, question: Question) -> bool:
    """Whether any way leads to a question. Only the questions that it depends on are walked."""
    ways = _Ways(questionnaire.only((question.id,)))
    ways.longest()
    return question.id in ways.reached


class _Ways:
    """Every way through a questionnaire, as far as its conditions can tell answers apart."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._asked = questionnaire.asked
        needs = [question.depends_on for question, _ in self._asked]
        self._later = [frozenset[str]().union(*needs[start:]) for start in range(len(needs) + 1)]
        facts = self._facts()
        self._cases = {question.id: _cases(question, facts[question.id]) for question, _ in self._asked}
        self.reached: set[str] = set()

    def longest(self) -> int:
        """The largest number of answers. Afterwards `reached` holds every question that can be asked."""
        longest = cache(self._from)
        self._longest = longest
        return longest(0, frozenset())

    def _from(self, start: int, known: frozenset[tuple[str, Value]]) -> int:
        if self._longest.cache_info().misses > MOST_CASES:
            raise _TooManyError
        if start == len(self._asked):
            return 0
        question, condition = self._asked[start]
        values = dict(known)
        kept = frozenset(one for one in known if one[0] in self._later[start + 1])
        if condition is not None and condition(values.get) is not True:
            return self._longest(start + 1, kept)
        self.reached.add(question.id)
        if question.kind is Kind.COMPUTED:
            value = computed(self._questionnaire, question.id, values)
            return self._longest(start + 1, self._with(kept, start, question.id, value))
        own = int(question.kind.is_answered)
        cases = self._cases[question.id] if question.id in self._later[start + 1] else [None]
        return own + max(self._longest(start + 1, self._with(kept, start, question.id, value)) for value in cases)

    def _with(
        self, kept: frozenset[tuple[str, Value]], start: int, question: str, value: Value | None
    ) -> frozenset[tuple[str, Value]]:
        return kept if value is None or question not in self._later[start + 1] else kept | {(question, value)}

    def _facts(self) -> dict[str, list[Fact]]:
        """Every comparison of each question's answers, including those of values computed from them."""
        facts: dict[str, list[Fact]] = {question.id: [] for question, _ in self._asked}
        for question, _ in self._asked:
            for condition in (question.ask_if, *(rule.condition for rule in question.rules)):
                for fact in facts_in(condition):
                    facts[fact.question].append(fact)
        for question, _ in reversed(self._asked):
            for rule in question.rules:
                if rule.take is not None:
                    facts[rule.take] += [replace(fact, question=rule.take) for fact in facts[question.id]]
        return facts


def facts_in(condition: Condition | None) -> Iterator[Fact]:
    """Every comparison in a condition."""
    match condition:
        case Fact():
            yield condition
        case Not(part):
            yield from facts_in(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from facts_in(part)


def _cases(question: Question, facts: list[Fact]) -> list[Value | None]:
    """One value for each way in which an answer can matter to these facts. None is an unknown answer."""
    tests = [compiled(fact) for fact in facts]

    def outcome(value: Value | None) -> tuple[bool | None, ...]:
        return tuple(test(lambda _: value) for test in tests)

    unknown = (None,) if _can_stay_unknown(question) else ()
    return list({outcome(value): value for value in (*_values(question, facts), *unknown)}.values())


def _can_stay_unknown(question: Question) -> bool:
    """Whether a person may go on without an answer, or their answer can become unknown."""
    unsure = any(option.unsure for option in question.options)
    return question.optional or question.sensitive or unsure or question.expires is not None


def _values(question: Question, facts: list[Fact]) -> Iterable[Value]:
    """Values of a question, enough of them for every outcome of these facts."""
    operands = {
        one for fact in facts for one in (fact.operand if isinstance(fact.operand, tuple) else (fact.operand,))
    }
    match question.kind:
        case Kind.MULTIPLE:
            return _choices(question, {str(one) for one in operands})
        case Kind.NUMBER:
            return _numbers(question, {one for one in operands if isinstance(one, int)})
        case Kind.MONTH_YEAR:
            return _months({one for one in operands if isinstance(one, str)})
        case Kind.SHORT_TEXT | Kind.LONG_TEXT | Kind.STATEMENT:
            return ("words",)
    own_words = (OWN_WORDS,) if question.own_words else ()
    return (*(option.id for option in question.options if not option.unsure), *own_words)


def _choices(question: Question, named: set[str]) -> Iterator[tuple[str, ...]]:
    """What can be ticked of the named options. Other options fill up to the least number of ticks."""
    sure = [option for option in question.options if not option.unsure]
    yield from ((option.id,) for option in sure if option.exclusive)
    shared = [option.id for option in sure if not option.exclusive]
    telling = [option for option in shared if option in named]
    others = tuple(option for option in shared if option not in named)
    most = len(shared) if question.most is None else question.most
    sizes = range(max(0, question.least - len(others)), min(most, len(telling)) + 1)
    if sum(comb(len(telling), size) for size in sizes) > MOST_CASES:
        raise _TooManyError
    for size in sizes:
        filled = others[: max(0, question.least - size)]
        yield from ((*chosen, *filled) for chosen in combinations(telling, size))


def _numbers(question: Question, limits: set[int]) -> Iterator[int]:
    """The limits, the numbers next to them, and the question's bounds, as far as the question takes them."""
    near = {limit + step for limit in limits for step in (-1, 0, 1)} | {question.minimum, question.maximum}
    return (number for number in near if question.minimum <= number <= question.maximum)


def _months(limits: set[str]) -> list[str]:
    """The limits, a value right after each (for what lies between two of them), and a first and a last month."""
    return sorted({"1900-01", "2099-12"} | limits | {f"{month}+" for month in limits})
