"""Everything that exists on the double, and how it comes into being and is found."""

import secrets
from typing import TypeVar

from .clock import Clock, Snowflakes
from .model import (
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
    """Everything that exists, looked up by id; what does not exist is refused as Discord does."""

    def __init__(self, clock: Clock, application: str, token: str) -> None:
        self.clock = clock
        self._snowflakes = Snowflakes(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.attachments: dict[int, Attachment] = {}
        self.application = Application(
            user=self.add_user(application, bot=True),
            owner=self.add_user("operator"),
            token=token,
        )

    def new_id(self) -> int:
        return self._snowflakes.next()

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, bot_permissions: Permissions = TALK) -> Guild:
        """Add a guild that the application is in, with a role of its own for the application."""
        guild = Guild(self.new_id(), name, self.application.owner.id)
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(guild.id, "@everyone", TALK | Permissions.MENTION_EVERYONE)
        bot_role = self.add_role(guild, self.application.user.name, bot_permissions)
        self.add_member(guild, self.application.owner)
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
        people = [self.application.user, user]
        for channel in self.channels.values():
            if channel.kind is ChannelKind.DM and channel.recipients == people:
                return channel
        dm = Channel(self.new_id(), "", ChannelKind.DM, self.clock.now(), recipients=people)
        return self._add(dm)

    def add_interaction(
        self,
        kind: InteractionKind,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | Interaction | None = None,
    ) -> Interaction:
        """Add an interaction; its source is the message clicked or the form's opener."""
        interaction = Interaction(
            id=self.new_id(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            data=data,
            user=user,
            channel=channel,
            created_at=self.clock.now(),
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

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels[channel.id] = channel
        return channel


def _known(thing: T | None, refusal: Refusal) -> T:
    if thing is None:
        raise Refused(refusal)
    return thing
