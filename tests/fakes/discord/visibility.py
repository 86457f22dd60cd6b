"""Decides which messages an application receives, and whose content it may read."""

from .model import Message, User
from .permissions import Permissions, in_channel
from .protocol import Intents


def is_delivered(message: Message, bot: User, intents: Intents) -> bool:
    """True if a session with these intents receives the events of a message."""
    wanted = Intents.GUILD_MESSAGES if message.channel.guild else Intents.DIRECT_MESSAGES
    may_view = Permissions.VIEW_CHANNEL in in_channel(bot, message.channel)
    return wanted in intents and may_view and not message.ephemeral


def is_readable(message: Message, bot: User, intents: Intents) -> bool:
    """True if a message comes with its content; otherwise the content is left empty."""
    return (
        Intents.MESSAGE_CONTENT in intents
        or message.channel.guild is None
        or message.author is bot
        or bot.id in message.pings.users
    )
