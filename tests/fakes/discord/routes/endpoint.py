"""Endpoints: functions from a call to a reply, independent of HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from fakes.discord.backend import Backend
from fakes.discord.model import Attachment, Channel, Guild, Interaction, User
from fakes.discord.permissions import Permissions, in_channel
from fakes.discord.refusals import Refusal, Refused


class Auth(Enum):
    BOT = "the Authorization header"
    IN_PATH = "a token in the path"


class Reply(NamedTuple):
    payload: object
    status: int = 200


NOTHING = Reply(None, 204)


@dataclass(slots=True)
class Call:
    """A request that has been read and authorized."""

    backend: Backend
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[int, tuple[str, bytes, str]] = field(default_factory=dict)

    @property
    def interaction(self) -> Interaction | None:
        """The interaction whose token is in the path."""
        token = self.params.get("interaction_token") or self.params.get("webhook_token")
        return self.backend.world.interactions.get(token or "")

    @property
    def bot(self) -> User:
        return self.backend.world.application.user

    def id(self, name: str) -> int:
        return int(self.params[name])

    def channel(self, *needed: Permissions) -> Channel:
        """Return the channel in the path. Raises Refused without the needed permissions."""
        channel = self.backend.world.channel(self.id("channel_id"))
        granted = in_channel(self.bot, channel)
        if Permissions.VIEW_CHANNEL not in granted:
            raise Refused(Refusal.MISSING_ACCESS)
        if any(permission not in granted for permission in needed):
            raise Refused(Refusal.MISSING_PERMISSIONS)
        return channel

    def guild(self) -> Guild:
        """Return the guild in the path. Raises Refused unless the application is in it."""
        guild = self.backend.world.guild(self.id("guild_id"))
        if self.bot.id not in guild.members:
            raise Refused(Refusal.MISSING_ACCESS)
        return guild

    def attachments(self) -> tuple[Attachment, ...]:
        """Store the uploaded files and return them."""
        world, base_url = self.backend.world, self.backend.base_url
        return tuple(
            world.add_attachment(filename, data, content_type, base_url)
            for filename, data, content_type in self.files.values()
        )


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route, written as in Discord's documentation, and its handler."""

    method: str
    route: str
    handler: Handler
    auth: Auth


ENDPOINTS: list[Endpoint] = []


def endpoint(method: str, route: str, auth: Auth = Auth.BOT) -> Callable[[Handler], Handler]:
    """Register a function as the handler of a route."""

    def register(handler: Handler) -> Handler:
        ENDPOINTS.append(Endpoint(method, route, handler, auth))
        return handler

    return register
