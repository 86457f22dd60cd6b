"""HTTP around the routes: tokens, limits, faults, checks both ways, the record."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from .answers import (
    NO_STATUS,
    Answer,
    rate_limit_headers,
    spoiled,
)
from .backend import Backend
from .entries import Request
from .ratelimits import Verdict
from .reading import read_body, try_to_read_body
from .refusals import Problem, Refusal, Refused
from .rest_faults import (
    Banned,
    BrokenBody,
    CutBody,
    Late,
    Refuse,
    Reset,
    RestFault,
    ServerError,
    SlowBody,
    TooMany,
)
from .routes import ENDPOINTS, Auth, Call, Endpoint

PREFIX = "/api/v10"
ATTACHMENT = "/attachments/{attachment_id}/{filename}"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Serves each endpoint of `routes`; anything else is refused and recorded."""

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
        """Return what serves a route; without an endpoint, that of the files."""

        async def handle(request: web.Request) -> web.StreamResponse:
            call = Call(self._backend, dict(request.match_info), dict(request.query))
            if not self._backend.invalid_requests.left:
                return self._respond(request, route, call, Answer.of_proxy(429))

            async def answer() -> Answer:
                return await self._answer(request, endpoint, call) if endpoint else _file(call)

            fault = self._backend.faults.take_for_request(request.method, route)
            if fault is None:
                return self._respond(request, route, call, await answer())
            return await self._fail(request, route, call, fault, answer)

        return handle

    async def _answer(self, request: web.Request, endpoint: Endpoint, call: Call) -> Answer:
        """Return what Discord would answer; a refusal is a violation on the ledger as well."""
        verdict = self._backend.rate_limits.count(
            endpoint.method, endpoint.route, call.params, exempt=endpoint.auth is Auth.IN_PATH
        )
        headers, ledger = verdict.headers, self._backend.ledger
        if verdict.wait_s:
            headers |= rate_limit_headers(verdict.wait_s, verdict.scope)
        try:
            return await self._carry_out(request, endpoint, call, verdict)
        except Refused as refused:
            detail = f"{request.method} {request.path_qs}: {refused}"
            ledger.violate(refused.refusal.rule, detail)
            return Answer.of_refusal(refused, headers)
        except ConnectionError:
            return Answer(NO_STATUS)  # the client has left
        except Exception as error:  # noqa: BLE001 - no slip of the double may pass for Discord's 500
            ledger.violate("loopback-itself", f"{request.method} {request.path_qs}: {error!r}")
            return Answer(500, headers=headers)

    async def _carry_out(
        self, request: web.Request, endpoint: Endpoint, call: Call, verdict: Verdict
    ) -> Answer:
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
        self._backend.blame_double(
            inspector.of_response(method, route, reply.status, reply.payload)
        )
        return Answer.of_json(reply.status, reply.payload, verdict.headers)

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._backend.world.application.token}":
            raise Refused(Refusal.UNAUTHORIZED)

    async def _fail(
        self,
        request: web.Request,
        route: str,
        call: Call,
        fault: RestFault,
        answer: Callable[[], Awaitable[Answer]],
    ) -> web.StreamResponse:
        """Let a request meet a fault, carried out before if the fault says so."""
        match fault:
            case Late(seconds, after_work):
                await asyncio.sleep(0 if after_work else seconds)
                given = await answer()
                await asyncio.sleep(seconds if after_work else 0)
                return self._respond(request, route, call, given)
            case SlowBody() | CutBody() | BrokenBody():
                given = await answer()
                self._record(request, route, call, given)
                return await spoiled(request, given, fault)
            case ServerError(after_work=True) | Reset(after_work=True):
                await answer()
            case _:
                await try_to_read_body(request, call)
        if isinstance(fault, Reset) and request.transport:
            request.transport.abort()  # the response below goes nowhere
        return self._respond(request, route, call, self._failure(request, route, call, fault))

    def _failure(self, request: web.Request, route: str, call: Call, fault: RestFault) -> Answer:
        """Return the answer that a fault puts in the place of the true one."""
        match fault:
            case TooMany(seconds, scope, says_when):
                limits = self._backend.rate_limits
                if scope == "global":
                    limits.block_all(seconds)
                else:
                    limits.block(request.method, route, call.params, seconds)
                of_bucket = limits.count(request.method, route, call.params, exempt=True).headers
                refused = _rate_limited(seconds, scope, says_when=says_when)
                return Answer.of_refusal(refused, of_bucket | rate_limit_headers(seconds, scope))
            case Refuse(refusal):
                return Answer.of_refusal(Refused(refusal))
            case Banned(status) | ServerError(status):
                return Answer.of_proxy(status)
            case _:
                return Answer(NO_STATUS)

    def _respond(
        self, request: web.Request, route: str, call: Call, answer: Answer
    ) -> web.Response:
        self._record(request, route, call, answer)
        return answer.to_response()

    def _record(self, request: web.Request, route: str, call: Call, answer: Answer) -> None:
        backend = self._backend
        entry = Request(
            at=backend.ledger.now(),
            method=request.method,
            route=route,
            path=request.path.removeprefix(PREFIX),
            query=call.query,
            body=call.body,
            status=answer.status,
            answer=answer.payload,
            interaction=call.interaction,
        )
        backend.ledger.record(entry)
        backend.manners.judge_request(entry)
        invalid = backend.invalid_requests
        if answer.is_invalid_request and invalid.spend() and not invalid.left:
            backend.ledger.violate("banned", f"{invalid.limit} invalid requests")

    async def _unknown(self, request: web.Request) -> web.Response:
        call = Call(self._backend, {}, dict(request.query))
        refused = Refused(Refusal.UNKNOWN_ROUTE)
        route = request.path.removeprefix(PREFIX)
        self._backend.ledger.violate(refused.refusal.rule, f"{request.method} {route}")
        return self._respond(request, route, call, Answer.of_refusal(refused))


def _specific_first(endpoint: Endpoint) -> tuple[str, ...]:
    """Sort `/messages/@original` before `/messages/{message_id}`: "@" comes before "{"."""
    return tuple(endpoint.route.split("/"))


def _rate_limited(wait_s: float, scope: str, *, says_when: bool = True) -> Refused:
    extra = {"global": scope == "global"} | ({"retry_after": wait_s} if says_when else {})
    return Refused(Refusal.RATE_LIMITED, extra=extra)


def _check_ids(call: Call) -> None:
    for name, value in call.params.items():
        if name.endswith("_id") and not value.isdecimal():
            problem = Problem((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            raise Refused(Refusal.INVALID_BODY, [problem])


def _file(call: Call) -> Answer:
    found = call.backend.world.attachments.get(call.id("attachment_id"))
    if found is None or found.filename != call.params["filename"]:
        return Answer(404, body=b"This content is no longer available.", content_type="text/plain")
    return Answer(200, body=found.data, content_type=found.content_type)
