"""Creates and looks up everything that exists on the fake Discord."""

import secrets
from typing import TypeVar

from . import limits
from .bounded_dict import BoundedDict
from .budget import Budget
from .clock import Clock, Snowflakes
from .installs import installs_for
from .model import (
    LOCALE,
    Application,
    Attachment,
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    InteractionKind,
    Member,
    Message,
    Role,
    User,
)
from .permissions import TALK, Permissions
from .refusals import Json, Refusal, Refused

T = TypeVar("T")


class World:
    """All objects by id. Looking up an unknown one raises Refused with Discord's error."""

    def __init__(
        self, clock: Clock, application: str, token: str, capacity: int = limits.CAPACITY
    ) -> None:
        self.capacity = capacity
        self.clock = clock
        self._snowflakes = Snowflakes(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: BoundedDict[int, Message] = BoundedDict(capacity)
        self.interactions: BoundedDict[str, Interaction] = BoundedDict(capacity)
        self.attachments: BoundedDict[int, Attachment] = BoundedDict(capacity)
        self.nonces: BoundedDict[tuple[int, str | int], int] = BoundedDict(capacity)
        self._command_creates: dict[int | None, Budget] = {}
        self.application = Application(
            user=self.add_user(application, bot=True),
            owner=self.add_user("operator"),
            token=token,
        )

    def new_id(self) -> int:
        return self._snowflakes.next()

    def add_user(self, name: str, *, bot: bool = False, locale: str = LOCALE) -> User:
        user = User(self.new_id(), name, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str,
        bot_permissions: Permissions = TALK,
        *,
        with_bot: bool = True,
        locale: str = LOCALE,
    ) -> Guild:
        """Add a guild; if the application is in it, with a role for it."""
        guild = Guild(self.new_id(), name, self.application.owner.id, locale)
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(guild.id, "@everyone", TALK | Permissions.MENTION_EVERYONE)
        self.add_member(guild, self.application.owner)
        if with_bot:
            bot_role = self.add_role(guild, self.application.user.name, bot_permissions)
            self.add_member(guild, self.application.user, bot_role)
        return guild

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        role = Role(self.new_id(), name, permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        member = Member(user, self.clock.now(), [role.id for role in roles])
        guild.members[user.id] = member
        return member

    def add_channel(self, guild: Guild, name: str) -> Channel:
        return self._add(Channel(self.new_id(), name, ChannelKind.TEXT, self.clock.now(), guild))

    def add_thread(self, parent: Channel, name: str, owner: User, thread_id: int) -> Channel:
        thread = Channel(
            thread_id,
            name,
            ChannelKind.PUBLIC_THREAD,
            self.clock.now(),
            parent.guild,
            parent,
            owner.id,
        )
        return self._add(thread)

    def dm_with(self, user: User) -> Channel:
        """Return the direct-message channel of a user and the application."""
        return self.conversation(self.application.user, user)

    def conversation(self, *people: User) -> Channel:
        """Return the direct-message channel of two people, or of a group."""
        kind = ChannelKind.GROUP_DM if people[2:] else ChannelKind.DM
        for channel in self.channels.values():
            if channel.kind is kind and set(channel.recipients) == set(people):
                return channel
        now, owner = self.clock.now(), people[0].id
        return self._add(
            Channel(self.new_id(), "", kind, now, owner_id=owner, recipients=list(people))
        )

    def add_interaction(
        self,
        kind: InteractionKind,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | Interaction | None = None,
    ) -> Interaction:
        """Add an interaction; `source` is the message clicked, or the one that opened the form."""
        origin = source.interaction if isinstance(source, Message) else source
        installs = origin.installs if origin else installs_for(self.application, user, channel)
        interaction = Interaction(
            id=self.new_id(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            data=data,
            user=user,
            channel=channel,
            created_at=self.clock.now(),
            installs=frozenset(installs),
            message=source.message if isinstance(source, Interaction) else source,
            triggered_by=source if isinstance(source, Interaction) else None,
        )
        self.interactions[interaction.token] = interaction
        return interaction

    def add_attachment(self, filename: str, data: bytes, content_type: str, at: str) -> Attachment:
        attachment_id = self.new_id()
        url = f"{at}/attachments/{attachment_id}/{filename}"
        attachment = Attachment(attachment_id, filename, data, content_type, url)
        self.attachments[attachment_id] = attachment
        return attachment

    def channel(self, channel_id: int) -> Channel:
        return _known(self.channels.get(channel_id), Refusal.UNKNOWN_CHANNEL)

    def guild(self, guild_id: int) -> Guild:
        return _known(self.guilds.get(guild_id), Refusal.UNKNOWN_GUILD)

    def user(self, user_id: int) -> User:
        return _known(self.users.get(user_id), Refusal.UNKNOWN_USER)

    def message(self, channel: Channel, message_id: int) -> Message:
        message = _known(self.messages.get(message_id), Refusal.UNKNOWN_MESSAGE)
        return _known(message if message.channel is channel else None, Refusal.UNKNOWN_MESSAGE)

    def command_creates(self, guild_id: int | None) -> Budget:
        """The daily budget of new commands of a guild, or of global ones for None."""
        budget = Budget(self.clock, limits.COMMAND_CREATES_A_DAY, limits.DAY_S)
        return self._command_creates.setdefault(guild_id, budget)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads and messages."""
        threads = [each for each in self.channels.values() if each.parent is channel]
        for gone in (channel, *threads):
            del self.channels[gone.id]
            if gone.guild:
                del gone.guild.channels[gone.id]
            for message in [each for each in self.messages.values() if each.channel is gone]:
                del self.messages[message.id]

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels[channel.id] = channel
        return channel


def _known(thing: T | None, refusal: Refusal) -> T:
    if thing is None:
        raise Refused(refusal)
    return thing
