"""HTTP around the routes: reading, tokens, rate limits, faults, checks both ways, the record."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import BodyPartReader, web

from .backend import Backend
from .entries import Request
from .faults import Fault, Reset, ServerError, TooMany
from .refusals import Problem, Refusal, Refused
from .routes import ENDPOINTS, Auth, Call, Endpoint, Reply

PREFIX = "/api/v10"
PROXY = {"Via": "1.1 google"}  # without it, clients take a 429 for a ban by Cloudflare
NO_STATUS = 0  # recorded where the connection broke instead

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Headers = dict[str, str]


class Rest:
    """Serves each endpoint of `routes`; anything else is refused and recorded."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def add_to(self, app: web.Application) -> None:
        for endpoint in sorted(ENDPOINTS, key=_specific_first):
            app.router.add_route(endpoint.method, PREFIX + endpoint.route, self._handler(endpoint))
        app.router.add_get("/attachments/{attachment_id}/{filename}", self._attachment)
        app.router.add_route("*", "/{anything:.+}", self._unknown)

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            params = dict(request.match_info)
            call = Call(self._backend, params, dict(request.query))
            match self._backend.faults.take(endpoint.method, endpoint.route):
                case None:
                    reply, headers = await self._answer(request, endpoint, call)
                    return self._respond(request, endpoint.route, call, reply, headers)
                case fault:
                    return await self._fail(request, endpoint, call, fault)

        return handle

    async def _answer(
        self, request: web.Request, endpoint: Endpoint, call: Call
    ) -> tuple[Reply, Headers]:
        """Return what Discord would answer; a refusal is a violation on the ledger as well."""
        headers, wait_s = self._backend.rate_limits.count(
            endpoint.method, endpoint.route, call.params
        )
        if wait_s:
            headers |= _rate_limit_headers(wait_s, "user")
        try:
            reply = await self._carry_out(request, endpoint, call, wait_s)
        except Refused as refused:
            detail = f"{request.method} {request.path_qs}: {refused}"
            self._backend.ledger.violate(refused.refusal.rule, detail)
            return Reply(refused.payload, refused.refusal.status), headers
        except Exception as error:  # noqa: BLE001 - no slip of the double may pass for Discord's 500
            self._backend.ledger.violate(
                "loopback-itself", f"{request.method} {request.path_qs}: {error!r}"
            )
            return Reply(None, 500), headers
        self._check_reply(endpoint, reply)
        return reply, headers

    async def _carry_out(
        self, request: web.Request, endpoint: Endpoint, call: Call, wait_s: float
    ) -> Reply:
        if wait_s:
            raise _rate_limited(wait_s)
        if endpoint.auth is Auth.BOT:
            self._authorize(request)
        await _read_body(request, call)
        self._check_request(endpoint, call)
        _check_ids(call)
        return endpoint.handler(call)

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._backend.world.application.token}":
            raise Refused(Refusal.UNAUTHORIZED)

    def _check_request(self, endpoint: Endpoint, call: Call) -> None:
        if self._backend.description is None:
            return
        problems = self._backend.description.of_request(endpoint.method, endpoint.route, call.body)
        if problems:
            raise Refused(Refusal.INVALID_BODY, problems)

    def _check_reply(self, endpoint: Endpoint, reply: Reply) -> None:
        if description := self._backend.description:
            problems = description.of_response(
                endpoint.method, endpoint.route, reply.status, reply.payload
            )
            self._backend.blame_double(problems)

    async def _fail(
        self, request: web.Request, endpoint: Endpoint, call: Call, fault: Fault
    ) -> web.StreamResponse:
        """Let a request meet a fault, carried out before if the fault says so."""
        if isinstance(fault, TooMany):
            await _try_to_read_body(request, call)
            reply = Reply(_rate_limited(fault.retry_after_s, fault.scope).payload, 429)
            headers = _rate_limit_headers(fault.retry_after_s, fault.scope)
            return self._respond(request, endpoint.route, call, reply, headers)
        if fault.after_work:
            await self._answer(request, endpoint, call)
        else:
            await _try_to_read_body(request, call)
        if isinstance(fault, Reset) and request.transport:
            request.transport.abort()  # the response below goes nowhere
        status = fault.status if isinstance(fault, ServerError) else NO_STATUS
        self._record(request, endpoint.route, call, Reply(None, status))
        html = "<html>bad gateway</html>"
        return web.Response(status=status or 500, text=html, content_type="text/html")

    def _respond(
        self, request: web.Request, route: str, call: Call, reply: Reply, headers: Headers
    ) -> web.Response:
        self._record(request, route, call, reply)
        if reply.payload is None:
            return web.Response(status=reply.status, headers=headers)
        body = json.dumps(reply.payload).encode()
        content_type = {"Content-Type": "application/json"}  # exactly: no charset
        return web.Response(status=reply.status, body=body, headers=headers | content_type)

    def _record(self, request: web.Request, route: str, call: Call, reply: Reply) -> None:
        self._backend.ledger.record(
            Request(
                at=self._backend.ledger.now(),
                method=request.method,
                route=route,
                path=request.path.removeprefix(PREFIX),
                query=call.query,
                body=call.body,
                status=reply.status,
                answer=reply.payload,
                interaction=call.interaction,
            )
        )

    async def _attachment(self, request: web.Request) -> web.Response:
        attachment = self._backend.world.attachments.get(int(request.match_info["attachment_id"]))
        if attachment is None or attachment.filename != request.match_info["filename"]:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=attachment.data, content_type=attachment.content_type)

    async def _unknown(self, request: web.Request) -> web.Response:
        call = Call(self._backend, {}, dict(request.query))
        refused = Refused(Refusal.UNKNOWN_ROUTE)
        route = request.path.removeprefix(PREFIX)
        self._backend.ledger.violate(refused.refusal.rule, f"{request.method} {route}")
        return self._respond(request, route, call, Reply(refused.payload, 404), {})


def _specific_first(endpoint: Endpoint) -> tuple[str, ...]:
    """Sort `/messages/@original` before `/messages/{message_id}`: "@" comes before "{"."""
    return tuple(endpoint.route.split("/"))


def _rate_limited(wait_s: float, scope: str = "user") -> Refused:
    extra = {"retry_after": wait_s, "global": scope == "global"}
    return Refused(Refusal.RATE_LIMITED, extra=extra)


def _rate_limit_headers(wait_s: float, scope: str) -> Headers:
    headers = PROXY | {"Retry-After": str(round(wait_s) or 1), "X-RateLimit-Scope": scope}
    return headers | {"X-RateLimit-Global": "true"} if scope == "global" else headers


def _check_ids(call: Call) -> None:
    for name, value in call.params.items():
        if name.endswith("_id") and not value.isdecimal():
            problem = Problem((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            raise Refused(Refusal.INVALID_BODY, [problem])


async def _read_body(request: web.Request, call: Call) -> None:
    """Fill in the JSON body and the files of a call."""
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, call)
    elif raw := await request.read():
        if request.content_type != "application/json":
            raise Refused(Refusal.INVALID_JSON)
        call.body = _parsed(raw)


async def _try_to_read_body(request: web.Request, call: Call) -> None:
    """Fill in what can be read, for the record only."""
    with suppress(Refused):
        await _read_body(request, call)


async def _read_multipart(request: web.Request, call: Call) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refused(Refusal.INVALID_JSON)
        data = bytes(await part.read())
        if part.name == "payload_json":
            call.body = _parsed(data)
        elif part.name and part.name.startswith("files["):
            index = int(part.name.removeprefix("files[").removesuffix("]"))
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            call.files[index] = (part.filename or "unknown", data, content_type)


def _parsed(raw: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused(Refusal.INVALID_JSON) from None
