"""Installations of an application, and the contexts in which it may be used.

An application is installed to a server, or to a person, who can then use it everywhere: in servers
and conversations that the application itself is not in.
"""

from enum import IntEnum

from .model import Application, Channel, Interaction, User
from .permissions import Permissions, in_channel
from .refusals import Json

IN_PRIVATE = Permissions.ATTACH_FILES | Permissions.EMBED_LINKS | Permissions.MENTION_EVERYONE


class Install(IntEnum):
    GUILD = 0
    USER = 1


class Context(IntEnum):
    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


def context_of(channel: Channel, application: Application) -> Context:
    if channel.guild:
        return Context.GUILD
    own = application.user in channel.recipients
    return Context.BOT_DM if own else Context.PRIVATE_CHANNEL


def installs_for(application: Application, user: User, channel: Channel) -> set[Install]:
    """Return the installs that allow a person to use the application in a channel."""
    installs = {Install.USER} if user.id in application.installed_by else set()
    in_guild = channel.guild is not None and application.id in channel.guild.members
    if in_guild or context_of(channel, application) is Context.BOT_DM:
        installs.add(Install.GUILD)
    return installs


def offers(command: Json, installs: set[Install], context: Context) -> bool:
    """True if a registered command is offered in a context, under these installs."""
    if "guild_id" in command:
        return Install.GUILD in installs
    contexts = command.get("contexts")
    if contexts is None and context is Context.BOT_DM and not command["dm_permission"]:
        return False
    return context in (contexts or list(Context)) and bool(
        installs & set(command["integration_types"])
    )


def authorizing_owners(interaction: Interaction) -> dict[str, str]:
    """Return the `authorizing_integration_owners` of an interaction: owner ids by install type.

    For a server install, its id, or 0 in direct messages with the application. Interactions with
    an answer have the owners of the interaction that it answers.
    """
    origin = (
        interaction.message.interaction if interaction.message else None
    ) or interaction.triggered_by
    if origin:
        return authorizing_owners(origin)
    payload = {}
    if Install.GUILD in interaction.installs:
        payload[str(int(Install.GUILD))] = (
            str(interaction.channel.guild.id) if interaction.channel.guild else "0"
        )
    if Install.USER in interaction.installs:
        payload[str(int(Install.USER))] = str(interaction.user.id)
    return payload


def app_permissions(application: Application, channel: Channel) -> Permissions:
    """Return the permissions of a response to an interaction in a channel."""
    granted = in_channel(application.user, channel)
    if channel.guild and application.id in channel.guild.members:
        return granted
    return granted | IN_PRIVATE


def is_external(interaction: Interaction) -> bool:
    """True if only the person has installed the application, which limits its responses."""
    return interaction.installs == {Install.USER}


def must_be_ephemeral(interaction: Interaction) -> bool:
    """True if the server shows responses of external applications to the asker only."""
    if interaction.channel.guild is None or not is_external(interaction):
        return False
    return Permissions.USE_EXTERNAL_APPS not in in_channel(interaction.user, interaction.channel)
