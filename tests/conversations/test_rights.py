"""A person's rights over the real wire: their data as files, what they agree to, and a chat that is cleared."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, update

from bot.db import schema
from bot.db.engine import open_database
from bot.db.people import notes, participants
from bot.db.rights import leaving
from bot.db.staff import staff
from tests.conversations.people import (
    Going,
    Time,
    asked,
    chat_of,
    consenting,
    finished,
    plain,
    rows,
    say,
    sees_button,
    streets,
    tap,
    town,
)
from tests.conversations.test_consent import raw_files_hold
from tests.db.rows import NOW, given, participant_of
from tests.running import Lotse, running
from tests.waiting import until


def deliveries(lotse: Lotse, **where: object) -> list[tuple[str, str | None]]:
    return [(one["state"], one["reason"]) for one in rows(lotse.settings, schema.delivery, **where)]


async def test_both_files_come_in_the_chat_and_say_what_was_said(tmp_path: Path) -> None:
    async with town(tmp_path, Time()) as lotse:
        anna = await asked(lotse, "Möchten Sie uns noch etwas sagen?")
        await say(anna, "Mein Lieblingsfach war <b>Xylologie</b>", "Das haben Sie gesagt.")
        await say(anna, "/mydata", "Das haben Sie gesagt.")
        await until(lambda: len(lotse.simulator.world.files) == 2, "two files")
        made = {
            b64decode(one["data"])[:1]: b64decode(one["data"]).decode()
            for one in lotse.simulator.world.files.values()
        }
        page, data = made[b"<"], json.loads(made[b"{"])
        assert "Mein Lieblingsfach war &lt;b&gt;Xylologie&lt;/b&gt;" in page
        assert "Ihre Antworten" in page
        assert [one["value"] for one in data["answers"] if one["question_id"] == "anything"] == [
            "Mein Lieblingsfach war <b>Xylologie</b>"
        ]
        assert data["chats"][0]["id"] == anna.id
        await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
        await anna.tap("Meine Daten als Datei")
        await anna.reads_toast("Ihre Daten kommen gleich als zwei Dateien.")
        await until(lambda: len(lotse.simulator.world.files) == 4, "two more files")


async def test_who_is_unknown_has_no_data(tmp_path: Path) -> None:
    async with town(tmp_path, Time()) as lotse:
        anna = await lotse.phones.new("Anna", "de")
        await say(anna, "/mydata", "Wir haben nichts von Ihnen gespeichert.")
        assert chat_of(lotse, anna) is None


async def test_privacy_has_pages_and_a_way_back(tmp_path: Path) -> None:
    async with town(tmp_path, Time()) as lotse:
        anna = await consenting(lotse)
        await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
        await tap(anna, "Was wir speichern", "Grundlage:")
        await tap(anna, "Datenschutz", "Ihre Daten gehören Ihnen")
        await tap(anna, "Wer Daten verarbeitet", "Betrieb:")
        assert "Stadt Minden" in plain(anna.last)
        assert "Übersetzung:" not in plain(anna.last), "no translator was chosen"
        await tap(anna, "Weitermachen", "Dürfen wir Ihnen schreiben?")


async def test_a_chat_is_cleared_but_for_the_last_word_also_after_a_kill(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time, moved=time.moved):
            anna = await finished(lotse)
            await say(anna, "/mydata", "Ihr Profil ist fertig")
            await until(lambda: len(lotse.simulator.world.files) == 2, "two files")
            await say(anna, "/help", "So funktioniert es")
            await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
            await lotse.phones.fault("500", method="deleteMessage", times=1000)
            await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
            waiting = rows(lotse.settings, schema.going_message)
            assert {one["chat_id"] for one in waiting} == {anna.id}
            assert chat_of(lotse, anna) is None
        await lotse.phones.calm()
        async with running(lotse.settings, now=time, moved=time.moved):
            await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
            await anna.look()
            ours = [one for one in anna.state["messages"] if not one.get("outgoing")]
            assert [plain(one["text"]).split("\n")[0] for one in ours] == ["Alles ist gelöscht."]
        (proof,) = rows(lotse.settings, schema.erasure_proof)
        assert proof["mark"] == leaving.mark(anna.id)
        assert {one["purpose"] for one in proof["consents"]} == {"storage"}


async def test_what_is_planned_for_a_purpose_ends_with_it_and_begins_again(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        anna = await finished(lotse)
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await anna.send("/events")
        await anna.reads("Wege ins Studium")
        await tap(anna, "Wege ins Studium", "Donnerstag, 10. Dezember 2026, 18:00")
        await tap(anna, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")
        await tap(anna, "⬜ Erinnerungen", "Sie sind angemeldet.")
        planned = len(rows(lotse.settings, schema.delivery, state="planned"))
        assert planned == 3
        await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
        await anna.tap("✅ Erinnerungen")
        await sees_button(anna, "⬜ Erinnerungen")
        assert deliveries(lotse) == [("skipped", "no_consent")] * planned
        await tap(anna, "⬜ Erinnerungen", "Erinnerungen: Wir dürfen Sie hier an Termine")
        await anna.tap("Ja, ich bin einverstanden")
        await sees_button(anna, "✅ Erinnerungen")
        assert deliveries(lotse) == [("planned", None)] * planned


WORDS = {
    "answer": "Xylologie",
    "former": "Quastenflosser",
    "talk": "Purpurkarmin",
    "note": "Zimtsternchen",
    "name": "Zebulonia",
    "telegram": "Quittenbaum",
    "source": "eulenspiegelei",
}


async def test_no_word_of_any_kind_is_left_in_the_files_or_was_ever_logged(
    tmp_path: Path, log_lines: io.StringIO
) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time, moved=time.moved):
            anna = await asked(lotse, "Möchten Sie uns noch etwas sagen?", "Anna", last_name=WORDS["telegram"])
            await say(anna, f"Mein Fach war {WORDS['former']}", "Das haben Sie gesagt.")
            await say(anna, "/settings", "Ruhezeit")
            await tap(anna, "Name", "Name")
            await say(anna, WORDS["name"], WORDS["name"])
            await say(anna, "/ask", "Team")
            await anna.send(f"Ich habe eine Frage zu {WORDS['talk']}")
            await until(lambda: rows(lotse.settings, schema.thread_message), "a talk")
        database = await open_database(lotse.settings.database_url)
        await database.run(lambda tx: more_words(tx, anna.id))
        await database.close()
        found = {kind for kind, word in WORDS.items() if raw_files_hold(tmp_path, word)}
        assert found >= {"source"}, "the test looks where words are"
        async with running(lotse.settings, now=time, moved=time.moved):
            await say(anna, "/mydata", "Ihre Daten kommen gleich als zwei Dateien.")
            await until(lambda: len(lotse.simulator.world.files) == 2, "two files")
            files = "".join(b64decode(one["data"]).decode() for one in lotse.simulator.world.files.values())
            assert [kind for kind, word in WORDS.items() if word not in files] == ["telegram"], "that was never kept"
            await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
            await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
            await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
            await until(
                lambda: [kind for kind, word in WORDS.items() if raw_files_hold(tmp_path, word)] == [], "words to go"
            )
    assert "started" in log_lines.getvalue()
    assert [kind for kind, word in WORDS.items() if word in log_lines.getvalue()] == []


def more_words(connection: Connection, chat_id: int) -> None:
    """What the team writes, and an answer that takes the place of another."""
    person = participant_of(connection, chat_id).id
    staff.add(connection, 77, NOW, role="counsellor", name="Lea")
    member = staff.by_person(connection, 77)
    assert member is not None
    notes.write(connection, person, member.id, f"braucht {WORDS['note']}", NOW)
    again = {"anything": given(f"Mein Fach war {WORDS['answer']}")}
    participants.save_answers(connection, person, again, "r2", NOW, history=again)
    connection.execute(update(schema.chat).where(schema.chat.c.id == chat_id).values(source=WORDS["source"]))
