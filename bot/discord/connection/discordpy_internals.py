"""All uses of discord.py 2.7 that its documentation does not cover.

To move to another minor version, compare this module with the library, then raise the bound in
pyproject.toml. No other module of `bot` uses undocumented names, as a test checks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeAlias

import aiohttp
import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context
from yarl import URL

Json: TypeAlias = dict[str, Any]
Parser: TypeAlias = Callable[[Any], None]  # handles the JSON of one gateway event
Request: TypeAlias = Callable[..., Awaitable[Any]]
Attempt: TypeAlias = Callable[..., AbstractAsyncContextManager[aiohttp.ClientResponse]]

# Raised by `GatewaySocket.open` and `receive`. `resume` is whether the session can be resumed.
ReconnectRequested = ReconnectWebSocket


# Addresses and sessions


def set_api_url(url: str) -> None:
    """Send the requests of every client to another API than Discord's."""
    Route.BASE = url


async def use_advertised_gateway(client: discord.Client) -> None:
    """Connect every client to the gateway that the API names."""
    _, gateway, *_ = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)


async def session_starts(client: discord.Client) -> tuple[int, int]:
    """Count the sessions left today, and those of a day. Raises like any request."""
    _, _, limit = await client.http.get_bot_gateway()
    return limit["remaining"], limit["total"]


# The gateway


@dataclass(frozen=True, slots=True)
class Session:
    """A gateway session that can be resumed at `url`; without an id, a new one begins."""

    id: str | None = None
    sequence: int | None = None
    url: URL | None = None


class GatewaySocket:
    """One connection to the gateway; heartbeats run by themselves."""

    def __init__(self, socket: DiscordWebSocket) -> None:
        self._socket = socket

    @classmethod
    async def open(
        cls, client: discord.Client, session: Session, url: URL | None, *, first: bool
    ) -> "GatewaySocket":
        """Connect at `url`, or the default address, then identify or resume.

        `first` is whether this is the client's first connection.
        """
        client.ws = await DiscordWebSocket.from_client(
            client,
            initial=first,
            gateway=url,
            session=session.id,
            sequence=session.sequence,
            resume=session.id is not None,
        )
        return cls(client.ws)

    @property
    def session(self) -> Session:
        """The session as of the last event received."""
        return Session(self._socket.session_id, self._socket.sequence, self._socket.gateway)

    def expect(self, event: str) -> asyncio.Future[Any]:
        """A future that is done once `receive` has handled an event of that name."""
        return self._socket.wait_for(event, lambda _data: True)

    async def receive(self) -> None:
        """Receive one event and pass it to its parser."""
        await self._socket.poll_event()

    async def close(self, code: int) -> None:
        """Close the connection. Discord keeps the session for a while unless the code is 1000."""
        await self._socket.close(code)


async def close_gateway(client: discord.Client, code: int) -> None:
    """Close the current connection of a client that has one, as if Discord had closed it."""
    await client.ws.close(code)


def dispatch_disconnect(client: discord.Client) -> None:
    """Call the client's `on_disconnect` listeners."""
    client.dispatch("disconnect")


def event_parsers(client: discord.Client) -> dict[str, Parser]:
    """The parsers of gateway events by event name; changes to the dict take effect."""
    return client._connection.parsers  # noqa: SLF001 - there is no public hook before parsing


# Requests


def wrap_requests(client: discord.Client, wrap: Callable[[Request], Request]) -> None:
    """Replace the function that makes all of a client's requests but those to interactions.

    It takes a route and keyword arguments, such as `timeout`, which are passed on to aiohttp.
    """
    client.http.request = wrap(client.http.request)  # type: ignore[method-assign, assignment]


async def discard_http_session(client: discord.Client) -> None:
    """Release the HTTP session of a failed login, so that `Client.login` can run again."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING


class InteractionRequests(AsyncWebhookAdapter):
    """Makes the requests that respond to interactions, which bypass the client's own.

    `bound(interaction_id, send)` is awaited for each request with all its attempts. The id is None
    unless it is a first response. `attempt(session, method, url, **options)` makes one attempt.
    """

    def __init__(
        self, bound: Callable[[int | None, Callable[[], Awaitable[Any]]], Any], attempt: Attempt
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._bound = bound
        self._attempt = attempt

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:  # noqa: ANN401 - any JSON
        """Make a request and return the parsed response."""
        attempts: Any = SimpleNamespace(request=partial(self._attempt, session))
        first = route.path.endswith("/callback")
        interaction_id = int(route.webhook_id or 0) if first else None
        return await self._bound(
            interaction_id, partial(super().request, route, attempts, **options)
        )

    def install(self) -> None:
        """Use this instance in the current context and in tasks created from it."""
        async_context.set(self)


# Application commands


async def command_payloads(
    tree: app_commands.CommandTree[Any], translator: app_commands.Translator
) -> list[Json]:
    """The tree's commands in Discord's JSON, with all translations."""
    commands = tree.get_commands(type=None)
    return [await command.get_translated_payload(tree, translator) for command in commands]


async def registered_commands(client: discord.Client, application_id: int) -> list[Json]:
    """The global commands registered with Discord; `fetch_commands` omits their translations."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=application_id)
    found: list[Json] = await client.http.request(route, params={"with_localizations": "true"})
    return found


async def overwrite_commands(
    client: discord.Client, application_id: int, payloads: Iterable[Json]
) -> None:
    """Replace all global commands registered with Discord."""
    await client.http.bulk_upsert_global_commands(application_id, payload=[*payloads])


# Logging


def disable_voice_warnings() -> None:
    """Keep clients from warning of packages that only voice needs."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
