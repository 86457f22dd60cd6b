"""The REST API over HTTP: authorization, rate limits, faults, validation, recording."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from .backend import Backend
from .entries import Request
from .ratelimits import Verdict
from .refusals import Problem, Refusal, Refused
from .request_body import read_body, try_to_read_body
from .responses import (
    NO_STATUS,
    Response,
    rate_limit_headers,
    send_faulty,
)
from .rest_faults import (
    Banned,
    BrokenBody,
    CutBody,
    Refuse,
    Reset,
    RestFault,
    ServerError,
    SlowBody,
    SlowResponse,
    TooMany,
)
from .routes import ENDPOINTS, Auth, Call, Endpoint

PREFIX = "/api/v10"
ATTACHMENT = "/attachments/{attachment_id}/{filename}"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Serves the endpoints of `routes`; refuses and records other requests."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def add_to(self, app: web.Application) -> None:
        for endpoint in sorted(ENDPOINTS, key=_specific_first):
            handler = self._handler(endpoint.route, endpoint)
            app.router.add_route(endpoint.method, PREFIX + endpoint.route, handler)
            self._backend.faults.routes.add((endpoint.method, endpoint.route))
        self._backend.faults.routes.add(("GET", ATTACHMENT))
        app.router.add_get(ATTACHMENT, self._handler(ATTACHMENT, None))
        app.router.add_route("*", "/{anything:.+}", self._unknown)

    def _handler(self, route: str, endpoint: Endpoint | None) -> Handler:
        """Return the handler of a route; without an endpoint, that of attachments."""

        async def handle(request: web.Request) -> web.StreamResponse:
            call = Call(self._backend, dict(request.match_info), dict(request.query))
            if not self._backend.invalid_requests.left:
                return self._respond(request, route, call, Response.of_proxy(429))

            async def handle_call() -> Response:
                return await self._handle(request, endpoint, call) if endpoint else _file(call)

            fault = self._backend.faults.take_for_request(request.method, route)
            if fault is None:
                return self._respond(request, route, call, await handle_call())
            return await self._fail(request, route, call, fault, handle_call)

        return handle

    async def _handle(self, request: web.Request, endpoint: Endpoint, call: Call) -> Response:
        """Return Discord's response; records a refusal as a violation."""
        verdict = self._backend.rate_limits.count(
            endpoint.method, endpoint.route, call.params, exempt=endpoint.auth is Auth.IN_PATH
        )
        headers, ledger = verdict.headers, self._backend.ledger
        if verdict.wait_s:
            headers |= rate_limit_headers(verdict.wait_s, verdict.scope)
        try:
            return await self._handle_unrestricted(request, endpoint, call, verdict)
        except Refused as refused:
            detail = f"{request.method} {request.path_qs}: {refused}"
            ledger.record_violation(refused.refusal.rule, detail)
            return Response.of_refusal(refused, headers)
        except ConnectionError:
            return Response(NO_STATUS)  # the client has left
        except Exception as error:  # noqa: BLE001 - an error of the fake is no 500 of Discord
            ledger.record_violation(
                "loopback-error", f"{request.method} {request.path_qs}: {error!r}"
            )
            return Response(500, headers=headers)

    async def _handle_unrestricted(
        self, request: web.Request, endpoint: Endpoint, call: Call, verdict: Verdict
    ) -> Response:
        if verdict.wait_s:
            raise _rate_limited(verdict.wait_s, verdict.scope)
        if endpoint.auth is Auth.BOT:
            self._authorize(request)
        await read_body(request, call)
        inspector, method, route = self._backend.inspector, endpoint.method, endpoint.route
        if problems := inspector.of_request(method, route, call.body):
            raise Refused(Refusal.INVALID_BODY, problems)
        _check_ids(call)
        reply = endpoint.handler(call)
        self._backend.report_own_errors(
            inspector.of_response(method, route, reply.status, reply.payload)
        )
        return Response.of_json(reply.status, reply.payload, verdict.headers)

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._backend.world.application.token}":
            raise Refused(Refusal.UNAUTHORIZED)

    async def _fail(
        self,
        request: web.Request,
        route: str,
        call: Call,
        fault: RestFault,
        handle: Callable[[], Awaitable[Response]],
    ) -> web.StreamResponse:
        """Apply a fault to a request, which is handled first if the fault says so."""
        match fault:
            case SlowResponse(seconds, after_handling):
                await asyncio.sleep(0 if after_handling else seconds)
                response = await handle()
                await asyncio.sleep(seconds if after_handling else 0)
                return self._respond(request, route, call, response)
            case SlowBody() | CutBody() | BrokenBody():
                response = await handle()
                self._record(request, route, call, response)
                return await send_faulty(request, response, fault)
            case ServerError(after_handling=True) | Reset(after_handling=True):
                await handle()
            case _:
                await try_to_read_body(request, call)
        if isinstance(fault, Reset) and request.transport:
            request.transport.abort()  # the response below goes nowhere
        return self._respond(request, route, call, self._failure(request, route, call, fault))

    def _failure(self, request: web.Request, route: str, call: Call, fault: RestFault) -> Response:
        """Return the response with which a fault replaces the real one."""
        match fault:
            case TooMany(seconds, scope, with_retry_after):
                limits = self._backend.rate_limits
                if scope == "global":
                    limits.block_all(seconds)
                else:
                    limits.block(request.method, route, call.params, seconds)
                of_bucket = limits.count(request.method, route, call.params, exempt=True).headers
                refused = _rate_limited(seconds, scope, with_retry_after=with_retry_after)
                return Response.of_refusal(refused, of_bucket | rate_limit_headers(seconds, scope))
            case Refuse(refusal):
                return Response.of_refusal(Refused(refusal))
            case Banned(status) | ServerError(status):
                return Response.of_proxy(status)
            case _:
                return Response(NO_STATUS)

    def _respond(
        self, request: web.Request, route: str, call: Call, response: Response
    ) -> web.Response:
        self._record(request, route, call, response)
        return response.to_aiohttp()

    def _record(self, request: web.Request, route: str, call: Call, response: Response) -> None:
        backend = self._backend
        entry = Request(
            at=backend.ledger.now(),
            method=request.method,
            route=route,
            path=request.path.removeprefix(PREFIX),
            query=call.query,
            body=call.body,
            status=response.status,
            response=response.payload,
            interaction=call.interaction,
        )
        backend.ledger.record(entry)
        backend.etiquette.review_request(entry)
        invalid = backend.invalid_requests
        if response.is_invalid_request and invalid.spend() and not invalid.left:
            backend.ledger.record_violation("banned", f"{invalid.limit} invalid requests")

    async def _unknown(self, request: web.Request) -> web.Response:
        call = Call(self._backend, {}, dict(request.query))
        refused = Refused(Refusal.UNKNOWN_ROUTE)
        route = request.path.removeprefix(PREFIX)
        self._backend.ledger.record_violation(refused.refusal.rule, f"{request.method} {route}")
        return self._respond(request, route, call, Response.of_refusal(refused))


def _specific_first(endpoint: Endpoint) -> tuple[str, ...]:
    """Sort `/messages/@original` before `/messages/{message_id}`: "@" comes before "{"."""
    return tuple(endpoint.route.split("/"))


def _rate_limited(wait_s: float, scope: str, *, with_retry_after: bool = True) -> Refused:
    extra = {"global": scope == "global"} | ({"retry_after": wait_s} if with_retry_after else {})
    return Refused(Refusal.RATE_LIMITED, extra=extra)


def _check_ids(call: Call) -> None:
    for name, value in call.params.items():
        if name.endswith("_id") and not value.isdecimal():
            problem = Problem((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            raise Refused(Refusal.INVALID_BODY, [problem])


def _file(call: Call) -> Response:
    found = call.backend.world.attachments.get(call.id("attachment_id"))
    if found is None or found.filename != call.params["filename"]:
        return Response(
            404, body=b"This content is no longer available.", content_type="text/plain"
        )
    return Response(200, body=found.data, content_type=found.content_type)
