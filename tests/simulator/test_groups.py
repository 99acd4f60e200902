"""How people stand in a group: removed by the bot where it may, banned, and back again."""

from __future__ import annotations

import pytest
import telegram
import telegram.error

from tests.phones import Phone, Phones


async def a_group(phones: Phones, amal: Phone) -> tuple[int, str]:
    made = await phones.ask("POST", "/api/groups", title="Team", phone=amal.id, forum=True)
    return made["id"], f"/api/groups/{made['id']}"


async def test_who_is_banned_cannot_write_and_comes_back_only_when_unbanned(
    bot: telegram.Bot, phones: Phones, amal: Phone
) -> None:
    group, path = await a_group(phones, amal)
    assert await bot.ban_chat_member(group, amal.id)
    assert (await bot.get_chat_member(group, amal.id)).status == "kicked"
    with pytest.raises(AssertionError, match="not in the group"):
        await phones.ask("POST", f"{path}/messages", phone=amal.id, text="Hallo")
    with pytest.raises(AssertionError, match="banned"):
        await phones.ask("POST", path, phone=amal.id, back=True)
    assert await bot.unban_chat_member(group, amal.id, only_if_banned=True)
    assert (await bot.get_chat_member(group, amal.id)).status == "left"
    await phones.ask("POST", path, phone=amal.id, back=True)
    await phones.ask("POST", f"{path}/messages", phone=amal.id, text="Hallo")


async def test_a_bot_without_the_right_removes_nobody(bot: telegram.Bot, phones: Phones, amal: Phone) -> None:
    group, path = await a_group(phones, amal)
    me = await bot.get_chat_member(group, bot.id)
    assert isinstance(me, telegram.ChatMemberAdministrator)
    assert me.can_restrict_members
    await phones.ask("POST", path, phone=amal.id, restricts=False)
    with pytest.raises(telegram.error.BadRequest, match=r"[Nn]ot enough rights to restrict"):
        await bot.ban_chat_member(group, amal.id)
    await phones.ask("POST", f"{path}/messages", phone=amal.id, text="Noch da")
    with pytest.raises(telegram.error.BadRequest, match=r"[Mm]ember not found"):
        await bot.get_chat_member(group, amal.id)


async def test_unbanned_without_having_been_banned_somebody_stays_only_if_it_says_so(
    bot: telegram.Bot, phones: Phones, amal: Phone
) -> None:
    group, path = await a_group(phones, amal)
    assert await bot.unban_chat_member(group, amal.id, only_if_banned=True)
    await phones.ask("POST", f"{path}/messages", phone=amal.id, text="Noch da")
    assert await bot.unban_chat_member(group, amal.id)
    assert (await bot.get_chat_member(group, amal.id)).status == "left"
