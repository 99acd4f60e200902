"""Which methods of the Bot API are played, by whom, and with which parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram import methods as m

from bot.simulator import files, groups, intake, messages, profile, reactions, topics
from bot.simulator.refusal import Refusal
from bot.simulator.updates import Alive
from bot.simulator.wire import Method, read
from bot.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """A method: aiogram's model of its parameters, the function that does it, the parameters that count."""

    model: Method
    do: Callable[..., Any]
    parameters: frozenset[str]


def _entry(model: Method, do: Callable[..., Any], parameters: str = "") -> tuple[str, Played]:
    name = model.__api_method__
    return name.lower(), Played(model, do, frozenset(parameters.split()))


_MARKUP = "chat_id message_id reply_markup"
_CAPTIONED = "chat_id caption caption_entities reply_markup allow_paid_broadcast"
_SEND = (
    "chat_id text entities reply_markup link_preview_options disable_notification protect_content reply_parameters"
    " allow_paid_broadcast message_thread_id"
)
METHODS: Final = dict(
    [
        _entry(m.GetMe, profile.get_me),
        _entry(m.GetUpdates, intake.get_updates, "offset limit timeout allowed_updates"),
        _entry(
            m.SetWebhook, intake.set_webhook, "url max_connections allowed_updates drop_pending_updates secret_token"
        ),
        _entry(m.DeleteWebhook, intake.delete_webhook, "drop_pending_updates"),
        _entry(m.GetWebhookInfo, intake.get_webhook_info),
        _entry(m.SendMessage, messages.send_message, _SEND),
        _entry(m.SendDocument, files.send_document, "document " + _CAPTIONED),
        _entry(m.SendPhoto, files.send_photo, "photo " + _CAPTIONED),
        _entry(m.GetFile, files.get_file, "file_id"),
        _entry(m.EditMessageText, messages.edit_message_text, _MARKUP + " text entities link_preview_options"),
        _entry(m.EditMessageCaption, messages.edit_message_caption, _MARKUP + " caption caption_entities"),
        _entry(m.EditMessageMedia, files.edit_message_media, _MARKUP + " media"),
        _entry(m.EditMessageReplyMarkup, messages.edit_message_reply_markup, _MARKUP),
        _entry(
            *(m.CopyMessage, messages.copy_message),
            "chat_id from_chat_id message_id message_thread_id caption caption_entities",
        ),
        _entry(m.PinChatMessage, topics.pin, "chat_id message_id disable_notification"),
        _entry(m.CreateForumTopic, topics.create, "chat_id name"),
        _entry(m.CloseForumTopic, topics.close, "chat_id message_thread_id"),
        _entry(m.ReopenForumTopic, topics.reopen, "chat_id message_thread_id"),
        _entry(m.EditForumTopic, topics.rename, "chat_id message_thread_id name"),
        _entry(m.DeleteForumTopic, topics.delete, "chat_id message_thread_id"),
        _entry(m.SetMessageReaction, reactions.set_reaction, "chat_id message_id reaction"),
        _entry(m.DeleteMessage, messages.delete_message, "chat_id message_id"),
        _entry(m.AnswerCallbackQuery, messages.answer_callback_query, "callback_query_id text show_alert cache_time"),
        _entry(m.SendChatAction, messages.send_chat_action, "chat_id action"),
        _entry(m.SetMyCommands, profile.set_commands, "commands scope language_code"),
        _entry(m.GetMyCommands, profile.get_commands, "scope language_code"),
        _entry(m.DeleteMyCommands, profile.delete_commands, "scope language_code"),
        _entry(m.SetMyName, profile.set_text, "name language_code"),
        _entry(m.GetMyName, profile.get_text, "language_code"),
        _entry(m.SetMyDescription, profile.set_text, "description language_code"),
        _entry(m.GetMyDescription, profile.get_text, "language_code"),
        _entry(m.SetMyShortDescription, profile.set_text, "short_description language_code"),
        _entry(m.GetMyShortDescription, profile.get_text, "language_code"),
        _entry(m.GetChat, profile.get_chat, "chat_id"),
        _entry(m.GetChatMember, groups.member, "chat_id user_id"),
        _entry(m.BanChatMember, groups.ban, "chat_id user_id"),
        _entry(m.UnbanChatMember, groups.unban, "chat_id user_id only_if_banned"),
        _entry(m.LeaveChat, profile.leave_chat, "chat_id"),
    ]
)


def name_of(method: str) -> str:
    """The method as the Bot API spells it, whatever its case in the call; as called when it is not played."""
    played = METHODS.get(method.lower())
    return played.model.__api_method__ if played else method


async def perform(world: World, method: str, raw: Json, alive: Alive) -> Any:  # noqa: ANN401, each answers its own type
    """Do one call and keep what it changed; the result as JSON, or a Refusal. `alive`: does the bot still listen?"""
    played = METHODS.get(method.lower())
    if played is None:
        raise Refusal(404, "Not Found: method not found")
    call = read(played.model, raw, played.parameters)
    try:
        if isinstance(call, m.GetUpdates):
            return await intake.get_updates(world, call, alive)
        return played.do(world, call)
    finally:
        world.commit()
