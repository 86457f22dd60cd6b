"""Changes of the double's world, each together with the events that it causes."""

from collections.abc import Iterable

from . import limits, payloads
from .budget import Budget
from .entries import Change, MessageChange
from .faults import Faults
from .gateway import Gateway
from .ledger import Ledger
from .manners import Manners
from .model import Channel, Guild, Interaction, Message, Overwrite, Role, User
from .permissions import Permissions
from .protocol import Intents
from .ratelimits import RateLimits
from .refusals import Json, Problem
from .sampling import Inspector
from .session import Session
from .visibility import reaches, readable
from .world import World


class Backend:
    """The world, its ledger and its gateway, and the doings that touch all three."""

    def __init__(self, world: World, inspector: Inspector) -> None:
        self.world = world
        self.inspector = inspector
        self.ledger = Ledger(world.clock, world.remembers)
        self.manners = Manners(world.application, self.ledger)
        self.faults = Faults(self.ledger)
        self.gateway = Gateway(world, self.ledger, self.faults)
        self.rate_limits = RateLimits(world.clock)
        self.invalid_requests = Budget(
            world.clock, limits.INVALID_REQUESTS, limits.INVALID_WINDOW_S
        )
        self.base_url = ""

    def post(self, message: Message) -> Message:
        """Put a message into its channel and announce it."""
        self.world.messages[message.id] = message
        if message.author is self.world.application.user:
            self.manners.judge_message(message)
        self._announce(Change.POSTED, message, "MESSAGE_CREATE", message.interaction)
        return message

    def edit(self, message: Message, changed: Message, by: Interaction | None = None) -> Message:
        """Put a changed message in the place of the old one and announce it."""
        self.world.messages[message.id] = changed
        if message.loading:
            self.manners.judge_message(changed)
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
        new = {"newly_created": True} if channel.parent else {}
        self._tell_of(channel, "CREATE", new)
        return channel

    def overwrite(self, channel: Channel, target: Role | User, overwrite: Overwrite) -> None:
        """Change what a role or member may do in a channel, and announce it."""
        channel.overwrites[target.id] = overwrite
        self._tell_of(channel, "UPDATE")

    def lock(self, thread: Channel) -> None:
        """Archive a thread so that nobody can open it again by writing, and announce it."""
        thread.locked = True
        self._tell_of(thread, "UPDATE")

    def rename(self, place: Guild | Channel, name: str) -> None:
        """Rename a guild, a channel or a thread, and announce it."""
        place.name = name
        if isinstance(place, Channel):
            self._tell_of(place, "UPDATE")
        else:
            self._to_guild_watchers("GUILD_UPDATE", place, payloads.guild(place))

    def change_role(self, guild: Guild, role: Role, name: str, permissions: Permissions) -> None:
        """Give a role another name and other permissions, and announce it."""
        role.name, role.permissions = name, permissions
        payload = self.checked("GuildRoleResponse", payloads.role(role))
        event = {"guild_id": str(guild.id), "role": payload}
        self._to_guild_watchers("GUILD_ROLE_UPDATE", guild, event)

    def close(self, channel: Channel) -> None:
        """Take away a channel or thread with all that is in it, and announce it."""
        self._tell_of(channel, "DELETE")
        self.world.remove_channel(channel)

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        """Add a role to a guild and announce it."""
        role = self.world.add_role(guild, name, permissions)
        payload = self.checked("GuildRoleResponse", payloads.role(role))
        event = {"guild_id": str(guild.id), "role": payload}
        self._to_guild_watchers("GUILD_ROLE_CREATE", guild, event)
        return role

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Take a role away, from its members too, and announce it."""
        del guild.roles[role.id]
        for member in guild.members.values():
            member.role_ids = [each for each in member.role_ids if each != role.id]
        event = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self._to_guild_watchers("GUILD_ROLE_DELETE", guild, event)

    def found(self, guild: Guild) -> Guild:
        """Announce a guild that the application has just joined."""
        self.checked("GuildWithCountsResponse", payloads.guild(guild))
        self.gateway.dispatch(
            "GUILD_CREATE", lambda session: self.gateway.guild_as_seen(session, guild)
        )
        return guild

    def expel(self, guild: Guild) -> None:
        """Announce that the application is in a guild no more."""
        self._to_guild_watchers("GUILD_DELETE", guild, {"id": str(guild.id)})
        del guild.members[self.world.application.id]

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
        self.blame_double(self.inspector.of_component(schema, payload))
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

    def _tell_of(self, channel: Channel, what: str, extra: Json | None = None) -> None:
        schema = "ThreadResponse" if channel.parent else "GuildChannelResponse"
        payload = self.checked(schema, payloads.channel(channel)) | (extra or {})
        kind = "THREAD" if channel.parent else "CHANNEL"
        self._to_guild_watchers(f"{kind}_{what}", channel.guild, payload)

    def _to_guild_watchers(self, name: str, guild: Guild | None, payload: Json) -> None:
        """Tell of a guild that the application is in to sessions that want to know of guilds."""
        if guild and self.world.application.id in guild.members:
            self.gateway.dispatch(
                name, lambda session: payload if Intents.GUILDS in session.intents else None
            )


def _guild_id(channel: Channel) -> Json:
    return {"guild_id": str(channel.guild.id)} if channel.guild else {}
