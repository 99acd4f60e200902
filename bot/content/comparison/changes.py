"""The differences between two outlines, and their effect on stored answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from bot.content.comparison.change import Change, What, resembling
from bot.content.comparison.fates import Fate, worst, worst_fate
from bot.content.comparison.outline import Outline, Outlined
from bot.content.comparison.questions import differences
from bot.content.faults import Level
from bot.core.questionnaire import Kind, Question, Stage

__all__ = ["Change", "What", "compare"]


def compare(old: Outline, new: Outline) -> tuple[Change, ...]:
    """Every difference, by question in today's order. Removed questions come last."""
    moved = _out_of_order(old, new)
    found: list[Change] = []
    for one in new.questions:
        former = _former(old, new, one)
        if former:
            found += _changed(former, one)
        else:
            found.append(_added(new, one))
        if one.id in moved:
            found.append(_moved(new, one))
    found += _gone(old, new)
    found += _former_ids(old, new)
    return tuple(found)


def _former(old: Outline, new: Outline, one: Outlined) -> list[Outlined]:
    """The earlier questions whose answers this question takes: itself first, then its former ids."""
    formerly = [name for name in one.question.was if name not in new.by_id]
    return [old.by_id[name] for name in dict.fromkeys([one.id, *formerly]) if name in old.by_id]


def _changed(former: Sequence[Outlined], one: Outlined) -> list[Change]:
    first, *others = former
    homes = _homes(first, one)
    found: list[Change] = []
    if first.id != one.id:
        found.append(Change(What.RENAMED, one.id, f"was '{first.id}'", Fate.MAPPED, homes))
    for other in others:
        detail = f"also was '{other.id}', whose answers count where '{first.id}' is unanswered"
        fate = worst_fate(other.question, one.question)
        found.append(Change(What.JOINED, one.id, detail, fate, _homes(other, one)))
    found += differences(first, one, homes)
    announced = worst({change.fate for change in found} | {Fate.KEPT})
    together = worst_fate(first.question, one.question)
    if worst({announced, together}) is not announced:
        detail = "these changes together leave answers that fit no more"
        found.append(Change(What.TOGETHER, one.id, detail, together, homes))
    return found


def _homes(first: Outlined, one: Outlined) -> tuple[str, ...]:
    """The ids under which answers may be stored: the question's own, and former ones of people not seen since."""
    return (first.id, *(name for name in first.question.was if name in one.question.was))


def _added(new: Outline, one: Outlined) -> Change:
    ids = [other.id for other in new.questions]
    place = ids.index(one.id)
    where = f"after '{ids[place - 1]}'" if place else "at the beginning"
    when = "to the follow-ups" if one.question.stage is Stage.FOLLOW_UP else "to the first pass"
    return Change(What.ADDED, one.id, f"added {when}, {where}", Fate.NONE)


def _moved(new: Outline, one: Outlined) -> Change:
    ids = [other.id for other in new.questions]
    place = ids.index(one.id)
    where = f"now after '{ids[place - 1]}'" if place else "now the first"
    return Change(What.MOVED, one.id, where, Fate.NONE if one.question.kind is Kind.COMPUTED else Fate.KEPT)


def _out_of_order(old: Outline, new: Outline) -> frozenset[str]:
    """The questions whose place among the earlier questions has changed."""
    first = {one.id: former[0].id for one in new.questions if (former := _former(old, new, one))}
    today = list(first)
    former_order = {name: place for place, name in enumerate(one.id for one in old.questions)}
    before = sorted(today, key=lambda name: former_order[first[name]])
    blocks = SequenceMatcher(None, before, today, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in today[block.b : block.b + block.size]}
    return frozenset(today) - stayed


def _gone(old: Outline, new: Outline) -> Iterator[Change]:
    heirs = new.questionnaire.moved
    without_past = [one for one in new.questions if not _former(old, new, one)]
    for one in old.questions:
        if one.id in new.by_id or one.id in heirs:
            continue
        fate = Fate.NONE if one.question.kind is Kind.COMPUTED else Fate.ARCHIVED
        homes = (one.id, *(name for name in one.question.was if name not in heirs and name not in new.by_id))
        gone = Change(What.REMOVED, one.id, "removed", fate, homes)
        alike = {other.id: _ask(other) for other in without_past if other.question.kind is one.question.kind}
        heir = resembling(one.id, _ask(one), alike)
        if heir is not None:
            mend = f"If '{one.id}' is now '{heir}', write there: was: {one.id}"
            yield replace(gone, level=Level.HINT, mend=mend, near=(heir, ""))
        elif one.id not in new.retired:
            mend = f"Name '{one.id}' under 'retired', so that its id is never taken for something else"
            yield replace(gone, level=Level.HINT, mend=mend)
        else:
            yield gone


def _ask(one: Outlined) -> str:
    return one.texts.get("ask") or one.texts.get("short", "")


def _former_ids(old: Outline, new: Outline) -> Iterator[Change]:
    """Former ids that only `was` knows. Answers of some people may still be stored under them."""
    before, today = old.questionnaire.moved, new.questionnaire.moved
    for name, owner in before.items():
        heir = owner if owner in new.by_id else today.get(owner)
        if heir is not None and today.get(name) != heir:  # its owner is still here, but lost it
            yield _lost(old.by_id[owner].question, name, heir, new)
    for name, heir in today.items():
        if name not in old.by_id and name not in before:
            detail = f"answers to a question '{name}' of former times count here"
            yield Change(What.FORMER, heir, detail, Fate.MAPPED, (name,))


def _lost(owner: Question, name: str, heir: str, new: Outline) -> Change:
    former = replace(owner, id=name, was=())
    if name in new.by_id:
        fate = worst_fate(former, new.by_id[name].question)
        mend = f"Some answers under '{name}' may still belong to '{heir}': give the other question an id of its own"
        detail = f"has an id that '{heir}' had"
        return Change(What.FORMER, name, detail, fate, (name,), level=Level.WARNING, mend=mend)
    other = new.questionnaire.moved.get(name)
    fate = Fate.ARCHIVED if other is None else worst_fate(former, new.by_id[other].question)
    detail = f"'was: {name}' taken out, for answers that nobody has carried over yet"
    return Change(What.FORMER, heir, detail, fate, (name,))
