"""Changes the fake's world, and dispatches the gateway events that each change causes."""

from collections.abc import Iterable

from . import limits, payloads
from .budget import Budget
from .entries import Change, MessageChange
from .etiquette import Etiquette
from .faults import Faults
from .gateway import Gateway
from .ledger import Ledger
from .model import Channel, Guild, Interaction, Message, Overwrite, Role, User
from .permissions import Permissions
from .protocol import Intents
from .ratelimits import RateLimits
from .refusals import Json, Problem
from .sampling import Inspector
from .session import Session
from .visibility import is_delivered, is_readable
from .world import World


class Backend:
    """The world with its ledger and gateway, and the operations that involve all three."""

    def __init__(self, world: World, inspector: Inspector) -> None:
        self.world = world
        self.inspector = inspector
        self.ledger = Ledger(world.clock, world.capacity)
        self.etiquette = Etiquette(world.application, self.ledger)
        self.faults = Faults(self.ledger)
        self.gateway = Gateway(world, self.ledger, self.faults)
        self.rate_limits = RateLimits(world.clock)
        self.invalid_requests = Budget(
            world.clock, limits.INVALID_REQUESTS, limits.INVALID_WINDOW_S
        )
        self.base_url = ""

    def post(self, message: Message) -> Message:
        """Add a message to its channel, and dispatch the event."""
        self.world.messages[message.id] = message
        if message.author is self.world.application.user:
            self.etiquette.review_message(message)
        self._announce(Change.POSTED, message, "MESSAGE_CREATE", message.interaction)
        return message

    def edit(self, message: Message, changed: Message, by: Interaction | None = None) -> Message:
        """Replace a message by its changed version, and dispatch the event."""
        self.world.messages[message.id] = changed
        if message.loading:
            self.etiquette.review_message(changed)
        self._announce(Change.EDITED, changed, "MESSAGE_UPDATE", by)
        return changed

    def delete(self, message: Message, by: Interaction | None = None) -> None:
        """Delete a message, and dispatch the event."""
        del self.world.messages[message.id]
        now = self.world.clock.now()
        self.ledger.record(MessageChange(now, Change.DELETED, message, by))
        payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
        payload |= _guild_id(message.channel)

        def event(session: Session) -> Json | None:
            bot = self.world.application.user
            return payload if is_delivered(message, bot, session.intents) else None

        self.gateway.dispatch("MESSAGE_DELETE", event)

    def announce_channel(self, channel: Channel) -> Channel:
        """Dispatch the event of a new channel or thread of a guild."""
        new = {"newly_created": True} if channel.parent else {}
        self._dispatch_channel(channel, "CREATE", new)
        return channel

    def overwrite(self, channel: Channel, target: Role | User, overwrite: Overwrite) -> None:
        """Set the permissions of a role or member in a channel, and dispatch the event."""
        channel.overwrites[target.id] = overwrite
        self._dispatch_channel(channel, "UPDATE")

    def lock(self, thread: Channel) -> None:
        """Lock and archive a thread, so that posting does not reopen it, and dispatch the event."""
        thread.locked = True
        self._dispatch_channel(thread, "UPDATE")

    def rename(self, place: Guild | Channel, name: str) -> None:
        """Rename a guild, channel or thread, and dispatch the event."""
        place.name = name
        if isinstance(place, Channel):
            self._dispatch_channel(place, "UPDATE")
        else:
            self._dispatch_to_guild("GUILD_UPDATE", place, payloads.guild(place))

    def change_role(self, guild: Guild, role: Role, name: str, permissions: Permissions) -> None:
        """Change the name and permissions of a role, and dispatch the event."""
        role.name, role.permissions = name, permissions
        payload = self.validated("GuildRoleResponse", payloads.role(role))
        event = {"guild_id": str(guild.id), "role": payload}
        self._dispatch_to_guild("GUILD_ROLE_UPDATE", guild, event)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread with its messages, and dispatch the event."""
        self._dispatch_channel(channel, "DELETE")
        self.world.remove_channel(channel)

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        """Add a role to a guild, and dispatch the event."""
        role = self.world.add_role(guild, name, permissions)
        payload = self.validated("GuildRoleResponse", payloads.role(role))
        event = {"guild_id": str(guild.id), "role": payload}
        self._dispatch_to_guild("GUILD_ROLE_CREATE", guild, event)
        return role

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Delete a role, remove it from its members, and dispatch the event."""
        del guild.roles[role.id]
        for member in guild.members.values():
            member.role_ids = [each for each in member.role_ids if each != role.id]
        event = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self._dispatch_to_guild("GUILD_ROLE_DELETE", guild, event)

    def announce_guild(self, guild: Guild) -> Guild:
        """Dispatch the event of a guild that the application has just joined."""
        self.validated("GuildWithCountsResponse", payloads.guild(guild))
        self.gateway.dispatch(
            "GUILD_CREATE", lambda session: self.gateway.guild_payload(session, guild)
        )
        return guild

    def remove_bot(self, guild: Guild) -> None:
        """Remove the application from a guild, and dispatch the event."""
        self._dispatch_to_guild("GUILD_DELETE", guild, {"id": str(guild.id)})
        del guild.members[self.world.application.id]

    def dispatch_interaction(self, interaction: Interaction) -> Interaction:
        """Dispatch an interaction; its three seconds start now."""
        application, users = self.world.application, self.world.users
        payload = payloads.interaction(interaction, application, users)
        self.gateway.dispatch("INTERACTION_CREATE", lambda _: payload)
        return interaction

    def message_payload(self, message: Message, intents: int | None = None) -> Json:
        """Return a message as these intents show it; for None, as the REST API does."""
        application = self.world.application
        known = Intents(application.privileged_intents if intents is None else intents)
        return payloads.message(
            message, self.world.users, lambda each: is_readable(each, application.user, known)
        )

    def validated(self, schema: str, payload: Json) -> Json:
        """Return one of the fake's payloads after checking it against Discord's description."""
        self.report_own_errors(self.inspector.of_component(schema, payload))
        return payload

    def report_own_errors(self, problems: Iterable[Problem]) -> None:
        """Record mistakes of the fake itself as violations, so that no test misses them."""
        for problem in problems:
            self.ledger.record_violation("loopback-error", str(problem))

    def _announce(
        self, change: Change, message: Message, name: str, by: Interaction | None
    ) -> None:
        self.ledger.record(MessageChange(self.world.clock.now(), change, message, by))
        extra = _guild_id(message.channel)
        if message.channel.guild and message.author.id in message.channel.guild.members:
            member = message.channel.guild.members[message.author.id]
            extra["member"] = payloads.member(member, with_user=False)

        def event(session: Session) -> Json | None:
            if not is_delivered(message, self.world.application.user, session.intents):
                return None
            payload = self.message_payload(message, session.intents)
            return self.validated("MessageResponse", payload) | extra

        self.gateway.dispatch(name, event)

    def _dispatch_channel(self, channel: Channel, what: str, extra: Json | None = None) -> None:
        schema = "ThreadResponse" if channel.parent else "GuildChannelResponse"
        payload = self.validated(schema, payloads.channel(channel)) | (extra or {})
        kind = "THREAD" if channel.parent else "CHANNEL"
        self._dispatch_to_guild(f"{kind}_{what}", channel.guild, payload)

    def _dispatch_to_guild(self, name: str, guild: Guild | None, payload: Json) -> None:
        """Dispatch an event of one of the application's guilds to sessions with that intent."""
        if guild and self.world.application.id in guild.members:
            self.gateway.dispatch(
                name, lambda session: payload if Intents.GUILDS in session.intents else None
            )


def _guild_id(channel: Channel) -> Json:
    return {"guild_id": str(channel.guild.id)} if channel.guild else {}
