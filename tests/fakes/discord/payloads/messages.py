"""Payloads of messages, with the fields that Discord adds."""

from collections.abc import Callable
from itertools import count
from typing import Any

from fakes.discord.clock import iso
from fakes.discord.installs import authorizing_owners
from fakes.discord.model import Attachment, Interaction, InteractionKind, Message, User
from fakes.discord.refusals import Json

from .guilds import user

DEFAULT, REPLY, SLASH_REPLY, MENU_REPLY = 0, 19, 20, 23  # types of message
SELECTS, CONTAINER = (3, 5, 6, 7, 8), 17  # types of component
SLASH = 1


def attachment(entity: Attachment, *, ephemeral: bool = False) -> Json:
    payload: Json = {
        "id": str(entity.id),
        "filename": entity.filename,
        "size": len(entity.data),
        "url": entity.url,
        "proxy_url": entity.url,
        "content_type": entity.content_type,
    }
    return {**payload, "ephemeral": True} if ephemeral else payload


def message(
    entity: Message,
    users: dict[int, User],
    may_read: Callable[[Message], bool] = lambda _: True,
    *,
    with_reply: bool = True,
) -> Json:
    """Return a message and the one it replies to; without content where `may_read` is false."""
    pinged = [users[user_id] for user_id in entity.pings.users if user_id in users]
    payload: Json = {
        "id": str(entity.id),
        "type": _message_type(entity),
        "channel_id": str(entity.channel.id),
        "author": user(entity.author),
        "content": entity.content,
        "timestamp": iso(entity.created_at),
        "edited_timestamp": None if entity.edited_at is None else iso(entity.edited_at),
        "flags": int(entity.flags),
        "tts": entity.tts,
        "pinned": False,
        "mention_everyone": entity.pings.everyone,
        "mentions": [user(each) for each in pinged],
        "mention_roles": [str(role_id) for role_id in entity.pings.roles],
        "attachments": [
            attachment(each, ephemeral=entity.ephemeral) for each in entity.attachments
        ],
        "embeds": [_embed(each) for each in entity.embeds],
        "components": _components(list(entity.components)),
    }
    if entity.nonce is not None:
        payload["nonce"] = entity.nonce
    if entity.interaction:
        application_id = str(entity.author.id)
        payload |= {"application_id": application_id, "webhook_id": application_id}
        payload["interaction_metadata"] = _metadata(entity.interaction)
    if not may_read(entity):
        payload |= {"content": "", "attachments": [], "embeds": [], "components": []}
    if entity.reply_to:
        payload["message_reference"] = {
            "type": 0,
            "channel_id": str(entity.reply_to.channel.id),
            "message_id": str(entity.reply_to.id),
        }
        if entity.channel.guild:
            payload["message_reference"]["guild_id"] = str(entity.channel.guild.id)
        if with_reply:
            payload["referenced_message"] = message(
                entity.reply_to, users, may_read, with_reply=False
            )
    return payload


def _message_type(entity: Message) -> int:
    if entity.reply_to:
        return REPLY
    if entity.interaction and entity.interaction.kind is InteractionKind.COMMAND:
        return SLASH_REPLY if entity.interaction.data["type"] == SLASH else MENU_REPLY
    return DEFAULT


def _metadata(entity: Interaction) -> Json:
    payload: Json = {
        "id": str(entity.id),
        "type": int(entity.kind),
        "user": user(entity.user),
        "authorizing_integration_owners": authorizing_owners(entity),
    }
    if entity.kind is InteractionKind.COMPONENT and entity.message:
        payload["interacted_message_id"] = str(entity.message.id)
    if entity.kind is InteractionKind.MODAL and entity.triggered_by:
        payload["triggering_interaction_metadata"] = _metadata(entity.triggered_by)
    return payload


def _embed(body: Json) -> Json:
    embed: Json = {"type": "rich"} | without_nulls(body)
    for field in embed.get("fields", []):
        field.setdefault("inline", False)
    return embed


def _components(bodies: list[Json]) -> list[Json]:
    """Return components with the ids and defaults that Discord adds."""
    numbers = count(1)

    def filled(body: Json) -> Json:
        component: Json = {"id": next(numbers)} | without_nulls(body)
        if component["type"] in SELECTS:
            component = {"min_values": 1, "max_values": 1} | component
            component.pop("required", None)
        if component["type"] == CONTAINER:
            component = {"accent_color": None, "spoiler": False} | component
        if "components" in component:
            component["components"] = [filled(child) for child in component["components"]]
        if "accessory" in component:
            component["accessory"] = filled(component["accessory"])
        return component

    return [filled(body) for body in bodies]


def without_nulls(node: Any) -> Any:  # noqa: ANN401 - any JSON in, the same kind of JSON out
    if isinstance(node, list):
        return [without_nulls(item) for item in node]
    if isinstance(node, dict):
        return {key: without_nulls(value) for key, value in node.items() if value is not None}
    return node
