"""The routes of messages, typing, and threads that start from a message."""

from dataclasses import replace
from typing import Any

from fakes.discord import limits, payloads
from fakes.discord.mentions import pings_of
from fakes.discord.model import Channel, ChannelKind, Message, MessageFlags
from fakes.discord.permissions import Permissions, in_channel
from fakes.discord.refusals import Json, Refusal, Refused, invalid
from fakes.discord.rules import check_message

from .endpoint import NOTHING, Call, Reply, endpoint

COLLECTION = "/channels/{channel_id}/messages"
ITEM = COLLECTION + "/{message_id}"
DEFAULT_PAGE = 50
EDITABLE = MessageFlags.SUPPRESS_EMBEDS | MessageFlags.COMPONENTS_V2
SENDABLE = EDITABLE | MessageFlags.SUPPRESS_NOTIFICATIONS


@endpoint("POST", COLLECTION)
def create_message(call: Call) -> Reply:
    channel = call.channel()
    body, world = call.body, call.backend.world
    check_message(body, files=[data for _, data, _ in call.files.values()])
    _check_may_send(call, channel)
    if known := _already_sent(call, channel):
        return Reply(call.backend.message_payload(known))
    reply_to = _reply_target(call, channel)
    message = Message(
        id=world.new_id(),
        channel=channel,
        author=call.bot,
        created_at=world.clock.now(),
        reply_to=reply_to,
        nonce=body.get("nonce"),
        tts=bool(body.get("tts")),
        **shown_fields(call, body, reply_to),
    )
    if message.nonce is not None:
        world.nonces[channel.id, message.nonce] = message.id
    return Reply(call.backend.message_payload(call.backend.post(message)))


@endpoint("GET", COLLECTION)
def list_messages(call: Call) -> Reply:
    channel = call.channel(Permissions.READ_MESSAGE_HISTORY)
    limit = int(call.query.get("limit", DEFAULT_PAGE))
    if not 1 <= limit <= limits.HISTORY_PAGE_MAX:
        raise Refused(Refusal.INVALID_BODY)
    before = int(call.query.get("before", 1 << 63))
    after = int(call.query.get("after", 0))
    found = [
        message
        for message in call.backend.world.messages.values()
        if message.channel is channel and after < message.id < before and not message.ephemeral
    ]
    newest_first = sorted(found, key=lambda message: message.id, reverse=True)
    page = newest_first[-limit:] if "after" in call.query else newest_first[:limit]
    return Reply([call.backend.message_payload(message) for message in page])


@endpoint("GET", ITEM)
def get_message(call: Call) -> Reply:
    message = _message(call, Permissions.READ_MESSAGE_HISTORY)
    return Reply(call.backend.message_payload(message))


@endpoint("PATCH", ITEM)
def update_message(call: Call) -> Reply:
    message = _message(call)
    if message.author is not call.bot:
        raise Refused(Refusal.NOT_THE_AUTHOR)
    return Reply(call.backend.message_payload(edit(call, message, call.body)))


@endpoint("DELETE", ITEM)
def delete_message(call: Call) -> Reply:
    message = _message(call)
    if message.author is not call.bot:
        call.channel(Permissions.MANAGE_MESSAGES)
    call.backend.delete(message)
    return NOTHING


@endpoint("POST", "/channels/{channel_id}/typing")
def trigger_typing_indicator(call: Call) -> Reply:
    _check_may_send(call, call.channel())
    return NOTHING


@endpoint("POST", ITEM + "/threads")
def create_thread_from_message(call: Call) -> Reply:
    message, world = _message(call, Permissions.CREATE_PUBLIC_THREADS), call.backend.world
    if message.id in world.channels:
        raise Refused(Refusal.THREAD_EXISTS)
    thread = world.add_thread(message.channel, call.body["name"], call.bot, thread_id=message.id)
    return Reply(payloads.channel(call.backend.announce_channel(thread)), 201)


def shown_fields(call: Call, body: Json, reply_to: Message | None = None) -> dict[str, Any]:
    """Return the visible content of a body, as fields of `Message`."""
    return {
        "content": body.get("content") or "",
        "embeds": tuple(body.get("embeds") or []),
        "components": tuple(body.get("components") or []),
        "attachments": call.attachments(),
        "flags": MessageFlags(body.get("flags") or 0) & SENDABLE,
        "pings": pings_of(body, reply_to.author.id if reply_to else None),
    }


def edit(call: Call, message: Message, body: Json) -> Message:
    """Change the fields that a body has, and keep the others. Raises Refused if that is empty."""
    merged: Json = {
        "content": message.content,
        "embeds": list(message.embeds),
        "components": list(message.components),
        "attachments": [{"id": str(each.id)} for each in message.attachments],
    }
    flags = message.flags & ~MessageFlags.LOADING
    flags |= MessageFlags(body.get("flags") or 0) & EDITABLE
    merged |= body | {"flags": int(flags)}
    check_message(merged, files=[data for _, data, _ in call.files.values()])
    changes = shown_fields(call, merged, message.reply_to)
    kept = {str(each["id"]) for each in merged["attachments"] or []}
    changes["attachments"] += tuple(each for each in message.attachments if str(each.id) in kept)
    changes |= {"flags": flags, "edited_at": call.backend.world.clock.now()}
    return call.backend.edit(message, replace(message, **changes), call.interaction)


def _message(call: Call, *needed: Permissions) -> Message:
    """Return the message in the path. Raises Refused for ephemeral ones."""
    message = call.backend.world.message(call.channel(*needed), call.id("message_id"))
    if message.ephemeral:
        raise Refused(Refusal.UNKNOWN_MESSAGE)
    return message


def _check_may_send(call: Call, channel: Channel) -> None:
    in_thread = channel.kind is ChannelKind.PUBLIC_THREAD
    send = Permissions.SEND_MESSAGES_IN_THREADS if in_thread else Permissions.SEND_MESSAGES
    if channel.locked:
        raise Refused(Refusal.THREAD_LOCKED)
    needed = [send]
    if call.body and call.body.get("embeds"):
        needed.append(Permissions.EMBED_LINKS)
    if call.files:
        needed.append(Permissions.ATTACH_FILES)
    call.channel(*needed)


def _already_sent(call: Call, channel: Channel) -> Message | None:
    """Return the earlier message with the same nonce, if the body asks to enforce nonces."""
    nonce, world = call.body.get("nonce"), call.backend.world
    if nonce is None or not call.body.get("enforce_nonce"):
        return None
    message = world.messages.get(world.nonces.get((channel.id, nonce), 0))
    oldest = world.clock.now() - limits.NONCE_REMEMBERED_S
    return message if message and message.created_at >= oldest else None


def _reply_target(call: Call, channel: Channel) -> Message | None:
    reference = call.body.get("message_reference")
    if reference is None:
        return None
    if Permissions.READ_MESSAGE_HISTORY not in in_channel(call.bot, channel):
        raise Refused(Refusal.NO_HISTORY)
    target = call.backend.world.messages.get(int(reference["message_id"]))
    if target is None and reference.get("fail_if_not_exists") is not False:
        raise invalid(
            ("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
        )
    return target
