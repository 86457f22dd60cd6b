"""The routes of application commands: list and replace them, globally or for a guild."""

from typing import Any

from fakes.discord import payloads
from fakes.discord.refusals import Json, Refusal, Refused
from fakes.discord.rules import SLASH, check_commands

from .endpoint import Call, Reply, endpoint

GLOBAL = "/applications/{application_id}/commands"
OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


@endpoint("GET", GLOBAL)
@endpoint("GET", OF_GUILD)
def list_commands(call: Call) -> Reply:
    """List the commands; with translations only if they are requested."""
    with_all = call.query.get("with_localizations") == "true"
    return Reply(_registered(call) if with_all else _unlocalized(_registered(call)))


@endpoint("PUT", GLOBAL)
@endpoint("PUT", OF_GUILD)
def bulk_set_commands(call: Call) -> Reply:
    wanted: list[Json] = call.body or []
    check_commands(wanted)
    known = {_key(command): int(command["id"]) for command in _registered(call)}
    _spend(call, sum(_key(body) not in known for body in wanted))
    _registered(call)[:] = [_command(call, body, known.get(_key(body))) for body in wanted]
    return Reply(_registered(call))


@endpoint("POST", GLOBAL)
@endpoint("POST", OF_GUILD)
def create_command(call: Call) -> Reply:
    """Add a command, or replace the one of the same name."""
    registered = _registered(call)
    same = [command for command in registered if _key(command) == _key(call.body)]
    others = [command for command in registered if command not in same]
    check_commands([*others, call.body])
    _spend(call, 0 if same else 1)
    command = _command(call, call.body, int(same[0]["id"]) if same else None)
    registered[:] = [*others, command]
    return Reply(command, 200 if same else 201)


def _registered(call: Call) -> list[Json]:
    application = call.backend.world.application
    if call.id("application_id") != application.id:
        raise Refused(Refusal.UNKNOWN_APPLICATION)
    return application.commands.setdefault(_guild_id(call), [])


def _guild_id(call: Call) -> int | None:
    if "guild_id" not in call.params:
        return None
    return call.guild().id


def _spend(call: Call, creates: int) -> None:
    """Count new names toward the daily limit; changes of existing commands are free."""
    if not call.backend.world.command_creates(_guild_id(call)).spend(creates):
        raise Refused(Refusal.TOO_MANY_COMMANDS)


def _unlocalized(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value without translations, at any depth."""
    if isinstance(value, list):
        return [_unlocalized(each) for each in value]
    if isinstance(value, dict):
        kept = {key: value[key] for key in value if not key.endswith("_localizations")}
        return {key: _unlocalized(each) for key, each in kept.items()}
    return value


def _key(command: Json) -> tuple[int, str]:
    return (command.get("type") or SLASH, command["name"])


def _command(call: Call, body: Json, known_id: int | None) -> Json:
    world = call.backend.world
    command_id = known_id or world.new_id()
    return payloads.command(body, command_id, world.application, _guild_id(call))
