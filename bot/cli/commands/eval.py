"""`clipdesk eval`: measures how well questions are answered."""

from pathlib import Path

import click

from bot import phrases
from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.progress import progress_bar
from bot.cli.support import indexed_engine, print_error
from bot.printing import echo
from bot.settings import Settings
from bot.terminal import rendering as terminal
from index import EVALUATION_DEPTH, Answer, Outcome, QuestionError, evaluate, read_judged


@click.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@as_json_option
@with_settings
async def command(settings: Settings, file: Path, *, as_json: bool) -> None:
    """Measure how well the questions of FILE are answered.

    FILE is JSONL, one question per line: "question", and either "answers" (texts), "paragraphs"
    ([{"article", "paragraph"}]) or "covered": false. "wrong" lists paragraphs that do not answer.
    """
    questions = read_judged(file, lambda line: print_error(f"warning: {line}"))
    run = []
    async with indexed_engine(settings) as engine:
        engine.keep_fresh()
        with progress_bar() as progress:
            for done, judged in enumerate(questions):
                progress("Asking", done, len(questions))
                try:
                    answer = await engine.ask(
                        judged.question, top=EVALUATION_DEPTH, asked_on=judged.day
                    )
                except QuestionError:  # counts as not answered
                    answer = Answer(judged.question, Outcome.ABSENT, 0, (), (), 0)
                run.append((judged, answer))
    evaluation = evaluate(run)
    if as_json:
        echo(records.dumps(records.evaluation_record(evaluation)))
    else:
        terminal.show_facts(terminal.make_console(), phrases.figures(evaluation))
