"""The model as it looks on the wire."""

from .gateway import members_chunk, ready
from .interactions import command, interaction, resolved_member
from .messages import attachment, message
from .places import application, channel, guild, guild_create, member, own_user, role, user

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
