"""The data model: one application, and guilds, channels, users, messages.

Ids are integers here and strings on the wire. Messages are immutable: an edit replaces the
message, so that references to the old one keep its content.
"""

import secrets
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from .mentions import Pings
from .permissions import Permissions
from .refusals import Json

LOCALE = "en-US"


class ChannelKind(IntEnum):
    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11


class InteractionKind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class MessageFlags(IntFlag):
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = MessageFlags(0)
NO_PINGS = Pings()


@dataclass(eq=False, slots=True)
class User:
    id: int
    name: str
    bot: bool = False
    locale: str = LOCALE  # of the user's Discord client

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False, slots=True)
class Role:
    id: int
    name: str
    permissions: Permissions
    position: int = 0

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass(eq=False, slots=True)
class Member:
    user: User
    joined_at: float
    role_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """The permissions that a channel allows or denies to a role or member."""

    allow: Permissions = Permissions.NONE
    deny: Permissions = Permissions.NONE
    of_member: bool = False


@dataclass(eq=False, slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    preferred_locale: str = LOCALE
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    channels: dict[int, "Channel"] = field(default_factory=dict, repr=False)


@dataclass(eq=False, slots=True)
class Channel:
    id: int
    name: str
    kind: ChannelKind
    created_at: float
    guild: Guild | None = None
    parent: "Channel | None" = None
    owner_id: int | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    locked: bool = False

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    filename: str
    data: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    url: str = ""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Message:
    id: int
    channel: Channel
    author: User
    created_at: float
    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: MessageFlags = NO_FLAGS
    edited_at: float | None = None
    pings: Pings = NO_PINGS
    reply_to: "Message | None" = None
    nonce: str | int | None = None
    tts: bool = False
    interaction: "Interaction | None" = None

    @property
    def ephemeral(self) -> bool:
        return MessageFlags.EPHEMERAL in self.flags

    @property
    def loading(self) -> bool:
        """True if it still shows "… is thinking"."""
        return MessageFlags.LOADING in self.flags


@dataclass(eq=False, slots=True, kw_only=True)
class Interaction:
    """An interaction of a person with the application, and the state of the response."""

    id: int
    token: str
    kind: InteractionKind
    data: Json
    user: User
    channel: Channel
    created_at: float
    installs: frozenset[int] = frozenset()
    message: Message | None = None
    triggered_by: "Interaction | None" = None
    callback_type: int | None = None
    original_id: int | None = None
    follow_ups: int = 0

    @property
    def acknowledged(self) -> bool:
        return self.callback_type is not None


@dataclass(eq=False, slots=True, kw_only=True)
class Application:
    """The application under test.

    `commands` has the registered commands by guild id, None for global ones. `allowed_commands` has
    the names of those that a server's settings allow everybody, whatever their default
    permissions. `installed_by` has the ids of the users who installed the application for
    themselves.
    """

    user: User
    owner: User
    token: str
    privileged_intents: int = 0
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    allowed_commands: set[str] = field(default_factory=set)
    installed_by: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        return self.user.id

    def reset_token(self) -> None:
        """Replace the token, so that the old one is refused."""
        self.token = secrets.token_urlsafe(48)
