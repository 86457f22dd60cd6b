"""`clipdesk votes`: shows the votes from Discord as judgments."""

import click

from bot import phrases, votes
from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import indexed_engine, print_error
from bot.judgments import judge
from bot.printing import echo
from bot.settings import Settings
from bot.terminal import rendering as terminal


@click.command("votes")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Show which passages people on Discord marked as helpful or wrong.

    With --json, print judgments that `clipdesk eval` can read. Votes are anonymous.
    """
    async with indexed_engine(settings) as engine:
        judgments, unused = await judge(engine, await votes.votes(engine.key_values))
    if as_json:
        for judgment in judgments:
            echo(records.dumps(records.judgment_record(judgment)))
    elif judgments:
        terminal.show_facts(terminal.make_console(), phrases.judgments(judgments))
    else:
        echo(phrases.NO_VOTES)
    if unused:
        print_error(phrases.votes_unused(unused))
