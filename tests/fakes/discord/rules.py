"""Rules that Discord enforces but its OpenAPI description does not contain."""

import re
from collections.abc import Iterable, Iterator, Sequence

from . import limits
from .mentions import text_displays
from .model import MessageFlags
from .refusals import Json, Problem, Refusal, Refused, invalid

LINK_STYLE = 5
SLASH = 1
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
BUTTON = 2


def check_message(body: Json, *, files: Sequence[bytes] = (), shown: bool = True) -> None:
    """Check a message body. Raises Refused. `shown` is false for a deferral, which may be empty."""
    _check_files(files)
    components = body.get("components") or []
    if MessageFlags.COMPONENTS_V2 in MessageFlags(body.get("flags") or 0):
        _check_components_v2(body, components)
    content = body.get("content") or ""
    if len(content) > limits.CONTENT_MAX_CHARS:
        raise _too_long(("content",), limits.CONTENT_MAX_CHARS)
    embeds = body.get("embeds") or []
    if sum(map(_embed_chars, embeds)) > limits.EMBEDS_MAX_CHARS:
        message = f"Embed size exceeds maximum size of {limits.EMBEDS_MAX_CHARS}"
        raise invalid(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)
    _check_components(components)
    _check_allowed_mentions(body.get("allowed_mentions") or {})
    seen = content.strip() or embeds or components or files or body.get("attachments")
    if shown and not (seen or body.get("poll") or body.get("sticker_ids")):
        raise Refused(Refusal.EMPTY_MESSAGE)


def check_commands(commands: Sequence[Json]) -> None:
    """Check a set of commands: names, duplicates, option order, number, length. Raises Refused."""
    problems: list[Problem] = []
    names: set[tuple[int, str]] = set()
    localized: set[tuple[int, str, str]] = set()
    count = dict.fromkeys(limits.COMMANDS_MAX, 0)
    for index, command in enumerate(commands):
        kind = command.get("type") or SLASH
        count[kind] = count.get(kind, 0) + 1
        if (kind, command["name"]) in names:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            message = "Application command names must be unique"
            problems.append(Problem((index, "name"), code, message))
        names.add((kind, command["name"]))
        for locale, name in (command.get("name_localizations") or {}).items():
            if (kind, locale, name) in localized:
                code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
                message = "Application command names must be unique"
                problems.append(Problem((index, "name_localizations", locale), code, message))
            localized.add((kind, locale, name))
        if kind == SLASH:
            problems.extend(_slash_problems(command, (index,)))
        elif command.get("description"):
            message = "Context menu commands cannot have a description"
            problems.append(Problem((index, "description"), "DESCRIPTION_NOT_ALLOWED", message))
    for kind, maximum in limits.COMMANDS_MAX.items():
        if count[kind] > maximum:
            message = f"Must be {maximum} or fewer in length."
            problems.append(Problem((), "BASE_TYPE_BAD_LENGTH", message))
    if problems:
        raise Refused(Refusal.INVALID_BODY, problems)


def all_components(components: Iterable[Json]) -> Iterator[Json]:
    """Yield components and those nested in them, outermost first."""
    for component in components:
        yield component
        nested = component.get("components") or []
        yield from all_components([*nested, *_single(component)])


def _single(component: Json) -> list[Json]:
    return [component[key] for key in ("accessory", "component") if component.get(key)]


def _too_long(path: tuple[str | int, ...], maximum: int) -> Refused:
    return invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")


def _check_files(files: Sequence[bytes]) -> None:
    if len(files) > limits.FILES_MAX:
        message = f"Must be {limits.FILES_MAX} or fewer in length."
        raise invalid(("attachments",), "BASE_TYPE_BAD_LENGTH", message)
    if any(len(data) > limits.FILE_MAX_BYTES for data in files):
        raise Refused(Refusal.TOO_LARGE)


def _check_components_v2(body: Json, components: list[Json]) -> None:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise invalid((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    if sum(1 for _ in all_components(components)) > limits.COMPONENTS_MAX:
        message = f"Must be {limits.COMPONENTS_MAX} or fewer in length."
        raise invalid(("components",), "BASE_TYPE_BAD_LENGTH", message)
    if sum(map(len, text_displays(components))) > limits.COMPONENTS_MAX_CHARS:
        raise _too_long(("components",), limits.COMPONENTS_MAX_CHARS)


def _embed_chars(embed: Json) -> int:
    fields = embed.get("fields") or []
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field[key] for field in fields for key in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _check_components(components: list[Json]) -> None:
    custom_ids: set[str] = set()
    for component in all_components(components):
        custom_id = component.get("custom_id")
        if component["type"] == BUTTON:
            wanted = "url" if component["style"] == LINK_STYLE else "custom_id"
            if not component.get(wanted) and not component.get("sku_id"):
                message = f"A button of this style needs {wanted}"
                raise invalid(("components",), "BASE_TYPE_REQUIRED", message)
        if custom_id is not None and custom_id in custom_ids:
            message = "Component custom id cannot be duplicated"
            raise invalid(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        if custom_id is not None:
            custom_ids.add(custom_id)


def _check_allowed_mentions(allowed: Json) -> None:
    for key in ("users", "roles"):
        if key in (allowed.get("parse") or []) and allowed.get(key):
            path = ("allowed_mentions", key)
            message = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            raise invalid(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _slash_problems(command: Json, path: tuple[str | int, ...]) -> Iterator[Problem]:
    yield from _name_problems(command, path)
    if not command.get("description"):
        yield Problem((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    if _command_chars(command) > limits.COMMAND_MAX_CHARS:
        message = f"Must be {limits.COMMAND_MAX_CHARS} or fewer in length."
        yield Problem(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    options = command.get("options") or []
    names: set[str] = set()
    localized: set[tuple[str, str]] = set()
    optional_seen = False
    for index, option in enumerate(options):
        where = (*path, "options", index)
        if option["name"] in names:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
            yield Problem((*where, "name"), code, "Option names must be unique")
        names.add(option["name"])
        here = set((option.get("name_localizations") or {}).items())
        if here & localized:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
            yield Problem((*where, "name_localizations"), code, "Option names must be unique")
        localized |= here
        if option["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP):
            yield from _slash_problems(option, where)
            continue
        yield from _name_problems(option, where)
        if option.get("required") and optional_seen:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            yield Problem(where, code, "Required options must be placed before non-required ones")
        optional_seen = optional_seen or not option.get("required")


def _name_problems(named: Json, path: tuple[str | int, ...]) -> Iterator[Problem]:
    localized = named.get("name_localizations") or {}
    names: list[tuple[tuple[str, ...], str]] = [(("name",), named["name"])]
    names += ((("name_localizations", locale), name) for locale, name in localized.items())
    for key, name in names:
        if not re.fullmatch(limits.COMMAND_NAME_PATTERN, name) or name != name.lower():
            code = "APPLICATION_COMMAND_INVALID_NAME"
            yield Problem((*path, *key), code, "Command name is invalid")


def _command_chars(command: Json) -> int:
    own = len(command["name"]) + len(command.get("description") or "")
    choices = command.get("choices") or []
    of_choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in choices)
    return own + of_choices + sum(map(_command_chars, command.get("options") or []))
