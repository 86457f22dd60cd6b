"""A reindex that was asked for on Discord, and is watched there."""

import asyncio
import logging
import time
from collections.abc import Sequence

import discord

from bot import phrases
from bot.discord.api_limits import ANSWERED_WITHIN_S, MAX_CONTENT
from bot.discord.layout.fitting import button, fit_rows
from bot.discord.layout.messages import escaped
from bot.languages import gettext as _
from bot.languages import percent
from index import (
    ClipdeskError,
    CoverageWarning,
    Engine,
    ReindexRunningError,
    Report,
    Skipped,
    Source,
    public_name,
)

log = logging.getLogger(__name__)

_PROGRESS_S = 2.0  # between two edits of a reindex's progress
# What takes longer than an interaction can be answered reports in the channel.
_TOKEN_LIFE_S = ANSWERED_WITHIN_S - 60

CANCEL = "reindex:cancel"  # the id of the button


class Reindex:
    """A reindex that is watched in the message that answers its command, and can be cancelled."""

    def __init__(self, interaction: discord.Interaction, engine: Engine) -> None:
        self._interaction = interaction
        self._sources = engine.sources
        self._started = time.monotonic()
        self._now = _("Reindexing …")
        self._work = asyncio.create_task(engine.reindex(self._progress))
        self.cancel = self._work.cancel

    async def run(self) -> None:
        """Reindex, and report in the message what is going on and what came of it."""
        watch = asyncio.create_task(self._watch())
        try:
            report = _report(await self._work, self._sources)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task and task.cancelling():  # the bot stops
                raise
            report = _("The reindex was cancelled, and the index is as before.")
        except ReindexRunningError as error:
            report = phrases.localize_error(error)
        except ClipdeskError as error:
            failed = _("The reindex has failed, and the index is as before. {why}")
            report = failed.format(why=phrases.localize_error(error))
        finally:
            watch.cancel()
        await self._say(report)

    def _progress(self, what: str, done: int, total: int) -> None:
        # As a share: what is done is counted in bytes, or articles, or sources.
        share = percent(done / max(total, 1))
        self._now = _("{what}: {share} …").format(what=_(what), share=share)

    async def _watch(self) -> None:
        shown = ""
        while not self._work.done():  # one that may not run has nothing to show
            if shown != self._now:
                shown = self._now
                await self._say(shown, passing=True)
            await asyncio.sleep(_PROGRESS_S)

    async def _say(self, text: str, *, passing: bool = False) -> None:
        """Show `text`; what is `passing` may be lost."""
        content = escaped(text, MAX_CONTENT)
        view = fit_rows([[button(_("Cancel"), CANCEL)]]) if passing else None
        try:
            if time.monotonic() - self._started < _TOKEN_LIFE_S:
                await self._interaction.edit_original_response(content=content, view=view)
            elif not passing and isinstance(self._interaction.channel, discord.abc.Messageable):
                await self._interaction.channel.send(content)
        except discord.HTTPException as error:
            log.warning("A reindex could not be reported in Discord: %s", error.text or error)


def _report(report: Report, sources: Sequence[Source]) -> str:
    """What a reindex did, with what it skipped or warns of; why is told in English, as in the log.

    The report is for all to see: it does not tell where on this machine the sources lie.
    """
    lines = [phrases.report(report)]
    problems: list[Skipped | CoverageWarning] = [*report.skipped, *report.warnings]
    for one in problems:
        line = _("skipped {name}: {reason}") if isinstance(one, Skipped) else "{name}: {reason}"
        lines.append("• " + line.format(name=public_name(one.name, sources), reason=one.reason))
    return "\n".join(lines)
