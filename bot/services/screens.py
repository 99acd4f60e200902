"""Every screen of the conversation as a value: what stands on it and what its buttons do. Pure.

The action of a button is `<verb>` or `<verb>.<argument>...`; `bot.services.taps` knows what each verb does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.content.loader import Content
from bot.core.folding import number
from bot.core.message import Button, LinkButton, Screen, Text, Words
from bot.core.offers import Kind
from bot.core.reminders import PURPOSES, Topic
from bot.services import places
from bot.services.offers.next_steps import next_steps, office
from bot.services.offers.offer_screens import GERMAN, LISTED, TO_EVERY_LIST, mine, offer_card, offer_list, parted
from bot.services.openings.opening_screens import ASK, asking_card, can_be_asked, opening_card
from bot.services.path.path_screens import ENTRY as TO_PATH
from bot.services.path.path_screens import path, step
from bot.services.phones import code_screens, phone
from bot.services.preferences.settings_screen import settings
from bot.services.questions.question_card import question_card
from bot.services.questions.summary import sentence, summary
from bot.services.rights import consent_texts
from bot.services.rights.privacy_screen import privacy, switch, terms
from bot.services.staff.texts import staff_text
from bot.services.threads.talk_card import TALK_BUTTON, talk_card
from bot.services.view import RESUME, Block, Row, View, month_of, town, ui


def build(place: str, view: View) -> Screen:
    """The screen of a place. On every card of a participant the last button leads to a human.

    Not below a code that is shown once: another card in its place would take it away.
    """
    screen = _SCREENS[place](view)
    if view.state is None or place in places.WITHOUT_TALK or (place, view.focus) == (places.PAPER, code_screens.NEW):
        return screen
    return replace(screen, rows=(*screen.rows, TALK_BUTTON))


def young(content: Content) -> Screen:
    """Somebody under 16: here is a person who helps, and what the code is for; it stands above."""
    advice = content.town.advice_under_16
    help_lines: Block = (
        ui("young.who", who=town("advice_under_16.who")),
        ui("contact.phone", phone=Words(advice.phone)),
    )
    how: Block = (ui("young.how"), ui("young.stored"))
    return Screen(((ui("young.text"),), help_lines, how), ((LinkButton(ui("button.map"), advice.map),),))


def refused() -> Screen:
    """The last word to somebody who does not consent."""
    return Screen(((ui("refused.text"),),))


def erased(*, proven: bool) -> Screen:
    """The last word after everything was erased; `proven`: a proof of what they had agreed to stays."""
    return Screen(((ui("forget.done"),), *(((ui("forget.proof"),),) if proven else ())))


def nothing_stored() -> Screen:
    """The answer to /forget of somebody we do not know."""
    return Screen(((ui("forget.nothing"),),))


# ---- the places of the conversation


def _language(view: View) -> Screen:
    offered = view.content.languages
    phone = (view.phone_language or view.language).split("-")[0]
    ordered = sorted(offered, key=lambda one: one != phone)  # stable: the town's order behind the phone's language
    # A language that nobody has begun to translate has its name on a button only; German is said once.
    said = [one for one in ordered if view.content.texts.has(one, "ui.language.ask")]
    lines = tuple(Text("ui.language.ask", language=one) for one in said)
    return Screen(
        (lines,), tuple((Button(Text("ui.language.name", language=one), f"lang.{one}"),) for one in ordered)
    )


def _age(view: View) -> Screen:
    del view
    return Screen(
        ((ui("age.ask"),), (ui("age.why"),)),
        (
            (Button(ui("age.yes"), "age.yes"),),
            (Button(ui("age.no"), "age.no"),),
            (Button(ui("button.code"), "code", "📄"),),
        ),
    )


def _young(view: View) -> Screen:
    """The code's card: another code, a wrong tap undone, and on a shared phone the way back to the others."""
    rows: list[Row] = [
        (Button(ui("button.young_code"), "young_code", "🔁"),),
        (Button(ui("button.old_enough"), "age.yes", "↩️"),),
    ]
    if view.people:
        rows.append((Button(ui("button.people"), "people", "👥"),))
    shown = young(view.content)
    return replace(shown, rows=(*shown.rows, *rows))


def _notice(view: View) -> Screen:
    first = view.content.town.consents[0].id
    return Screen(
        ((town("privacy.notice"),), (ui("consent.ask"),)),
        (
            (Button(ui("consent.yes"), f"storage.{consent_texts.mark(view.content, first, view.language)}"),),
            (Button(ui("consent.no"), "storage.no"),),
            (LinkButton(ui("consent.more"), view.content.town.privacy.url),),
        ),
    )


def asked_purposes(content: Content, ask: str) -> list[str]:
    """The purposes that are asked about before (`start`) or after (`end`) the questions."""
    return [one.id for one in content.town.consents if one.ask == ask and not one.required]


def _consents(ask: str) -> Callable[[View], Screen]:
    def screen(view: View) -> Screen:
        purposes = asked_purposes(view.content, ask)
        return _asked(view, ui(f"consent.{ask}"), purposes, Button(ui("consent.next"), "next", "➡️"))

    return screen


def _asked_anew(view: View) -> Screen:
    purposes = [one.id for one in view.content.town.consents if one.id == view.focus]
    return _asked(view, ui("consent.anew"), purposes, Button(ui("consent.next"), "resume", "➡️"))


def _asked(view: View, head: Text, purposes: Sequence[str], way_on: Button) -> Screen:
    """Purposes with their texts, each with its switch."""
    given = view.found.consents
    lines = tuple(terms(view.content, one) for one in purposes)
    return Screen(((head,), *lines), (*((switch(view, one, on=one in given),) for one in purposes), (way_on,)))


def _done(view: View) -> Screen:
    what: Block = (
        ui("done.next", what=town("next.what")),
        ui("done.who", who=town("next.who"), within=town("next.within")),
    )
    more: tuple[Block, ...] = ((ui("done.more", count=len(view.found.news)),),) if view.found.news else ()
    tell: tuple[Row, ...] = ((Button(ui("button.more"), "more", "➕"),),) if view.found.news else ()
    return Screen(
        ((ui("done.title"),), what, office(view.content), *more, (ui("done.ask"),)),
        (
            *tell,
            *((TO_PATH,) if view.content.road is not None else ()),
            *TO_EVERY_LIST,
            (LinkButton(ui("button.map"), view.content.town.office.map),),
            (Button(ui("button.profile"), "profile", "📝"),),
            (Button(ui("button.privacy"), "privacy", "🔒"),),
        ),
    )


def _merged(view: View) -> Screen:
    """Where to write from now on, and what to do if it is a mistake."""
    return Screen(
        ((ui("merged.title"),), (ui("merged.where"),), (ui("merged.wrong"), *office(view.content))),
        ((LinkButton(ui("button.map"), view.content.town.office.map),),),
    )


def _partner(view: View) -> Screen:
    return Screen(((staff_text("partner.here"),), office(view.content)))


# ---- detours


def _paused(view: View) -> Screen:
    del view
    return Screen(((ui("paused.text"),),), (RESUME,))


def _help(view: View) -> Screen:
    more: Block = (ui("help.path"),) if view.content.road is not None else ()
    return Screen(((ui("help.text"),), (ui("help.commands"), ui("help.people"), *more)), (RESUME,))


def _imprint(view: View) -> Screen:
    imprint = view.content.town.imprint
    lines: Block = (
        ui("imprint.operator", operator=town("imprint.operator")),
        ui("contact.address", address=Words(imprint.contact.address)),
        ui("contact.phone", phone=Words(imprint.contact.phone)),
        ui("contact.email", email=Words(imprint.contact.email)),
        ui("imprint.responsible", responsible=Words(imprint.responsible)),
    )
    return Screen(((ui("imprint.title"),), lines), (RESUME,))


def _forget(view: View) -> Screen:
    proof: tuple[Block, ...] = ((ui("forget.proof"),),) if view.state is not None else ()
    alone = phone.alone(view.people, view.person)
    return Screen(
        ((ui("forget.ask") if alone is None else alone,), *proof),
        ((Button(ui("forget.no"), "resume"),), (Button(ui("forget.yes"), "forget", "🗑"),)),
    )


def _again(view: View) -> Screen:
    """Answers that have got old: one tap says that they are all still true."""
    by_id = view.content.questionnaire.by_id
    answers = view.state.answers if view.state is not None else {}
    lines = tuple(
        ui(
            "again.line",
            sentence=sentence(view.content, by_id[name], answers[name]),
            month=month_of(view.content, view.given_at[name]),
        )
        for name in view.found.again
    )
    rows: tuple[Row, ...] = ((Button(ui("button.still"), "still", "✅"),), (Button(ui("button.go"), "go", "✏️"),))
    return Screen(((ui("again.title"),), lines, (ui("again.ask"),)), (*rows, (Button(ui("button.later"), "later"),)))


def _more(view: View) -> Screen:
    """Questions that are new to somebody who had finished."""
    return Screen(
        ((ui("more.title", count=len(view.found.news)),), (ui("more.why"),)),
        ((Button(ui("button.now"), "more", "➡️"),), (Button(ui("button.later"), "later"),)),
    )


def _offers(view: View) -> Screen:
    name, _, page = view.focus.partition(".")
    begins, here, apart = parted(view.content, view.language, page, view.found.offers)
    return offer_list(name if name in LISTED else "courses", _number(page), here, apart, begins)


def _offer(view: View) -> Screen:
    """One offer; the list, if it is gone by now."""
    if not view.found.offers:
        return offer_list("courses", 0, ())
    asked = any(one.id == PURPOSES[Topic.OWN] for one in view.content.town.consents)
    unasked = asked and PURPOSES[Topic.OWN] not in view.found.consents
    silent = None
    if unasked:
        silent = terms(view.content, PURPOSES[Topic.OWN]), (switch(view, PURPOSES[Topic.OWN], on=False),)
    nameless = view.state is not None and view.messages.name is None
    shown, registers = view.found.offers[0], view.state is not None
    lacks = registers and not shown.match.open and not shown.owns and shown.interest is None
    steps = next_steps(view, shown) if lacks else None
    if shown.offer.kind is Kind.OPENING:
        if registers and view.focus.split(".")[1:2] == [ASK] and can_be_asked(shown):
            return asking_card(view.content, view.language, shown)
        return opening_card(shown, registers=registers, steps=steps)
    return offer_card(shown, registers=registers, silent=silent, nameless=nameless, steps=steps)


def _mine(view: View) -> Screen:
    begins, here, apart = parted(view.content, view.language, view.focus, view.found.offers)
    screen = mine(here, _number(view.focus), () if begins else view.found.interests, apart, begins)
    return (
        screen if view.content.road is None else replace(screen, rows=(*screen.rows[:-1], TO_PATH, screen.rows[-1]))
    )


def _number(page: str) -> int:
    return number(page.removeprefix(GERMAN)) or 0


_SCREENS: dict[str, Callable[[View], Screen]] = {
    places.LANGUAGE: _language,
    places.AGE: _age,
    places.YOUNG: _young,
    places.NOTICE: _notice,
    places.CONSENTS_START: _consents("start"),
    places.QUESTIONS: question_card,
    places.CONSENTS_END: _consents("end"),
    places.DONE: _done,
    places.MERGED: _merged,
    places.PARTNER: _partner,
    places.MOVED: code_screens.moved,
    places.PROFILE: summary,
    places.PAUSED: _paused,
    places.HELP: _help,
    places.IMPRINT: _imprint,
    places.PRIVACY: privacy,
    places.FORGET: _forget,
    places.ASKED_ANEW: _asked_anew,
    places.AGAIN: _again,
    places.MORE: _more,
    places.OFFERS: _offers,
    places.OFFER: _offer,
    places.MINE: _mine,
    places.SETTINGS: settings,
    places.PATH: path,
    places.STEP: step,
    places.TALK: talk_card,
    places.PEOPLE: phone.everybody,
    places.PAPER: code_screens.paper,
    places.CODE: code_screens.code,
}
PLACES = tuple(_SCREENS)
"""Every place that is drawn here: all but the desk."""
