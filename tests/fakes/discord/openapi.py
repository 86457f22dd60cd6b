"""Checks requests and responses against Discord's OpenAPI description.

The description is open: it says which keys it knows and accepts any other. Here objects are closed,
so that a misspelt key is refused. `TOLERATED` and string-or-integer ids are the exceptions: what
Discord takes without saying so.

jsonschema-rs tells fast what is valid, which is nearly everything; jsonschema tells what is wrong.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .refusals import Json, Problem

VARIABLE = "DISCORD_OPENAPI"
DEFAULT_PATH = Path(__file__).parents[2] / "../shared/discord/openapi.json"

TOLERATED = {
    "ApplicationCommandCreateRequest": {"nsfw": {"type": "boolean"}},
    "ApplicationCommandUpdateRequest": {"nsfw": {"type": "boolean"}},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"type": "boolean"}},
    "IncomingWebhookUpdateRequestPartial": {"tts": {"type": "boolean"}},
    "MessageEditRequestPartial": {"tts": {"type": "boolean"}},
    "RichEmbed": {"flags": {"type": "integer"}},
}
"""Keys that Discord's clients send and Discord takes, missing in the description."""

_REQUEST_ID = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0}
_BASE = "urn:discord"
DETAIL_MAX_CHARS = 200


class Description:
    """The parsed description, which finds the problems of a body."""

    def __init__(self, document: Json) -> None:
        self._paths = _absolute(document["paths"])
        self._schemas = {
            name: _closed(_absolute(schema))
            for name, schema in document["components"]["schemas"].items()
        }
        request_schemas = {**self._schemas, "SnowflakeType": _REQUEST_ID}
        for name, extra in TOLERATED.items():
            schema = self._schemas[name]
            properties = {**schema["properties"], **extra}
            request_schemas[name] = {**schema, "properties": properties}
        self._request_validator = _validators(request_schemas)
        self._response_validator = _validators(self._schemas)

    def of_request(self, method: str, route: str, body: object) -> list[Problem]:
        """Return the problems of the JSON body of a request."""
        described = self._paths[route][method.lower()].get("requestBody")
        if described is None:
            return [] if body is None else [Problem((), "UNEXPECTED_BODY", "No body expected.")]
        schema = described["content"]["application/json"]["schema"]
        return _problems(self._request_validator(f"{method} {route}", schema), body)

    def of_response(self, method: str, route: str, status: int, payload: object) -> list[Problem]:
        """Return the problems of one of the fake's responses."""
        responses = self._paths[route][method.lower()]["responses"]
        if str(status) not in responses:
            return [Problem((), "UNDESCRIBED", f"{method} {route} never answers {status}.")]
        content = responses[str(status)].get("content")
        if content is None:
            return [] if payload is None else [Problem((), "UNEXPECTED_BODY", "No body expected.")]
        schema = content["application/json"]["schema"]
        return _problems(self._response_validator(f"{method} {route} {status}", schema), payload)

    def of_component(self, name: str, payload: object) -> list[Problem]:
        """Return the problems of a payload under a schema of the description."""
        return _problems(self._response_validator(name, self._schemas[name]), payload)


def find(path: Path | None = None) -> Description | None:
    """Load the description from the path, `DISCORD_OPENAPI` or the usual place; None if absent."""
    path = path or Path(os.environ.get(VARIABLE, DEFAULT_PATH))
    return _load(path.resolve()) if path.is_file() else None


@cache
def _load(path: Path) -> Description:
    return Description(json.loads(path.read_bytes()))


def _absolute(node: Any) -> Any:  # noqa: ANN401 - any JSON in, the same JSON out
    """Return the schema with absolute references."""
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if isinstance(node, dict):
        return {
            key: _BASE + value if key == "$ref" else _absolute(value) for key, value in node.items()
        }
    return node


def _closed(schema: Json) -> Json:
    """Return the schema with unknown keys refused."""
    if "properties" in schema and schema["properties"] and "additionalProperties" not in schema:
        return {**schema, "additionalProperties": False}
    return schema


@dataclass(frozen=True)
class _Validator:
    fast: jsonschema_rs.Draft202012Validator
    thorough: Draft202012Validator


def _validators(schemas: Json) -> Callable[[str, Json], _Validator]:
    document = {"components": {"schemas": schemas}}
    registry = Registry().with_resource(_BASE, DRAFT202012.create_resource(document))
    fast_registry = jsonschema_rs.Registry([(_BASE, document)])
    known: dict[str, _Validator] = {}

    def validator(name: str, schema: Json) -> _Validator:
        if name not in known:
            known[name] = _Validator(
                jsonschema_rs.Draft202012Validator(schema, registry=fast_registry),
                Draft202012Validator(schema, registry=registry),
            )
        return known[name]

    return validator


def _problems(validator: _Validator, body: object) -> list[Problem]:
    if validator.fast.is_valid(body):
        return []
    errors = validator.thorough.iter_errors(body)
    return [_problem(root) for error in errors for root in _roots(error)]


def _roots(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors of the alternative that was most likely intended."""
    alternatives: defaultdict[str | int, list[ValidationError]] = defaultdict(list)
    for inner in error.context or []:
        alternatives[inner.schema_path[0]].append(inner)
    if not alternatives or all(map(_another_kind, alternatives.values())):
        yield error
        return
    for inner in min(
        alternatives.values(), key=lambda errors: (_another_kind(errors), len(errors))
    ):
        yield from _roots(inner)


def _another_kind(errors: list[ValidationError]) -> bool:
    """True if the errors mean that an alternative is for another type of value or object."""
    return any(
        list(error.relative_path) == ["type"]
        or (error.validator == "type" and not error.relative_path)
        for error in errors
    )


def _problem(error: ValidationError) -> Problem:
    path = tuple(error.absolute_path)
    detail = error.message if len(error.message) <= DETAIL_MAX_CHARS else "Invalid value."
    limit = error.validator_value
    match error.validator:
        case "maxLength":
            code, message = "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."
        case "minLength":
            code, message = "BASE_TYPE_MIN_LENGTH", f"Must be {limit} or more in length."
        case "maxItems":
            code, message = "BASE_TYPE_BAD_LENGTH", f"Must be {limit} or fewer in length."
        case "required":
            code, message = "BASE_TYPE_REQUIRED", detail
        case "additionalProperties":
            code, message = "UNKNOWN_KEY", detail
        case other:
            code, message = f"BASE_TYPE_{other}".upper(), detail
    return Problem(path, code, message)
