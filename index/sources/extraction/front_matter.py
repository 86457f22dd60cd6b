"""Front matter: the fields above a text, in YAML, TOML or JSON."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import yaml

from index.sources.loose_fields import has_known_key

_MAX_CHARS = 20_000
_YAML = re.compile(r"---+[ \t]*\n(.*?\n)??(?:---+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?\n)??\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
# Not a thematic break: a key follows. It ends at the first blank line at the latest.
_UNCLOSED = re.compile(r"(?:---+|\+\+\+)[ \t]*\n([\w-]+ ?[:=].*?)(?:\n[ \t]*\n|\Z)", re.DOTALL)
# A field with the lines that belong to it.
_FIELD = re.compile(
    r"""^["']?([\w-][\w -]*?)["']?[ \t]*[:=](?:[ \t]+(.*))?$((?:\n[ \t-].*)*)""", re.MULTILINE
)


class FrontMatter(NamedTuple):
    """The fields above a `body`, and what is wrong with them, if anything."""

    fields: Mapping[Any, Any]
    body: str
    problem: str = ""


def split_front_matter(text: str) -> FrontMatter:
    """Split `text`, whose lines end in newlines only, into its front matter and the rest.

    Where its syntax is broken, each field is read by itself.
    """
    if text.startswith("{"):
        return _split_json(text)
    for opened, form, load, name in (
        ("---", _YAML, _load_yaml, "YAML"),
        ("+++", _TOML, tomllib.loads, "TOML"),
    ):
        if text.startswith(opened):
            return _split_lines(text, form, load, name)
    return FrontMatter({}, text)


def _split_lines(
    text: str, form: re.Pattern[str], load: Callable[[str], object], name: str
) -> FrontMatter:
    problem = ""
    found = form.match(text)
    if found is None or not (found[1] or "").strip():
        if found and found[1] is None:
            return FrontMatter({}, text[found.end() :])
        if not (found := _UNCLOSED.match(text)):
            return FrontMatter({}, text)
        problem = f"its front matter is not closed; end it with {text[:3]}"
    written, body = found[1] or "", text[found.end() :]
    if len(written) > _MAX_CHARS:
        problem = f"its front matter is ignored; it is longer than {_MAX_CHARS:,} characters"
        return FrontMatter({}, body, problem)
    try:
        fields = load(written)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        fields = dict(_read_singly(written, load))
        if not fields and not _FIELD.search(written):
            return FrontMatter({}, text)
        problem = problem or f"its front matter is not valid {name}{_where(error)}; fix it"
    # Text between two thematic breaks is valid YAML, but it has no keys.
    return FrontMatter(fields, body, problem) if isinstance(fields, dict) else FrontMatter({}, text)


def _load_yaml(written: str) -> object:
    # Not libyaml, which crashes on deep nesting.
    return yaml.load(written, Loader=yaml.SafeLoader)


def _split_json(text: str) -> FrontMatter:
    try:
        fields, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return FrontMatter({}, text)
    is_front_matter = isinstance(fields, dict) and has_known_key(fields)
    return FrontMatter(fields, text[end:]) if is_front_matter else FrontMatter({}, text)


def _read_singly(written: str, load: Callable[[str], object]) -> list[tuple[str, object]]:
    """Each field by itself; one that breaks the syntax has the text on its line as its value."""
    fields: list[tuple[str, object]] = []
    for found in _FIELD.finditer(written):
        try:
            loaded = load(found[0])
        except (ValueError, yaml.YAMLError, RecursionError):
            value = (found[2] or "").strip().strip("\"'")
            loaded = {found[1]: value} if any(map(str.isalnum, value)) else {}
        if isinstance(loaded, dict):
            fields += loaded.items()
    return fields


def _where(error: Exception) -> str:
    if mark := getattr(error, "problem_mark", None):
        return f" (line {mark.line + 2})"  # of the file
    found = re.search(r"at line (\d+)", str(error))
    return f" (line {int(found[1]) + 1})" if found else ""
