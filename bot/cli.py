"""The command line."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import click

from bot import phrases, records, terminal, votes
from bot.batch import read_batch
from bot.judgments import judge
from bot.options import with_settings
from bot.progress import progress_bar
from bot.settings import Settings, source_of
from index import (
    Answer,
    CoverageError,
    Desk,
    Outcome,
    QuestionError,
    Report,
    Skipped,
    __version__,
    open_desk,
    read_source,
)
from index.evaluation import DEPTH, evaluate, read_judged

_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable, not a token
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


class _Group(click.Group):
    """A group that runs the bot where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`, with `run` put in where they begin with no command."""
        own = {*ctx.help_option_names, "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def clipdesk() -> None:
    """Answer questions from press coverage: in the articles' own words, cited and linked.

    Without a command, clipdesk runs the bot. Without any settings, it answers from a small built-in
    sample; config.example.toml shows how to give it your own coverage.
    """


@clipdesk.command()
@with_settings
async def run(settings: Settings) -> None:
    """Run the bot: on Discord where DISCORD_TOKEN is set, else as a chat in this terminal."""
    token = os.environ.get(_TOKEN, "").strip()
    async with _desk(settings) as desk:
        if token:
            from bot.discord.client import run_client  # noqa: PLC0415 - discord.py is slow to import

            await run_client(desk, settings, token)
        else:
            await _chat(desk, settings)


@clipdesk.command()
@with_settings
async def chat(settings: Settings) -> None:
    """Ask question after question in this terminal."""
    async with _desk(settings) as desk:
        await _chat(desk, settings)


async def _chat(desk: Desk, settings: Settings) -> None:
    from bot.chat import Chat  # noqa: PLC0415 - its prompt is slow to import

    await _update(desk, thorough=False)
    await Chat(desk, settings, terminal.make_console()).run()


@clipdesk.command()
@click.argument("question", nargs=-1)
@click.option("--top", type=click.IntRange(1, 100), help="How many passages to give.")
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE",
    help='Answer a file of questions, {"id", "question"} a line; with --json.',
)
@_json
@with_settings
async def ask(
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
    async with _indexed_desk(settings) as desk:
        if batch:
            await _answer_batch(desk, batch, top)
            return
        answer = await desk.ask(asked, top=top)
    if as_json:
        click.echo(records.dumps(records.answer_record(answer)))
    else:
        terminal.show_answer(terminal.make_console(), answer)


async def _answer_batch(desk: Desk, batch: BinaryIO, top: int) -> None:
    desk.stay()
    for line in read_batch(batch):
        problem = line.problem
        if not problem:
            try:
                answer = await desk.ask(line.question, top=top, asked=line.asked)
            except QuestionError as error:
                problem = str(error)
        if problem:
            record = records.refusal_record(line.question, line.id, problem)
        else:
            record = records.answer_record(answer, line.id)
        click.echo(records.dumps(record))


@clipdesk.command()
@_json
@with_settings
async def reindex(settings: Settings, *, as_json: bool) -> None:
    """Read all sources again, and index what has changed."""
    async with _desk(settings) as desk:
        report = await _update(desk, thorough=True)
    if as_json:
        click.echo(records.dumps(records.report_record(report)))
    else:
        click.echo(phrases.report(report))
    _require_articles(desk)


@clipdesk.command()
@_json
@with_settings
async def sources(settings: Settings, *, as_json: bool) -> None:
    """List the articles that answers come from."""
    async with _indexed_desk(settings) as desk:
        articles = await desk.read(lambda corpus: [*corpus.articles])
    if as_json:
        for article in articles:
            click.echo(records.dumps(records.article_record(article)))
    else:
        terminal.show_articles(terminal.make_console(), articles)


@clipdesk.command()
@_json
@with_settings
async def status(settings: Settings, *, as_json: bool) -> None:
    """Tell what is indexed, since when, and where it is kept."""
    async with _desk(settings) as desk:
        await _update(desk, thorough=False)
        facts, tally = await desk.status(), await votes.tally(desk.store)
    if as_json:
        click.echo(records.dumps(records.status_record(facts, tally)))
    else:
        terminal.show_facts(terminal.make_console(), phrases.facts(facts, tally))


@clipdesk.command("votes")
@_json
@with_settings
async def show_votes(settings: Settings, *, as_json: bool) -> None:
    """Tell which passages helped those who asked on Discord, and which were wrong.

    With --json, as a file of judgments that `clipdesk eval` reads. Who has voted is not known.
    """
    async with _indexed_desk(settings) as desk:
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


@clipdesk.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@_json
@with_settings
async def evaluate_questions(settings: Settings, file: Path, *, as_json: bool) -> None:
    """Measure how well the questions of FILE are answered.

    FILE is JSONL, a question a line: "question", and "answers" (texts), or "paragraphs"
    ([{"article", "paragraph"}]), or "covered": false; "wrong" has paragraphs that do not answer it.
    """
    questions = read_judged(file)
    run = []
    async with _indexed_desk(settings) as desk:
        desk.stay()
        with progress_bar() as progress:
            for done, judged in enumerate(questions):
                progress("Asking", done, len(questions))
                try:
                    answer = await desk.ask(judged.question, top=DEPTH, asked=judged.day)
                except QuestionError:  # one that cannot be asked is one that is not answered
                    answer = Answer(judged.question, Outcome.ABSENT, 0, (), (), 0)
                run.append((judged, answer))
    figures = evaluate(run)
    if as_json:
        click.echo(records.dumps(records.evaluation_record(figures)))
    else:
        terminal.show_facts(terminal.make_console(), phrases.figures(figures))


@clipdesk.command()
@click.argument("path")
@click.option("--why", is_flag=True, help="Show what is left out, too, and for which reason.")
@_json
@with_settings
async def extract(_settings: Settings, path: str, *, why: bool, as_json: bool) -> None:
    """Show what would be indexed of the file or folder at PATH."""
    console = terminal.make_console()
    found = False
    for file, page in read_source(source_of(path)):
        if isinstance(page, Skipped):
            _warn([page])
        elif as_json:
            click.echo(records.dumps(records.page_record(page, file)))
        else:
            terminal.show_page(console, page, why=why)
        found = found or not isinstance(page, Skipped)
    if not found:
        raise CoverageError(f"There is no article in {path}; give it a saved page.")


def _desk(settings: Settings) -> AbstractAsyncContextManager[Desk]:
    return open_desk(
        settings.database,
        settings.sources,
        settings.tuning,
        allow_loopback=settings.allow_loopback,
    )


@asynccontextmanager
async def _indexed_desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk that can answer. Raises CoverageError where nothing could be indexed."""
    async with _desk(settings) as desk:
        await _update(desk, thorough=False)
        _require_articles(desk)
        yield desk


async def _update(desk: Desk, *, thorough: bool) -> Report:
    with progress_bar() as progress:
        report = await desk.reindex(progress, thorough=thorough)
    _warn(report.skipped)
    return report


def _warn(skipped: Iterable[Skipped]) -> None:
    for one in skipped:
        complain(str(one))


def complain(problem: str) -> None:
    """Tell on stderr what is wrong, in one line, whatever a file name in it holds."""
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in problem)
    click.echo(line, err=True)


def _require_articles(desk: Desk) -> None:
    if not desk.corpus.articles:
        raise CoverageError("No article could be indexed; see the lines above, or add coverage.")
