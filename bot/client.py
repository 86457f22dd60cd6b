"""The Discord bot: listens for questions, and answers them."""

import asyncio
import logging
import re
import signal
from contextlib import suppress

import aiohttp
import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot import phrases
from bot.commands import add_commands
from bot.memory import Turn
from bot.replies import Replier
from bot.settings import Settings
from index import ClipdeskError, Desk, SettingsError

log = logging.getLogger(__name__)

_NO_PINGS = discord.AllowedMentions.none()


class DiscordUnreachableError(ClipdeskError):
    """Discord cannot be reached, or has ended the connection for good."""


class Client(discord.Client):
    """clipdesk on Discord.

    Needs no privileged intent: Discord shows a bot the text of direct messages and of messages
    that mention it, which are all that it reads.
    """

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=_NO_PINGS,
            max_messages=None,
        )
        self.tree = app_commands.CommandTree(self)
        self._settings = settings
        self._replier = Replier(desk, settings)
        add_commands(self.tree, desk, self._replier)
        self.tree.error(self._report_error)

    async def setup_hook(self) -> None:
        """Find the gateway of another API than Discord's, and make the commands known."""
        if self._settings.discord_api:
            _, gateway, *_ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            log.warning("Discord did not take the commands, the known ones stay: %s", error.text)

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or one that mentions the bot."""
        if message.author.bot or message.webhook_id or self.user is None:
            return
        if message.guild is not None and self.user not in message.mentions:
            return
        question = re.sub(rf"<@!?{self.user.id}>", " ", message.content).strip()
        replied_to = message.reference.message_id if message.reference else None
        turn = Turn(message.author.id, message.channel.id, replied_to)
        reply = await self._replier.reply_to(question, turn)
        try:
            sent = await message.reply(reply.content, embeds=reply.embeds, mention_author=False)
        except discord.HTTPException as error:
            log.warning("No answer could be sent in channel %d: %s", message.channel.id, error.text)
        else:
            self._replier.sent(turn, reply, sent.id)

    async def _report_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        """Tell the asker in one line that a command failed, and the log why."""
        log.error("A command failed.", exc_info=error)
        line = phrases.FAILURE
        with suppress(discord.HTTPException):
            if interaction.response.is_done():
                await interaction.edit_original_response(content=line)
            else:
                await interaction.response.send_message(line, ephemeral=True)


async def run_client(desk: Desk, settings: Settings, token: str) -> None:
    """Be a bot on Discord until SIGINT or SIGTERM; index meanwhile what is not indexed yet.

    Raises SettingsError for a token that Discord refuses, and DiscordUnreachableError.
    """
    discord.utils.setup_logging(level=logging.INFO, root=True)
    # The library's debug lines hold tokens of interactions, and what people asked.
    logging.getLogger("discord").setLevel(logging.WARNING)
    if settings.discord_api:
        discord.http.Route.BASE = settings.discord_api
    await desk.load()
    async with Client(desk, settings) as client:
        indexing = asyncio.create_task(_index(desk))
        running = asyncio.create_task(client.start(token))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            log.info("Stopping.")
        except discord.LoginFailure as error:
            raise SettingsError(
                "Discord refuses DISCORD_TOKEN; copy the bot's token from the developer portal."
            ) from error
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            line = " ".join(str(error).split()) or type(error).__name__
            raise DiscordUnreachableError(
                f"Discord cannot be reached ({line}); check the network, then start again."
            ) from error
        finally:
            indexing.cancel()


async def _index(desk: Desk) -> None:
    try:
        report = await desk.reindex(thorough=False)
    except ClipdeskError as error:
        log.error("%s", error)  # noqa: TRY400 - the line says it all
        return
    for skipped in report.skipped:
        log.warning("%s", skipped)
    log.info("%s", phrases.report(report))
