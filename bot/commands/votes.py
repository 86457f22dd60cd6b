"""`clipdesk votes`: what the votes on Discord say."""

import click

from bot import phrases, records, terminal, votes
from bot.desks import complain, indexed_desk
from bot.judgments import judge
from bot.options import as_json_option, with_settings
from bot.settings import Settings


@click.command("votes")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Tell which passages helped those who asked on Discord, and which were wrong.

    With --json, as a file of judgments that `clipdesk eval` reads. Who has voted is not known.
    """
    async with indexed_desk(settings) as desk:
        judgments, unused = await judge(desk, await votes.votes(desk.store))
    if as_json:
        for judgment in judgments:
            click.echo(records.dumps(records.judgment_record(judgment)))
    elif judgments:
        terminal.show_facts(terminal.make_console(), phrases.judgments(judgments))
    else:
        click.echo(phrases.NO_VOTES)
    if unused:
        complain(phrases.votes_unused(unused))
