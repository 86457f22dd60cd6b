"""A Discord on this machine, to test a bot over real sockets with its library untouched.

    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("Newsroom")
        general = discord.add_channel(guild, "general")
        ada = discord.add_person("Ada", guild)
        ...  # start the bot, sent to `discord.api_url` with `discord.token`
        await discord.ledger.event("READY")

        answer = await discord.ledger.reply(ada.says(general, f"{discord.bot.mention} who won?"))
        assert answer.content == "Nobody."

        asked = ada.uses_command(general, "ask", question="who won?")
        answer = await discord.ledger.answer(asked)
        ada.clicks(answer, "Show source")
        assert discord.ledger.violations == []

A person can do only what Discord's client would offer (`NotOffered` otherwise), and the double
refuses what Discord refuses, with the same codes; each refusal is a violation on the ledger, as is
what Discord accepts from a bot but its users would not. What the double itself sends is measured by
Discord's OpenAPI description too: the rule `loopback-itself` stands for its own mistakes.
"""

from .entries import Change, Frame, MessageChange, Request, Violation
from .faults import Reset, ServerError, TooMany
from .invocations import NotOffered
from .ledger import Ledger
from .model import Attachment, Channel, Guild, Interaction, Message, Role, User
from .people import Modal, Person
from .permissions import ALL, TALK, Permissions
from .protocol import Intents
from .server import LoopbackDiscord

__all__ = [
    "ALL",
    "TALK",
    "Attachment",
    "Change",
    "Channel",
    "Frame",
    "Guild",
    "Intents",
    "Interaction",
    "Ledger",
    "LoopbackDiscord",
    "Message",
    "MessageChange",
    "Modal",
    "NotOffered",
    "Permissions",
    "Person",
    "Request",
    "Reset",
    "Role",
    "ServerError",
    "TooMany",
    "User",
    "Violation",
]
