"""Reads the body of a request: JSON, or a multipart form of JSON and files."""

import json
from contextlib import suppress
from typing import Any

from aiohttp import BodyPartReader, web

from .refusals import Refusal, Refused
from .responses import JSON
from .routes import Call


async def read_body(request: web.Request, call: Call) -> None:
    """Read the JSON body and the files of a call."""
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, call)
    elif raw := await request.read():
        if request.content_type != JSON:
            raise Refused(Refusal.INVALID_JSON)
        call.body = _parsed(raw)


async def try_to_read_body(request: web.Request, call: Call) -> None:
    """Read the body for the ledger; ignore an invalid one."""
    with suppress(Refused):
        await read_body(request, call)


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
