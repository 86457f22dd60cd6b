"""The slash commands: `/ask`, `/sources`, `/status`, and `/reindex` for those who may."""

import asyncio
import logging
import time

import discord
from discord import app_commands

from bot import phrases
from bot.markdown import escape
from bot.memory import Turn
from bot.replies import Replier
from index import ClipdeskError, Desk, ReindexRunningError, Report
from index.question import MAX_CHARS

log = logging.getLogger(__name__)

_MAX_CONTENT = 2_000
_PROGRESS_S = 2.0  # between two edits of a reindex's progress
# An interaction can be answered for 15 minutes; what takes longer reports in the channel.
_TOKEN_LIFE_S = 14 * 60


def add_commands(
    tree: app_commands.CommandTree[discord.Client], desk: Desk, replier: Replier
) -> None:
    """Give a tree its commands."""

    @tree.command(description="Ask the coverage; the answer is a quotation from an article")
    @app_commands.describe(question="What you want to know, in your own words")
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_CHARS],
    ) -> None:
        await interaction.response.defer(thinking=True)
        turn = Turn(interaction.user.id, interaction.channel_id or 0)
        reply = await replier.reply_to(question, turn)
        sent = await interaction.edit_original_response(content=reply.content, embeds=reply.embeds)
        replier.sent(turn, reply, sent.id)

    @tree.command(description="List the articles that answers come from")
    async def sources(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=_article_list(desk))

    @tree.command(description="Tell what is indexed, and since when")
    async def status(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        embed = discord.Embed(title="clipdesk")
        for name, value in phrases.facts(await desk.status()):
            embed.add_field(name=name, value=phrases.shorten(escape(value), 1_024))
        await interaction.edit_original_response(embed=embed)

    @tree.command(description="Read all sources again and index what has changed")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def reindex(interaction: discord.Interaction) -> None:
        # A server can give the command to others; whether they may run it is decided here.
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            refusal = "Only those who may manage the server can reindex."
            await interaction.response.send_message(refusal, ephemeral=True)
            return
        await interaction.response.defer(thinking=True)
        await _Reindex(interaction, desk).run()


class _Reindex:
    """A reindex that is watched in the message that answers its command."""

    def __init__(self, interaction: discord.Interaction, desk: Desk) -> None:
        self._interaction = interaction
        self._desk = desk
        self._started = time.monotonic()
        self._now = "Reindexing …"

    async def run(self) -> None:
        """Reindex, and report in the message what is going on and what came of it."""
        watch = asyncio.create_task(self._watch())
        try:
            report = _report(await self._desk.reindex(self._progress))
        except ReindexRunningError as error:
            report = str(error)
        except ClipdeskError as error:
            report = f"The reindex has failed, and the index is as before. {error}"
        finally:
            watch.cancel()
        await self._say(report)

    def _progress(self, what: str, done: int, total: int) -> None:
        self._now = f"{what}: {done:,} of {total:,} …"

    async def _watch(self) -> None:
        shown = ""
        while True:
            if shown != self._now:
                shown = self._now
                await self._say(shown, passing=True)
            await asyncio.sleep(_PROGRESS_S)

    async def _say(self, text: str, *, passing: bool = False) -> None:
        """Show `text`; what is `passing` may be lost."""
        content = phrases.shorten(escape(text), _MAX_CONTENT)
        try:
            if time.monotonic() - self._started < _TOKEN_LIFE_S:
                await self._interaction.edit_original_response(content=content)
            elif not passing and isinstance(self._interaction.channel, discord.abc.Messageable):
                await self._interaction.channel.send(content)
        except discord.HTTPException as error:
            log.warning("A reindex could not be reported in Discord: %s", error.text or error)


def _report(report: Report) -> str:
    """What a reindex did, with what it skipped."""
    return "\n".join([phrases.report(report), *(f"• {skipped}" for skipped in report.skipped)])


def _article_list(desk: Desk) -> str:
    """The articles, newest first, as many as a message holds."""
    articles = sorted(desk.corpus.articles, key=lambda article: article.published, reverse=True)
    lines: list[str] = []
    room = _MAX_CONTENT - 50
    for article in articles:
        line = f"• {escape(phrases.shorten(phrases.article_line(article), 200))}"
        room -= len(line) + 1
        if room < 0:
            lines.append(f"… and {len(articles) - len(lines):,} more")
            break
        lines.append(line)
    return "\n".join(lines) or phrases.NOTHING_INDEXED
