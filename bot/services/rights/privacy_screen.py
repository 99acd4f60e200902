"""`/privacy`: a short card with what a person agreed to, and pages with more. Pure.

What a button does: `consent.<purpose>` (its card, where a yes is given), `agree.<purpose>.<which text, 0: no more>`,
`privacy` (the short card), `about.<page>`, `mydata`, `no_interest.<subject>`.
"""

from __future__ import annotations

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.town import TRANSLATION, Processor
from bot.core.message import Button, LinkButton, Screen, Text, Words
from bot.services.rights import consent_texts
from bot.services.view import RESUME, Block, Row, View, interest_back, local_day, town, ui

STORED, SERVICES = "stored", "services"
PAGES = (STORED, SERVICES)
"""The pages behind the short card: what is stored, and who works with it."""
CONSENT = "consent."
"""The focus of a consent's card begins with this; the purpose follows."""
MYDATA: Row = (Button(ui("button.mydata"), "mydata", "📄"),)


def switch(view: View, purpose: str, *, on: bool) -> Button:
    """A button that gives a consent, to the text as it is now, or takes it back."""
    action = f"agree.{purpose}.0" if on else _yes(view, purpose)
    return Button(town(f"consents.{purpose}.title"), action, "✅" if on else "⬜")


def _yes(view: View, purpose: str) -> str:
    return f"agree.{purpose}.{consent_texts.mark(view.content, purpose, view.language)}"


def _to_consent(purpose: str) -> Button:
    """The way to the card on which a consent is given: the short card does not say what it is about."""
    return Button(town(f"consents.{purpose}.title"), f"{CONSENT}{purpose}", "⬜")


def about(purpose: str) -> Text:
    """What a consent is about."""
    return ui("consent.purpose", title=town(f"consents.{purpose}.title"), text=town(f"consents.{purpose}.text"))


def terms(content: Content, purpose: str) -> Block:
    """Everything a yes covers: what it is about and, where the town says so, who sees it and for how long."""
    recipients, retention = (town(f"consents.{purpose}.{part}") for part in consent_texts.MORE)
    has = content.texts.has
    return (
        about(purpose),
        *((ui("consent.recipients", recipients=recipients),) if has(SOURCE_LANGUAGE, recipients.key) else ()),
        *((ui("consent.retention", retention=retention),) if has(SOURCE_LANGUAGE, retention.key) else ()),
    )


def privacy(view: View) -> Screen:
    """The card, or the page that the person opened."""
    back: tuple[Row, ...] = (
        (Button(ui("button.privacy"), "privacy", "↩️"),),
        RESUME,
    )
    if view.focus == STORED:
        return Screen(tuple(_stored(view)), (*((MYDATA,) if view.state is not None else ()), *back))
    if view.focus == SERVICES:
        told = tuple(interest_back(one) for one in view.found.interests)
        return Screen(((ui("privacy.services"),), *_services(view)), (*told, *back))
    if view.focus.removeprefix(CONSENT) in {one.id for one in view.content.town.consents}:
        return _consent(view, view.focus.removeprefix(CONSENT))
    return _card(view)


def _consent(view: View, purpose: str) -> Screen:
    """The whole text of a purpose, and the question."""
    yes, no = Button(ui("consent.yes"), _yes(view, purpose)), Button(ui("consent.no"), "privacy")
    return Screen((terms(view.content, purpose),), ((yes,), (no,), RESUME))


def _card(view: View) -> Screen:
    notice = view.content.town.privacy
    blocks: list[Block] = [(ui("privacy.title"),)]
    rows: list[Row] = []
    if view.person is not None and view.person.restricted_at is not None:
        since = local_day(view.content, view.person.restricted_at)
        blocks.append((ui("privacy.restricted", date=since),))
    if view.state is not None:
        given = view.found.consents
        purposes = [one.id for one in view.content.town.consents]
        blocks += [tuple(_stand(view, one) for one in purposes)]
        blocks.append((ui("privacy.switches"),))
        rows = [(switch(view, one, on=True) if one in given else _to_consent(one),) for one in purposes]
    else:
        blocks.append((town("privacy.notice"),))
    blocks.append((ui("privacy.officer", officer=Words(notice.officer)),))
    rows += [(Button(ui(f"button.{page}"), f"about.{page}", "🔎"),) for page in PAGES]
    rows += [MYDATA] if view.state is not None else []
    rows += [(LinkButton(ui("consent.more"), notice.url),), RESUME]
    return Screen(tuple(blocks), tuple(rows))


def _stand(view: View, purpose: str) -> Text:
    since = view.found.consents.get(purpose)
    title = town(f"consents.{purpose}.title")
    if since is None:
        return ui("privacy.refused", title=title)
    return ui("privacy.since", title=title, date=local_day(view.content, since))


def _stored(view: View) -> list[Block]:
    return [(town("privacy.details"),), terms(view.content, view.content.town.consents[0].id)]


def _processor(one: Processor) -> Text:
    """Who does what, and where they are: names stay as they are."""
    return ui("privacy.processor", work=ui(f"processor.{one.work}"), name=Words(one.name), seat=Words(one.seat))


def _services(view: View) -> list[Block]:
    """Who works with what a person tells: the messenger, who runs the bot, a translator, partners."""
    blocks: list[Block] = [
        (ui("privacy.service_telegram"),),
        (ui("privacy.service_host", operator=town("imprint.operator")),),
    ]
    if view.translates:
        blocks.append((ui("privacy.service_machine"),))
    if by_contract := view.content.town.processors:
        blocks.append((ui("privacy.processors"), *map(_processor, by_contract)))
    blocks += [(about(TRANSLATION),) for one in view.content.town.consents if one.id == TRANSLATION]
    if told := view.found.interests:
        lines = (ui("summary.line", label=Words(one.partner or ""), value=Words(one.words)) for one in told)
        blocks.append((ui("privacy.partners"), *lines))
    return blocks
