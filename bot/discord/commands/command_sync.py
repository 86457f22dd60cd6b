"""Making the commands known to Discord, only where it knows others.

Discord allows 200 new commands a day, and a list that is sent replaces all it knows: a bot that
sends the same list at each start can run out of them, or lose all by an empty one.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import aiohttp
import discord
from discord import app_commands
from discord.http import HTTPClient, Route

from bot.discord.locales import Names
from bot.discord.logs import place_of

log = logging.getLogger(__name__)

_TAKES_S = 20.0  # at most; the bot answers with the known commands meanwhile
_SLASH = 1

Json: TypeAlias = dict[str, Any]

# What Discord takes the lack of a field for, where that is not "nothing".
_USUAL: Mapping[str, object] = {"dm_permission": True}
_COMPARED = (
    *("type", "name", "description", "options", "nsfw", "default_member_permissions"),
    *("name_localizations", "description_localizations", "dm_permission"),
)
# Filled in by Discord where they are not given, and so compared only where they are.
_IF_GIVEN = ("contexts", "integration_types")


async def sync_commands(tree: app_commands.CommandTree[Any]) -> bool:
    """Overwrite the global commands where they are not those of `tree`; tell whether it was done.

    Never raises: where Discord refuses, the commands that it knows stay.
    """
    names = Names()
    commands = tree.get_commands(type=None)
    wanted = [await command.get_translated_payload(tree, names) for command in commands]
    application_id = tree.client.application_id
    if not wanted or application_id is None:
        log.error("There are no commands to make known; those that Discord knows stay.")
        return False
    try:
        async with asyncio.timeout(_TAKES_S):
            if same_commands(wanted, await _known(tree.client.http, application_id)):
                return False
            await tree.client.http.bulk_upsert_global_commands(application_id, payload=wanted)
    except discord.HTTPException as error:
        why = f"{error.status}, code {error.code}: {' '.join(error.text.split())}"
    except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
        why = place_of(error)
    else:
        log.info("Made %d commands known to Discord.", len(wanted))
        return True
    log.warning("Discord did not take the commands, the known ones stay (%s).", why[:300])
    return False


async def _known(http: HTTPClient, application_id: int) -> list[Json]:
    """The commands that Discord knows; discord.py's own call leaves the translations out."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=application_id)
    known: list[Json] = await http.request(route, params={"with_localizations": "true"})
    return known


def same_commands(wanted: Iterable[Json], known: Iterable[Json]) -> bool:
    """Whether the commands that Discord knows are those that are wanted, in any order."""
    commands = {_key(command): command for command in wanted}
    there = {_key(command): command for command in known}
    if commands.keys() != there.keys():
        return False
    return all(_same(command, there[key]) for key, command in commands.items())


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or _SLASH, command["name"]


def _same(wanted: Json, known: Json) -> bool:
    fields = list(_COMPARED)
    if wanted.get("contexts") is not None:  # they say it all, and "dm_permission" is the old way
        fields.remove("dm_permission")
    for field in _IF_GIVEN:
        if wanted.get(field) is not None and set(wanted[field]) != set(known.get(field) or []):
            return False
    return all(_plain(wanted, field) == _plain(known, field) for field in fields)


def _plain(command: Json, field: str) -> object:
    value = command.get(field)
    if field == "type":
        return value or _SLASH
    if field == "default_member_permissions":  # Discord tells it as text
        return None if value is None else int(value)
    return _stripped(_USUAL.get(field) if value is None else value)


def _stripped(value: object) -> object:
    """`value` without all that says nothing, such as `"required": false`, at any depth."""
    if isinstance(value, dict):
        kept = {key: value[key] if key == "value" else _stripped(value[key]) for key in value}
        return {key: inner for key, inner in kept.items() if inner is not None} or None
    if isinstance(value, list):
        return [_stripped(inner) for inner in value] or None
    return None if value is False or value == "" else value
