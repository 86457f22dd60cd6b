"""Registers the commands with Discord, only when they have changed.

Discord allows 200 new commands a day, and a registration replaces all commands: a bot that sends
the same list at each start can exhaust the limit, and an empty list would delete all commands.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord.connection.discordpy_internals import (
    Json,
    command_payloads,
    overwrite_commands,
    registered_commands,
)
from bot.discord.locales import Names
from bot.discord.logs import error_location

log = logging.getLogger(__name__)

_TIMEOUT_S = 20.0  # the bot starts afterwards, with the registered commands
_SLASH = 1

# Defaults of fields that Discord omits, unless the default is "nothing".
_DEFAULTS: Mapping[str, object] = {"dm_permission": True}
_COMPARED = (
    *("type", "name", "description", "options", "nsfw", "default_member_permissions"),
    *("name_localizations", "description_localizations", "dm_permission"),
)
# Discord fills these in if they are not given, so they are compared only if they are.
_IF_GIVEN = ("contexts", "integration_types")


async def sync_commands(tree: app_commands.CommandTree[Any]) -> bool:
    """Replace the registered commands if they differ from those of `tree`; return whether it did.

    Never raises: if Discord refuses, the registered commands stay.
    """
    client = tree.client
    payloads = await command_payloads(tree, Names())
    if not payloads or client.application_id is None:
        log.error("There are no commands to register; the registered ones stay.")
        return False
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            registered = await registered_commands(client, client.application_id)
            if same_commands(payloads, registered):
                return False
            await overwrite_commands(client, client.application_id, payloads)
    except discord.HTTPException as error:
        reason = f"{error.status}, code {error.code}: {' '.join(error.text.split())}"
    except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
        reason = error_location(error)
    else:
        log.info("Commands registered with Discord: %d", len(payloads))
        return True
    log.warning("Discord did not take the commands; the registered ones stay (%s).", reason[:300])
    return False


def same_commands(desired: Iterable[Json], registered: Iterable[Json]) -> bool:
    """True if the registered commands are the desired ones, in any order."""
    commands = {_key(command): command for command in desired}
    others = {_key(command): command for command in registered}
    if commands.keys() != others.keys():
        return False
    return all(_same(command, others[key]) for key, command in commands.items())


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or _SLASH, command["name"]


def _same(desired: Json, registered: Json) -> bool:
    fields = list(_COMPARED)
    if desired.get("contexts") is not None:  # which supersedes "dm_permission"
        fields.remove("dm_permission")
    for field in _IF_GIVEN:
        given = desired.get(field)
        if given is not None and set(given) != set(registered.get(field) or []):
            return False
    return all(_normal(desired, field) == _normal(registered, field) for field in fields)


def _normal(command: Json, field: str) -> object:
    value = command.get(field)
    if field == "type":
        return value or _SLASH
    if field == "default_member_permissions":  # text in Discord's responses
        return None if value is None else int(value)
    return _stripped(_DEFAULTS.get(field) if value is None else value)


def _stripped(value: object) -> object:
    """`value` without empty and false fields, such as `"required": false`, at any depth."""
    if isinstance(value, dict):
        kept = {key: value[key] if key == "value" else _stripped(value[key]) for key in value}
        return {key: inner for key, inner in kept.items() if inner is not None} or None
    if isinstance(value, list):
        return [_stripped(inner) for inner in value] or None
    return None if value is False or value == "" else value
