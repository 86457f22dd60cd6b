"""Converts the data model to Discord's JSON."""

from .gateway import members_chunk, ready
from .guilds import application, channel, guild, guild_create, member, own_user, role, user
from .interactions import command, interaction, resolved_member
from .messages import attachment, message

__all__ = [
    "application",
    "attachment",
    "channel",
    "command",
    "guild",
    "guild_create",
    "interaction",
    "member",
    "members_chunk",
    "message",
    "own_user",
    "ready",
    "resolved_member",
    "role",
    "user",
]
