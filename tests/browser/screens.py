"""Every screen of the bot, as values and as pictures: `python -m tests.browser.screens [FOLDER]`.

The pictures are for people to check: one sheet for each language and one for the team's desk. Each screen is shown on
a phone 360 pixels wide.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.async_api import Browser, Locator
from telegram import Bot

from bot.content.loader import Content, load
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import Rich
from bot.core.engine import Answer, State, Status
from bot.core.message import Argument, Button, LinkButton, Screen, Short, Text, Words
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question
from bot.db.offers.meetings import Meeting
from bot.services import places, screens
from bot.services.buttons import of_card
from bot.services.deliveries import saying
from bot.services.rehearsals import rehearsed_offers
from bot.services.rights import privacy_screen
from bot.services.view import Found, View, ui
from bot.simulator.server import Simulator
from bot.telegram import calls
from tests.browser.chromium import NoChromium, started
from tests.browser.desk import PhoneView, desk_in
from tests.browser.staff_desk import staff_screens
from tests.running import CONTENT, TOKEN

TALL = {"width": 360, "height": 2200}
"""As wide as a small phone, and high enough for the longest screen."""
CUT = """message => [...message.querySelectorAll(".key")]
    .filter(key => { const label = key.querySelector(".label"); return label.scrollWidth > label.clientWidth; })
    .map(key => [Number(key.dataset.row), Number(key.dataset.column)])"""
"""Row and column of the buttons whose label ends in an ellipsis."""
AGREED = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = {
    "de": "Elektrotechnik",
    "en": "Nursing",
    "ar": "هندسة (Bau)",
    "fa": "مهندسی (Bau)",
    "fr": "génie civil",
    "ru": "строительство",
    "uk": "будівництво",
    "tr": "inşaat",
}
"""What a person writes when words are asked for."""


def all_screens(content: Content, language: str) -> Iterator[tuple[str, Screen]]:
    """Every place of the conversation and every question, each with a name."""

    def view(**more: Any) -> View:
        consents = {content.town.consents[0].id: AGREED, content.town.consents[-1].id: AGREED}
        by_id = content.questionnaire.by_id
        old = tuple(one for one in content.questionnaire.remembered if by_id[one].kind.is_answered)
        usual: dict[str, Any] = {
            "found": Found(consents, again=old, news=tuple(answers), has_said=True),
            "now": AGREED,
            "phone_language": language,
            "more": True,
            "given_at": dict.fromkeys(answers, AGREED),
        }
        return View(content, language, **(usual | more))

    answers = {one.id: _answered(one, language) for one in content.questionnaire.questions}
    for place in screens.PLACES:
        if place == places.QUESTIONS:
            yield from _questions(view, answers, content)
        else:
            yield place, screens.build(place, view(state=State(answers)))
    yield "unfinished", screens.build(places.PROFILE, view(state=State(dict(list(answers.items())[:3]))))
    yield "privacy of a stranger", screens.build(places.PRIVACY, view())
    for focus in (
        *privacy_screen.PAGES,
        *(f"{privacy_screen.CONSENT}{one.id}" for one in content.town.consents[1:3]),
    ):
        yield f"privacy {focus}", screens.build(places.PRIVACY, view(focus=focus))
    yield "refused", screens.refused()
    yield "erased", screens.erased(proven=True)
    yield "nothing stored", screens.nothing_stored()
    for focus in ("start", "end.22", "cap", "zone", "name"):
        yield f"settings {focus}", screens.build(places.SETTINGS, view(focus=focus))
    for one in rehearsed_offers.of_offers(view(state=State(answers))):
        yield one.name, one.build()
    yield from _letters(content)
    for key in _notices(content):
        yield key, Screen(((_said(content, key),),))


def _letters(content: Content) -> Iterator[tuple[str, Screen]]:
    """Messages sent by the bot itself, with their buttons, and every label on a button as wide as the screen."""
    words = ((ui("news.stale"),),)
    meeting = Meeting(1, "", "", AGREED, AGREED, "", None, None, False, (), 0, False)
    for rule in content.reminders.values():
        yield f"reminder {rule.id}", Screen(words, saying._buttons(rule, meeting))
    known: dict[str, Argument] = {"when": Short(rehearsed_offers.EVENING), "what": Words("…")}
    labels = [
        Text(key, {name: value for name, value in known.items() if f"{{{name}}}" in content.texts.source(key)})
        for key in content.texts.keys("ui.button.")
    ]
    rows = tuple((Button(label, f"label.{number}", "✅"),) for number, label in enumerate(labels))
    yield "labels", Screen(words, rows)


def _questions(view: Any, answers: dict[str, Answer], content: Content) -> Iterator[tuple[str, Screen]]:
    """Each question with earlier ones answered, so that it shows all its buttons."""
    for question in content.questionnaire.questions:
        if question.kind is Kind.COMPUTED:
            continue
        for number, draft in enumerate(_drafts(question)):
            name = f"question {question.id}" + (" again" if number else "")
            yield name, screens.build(places.QUESTIONS, view(state=State(answers, question.id, draft)))


def _drafts(question: Question) -> tuple[tuple[str, ...], ...]:
    """The draft on the card before it is answered: ticks, the year of a month, what a search found."""
    match question.kind:
        case Kind.MULTIPLE:
            return (tuple(option.id for option in question.options[:2]),)
        case Kind.MONTH_YEAR:
            return (), (str(AGREED.year),)
        case Kind.LIST:
            return (), (*(option.id for option in question.options[:4]), f"{OWN_WORDS}Deutsch 123")
    return ((),)


def _answered(question: Question, language: str) -> Answer:
    """A person's answer in that language. Sensitive questions are declined, optional ones skipped."""
    if question.sensitive:
        return Answer(Status.DECLINED, None)
    if question.optional:
        return Answer(Status.SKIPPED, None)
    if question.kind is Kind.NUMBER:
        return Answer(Status.GIVEN, max(question.minimum, 3))
    if question.kind is Kind.STATEMENT:
        return Answer(Status.GIVEN, SEEN)
    if question.kind is Kind.MONTH_YEAR:
        return Answer(Status.GIVEN, "2025-11")
    if question.kind is Kind.LIST:
        return Answer(Status.GIVEN, question.options[0].id)
    if question.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT}:
        return Answer(Status.GIVEN, WORDS.get(language, "Deutsch 123"))
    chosen = [option.id for option in question.options if not option.exclusive]
    return Answer(Status.GIVEN, tuple(chosen[:3]) if question.kind is Kind.MULTIPLE else chosen[0])


def _notices(content: Content) -> Iterator[str]:
    """The short texts above a card or in a toast."""
    for key in sorted(content.texts._sources):
        if key.startswith(("ui.notice.", "ui.problem.", "ui.trouble.", "ui.group.", "ui.consent.given", "ui.bot.")):
            yield key


def _said(content: Content, key: str) -> Text:
    arguments: dict[str, Argument] = {"minimum": 1, "maximum": 40, "n": 3}
    plural = len(content.texts._sources[key].forms) > 1
    return Text(key, {} if plural else arguments, count=3 if plural else None)


async def shown(bot: Bot, phone: PhoneView, rich: Rich) -> Locator:
    """Sends a rendered screen to the phone, as the bot does. Returns where it will be seen."""
    sent = await calls.send(bot, await phone.number(), rich, of_card(1))
    return phone.log.locator(f'[data-message="{sent.message}"]')


@contextlib.asynccontextmanager
async def small_phone(browser: Browser, language: str) -> AsyncIterator[tuple[Bot, PhoneView]]:
    """A phone in that language on a screen 360 pixels wide, and a bot that writes to it."""
    async with (
        Simulator(token=TOKEN) as simulator,
        Bot(TOKEN, base_url=f"{simulator.url}/bot") as bot,
        desk_in(browser, narrow=True, viewport=TALL) as desk,
    ):
        await desk.open(simulator.url)
        phone = await desk.add(language, "Amal")
        await phone.start()
        yield bot, phone


@dataclass(frozen=True)
class Cut:
    """A button whose label is cut off, with the name of its screen."""

    screen: str
    label: str
    button: Button | LinkButton


async def cut_labels(
    bot: Bot, phone: PhoneView, content: Content, language: str, named: Iterable[tuple[str, Screen]]
) -> list[Cut]:
    """Every button of these screens whose label is cut off."""
    drawn = [(name, screen, content.texts.render(language, screen)) for name, screen in named if screen.rows]
    seen = [(name, screen, rich, await shown(bot, phone, rich)) for name, screen, rich in drawn]
    return [
        Cut(name, rich.rows[row][column].label, screen.rows[row][column])
        for name, screen, rich, message in seen
        for row, column in await message.evaluate(CUT)
    ]


async def sheet(
    browser: Browser, content: Content, language: str, named: Iterable[tuple[str, Screen]]
) -> tuple[bytes, list[str]]:
    """The picture of these screens in a language, and a line for each label that is cut off."""
    figures = []
    cut = []
    async with small_phone(browser, language) as (bot, phone):
        for name, screen in named:
            rich = content.texts.render(language, screen)
            message = await shown(bot, phone, rich)
            picture = base64.b64encode(await message.screenshot(animations="disabled")).decode()
            words = html.escape(name)
            figures.append(
                f'<figure><img src="data:image/png;base64,{picture}"><figcaption>{words}</figcaption></figure>'
            )
            cut += [
                f"{language}  {name}  {rich.rows[row][column].label}" for row, column in await message.evaluate(CUT)
            ]
    return await _together(browser, figures), cut


async def _together(browser: Browser, figures: list[str]) -> bytes:
    style = (
        "body{margin:16px;columns:5;column-gap:16px;background:#bcd0de;font:13px sans-serif;width:1680px}"
        "figure{margin:0 0 18px;break-inside:avoid}img{display:block;max-width:100%}"
        "figcaption{margin-top:3px;color:#234}"
    )
    async with desk_in(browser) as desk:
        await desk.page.set_content(f"<!doctype html><style>{style}</style>{''.join(figures)}")
        return await desk.page.screenshot(full_page=True)


async def _written(content: Content, folder: Path) -> None:
    with TemporaryDirectory() as place:
        said, desk = staff_screens(content, Path(place))
    sheets = {one: (content, one, list(all_screens(content, one))) for one in content.languages}
    async with started() as browser:
        for name, (texts, language, screens_) in {**sheets, "staff": (said, SOURCE_LANGUAGE, desk)}.items():
            path = folder / f"{name}.png"
            picture, cut = await sheet(browser, texts, language, screens_)
            path.write_bytes(picture)
            sys.stdout.write("\n".join([str(path), *(f"  cut off: {line}" for line in cut), ""]))


def main(folder: Path) -> None:
    """Writes one sheet for each language and one for the desk into the folder. Says which labels are cut off."""
    content = load(CONTENT, "minden").content
    if content is None:
        sys.exit("The content has faults: lotse check")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_written(content, folder))
    except NoChromium as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"))
