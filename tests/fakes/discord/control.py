"""Schedules faults over HTTP, for a fake that runs as a process of its own.

    POST /loopback/faults {"on": "POST /channels/{channel_id}/messages",
                           "fault": "TooMany", "retry_after_s": 2, "times": 3}
    POST /loopback/faults {"at": "RESUMED", "fault": "Close", "code": 4000, "times": null}
    POST /loopback/faults {"now": true, "fault": "Drop"}
    DELETE /loopback/faults
    GET /loopback/ledger

The faults and their fields are those of `rest_faults` and `gateway_faults`; moments are given by
name, such as "IDENTIFY". An invalid request is answered with 400 and the reason.
"""

from collections.abc import Mapping
from typing import Any, get_args

from aiohttp import web

from .faults import Faults
from .gateway_faults import GatewayFault, Moment
from .ledger import Ledger
from .refusals import Json, Refusal
from .rest_faults import RestFault

ON_REQUESTS = {kind.__name__: kind for kind in get_args(RestFault)}
ON_GATEWAY = {kind.__name__: kind for kind in get_args(GatewayFault)}
MOMENTS = {moment.name: moment.value for moment in Moment}


def add_to(app: web.Application, faults: Faults, ledger: Ledger) -> None:
    """Add the control endpoints to an application."""

    async def order(request: web.Request) -> web.Response:
        try:
            _schedule(faults, await request.json())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.Response(status=204)

    async def clear(_: web.Request) -> web.Response:
        faults.clear()
        return web.Response(status=204)

    async def show(_: web.Request) -> web.Response:
        violations = [{"rule": each.rule, "detail": each.detail} for each in ledger.violations]
        counts, tail = dict(ledger.counts), ledger.tail().splitlines()
        return web.json_response({"violations": violations, "counts": counts, "tail": tail})

    app.router.add_post("/loopback/faults", order)
    app.router.add_delete("/loopback/faults", clear)
    app.router.add_get("/loopback/ledger", show)


def _schedule(faults: Faults, wanted: Json) -> None:
    kind, times = wanted.pop("fault"), wanted.pop("times", 1)
    if "on" in wanted:
        method, route = str(wanted.pop("on")).split()
        faults.on(method, route, _made(ON_REQUESTS, kind, wanted), times=times)
    elif "at" in wanted:
        moment = str(wanted.pop("at"))
        fault = _made(ON_GATEWAY, kind, wanted)
        faults.at(MOMENTS.get(moment, moment), fault, times=times)
    else:
        del wanted["now"]
        faults.now(_made(ON_GATEWAY, kind, wanted))


def _made(kinds: Mapping[str, type[Any]], kind: str, fields: Json) -> Any:  # noqa: ANN401 - any fault
    if "refusal" in fields:
        fields["refusal"] = Refusal[fields["refusal"]]
    return kinds[kind](**fields)
