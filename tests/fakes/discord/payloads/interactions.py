"""Payloads of commands and interactions."""

from fakes.discord import limits
from fakes.discord.installs import Install, app_permissions, authorizing_owners, context_of
from fakes.discord.model import Application, Guild, Interaction, Member, User
from fakes.discord.permissions import in_channel, in_guild
from fakes.discord.refusals import Json

from .guilds import channel, member, user
from .messages import SLASH, message, without_nulls


def interaction(entity: Interaction, app: Application, users: dict[int, User]) -> Json:
    """Return an interaction as in INTERACTION_CREATE."""
    payload: Json = {
        "version": 1,
        "id": str(entity.id),
        "application_id": str(app.id),
        "type": int(entity.kind),
        "token": entity.token,
        "data": entity.data,
        "channel_id": str(entity.channel.id),
        "channel": channel(entity.channel)
        | {"permissions": str(int(in_channel(entity.user, entity.channel)))},
        "locale": entity.user.locale,
        "app_permissions": str(int(app_permissions(app, entity.channel))),
        "authorizing_integration_owners": authorizing_owners(entity),
        "context": int(context_of(entity.channel, app)),
        "entitlements": [],
        "attachment_size_limit": limits.FILE_MAX_BYTES,
    }
    if entity.message:
        payload["message"] = message(entity.message, users)
    if entity.channel.guild is None:
        return payload | {"user": user(entity.user)}
    here = entity.channel.guild
    permissions = str(int(in_channel(entity.user, entity.channel)))
    return payload | {
        "guild_id": str(here.id),
        "guild": {"id": str(here.id), "locale": here.preferred_locale, "features": []},
        "guild_locale": here.preferred_locale,
        "member": member(here.members[entity.user.id]) | {"permissions": permissions},
    }


def resolved_member(entity: Member, here: Guild) -> Json:
    """Return a member as in the options of a command: without the user, with permissions."""
    permissions = str(int(in_guild(entity.user, here)))
    payload = member(entity, with_user=False) | {"permissions": permissions}
    return {key: value for key, value in payload.items() if key not in ("mute", "deaf")}


def command(body: Json, command_id: int, app: Application, guild_id: int | None) -> Json:
    """Return a registered command with the fields that Discord adds."""
    kind = body.get("type") or SLASH
    permissions = body.get("default_member_permissions")
    payload: Json = without_nulls(body) | {
        "id": str(command_id),
        "application_id": str(app.id),
        "version": str(command_id),
        "type": kind,
        "description": body.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [int(Install.GUILD)],
        "dm_permission": body.get("dm_permission") is not False,
        "nsfw": bool(body.get("nsfw")),
    }
    return payload if guild_id is None else payload | {"guild_id": str(guild_id)}
