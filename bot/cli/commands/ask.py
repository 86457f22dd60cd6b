"""`clipdesk ask`: answers one question, or a file of questions."""

from typing import BinaryIO

import click

from bot.cli import records
from bot.cli.batch import read_batch
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import indexed_engine
from bot.printing import echo
from bot.settings import Settings
from index import Engine, QuestionError


@click.command("ask")
@click.argument("question", nargs=-1)
@click.option("--top", type=click.IntRange(1, 100), help="Number of passages to show.")
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE",
    help='Answer each line {"id", "question"} of a JSONL file; requires --json.',
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
    """Answer QUESTION; new coverage is indexed first."""
    if batch and (question or not as_json):
        raise click.UsageError("--batch requires --json and replaces QUESTION.")
    if not batch and not question:
        raise click.UsageError("QUESTION is missing; write it in quotes after the command.")
    # A shell may pass bytes that are not valid text; they match nothing.
    asked = " ".join(question).encode(errors="replace").decode()
    top = top or settings.passages
    async with indexed_engine(settings) as engine:
        if batch:
            await _answer_batch(engine, batch, top)
            return
        answer = await engine.ask(asked, top=top)
    if as_json:
        echo(records.dumps(records.answer_record(answer)))
    else:
        from bot.terminal import rendering as terminal  # noqa: PLC0415 - slow to import, and not needed for JSON

        terminal.show_answer(terminal.make_console(), answer)


async def _answer_batch(engine: Engine, batch: BinaryIO, top: int) -> None:
    engine.keep_fresh()
    for line in read_batch(batch):
        problem = line.problem
        if not problem:
            try:
                answer = await engine.ask(line.question, top=top, asked_on=line.asked)
            except QuestionError as error:
                problem = str(error)
        if problem:
            record = records.refusal_record(line.question, line.id, problem)
        else:
            record = records.answer_record(answer, line.id)
        echo(records.dumps(record))
