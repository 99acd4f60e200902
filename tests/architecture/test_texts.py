"""Every text the code names stands in content/ui.yaml, and every text there is named by the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import yaml

from bot.content.town import Work
from bot.core.broadcasts import Interest
from bot.core.inputs import Code
from bot.core.offers import Sort
from bot.core.reminders import Topic
from bot.core.road import Unit
from bot.core.threads import Author
from bot.db.outbox.deliveries import Kind as Sent
from bot.services.offers import joining, offer_screens, reasons
from bot.services.offers.offer_screens import LISTED
from bot.services.questions.problems import OF_FORMS
from bot.services.rights import breaches, own_data, privacy_screen
from bot.services.rights.breaches import Happened
from bot.settings import TRANSLATORS
from bot.telegram.menu import COMMANDS
from tests.architecture.sources import ROOT, name, python_files, tree

FAMILIES = {
    "why.": tuple(reasons._ORDER.values()),
    "answer.": ("yes", "no"),  # the options of a yes/no question that has no texts of its own
    "button.": (
        *LISTED,
        *privacy_screen.PAGES,
        *(name + end for name in ("join", "queue", "leave", "queue_leave", "take") for end in ("", "_at")),
    ),
    "breach.": tuple(Happened),
    "breach.means_": tuple(Happened),
    "change.": ("moved", "room", "moved_room", "cancelled", "back", "as_before"),
    "command.": COMMANDS,
    "consent.": ("start", "end"),  # when a purpose is asked about, as town.yaml says
    "openings.": tuple(Sort),
    "interest.": tuple(state.value for state in Interest if state is not Interest.WITHDRAWN),
    "mydata.": tuple(dict.fromkeys(breaches.PARTS.values())),
    "mydata.seat_": (*own_data.LIVE, "ended"),
    "mydata.came_": ("present", "excused", "absent"),
    "mydata.kind_": tuple(Sent),
    "mydata.thing_": (*own_data.THINGS, "other"),
    "mydata.by_": tuple(Author),
    "mydata.team_": ("looked", "did"),
    "news.": (*joining._SAID.values(), *joining._TOLD.values(), "told_missed", "told_place"),
    "offers.": ("title", "text", "place", "hours"),  # of an offer of the town
    "offers.mode_": ("online", "mixed"),
    "path.lasts_": tuple(Unit),
    "offers.title_": tuple(LISTED),
    "settings.topic_": tuple(Topic),
    "processor.": tuple(Work),
    "standing.": ("registered", "requested"),
    "translator.": tuple(one for one in TRANSLATORS if one != "none"),  # as the loader names them in a consent
    "notice.": ("edited", "forwarded", "only_words"),  # what is no answer, as the handlers sort it
    "problem.": tuple(code.value for code in Code if code not in OF_FORMS),
}
"""Keys put together at run time: what they begin with, and how they can end."""
SPEAKERS = {"ui", "Text"}
OTHER = (
    "questionnaire.",
    "town.",
    "reminders.",
    "forms.",
    "broadcast.",
    "path.goals.",
    "path.papers.",
    "path.steps.",
)
"""Texts of the town's own files: the loader checks them."""
OF_THE_TOWN = {"offers.": FAMILIES["offers."]}
FAMILY_MEMBERS = {start + end for start, ends in FAMILIES.items() if start not in OF_THE_TOWN for end in ends} | {
    title for title, _ in offer_screens._SECTIONS
}


def keys_of_content() -> set[str]:
    """Every `section.name` of ui.yaml."""
    sections = yaml.safe_load((ROOT / "content/ui.yaml").read_text(encoding="utf-8"))
    return {f"{section}.{entry}" for section, entries in sections.items() for entry in entries}


def named() -> Iterator[tuple[str, ast.expr]]:
    """Every expression that names a text, with its place: the first argument of `ui` and `Text`."""
    for path in python_files("bot", "handlers"):
        if path.is_relative_to(ROOT / "bot/simulator"):
            continue
        speakers = SPEAKERS | ({"text"} if path.name == "menu.py" else set())  # its short form of `ui`
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and node.args and called(node.func) in speakers:
                key = node.args[0]
                for one in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
                    yield f"{name(path)}:{node.lineno}", one


def called(function: ast.expr) -> str:
    """The last name of what is called."""
    match function:
        case ast.Name(id=str(own)) | ast.Attribute(attr=str(own)):
            return own
    return ""


def used() -> tuple[dict[str, str], dict[str, str]]:
    """Whole keys, and beginnings of keys, each with a place that names it."""
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    for place, expression in named():
        match expression:
            case ast.Constant(value=str(key)):
                whole[key.removeprefix("ui.")] = place
            case ast.JoinedStr(values=[ast.Constant(value=str(key)), *_]):
                begun[key.removeprefix("ui.")] = place
    return whole, {key: place for key, place in begun.items() if key and not key.startswith(OTHER)}


def test_every_text_the_code_names_exists() -> None:
    whole, _ = used()
    exists = keys_of_content()
    assert whole, "the search for texts finds nothing"
    assert {key: place for key, place in whole.items() if key not in exists} == {}
    assert sorted(FAMILY_MEMBERS - exists) == []


def test_every_key_with_a_hole_belongs_to_a_known_family() -> None:
    _, begun = used()
    assert {key: place for key, place in begun.items() if key not in FAMILIES} == {}


def test_no_text_is_left_over() -> None:
    whole, _ = used()
    assert sorted(keys_of_content() - set(whole) - FAMILY_MEMBERS) == []
