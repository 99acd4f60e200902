"""The screens about offers, and every reminder of each offer, as long as they can get: for the rehearsal. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.content.loader import Content
from bot.content.rich import utf16
from bot.content.voice import UnsayableError
from bot.core.conditions import Fact, Test, questions_in
from bot.core.message import Argument, Screen, Text, Words
from bot.core.offers import Kind, Need, Offer
from bot.core.reminders import Anchor, Rule
from bot.services import places, screens
from bot.services.offers import reasons
from bot.services.offers.offer_screens import LISTED, MOST_DATES, PAGE
from bot.services.offers.reasons import Answers
from bot.services.offers.shown import Date, Fit, Match, Own, Shown, Standing
from bot.services.openings import digests
from bot.services.reminders import old_answers
from bot.services.view import Found, View, ui

LARGEST_ID = 2**31
MANY = 999
EVENING = datetime(2026, 12, 30, 20, 30)  # noqa: DTZ001 - local
"""A day with a long name."""
NOBODY = Answers(lambda _: None, {})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A screen with its name, and where its texts stand (file and line).

    `alike`: the same texts stand on it in every language, though buttons may share rows otherwise.
    """

    name: str
    build: Callable[[], Screen]
    place: tuple[str, int]
    alike: bool = False


def of_offers(view: View) -> Iterator[Rehearsed]:
    """Each card, and the fullest page of every list; `view` holds an answer to every question."""
    content = view.content
    every = [_shown(view, offer) for offer in content.offers.values()]
    # What a language lacks is told apart on a list, and is no next step in it.
    titles = [f"offers.{one}.title" for one in content.offers]
    alike = all(content.texts.has(language, title) for language in content.languages for title in titles)
    for one in every:
        place = content.texts.place(f"offers.{one.offer.id}.title")
        for build in _cards(view, one):
            yield Rehearsed(f"offer.{one.offer.id}", build, place, alike)
    file = f"{content.town.id}/offers.yaml"
    for name, kinds in LISTED.items():
        listed = [one for one in every if one.offer.kind in kinds]
        yield Rehearsed(f"offers.{name}", partial(_fullest, view, places.OFFERS, f"{name}.0", listed), (file, 1))
    yield Rehearsed(places.MINE, partial(_fullest, view, places.MINE, "0", every), (file, 1))


def _cards(view: View, one: Shown) -> Iterator[Callable[[], Screen]]:
    """With a seat that is kept, with none, without what it needs, and for somebody who is not asked yet.

    Nobody has agreed to anything.
    """
    show = replace(view, focus=one.offer.id)
    none = replace(one, own=None, dates=tuple(replace(date, own=None) for date in one.dates))
    for said in (
        replace(show, found=Found(offers=(one,))),
        replace(show, found=Found(offers=(none,))),
        replace(show, found=Found(offers=(_lacking(view, none),))),
        replace(show, found=Found(offers=(none,)), state=None),
    ):
        yield partial(screens.build, places.OFFER, said)


def _lacking(view: View, one: Shown) -> Shown:
    """Without what it needs, which every answer behind it could change."""
    asked = frozenset().union(*(questions_in(need.condition) for need in one.offer.needs))
    decisive = tuple(sorted(view.content.questionnaire.answered_for(asked)))
    return replace(one, match=replace(one.match, fit=Fit.OTHER), decisive=decisive)


def _fullest(view: View, place: str, focus: str, shown: Iterable[Shown]) -> Screen:
    """A page with those that take most room, under every heading there is."""

    def page(some: tuple[Shown, ...]) -> Screen:
        return screens.build(place, replace(view, focus=focus, found=Found(offers=some)))

    longest = sorted(shown, key=lambda one: _units(view, page((one,))), reverse=True)[:PAGE]
    fits = list(Fit)
    return page(
        tuple(
            replace(one, match=replace(one.match, fit=fits[number % len(fits)])) for number, one in enumerate(longest)
        )
    )


def _units(view: View, screen: Screen) -> int:
    """The room a screen takes; none where it cannot be said, which its card tells."""
    try:
        return utf16(view.content.texts.render(view.language, screen).text)
    except UnsayableError:
        return 0


def _shown(view: View, offer: Offer) -> Shown:
    """An offer with as much to say as there can be."""
    held = Own(LARGEST_ID, Standing.HELD, EVENING, MANY)
    of_date = held if offer.kind is Kind.EVENT else None
    date = Date(LARGEST_ID, EVENING, 90, _room(offer), seats=0, deadline=EVENING, own=of_date)
    return Shown(
        _match(view, offer),
        (date,) * min(len(offer.meetings), MOST_DATES),
        more_dates=MANY,
        seats=0,
        deadline=EVENING,
        own=held if offer.kind is Kind.COURSE else None,
        level=reasons.level(view.content, offer),
    )


def _match(view: View, offer: Offer) -> Match:
    """Every answer that can speak for it, and all that can be missing."""
    given = view.state.answers if view.state is not None else {}
    asked = frozenset().union(
        *(questions_in(one) for one in (*(need.condition for need in offer.needs), offer.suits))
    )
    answered = tuple(Need(Fact(name, Test.ANSWERED, operand=True)) for name in sorted(asked))
    of_all = Answers(lambda name: given[name].value, dict(given))
    because = reasons.match(view.content, replace(offer, needs=answered, suits=None), of_all).because
    return Match(offer, Fit.POSSIBLE, because, reasons.match(view.content, offer, NOBODY).missing)


def _room(offer: Offer) -> str:
    return max((one.room for one in offer.meetings), key=len, default="")


# -- reminders


def of_reminders(view: View) -> Iterator[Rehearsed]:
    """Every rule with the texts of each offer it can be about; `view` holds an answer to every question."""
    content = view.content
    for rule in content.reminders.values():
        key = rule.text_key
        place = content.texts.place(key)
        if rule.anchor is Anchor.LAST_DAY:
            continue  # of no offer
        if rule.anchor is Anchor.OLD_ANSWER:
            yield Rehearsed(key, partial(_old_answers, view, rule), place)
            continue
        if rule.anchor is Anchor.NEW_OPENINGS:
            yield Rehearsed(key, partial(_digest, view, rule), place)
            continue
        below = ui("offers.full" if rule.anchor is Anchor.DEADLINE else "coming.later")
        for args in _all_args(content, rule):
            yield Rehearsed(key, partial(Screen, ((Text(key, args), below),)), place, alike=True)
            if rule.requested:
                asked = f"{key}.requested"
                said = partial(Screen, ((Text(asked, args),),))
                yield Rehearsed(asked, said, content.texts.place(asked), alike=True)


def _old_answers(view: View, rule: Rule) -> Screen:
    """As many answers as one message can have, the longest."""
    answers = view.state.answers if view.state is not None else {}

    def page(names: Sequence[str]) -> Screen:
        return old_answers.screen(view.content, rule, names, answers, view.given_at)

    longest = sorted(view.found.again, key=lambda one: _units(view, page((one,))), reverse=True)
    return page(longest[: old_answers.MOST])


def _digest(view: View, rule: Rule) -> Screen:
    """As many openings as one message can name, the longest."""

    def page(matches: Sequence[Match]) -> Screen:
        return digests.screen(rule, matches)

    matches = [_match(view, one) for one in view.content.offers.values() if one.kind is Kind.OPENING]
    return page(sorted(matches, key=lambda one: _units(view, page((one,))), reverse=True)[: rule.most])


def _all_args(content: Content, rule: Rule) -> Iterator[dict[str, Argument]]:
    if rule.anchor is Anchor.UNFINISHED:
        yield {}
        return
    for offer in content.offers.values():
        if offer.kind in rule.kinds:
            yield {name: argument(offer) for name, argument in _FILLED[rule.anchor].items()}


def _title(offer: Offer) -> Argument:
    return Text(f"offers.{offer.id}.title")


def _where(offer: Offer) -> Argument:
    if offer.place is None:
        return Words(_room(offer) or "-")
    return ui("offers.place_room", place=Text(f"offers.{offer.id}.place"), room=Words(_room(offer) or "-"))


def _evening(_: Offer) -> Argument:
    return EVENING


_OF_A_MEETING: dict[str, Callable[[Offer], Argument]] = {"title": _title, "when": _evening, "where": _where}
_FILLED: dict[Anchor, dict[str, Callable[[Offer], Argument]]] = {
    Anchor.MEETING: _OF_A_MEETING,
    Anchor.FIRST_MEETING: _OF_A_MEETING,
    Anchor.CHANGED_MEETING: _OF_A_MEETING,
    Anchor.HELD: {"title": _title, "until": _evening},
    Anchor.FINISHED: {"title": _title},
    Anchor.DEADLINE: {"title": _title, "when": _evening, "until": _evening},
}
"""What `bot.services.deliveries.saying` fills in."""
