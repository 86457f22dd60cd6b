"""How long a request to Discord may take, and what is made of an answer without sense.

discord.py waits five minutes for an answer, has no end where Discord puts off an interaction, and
lets out whatever breaks while it reads.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord import error_codes as codes
from bot.discord.connection.first_response import FirstResponses

_ONCE = aiohttp.ClientTimeout(total=10.0)  # for one try
_LONGEST_S = 60.0  # for all tries of an interaction, and what Discord makes wait in between
_UNAUTHORIZED = 401
_TOO_MANY_REQUESTS = 429


def bound_requests(client: discord.Client, first_responses: FirstResponses) -> None:
    """Let the requests of a client, made from the current context on, end in time.

    An answer that makes no sense is an aiohttp.ClientPayloadError, like one that breaks off. Where
    Discord refuses the token, it is used no more, and the connection ends as Discord would end it.
    """
    inner = client.http.request
    ended = False

    async def request(route: Route, **rest: Any) -> Any:  # noqa: ANN401 - any JSON
        nonlocal ended
        if ended:
            raise discord.LoginFailure("the token was refused")
        try:
            with _sensible():
                return _json(await inner(route, timeout=_ONCE, **rest))
        except discord.HTTPException as error:
            # Before there is a connection, the login tells it.
            if error.status == _UNAUTHORIZED and client.ws is not None:
                ended = True
                await client.ws.close(codes.AUTHENTICATION_FAILED)
            raise

    client.http.request = request  # type: ignore[method-assign] # all go through it
    async_context.set(_Adapter(first_responses))


class _Adapter(AsyncWebhookAdapter):
    """What discord.py answers interactions with, which have no part in the client's requests."""

    def __init__(self, first_responses: FirstResponses) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._first_responses = first_responses

    async def request(self, route: Route, session: aiohttp.ClientSession, **rest: Any) -> Any:  # noqa: ANN401 - any JSON
        """Send a request, and return what is answered.

        Raises discord.RateLimited where Discord makes wait for longer than all may take, and
        UnacknowledgedError where a first response would come too late.
        """
        hurried: Any = SimpleNamespace(request=partial(_once, session))
        in_time = (
            self._first_responses.responding(int(route.webhook_id or 0))
            if route.path.endswith("/callback")
            else asyncio.timeout(_LONGEST_S)
        )
        async with in_time:
            with _sensible():
                return _json(await super().request(route, hurried, **rest))


@asynccontextmanager
async def _once(
    session: aiohttp.ClientSession,
    *address: str,
    **rest: Any,  # noqa: ANN401 - as aiohttp has
) -> AsyncIterator[aiohttp.ClientResponse]:
    async with session.request(*address, timeout=_ONCE, **rest) as response:
        if response.status == _TOO_MANY_REQUESTS and "Via" in response.headers:
            wait_s = float(response.headers.get("Retry-After", 0))
            if wait_s > _LONGEST_S:
                raise discord.RateLimited(wait_s)
        yield response


def _json(answer: object) -> object:
    if isinstance(answer, str) and answer:  # nothing is an answer, too
        raise ValueError("no JSON")
    return answer


@contextmanager
def _sensible() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise aiohttp.ClientPayloadError("an answer of Discord makes no sense") from error
