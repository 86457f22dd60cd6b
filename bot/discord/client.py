"""The Discord bot: listens for questions, and answers them."""

import asyncio
import logging
import re
import signal
import sys
from dataclasses import replace

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot import phrases
from bot.discord import error_codes as codes
from bot.discord.admission.control import AdmissionControl, Tree
from bot.discord.channel_modes import Mode, mode_for
from bot.discord.commands import add_commands
from bot.discord.commands.command_sync import sync_commands
from bot.discord.components.dispatch import add_answer_buttons
from bot.discord.connection.gateway import log_in, stay_connected
from bot.discord.connection.intake import Intake
from bot.discord.connection.requests import bound_requests
from bot.discord.conversation_memory import AskContext
from bot.discord.layout.markdown import escape
from bot.discord.locales import Locales, in_their_language
from bot.discord.logs import log_stray, place_of, set_up_logging
from bot.discord.replies import Replier, Reply
from bot.discord.sending import Sender
from bot.settings import Settings
from index import ClipdeskError, Engine, SettingsError

log = logging.getLogger(__name__)

_NO_PINGS = discord.AllowedMentions.none()
_ASKED = (discord.MessageType.default, discord.MessageType.reply)
_LONGEST_RATE_LIMIT_S = 60.0  # what Discord makes wait for longer is given up
_REFUSED = "Discord refuses DISCORD_TOKEN; copy the bot's token from the developer portal."
_NO_INTENTS = "Discord refuses the bot's intents; it needs none of the portal's privileged ones."


class DiscordUnreachableError(ClipdeskError):
    """Discord cannot be reached, or has ended the connection for good."""


class Client(discord.Client):
    """clipdesk on Discord.

    Needs no privileged intent: Discord shows a bot the text of direct messages and of messages
    that mention it, which are all that it reads.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=_NO_PINGS,
            max_messages=None,
            guild_ready_timeout=0,  # nothing waits for the servers to be told, one by one
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_S,
        )
        self.admission = AdmissionControl(settings.user_limit, settings.channel_limit)
        self.tree = Tree(self, self.admission)
        self._settings = settings
        self._engine = engine
        self._intake = Intake(lambda: self.user.id if self.user else None)
        self._replier = Replier(engine, settings, self._intake.wait_for_quiet)
        self._sender = Sender()
        add_commands(self.tree, engine, self._replier, self.admission)
        add_answer_buttons(self, engine, self._replier, self.admission)
        in_their_language(self._connection.parsers, self, Locales())
        self._intake.guard(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Find the gateway of another API than Discord's, and make the commands known."""
        if self._settings.discord_api:
            _, gateway, *_ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
        await sync_commands(self.tree)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log in and listen until cancelled; `reconnect` is taken for granted."""
        bound_requests(self, self._intake.first_responses)
        await log_in(self, token, self._settings.patience)
        await self.connect(reconnect=reconnect)

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - as discord.py has
        """Listen until cancelled."""
        await stay_connected(self, self._intake.room)

    async def finish(self) -> None:
        """Leave nobody waiting, and nothing to be written that is on its way."""
        await self.admission.pending_replies.finish()
        await self._replier.finish()

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or one that mentions the bot."""
        if message.type not in _ASKED or self.user is None:
            return
        mode = await mode_for(self._engine, message)
        if mode is Mode.SILENT or not self._sender.may_answer(message, mode):
            return

        async def say(line: str) -> None:
            await self._sender.send(message, mode, Reply(escape(line)))

        if not await self.admission.admits_message(message, say):
            return
        question = re.sub(rf"<@!?{self.user.id}>", " ", message.content).strip()
        replied_to = message.reference.message_id if message.reference else None
        turn = AskContext(message.author.id, message.channel.id, replied_to)
        reply = await self._replier.reply_to(question, turn)
        sent = await self._sender.send(message, mode, reply)
        if sent:
            # In a thread or in private, the next question comes from where the answer is.
            self._replier.sent(replace(turn, channel=sent.channel.id), reply, sent.id)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log in a line what went wrong with an event, without what was said in it."""
        error = sys.exc_info()[1]
        log.error("%s failed: %s", event_method, place_of(error) if error else "")


async def run_client(engine: Engine, settings: Settings, token: str) -> None:
    """Be a bot on Discord until SIGINT or SIGTERM; index meanwhile what is not indexed yet.

    Raises SettingsError for a token that Discord refuses, DiscordUnreachableError, and
    AnotherBotError where one is there already.
    """
    set_up_logging()
    asyncio.get_running_loop().set_exception_handler(log_stray)
    if settings.discord_api:
        discord.http.Route.BASE = settings.discord_api
    engine.keep_fresh(dedicated_process=True)
    await engine.load()
    with engine.single_instance():
        async with Client(engine, settings) as client:
            await _run(client, engine, token)


async def _run(client: Client, engine: Engine, token: str) -> None:
    indexing = asyncio.create_task(_index(engine))
    running = asyncio.create_task(client.start(token))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        log.info("Stopping.")
    except discord.LoginFailure as error:
        raise SettingsError(_REFUSED) from error
    except discord.ConnectionClosed as error:
        if error.code == codes.AUTHENTICATION_FAILED:
            raise SettingsError(_REFUSED) from error
        if error.code in (codes.INVALID_INTENTS, codes.DISALLOWED_INTENTS):
            raise SettingsError(_NO_INTENTS) from error
        raise DiscordUnreachableError(
            f"Discord has ended the connection for good (code {error.code}); start again."
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        line = " ".join(str(error).split()) or type(error).__name__
        raise DiscordUnreachableError(
            f"Discord cannot be reached ({line}); check the network, then start again."
        ) from error
    finally:
        indexing.cancel()
        await asyncio.wait([indexing])
        await client.finish()


async def _index(engine: Engine) -> None:
    try:
        report = await engine.reindex(thorough=False)
    except ClipdeskError as error:
        log.error("%s", error)  # noqa: TRY400 - the line says it all
        return
    for problem in (*report.skipped, *report.warnings):
        log.warning("%s", problem)
    log.info("%s", phrases.report(report))
