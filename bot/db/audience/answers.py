"""What the content makes of a cell today: which of the numbers in it are an answer that counts, and hold a fact.

Every decision about a value is the core's own: it is asked what becomes of each option there is or was, once for all
people. What comes out is true or not, and NULL (not true) where there is no cell: predicates that may stand behind
AND and OR, never behind NOT.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, case, exists, false, literal, not_, or_, true

from bot.core.ageing import expired_between
from bot.core.answering import counts, unsure
from bot.core.conditions import Fact, Test, Value, compiled
from bot.core.inputs import Answer, Status
from bot.core.moving import carried
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question, Questionnaire
from bot.db.audience import cells
from bot.db.audience.keeping import Layout
from bot.db.schema import answer, profile

Predicate = ColumnElement[bool]
Cell = ColumnElement[int]


def given(
    questionnaire: Questionnaire, layout: Layout, now: datetime, question: Question, fact: Fact | None, outcome: bool
) -> Predicate:
    """Whether an answer was given that counts and of which the fact is so (`outcome`); None: any that is known."""
    homes = [question.id, *(old for old in question.was if old not in questionnaire.by_id)]
    ways, earlier = [], list[Predicate]()
    for home in homes:
        if home not in layout.slots:
            continue
        cell = profile.c[f"c{layout.slots[home]:02}"]
        says = _says(question, cell, layout, home, fact, outcome)
        ways.append(and_(*earlier, says, _fresh(question, cell, home, now)))
        earlier.append(cell.is_(None))
    return or_(false(), *ways)


def _fresh(question: Question, cell: Cell, home: str, now: datetime) -> Predicate:
    """Not expired: by its day, and on the day (or few) where that does not tell, by the answer itself."""
    spans = () if question.expires is None else expired_between(question.expires, now)
    if not spans:
        return true()
    first, last = (cells.day(moment) << cells.DAY_SHIFT for moment in (spans[0][1], spans[-1][1]))
    behind = last + (1 << cells.DAY_SHIFT)
    at = answer.c.answered_at
    old = or_(*(at <= until if since is None else at.between(since, until) for since, until in spans))
    itself = exists().where(
        answer.c.participant_id == profile.c.participant_id, answer.c.question_id == home, not_(old)
    )
    return or_(cell >= _number(behind), and_(cell >= _number(first), itself))


def _says(question: Question, cell: Cell, layout: Layout, home: str, fact: Fact | None, outcome: bool) -> Predicate:
    match question.kind:
        case Kind.MULTIPLE:
            return _ticks(question, cell, layout, home, fact, outcome)
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO | Kind.LIST:
            return _option(question, cell, fact, outcome)
        case Kind.NUMBER:
            low, high = cells.number(question.minimum), cells.number(question.maximum)
            return _ranked(_said(cell), low, high, fact, outcome)
        case Kind.MONTH_YEAR:
            return _ranked(_said(cell), cells.MONTH, cells.MONTH | cells.VALUE, fact, outcome)
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return _words(question, cell, 0, fact)
        case Kind.STATEMENT:
            return _said(cell) == _number(cells.said(SEEN, {})) if fact is None else _no_such(question, fact)
    return false()  # dates are asked of staff alone


def _said(cell: Cell) -> Cell:
    return cell.bitwise_and(_number(cells.SAID))


def _number(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _no_such(question: Question, fact: Fact) -> Predicate:
    raise ValueError(f"{question.kind} is not compared with {fact.test}")


# -- an option


def _option(question: Question, cell: Cell, fact: Fact | None, outcome: bool) -> Predicate:
    """One of the options, under the id it has or had, or (of a list) words of one's own."""
    ids = list(dict.fromkeys([one.id for one in question.options] + [old for one in question.options for old in one.was]))
    taken = [cells.said(one, {}) for one in ids if _is_so(question, _today(question, one), fact, outcome)]
    ways: list[Predicate] = [_said(cell).in_([_number(one) for one in taken])] if taken else []
    if question.kind is Kind.LIST and question.own_words and _compares(fact, OWN_WORDS, outcome):
        ways.append(_words(question, cell, len(OWN_WORDS), None))
    return or_(false(), *ways)


def _today(question: Question, value: Value) -> Value | None:
    """What a value that was stored once is now."""
    stored = {question.id: Answer(Status.GIVEN, value)}
    moved = carried(Questionnaire((), (question,)), stored).get(question.id)
    return value if moved is None else moved[1].value


def _is_so(question: Question, value: Value | None, fact: Fact | None, outcome: bool) -> bool:
    """Whether a value counts, is known, and the fact is so of it."""
    if value is None or not counts(question, Answer(Status.GIVEN, value)) or unsure(question, value):
        return False
    return _compares(fact, value, outcome)


def _compares(fact: Fact | None, value: Value, outcome: bool) -> bool:
    return fact is None or compiled(fact)(lambda _: value) is outcome


# -- numbers, months, words


_ORDERED = {Test.IS, Test.ONE_OF, Test.AT_LEAST, Test.AT_MOST}


def _ranked(said: Cell, low: int, high: int, fact: Fact | None, outcome: bool) -> Predicate:
    known = said.between(_number(low), _number(high))
    if fact is None:
        return known
    if fact.test not in _ORDERED:
        raise ValueError(f"numbers are not compared with {fact.test}")
    operands = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    codes = [_number(cells.said(one, {})) for one in operands]
    match fact.test:
        case Test.AT_LEAST:
            holds = said >= codes[0]
        case Test.AT_MOST:
            holds = said <= codes[0]
        case _:
            holds = said.in_(codes)
    return and_(known, holds if outcome else not_(holds))


def _words(question: Question, cell: Cell, own: int, fact: Fact | None) -> Predicate:
    """Words of a length the question takes; `own` are the signs before somebody's own words for a list."""
    if fact is not None:
        return _no_such(question, fact)
    least, most = own + 1, min(own + question.max_length, cells.LONGEST)
    start = cells.WORD | cells.length(least)
    end = cells.WORD | cells.length(most) | (1 << cells.LENGTH_SHIFT) - 1
    words = _said(cell).between(_number(start), _number(end))
    if own:
        return and_(words, cell.bitwise_and(_number(cells.OWN)) != 0)
    month = len("2026-03")
    if not least <= month <= most:
        return words
    return or_(words, _said(cell).between(_number(cells.MONTH), _number(cells.MONTH | cells.VALUE)))


# -- ticks


def _ticks(question: Question, cell: Cell, layout: Layout, home: str, fact: Fact | None, outcome: bool) -> Predicate:
    """Ticks that the question takes: known options only, an exclusive one alone, as many as are wanted."""
    masks = _masks(question, layout, home)
    known = sum(masks.values())
    shared = [masks[option.id] for option in question.options if not option.exclusive and masks[option.id]]
    alone = [masks[option.id] for option in question.options if option.exclusive and masks[option.id]]
    others = cell.bitwise_and(_number(cells.SAID ^ known))
    parts = [
        others == _number(cells.TICKS),
        or_(
            and_(_has(cell, sum(alone), wanted=False), *_as_many(question, cell, shared)),
            *(and_(_has(cell, one), _has(cell, known ^ one, wanted=False)) for one in alone),
        ),
    ]
    doubted = sum(masks[option.id] for option in question.options if option.unsure)
    if doubted:
        parts.append(_has(cell, doubted, wanted=False))
    if fact is not None:
        if fact.test is not Test.INCLUDES:
            return _no_such(question, fact)
        parts.append(_has(cell, masks.get(str(fact.operand), 0), wanted=outcome))
    return and_(*parts)


def _masks(question: Question, layout: Layout, home: str) -> dict[str, int]:
    """The bits that mean an option of today: its own, and those of the ids it had."""
    masks = dict.fromkeys((option.id for option in question.options), 0)
    for one in layout.bits.get(home, {}):
        today = _today(question, (one,))
        if isinstance(today, tuple) and today[0] in masks:
            masks[today[0]] |= layout.bit(home, one)
    return masks


def _has(cell: Cell, mask: int, *, wanted: bool = True) -> Predicate:
    """Whether one of the options behind the bits is ticked."""
    if not mask:
        return false() if wanted else true()
    ticked = cell.bitwise_and(_number(mask))
    return ticked != 0 if wanted else ticked == 0


def _as_many(question: Question, cell: Cell, masks: list[int]) -> Iterator[Predicate]:
    """At least and at most so many; an option that was joined from several counts once."""
    most = len(masks) if question.most is None else question.most
    if question.least == 1 and most >= len(masks):
        yield _has(cell, sum(masks))
        return
    if question.least <= 0 and most >= len(masks):
        return
    number = sum((case((_has(cell, one), 1), else_=0) for one in masks), start=literal(0))
    yield number.between(question.least, most)
