"""What the content makes of the cells today: the value of one question, as conditions see it.

A value is a cell's kind and value (`cells.SAID`) under the ids of today, and NULL where it is unknown: nothing was
given, it does not count any more, it has expired, or it is unsure. What becomes of an option is asked of the core's
own functions, once for all people.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, case, false, literal, not_, or_, select, true

from bot.core.ageing import expired_between
from bot.core.answering import counts, unsure
from bot.core.audience import DAY
from bot.core.conditions import Fact, Test, Value
from bot.core.inputs import Answer, Status
from bot.core.moving import carried
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Option, Question, Questionnaire
from bot.db.audience import cells
from bot.db.audience.keeping import Layout
from bot.db.profile_tables import profile
from bot.db.schema import answer

Predicate = ColumnElement[bool]
Cell = ColumnElement[int]
FEW_BITS = 7
"""Of so many options every possible choice is listed: to compare with them is cheaper than to count bits."""


def value(questionnaire: Questionnaire, layout: Layout, now: datetime, question: Question) -> Cell:
    """What a question was answered with, whether it applies or not; from the first of its ids that has an answer."""
    known = homes_of(questionnaire, layout, question)
    found = []
    for home in known:
        cell = profile.c[f"c{layout.slots[home]:02}"]
        counted = and_(_counts(question, cell, layout, home), _fresh(question, cell, home, now))
        says = _ticked_today(question, cell, layout, home, known) if question.kind is Kind.MULTIPLE else _said(cell)
        found.append((cell, case((counted, _renamed(question, says)))))
    if not found:
        return literal(None, BigInteger)
    *former, (_, last) = found
    return case(*((cell.is_not(None), says) for cell, says in former), else_=last) if former else last


def holds(question: Question, layout: Layout, homes: list[str], fact: Fact, says: Cell) -> Predicate:
    """A fact about a question's value; NULL where that is unknown."""
    if fact.test is Test.ANSWERED:
        return says.is_not(None) if fact.operand is True else says.is_(None)
    if question.kind is Kind.MULTIPLE:
        if fact.test is not Test.INCLUDES:
            raise ValueError(f"{question.kind} is not compared with {fact.test}")
        mask = _today_masks(question, layout, homes).get(str(fact.operand), 0)
        return says.bitwise_and(_number(mask)) != _number(0)
    operands = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    if fact.test in {Test.IS, Test.ONE_OF}:
        return _one_of(says, operands)
    if fact.test not in {Test.AT_LEAST, Test.AT_MOST}:
        raise ValueError(f"{question.kind} is not compared with {fact.test}")
    if fact.scale:
        place = fact.scale.index(str(fact.operand))
        return _one_of(says, fact.scale[place:] if fact.test is Test.AT_LEAST else fact.scale[: place + 1])
    bound = code(operands[0])
    return says >= bound if fact.test is Test.AT_LEAST else says <= bound


def homes_of(questionnaire: Questionnaire, layout: Layout, question: Question) -> list[str]:
    """The ids under which answers to a question stand, the one of today first."""
    former = [old for old in question.was if old not in questionnaire.by_id]
    return [one for one in (question.id, *former) if one in layout.slots]


def _one_of(says: Cell, values: tuple[object, ...]) -> Predicate:
    codes = [code(one) for one in values]
    return says == codes[0] if len(codes) == 1 else says.in_(codes)


def code(one: object) -> ColumnElement[int]:
    """An option's id, words or a number as a value."""
    assert isinstance(one, str | int)  # noqa: S101 - a fact compares with words and numbers
    return _number(cells.said(one, {}))


def _number(number: int) -> ColumnElement[int]:
    return literal(number, BigInteger)


def _said(cell: Cell) -> Cell:
    return cell.bitwise_and(_number(cells.SAID))


def _fresh(question: Question, cell: Cell, home: str, now: datetime) -> Predicate:
    """Not expired: by its day, and on the day (or few) where that does not tell, by the answer itself."""
    spans = () if question.expires is None else expired_between(question.expires, now)
    if not spans:
        return true()
    first, last = (cells.day(moment) << cells.DAY_SHIFT for moment in (spans[0][1], spans[-1][1]))
    at = answer.c.answered_at
    old = or_(*(at <= until if since is None else at.between(since, until) for since, until in spans))
    # Those of the day, all at once: PostgreSQL does not work in parallel where each person is looked up.
    since = _midnight(spans[0][1])
    itself = profile.c.participant_id.in_(
        select(answer.c.participant_id).where(
            answer.c.question_id == home, at >= since, at < _midnight(spans[-1][1]) + DAY, not_(old)
        )
    )
    return or_(cell >= _number(last + (1 << cells.DAY_SHIFT)), and_(cell >= _number(first), itself))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _counts(question: Question, cell: Cell, layout: Layout, home: str) -> Predicate:
    """Whether the question takes what was said, and it is not unsure."""
    said = _said(cell)
    match question.kind:
        case Kind.MULTIPLE:
            return _ticks(question, cell, layout, home)
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO | Kind.LIST:
            taken = [code(one) for one in _ids(question) if _is_known(question, _today(question, one))]
            own = question.kind is Kind.LIST and question.own_words
            return or_(said.in_(taken) if taken else false(), _own_words(question, cell) if own else false())
        case Kind.NUMBER:
            return said.between(code(question.minimum), code(question.maximum))
        case Kind.MONTH_YEAR:
            return _is_month(said)
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            month = len("2026-03") <= question.max_length
            return or_(_of_length(said, 1, question.max_length), _is_month(said) if month else false())
        case Kind.STATEMENT:
            return said == code(SEEN)
    return false()  # dates are asked of staff alone


def _is_month(said: Cell) -> Predicate:
    return said.between(_number(cells.MONTH), _number(cells.MONTH | cells.VALUE))


def _of_length(said: Cell, least: int, most: int) -> Predicate:
    """Words of so many characters."""
    start = cells.WORD | cells.length(least)
    end = cells.WORD | cells.length(most) | (1 << cells.LENGTH_SHIFT) - 1
    return said.between(_number(start), _number(end))


def _own_words(question: Question, cell: Cell) -> Predicate:
    length = len(OWN_WORDS)
    own = cell.bitwise_and(_number(cells.OWN)) != _number(0)
    return and_(_of_length(_said(cell), length + 1, length + question.max_length), own)


# -- options


def _ids(question: Question) -> list[str]:
    """The ids of all options, former ones among them."""
    former = [old for one in question.options for old in one.was]
    return list(dict.fromkeys([*(one.id for one in question.options), *former]))


def _today(question: Question, stored: Value) -> Value:
    """What a value that was stored once is now."""
    moved = carried(Questionnaire((), (question,)), {question.id: Answer(Status.GIVEN, stored)}).get(question.id)
    now = stored if moved is None else moved[1].value
    assert now is not None  # noqa: S101 - a value stays one
    return now


def _is_known(question: Question, given: Value) -> bool:
    return counts(question, Answer(Status.GIVEN, given)) and not unsure(question, given)


def _renamed(question: Question, says: Cell) -> Cell:
    """The option's id of today in the place of a former one."""
    if question.kind is Kind.MULTIPLE:
        return says
    moved = [(old, _today(question, old)) for old in _ids(question)]
    changed = [(says == code(old), code(now)) for old, now in moved if old != now]
    return case(*changed, else_=says) if changed else says


# -- ticks


def _ticks(question: Question, cell: Cell, layout: Layout, home: str) -> Predicate:
    """Ticks that the question takes: known options, an exclusive one alone, as many as are wanted; none unsure."""
    masks = _masks(question, layout, home)
    known = sum(masks.values())
    alone = [masks[one.id] for one in question.options if one.exclusive and masks[one.id]]
    doubted = sum(masks[one.id] for one in question.options if one.unsure)
    if known.bit_count() <= FEW_BITS:
        taken = [cells.TICKS | bits for bits in _within(known) if _takes(question, masks, bits)]
        return _said(cell).in_([_number(one) for one in taken]) if taken else false()
    return and_(
        cell.bitwise_and(_number(cells.SAID ^ known)) == _number(cells.TICKS),
        or_(
            and_(_none_of(cell, sum(alone)), _as_many(question, cell, masks)),
            *(and_(not_(_none_of(cell, one)), _none_of(cell, known ^ one)) for one in alone),
        ),
        _none_of(cell, doubted),
    )


def _within(known: int) -> Iterator[int]:
    """Every choice among these bits."""
    bits = known
    while True:
        yield bits
        if not bits:
            return
        bits = (bits - 1) & known


def _takes(question: Question, masks: dict[str, int], bits: int) -> bool:
    return _is_known(question, tuple(one for one, mask in masks.items() if mask & bits))


def _masks(question: Question, layout: Layout, home: str) -> dict[str, int]:
    """The bits of a cell that mean an option of today: its own, and those of the ids it had."""
    masks = dict.fromkeys((option.id for option in question.options), 0)
    for one in layout.bits.get(home, {}):
        today = _today(question, (one,))
        if isinstance(today, tuple) and today[0] in masks:
            masks[today[0]] |= layout.bit(home, one)
    return masks


def _none_of(cell: Cell, mask: int) -> Predicate:
    return cell.bitwise_and(_number(mask)) == _number(0) if mask else true()


def _as_many(question: Question, cell: Cell, masks: dict[str, int]) -> Predicate:
    """At least and at most so many; an option that was joined from several counts once."""
    several = [masks[one.id] for one in question.options if not one.exclusive and masks[one.id]]
    most = len(several) if question.most is None else question.most
    if question.least <= 1 and most >= len(several):
        return not_(_none_of(cell, sum(several))) if question.least == 1 else true()
    ticked = (case((_none_of(cell, one), 0), else_=1) for one in several)
    return sum(ticked, start=literal(0)).between(question.least, most)


def _today_masks(question: Question, layout: Layout, homes: list[str]) -> dict[str, int]:
    """The bits of a value: those of the cell where answers stand under one id alone, else one for each option."""
    if len(homes) == 1:
        return _masks(question, layout, homes[0])
    return {option.id: _bit(question, option) for option in question.options}


def _bit(question: Question, option: Option) -> int:
    place = question.options.index(option)
    return 1 << place if place < cells.MOST_TICKS else 0


def _ticked_today(question: Question, cell: Cell, layout: Layout, home: str, homes: list[str]) -> Cell:
    if len(homes) == 1:
        return _said(cell)
    masks = _masks(question, layout, home)
    bits = (
        case((_none_of(cell, masks[one.id]), _number(0)), else_=_number(_bit(question, one)))
        for one in question.options
    )
    return sum(bits, start=_number(cells.TICKS))
