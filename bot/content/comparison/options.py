"""How the options of one question, or the items of its list, have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.content.comparison.change import Change, What, is_other, listed, quoted, resembling
from bot.content.comparison.fates import Fate, worst_fate
from bot.content.comparison.outline import Outlined
from bot.content.faults import Level
from bot.core.folding import fold
from bot.core.questionnaire import Kind, Option, Question


def option_changes(old: Outlined, new: Outlined, homes: tuple[str, ...]) -> list[Change]:
    """Every difference between the options. Answers to the question are stored under `homes`."""
    comparison = _Comparison(old, new)
    found = [*comparison.named(), *comparison.former(), *comparison.roles(), *comparison.texts(), *comparison.order()]
    return [replace(change, homes=homes) for change in found]


def _heirs(question: Question, option: str) -> list[str]:
    """The ids of an option today: itself, one other, several if it was split, none if it was removed."""
    if option in question.option_ids:
        return [option]
    return [one.id for one in question.options if option in one.was]


class _Comparison:
    """Two states of the options of one question. `pairs` are the options that exist in both."""

    def __init__(self, old: Outlined, new: Outlined) -> None:
        self._old, self._new = old, new
        self._heirs = {option.id: _heirs(new.question, option.id) for option in old.question.options}
        self._parts = {part for found in self._heirs.values() if len(found) > 1 for part in found}
        self._origins: dict[str, list[str]] = {option.id: [] for option in new.question.options}
        for name, found in self._heirs.items():
            if len(found) == 1:
                self._origins[found[0]].append(name)
        known = {option.id: option for option in old.question.options}
        self._pairs: list[tuple[Option, Option]] = []
        for option in new.question.options:
            origins = self._origins[option.id]
            if origins:
                self._pairs.append((known[option.id if option.id in origins else origins[0]], option))

    def named(self) -> Iterator[Change]:
        """Options that were added, removed, renamed, merged or split."""
        added = [name for name, origins in self._origins.items() if not origins and name not in self._parts]
        removed = [name for name, found in self._heirs.items() if not found]
        if self._new.question.kind is Kind.LIST:
            yield from self._in_bulk(added, removed)
        else:
            for name in added:
                yield self._change(What.OPTION_ADDED, f"'{name}' added", Fate.NONE, near=name)
            yield from (self._removed(name, added) for name in removed)
        for name, origins in self._origins.items():
            former = [origin for origin in origins if origin != name]
            if former:
                yield self._taken_over(name, former, alone=len(origins) == 1)
        for name, found in self._heirs.items():
            if len(found) > 1:
                detail = f"'{name}' split into {listed(found)}"
                yield self._change(What.OPTION_SPLIT, detail, Fate.ASKED_AGAIN, [name])

    def _in_bulk(self, added: Sequence[str], removed: Sequence[str]) -> Iterator[Change]:
        if added:
            yield self._change(What.OPTION_ADDED, f"{listed(added)} added", Fate.NONE)
        if removed:
            yield self._change(What.OPTION_REMOVED, f"{listed(removed)} removed", Fate.ASKED_AGAIN, removed)

    def _removed(self, name: str, added: Sequence[str]) -> Change:
        detail = f"'{name}' removed"
        others = {other: self._new.options.get(other, "") for other in added}
        heir = resembling(name, self._old.options.get(name, ""), others)
        if heir is None:
            return self._change(What.OPTION_REMOVED, detail, Fate.ASKED_AGAIN, [name])
        mend = f"If '{name}' is now '{heir}', write there: was: {name}"
        return self._change(What.OPTION_REMOVED, detail, Fate.ASKED_AGAIN, [name], Level.HINT, mend, heir)

    def _taken_over(self, name: str, former: Sequence[str], *, alone: bool) -> Change:
        if alone:
            return self._change(What.OPTION_RENAMED, f"'{name}' was '{former[0]}'", Fate.MAPPED, former, near=name)
        return self._change(What.OPTION_MERGED, f"{listed(former)} merged into '{name}'", Fate.MAPPED, former)

    def former(self) -> Iterator[Change]:
        """Former ids that only `was` knows. Answers of some people may still hold them."""
        owners = self._owners()
        for name, owner in owners.items():
            found = _heirs(self._new.question, name)
            if found == [name]:
                detail = f"'{name}' is what '{owner}' was"
                mend = f"Some answers may still mean '{owner}' by it: give the other option an id of its own"
                yield self._change(What.OPTION_FORMER, detail, Fate.KEPT, [name], Level.WARNING, mend, name)
            elif found != self._heirs[owner]:
                detail = f"'was: {name}' taken out of '{owner}', for answers that nobody has carried over yet"
                yield self._change(What.OPTION_FORMER, detail, _fate(found), [name])
        named = {name: None for option in self._new.question.options for name in option.was}
        for name in named:
            found = _heirs(self._new.question, name)
            before = _heirs(self._old.question, name)
            if name not in owners and found not in ([name], before) and before != [name]:
                yield self._change(What.OPTION_FORMER, f"'{name}' of former times is {listed(found)}", _fate(found))

    def _owners(self) -> dict[str, str]:
        """Former ids that led to exactly one option, each with that option."""
        names = {name: _heirs(self._old.question, name) for one in self._old.question.options for name in one.was}
        return {name: found[0] for name, found in names.items() if len(found) == 1 and found != [name]}

    def roles(self) -> Iterator[Change]:
        """Options that began or stopped being exclusive, or counting as unknown."""
        for before, today in self._pairs:
            if (before.exclusive, before.unsure) == (today.exclusive, today.unsure):
                continue
            turned = replace(before, exclusive=today.exclusive, unsure=today.unsure)
            options = tuple(turned if one is before else one for one in self._old.question.options)
            fate = worst_fate(self._old.question, replace(self._old.question, options=options))
            yield self._change(What.OPTION_ROLE, f"'{today.id}' {_role(before, today)}", fate, near=today.id)

    def texts(self) -> Iterator[Change]:
        """Options with a new text. A text that may mean something else is a warning."""
        meant = {fold(text): name for name, text in self._old.options.items()}
        for before, today in self._pairs:
            former, text = self._old.options.get(before.id, ""), self._new.options.get(today.id, "")
            if former == text:
                continue
            detail = f"'{today.id}' is {quoted(text)}, before: {quoted(former)}"
            level, mend = None, ""
            another = meant.get(fold(text), before.id) != before.id
            if today.id == before.id and (another or is_other(former, text)):
                level = Level.WARNING
                mend = "Who chose it has said the new words: if these mean something else, give them another id"
            yield self._change(What.OPTION_TEXT, detail, Fate.KEPT, [before.id], level, mend, today.id)

    def order(self) -> Iterator[Change]:
        """Options that existed before and are in another order now."""
        place = {option.id: number for number, option in enumerate(self._old.question.options)}
        places = [place[before.id] for before, _ in self._pairs]
        if places != sorted(places):
            detail = f"in another order: {listed([today.id for _, today in self._pairs])}"
            yield self._change(What.OPTION_ORDER, detail, Fate.KEPT)

    def _change(
        self,
        what: What,
        detail: str,
        fate: Fate,
        options: Sequence[str] = (),
        level: Level | None = None,
        mend: str = "",
        near: str = "",
    ) -> Change:
        """A change that affects the answers with these options or with their former ids."""
        earlier = [name for name, owner in self._owners().items() if owner in options and self._follows(name, owner)]
        question = self._new.id
        return Change(
            what, question, detail, fate, options=(*options, *earlier), level=level, mend=mend, near=(question, near)
        )

    def _follows(self, name: str, owner: str) -> bool:
        return _heirs(self._new.question, name) == self._heirs[owner]


def _fate(heirs: Sequence[str]) -> Fate:
    return Fate.MAPPED if len(heirs) == 1 else Fate.ASKED_AGAIN


def _role(before: Option, today: Option) -> str:
    said = []
    if before.exclusive != today.exclusive:
        said.append("stands alone now" if today.exclusive else "goes together with others now")
    if before.unsure != today.unsure:
        said.append("counts as unknown now" if today.unsure else "does not count as unknown any more")
    return " and ".join(said)
