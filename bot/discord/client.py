"""The Discord client: receives questions and sends answers; `run_client` runs it."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from dataclasses import replace

import aiohttp
import discord

from bot import phrases
from bot.discord import error_codes as codes
from bot.discord.admission.control import AdmissionControl, AdmittingCommandTree
from bot.discord.channel_modes import Mode, mode_for
from bot.discord.commands import add_commands
from bot.discord.commands.command_sync import sync_commands
from bot.discord.components.dispatch import add_answer_buttons
from bot.discord.connection import discordpy_internals as internals
from bot.discord.connection.gateway import log_in, stay_connected
from bot.discord.connection.intake import Intake
from bot.discord.connection.requests import bound_requests
from bot.discord.conversation_memory import AskContext
from bot.discord.indexing import Indexing
from bot.discord.layout.markdown import escape
from bot.discord.locales import Locales, localize_events
from bot.discord.logs import error_location, log_task_failure, set_up_logging
from bot.discord.replies import Replier, Reply
from bot.discord.sending import Sender
from bot.discord.sent_answers import SentAnswers
from bot.problems import grouped
from bot.settings import Settings
from index import ClipdeskError, Engine, SettingsError

log = logging.getLogger(__name__)

_NO_PINGS = discord.AllowedMentions.none()
_QUESTION_TYPES = (discord.MessageType.default, discord.MessageType.reply)
_MAX_RATE_LIMIT_S = 60.0  # a request that Discord delays for longer is abandoned
_REFUSED = "Discord rejected DISCORD_TOKEN; copy the bot's token from the developer portal."
_NO_INTENTS = "Discord rejected the bot's intents; the bot needs no privileged intents."


class DiscordUnreachableError(ClipdeskError):
    """Discord cannot be reached, or has closed the connection permanently."""


class Client(discord.Client):
    """clipdesk as a Discord client.

    Needs no privileged intent: without one, Discord shows a bot the text of direct messages and of
    messages that mention it, and the bot reads no others.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=_NO_PINGS,
            max_messages=None,
            guild_ready_timeout=0,  # nothing needs all guilds to be known
            max_ratelimit_timeout=_MAX_RATE_LIMIT_S,
        )
        self.admission = AdmissionControl(settings.user_limit, settings.channel_limit)
        self.tree = AdmittingCommandTree(self, self.admission)
        self._settings = settings
        self._engine = engine
        self._intake = Intake(lambda: self.user.id if self.user else None)
        self._replier = Replier(engine, settings, self._intake.throttle_searches)
        self.indexing = self._replier.indexing
        self._sender = Sender()
        self._sent_answers = SentAnswers(engine.key_values, self._replier.write_soon)
        add_commands(self.tree, engine, self._replier, self.admission)
        add_answer_buttons(self, engine, self._replier, self.admission)
        parsers = internals.event_parsers(self)
        localize_events(parsers, self, Locales())
        self._intake.guard(parsers)

    async def setup_hook(self) -> None:
        """Find the gateway of an API other than Discord's, and register the commands."""
        if self._settings.discord_api:
            await internals.use_advertised_gateway(self)
        await sync_commands(self.tree)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log in, then receive events until cancelled; always reconnects."""
        bound_requests(self, self._intake.first_responses)
        await log_in(self, token, self._settings.patience)
        await self.connect(reconnect=reconnect)

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - as discord.py has
        """Receive events until cancelled."""
        await stay_connected(self, self._intake.throttle_reading)

    async def finish(self) -> None:
        """Finish or cancel pending replies, then write the state of answers already sent."""
        await self.admission.pending_replies.finish()
        await self._replier.finish()

    async def on_ready(self) -> None:
        """Log that the client is connected."""
        log.info("Connected as %s; servers: %d", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or a message that mentions the bot."""
        async with self._sent_answers.in_turn(message.id):
            await self._answer(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question again, in place of its answer."""
        async with self._sent_answers.in_turn(event.message_id):
            if earlier := await self._sent_answers.of(event.message_id, self):
                await self._answer(event.message, earlier)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await self._delete_answer(event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to deleted questions."""
        for message_id in event.message_ids:
            await self._delete_answer(message_id)

    async def _delete_answer(self, question_id: int) -> None:
        async with self._sent_answers.in_turn(question_id):
            if answer := await self._sent_answers.of(question_id, self):
                with suppress(discord.NotFound, discord.Forbidden):  # it is gone already
                    await answer.delete()

    async def _answer(
        self, message: discord.Message, earlier: discord.PartialMessage | None = None
    ) -> None:
        """Answer a message, in place of an `earlier` answer to it."""
        if message.type not in _QUESTION_TYPES or self.user is None:
            return
        mode = await mode_for(self._engine, message)
        if mode is Mode.SILENT or not self._sender.may_answer(message, mode):
            return

        async def notify(text: str) -> None:
            await self._sender.send(message, mode, Reply(escape(text)))

        if not await self.admission.admits_message(message, notify):
            return
        replied_to = message.reference.message_id if message.reference else None
        follows_up = _author_of_replied_to(message) == self.user
        context = AskContext(message.author.id, message.channel.id, replied_to, follows_up)
        reply = await self._replier.reply_to(message.content, context)
        sent = await self._sender.send(message, mode, reply, earlier)
        if sent:
            # In a thread or a direct message, the follow-up comes from the answer's channel.
            context = replace(context, channel=sent.channel.id)
            self._replier.remember(context, reply, sent.id)
            await self._sent_answers.note(message.id, sent)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log where an event handler failed, without any text of the event."""
        error = sys.exc_info()[1]
        log.error("%s failed: %s", event_method, error_location(error) if error else "")


def _author_of_replied_to(message: discord.Message) -> object:
    """The author of the message that a message replies to; None if unknown."""
    replied_to = message.reference.resolved if message.reference else None
    return replied_to.author if isinstance(replied_to, discord.Message) else None


async def run_client(engine: Engine, settings: Settings, token: str) -> None:
    """Run the bot on Discord until SIGINT or SIGTERM, and reindex in the background on start.

    Raises SettingsError if Discord refuses the token, DiscordUnreachableError, and
    AnotherInstanceError if a bot is already running on the database.
    """
    set_up_logging()
    asyncio.get_running_loop().set_exception_handler(log_task_failure)
    if settings.discord_api:
        internals.set_api_url(settings.discord_api)
    engine.keep_fresh(dedicated_process=True)
    await engine.load()
    with engine.single_instance():
        async with Client(engine, settings) as client:
            await _run(client, token)


async def _run(client: Client, token: str) -> None:
    indexing = asyncio.create_task(index_in_background(client.indexing))
    connection = asyncio.create_task(client.start(token))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, connection.cancel)
    try:
        await connection
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
            f"Discord has closed the connection permanently (code {error.code}); start again."
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DiscordUnreachableError(
            f"Discord cannot be reached ({reason}); check the network, then start the bot again."
        ) from error
    finally:
        indexing.cancel()
        await asyncio.wait([indexing])
        await client.finish()
        await client.indexing.stop()


async def index_in_background(indexing: Indexing) -> None:
    """Bring the index up to date, and log the result; never raises an error."""
    try:
        report = await indexing.run(thorough=False)
    except asyncio.CancelledError:  # by a manager, or as the bot stops
        log.info("Indexing was cancelled.")
        return
    except ClipdeskError as error:
        log.error("%s", error)  # noqa: TRY400 - the message is complete
        return
    except Exception as error:  # noqa: BLE001 - nothing else awaits it before the bot stops
        log.error("Indexing failed: %s", error_location(error))  # noqa: TRY400 - without users' words
        return
    for problem in grouped((*report.skipped, *report.warnings)):
        log.warning("%s", problem)
    log.info("%s", phrases.report(report))
