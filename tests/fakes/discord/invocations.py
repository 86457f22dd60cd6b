"""Builds the interaction data of commands, as Discord's client would.

Only the commands, options and values that the application has registered can be used; anything else
raises `NotOffered`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from . import limits
from .errors import NotOffered
from .installs import context_of, installs_for, offers
from .model import Application, Attachment, Channel, Role, User
from .permissions import ALL, Permissions, in_channel
from .refusals import Json
from .resolved import Resolved

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: User,
    CHANNEL: Channel,
    ROLE: Role,
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
    ATTACHMENT: Attachment,
}


@dataclass(slots=True)
class Invocation:
    """Builds the data of one use of a command."""

    command: Json
    resolved: Resolved

    def data(self, words: list[str], values: Mapping[str, object], focused: str | None) -> Json:
        """Return the interaction data for subcommand names and option values."""
        options = self._options(self.command, words, values, focused)
        return self.resolved.added_to(command_data(self.command) | {"options": options})

    def _options(
        self, level: Json, words: list[str], values: Mapping[str, object], focused: str | None
    ) -> list[Json]:
        offered = {option["name"]: option for option in level.get("options") or []}
        if words:
            child = offered.get(words[0])
            if child is None or child["type"] not in (SUBCOMMAND, SUBCOMMAND_GROUP):
                raise NotOffered(f"/{self.command['name']} has no subcommand {words[0]!r}")
            inner = self._options(child, words[1:], values, focused)
            return [{"type": child["type"], "name": child["name"], "options": inner}]
        if any(option["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP) for option in offered.values()):
            raise NotOffered(f"/{self.command['name']} is used with one of {sorted(offered)}")
        if unknown := values.keys() - offered.keys():
            raise NotOffered(f"/{self.command['name']} has no option {sorted(unknown)}")
        missing = [name for name, option in offered.items() if option.get("required")]
        if focused is None and (lacking := set(missing) - values.keys()):
            raise NotOffered(f"/{self.command['name']} needs {sorted(lacking)}")
        return [
            self._option(offered[name], value, is_focused=name == focused)
            for name, value in values.items()
        ]

    def _option(self, option: Json, value: object, *, is_focused: bool) -> Json:
        kind = option["type"]
        sent: Json = {"type": kind, "name": option["name"]}
        if is_focused:
            if not option.get("autocomplete"):
                raise NotOffered(f"option {option['name']!r} has no autocomplete")
            return sent | {"value": str(value), "focused": True}
        right_type = isinstance(value, TYPES[kind])
        if not right_type or (isinstance(value, bool) and kind != BOOLEAN):
            raise NotOffered(f"option {option['name']!r} takes no {type(value).__name__}")
        _check_bounds(option, value)
        if isinstance(value, User | Role | Channel | Attachment):
            return sent | {"value": self.resolved.add(value)}
        return sent | {"value": value}


def command_data(command: Json) -> Json:
    """Return the fields that identify a command in interaction data."""
    named = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return named | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def find_command(
    application: Application, name: str, kind: int, user: User, channel: Channel
) -> Json:
    """Return the registered command of that name that a person is offered in a channel."""
    guild_id = channel.guild.id if channel.guild else None
    registered = [*application.commands.get(guild_id, []), *application.commands.get(None, [])]
    for command in registered:
        if (command["name"], command["type"]) == (name, kind):
            _check_offered(application, command, user, channel)
            return command
    names = sorted(command["name"] for command in registered if command["type"] == kind)
    raise NotOffered(f"no command {name!r} of type {kind} is registered here, only {names}")


def _check_offered(application: Application, command: Json, user: User, channel: Channel) -> None:
    name = command["name"]
    installs, context = installs_for(application, user, channel), context_of(channel, application)
    if not offers(command, installs, context):
        registered_for = (
            f"contexts {command.get('contexts')}, installs {command.get('integration_types')}"
        )
        raise NotOffered(f"{name!r} is not offered here ({context.name}) with {registered_for}")
    if channel.guild is None:
        return
    granted = in_channel(user, channel)
    if Permissions.USE_APPLICATION_COMMANDS not in granted:
        raise NotOffered(f"{user.name} may not use commands in #{channel.name}")
    needed = command["default_member_permissions"]
    if name in application.allowed_commands or needed is None or granted == ALL:
        return
    if int(needed) & ~int(granted) or not int(needed):
        raise NotOffered(f"{name!r} needs permissions {needed}")


def _check_bounds(option: Json, value: object) -> None:
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotOffered(f"option {option['name']!r} offers {choices}, not {value!r}")
    if isinstance(value, str):
        size: float = len(value)
        low, high = option.get("min_length", 0), option.get("max_length", limits.OPTION_MAX_CHARS)
    elif isinstance(value, int | float):
        size, low, high = value, option.get("min_value", value), option.get("max_value", value)
    else:
        return
    if not low <= size <= high:
        raise NotOffered(f"option {option['name']!r} takes {low} to {high}, not {size}")
