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

        discord.faults.on("POST", "/channels/{channel_id}/messages", TooMany(retry_after_s=2))
        discord.faults.at("RESUMED", Reconnect(), times=ALWAYS)
        discord.faults.now(Drop())
        await discord.doors.shut(Door.RESUME)
        discord.clock.advance(15 * 60)

A person can do only what Discord's client would offer (`NotOffered` otherwise), and the double
refuses what Discord refuses, with the same codes; each refusal is a violation on the ledger, as is
what Discord accepts from a bot but its users would not. What the double itself sends is measured by
Discord's OpenAPI description too: the rule `loopback-itself` stands for its own mistakes. Faults
that were ordered are no violations, but what a bot does about them can be.
"""

from .doors import AdmissionControl
from .entries import Change, Frame, Injected, MessageChange, Request, Violation
from .errors import NotOffered
from .faults import ALWAYS, Faults
from .forms import Modal
from .gateway_faults import (
    Close,
    Drop,
    Freeze,
    Garbage,
    Hold,
    Invalidate,
    Mangle,
    Moment,
    NoUpgrade,
    Reconnect,
    Repeat,
    Silence,
)
from .ledger import Ledger
from .model import Attachment, Channel, Guild, Interaction, Message, Role, User
from .people import Person
from .permissions import ALL, TALK, Permissions
from .protocol import Intents
from .refusals import Refusal
from .rest_faults import (
    Banned,
    BrokenBody,
    CutBody,
    Late,
    Refuse,
    Reset,
    ServerError,
    SlowBody,
    TooMany,
)
from .sampling import EVERYTHING, Sampling
from .server import LoopbackDiscord

__all__ = [
    "ALL",
    "ALWAYS",
    "EVERYTHING",
    "TALK",
    "AdmissionControl",
    "Attachment",
    "Banned",
    "BrokenBody",
    "Change",
    "Channel",
    "Close",
    "CutBody",
    "Drop",
    "Faults",
    "Frame",
    "Freeze",
    "Garbage",
    "Guild",
    "Hold",
    "Injected",
    "Intents",
    "Interaction",
    "Invalidate",
    "Late",
    "Ledger",
    "LoopbackDiscord",
    "Mangle",
    "Message",
    "MessageChange",
    "Modal",
    "Moment",
    "NoUpgrade",
    "NotOffered",
    "Permissions",
    "Person",
    "Reconnect",
    "Refusal",
    "Refuse",
    "Repeat",
    "Request",
    "Reset",
    "Role",
    "Sampling",
    "ServerError",
    "Silence",
    "SlowBody",
    "TooMany",
    "User",
    "Violation",
]
