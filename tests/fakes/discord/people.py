"""People on Discord, who post messages, use commands, click, choose and fill in forms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .backend import Backend
from .errors import NotOffered
from .forms import Modal, fill
from .invocations import (
    MESSAGE_MENU,
    SLASH,
    USER_MENU,
    Invocation,
    command_data,
    find_command,
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
from .resolved import Resolved
from .rules import all_components, check_message
from .selects import SELECTS, chosen

BUTTON = 2
LINK_STYLE = 5
MODAL = 9


class Person:
    """A user of Discord; each method acts at once and returns the message or interaction."""

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
        reply_pings: bool = True,
        files: Sequence[Attachment] = (),
    ) -> Message:
        """Post a message; mentions in it ping.

        A reply pings too, unless `reply_pings` is false or it replies to the answer of a command.
        """
        in_thread = channel.kind is ChannelKind.PUBLIC_THREAD
        send = Permissions.SEND_MESSAGES_IN_THREADS if in_thread else Permissions.SEND_MESSAGES
        self._may(send, channel)
        body: Json = {"content": content}
        check_message(body, files=[file.data for file in files])
        can_ping = reply_to and reply_pings and not reply_to.interaction
        replied_to = reply_to.author.id if reply_to and can_ping else None
        message = Message(
            id=self._backend.world.new_id(),
            channel=channel,
            author=self.user,
            created_at=self._backend.world.clock.now(),
            content=content,
            attachments=tuple(files),
            pings=pings_of(body, replied_to),
            reply_to=reply_to,
        )
        return self._backend.post(message)

    def edits(self, message: Message, content: str) -> Message:
        """Edit the text of an own message."""
        current = self._own(message)
        body: Json = {"content": content}
        check_message(body, files=[file.data for file in current.attachments])
        pings, now = pings_of(body), self._backend.world.clock.now()
        changed = replace(current, content=content, pings=pings, edited_at=now)
        return self._backend.edit(current, changed)

    def deletes(self, message: Message) -> None:
        """Delete an own message, or another's with the permission to manage messages."""
        current = self._visible(message)
        if current.author is not self.user:
            self._may(Permissions.MANAGE_MESSAGES, current.channel)
        self._backend.delete(current)

    def starts_thread(self, start: Channel | Message, name: str) -> Channel:
        """Start a public thread in a channel, or from a message."""
        channel = start.channel if isinstance(start, Message) else start
        self._may(Permissions.CREATE_PUBLIC_THREADS, channel)
        world = self._backend.world
        thread_id = start.id if isinstance(start, Message) else world.new_id()
        return self._backend.announce_channel(world.add_thread(channel, name, self.user, thread_id))

    def installs_app(self) -> None:
        """Install the application for this user, who can then use it everywhere."""
        self._application.installed_by.add(self.user.id)

    def dm(self, content: str, *, files: Sequence[Attachment] = ()) -> Message:
        """Send a direct message to the application."""
        return self.says(self.dm_channel, content, files=files)

    def attaches(self, filename: str, data: bytes, content_type: str = "text/plain") -> Attachment:
        """Upload a file for a message or a command option."""
        base_url = self._backend.base_url
        return self._backend.world.add_attachment(filename, data, content_type, base_url)

    def uses_command(self, channel: Channel, name: str, /, **options: object) -> Interaction:
        """Use a slash command; subcommands follow the name: "settings show"."""
        return self._command(InteractionKind.COMMAND, channel, name, options, None)

    def autocompletes(self, channel: Channel, name: str, /, **options: object) -> Interaction:
        """Type into an option of a slash command, which is the last one given."""
        focused = list(options)[-1]
        return self._command(InteractionKind.AUTOCOMPLETE, channel, name, options, focused)

    def uses_context_menu(
        self, name: str, target: Message | User, channel: Channel | None = None
    ) -> Interaction:
        """Use a command of the context menu of a message, or of a user in a channel."""
        place = target.channel if isinstance(target, Message) else channel
        if place is None:
            raise TypeError("the menu of a user opens in a channel: say in which")
        kind = MESSAGE_MENU if isinstance(target, Message) else USER_MENU
        command = find_command(self._application, name, kind, self.user, place)
        resolved = Resolved(place.guild)
        target_id = resolved.add(target, self._backend.world.users)
        data = resolved.added_to(command_data(command) | {"target_id": target_id})
        return self._interact(InteractionKind.COMMAND, place, data)

    def clicks(self, message: Message, button: str) -> Interaction:
        """Click the button with this custom id or label on the current version of the message."""
        current = self._visible(message)
        component = _find(current, button, BUTTON)
        if component["style"] == LINK_STYLE:
            raise NotOffered(f"{button!r} is a link: it tells the application nothing")
        data = {"custom_id": component["custom_id"], "component_type": BUTTON}
        return self._component(current, component, data)

    def chooses(self, message: Message, select: str, *choices: object) -> Interaction:
        """Choose in the select menu with this custom id or placeholder.

        Choices are values, or else the users, roles or channels that the menu offers.
        """
        current = self._visible(message)
        component = _find(current, select, *SELECTS) | {"required": True}  # counts in forms only
        resolved = Resolved(current.channel.guild)
        data: Json = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "values": chosen(component, choices, resolved),
        }
        return self._component(current, component, resolved.added_to(data))

    async def sees_modal(self, interaction: Interaction) -> Modal:
        """Wait for the form shown in response to an interaction."""
        body = await self._backend.ledger.callback(interaction)
        if body["type"] != MODAL:
            raise NotOffered(f"the answer was no form but type {body['type']}")
        return Modal(interaction, body["data"])

    def submits(self, modal: Modal, values: Mapping[str, object]) -> Interaction:
        """Fill in a form, with values by custom id or label, and submit it."""
        opener = modal.interaction
        return self._interact(InteractionKind.MODAL, opener.channel, fill(modal, values), opener)

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
        data = Invocation(command, Resolved(channel.guild)).data(words, options, focused)
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
        return self._backend.dispatch_interaction(
            world.add_interaction(kind, self.user, channel, data, source)
        )

    def _may(self, permission: Permissions, channel: Channel) -> None:
        if permission not in in_channel(self.user, channel) or channel.locked:
            raise NotOffered(f"{self.user.name} may not do that in #{channel.name}")

    def _own(self, message: Message) -> Message:
        current = self._visible(message)
        if current.author is not self.user:
            raise NotOffered(f"{self.user.name} did not write that")
        return current

    def _visible(self, message: Message) -> Message:
        """Return the current version of a message. Raises NotOffered if it is not visible."""
        current = self._backend.world.messages.get(message.id)
        if current is None:
            raise NotOffered("the message was deleted")
        asker = current.interaction.user if current.interaction else None
        if current.ephemeral and asker is not self.user:
            raise NotOffered(f"{self.user.name} cannot see a message meant for another person")
        return current


def _find(message: Message, wanted: str, *kinds: int) -> Json:
    offered = [each for each in all_components(message.components) if each["type"] in kinds]
    for component in offered:
        names = [component.get(key) for key in ("custom_id", "label", "placeholder")]
        if wanted in names:
            return component
    labels = [each.get("label") or each.get("custom_id") for each in offered]
    raise NotOffered(f"the message offers {labels}, not {wanted!r}")
