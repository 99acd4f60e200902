"""What the cells mean under today's content: who gave one of the wanted values.

A value is the kind and value of a cell (`cells.SAID`) under today's ids. A value that no longer counts, has expired
or is unsure does not count. The core's own functions decide, once for all people, which of a cell's possible values
are wanted. The database then only compares numbers.

A predicate holds if SQL finds it true. False and NULL mean the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, case, false, literal_column, not_, or_, select, true

from bot.core.ageing import expired_between
from bot.core.answering import counts, unsure
from bot.core.audience import DAY
from bot.core.conditions import Fact, Test, Value, compiled
from bot.core.inputs import Answer, Status
from bot.core.moving import carried
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question, Questionnaire
from bot.db.audience import cells
from bot.db.audience.keeping import Layout
from bot.db.schema import answer, profile

Predicate = ColumnElement[bool]
Cell = ColumnElement[int]
FEW_BITS = 7
"""With at most this many options, every possible choice is listed: cheaper to compare than to count bits."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values for which a fact is true, or false. Without a fact: all values, or those `among` some."""

    fact: Fact | None = None
    truth: bool = True
    among: frozenset[Value] | None = None

    def __call__(self, value: Value) -> bool:
        """Whether a value is wanted."""
        if self.among is not None:
            return value in self.among
        return self.fact is None or compiled(self.fact)(lambda _: value) is self.truth


def gave(
    questionnaire: Questionnaire, layout: Layout, now: datetime, question: Question, wanted: Wanted
) -> Predicate:
    """Who gave a wanted value, even if the question does not apply. The first of its ids with an answer decides."""
    found, before = list[Predicate](), list[Predicate]()
    for home in homes_of(questionnaire, layout, question):
        cell = profile.c[f"c{layout.slots[home]:02}"]
        found.append(and_(*before, _says(question, cell, layout, home, wanted), _fresh(question, cell, home, now)))
        before.append(cell.is_(None))
    return or_(false(), *found)


def values_of(question: Question) -> list[Value] | None:
    """Every value of a question with few options that conditions can tell apart. None for any other question."""
    ids = [one.id for one in question.options]
    match question.kind:
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO:
            return [one for one in ids if _is_known(question, one)]
        case Kind.MULTIPLE if len(_ids(question)) <= FEW_BITS:
            some = (tuple(one for place, one in enumerate(ids) if bits >> place & 1) for bits in range(1 << len(ids)))
            return [one for one in some if _is_known(question, one)]
    return None


def homes_of(questionnaire: Questionnaire, layout: Layout, question: Question) -> list[str]:
    """The ids that answers to a question are stored under, today's first."""
    former = [old for old in question.was if old not in questionnaire.by_id]
    return [one for one in (question.id, *former) if one in layout.slots]


def code(one: object) -> ColumnElement[int]:
    """An option's id, words or a number, coded as a value."""
    return _number(_code(one))


def _code(one: object) -> int:
    assert isinstance(one, str | int)  # noqa: S101 - a fact compares with words and numbers
    return cells.said(one, {})


def _number(number: int) -> ColumnElement[int]:
    """A number inside the statement: PostgreSQL hashes a long list only if its items are not parameters."""
    return literal_column(str(number), BigInteger)


def _among(cell: Cell, numbers: Collection[int]) -> Predicate:
    if not numbers:
        return false()
    said, listed = _said(cell), [_number(one) for one in sorted(numbers)]
    return said == listed[0] if len(listed) == 1 else said.in_(listed)


def _said(cell: Cell) -> Cell:
    return cell.bitwise_and(_number(cells.SAID))


def _fresh(question: Question, cell: Cell, home: str, now: datetime) -> Predicate:
    """Not expired. The day in the cell decides; if it cannot, the time of the stored answer does."""
    spans = () if question.expires is None else expired_between(question.expires, now)
    if not spans:
        return true()
    first, last = (cells.day(moment) << cells.DAY_SHIFT for moment in (spans[0][1], spans[-1][1]))
    at = answer.c.answered_at
    old = or_(*(at <= until if since is None else at.between(since, until) for since, until in spans))
    # All answers of those days at once: with a lookup for each person PostgreSQL does not work in parallel.
    since = _midnight(spans[0][1])
    itself = profile.c.participant_id.in_(
        select(answer.c.participant_id).where(
            answer.c.question_id == home, at >= since, at < _midnight(spans[-1][1]) + DAY, not_(old)
        )
    )
    return or_(cell >= _number(last + (1 << cells.DAY_SHIFT)), and_(cell >= _number(first), itself))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _says(question: Question, cell: Cell, layout: Layout, home: str, wanted: Wanted) -> Predicate:
    """Whether the value is wanted, the question takes it, and it is not unsure."""
    said = _said(cell)
    match question.kind:
        case Kind.MULTIPLE:
            return _ticks(question, cell, layout, home, wanted)
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO | Kind.LIST:
            today = {one: _today(question, one) for one in _ids(question)}
            listed = _among(
                cell, {_code(one) for one, now in today.items() if _is_known(question, now) and wanted(now)}
            )
            own = question.kind is Kind.LIST and question.own_words and wanted(OWN_WORDS)
            return or_(listed, _own_words(question, cell)) if own else listed
        case Kind.NUMBER:
            return and_(said.between(code(question.minimum), code(question.maximum)), _compared(said, wanted))
        case Kind.MONTH_YEAR:
            return and_(_is_month(said), _compared(said, wanted))
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            month = len("2026-03") <= question.max_length
            return or_(_of_length(said, 1, question.max_length), _is_month(said) if month else false())
        case Kind.STATEMENT:
            return said == code(SEEN)
    return false()  # only staff are asked for days and times


def _compared(said: Cell, wanted: Wanted) -> Predicate:
    """The comparison for numbers and months, which keep their order in cells."""
    fact = wanted.fact
    if fact is None:
        return true()
    operands = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    bound = code(operands[0])
    match fact.test:
        case Test.AT_LEAST:
            holds = said >= bound
        case Test.AT_MOST:
            holds = said <= bound
        case _:
            holds = said.in_([code(one) for one in operands])
    return holds if wanted.truth else not_(holds)


def _is_month(said: Cell) -> Predicate:
    return said.between(_number(cells.MONTH), _number(cells.MONTH | cells.VALUE))


def _of_length(said: Cell, least: int, most: int) -> Predicate:
    """Words with a number of characters between `least` and `most`."""
    start = cells.WORD | cells.length(least)
    end = cells.WORD | cells.length(most) | (1 << cells.LENGTH_SHIFT) - 1
    return said.between(_number(start), _number(end))


def _own_words(question: Question, cell: Cell) -> Predicate:
    length = len(OWN_WORDS)
    own = cell.bitwise_and(_number(cells.OWN)) != _number(0)
    return and_(_of_length(_said(cell), length + 1, length + question.max_length), own)


# -- options


def _ids(question: Question) -> list[str]:
    """The ids of all options, former ones included."""
    former = [old for one in question.options for old in one.was]
    return list(dict.fromkeys([*(one.id for one in question.options), *former]))


def _today(question: Question, stored: Value) -> Value:
    """What a stored value means today."""
    moved = carried(Questionnaire((), (question,)), {question.id: Answer(Status.GIVEN, stored)}).get(question.id)
    now = stored if moved is None else moved[1].value
    assert now is not None  # noqa: S101 - a value stays one
    return now


def _is_known(question: Question, given: Value) -> bool:
    return counts(question, Answer(Status.GIVEN, given)) and not unsure(question, given)


# -- ticks


def _ticks(question: Question, cell: Cell, layout: Layout, home: str, wanted: Wanted) -> Predicate:
    """Ticks that are wanted, that the question takes, and none of which is unsure."""
    masks = _masks(question, layout, home)
    known = sum(masks.values())
    if known.bit_count() <= FEW_BITS:
        chosen = ((bits, tuple(one for one, mask in masks.items() if mask & bits)) for bits in _within(known))
        return _among(cell, {cells.TICKS | bits for bits, ids in chosen if _is_known(question, ids) and wanted(ids)})
    taken = _many_ticks(question, cell, masks)
    if wanted.fact is None:
        return taken
    without = _none_of(cell, masks.get(str(wanted.fact.operand), 0))
    return and_(not_(without) if wanted.truth else without, taken)


def _many_ticks(question: Question, cell: Cell, masks: dict[str, int]) -> Predicate:
    """Only known options, an exclusive one only alone, as many as the question wants, none unsure."""
    known = sum(masks.values())
    alone = [masks[one.id] for one in question.options if one.exclusive and masks[one.id]]
    doubted = sum(masks[one.id] for one in question.options if one.unsure)
    return and_(
        cell.bitwise_and(_number(cells.SAID ^ known)) == _number(cells.TICKS),
        or_(
            and_(_none_of(cell, sum(alone)), _as_many(question, cell, masks)),
            *(and_(not_(_none_of(cell, one)), _none_of(cell, known ^ one)) for one in alone),
        ),
        _none_of(cell, doubted),
    )


def _within(known: int) -> Iterator[int]:
    """Every combination of these bits."""
    bits = known
    while True:
        yield bits
        if not bits:
            return
        bits = (bits - 1) & known


def _masks(question: Question, layout: Layout, home: str) -> dict[str, int]:
    """For each option of today, the bits that mean it: its own and those of its former ids."""
    masks = dict.fromkeys((option.id for option in question.options), 0)
    for one in layout.bits.get(home, {}):
        today = _today(question, (one,))
        if isinstance(today, tuple) and today[0] in masks:
            masks[today[0]] |= layout.bit(home, one)
    return masks


def _none_of(cell: Cell, mask: int) -> Predicate:
    return cell.bitwise_and(_number(mask)) == _number(0) if mask else true()


def _as_many(question: Question, cell: Cell, masks: dict[str, int]) -> Predicate:
    """Whether the number of ticks is within the question's bounds. An option merged from several counts once."""
    several = [masks[one.id] for one in question.options if not one.exclusive and masks[one.id]]
    most = len(several) if question.most is None else question.most
    if question.least <= 1 and most >= len(several):
        return not_(_none_of(cell, sum(several))) if question.least == 1 else true()
    ticked = (case((_none_of(cell, one), 0), else_=1) for one in several)
    return sum(ticked, start=_number(0)).between(question.least, most)
