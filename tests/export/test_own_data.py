"""A person's own data as files: readable, in their language and direction, and never markup by words of theirs."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from html import escape
from html.parser import HTMLParser

import pytest
from sqlalchemy import Connection

from bot.content.loader import Content
from bot.content.markup import escaped
from bot.core.message import Words
from bot.core.paper import OwnData
from bot.core.threads import TEXT, Author
from bot.db.engine import Database
from bot.db.people import notes, participants
from bot.db.staff import staff
from bot.db.threads import threads
from bot.export import own_data
from bot.services.rights.own_data import HTML, JSON, SCHEMA
from bot.services.view import ui
from tests.architecture.sources import ROOT
from tests.db.rows import CANARY, NOW, given, new_participant, whole_person
from tests.export.schemas import faults
from tests.running import minden

EVIL = "</td><script>alert(1)</script><img src=x onerror=alert(1)>&amp; \u202e<b>"


@pytest.fixture(scope="module")
def town() -> Content:
    return minden()


class Tags(HTMLParser):
    """Which tags stand on a page, and what is said between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.said = ""
        self.root: dict[str, str | None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "html":
            self.root = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.said += data


def fill(connection: Connection) -> None:
    whole_person(connection, 1, "jemand anders", 100)
    person = new_participant(connection, 2, language="ar")
    answers = {"anything": given(EVIL), "german_level": given("B1"), "no_such_question": given("kept")}
    participants.save_answers(connection, person, answers, "r1", NOW)
    participants.give_consent(connection, person, "storage", language="ar", text_version="v1", now=NOW)
    participants.set_preferences(connection, person, name=EVIL)
    member = staff.by_person(connection, 1)
    assert member is not None
    notes.write(connection, person, member.id, f"note {EVIL}", NOW)
    talk = threads.begin(connection, person, NOW)
    threads.add(connection, talk, Author.PERSON, TEXT, NOW, text=f"talk {EVIL}", chat_id=2, message_id=1)


async def made(url: str, town: Content, language: str, form: str) -> str:
    order = OwnData(2, language, form, NOW + timedelta(hours=1))
    return (await asyncio.to_thread(own_data.written, order, url, town)).decode()


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(("language", "turned"), [("ar", "rtl"), ("fa", "rtl"), ("de", "ltr"), ("uk", "ltr")])
async def test_the_page_is_in_ones_language_and_words_are_no_markup(
    database: Database, database_url: str, town: Content, language: str, turned: str
) -> None:
    await database.run(fill)
    page = Tags(await made(database_url, town, language, HTML))
    assert page.root == {"lang": language, "dir": turned}
    assert not page.tags & {"script", "img", "b", "a"}
    for begin in ("", "note ", "talk "):
        assert f"{begin}</td><script>alert(1)</script>" in page.said
    assert "\u202e" not in page.said
    assert "kept" in page.said
    assert "jemand anders" not in page.said
    assert ("Ihre Antworten" in page.said) == (language == "de")


async def test_the_file_for_programs_says_its_schema_and_all_of_it(
    database: Database, database_url: str, town: Content
) -> None:
    await database.run(fill)
    found = json.loads(await made(database_url, town, "de", JSON))
    assert (found["schema"], found["town"], found["language"]) == (SCHEMA, "Minden", "de")
    answers = {one["question_id"]: one for one in found["answers"]}
    assert answers["anything"]["value"] == EVIL
    assert answers["german_level"]["question"] != "german_level"
    assert answers["no_such_question"]["answer"] == "kept"
    assert found["people"][0]["name"] == EVIL
    assert found["notes"][0]["text"] == f"note {EVIL}"
    assert found["consents"][0]["given_at"] == NOW.isoformat()


async def test_the_file_for_programs_is_as_its_schema_says(
    database: Database, database_url: str, town: Content
) -> None:
    await database.run(lambda tx: whole_person(tx, 2, CANARY, 200))
    found = json.loads(await made(database_url, town, "de", JSON))
    assert [name for name, rows in found.items() if rows == []] == [], "a part without rows shows nothing"
    schema = json.loads((ROOT / "docs/mydata.schema.json").read_text(encoding="utf-8"))
    assert faults(found, schema) == []
    assert faults({**found, "people": [{**found["people"][0], "id": "2"}]}, schema)


SIGNS = "3 < 5 und {x} <b>"


def talk_of_signs(connection: Connection) -> None:
    """Words with signs of the markup, a picture without words, and words that were taken back."""
    fill(connection)
    talk = threads.of_chat(connection, 2)
    assert talk is not None
    threads.add(connection, talk.id, Author.PERSON, TEXT, NOW, text=escaped(SIGNS), chat_id=2, message_id=2)
    threads.add(connection, talk.id, Author.STAFF, TEXT, NOW, text="sehr <b>gern</b>", chat_id=1, message_id=3)
    threads.add(connection, talk.id, Author.PERSON, "photo", NOW, chat_id=2, message_id=4)
    threads.add(connection, talk.id, Author.PERSON, "sticker", NOW, chat_id=2, message_id=5)
    gone = threads.add(connection, talk.id, Author.PERSON, TEXT, NOW, text="fort", chat_id=2, message_id=6)
    assert gone
    one = next(each for each in threads.newest(connection, talk.id, 9) if each.text == "fort")
    threads.change_messages(connection, [one.id], text=None, taken_back_at=NOW)


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("language", ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"])
async def test_words_of_a_talk_are_plain_and_what_has_none_is_said_in_ones_language(
    database: Database, database_url: str, town: Content, language: str
) -> None:
    await database.run(talk_of_signs)
    page = await made(database_url, town, language, HTML)
    cells = re.findall(r'<td dir="auto">(.*?)</td>', page, re.DOTALL)
    assert escape(SIGNS) in cells
    assert "sehr gern" in cells
    for key in ("mydata.thing_photo", "mydata.thing_other"):
        assert escape(town.texts.label(language, ui(key))) in cells
    assert not {"text", "photo", "sticker"} & set(cells), "ids of the program"
    assert any(one.startswith(town.texts.label(language, ui("mydata.withdrawn", when=Words("")))) for one in cells)


async def test_the_file_for_programs_has_plain_words(database: Database, database_url: str, town: Content) -> None:
    await database.run(talk_of_signs)
    said = json.loads(await made(database_url, town, "ar", JSON))["talk_messages"]
    assert [one["text"] for one in said] == [f"talk {EVIL}", SIGNS, "sehr gern", None, None, None]


@pytest.mark.parametrize("form", [HTML, JSON])
async def test_half_a_letter_of_former_times_keeps_nobody_from_their_data(
    database: Database, database_url: str, town: Content, form: str
) -> None:
    def half(connection: Connection) -> None:
        fill(connection)
        talk = threads.of_chat(connection, 2)
        assert talk is not None
        threads.add(connection, talk.id, Author.PERSON, TEXT, NOW, text="halb \ud83d", chat_id=2, message_id=2)

    await database.run(half)
    assert "halb \ufffd" in await made(database_url, town, "de", form)
