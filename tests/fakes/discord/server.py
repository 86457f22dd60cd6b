"""A Discord on this machine: start it, populate it, point a bot at it, read its ledger."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from . import control, limits, openapi
from .backend import Backend
from .clock import Clock
from .doors import HOST, AdmissionControl, Doors
from .model import LOCALE, Application, Channel, Guild, Interaction, Overwrite, Role, User
from .people import Person
from .permissions import TALK, Permissions
from .protocol import CloseCode
from .rest import PREFIX, Rest
from .sampling import EVERYTHING, Inspector, Sampling
from .world import World

TOKEN = "loopback.application.token"  # noqa: S105 - opens nothing but the double
SHUTDOWN_S = 0.1


class LoopbackDiscord:
    """REST API and gateway on free ports of 127.0.0.1: one application in an empty world.

    What is added here can be added before or while the application is connected. `ledger` tells
    what happened, `faults` orders what is to go wrong, `doors` shuts ports, `clock` skips time,
    `rate_limits`, `invalid_requests` and `gateway.starts` are the budgets. For a run under load,
    `sampling` says how much is held against Discord's description, `remembers` how much of each
    kind of thing (entries of the ledger, messages, interactions) is kept.
    """

    def __init__(  # noqa: PLR0913 - all by keyword, all with what is usual
        self,
        *,
        application: str = "clipper",
        token: str = TOKEN,
        privileged_intents: int = 0,
        description: Path | None = None,
        sampling: Sampling = EVERYTHING,
        remembers: int = limits.REMEMBERED,
        port: int = 0,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock, application, token, remembers)
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
        self.doors = Doors(self._runner, port)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await self.doors.open(*AdmissionControl)
        ports = self.doors.ports
        self._backend.base_url = f"http://{HOST}:{ports[AdmissionControl.API]}"
        self.gateway.url = f"ws://{HOST}:{ports[AdmissionControl.GATEWAY]}/"
        self.gateway.resume_port = ports[AdmissionControl.RESUME]
        self.gateway.resume_url = f"ws://{HOST}:{ports[AdmissionControl.RESUME]}/"
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
        """The base of every REST route, to put in the place of https://discord.com/api/v10."""
        return self._backend.base_url + PREFIX

    @property
    def gateway_url(self) -> str:
        """The address that `GET /gateway/bot` names."""
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
        """Whether Discord's OpenAPI description was found."""
        return self.inspector.has_description

    def add_guild(
        self, name: str, bot_permissions: Permissions = TALK, *, locale: str = LOCALE
    ) -> Guild:
        """Add a guild; `locale` is the one it prefers."""
        return self._backend.found(self.world.add_guild(name, bot_permissions, locale=locale))

    def add_outside_guild(self, name: str) -> Guild:
        """Add a guild that the application is not in."""
        return self.world.add_guild(name, with_bot=False)

    def add_conversation(self, *people: Person) -> Channel:
        """Add direct messages between two people, or a group of more, without the application."""
        return self.world.conversation(*(person.user for person in people))

    def add_channel(self, guild: Guild, name: str) -> Channel:
        return self._backend.open(self.world.add_channel(guild, name))

    def add_person(
        self,
        name: str,
        *guilds: Guild,
        permissions: Permissions = Permissions.NONE,
        locale: str = LOCALE,
    ) -> Person:
        """Add somebody; with `permissions`, through a role of their own in each guild."""
        user = self.world.add_user(name, locale=locale)
        for guild in guilds:
            roles = [self.add_role(guild, name, permissions)] if permissions else []
            self.world.add_member(guild, user, *roles)
        return Person(self._backend, user)

    def add_bot(self, name: str, *guilds: Guild) -> Person:
        """Add another application's user, which can write but should not be answered."""
        user = self.world.add_user(name, bot=True)
        for guild in guilds:
            self.world.add_member(guild, user)
        return Person(self._backend, user)

    def add_role(self, guild: Guild, name: str, permissions: Permissions) -> Role:
        return self._backend.add_role(guild, name, permissions)

    def deny(self, channel: Channel, target: Role | User, permissions: Permissions) -> None:
        """Take permissions from a role or member in one channel."""
        overwrite = Overwrite(deny=permissions, of_member=isinstance(target, User))
        self._backend.overwrite(channel, target, overwrite)

    def open_command(self, name: str) -> None:
        """Give a command to everybody, as a server's integration settings can."""
        self.application.opened.add(name)

    def rename(self, place: Guild | Channel, name: str) -> None:
        """Rename a guild, a channel or a thread."""
        self._backend.rename(place, name)

    def change_role(self, guild: Guild, role: Role, name: str, permissions: Permissions) -> None:
        """Give a role another name and other permissions."""
        self._backend.change_role(guild, role, name, permissions)

    def remove_role(self, guild: Guild, role: Role) -> None:
        self._backend.remove_role(guild, role)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread, and all that is in it."""
        self._backend.close(channel)

    def lock(self, thread: Channel) -> None:
        """Close a thread for good."""
        self._backend.lock(thread)

    def expel_bot(self, guild: Guild) -> None:
        """Remove the application from a guild."""
        self._backend.expel(guild)

    def revoke_token(self) -> None:
        """Make the application's token worthless, and end its sessions."""
        self.application.reset_token()
        self.gateway.end_all(CloseCode.AUTHENTICATION_FAILED)

    def left_waiting(self) -> list[Interaction]:
        """Return interactions that got no answer in time, or "… is thinking" to this day."""
        late = self.clock.now() - limits.FIRST_RESPONSE_S
        messages = self.world.messages
        return [
            each
            for each in self.world.interactions.values()
            if (not each.acknowledged and each.created_at < late)
            or ((shown := messages.get(each.original_id or 0)) and shown.loading)
        ]
