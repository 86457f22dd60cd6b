"""What happens on the double: each change of the world, together with the events it causes."""

from collections.abc import Iterable

from . import payloads
from .entries import Change, MessageChange
from .faults import Faults
from .gateway import Gateway
from .ledger import Ledger
from .model import Channel, Guild, Interaction, Message, Overwrite, Role, User
from .openapi import Description
from .permissions import Permissions
from .protocol import Intents
from .ratelimits import RateLimits
from .refusals import Json, Problem
from .session import Session
from .visibility import reaches, readable
from .world import World


class Backend:
    """The world, its ledger and its gateway, and the doings that touch all three."""

    def __init__(self, world: World, description: Description | None) -> None:
        self.world = world
        self.description = description
        self.ledger = Ledger(world.clock)
        self.gateway = Gateway(world, self.ledger)
        self.faults = Faults()
        self.rate_limits = RateLimits(world.clock)
        self.base_url = ""

    def post(self, message: Message) -> Message:
        """Put a message into its channel and announce it."""
        self.world.messages[message.id] = message
        if message.author is self.world.application.user:
            self._judge(message)
        self._announce(Change.POSTED, message, "MESSAGE_CREATE", message.interaction)
        return message

    def edit(self, message: Message, changed: Message, by: Interaction | None = None) -> Message:
        """Put a changed message in the place of the old one and announce it."""
        self.world.messages[message.id] = changed
        if message.loading:
            self._judge(changed)
        self._announce(Change.EDITED, changed, "MESSAGE_UPDATE", by)
        return changed

    def delete(self, message: Message, by: Interaction | None = None) -> None:
        """Take a message away and announce it."""
        del self.world.messages[message.id]
        now = self.world.clock.now()
        self.ledger.record(MessageChange(now, Change.DELETED, message, by))
        payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
        payload |= _guild_id(message.channel)

        def event(session: Session) -> Json | None:
            bot = self.world.application.user
            return payload if reaches(message, bot, session.intents) else None

        self.gateway.dispatch("MESSAGE_DELETE", event)

    def open(self, channel: Channel) -> Channel:
        """Announce a new channel or thread of a guild."""
        if channel.parent:
            payload = self.checked("ThreadResponse", payloads.channel(channel))
            self._to_guild_watchers("THREAD_CREATE", payload | {"newly_created": True})
        else:
            payload = self.checked("GuildChannelResponse", payloads.channel(channel))
            self._to_guild_watchers("CHANNEL_CREATE", payload)
        return channel

    def overwrite(self, channel: Channel, target: Role | User, overwrite: Overwrite) -> None:
        """Change what a role or member may do in a channel, and announce it."""
        channel.overwrites[target.id] = overwrite
        payload = self.checked("GuildChannelResponse", payloads.channel(channel))
        self._to_guild_watchers("CHANNEL_UPDATE", payload)

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        """Add a role to a guild and announce it."""
        role = self.world.add_role(guild, name, permissions)
        payload = self.checked("GuildRoleResponse", payloads.role(role))
        self._to_guild_watchers("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": payload})
        return role

    def found(self, guild: Guild) -> Guild:
        """Announce a guild that the application has just joined."""
        self.checked("GuildWithCountsResponse", payloads.guild(guild))
        self.gateway.dispatch(
            "GUILD_CREATE", lambda session: self.gateway.guild_as_seen(session, guild)
        )
        return guild

    def interact(self, interaction: Interaction) -> Interaction:
        """Bring an interaction to the application; the three seconds start now."""
        application, users = self.world.application, self.world.users
        payload = payloads.interaction(interaction, application, users)
        self.gateway.dispatch("INTERACTION_CREATE", lambda _: payload)
        return interaction

    def message_payload(self, message: Message, intents: int | None = None) -> Json:
        """Return a message as a session with these intents, or else the REST API, shows it."""
        application = self.world.application
        known = Intents(application.privileged_intents if intents is None else intents)
        return payloads.message(
            message, self.world.users, lambda some: readable(some, application.user, known)
        )

    def checked(self, schema: str, payload: Json) -> Json:
        """Return a payload of the double's own after measuring it by Discord's description."""
        if self.description:
            self.blame_double(self.description.of_component(schema, payload))
        return payload

    def blame_double(self, problems: Iterable[Problem]) -> None:
        """Record mistakes of the double itself: no run may pass over them."""
        for problem in problems:
            self.ledger.violate("loopback-itself", str(problem))

    def _announce(
        self, change: Change, message: Message, name: str, by: Interaction | None
    ) -> None:
        self.ledger.record(MessageChange(self.world.clock.now(), change, message, by))
        extra = _guild_id(message.channel)
        if message.channel.guild and message.author.id in message.channel.guild.members:
            member = message.channel.guild.members[message.author.id]
            extra["member"] = payloads.member(member, with_user=False)

        def event(session: Session) -> Json | None:
            if not reaches(message, self.world.application.user, session.intents):
                return None
            payload = self.message_payload(message, session.intents)
            return self.checked("MessageResponse", payload) | extra

        self.gateway.dispatch(name, event)

    def _judge(self, message: Message) -> None:
        """Record what the application should not have posted, accepted though it was."""
        if message.pings.everyone:
            self.ledger.violate("pings-everyone", message.content)
        if message.pings.roles:
            self.ledger.violate("pings-role", message.content)
        replied_to = message.reply_to.author if message.reply_to else message.author
        if replied_to.bot and replied_to is not message.author:
            self.ledger.violate("answers-a-bot", message.content)

    def _to_guild_watchers(self, name: str, payload: Json) -> None:
        self.gateway.dispatch(
            name, lambda session: payload if Intents.GUILDS in session.intents else None
        )


def _guild_id(channel: Channel) -> Json:
    return {"guild_id": str(channel.guild.id)} if channel.guild else {}
