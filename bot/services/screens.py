"""Every screen of the conversation as a value: what stands on it and what its buttons do. Pure.

The action of a button is `<verb>` or `<verb>.<argument>...`; `bot.services.taps` knows what each verb does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core import engine
from bot.core.engine import Answer, State, Status
from bot.core.message import Argument, Button, LinkButton, Listing, Screen, Text, Words
from bot.core.questionnaire import Kind, Question

LANGUAGE = "language"
AGE = "age"
NOTICE = "privacy_notice"
CONSENTS_START = "consents_start"
QUESTIONS = "questions"
CONSENTS_END = "consents_end"
DONE = "done"
# Detours: they lie over the place for a while.
PROFILE = "profile"
PAUSED = "paused"
HELP = "help"
IMPRINT = "imprint"
PRIVACY = "privacy"
FORGET = "forget"

NEEDS_CONSENTS = frozenset({CONSENTS_START, CONSENTS_END, PRIVACY})
BAR = 10
"""Signs in the progress bar."""
SHORT_LABEL = 14
"""Buttons up to this many characters may stand two in a row; of scales with short names, three."""
TINY_LABEL = 8

Row = tuple[Button | LinkButton, ...]
Block = tuple[Text | Words, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What a screen is built from."""

    content: Content
    language: str
    state: State | None = None
    consents: Mapping[str, datetime] | None = None
    phone_language: str | None = None


def build(place: str, view: View) -> Screen:
    """The screen of a place."""
    return _SCREENS[place](view)


def ui(key: str, /, count: int | None = None, **args: Argument) -> Text:
    """One of the bot's own texts."""
    return Text(f"ui.{key}", args, count)


def town(key: str) -> Text:
    """A text of the town."""
    return Text(f"town.{key}")


def young(content: Content) -> Screen:
    """The last word to somebody under 16: nothing is stored, here is a person who helps."""
    advice = content.town.advice_under_16
    help_lines: Block = (
        ui("young.who", who=town("advice_under_16.who")),
        ui("contact.phone", phone=Words(advice.phone)),
    )
    return Screen(((ui("young.text"),), help_lines), ((LinkButton(ui("button.map"), advice.map),),))


def refused() -> Screen:
    """The last word to somebody who does not consent."""
    return Screen(((ui("refused.text"),),))


def erased() -> Screen:
    """The last word after everything was erased."""
    return Screen(((ui("forget.done"),),))


def nothing_stored() -> Screen:
    """The answer to /forget of somebody we do not know."""
    return Screen(((ui("forget.nothing"),),))


def shown_value(content: Content, question: Question, given: Answer) -> Argument:
    """An answer as a summary shows it."""
    if given.status is not Status.GIVEN or given.value is None:
        return ui("summary.declined" if given.status is Status.DECLINED else "summary.skipped")
    value = given.value
    if isinstance(value, tuple):
        return Listing(tuple(option_text(content, question, option) for option in value))
    if isinstance(value, int):
        unit = f"questionnaire.{question.id}.unit"
        return Text(unit, count=value) if content.texts.has(SOURCE_LANGUAGE, unit) else value
    return option_text(content, question, value) if question.kind.has_options else Words(value)


def option_text(content: Content, question: Question, option: str) -> Text:
    """The text of an option."""
    return Text(content.texts.option_key(question.id, option))


# ---- the places of the conversation


def _language(view: View) -> Screen:
    offered = view.content.languages
    phone = (view.phone_language or view.language).split("-")[0]
    ordered = sorted(offered, key=lambda one: one != phone)  # stable: the town's order behind the phone's language
    lines = tuple(Text("ui.language.ask", language=one) for one in ordered)
    return Screen(
        (lines,), tuple((Button(Text("ui.language.name", language=one), f"lang.{one}"),) for one in ordered)
    )


def _age(view: View) -> Screen:
    del view
    return Screen(
        ((ui("age.ask"),), (ui("age.why"),)),
        ((Button(ui("age.yes"), "age.yes"),), (Button(ui("age.no"), "age.no"),)),
    )


def _notice(view: View) -> Screen:
    return Screen(
        ((town("privacy.notice"),), (ui("consent.ask"),)),
        (
            (Button(ui("consent.yes"), "storage.yes"),),
            (Button(ui("consent.no"), "storage.no"),),
            (LinkButton(ui("consent.more"), view.content.town.privacy.url),),
        ),
    )


def asked_purposes(content: Content, ask: str) -> list[str]:
    """The purposes that are asked about before (`start`) or after (`end`) the questions."""
    return [one.id for one in content.town.consents if one.ask == ask and not one.required]


def _consents(ask: str) -> Callable[[View], Screen]:
    def screen(view: View) -> Screen:
        given = view.consents or {}
        purposes = asked_purposes(view.content, ask)
        lines = tuple(
            (ui("consent.purpose", title=town(f"consents.{one}.title"), text=town(f"consents.{one}.text")),)
            for one in purposes
        )
        rows = tuple((_switch(one, on=one in given),) for one in purposes)
        return Screen(((ui(f"consent.{ask}"),), *lines), (*rows, (Button(ui("consent.next"), "next", "➡️"),)))

    return screen


def _switch(purpose: str, *, on: bool) -> Button:
    return Button(town(f"consents.{purpose}.title"), f"agree.{purpose}.{int(not on)}", "✅" if on else "⬜")


def _questions(view: View) -> Screen:
    state = view.state
    if state is None or state.at is None:
        return _summary(view)
    questionnaire = view.content.questionnaire
    question = questionnaire.by_id[state.at]
    key = f"questionnaire.{question.id}"
    n, total = engine.progress(questionnaire, state)
    filled = BAR * (n - 1) // total
    bar = "▰" * filled + "▱" * (BAR - filled)
    head = ui(
        "card.head",
        bar=Words(bar),
        n=n,
        total=total,
        section=Text(f"questionnaire.section.{question.section}"),
    )
    ask: Block = (ui("card.ask", question=Text(f"{key}.ask")),)
    if view.content.texts.has(SOURCE_LANGUAGE, f"{key}.hint"):
        ask = (*ask, Text(f"{key}.hint"))
    blocks: tuple[Block, ...] = ((head,), ask)
    if question.sensitive:
        blocks = (*blocks, (ui("card.why", why=Text(f"{key}.why")),))
    given = state.answers.get(question.id)
    if given is not None and (given.value is None or not question.kind.has_options):
        blocks = (*blocks, (ui("card.answer", value=shown_value(view.content, question, given)),))
    return Screen(blocks, (*_answers(view, question, state), _navigation(view, question, state)))


def _answers(view: View, question: Question, state: State) -> tuple[Row, ...]:
    given = state.answers.get(question.id)
    chosen = given.value if given is not None else None
    rows: list[Row]
    if question.kind is Kind.MULTIPLE:
        rows = [(_tick(view, question, option.id, on=option.id in state.draft),) for option in question.options]
        rows.append((Button(ui("button.done"), "done", "➡️"),))
    else:
        buttons = [
            Button(
                option_text(view.content, question, option.id), f"o.{option.id}", "✓" if option.id == chosen else ""
            )
            for option in question.options
        ]
        rows = _packed(view, buttons)
    if question.sensitive:
        rows.append((Button(ui("button.decline"), "decline"),))
    if not state.returning and engine.frontier(view.content.questionnaire, state.answers) != question.id:
        rows.append((Button(ui("button.forward"), "forward", "▶️"),))
    return tuple(rows)


def _tick(view: View, question: Question, option: str, *, on: bool) -> Button:
    return Button(option_text(view.content, question, option), f"t.{option}.{int(not on)}", "✅" if on else "⬜")


def _packed(view: View, buttons: list[Button]) -> list[Row]:
    """Neighbours with short labels share a row: two short ones, or three tiny ones of at least three."""
    shares = [_share(view.content.texts.label(view.language, button.label)) for button in buttons]
    rows: list[Row] = []
    for share, run in groupby(zip(_evened(shares), buttons, strict=True), key=itemgetter(0)):
        row = [button for _, button in run]
        rows += [tuple(row[start : start + share]) for start in range(0, len(row), share)]
    return rows


def _share(label: str) -> int:
    return 3 if len(label) <= TINY_LABEL else 2 if len(label) <= SHORT_LABEL else 1


def _evened(shares: list[int]) -> list[int]:
    """A few tiny labels do not fill a row of three: they count as short."""
    runs = [list(run) for _, run in groupby(shares)]
    return [min(share, 2) if len(run) < share else share for run in runs for share in run]


def _navigation(view: View, question: Question, state: State) -> Row:
    questionnaire = view.content.questionnaire
    row: list[Button] = []
    if state.returning or engine.path(questionnaire, state.answers)[0] != question.id:
        row.append(Button(ui("button.back"), "back", "◀️"))
    if question.optional:
        row.append(Button(ui("button.skip"), "skip"))
    row.append(Button(ui("button.pause"), "pause", "⏸"))
    return tuple(row)


def _summary(view: View) -> Screen:
    questionnaire = view.content.questionnaire
    answers = view.state.answers if view.state is not None else {}
    counted = engine.counting(questionnaire, answers)
    lines: list[Text | Words] = []
    buttons: list[Button] = []
    for name, given in counted.items():
        short = Text(f"questionnaire.{name}.short")
        lines.append(
            ui("summary.line", label=short, value=shown_value(view.content, questionnaire.by_id[name], given))
        )
        buttons.append(Button(short, f"change.{name}", "✏️"))
    complete = engine.frontier(questionnaire, answers) is None
    title = ui("summary.title" if complete else "summary.unfinished")
    last = Button(ui("summary.confirm"), "confirm", "✅") if complete else Button(ui("button.resume"), "resume", "▶️")
    pairs = _packed(view, buttons)
    return Screen(((title,), tuple(lines)) if lines else ((title,),), (*pairs, (last,)))


def _done(view: View) -> Screen:
    office = view.content.town.office
    what: Block = (
        ui("done.next", what=town("next.what")),
        ui("done.who", who=town("next.who"), within=town("next.within")),
    )
    place: Block = (
        ui("done.office", name=town("office.name")),
        ui("contact.address", address=Words(office.address)),
        ui("contact.hours", hours=town("office.hours")),
        ui("contact.phone", phone=Words(office.phone)),
        ui("contact.email", email=Words(office.email)),
    )
    return Screen(
        ((ui("done.title"),), what, place, (ui("done.ask"),)),
        (
            (LinkButton(ui("button.map"), office.map),),
            (Button(ui("button.profile"), "profile", "📝"),),
            (Button(ui("button.privacy"), "privacy", "🔒"),),
        ),
    )


# ---- detours


def _paused(view: View) -> Screen:
    del view
    return Screen(((ui("paused.text"),),), _return())


def _help(view: View) -> Screen:
    del view
    return Screen(((ui("help.text"),), (ui("help.commands"),)), _return())


def _imprint(view: View) -> Screen:
    imprint = view.content.town.imprint
    lines: Block = (
        ui("imprint.operator", operator=town("imprint.operator")),
        ui("contact.address", address=Words(imprint.contact.address)),
        ui("contact.phone", phone=Words(imprint.contact.phone)),
        ui("contact.email", email=Words(imprint.contact.email)),
        ui("imprint.responsible", responsible=Words(imprint.responsible)),
    )
    return Screen(((ui("imprint.title"),), lines), _return())


def _privacy(view: View) -> Screen:
    privacy = view.content.town.privacy
    blocks: list[Block] = [
        (ui("privacy.title"),),
        (town("privacy.details"), ui("privacy.officer", officer=Words(privacy.officer))),
    ]
    rows: list[Row] = []
    if view.state is not None:
        given = view.consents or {}
        required = view.content.town.consents[0].id
        blocks.append(
            (
                ui("consent.recipients", recipients=town(f"consents.{required}.recipients")),
                ui("consent.retention", retention=town(f"consents.{required}.retention")),
            )
        )
        blocks.append(tuple(_stand(view, one.id) for one in view.content.town.consents))
        blocks.append((ui("privacy.switches"),))
        rows = [(_switch(one.id, on=one.id in given),) for one in view.content.town.consents]
    rows.append((LinkButton(ui("consent.more"), privacy.url),))
    return Screen(tuple(blocks), (*rows, *_return()))


def _stand(view: View, purpose: str) -> Text:
    since = (view.consents or {}).get(purpose)
    title = town(f"consents.{purpose}.title")
    if since is None:
        return ui("privacy.refused", title=title)
    return ui("privacy.since", title=title, date=_local_day(since, view.content.town.zone))


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _forget(view: View) -> Screen:
    del view
    return Screen(
        ((ui("forget.ask"),),),
        ((Button(ui("forget.no"), "resume"),), (Button(ui("forget.yes"), "forget", "🗑"),)),
    )


def _return() -> tuple[Row, ...]:
    return ((Button(ui("button.resume"), "resume", "▶️"),),)


_SCREENS: dict[str, Callable[[View], Screen]] = {
    LANGUAGE: _language,
    AGE: _age,
    NOTICE: _notice,
    CONSENTS_START: _consents("start"),
    QUESTIONS: _questions,
    CONSENTS_END: _consents("end"),
    DONE: _done,
    PROFILE: _summary,
    PAUSED: _paused,
    HELP: _help,
    IMPRINT: _imprint,
    PRIVACY: _privacy,
    FORGET: _forget,
}
PLACES = tuple(_SCREENS)
"""Every place there is."""
