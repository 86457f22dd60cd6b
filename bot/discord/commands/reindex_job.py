"""Runs a reindex requested on Discord, and shows its progress there."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot import phrases
from bot.discord.api_limits import ANSWERED_WITHIN_S, MAX_CONTENT
from bot.discord.indexing import Indexing
from bot.discord.layout.fitting import button, fit_rows
from bot.discord.layout.messages import escaped
from bot.languages import gettext as _
from bot.problems import Problem, grouped
from index import (
    ClipdeskError,
    ReindexRunningError,
    Report,
    Skipped,
    Source,
    public_name,
)

log = logging.getLogger(__name__)

_MAX_NAMES = 10  # of files that are skipped for the same reason
_PROGRESS_S = 2.0  # between two edits
# After this time, when the interaction has almost expired, the report goes to the channel.
_EDITABLE_S = ANSWERED_WITHIN_S - 60

CANCEL = "reindex:cancel"  # the id of the button


class ReindexJob:
    """A reindex, or one that already runs, with its progress in the command's response."""

    def __init__(
        self, interaction: discord.Interaction, indexing: Indexing, sources: Sequence[Source]
    ) -> None:
        self._interaction = interaction
        self._indexing = indexing
        self._sources = sources
        self._started = time.monotonic()

    async def run(self) -> None:
        """Wait for the reindex, showing its progress and then its report."""
        watch = asyncio.create_task(self._show_progress())
        try:
            report = _report(await self._indexing.run(), self._sources)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task and task.cancelling():  # the bot stops
                raise
            report = _("The reindex was cancelled; the index has not changed.")
        except ReindexRunningError as error:
            report = phrases.localize_error(error)
        except ClipdeskError as error:
            failed = _("The reindex failed; the index has not changed. {why}")
            report = failed.format(why=phrases.localize_error(error))
        finally:
            watch.cancel()
        await self._show(report)

    async def _show_progress(self) -> None:
        shown = ""
        while self._indexing.running:  # a reindex that was refused has no progress
            if shown != self._indexing.progress:
                shown = self._indexing.progress
                await self._show(shown, final=False)
            await asyncio.sleep(_PROGRESS_S)

    async def _show(self, text: str, *, final: bool = True) -> None:
        """Show `text`; progress, which is not `final`, may be lost."""
        content = escaped(text, MAX_CONTENT)
        view = None if final else fit_rows([[button(_("Cancel"), CANCEL)]])
        try:
            if time.monotonic() - self._started < _EDITABLE_S:
                await self._interaction.edit_original_response(content=content, view=view)
            elif final and isinstance(self._interaction.channel, discord.abc.Messageable):
                await self._interaction.channel.send(content)
        except discord.HTTPException as error:
            log.warning("A reindex could not be reported in Discord: %s", error.text or error)


def _report(report: Report, sources: Sequence[Source]) -> str:
    """The result of a reindex with its skipped items and warnings, whose reasons are in English.

    It is public, so names are relative to their sources and contain no paths of this machine.
    """
    lines = [phrases.report(report)]
    problems: list[Problem] = [*report.skipped, *report.warnings]
    named = (replace(one, name=public_name(one.name, sources)) for one in problems)
    for one in grouped(named, _MAX_NAMES):
        line = _("skipped {name}: {reason}") if isinstance(one, Skipped) else "{name}: {reason}"
        lines.append("• " + line.format(name=one.name, reason=one.reason))
    return "\n".join(lines)
