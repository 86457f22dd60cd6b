"""A Discord on this machine: start it, populate it, point a bot at it, read its ledger."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from . import openapi
from .backend import Backend
from .clock import Clock
from .faults import Fault
from .model import Application, Channel, Guild, Overwrite, Role, User
from .people import Person
from .permissions import TALK, Permissions
from .rest import PREFIX, Rest
from .world import World

HOST = "127.0.0.1"
TOKEN = "loopback.application.token"  # noqa: S105 - opens nothing but the double


class LoopbackDiscord:
    """REST API and gateway on free ports of 127.0.0.1: one application in an empty world.

    What is added here can be added before or while the application is connected. `ledger` tells
    what happened, `gateway` breaks connections, `clock` skips time, `fail` orders faults.
    """

    def __init__(
        self,
        *,
        application: str = "clipper",
        token: str = TOKEN,
        privileged_intents: int = 0,
        description: Path | None = None,
        port: int = 0,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock, application, token)
        self.application.privileged_intents = privileged_intents
        self._backend = Backend(self.world, openapi.find(description))
        self._port = port
        app = web.Application(client_max_size=sys.maxsize)
        app.router.add_get("/", self._backend.gateway.serve)
        Rest(self._backend).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        self.ledger = self._backend.ledger
        self.gateway = self._backend.gateway
        self.rate_limits = self._backend.rate_limits

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        for port in (self._port, 0):  # sessions resume on a port of their own, as on Discord
            await web.TCPSite(self._runner, HOST, port).start()
        main, resume = (port for _, port, *_ in self._runner.addresses)
        self._backend.base_url = f"http://{HOST}:{main}"
        self.gateway.resume_url = f"ws://{HOST}:{resume}/"
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
        """What `GET /gateway/bot` names."""
        return self._backend.base_url.replace("http", "ws", 1) + "/"

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
        return self._backend.description is not None

    def add_guild(self, name: str, bot_permissions: Permissions = TALK) -> Guild:
        return self._backend.found(self.world.add_guild(name, bot_permissions))

    def add_channel(self, guild: Guild, name: str) -> Channel:
        return self._backend.open(self.world.add_channel(guild, name))

    def add_person(
        self, name: str, *guilds: Guild, permissions: Permissions = Permissions.NONE
    ) -> Person:
        """Add somebody; with `permissions`, through a role of their own in each guild."""
        user = self.world.add_user(name)
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

    def fail(self, method: str, route: str, *faults: Fault) -> None:
        """Let the next requests of a route (as documented: "/channels/{channel_id}") fail."""
        self._backend.faults.order(method, route, faults)
