"""The team over the real wire: the first admin, an invitation in the chat, menus, and the end of a right."""

from __future__ import annotations

import io
import re

import pytest

from bot import run_file
from bot.core.roles import Role
from bot.db import schema
from bot.services.view import ui
from tests.conversations.people import (
    Time,
    below,
    chat_of,
    invitation,
    known,
    newcomer,
    plain,
    rows,
    sees_button,
    streets,
    tap,
    worked_through,
)
from tests.phones import Phone
from tests.running import Lotse, minden, running
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAYLOAD = re.compile(r"team-[A-Za-z0-9_-]{32}")


async def admin(lotse: Lotse, name: str = "Anna", language: str = "de") -> Phone:
    """Somebody who has opened an invitation of the command line's, while the bot runs."""
    await until(lambda: run_file.username(lotse.settings.data_dir), "a bot that has met Telegram")
    phone = await lotse.phones.new(name, language)
    await phone.start(await invitation(lotse, Role.ADMIN))
    await phone.reads(f"Willkommen im Team, {name}!")
    return phone


async def opens_desk(phone: Phone, hope: str = "Ihre Rolle") -> None:
    """`/staff`, and what must come."""
    await below(phone, await phone.send("/staff"), hope)


async def link_from(phone: Phone, role: str) -> str:
    """The payload of a new invitation, as an admin makes it; they stand on the home page."""
    await tap(phone, "Team", "Das Team")
    await tap(phone, "Einladen", "Welche Rolle")
    await tap(phone, role, "Schicken Sie diesen Link")
    link = re.search(r"https://t\.me/(\w+)\?start=(\S+)", plain(phone.last))
    assert link is not None
    return link[2]


def offered(phone: Phone) -> list[str]:
    """The commands of the phone's menu."""
    return [one["command"] for one in phone.state["commands"]]


def member_of(lotse: Lotse, phone: Phone) -> dict[str, object] | None:
    """The person's row in the team."""
    return next(iter(rows(lotse.settings, schema.staff, person_id=phone.id)), None)


async def test_from_an_invitation_to_the_end_of_a_right(lotse: Lotse, log_lines: io.StringIO) -> None:
    boss, lea = await admin(lotse), await lotse.phones.new("Lea", "ar")
    await boss.settled(lambda phone: offered(phone)[:1] == ["staff"], "the staff's menu")
    assert boss.state["commands"][0]["description"] == "Team (Admin)"
    payload = await link_from(boss, "Lehrkraft")
    assert PAYLOAD.fullmatch(payload)
    await lea.start(payload)
    await lea.reads("Ein Admin muss Sie noch bestätigen")
    assert "staff" not in offered(lea)
    await boss.reads("wartet auf Bestätigung. Bitte öffnen Sie /staff.")

    await opens_desk(boss, "1 Person wartet")
    await tap(boss, "Team", "Das Team")
    await tap(boss, "Lea (Lehrkraft)", "frei gewählt")
    await tap(boss, "Bestätigen", "Rolle: Lehrkraft")
    await lea.reads("Sie gehören jetzt zum Team")
    await lea.settled(lambda phone: offered(phone)[:1] == ["staff"], "the staff's menu")
    await opens_desk(lea, "Anwesenheit eintragen")

    await tap(boss, "Entfernen", "Lea aus dem Team entfernen?")
    await tap(boss, "Ja, entfernen", "Das Team")
    await lea.settled(lambda phone: "staff" not in offered(phone), "the usual menu")
    await lea.settled(lambda phone: "nicht mehr zum Team" in phone.last, "the word that it is over")
    card = next(one for one in lea.state["messages"] if "Anwesenheit" in one.get("text", ""))
    version = chat_of(lotse, lea)
    assert version is not None
    await lea.tap_data(f"v{version['card_version']}.go.home", message_id=card["message_id"])
    await lea.reads_toast("Das ist nur für das Team")
    shown = chat_of(lotse, lea)
    assert shown is not None
    assert shown["detour"] is None
    assert payload not in log_lines.getvalue()
    assert "team-" not in log_lines.getvalue()


async def test_the_log_of_an_invitation_used_twice_holds_nothing_of_it(lotse: Lotse, log_lines: io.StringIO) -> None:
    boss = await admin(lotse, "Ben")
    payload = await link_from(boss, "Beratung")
    first, second = await lotse.phones.new("Eins", "de"), await lotse.phones.new("Zwei", "de")
    await first.start(payload)
    await first.reads("muss Sie noch bestätigen")
    await second.start(payload)
    await second.reads("Diese Einladung wurde schon benutzt")
    assert member_of(lotse, second) is None
    assert chat_of(lotse, second) is None
    assert payload not in log_lines.getvalue()
    assert not [one for one in rows(lotse.settings, schema.inbox) if payload in (one["body"] or "")]


async def test_in_a_group_nothing_is_used(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    payload = await invitation(lotse, Role.ADMIN)
    group = await lotse.phones.ask("POST", "/api/groups", phone=anna.id, title="Family")
    await lotse.phones.ask("POST", f"/api/groups/{group['id']}/messages", phone=anna.id, text=f"/start {payload}")
    await worked_through(lotse)
    assert member_of(lotse, anna) is None
    await anna.start(payload)
    await anna.reads("Willkommen im Team, Anna!")


async def test_a_bot_that_opens_it_is_nobody(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    payload = await invitation(lotse, Role.ADMIN)
    message = {
        "message_id": 9_000,
        "date": int(lotse.simulator.world.now()),
        "chat": {"id": anna.id, "type": "private", "first_name": "Anna"},
        "from": {"id": anna.id, "is_bot": True, "first_name": "Anna"},
        "text": f"/start {payload}",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    await lotse.phones.inject({"message": message})
    await anna.reads("Eine Einladung kann nur ein Mensch")
    assert member_of(lotse, anna) is None


async def test_to_everybody_else_the_command_is_one_nobody_knows(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    before = known(lotse, anna)
    await below(anna, await anna.send("/unknown"), "kenne ich nicht")
    told = plain(anna.last)
    await below(anna, await anna.send("/staff"), "kenne ich nicht")
    assert plain(anna.last) == told
    assert known(lotse, anna) == before


async def test_a_staff_button_in_somebody_elses_hand_does_nothing(lotse: Lotse) -> None:
    await admin(lotse, "Cem")
    anna = await newcomer(lotse)
    chat = chat_of(lotse, anna)
    assert chat is not None
    team = rows(lotse.settings, schema.staff)
    for action in ("go.team.0", "invite.admin", f"remove.{team[0]['id']}", f"role.{team[0]['id']}.viewer"):
        await anna.tap_data(f"v{chat['card_version']}.{action}", message_id=anna.last_message["message_id"])
    await anna.transcript()
    assert rows(lotse.settings, schema.staff) == team
    assert chat_of(lotse, anna) is not None


async def test_the_menu_speaks_the_language_of_the_chat(lotse: Lotse) -> None:
    emir = await admin(lotse, "Emir", "tr")
    await emir.start()
    await sees_button(emir, "Türkçe")
    await emir.tap("Türkçe")
    start = minden().texts.label("tr", ui("command.start"))
    await emir.settled(
        lambda phone: {"command": "start", "description": start} in phone.state["commands"], "a Turkish menu"
    )
    assert offered(emir)[0] == "staff"


async def test_a_menu_that_could_not_be_told_is_told_at_the_next_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    time = Time()
    async with streets(tmp_path_factory.mktemp("menus"), time) as lotse:
        async with running(lotse.settings, now=time):
            phone = await newcomer(lotse, "Dora")
            await lotse.phones.fault("500", method="setMyCommands", times=50)
            await phone.start(await invitation(lotse, Role.VIEWER))
            await phone.reads("Willkommen im Team, Dora!")
        await lotse.phones.calm()
        assert offered(phone)[:1] != ["staff"]
        async with running(lotse.settings, now=time):
            await phone.settled(lambda seen: offered(seen)[:1] == ["staff"], "the staff's menu")
