"""Visibility: the messages that an application sees, and those whose content it may read."""

from .model import Message, User
from .permissions import Permissions, in_channel
from .protocol import Intents


def reaches(message: Message, bot: User, intents: Intents) -> bool:
    """Tell whether events of a message go to a session with these intents at all."""
    wanted = Intents.GUILD_MESSAGES if message.channel.guild else Intents.DIRECT_MESSAGES
    may_view = Permissions.VIEW_CHANNEL in in_channel(bot, message.channel)
    return wanted in intents and may_view and not message.ephemeral


def readable(message: Message, bot: User, intents: Intents) -> bool:
    """Tell whether a message comes with its content; otherwise with its envelope only."""
    return (
        Intents.MESSAGE_CONTENT in intents
        or message.channel.guild is None
        or message.author is bot
        or bot.id in message.pings.users
    )
