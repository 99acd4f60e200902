"""Talks with a human over the real wire: a person who writes Arabic, a team that answers in a group with topics."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest

from bot.core.roles import Role
from tests.conversations.people import below, finished, invitation, plain, tap
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]


class Group:
    """The team's group, as its members see it."""

    def __init__(self, lotse: Lotse, number: int) -> None:
        self._lotse = lotse
        self.path = f"/api/groups/{number}"
        self.id = number

    async def look(self) -> Json:
        """All of it now."""
        found: Json = await self._lotse.phones.ask("GET", self.path)
        return found

    async def topic(self, name: str) -> int:
        """The number of the topic that is called so, as soon as it is there."""
        found: list[int] = []

        async def there() -> bool:
            topics = (await self.look())["topics"]
            found[:] = [int(key) for key, one in topics.items() if name in one["name"]]
            return bool(found)

        await until(there, f"a topic {name}")
        return found[-1]

    async def topic_with(self, words: str) -> int:
        """The number of the topic in which a message of the bot's says so; another person's may be called alike."""
        found: list[int] = []

        async def there() -> bool:
            messages = (await self.look())["messages"]
            found[:] = [one["message_thread_id"] for one in messages if words in plain(one.get("text", ""))]
            return bool(found)

        await until(there, f"a topic with {words}")
        return found[-1]

    async def reads(self, topic: int, words: str) -> Json:
        """A message of the bot's in a topic that says so."""
        found: list[Json] = []

        async def there() -> bool:
            messages = (await self.look())["messages"]
            found[:] = [
                one
                for one in messages
                if one.get("message_thread_id") == topic and words in plain(one.get("text", one.get("caption", "")))
            ]
            return bool(found)

        await until(there, f"{words} in the topic")
        return found[-1]

    async def says(self, words: str, times: int = 1) -> None:
        """So many messages of the group that say so."""

        async def there() -> bool:
            messages = (await self.look())["messages"]
            return sum(words in plain(one.get("text", "")) for one in messages) >= times

        await until(there, words)

    async def write(self, who: Phone, topic: int | None, text: str, **more: Any) -> Json:
        """A member writes."""
        body = {"phone": who.id, "text": text, **({"topic": topic} if topic else {}), **more}
        made: Json = await self._lotse.phones.ask("POST", f"{self.path}/messages", **body)
        return made

    async def react(self, who: Phone, message: int, emoji: str) -> None:
        """A member puts an emoji on a message."""
        await self._lotse.phones.ask("POST", f"{self.path}/reactions", phone=who.id, message_id=message, emoji=emoji)

    async def shows(self, message: int, emoji: list[str]) -> None:
        """These stand on a message, and no others."""

        async def there() -> bool:
            one = next(one for one in (await self.look())["messages"] if one["message_id"] == message)
            return [each for put in one.get("reactions", {}).values() for each in put] == emoji

        await until(there, f"{emoji} on a message of the team")

    async def change(self, who: Phone, **what: Any) -> None:
        """Switch topics, or throw the bot out."""
        await self._lotse.phones.ask("POST", self.path, phone=who.id, **what)


def reactions(phone: Phone, message: int) -> list[str]:
    """What stands on a message of a phone."""
    one = next(one for one in phone.state["messages"] if one["message_id"] == message)
    return [each for put in one.get("reactions", {}).values() for each in put]


async def staff(lotse: Lotse, role: Role, name: str) -> Phone:
    """A member of the team."""
    await until((lotse.settings.data_dir / "run.json").exists, "a bot that runs")
    phone = await lotse.phones.new(name, "de")
    await phone.start(await invitation(lotse, role))
    await phone.reads(f"Willkommen im Team, {name}!")
    return phone


async def a_group(lotse: Lotse, boss: Phone) -> Group:
    """A group with topics that is the team's."""
    made = await lotse.phones.ask("POST", "/api/groups", phone=boss.id, title="Team", forum=True)
    group = Group(lotse, made["id"])
    await group.write(boss, None, "/here")

    async def bound() -> bool:
        return any("Gruppe für Gespräche" in one.get("text", "") for one in (await group.look())["messages"])

    await until(bound, "the group's binding")
    return group


async def test_arabic_question_german_answer_edits_and_taking_back(lotse: Lotse, log_lines: io.StringIO) -> None:
    boss, lea = await staff(lotse, Role.ADMIN, "Anna"), await staff(lotse, Role.COUNSELLOR, "Lea")
    group = await a_group(lotse, boss)
    nour = await finished(lotse, "Nour")
    await nour.send("/language")
    await nour.settled(lambda seen: "العربية" in str(seen.buttons), "the languages")
    await nour.tap("العربية")
    await nour.settled(lambda seen: any("التحدث مع إنسان" in one for one in seen.buttons), "the way to a human")
    await nour.tap("التحدث مع إنسان")
    await nour.reads("رسائلك تصل الآن إلى إنسان")
    sent = await nour.send("أين الدورة؟")
    await below(nour, sent, "وصلت رسالتك")
    topic = await group.topic("Arabisch")
    question = await group.reads(topic, "أين الدورة؟")
    card = await group.reads(topic, "Was Sie in diesem Thema schreiben")
    assert card["message_id"] < question["message_id"]

    await nour.edit(sent["message_id"], "أين دورة B2؟")
    assert (await group.reads(topic, "أين دورة B2؟"))["message_id"] == question["message_id"]

    await group.react(lea, question["message_id"], "👍")
    await nour.settled(lambda seen: reactions(seen, sent["message_id"]) == ["👍"], "the team's emoji")

    answer = await group.write(lea, topic, "Im Raum 3, um 9 Uhr.")
    await nour.settled(lambda seen: "Im Raum 3" in plain(seen.screen()), "the answer")
    await nour.react(nour.last_message["message_id"], "🙏")
    await group.shows(answer["message_id"], ["🙏"])
    await nour.react(nour.last_message["message_id"], "")
    await group.shows(answer["message_id"], [])
    assert "Lea" in plain(nour.last)
    await group.write(lea, topic, "// nur für uns")
    await lotse.phones.ask("POST", f"{group.path}/edits", message_id=answer["message_id"], text="Im Raum 4.")
    await nour.settled(lambda seen: "Im Raum 4" in plain(seen.screen()), "the better answer")
    assert "Raum 3" not in nour.screen()
    assert "nur für uns" not in nour.screen()

    await group.write(lea, topic, "/undo")
    await nour.settled(lambda seen: "Raum 4" not in seen.screen(), "nothing")
    await group.write(boss, topic, "", kind="photo")
    await nour.settled(lambda seen: any("photo" in one for one in seen.state["messages"]), "a picture")
    for word in ("دورة", "Raum", "nur für uns"):
        assert word not in log_lines.getvalue()


async def test_buttons_of_the_card_blocking_and_a_lost_group(lotse: Lotse) -> None:
    boss = await staff(lotse, Role.ADMIN, "Ben")
    group = await a_group(lotse, boss)
    person = await finished(lotse, "Mira")
    await below(person, await person.send("/ask"), "Sie schreiben jetzt mit einem Menschen")
    await below(person, await person.send("Hallo, ist da jemand?"), "angekommen")
    topic = await group.topic("Deutsch")
    card = await group.reads(topic, "Was Sie in diesem Thema schreiben")
    data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await boss.tap_data(data, message_id=card["message_id"], chat=group.id)
    await boss.reads_toast("Das ist jetzt Ihr Gespräch")
    await group.reads(topic, "🙋 Ben")
    await person.tap_data(data, message_id=card["message_id"], chat=group.id)
    await person.reads_toast("Das darf Ihre Rolle nicht")
    stranger = await lotse.phones.new("Eve", "de")
    await group.write(stranger, topic, "Ich gehöre nicht dazu")
    await group.reads(topic, "Das wurde an niemanden weitergegeben")
    await group.change(boss, topic=topic, closed=True)
    await below(person, await person.send("Ist noch jemand da?"), "angekommen")
    await group.reads(topic, "Ist noch jemand da?")
    assert not (await group.look())["topics"][str(topic)]["closed"]
    await group.reads(topic, "Was Sie in diesem Thema schreiben")
    assert "Ich gehöre nicht dazu" not in person.screen()

    await person.block()
    await group.reads(topic, "hat den Bot blockiert")
    await person.start()
    await person.settled(lambda seen: not seen.state["blocked"], "no block")
    await group.reads(topic, "ist wieder da")

    await group.change(boss, admin=False)
    await boss.settled(
        lambda seen: "fehlt dem Bot ein Recht" in plain(seen.screen()), "the word that a right is missing"
    )
    await group.write(boss, None, "/here")
    await group.says("machen Sie den Bot in dieser Gruppe zum Admin")
    await group.change(boss, admin=True)
    await group.write(boss, None, "/here")
    await group.says("Gruppe für Gespräche", 2)
    await group.change(boss, forum=False)
    await below(person, await person.send("/ask"), "Sie schreiben jetzt")
    await below(person, await person.send("Noch eine Frage"), "angekommen")
    await boss.settled(lambda seen: "/threads" in plain(seen.screen()), "the word that the group is lost")
    await below(boss, await boss.send("/threads"), "offene")
    await tap(boss, "Mira" if any("Mira" in one for one in boss.buttons) else "Nr.", "Was Sie jetzt schreiben")


async def test_pictures_voices_files_and_places_pass_both_ways(lotse: Lotse) -> None:
    boss = await staff(lotse, Role.ADMIN, "Fritz")
    group = await a_group(lotse, boss)
    person = await finished(lotse, "Hanan")
    await below(person, await person.send("/ask"), "Sie schreiben jetzt mit einem Menschen")
    await below(person, await person.send("Ich zeige Ihnen etwas"), "angekommen")
    topic = await group.topic_with("Ich zeige Ihnen etwas")
    for kind in ("photo", "voice", "document", "location"):
        await person.send_thing(kind)

        async def passed_on(kind: str = kind) -> bool:
            return any(
                kind in one and one.get("message_thread_id") == topic for one in (await group.look())["messages"]
            )

        await until(passed_on, f"a {kind} in the topic")
        await group.write(boss, topic, "", kind=kind)
        await person.settled(
            lambda seen, kind=kind: any(kind in one and one["from"]["is_bot"] for one in seen.state["messages"]),  # type: ignore[misc]
            f"a {kind} of the team",
        )


async def test_erased_is_the_topic_too(lotse: Lotse) -> None:
    boss = await staff(lotse, Role.ADMIN, "Cem")
    group = await a_group(lotse, boss)
    person = await finished(lotse, "Olga")
    await below(person, await person.send("/ask"), "Sie schreiben jetzt mit einem Menschen")
    await below(person, await person.send("Das geht wieder weg"), "angekommen")
    topic = await group.topic_with("Das geht wieder weg")
    await below(person, await person.send("/forget"), "wirklich alles löschen")
    await person.tap("Ja, alles löschen")

    async def gone() -> bool:
        return str(topic) not in (await group.look())["topics"]

    await until(gone, "a topic that is gone")


async def test_who_leaves_the_team_is_removed_from_the_group_or_the_admin_reads_who_is_still_there(
    lotse: Lotse,
) -> None:
    boss = await staff(lotse, Role.ADMIN, "Dora")
    group = await a_group(lotse, boss)
    for name, may in (("Emil", True), ("Frida", False)):
        leaver = await staff(lotse, Role.COUNSELLOR, name)
        await group.change(boss, restricts=may)
        await group.write(leaver, None, "Ich bin in der Gruppe")
        await below(boss, await boss.send("/staff"), "Ihre Rolle")
        await tap(boss, "Team", "Das Team:")
        await tap(boss, name, "Rolle: Beratung")
        await tap(boss, "Entfernen", f"{name} aus dem Team entfernen?")
        await tap(boss, "Ja, entfernen", "Das Team:")
        if may:
            await until(partial(is_out, group, leaver), "somebody who is removed")
        else:
            await boss.settled(lambda seen: "Bitte entfernen Sie Frida" in plain(seen.screen()), "whom to remove")
            await group.write(leaver, None, "Noch da")


async def is_out(group: Group, who: Phone) -> bool:
    """Whether somebody is not in the group: the simulator lets them write no more."""
    try:
        await group.write(who, None, "Bin ich noch da?")
    except AssertionError:
        return True
    return False
