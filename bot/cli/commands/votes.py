"""`clipdesk votes`: what the votes on Discord say."""

import click

from bot import phrases, votes
from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import indexed_engine, print_error
from bot.judgments import judge
from bot.settings import Settings
from bot.terminal import rendering as terminal


@click.command("votes")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Tell which passages helped those who asked on Discord, and which were wrong.

    With --json, as a file of judgments that `clipdesk eval` reads. Who has voted is not known.
    """
    async with indexed_engine(settings) as engine:
        judgments, unused = await judge(engine, await votes.votes(engine.key_values))
    if as_json:
        for judgment in judgments:
            click.echo(records.dumps(records.judgment_record(judgment)))
    elif judgments:
        terminal.show_facts(terminal.make_console(), phrases.judgments(judgments))
    else:
        click.echo(phrases.NO_VOTES)
    if unused:
        print_error(phrases.votes_unused(unused))
