"""A Discord on loopback sockets, for testing a bot with an unmodified client library.

    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("Newsroom")
        general = discord.add_channel(guild, "general")
        ada = discord.add_person("Ada", guild)
        ...  # start the bot with `discord.api_url` and `discord.token`
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
        await discord.listeners.close(Listener.RESUME)
        discord.clock.advance(15 * 60)

A person can only do what Discord's client offers; anything else raises `NotOffered`. The fake
refuses what Discord refuses, with the same codes. Each refusal is recorded as a violation on the
ledger, and so is behaviour that Discord accepts but users would not. The fake's own payloads are
checked against Discord's OpenAPI description as well; a mistake in them is recorded as
`loopback-error`. Injected faults are not violations, but the bot's reaction to them can be.
"""

from .entries import Change, Frame, Injected, MessageChange, Request, Violation
from .errors import NotOffered
from .faults import ALWAYS, Faults
from .forms import Modal
from .gateway_faults import (
    Close,
    Corrupt,
    Delay,
    Drop,
    Freeze,
    Garbage,
    Invalidate,
    Moment,
    NoUpgrade,
    Reconnect,
    Repeat,
    Silence,
)
from .ledger import Ledger
from .listeners import Listener
from .model import Attachment, Channel, Guild, Interaction, Message, Role, User
from .people import Person
from .permissions import ALL, TALK, Permissions
from .protocol import Intents
from .refusals import Refusal
from .rest_faults import (
    Banned,
    BrokenBody,
    CutBody,
    Refuse,
    Reset,
    ServerError,
    SlowBody,
    SlowResponse,
    TooMany,
)
from .sampling import EVERYTHING, Sampling
from .server import LoopbackDiscord

__all__ = [
    "ALL",
    "ALWAYS",
    "EVERYTHING",
    "TALK",
    "Attachment",
    "Banned",
    "BrokenBody",
    "Change",
    "Channel",
    "Close",
    "Corrupt",
    "CutBody",
    "Delay",
    "Drop",
    "Faults",
    "Frame",
    "Freeze",
    "Garbage",
    "Guild",
    "Injected",
    "Intents",
    "Interaction",
    "Invalidate",
    "Ledger",
    "Listener",
    "LoopbackDiscord",
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
    "SlowResponse",
    "TooMany",
    "User",
    "Violation",
]
