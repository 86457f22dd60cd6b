"""HTTP responses, as recorded in the ledger and as sent over the wire."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from .refusals import Refused
from .rest_faults import BrokenBody, CutBody, SlowBody

Headers = dict[str, str]

JSON, HTML = "application/json", "text/html"
PROXY = {"Via": "1.1 google"}  # without it, clients take a 429 for a ban by Cloudflare
SHARED = "shared"
NO_STATUS = 0  # recorded where the connection broke instead
DROPS = 10


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    payload: object = None
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""

    @classmethod
    def of_json(cls, status: int, payload: object, headers: Headers | None = None) -> "Response":
        """Make a response with a JSON body; without a body for None."""
        if payload is None:
            return cls(status, None, headers or {})
        return cls(status, payload, headers or {}, json.dumps(payload).encode(), JSON)

    @classmethod
    def of_refusal(cls, refused: Refused, headers: Headers | None = None) -> "Response":
        return cls.of_json(refused.refusal.status, refused.payload, headers)

    @classmethod
    def of_proxy(cls, status: int) -> "Response":
        """Make the HTML error page of a proxy between Discord and the application."""
        return cls(status, body=f"<html><h1>{status}</h1></html>".encode(), content_type=HTML)

    @property
    def is_invalid_request(self) -> bool:
        """True if it counts toward a ban: 401, 403 and 429, except for shared rate limits."""
        return self.status in (401, 403, 429) and self.headers.get("X-RateLimit-Scope") != SHARED

    def to_aiohttp(self) -> web.Response:
        content_type = {"Content-Type": self.content_type} if self.content_type else {}
        return web.Response(
            status=self.status or 500, body=self.body, headers=self.headers | content_type
        )


def rate_limit_headers(wait_s: float, scope: str) -> Headers:
    headers = PROXY | {"Retry-After": str(round(wait_s) or 1), "X-RateLimit-Scope": scope}
    return headers | {"X-RateLimit-Global": "true"} if scope == "global" else headers


async def send_faulty(
    request: web.Request, response: Response, fault: SlowBody | CutBody | BrokenBody
) -> web.StreamResponse:
    """Send a stream whose body is slow, truncated or replaced."""
    if isinstance(fault, BrokenBody):
        return web.Response(
            status=response.status,
            body=fault.text.encode(),
            headers=response.headers | {"Content-Type": fault.content_type},
        )
    if not response.body:
        return response.to_aiohttp()
    stream = web.StreamResponse(
        status=response.status, headers=response.headers | {"Content-Type": response.content_type}
    )
    stream.content_length = len(response.body)
    await stream.prepare(request)
    if isinstance(fault, CutBody):
        await stream.write(response.body[: len(response.body) // 2])
        if request.transport:
            request.transport.close()
        return stream
    size = len(response.body) // DROPS + 1
    with suppress(ConnectionError):  # the client may give up
        for start in range(0, len(response.body), size):
            await asyncio.sleep(fault.seconds / DROPS)
            await stream.write(response.body[start : start + size])
        await stream.write_eof()
    return stream
