"""Changes of content in words for a coordinator, and as data for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from bot.content.comparison.against import Comparison, Met, answers
from bot.content.comparison.changes import Change, What
from bot.content.comparison.fates import Fate
from bot.core.questionnaire import Kind

WIDTH = 118
_SAID = {Fate.KEPT: "kept", Fate.MAPPED: "mapped", Fate.ASKED_AGAIN: "asked again", Fate.ARCHIVED: "archived"}
_WHOLLY = frozenset({What.ADDED, What.REMOVED})


def lines(comparison: Comparison) -> Iterator[str]:
    """One block for each question, and a final line that sums up."""
    blocks: dict[str, list[Change]] = {}
    for change in comparison.changes:
        blocks.setdefault(change.question, []).append(change)
    width = max(map(len, blocks), default=0) + 2
    for question, changes in blocks.items():
        said = [line for sentence in _block(comparison, changes) for line in wrap(sentence, WIDTH - width)]
        yield f"{question:{width}}{said[0]}"
        yield from (" " * width + line for line in said[1:])
    yield _summary(comparison.met, blocks)


def data(comparison: Comparison) -> list[dict[str, Any]]:
    """The changes in the form of JSON. Numbers are null if nothing is known about people."""
    met = comparison.met

    def by_fate(fates: Mapping[Fate, int]) -> dict[str, int]:
        return {fate.value: fates.get(fate, 0) for fate in _SAID}

    return [
        {
            "question": change.question,
            "change": change.what.value,
            "detail": change.detail,
            "consequence": change.fate.value,
            "options": list(change.options),
            "answers": None if met is None or change not in met.answers else by_fate(met.answers[change]),
            "inside": None if met is None else met.inside.get(change.question, 0),
        }
        for change in comparison.changes
    ]


def _block(comparison: Comparison, changes: Sequence[Change]) -> Iterator[str]:
    met = comparison.met
    for change in changes:
        effect = _effect(change, met)
        yield f"{change.detail} ({effect})" if effect else change.detail
    if met is None:
        return
    question = changes[0].question
    fates = met.fates.get(question, {})
    if fates and not (len(changes) == 1 and changes[0] in met.answers):
        yield _of_answers(fates)
    count = met.inside.get(question, 0)
    if count:
        stand = "1 person stands" if count == 1 else f"{count} people stand"
        yield f"{stand} at it now: {_what_next(comparison, changes)}"


def _effect(change: Change, met: Met | None) -> str:
    """What happens to the answers that a change affects."""
    said = _SAID.get(change.fate)
    if met is not None and change in met.answers:
        return _of_answers(met.answers[change]) or "no answers"
    if said is None or change.fate is Fate.KEPT:
        return ""
    if change.fate is Fate.ASKED_AGAIN and not change.options:
        return f"what {'is older' if change.what is What.TIME else 'does not fit'} is asked again"
    return f"answers {said}"


def _what_next(comparison: Comparison, changes: Sequence[Change]) -> str:
    today = comparison.content.questionnaire.by_id.get(changes[0].question)
    if today is None or today.kind is Kind.COMPUTED:
        return "they go on with the next question"
    if any(change.what in {What.CONDITION, What.STAGE} for change in changes):
        return "they see it as it is then, or go on where it is not asked of them any more"
    return "they see it as it is then"


def _summary(met: Met | None, blocks: Mapping[str, Sequence[Change]]) -> str:
    kinds = Counter(
        next((change.what.value for change in changes if change.what in _WHOLLY), "changed")
        for changes in blocks.values()
    )
    parts = [f"{kinds[kind]} {kind}" for kind in ("changed", "added", "removed") if kinds[kind]]
    questions = "1 question" if sum(kinds.values()) == 1 else f"{sum(kinds.values())} questions"
    if not parts:
        return "Nothing changed that matters to answers"
    summary = f"{questions}: {', '.join(parts)}"
    if met is None:
        return summary
    total: Counter[Fate] = Counter()
    for fates in met.fates.values():
        total.update(fates)
    return f"{summary}; {_of_answers(total) or 'no answers'}; people standing there: {sum(met.inside.values())}"


def _of_answers(fates: Mapping[Fate, int]) -> str:
    """For example "3 answers mapped" or "answers: 3 mapped, 1 asked again". Empty if there are none."""
    there = {fate: fates[fate] for fate in _SAID if fates.get(fate)}
    if len(there) == 1:
        ((fate, count),) = there.items()
        return f"{answers(count)} {_SAID[fate]}"
    return f"answers: {', '.join(f'{count} {_SAID[fate]}' for fate, count in there.items())}" if there else ""
