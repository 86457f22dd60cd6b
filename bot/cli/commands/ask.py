"""`clipdesk ask`: one answer, or those to a file of questions."""

from typing import BinaryIO

import click

from bot.cli import records
from bot.cli.batch import read_batch
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import indexed_engine
from bot.settings import Settings
from index import Engine, QuestionError


@click.command("ask")
@click.argument("question", nargs=-1)
@click.option("--top", type=click.IntRange(1, 100), help="How many passages to give.")
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE",
    help='Answer a file of questions, {"id", "question"} a line; with --json.',
)
@as_json_option
@with_settings
async def command(
    settings: Settings,
    question: tuple[str, ...],
    top: int | None,
    batch: BinaryIO | None,
    *,
    as_json: bool,
) -> None:
    """Answer QUESTION, after indexing what is not indexed yet."""
    if batch and (question or not as_json):
        raise click.UsageError("--batch goes with --json, and takes the place of QUESTION.")
    if not batch and not question:
        raise click.UsageError("The QUESTION is missing; write it in quotes after the command.")
    # Bytes that are no text can come from a shell; they match nothing.
    asked = " ".join(question).encode(errors="replace").decode()
    top = top or settings.passages
    async with indexed_engine(settings) as engine:
        if batch:
            await _answer_batch(engine, batch, top)
            return
        answer = await engine.ask(asked, top=top)
    if as_json:
        click.echo(records.dumps(records.answer_record(answer)))
    else:
        from bot.terminal import rendering as terminal  # noqa: PLC0415 - slow to import, and nothing for programs

        terminal.show_answer(terminal.make_console(), answer)


async def _answer_batch(engine: Engine, batch: BinaryIO, top: int) -> None:
    engine.keep_fresh()
    for line in read_batch(batch):
        problem = line.problem
        if not problem:
            try:
                answer = await engine.ask(line.question, top=top, asked=line.asked)
            except QuestionError as error:
                problem = str(error)
        if problem:
            record = records.refusal_record(line.question, line.id, problem)
        else:
            record = records.answer_record(answer, line.id)
        click.echo(records.dumps(record))
