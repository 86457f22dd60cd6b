"""What a person can do on Discord: write, use commands, click, choose, fill in forms."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import limits, payloads
from .backend import Backend
from .invocations import (
    MESSAGE_MENU,
    SLASH,
    USER_MENU,
    Invocation,
    NotOffered,
    find_command,
    head,
)
from .mentions import pings_of
from .model import (
    Application,
    Attachment,
    Channel,
    ChannelKind,
    Interaction,
    InteractionKind,
    Message,
    User,
)
from .permissions import Permissions, in_channel
from .refusals import Json
from .rules import all_components, check_message

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
ACTION_ROW, LABEL = 1, 18
LINK_STYLE = 5
MODAL = 9


class Modal(NamedTuple):
    """A form that the application showed in answer to an interaction."""

    interaction: Interaction
    data: Json


class Person:
    """Somebody on Discord; acts at once, and returns what came into being."""

    def __init__(self, backend: Backend, user: User) -> None:
        self._backend = backend
        self.user = user

    @property
    def dm_channel(self) -> Channel:
        """The channel of direct messages with the application."""
        return self._backend.world.dm_with(self.user)

    def says(
        self,
        channel: Channel,
        content: str,
        *,
        reply_to: Message | None = None,
        files: Sequence[Attachment] = (),
    ) -> Message:
        """Write a message; mentions in it ping, as they do from Discord's client."""
        in_thread = channel.kind is ChannelKind.PUBLIC_THREAD
        send = Permissions.SEND_MESSAGES_IN_THREADS if in_thread else Permissions.SEND_MESSAGES
        if send not in in_channel(self.user, channel):
            raise NotOffered(f"{self.user.name} may not write in #{channel.name}")
        body: Json = {"content": content}
        check_message(body, files=[file.data for file in files])
        message = Message(
            id=self._backend.world.new_id(),
            channel=channel,
            author=self.user,
            created_at=self._backend.world.clock.now(),
            content=content,
            attachments=tuple(files),
            pings=pings_of(body, reply_to.author.id if reply_to else None),
            reply_to=reply_to,
        )
        return self._backend.post(message)

    def dm(self, content: str, *, files: Sequence[Attachment] = ()) -> Message:
        """Write to the application in a direct message."""
        return self.says(self.dm_channel, content, files=files)

    def attaches(self, filename: str, data: bytes, content_type: str = "text/plain") -> Attachment:
        """Upload a file, for a message or an option of a command."""
        base_url = self._backend.base_url
        return self._backend.world.add_attachment(filename, data, content_type, base_url)

    def uses_command(self, channel: Channel, name: str, /, **options: object) -> Interaction:
        """Use a slash command; subcommands follow the name: "settings show"."""
        return self._command(InteractionKind.COMMAND, channel, name, options, None)

    def autocompletes(self, channel: Channel, name: str, /, **options: object) -> Interaction:
        """Type into an option of a slash command: the last one given is the one being typed."""
        focused = list(options)[-1]
        return self._command(InteractionKind.AUTOCOMPLETE, channel, name, options, focused)

    def uses_context_menu(
        self, name: str, target: Message | User, channel: Channel | None = None
    ) -> Interaction:
        """Use a command from the menu of a message, or of a user seen in a channel."""
        place = target.channel if isinstance(target, Message) else channel
        if place is None:
            raise TypeError("the menu of a user opens in a channel: say in which")
        kind = MESSAGE_MENU if isinstance(target, Message) else USER_MENU
        command = find_command(self._application, name, kind, self.user, place)
        data = head(command) | {"target_id": str(target.id)}
        if isinstance(target, Message):
            payload = payloads.message(target, self._backend.world.users)
            data["resolved"] = {"messages": {str(target.id): payload}}
        else:
            data["resolved"] = {"users": {str(target.id): payloads.user(target)}}
            if place.guild and target.id in place.guild.members:
                member = payloads.resolved_member(place.guild.members[target.id], place.guild)
                data["resolved"]["members"] = {str(target.id): member}
        return self._interact(InteractionKind.COMMAND, place, data)

    def clicks(self, message: Message, button: str) -> Interaction:
        """Press the button with this custom id or label, on the message as it is now."""
        current = self._visible(message)
        component = _find(current, button, BUTTON)
        if component["style"] == LINK_STYLE:
            raise NotOffered(f"{button!r} is a link: it tells the application nothing")
        data = {"custom_id": component["custom_id"], "component_type": BUTTON}
        return self._component(current, component, data)

    def chooses(self, message: Message, select: str, *values: str) -> Interaction:
        """Choose values in the select menu with this custom id or placeholder."""
        current = self._visible(message)
        component = _find(current, select, STRING_SELECT)
        offered = [option["value"] for option in component["options"]]
        least, most = component.get("min_values", 1), component.get("max_values", 1)
        if not set(values) <= set(offered) or not least <= len(values) <= most:
            raise NotOffered(f"{select!r} offers {least} to {most} of {offered}, not {values}")
        data: Json = {
            "custom_id": component["custom_id"],
            "component_type": STRING_SELECT,
            "values": list(values),
        }
        return self._component(current, component, data)

    async def sees_modal(self, interaction: Interaction) -> Modal:
        """Wait for the form that answers an interaction."""
        body = await self._backend.ledger.callback(interaction)
        if body["type"] != MODAL:
            raise NotOffered(f"the answer was no form but type {body['type']}")
        return Modal(interaction, body["data"])

    def submits(self, modal: Modal, values: Mapping[str, str]) -> Interaction:
        """Fill in a form, by custom ids or labels of its text fields, and send it."""
        left = dict(values)
        rows = [_filled(row, left) for row in modal.data["components"]]
        if left:
            raise NotOffered(f"the form has no field {sorted(left)}")
        data: Json = {"custom_id": modal.data["custom_id"], "components": rows}
        opener = modal.interaction
        return self._interact(InteractionKind.MODAL, opener.channel, data, opener)

    @property
    def _application(self) -> Application:
        return self._backend.world.application

    def _command(
        self,
        kind: InteractionKind,
        channel: Channel,
        name: str,
        options: Mapping[str, object],
        focused: str | None,
    ) -> Interaction:
        first, *words = name.split()
        command = find_command(self._application, first, SLASH, self.user, channel)
        data = Invocation(command, channel).data(words, options, focused)
        return self._interact(kind, channel, data)

    def _component(self, message: Message, component: Json, data: Json) -> Interaction:
        if component.get("disabled"):
            raise NotOffered(f"{data['custom_id']!r} is disabled")
        return self._interact(InteractionKind.COMPONENT, message.channel, data, message)

    def _interact(
        self,
        kind: InteractionKind,
        channel: Channel,
        data: Json,
        source: Message | Interaction | None = None,
    ) -> Interaction:
        world = self._backend.world
        return self._backend.interact(world.add_interaction(kind, self.user, channel, data, source))

    def _visible(self, message: Message) -> Message:
        """Return a message as it is now, if this person can see it."""
        current = self._backend.world.messages.get(message.id)
        if current is None:
            raise NotOffered("the message was deleted")
        asker = current.interaction.user if current.interaction else None
        if current.ephemeral and asker is not self.user:
            raise NotOffered(f"{self.user.name} cannot see a message meant for another person")
        return current


def _find(message: Message, wanted: str, kind: int) -> Json:
    offered = [each for each in all_components(message.components) if each["type"] == kind]
    for component in offered:
        names = [component.get(key) for key in ("custom_id", "label", "placeholder")]
        if wanted in names:
            return component
    labels = [each.get("label") or each.get("custom_id") for each in offered]
    raise NotOffered(f"the message offers {labels}, not {wanted!r}")


def _filled(row: Json, values: dict[str, str]) -> Json:
    """Return a row of a form as sent back, taking its values out of the mapping."""
    if row["type"] == ACTION_ROW:
        fields = [_field(each, each.get("label"), values) for each in row["components"]]
        return {"type": ACTION_ROW, "id": row.get("id", 1), "components": fields}
    if row["type"] == LABEL:
        field = _field(row["component"], row["label"], values)
        return {"type": LABEL, "id": row.get("id", 1), "component": field}
    return {"type": row["type"], "id": row.get("id", 1)}


def _field(component: Json, label: str | None, values: dict[str, str]) -> Json:
    if component["type"] != TEXT_INPUT:
        raise NotImplementedError(f"fields of type {component['type']} in a form")
    custom_id = component["custom_id"]
    given = values.pop(custom_id, values.pop(label or custom_id, None))
    text = component.get("value") or "" if given is None else given
    required = component.get("required", True)
    least = component.get("min_length") or int(required)
    most = component.get("max_length") or limits.TEXT_INPUT_MAX_CHARS
    left_empty = not text and not required
    if not left_empty and not least <= len(text) <= most:
        raise NotOffered(f"{custom_id!r} takes {least} to {most} characters, not {len(text)}")
    return {"type": TEXT_INPUT, "id": component.get("id", 1), "custom_id": custom_id, "value": text}
