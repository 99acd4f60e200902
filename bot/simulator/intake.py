"""The bot's calls about its updates: getUpdates and the webhook."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from aiogram import methods as m
from aiogram import types as t

from bot.simulator.refusal import bad
from bot.simulator.updates import Alive
from bot.simulator.wire import checked
from bot.simulator.world import World

Json = dict[str, Any]

LONGEST_POLL: Final = 50
BATCH: Final = 100
CONNECTIONS: Final = 40
SECRET: Final = 256


async def get_updates(world: World, call: m.GetUpdates, alive: Alive) -> list[Any]:
    """The next updates; what is before `offset` is confirmed and gone. `alive`: does the bot still listen?"""
    world.updates.allow(call.allowed_updates)
    limit = min(max(call.limit or BATCH, 1), BATCH)
    seconds = min(max(call.timeout or 0, 0), LONGEST_POLL)
    return await world.updates.poll(call.offset or 0, limit, seconds, alive)


def set_webhook(world: World, call: m.SetWebhook) -> bool:
    """Have updates sent to an address; http is taken too, as a Bot API server of one's own does."""
    if call.drop_pending_updates:
        world.updates.clear()
    if not call.url:
        return delete_webhook(world, m.DeleteWebhook())
    try:
        address = urlsplit(call.url)
    except ValueError:
        raise bad("invalid webhook URL specified") from None
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise bad("invalid webhook URL specified")
    secret = call.secret_token or ""
    if len(secret) > SECRET:
        raise bad("secret token is too long")
    if not re.fullmatch("[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    world.updates.allow(call.allowed_updates)
    connections = min(max(call.max_connections or CONNECTIONS, 1), BATCH)
    world.updates.set_webhook({"url": call.url, "secret_token": secret, "max_connections": connections})
    return True


def delete_webhook(world: World, call: m.DeleteWebhook) -> bool:
    """Go back to polling."""
    if call.drop_pending_updates:
        world.updates.clear()
    world.updates.set_webhook(None)
    return True


def get_webhook_info(world: World, _: m.GetWebhookInfo) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook["url"] if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting()),
        **world.updates.webhook_error,
    }
    if webhook:
        info |= {"max_connections": webhook["max_connections"], "ip_address": urlsplit(webhook["url"]).hostname}
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    return checked(t.WebhookInfo, info)
