"""`/privacy`: a short card with what a person agreed to, and pages with more. Pure.

What a button does: `agree.<purpose>.<0 or 1>`, `privacy` (the short card), `about.<page>`, `mydata`,
`no_interest.<subject>`.
"""

from __future__ import annotations

from bot.content.town import TRANSLATION
from bot.core.message import Button, LinkButton, Screen, Text, Words
from bot.services.view import RESUME, Block, Row, View, interest_back, local_day, town, ui

STORED, SERVICES = "stored", "services"
PAGES = (STORED, SERVICES)
"""The pages behind the short card: what is stored, and who works with it."""
MYDATA: Row = (Button(ui("button.mydata"), "mydata", "📄"),)


def switch(purpose: str, *, on: bool) -> Button:
    """A button that gives a consent, or takes it back."""
    return Button(town(f"consents.{purpose}.title"), f"agree.{purpose}.{int(not on)}", "✅" if on else "⬜")


def about(purpose: str) -> Text:
    """What a consent is about."""
    return ui("consent.purpose", title=town(f"consents.{purpose}.title"), text=town(f"consents.{purpose}.text"))


def privacy(view: View) -> Screen:
    """The card, or the page that the person opened."""
    back: tuple[Row, ...] = (
        (Button(ui("button.privacy"), "privacy", "↩️"),),
        RESUME,
    )
    if view.focus == STORED:
        return Screen(tuple(_stored(view)), (*((MYDATA,) if view.state is not None else ()), *back))
    if view.focus == SERVICES:
        told = tuple(interest_back(one) for one in view.interests)
        return Screen(((ui("privacy.services"),), *_services(view)), (*told, *back))
    return _card(view)


def _card(view: View) -> Screen:
    notice = view.content.town.privacy
    blocks: list[Block] = [(ui("privacy.title"),)]
    rows: list[Row] = []
    if view.state is not None:
        given = view.consents or {}
        purposes = [one.id for one in view.content.town.consents]
        blocks += [tuple(_stand(view, one) for one in purposes)]
        blocks += [
            (about(one),) for one in purposes if one == TRANSLATION
        ]  # who gets the words is said with the switch
        blocks.append((ui("privacy.switches"),))
        rows = [(switch(one, on=one in given),) for one in purposes]
    else:
        blocks.append((town("privacy.notice"),))
    blocks.append((ui("privacy.officer", officer=Words(notice.officer)),))
    rows += [(Button(ui(f"button.{page}"), f"about.{page}", "🔎"),) for page in PAGES]
    rows += [MYDATA] if view.state is not None else []
    rows += [(LinkButton(ui("consent.more"), notice.url),), RESUME]
    return Screen(tuple(blocks), tuple(rows))


def _stand(view: View, purpose: str) -> Text:
    since = (view.consents or {}).get(purpose)
    title = town(f"consents.{purpose}.title")
    if since is None:
        return ui("privacy.refused", title=title)
    return ui("privacy.since", title=title, date=local_day(view.content, since))


def _stored(view: View) -> list[Block]:
    required = view.content.town.consents[0].id
    return [
        (town("privacy.details"),),
        (
            ui("consent.recipients", recipients=town(f"consents.{required}.recipients")),
            ui("consent.retention", retention=town(f"consents.{required}.retention")),
        ),
    ]


def _services(view: View) -> list[Block]:
    """Who works with what a person tells: the messenger, who runs the bot, a translator, partners."""
    blocks: list[Block] = [
        (ui("privacy.service_telegram"),),
        (ui("privacy.service_host", operator=town("imprint.operator")),),
    ]
    if view.translates:
        blocks.append((ui("privacy.service_machine"),))
    blocks += [(about(TRANSLATION),) for one in view.content.town.consents if one.id == TRANSLATION]
    if view.interests:
        lines = (ui("summary.line", label=Words(one.partner or ""), value=Words(one.words)) for one in view.interests)
        blocks.append((ui("privacy.partners"), *lines))
    return blocks
