"""Validation errors in words that people know: msgspec speaks of `int`, `str` and `object`."""

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
_OURS = re.compile(r"(\w+) = .*; expected (.*)", re.DOTALL)  # of a `__post_init__`
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MALFORMED = "JSON is malformed: "
_CLOSE = 0.7  # similarity from which on another key may have been meant


class Problem(NamedTuple):
    """What is wrong with the value at `place`, such as `coverage[0].path`; empty for all the data.

    `unknown` is a key that should not be there, where that is what is wrong.
    """

    place: str
    what: str
    unknown: str = ""

    def __str__(self) -> str:
        return f"'{self.place}' {self.what}" if self.place else f"it {self.what}"


def explain(error: msgspec.ValidationError, *, table: str = "a table") -> Problem:
    """What msgspec found; `table` is what keys with values are called in the file."""
    text, _, place = str(error).partition(" - at `$")
    place = place.strip(".`")
    within = f"{place}." if place else ""
    if found := _MISSING.fullmatch(text):
        return Problem(within + found[1], "is missing")
    if found := _UNKNOWN.fullmatch(text):
        return Problem(place, f"has an unknown key '{found[1]}'", found[1])
    if found := _OURS.fullmatch(text):
        return Problem(within + found[1], f"must be {found[2]}")
    if found := _EXPECTED.fullmatch(text):
        return Problem(place, _must_be(found, {**_TYPES, "object": table}))
    if "out of range" in text:
        return Problem(place, "must be a smaller number")
    return Problem(place, text)


def _must_be(expected: re.Match[str], types: Mapping[str, str]) -> str:
    parts = expected["types"].split(" | ")
    # What is optional need not be null: it can be left out.
    allowed = [types.get(one, one) for one in parts if one != "null" or len(parts) == 1]
    line = f"must be {' or '.join(allowed)}"
    if sign := expected["sign"]:
        line += f", {_BOUNDS[sign].format(expected['bound'].removesuffix('.0'))}"
    if got := expected["got"]:
        line += f", not {'a decimal number' if got == 'float' else types.get(got, got)}"
    return line


def named_keys(keys: Iterable[str], known: Iterable[str], prefix: str = "") -> str:
    """Unknown keys, each with the known one that may have been meant where one is close.

    All known ones begin with `prefix`, which does not make them any closer.
    """
    plain = {key.removeprefix(prefix).lower(): key for key in known}
    parts = []
    for key in keys:
        shown = key.removeprefix(prefix).lower()
        meant = get_close_matches(shown, plain, n=1, cutoff=_CLOSE)
        parts.append(f"'{key}' (did you mean '{plain[meant[0]]}'?)" if meant else f"'{key}'")
    return ", ".join(parts)


def why_unreadable(error: Exception) -> str:
    """Why a line of JSON cannot be read: "'title' must be text, not a list"."""
    match error:
        case msgspec.ValidationError():
            return str(explain(error, table="an object"))
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it nests too deeply"
    text = str(error)
    if text.startswith(_MALFORMED):
        return f"it is not valid JSON: {text.removeprefix(_MALFORMED)}"
    return "it is not valid JSON: it ends too soon" if "truncated" in text else text
