"""Bounds the time of requests to Discord, and reports malformed responses as network errors.

discord.py waits five minutes for a response, retries a rate-limited interaction without limit, and
raises whatever fails while it parses a response.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import discord

from bot.discord import error_codes as codes
from bot.discord.connection.discordpy_internals import (
    InteractionRequests,
    Request,
    close_gateway,
    wrap_requests,
)
from bot.discord.connection.first_response import FirstResponses

_ATTEMPT_TIMEOUT = aiohttp.ClientTimeout(total=10.0)
_INTERACTION_TIMEOUT_S = 60.0  # for all attempts, including the pauses of rate limits
_UNAUTHORIZED = 401
_TOO_MANY_REQUESTS = 429


def bound_requests(client: discord.Client, first_responses: FirstResponses) -> None:
    """Bound the time of a client's requests, if made from the current context.

    A malformed response raises aiohttp.ClientPayloadError, like a truncated one. Once Discord has
    refused the token, no more requests are made, and the gateway closes as Discord would close it.

    Requests to interactions raise discord.RateLimited if the rate limit exceeds their timeout, and
    UnacknowledgedError if a first response would come too late.
    """
    refused = False

    def wrap(inner: Request) -> Request:
        async def request(route: object, **options: Any) -> Any:  # noqa: ANN401 - any JSON
            nonlocal refused
            if refused:
                raise discord.LoginFailure("the token was refused")
            try:
                with _payload_errors():
                    return _json(await inner(route, timeout=_ATTEMPT_TIMEOUT, **options))
            except discord.HTTPException as error:
                # Before there is a connection, the login reports it.
                if error.status == _UNAUTHORIZED and client.ws is not None:
                    refused = True
                    await close_gateway(client, codes.AUTHENTICATION_FAILED)
                raise

        return request

    async def respond(interaction_id: int | None, send: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - any JSON
        in_time = (
            asyncio.timeout(_INTERACTION_TIMEOUT_S)
            if interaction_id is None
            else first_responses.responding(interaction_id)
        )
        async with in_time:
            with _payload_errors():
                return _json(await send())

    wrap_requests(client, wrap)
    InteractionRequests(respond, _attempt).install()


@asynccontextmanager
async def _attempt(
    session: aiohttp.ClientSession,
    *address: str,
    **options: Any,  # noqa: ANN401 - as aiohttp has
) -> AsyncIterator[aiohttp.ClientResponse]:
    async with session.request(*address, timeout=_ATTEMPT_TIMEOUT, **options) as response:
        if response.status == _TOO_MANY_REQUESTS and "Via" in response.headers:
            wait_s = float(response.headers.get("Retry-After", 0))
            if wait_s > _INTERACTION_TIMEOUT_S:
                raise discord.RateLimited(wait_s)
        yield response


def _json(response: object) -> object:
    if isinstance(response, str) and response:  # an empty response is valid
        raise ValueError("no JSON")
    return response


@contextmanager
def _payload_errors() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise aiohttp.ClientPayloadError("malformed response from Discord") from error
