"""An answer on its way out: what the ledger keeps of it, and what goes over the wire."""

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
class Answer:
    status: int
    payload: object = None
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""

    @classmethod
    def of_json(cls, status: int, payload: object, headers: Headers | None = None) -> "Answer":
        """Return an answer with a JSON body, or with none for None."""
        if payload is None:
            return cls(status, None, headers or {})
        return cls(status, payload, headers or {}, json.dumps(payload).encode(), JSON)

    @classmethod
    def of_refusal(cls, refused: Refused, headers: Headers | None = None) -> "Answer":
        return cls.of_json(refused.refusal.status, refused.payload, headers)

    @classmethod
    def of_proxy(cls, status: int) -> "Answer":
        """Return what comes from between Discord and the application: a page of HTML."""
        return cls(status, body=f"<html><h1>{status}</h1></html>".encode(), content_type=HTML)

    @property
    def is_invalid_request(self) -> bool:
        """Whether it counts toward the ban: 401, 403 and 429, but for limits shared with others."""
        return self.status in (401, 403, 429) and self.headers.get("X-RateLimit-Scope") != SHARED

    def to_response(self) -> web.Response:
        content_type = {"Content-Type": self.content_type} if self.content_type else {}
        return web.Response(
            status=self.status or 500, body=self.body, headers=self.headers | content_type
        )


def rate_limit_headers(wait_s: float, scope: str) -> Headers:
    headers = PROXY | {"Retry-After": str(round(wait_s) or 1), "X-RateLimit-Scope": scope}
    return headers | {"X-RateLimit-Global": "true"} if scope == "global" else headers


async def spoiled(
    request: web.Request, answer: Answer, fault: SlowBody | CutBody | BrokenBody
) -> web.StreamResponse:
    """Send an answer with a body that is slow, cut off, or not what it should be."""
    if isinstance(fault, BrokenBody):
        return web.Response(
            status=answer.status,
            body=fault.text.encode(),
            headers=answer.headers | {"Content-Type": fault.content_type},
        )
    if not answer.body:
        return answer.to_response()
    response = web.StreamResponse(
        status=answer.status, headers=answer.headers | {"Content-Type": answer.content_type}
    )
    response.content_length = len(answer.body)
    await response.prepare(request)
    if isinstance(fault, CutBody):
        await response.write(answer.body[: len(answer.body) // 2])
        if request.transport:
            request.transport.close()
        return response
    size = len(answer.body) // DROPS + 1
    with suppress(ConnectionError):  # the client may not have the patience
        for start in range(0, len(answer.body), size):
            await asyncio.sleep(fault.seconds / DROPS)
            await response.write(answer.body[start : start + size])
        await response.write_eof()
    return response
