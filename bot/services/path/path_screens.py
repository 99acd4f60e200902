"""The screens of somebody's path: all of it, and one step. Pure.

What a button does: `path.<page>`, `step.<step>`, `ticked.<step>.<0 or 1>`, `change.<question>`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.folding import number
from bot.core.message import Button, LinkButton, Listing, Marked, Month, Screen, Text, Words
from bot.core.reminders import PURPOSES, Topic
from bot.core.road import OPEN, Length, Place, State, Step
from bot.services.offers.offer_screens import GERMAN, counted, page_row, parted
from bot.services.packing import packed
from bot.services.path.last_days import because, papers, title
from bot.services.path.way import Way
from bot.services.rights.privacy_screen import switch, terms
from bot.services.view import RESUME, Block, Row, View, page_of, ui

PAGE = 6
"""Steps with a button on one page."""
MOST_NOW = 5
"""Steps that are shown in full; others get a line each."""
MOST_OFFERS = 3
MARKS = {State.DONE: "✅", State.RUNNING: "⏳", State.NOW: "➡️", State.LATER: "🔜", State.UNKNOWN: "❓"}
ENTRY: Row = (Button(ui("button.path"), "path.0", "🧭"),)
"""The button that leads here."""


def path(view: View) -> Screen:
    """All steps: what is done in a line, what is next with its day and papers, then the rest."""
    way = view.found.way
    if way is None:
        return Screen(((ui("offers.none"),),), (RESUME,))
    plan = way.plan
    if not plan.goals:
        return Screen(((ui("path.no_goal"),),), (*_changes(view, way, ""), RESUME))
    blocks: list[Block] = [(ui("path.title", goals=Listing(tuple(map(_goal, plan.goals)))),)]
    if done := [title(one.step.id) for one in plan.places if one.state is State.DONE]:
        blocks.append((ui("path.done", steps=Listing(tuple(done))),))
    if now := plan.next:
        blocks += [(ui("path.next"),), *(_entry(view, one) for one in now[:MOST_NOW])]
        blocks += [tuple(line for one in now[MOST_NOW:] for line in _line(one))] if now[MOST_NOW:] else []
    unclear = [one for one in plan.places if one.state is State.UNKNOWN]
    blocks += [block] if (block := _lacks(view, way, unclear)) else []
    if later := [one for one in plan.places if one.state in {State.LATER, State.UNKNOWN}]:
        blocks += [(ui("path.later"), *(line for one in later for line in _line(one)))]
    if not now and not later:
        blocks.append((ui("path.arrived"),))
    reminded, rows = _reminded(view, plan.places)
    asks = _changes(view, way, *(one.step.id for one in unclear))
    return Screen((*blocks, *reminded), (*asks, *_buttons(view, (*now, *later)), *rows, RESUME))


def _goal(name: str) -> Text:
    return Text(f"path.goals.{name}.title")


def _entry(view: View, place: Place) -> Block:
    """A step that can be done now."""
    lines: list[Text | Words | Marked] = [ui("offers.entry", title=title(place.step.id))]
    if place.state is State.RUNNING and place.over is not None:
        return (*lines, ui("path.running", day=place.over))
    lines += _days(view, place)
    if place.step.papers:
        lines.append(ui("path.papers", papers=papers(place)))
    return tuple(lines)


def _line(place: Place) -> Block:
    """A step that comes later, with its day where there is one."""
    if place.latest is None:
        return (ui("path.line", title=title(place.step.id)),)
    return (ui("path.line_until", title=title(place.step.id), day=place.latest),)


def _buttons(view: View, places: Sequence[Place]) -> tuple[Row, ...]:
    here, page, last = page_of(places, number(view.focus) or 0, PAGE)
    rows: list[Row] = [(Button(title(one.step.id), f"step.{one.step.id}", MARKS[one.state]),) for one in here]
    return (*rows, page_row("path", page, last)) if last else tuple(rows)


def _reminded(view: View, places: Sequence[Place]) -> tuple[tuple[Block, ...], tuple[Row, ...]]:
    """Whether we remind of the last days; where a yes is missing, it can be given here."""
    if not any(one.latest is not None and one.step.remind for one in places):
        return (), ()
    purpose = PURPOSES[Topic.PATH]
    asked = any(one.id == purpose for one in view.content.town.consents)
    if asked and purpose not in view.found.consents:
        return (terms(view.content, purpose),), ((switch(view, purpose, on=False),),)
    return ((ui("path.silent" if Topic.PATH in view.messages.muted else "path.reminds"),),), ()


def step(view: View) -> Screen:
    """One step with all there is to know; where it is gone meanwhile, the whole path."""
    way = view.found.way
    place = None if way is None else way.plan.by_id.get(view.focus)
    if way is None or place is None:
        return path(view)
    blocks: list[Block] = [
        (ui("offers.entry", title=title(place.step.id)), Text(f"path.steps.{place.step.id}.text")),
        (*_standing(view, way, place), *_days(view, place), *_reasons(place)),
        _facts(place.step, place),
    ]
    rows: list[Row] = []
    if place.step.id in way.ticks:
        on = place.step.id not in way.marked
        label = ui("button.step_done" if on else "button.step_undone")
        rows.append((Button(label, f"ticked.{place.step.id}.{int(on)}", "✅" if on else "↩️"),))
    rows += _changes(view, way, place.step.id)
    shown = () if place.state is State.DONE else view.found.offers
    _, offers, apart = parted(view.content, view.language, "", shown)
    if offers:
        blocks.append((ui("path.offers"),))
        rows += [
            (Button(Text(f"offers.{one.offer.id}.title"), f"offer.{one.offer.id}", "🗂"),)
            for one in offers[:MOST_OFFERS]
        ]
    count, to_them = counted(apart, f"offers.courses.{GERMAN}0")
    blocks, rows = [*blocks, *count], [*rows, *to_them]
    if place.step.link:
        rows.append((LinkButton(ui("button.link"), place.step.link),))
    back: Row = (Button(ui("button.path"), "path.0", "◀️"),)
    return Screen(tuple(one for one in blocks if one), (*rows, back))


def _changes(view: View, way: Way, *steps: str) -> list[Row]:
    """The questions that decide about steps, each with a button to change its answer."""
    names = dict.fromkeys(name for one in steps for name in way.decisive.get(one, ()))
    return packed(view, [Button(_called(view, one), f"change.{one}", "✏️") for one in names])


def _called(view: View, question: str) -> Text:
    return Text(f"{view.whole.by_id[question].key}.short")


def _standing(view: View, way: Way, place: Place) -> Block:
    """How far the person is with it."""
    if place.state is State.DONE:
        return (ui("path.is_done"),)
    if place.state is State.RUNNING and place.over is not None:
        return (ui("path.running", day=place.over),)
    waits: Block = (ui("path.waits", steps=Listing(tuple(map(title, place.waits)))),) if place.waits else ()
    return (*waits, *_lacks(view, way, [place])) or (ui("path.possible"),)


def _lacks(view: View, way: Way, places: Sequence[Place]) -> Block:
    """What must be answered before anything can be computed."""
    names = dict.fromkeys(name for one in places if one.lacking for name in way.decisive.get(one.step.id, ()))
    return (ui("path.lacks", what=Listing(tuple(_called(view, one) for one in names))),) if names else ()


def _days(view: View, place: Place) -> Block:
    """When it can begin, and by when it has to."""
    lines: list[Text] = []
    opening = place.opening
    if opening is not None and opening.opens == opening.closes:
        lines.append(ui("path.starts", day=opening.opens))
    elif opening is not None and opening.opens > view.today:
        lines.append(ui("path.window", start=opening.opens, day=opening.closes))
    elif place.earliest is not None and place.state is State.LATER:
        lines.append(ui("path.earliest", month=Month(place.earliest.year, place.earliest.month)))
    own_end = opening is not None and place.latest == opening.closes and bool(lines)
    if place.latest is not None and not own_end:
        lines.append(ui("path.until_vague" if place.vague else "path.until", day=place.latest))
    return tuple(lines)


def _reasons(place: Place) -> Block:
    missed: Block = (ui("path.missed", day=place.missed),) if place.missed is not None else ()
    return (*because(place), *missed)


def _facts(of: Step, place: Place) -> Block:
    """How long it takes, what it needs, who decides, and whether that is certain."""
    lines: list[Text] = [_length(of.lasts)] if of.lasts is not None else []
    if of.lasts is None and place.state in OPEN and not of.windows:
        lines.append(ui("path.lasts_unknown"))
    if of.papers:
        lines.append(ui("path.papers", papers=papers(place)))
    if of.office:
        lines.append(ui("path.office", office=Words(of.office)))
    if not of.checked:
        lines.append(ui("path.unchecked"))
    return tuple(lines)


def _length(lasts: Length) -> Text:
    return ui(f"path.lasts_{lasts.unit}", count=lasts.number)
