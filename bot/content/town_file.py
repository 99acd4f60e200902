"""`town.yaml`: a town's data and texts. The schema here says which value is a text and which is plain data."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import fields
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.content.locales import SOURCE_LANGUAGE, locale_of
from bot.content.nodes import Table
from bot.content.office_file import read_office_hours
from bot.content.processors_file import read_processors
from bot.content.reader import ID, Reader
from bot.content.recurrence import RuleRefused, public_holidays
from bot.content.second_factor_file import read_second_factor
from bot.content.town import (
    LONGEST_INTEREST,
    TRANSLATION,
    Consent,
    Contact,
    FourEyes,
    Imprint,
    Privacy,
    Retention,
    Town,
)
from bot.core.roles import Right, Role, may
from bot.core.spans import SPAN, length_of
from bot.core.timing import Quiet, clock_time

NEEDED = [
    "id",
    "name",
    "project",
    "zone",
    "languages",
    "next",
    "office",
    "advice_under_16",
    "imprint",
    "privacy",
    "consents",
]
OPTIONAL = (
    "quiet",
    "weekly_cap",
    "holidays",
    "retention",
    "four_eyes",
    "office_hours",
    "second_factor",
    "processors",
)
CONSENT_NEEDED = ("id", "title", "text")
CONSENT_OPTIONAL = ("required", "ask", "partners", "recipients", "retention")
MOST_A_WEEK = 50
SOME_ZONE = "Europe/Berlin"
SHORTEST_INACTIVE = length_of("90 days")
SHORTEST, LONGEST = length_of("30 days"), length_of("10 years")
"""The longest time that past data may stay."""
_FOLDER = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_HTTPS = re.compile(r"https://[^\s\"<>]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[0-9][0-9 /()-]{4,}")


def read_town(reader: Reader, root: Table, folder: str) -> Town:
    """The town as far as it can be read. What cannot be read is a fault in the reader's report."""
    reader.keys(root, NEEDED, OPTIONAL, "The town")
    if not _FOLDER.fullmatch(folder):
        how = "Call it with small letters, digits, _ and -, 32 at most, a letter first"
        reader.error(root.lines.get("id", root.line), f"A town's folder cannot be called '{folder}'", how)
    if reader.string(root, "id", folder) != folder:
        reader.error(root.lines["id"], "The town's id is not its folder's name", f"Write 'id: {folder}'")
    _part(reader, root, "next", texts="who within what")
    office = _part(reader, root, "office", texts="name hours", data="address phone email map")
    advice = _part(reader, root, "advice_under_16", texts="who", data="phone map", possible="address email")
    imprint = _part(reader, root, "imprint", texts="operator", data="address phone email responsible")
    privacy = _part(reader, root, "privacy", texts="notice details", data="url officer")
    operator = reader.sources.get("town.imprint.operator")
    return Town(
        id=folder,
        name=reader.text(root, "name", "town.name"),
        project=reader.string(root, "project"),
        zone=_zone(reader, root),
        languages=_languages(reader, root),
        office=_contact(reader, office),
        advice_under_16=_contact(reader, advice),
        imprint=Imprint(
            operator=operator.forms[0] if operator else "",
            responsible=reader.string(imprint, "responsible"),
            contact=_contact(reader, imprint),
        ),
        privacy=Privacy(_matching(reader, privacy, "url", _HTTPS, "https://..."), reader.string(privacy, "officer")),
        consents=_consents(reader, root),
        quiet=_quiet(reader, root),
        weekly_cap=_weekly_cap(reader, root),
        holidays=_holidays(reader, root),
        retention=_retention(reader, root),
        four_eyes=_four_eyes(reader, root),
        office_hours=read_office_hours(reader, root),
        second_factor=read_second_factor(reader, root),
        processors=read_processors(reader, root),
    )


def _part(reader: Reader, root: Table, name: str, *, texts: str, data: str = "", possible: str = "") -> Table:
    """A part of the town, with its texts collected. Empty if it is missing."""
    table = reader.table(root, name)
    if table is None:
        return Table(root.line, {}, {})
    reader.keys(table, (texts + " " + data).split(), possible.split(), f"'{name}'")
    for text in texts.split():
        reader.text(table, text, f"town.{name}.{text}")
    return table


def _contact(reader: Reader, table: Table) -> Contact:
    return Contact(
        address=reader.string(table, "address"),
        phone=_matching(reader, table, "phone", _PHONE, "+49 ..."),
        email=_matching(reader, table, "email", _EMAIL, "name@example.org"),
        map=_matching(reader, table, "map", _HTTPS, "https://..."),
    )


def _matching(reader: Reader, table: Table, key: str, pattern: re.Pattern[str], example: str) -> str:
    value = reader.string(table, key)
    if value and not pattern.fullmatch(value):
        reader.error(table.lines[key], f"'{value}' cannot be used as '{key}'", f"Write it as {example}")
    return value


def _zone(reader: Reader, root: Table) -> str:
    """The zone. After a fault another zone, so that times computed in it can be checked, too."""
    zone = reader.string(root, "zone")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if zone:
            reader.error(root.lines["zone"], f"There is no time zone '{zone}'", f"Write it as {SOME_ZONE}")
        return SOME_ZONE
    return zone


def _languages(reader: Reader, root: Table) -> tuple[str, ...]:
    languages = reader.strings(root, "languages")
    for language in languages:
        if language.isalpha() and not language.islower():
            what = f"A language's code has small letters, and '{language}' has others"
            reader.error(root.lines["languages"], what, f"Write '{language.lower()}'")
        elif locale_of(language) is None:
            what = f"There is no language '{language}' in the language data (CLDR)"
            reader.error(root.lines["languages"], what, "Use its ISO 639 code, such as ar, fa, uk")
    if languages and SOURCE_LANGUAGE not in languages:
        reader.error(root.lines["languages"], "German is missing", "Add 'de': it is what the texts are written in")
    if len(set(languages)) < len(languages):
        reader.error(root.lines["languages"], "A language stands here twice", "Keep one of them")
    return tuple(language for language in languages if locale_of(language) is not None)


def _quiet(reader: Reader, root: Table) -> Quiet:
    """The hours in which nobody is written to."""
    table = reader.table(root, "quiet")
    if table is None:
        return Quiet()
    reader.keys(table, ("from", "until"), ("late_until",), "'quiet'")
    usual = Quiet()
    return Quiet(
        _clock_time(reader, table, "from", usual.start),
        _clock_time(reader, table, "until", usual.end),
        _clock_time(reader, table, "late_until", usual.late_end),
    )


def _clock_time(reader: Reader, table: Table, key: str, usual: time) -> time:
    words = reader.string(table, key)
    if not words:
        return usual
    try:
        return clock_time(words)
    except ValueError:
        reader.error(table.lines[key], f"'{words}' is no time of the day", "Write it as 21:00")
        return usual


def _weekly_cap(reader: Reader, root: Table) -> int:
    cap = reader.integer(root, "weekly_cap", 5)
    if not 1 <= cap <= MOST_A_WEEK:
        what = f"{cap} messages a week cannot be the most"
        reader.error(root.lines["weekly_cap"], what, f"Write a number from 1 to {MOST_A_WEEK}")
        return 5
    return cap


def _holidays(reader: Reader, root: Table) -> Container[date]:
    """The public holidays of the town."""
    table = reader.table(root, "holidays")
    if table is None:
        return frozenset()
    reader.keys(table, ("country",), ("region",), "'holidays'")
    try:
        return public_holidays(reader.string(table, "country"), reader.string(table, "region"))
    except RuleRefused as refused:
        reader.error(table, refused.what, refused.mend)
        return frozenset()


def _retention(reader: Reader, root: Table) -> Retention:
    """How long past data stays: at least a month, or people could be told the same thing twice."""
    table = reader.table(root, "retention")
    if table is None:
        return Retention()
    classes = tuple(field.name for field in fields(Retention))
    reader.keys(table, (), classes, "'retention'")
    usual = Retention()
    found = Retention(*(_length(reader, table, name, getattr(usual, name)) for name in classes))
    if found.inactive < SHORTEST_INACTIVE:
        what = "People who say nothing would be forgotten before they could answer"
        reader.error(table, what, "Let 'inactive' be 90 days, or longer")
    if found.interests > LONGEST_INTEREST:
        what = "An interest would stay longer than the text promises that people agree to"
        reader.error(table, what, "Let 'interests' be 6 months, or shorter")
    if found.registrations < found.deliveries:
        what = "A registration would go before what was said about it"
        reader.error(table, what, "Let 'registrations' be as long as 'deliveries', or longer")
    return found


def _four_eyes(reader: Reader, root: Table) -> FourEyes | None:
    """When a broadcast needs another member's yes."""
    table = reader.table(root, "four_eyes")
    if table is None:
        return None
    reader.keys(table, (), ("roles", "above"), "'four_eyes'")
    able = [one.value for one in Role if may(one, Right.SEND)]
    roles = reader.strings(table, "roles") if "roles" in table.entries else ()
    for role in roles:
        if role not in able:
            what = f"'{role}' is no role that writes to many"
            reader.error(table.lines["roles"], what, f"Name some of {', '.join(able)}")
    above = reader.integer(table, "above", 0) if "above" in table.entries else None
    if above is not None and above < 1:
        reader.error(table.lines["above"], f"{above} people cannot be the limit", "Write a number from 1 on")
    if not roles and above is None:
        reader.error(table, "'four_eyes' says neither 'roles' nor 'above'", "Write one of them, or leave it out")
    return FourEyes(frozenset(Role(one) for one in roles if one in able), above)


def _length(reader: Reader, table: Table, key: str, usual: timedelta) -> timedelta:
    words = reader.string(table, key)
    if not words:
        return usual
    length = length_of(words) if SPAN.fullmatch(words) else timedelta(0)
    if not SHORTEST <= length <= LONGEST:
        mend = "Write a length from '30 days' to '10 years', for example '12 months'"
        reader.error(table.lines[key], f"'{words}' cannot be kept as a length of time", mend)
        return usual
    return length


def _consents(reader: Reader, root: Table) -> tuple[Consent, ...]:
    consents: dict[str, Consent] = {}
    for table in reader.tables(root, "consents"):
        reader.keys(table, CONSENT_NEEDED, CONSENT_OPTIONAL, "A consent")
        consent_id = reader.ident(table, consents, ID)
        if consent_id is None:
            continue
        for text in ("title", "text", "recipients", "retention"):
            reader.text(table, text, f"town.consents.{consent_id}.{text}")
        required = reader.flag(table, "required")
        if required:  # what must be shown before anything is stored
            reader.keys(table, ("recipients", "retention"), table.entries, "The required consent")
        if consent_id == TRANSLATION:
            _check_translation(reader, table, required=required)
        if required is bool(consents):
            what = "The first consent, and only it, is the one without which nothing is stored"
            reader.error(table, what, "Put 'required: true' on the first consent only")
        partners = reader.flag(table, "partners")
        consents[consent_id] = Consent(consent_id, required, _when(reader, table), partners)
    return tuple(consents.values())


def _check_translation(reader: Reader, table: Table, *, required: bool) -> None:
    """The consent has to name the service. Without a service nobody is asked."""
    text = reader.sources.get(f"town.consents.{TRANSLATION}.text")
    if text is not None and not all("{service}" in form for form in text.forms):
        what = f"The consent '{TRANSLATION}' does not say which service gets people's words"
        reader.error(table.lines["text"], what, "Write {service} where its name belongs: it comes from TRANSLATOR")
    if required:
        what = f"The consent '{TRANSLATION}' cannot be required: without a service outside nobody is asked"
        reader.error(table.lines["required"], what, "Take 'required' away")


def _when(reader: Reader, table: Table) -> Literal["start", "end"]:
    match reader.string(table, "ask", "start"):
        case "start":
            return "start"
        case "end":
            return "end"
        case other:
            reader.error(table.lines["ask"], f"'{other}' is no moment to ask", "Write 'ask: start' or 'ask: end'")
            return "start"
