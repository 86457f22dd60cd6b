"""The loopback Discord: start it, add guilds and people, connect a bot, read the ledger."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from . import control, limits, openapi
from .backend import Backend
from .clock import Clock
from .listeners import HOST, Listener, Listeners
from .model import LOCALE, Application, Channel, Guild, Interaction, Overwrite, Role, User
from .people import Person
from .permissions import TALK, Permissions
from .protocol import CloseCode
from .rest import PREFIX, Rest
from .sampling import EVERYTHING, Inspector, Sampling
from .world import World

TOKEN = "loopback.application.token"  # noqa: S105 - valid only for the fake
SHUTDOWN_S = 0.1


class LoopbackDiscord:
    """A REST API and a gateway on free ports of 127.0.0.1, with one application and no guilds.

    Guilds, channels and people can be added before or while the application is connected. `ledger`
    records what happens, `faults` schedules faults, `listeners` opens and closes ports, `clock`
    skips time; `rate_limits`, `invalid_requests` and `gateway.starts` have the limits. For runs
    under load, `sampling` selects what is checked against Discord's description, and `capacity`
    bounds the number of ledger entries, messages and interactions that are kept.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, with defaults
        self,
        *,
        application: str = "clipper",
        token: str = TOKEN,
        privileged_intents: int = 0,
        description: Path | None = None,
        sampling: Sampling = EVERYTHING,
        capacity: int = limits.CAPACITY,
        port: int = 0,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock, application, token, capacity)
        self.application.privileged_intents = privileged_intents
        self.inspector = Inspector(openapi.find(description), sampling)
        self._backend = Backend(self.world, self.inspector)
        self.ledger = self._backend.ledger
        self.gateway = self._backend.gateway
        self.faults = self._backend.faults
        self.rate_limits = self._backend.rate_limits
        self.invalid_requests = self._backend.invalid_requests
        app = web.Application(client_max_size=sys.maxsize)
        app.router.add_get("/", self.gateway.serve)
        control.add_to(app, self.faults, self.ledger)
        Rest(self._backend).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        self.listeners = Listeners(self._runner, port)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await self.listeners.open(*Listener)
        ports = self.listeners.ports
        self._backend.base_url = f"http://{HOST}:{ports[Listener.API]}"
        self.gateway.url = f"ws://{HOST}:{ports[Listener.GATEWAY]}/"
        self.gateway.resume_port = ports[Listener.RESUME]
        self.gateway.resume_url = f"ws://{HOST}:{ports[Listener.RESUME]}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.gateway.drop_all()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base address of the REST API, in place of https://discord.com/api/v10."""
        return self._backend.base_url + PREFIX

    @property
    def gateway_url(self) -> str:
        """The address that `GET /gateway/bot` returns."""
        return self.gateway.url

    @property
    def token(self) -> str:
        return self.application.token

    @property
    def application(self) -> Application:
        return self.world.application

    @property
    def bot(self) -> User:
        """The application's user."""
        return self.application.user

    @property
    def checks_against_description(self) -> bool:
        """True if Discord's OpenAPI description was found."""
        return self.inspector.has_description

    def add_guild(
        self, name: str, bot_permissions: Permissions = TALK, *, locale: str = LOCALE
    ) -> Guild:
        """Add a guild; `locale` is its preferred locale."""
        return self._backend.announce_guild(
            self.world.add_guild(name, bot_permissions, locale=locale)
        )

    def add_guild_without_bot(self, name: str) -> Guild:
        """Add a guild that the application is not in."""
        return self.world.add_guild(name, with_bot=False)

    def add_conversation(self, *people: Person) -> Channel:
        """Add a direct-message channel of two people, or of a group, without the application."""
        return self.world.conversation(*(person.user for person in people))

    def add_channel(self, guild: Guild, name: str) -> Channel:
        return self._backend.announce_channel(self.world.add_channel(guild, name))

    def add_person(
        self,
        name: str,
        *guilds: Guild,
        permissions: Permissions = Permissions.NONE,
        locale: str = LOCALE,
    ) -> Person:
        """Add a user; grants `permissions` by a role of that user in each guild."""
        user = self.world.add_user(name, locale=locale)
        for guild in guilds:
            roles = [self.add_role(guild, name, permissions)] if permissions else []
            self.world.add_member(guild, user, *roles)
        return Person(self._backend, user)

    def add_bot(self, name: str, *guilds: Guild) -> Person:
        """Add the user of another application, whose messages should not be answered."""
        user = self.world.add_user(name, bot=True)
        for guild in guilds:
            self.world.add_member(guild, user)
        return Person(self._backend, user)

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        return self._backend.add_role(guild, name, permissions)

    def deny(self, channel: Channel, target: Role | User, permissions: Permissions) -> None:
        """Deny permissions to a role or member in a channel."""
        overwrite = Overwrite(deny=permissions, of_member=isinstance(target, User))
        self._backend.overwrite(channel, target, overwrite)

    def allow_command(self, name: str) -> None:
        """Allow everybody to use a command, as a server's integration settings can."""
        self.application.allowed_commands.add(name)

    def rename(self, place: Guild | Channel, name: str) -> None:
        """Rename a guild, a channel or a thread."""
        self._backend.rename(place, name)

    def change_role(self, guild: Guild, role: Role, name: str, permissions: Permissions) -> None:
        """Change the name and permissions of a role."""
        self._backend.change_role(guild, role, name, permissions)

    def remove_role(self, guild: Guild, role: Role) -> None:
        self._backend.remove_role(guild, role)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread with its messages."""
        self._backend.remove_channel(channel)

    def lock(self, thread: Channel) -> None:
        """Lock and archive a thread."""
        self._backend.lock(thread)

    def remove_bot(self, guild: Guild) -> None:
        """Remove the application from a guild."""
        self._backend.remove_bot(guild)

    def revoke_token(self) -> None:
        """Replace the application's token, and end its sessions."""
        self.application.reset_token()
        self.gateway.end_all(CloseCode.AUTHENTICATION_FAILED)

    def unanswered(self) -> list[Interaction]:
        """Return interactions without a timely response, or that still show "… is thinking"."""
        late = self.clock.now() - limits.FIRST_RESPONSE_S
        messages = self.world.messages
        return [
            each
            for each in self.world.interactions.values()
            if (not each.acknowledged and each.created_at < late)
            or ((shown := messages.get(each.original_id or 0)) and shown.loading)
        ]
