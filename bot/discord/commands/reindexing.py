"""A reindex that was asked for on Discord, and is watched there."""

import asyncio
import logging
import time

import discord

from bot import phrases
from bot.discord.limits_of_discord import ANSWERED_WITHIN_S, MAX_CONTENT
from bot.discord.messages import escaped
from bot.languages import decimal
from bot.languages import gettext as _
from index import ClipdeskError, Desk, ReindexRunningError, Report

log = logging.getLogger(__name__)

_PROGRESS_S = 2.0  # between two edits of a reindex's progress
# What takes longer than an interaction can be answered reports in the channel.
_TOKEN_LIFE_S = ANSWERED_WITHIN_S - 60


class Reindex:
    """A reindex that is watched in the message that answers its command."""

    def __init__(self, interaction: discord.Interaction, desk: Desk) -> None:
        self._interaction = interaction
        self._desk = desk
        self._started = time.monotonic()
        self._now = _("Reindexing …")

    async def run(self) -> None:
        """Reindex, and report in the message what is going on and what came of it."""
        watch = asyncio.create_task(self._watch())
        try:
            report = _report(await self._desk.reindex(self._progress))
        except ReindexRunningError as error:
            report = phrases.told(error)
        except ClipdeskError as error:
            failed = _("The reindex has failed, and the index is as before. {why}")
            report = failed.format(why=phrases.told(error))
        finally:
            watch.cancel()
        await self._say(report)

    def _progress(self, what: str, done: int, total: int) -> None:
        line = _("{what}: {done} of {total} …")
        self._now = line.format(what=_(what), done=decimal(done), total=decimal(total))

    async def _watch(self) -> None:
        shown = ""
        while True:
            if shown != self._now:
                shown = self._now
                await self._say(shown, passing=True)
            await asyncio.sleep(_PROGRESS_S)

    async def _say(self, text: str, *, passing: bool = False) -> None:
        """Show `text`; what is `passing` may be lost."""
        content = escaped(text, MAX_CONTENT)
        try:
            if time.monotonic() - self._started < _TOKEN_LIFE_S:
                await self._interaction.edit_original_response(content=content)
            elif not passing and isinstance(self._interaction.channel, discord.abc.Messageable):
                await self._interaction.channel.send(content)
        except discord.HTTPException as error:
            log.warning("A reindex could not be reported in Discord: %s", error.text or error)


def _report(report: Report) -> str:
    """What a reindex did, with what it skipped; why is told in English, as in the log."""
    line = _("skipped {name}: {reason}")
    skipped = (line.format(name=one.name, reason=one.reason) for one in report.skipped)
    return "\n".join([phrases.report(report), *(f"• {one}" for one in skipped)])
