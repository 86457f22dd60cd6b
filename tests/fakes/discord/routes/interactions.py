"""The routes of responses: one callback within three seconds, then edits and follow-ups."""

from dataclasses import replace
from enum import IntEnum

from fakes.discord import limits
from fakes.discord.installs import is_external, must_be_ephemeral
from fakes.discord.model import Interaction, InteractionKind, Message, MessageFlags
from fakes.discord.refusals import Json, Refusal, Refused, invalid
from fakes.discord.rules import check_message

from .endpoint import NOTHING, Auth, Call, Reply, endpoint
from .messages import edit, shown_fields

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = WEBHOOK + "/messages/@original"
ITEM = WEBHOOK + "/messages/{message_id}"


class Callback(IntEnum):
    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


_MESSAGES = {Callback.MESSAGE, Callback.DEFERRED_MESSAGE}
_UPDATES = {Callback.DEFERRED_UPDATE, Callback.UPDATE}

ALLOWED = {
    InteractionKind.COMMAND: _MESSAGES | {Callback.MODAL},
    InteractionKind.COMPONENT: _MESSAGES | _UPDATES | {Callback.MODAL},
    InteractionKind.AUTOCOMPLETE: {Callback.AUTOCOMPLETE},
    InteractionKind.MODAL: _MESSAGES | _UPDATES,
}


@endpoint("POST", CALLBACK, Auth.IN_PATH)
def create_interaction_response(call: Call) -> Reply:
    world, interaction = call.backend.world, call.interaction
    if interaction is None or interaction.id != call.id("interaction_id"):
        raise Refused(Refusal.UNKNOWN_INTERACTION)
    if interaction.acknowledged:
        raise Refused(Refusal.ALREADY_ACKNOWLEDGED)
    if world.clock.now() - interaction.created_at > limits.FIRST_RESPONSE_S:
        raise Refused(Refusal.UNKNOWN_INTERACTION)
    kind = Callback(call.body["type"])
    from_message = interaction.message is not None
    if kind not in ALLOWED[interaction.kind] or (kind in _UPDATES and not from_message):
        raise invalid(("type",), "BASE_TYPE_CHOICES", "Not a response to this kind of interaction")
    message = _carry_out(call, interaction, kind)
    interaction.callback_type = int(kind)
    if call.query.get("with_response") not in ("1", "true", "True"):
        return NOTHING
    return Reply(_callback_payload(call, interaction, kind, message))


@endpoint("GET", ORIGINAL, Auth.IN_PATH)
def get_original(call: Call) -> Reply:
    return _shown(call, _original(call))


@endpoint("PATCH", ORIGINAL, Auth.IN_PATH)
def update_original(call: Call) -> Reply:
    return _shown(call, edit(call, _original(call), call.body))


@endpoint("DELETE", ORIGINAL, Auth.IN_PATH)
def delete_original(call: Call) -> Reply:
    call.backend.delete(_original(call), call.interaction)
    return NOTHING


@endpoint("POST", WEBHOOK, Auth.IN_PATH)
def execute_webhook(call: Call) -> Reply:
    """Post a follow-up; the first one after a deferral replaces "… is thinking"."""
    interaction = _acknowledged(call)
    check_message(call.body, files=[data for _, data, _ in call.files.values()])
    original = call.backend.world.messages.get(interaction.original_id or 0)
    if original and original.loading:
        return _shown(call, edit(call, original, call.body))
    if is_external(interaction) and interaction.follow_ups >= limits.FOLLOW_UPS_MAX:
        raise Refused(Refusal.TOO_MANY_FOLLOW_UPS)
    interaction.follow_ups += 1
    return _shown(call, call.backend.post(_message(call, interaction, call.body)))


@endpoint("GET", ITEM, Auth.IN_PATH)
def get_followup(call: Call) -> Reply:
    return _shown(call, _followup(call))


@endpoint("PATCH", ITEM, Auth.IN_PATH)
def update_followup(call: Call) -> Reply:
    return _shown(call, edit(call, _followup(call), call.body))


@endpoint("DELETE", ITEM, Auth.IN_PATH)
def delete_followup(call: Call) -> Reply:
    call.backend.delete(_followup(call), call.interaction)
    return NOTHING


def _carry_out(call: Call, interaction: Interaction, kind: Callback) -> Message | None:
    data: Json = call.body.get("data") or {}
    match kind:
        case Callback.MESSAGE | Callback.DEFERRED_MESSAGE:
            deferred = kind is Callback.DEFERRED_MESSAGE
            files = [content for _, content, _ in call.files.values()]
            check_message(data, files=files, shown=not deferred)
            message = _message(call, interaction, data)
            if deferred:
                message = replace(message, flags=message.flags | MessageFlags.LOADING)
            interaction.original_id = message.id
            return call.backend.post(message)
        case Callback.DEFERRED_UPDATE | Callback.UPDATE if interaction.message:
            source = call.backend.world.messages.get(interaction.message.id)
            if source is None:
                raise Refused(Refusal.UNKNOWN_MESSAGE)
            interaction.original_id = source.id
            return edit(call, source, data) if kind is Callback.UPDATE else source
    return None


def _message(call: Call, interaction: Interaction, body: Json) -> Message:
    world = call.backend.world
    shown = shown_fields(call, body)
    shown["flags"] |= MessageFlags(body.get("flags") or 0) & MessageFlags.EPHEMERAL
    if must_be_ephemeral(interaction):
        shown["flags"] |= MessageFlags.EPHEMERAL
    return Message(
        id=world.new_id(),
        channel=interaction.channel,
        author=call.bot,
        created_at=world.clock.now(),
        interaction=interaction,
        tts=bool(body.get("tts")),
        **shown,
    )


def _callback_payload(
    call: Call, interaction: Interaction, kind: Callback, message: Message | None
) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    payload: Json = {"interaction": about}
    if message:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
    if message and kind in (Callback.MESSAGE, Callback.UPDATE):
        shown = call.backend.message_payload(message)
        payload["resource"] = {"type": int(kind), "message": shown}
    return payload


def _acknowledged(call: Call) -> Interaction:
    """Return the interaction whose token is in the path. Raises Refused unless acknowledged."""
    world, interaction = call.backend.world, call.interaction
    if interaction is None or call.id("webhook_id") != world.application.id:
        raise Refused(Refusal.UNKNOWN_WEBHOOK)
    if world.clock.now() - interaction.created_at > limits.INTERACTION_TOKEN_S:
        raise Refused(Refusal.INVALID_WEBHOOK_TOKEN)
    if not interaction.acknowledged:
        raise Refused(Refusal.UNKNOWN_WEBHOOK)
    return interaction


def _original(call: Call) -> Message:
    interaction = _acknowledged(call)
    return call.backend.world.message(interaction.channel, interaction.original_id or 0)


def _followup(call: Call) -> Message:
    interaction = _acknowledged(call)
    message = call.backend.world.message(interaction.channel, call.id("message_id"))
    if message.interaction is not interaction and message.id != interaction.original_id:
        raise Refused(Refusal.UNKNOWN_MESSAGE)
    return message


def _shown(call: Call, message: Message) -> Reply:
    return Reply(call.backend.message_payload(message))
