"""Permission bits, and the permissions of members in guilds and channels."""

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Channel, Guild, User


class Permissions(IntFlag):
    """The bits that the fake checks; others are kept unchanged."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


ALL = Permissions((1 << 53) - 1)

TALK = (
    Permissions.VIEW_CHANNEL
    | Permissions.SEND_MESSAGES
    | Permissions.EMBED_LINKS
    | Permissions.ATTACH_FILES
    | Permissions.READ_MESSAGE_HISTORY
    | Permissions.USE_APPLICATION_COMMANDS
    | Permissions.CREATE_PUBLIC_THREADS
    | Permissions.SEND_MESSAGES_IN_THREADS
    | Permissions.USE_EXTERNAL_APPS
)
"""The permissions of a member of an ordinary guild."""


def in_guild(user: "User", guild: "Guild") -> Permissions:
    """Return a member's permissions in a guild, without any channel's overwrites."""
    member = guild.members.get(user.id)
    if member is None:
        return Permissions.NONE
    granted = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        granted |= guild.roles[role_id].permissions
    if user.id == guild.owner_id or Permissions.ADMINISTRATOR in granted:
        return ALL
    return granted


def in_channel(user: "User", channel: "Channel") -> Permissions:
    """Return a user's permissions in a channel: those of the parent for a thread, all for a DM."""
    if channel.guild is None:
        return ALL if user in channel.recipients else Permissions.NONE
    granted = in_guild(user, channel.guild)
    if granted in (ALL, Permissions.NONE):
        return granted
    overwrites = (channel.parent or channel).overwrites
    role_ids = channel.guild.members[user.id].role_ids
    everyone = [overwrites[channel.guild.id]] if channel.guild.id in overwrites else []
    of_roles = [overwrites[role_id] for role_id in role_ids if role_id in overwrites]
    of_member = [overwrites[user.id]] if user.id in overwrites else []
    for layer in (everyone, of_roles, of_member):
        for overwrite in layer:
            granted &= ~overwrite.deny
        for overwrite in layer:
            granted |= overwrite.allow
    return granted if Permissions.VIEW_CHANNEL in granted else Permissions.NONE
