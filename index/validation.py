"""Explains validation errors in plain words: msgspec says `int`, `str` and `object`."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "date": "a date",
    "datetime": "a date and time",
    "time": "a time",
}
_BOUNDS = {">=": "{} or more", "<=": "{} or less"}

_EXPECTED = re.compile(
    r"Expected `(?P<types>[^`]+)`(?: (?P<sign>[<>]=) (?P<bound>\S+))?(?:, got `(?P<got>[^`]+)`)?"
)
_OWN = re.compile(r"(\w+) = .*; expected (.*)", re.DOTALL)  # raised by a `__post_init__`
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MALFORMED = "JSON is malformed: "
_MIN_SIMILARITY = 0.7  # of a key that may have been meant


class Problem(NamedTuple):
    """An invalid value: its path, such as `coverage[0].path` (empty for the root), and the error.

    `unknown` is the key if the error is an unknown key, else empty.
    """

    place: str
    what: str
    unknown: str = ""

    def __str__(self) -> str:
        return f"'{self.place}' {self.what}" if self.place else f"it {self.what}"


def explain(error: msgspec.ValidationError, *, table: str = "a table") -> Problem:
    """The problem that msgspec reports; `table` is the file format's term for an object."""
    text, _, path = str(error).partition(" - at `$")
    path = path.strip(".`")
    parent = f"{path}." if path else ""
    if found := _MISSING.fullmatch(text):
        return Problem(parent + found[1], "is missing")
    if found := _UNKNOWN.fullmatch(text):
        return Problem(path, f"has an unknown key '{found[1]}'", found[1])
    if found := _OWN.fullmatch(text):
        return Problem(parent + found[1], f"must be {found[2]}")
    if found := _EXPECTED.fullmatch(text):
        return Problem(path, _must_be(found, {**_TYPES, "object": table}))
    if "out of range" in text:
        return Problem(path, "must be a smaller number")
    return Problem(path, text)


def _must_be(expected: re.Match[str], types: Mapping[str, str]) -> str:
    parts = expected["types"].split(" | ")
    # An optional key can be left out, so null is not suggested.
    allowed = [types.get(one, one) for one in parts if one != "null" or len(parts) == 1]
    message = f"must be {' or '.join(allowed)}"
    if sign := expected["sign"]:
        message += f", {_BOUNDS[sign].format(expected['bound'].removesuffix('.0'))}"
    if got := expected["got"]:
        message += f", not {'a decimal number' if got == 'float' else types.get(got, got)}"
    return message


def list_unknown_keys(keys: Iterable[str], known: Iterable[str], prefix: str = "") -> str:
    """List unknown keys, each with the most similar known one where that may have been meant.

    All known keys begin with `prefix`, which is ignored in comparing them.
    """
    plain = {key.removeprefix(prefix).lower(): key for key in known}
    parts = []
    for key in keys:
        shown = key.removeprefix(prefix).lower()
        meant = get_close_matches(shown, plain, n=1, cutoff=_MIN_SIMILARITY)
        parts.append(f"'{key}' (did you mean '{plain[meant[0]]}'?)" if meant else f"'{key}'")
    return ", ".join(parts)


def explain_json_error(error: Exception) -> str:
    """Explain why a line of JSON is rejected: "'title' must be text, not a list"."""
    match error:
        case msgspec.ValidationError():
            return str(explain(error, table="an object"))
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it is nested too deeply"
    text = str(error)
    if text.startswith(_MALFORMED):
        return f"it is not valid JSON: {text.removeprefix(_MALFORMED)}"
    return "it is not valid JSON: it is incomplete" if "truncated" in text else text
