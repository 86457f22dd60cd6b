"""What people read in a terminal."""

import re
import sys
from collections.abc import Iterable, Iterator

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import phrases
from index import Answer, Article, ExtractedArticle, Hit

_COMMANDS = re.compile(r"[\x80-\x9f]")  # an archive may hold these, and no others
_READABLE = 100  # columns: longer lines are hard to read


def make_console(*, stderr: bool = False) -> Console:
    """A console that colours for a person and writes plain, unwrapped lines for a program.

    A program gets no colours even where FORCE_COLOR asks for them; NO_COLOR is heeded by rich.
    """
    watched = (sys.stderr if stderr else sys.stdout).isatty()
    console = Console(stderr=stderr, highlight=False, force_terminal=None if watched else False)
    if console.is_terminal:
        console.width = min(console.width, _READABLE)
    return console


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer: the verdict if there is something to say, then each passage."""
    verdict = phrases.verdict(answer)
    if not console.is_terminal:
        click.echo("\n\n".join(filter(None, [verdict, *map(_plain, answer.shown)])))
        return
    if verdict:
        # With an answer it only tells what was searched for.
        style = "dim" if answer.answered else "yellow" if answer.shown else ""
        console.print(Text(verdict, style=style))
    for hit in answer.shown:
        console.print()
        console.print(Text(phrases.headline(hit.passage.article), style="cyan"))
        for line in _quotation(hit, marked=answer.answered).wrap(console, console.width - 2):
            console.print(Text.assemble(("▌ ", "cyan"), line))
        console.print(Text(phrases.citation(hit), style="dim"))
        # Left to the terminal to wrap, so that it stays one address.
        console.print(Text(hit.link, style="dim"), soft_wrap=True)
    console.print()


def _plain(hit: Hit) -> str:
    """A passage as lines without colours: headline, text, citation, link."""
    article = hit.passage.article
    lines = [phrases.headline(article), hit.passage.text, f"— {phrases.citation(hit)}", hit.link]
    return _harmless("\n".join(line for line in lines if line))


def _harmless(text: str) -> str:
    """`text`, of the same length, without the characters that command a terminal."""
    return _COMMANDS.sub("\ufffd", text)


def _quotation(hit: Hit, *, marked: bool) -> Text:
    """A passage, with the answering sentence bold where it is `marked`."""
    text = Text(_harmless(hit.passage.text))
    if marked:
        text.stylize("bold", hit.highlight.start, hit.highlight.end)
    return text


def show_articles(console: Console, articles: Iterable[Article]) -> None:
    """Print a list of articles."""
    if not console.is_terminal:
        for article in articles:
            fields = (article.published, article.publisher, article.title, article.paragraphs)
            click.echo("\t".join(map(str, fields)))
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("Published", no_wrap=True)
    table.add_column("Publisher")
    table.add_column("Article", ratio=1)
    table.add_column("Paragraphs", justify="right")
    for article in articles:
        table.add_row(
            phrases.date(article.published),
            Text(article.publisher),
            Text(phrases.headline(article)),
            str(article.paragraphs),
        )
    console.print(table)


def show_page(console: Console, page: ExtractedArticle, *, why: bool) -> None:
    """Print an article as it would be indexed; with `why`, also what is left out and why."""
    fields = (page.publisher, page.author, phrases.date(page.published))
    about = " · ".join(field for field in fields if field)
    console.print(Text(page.title or "Untitled article", style="bold cyan"), soft_wrap=True)
    console.print(Text(about, style="dim"), soft_wrap=True)
    for line in _outline(page, why=why):
        console.print(line, soft_wrap=not console.is_terminal)
    console.print()


def _outline(page: ExtractedArticle, *, why: bool) -> Iterator[Text]:
    number = 0
    for block in page.blocks:
        if block.kept:
            number += 1
            yield Text.assemble((f"{number:>3}  ", "cyan"), block.text)
        elif why:
            yield Text(f"  –  {phrases.shorten(block.text, 70)}  ({block.left_out})", style="dim")


def show_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    """Print names with their values."""
    if not console.is_terminal:
        for name, value in facts:
            click.echo(f"{name}: {value}")
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    for name, value in facts:
        table.add_row(name, Text(value))
    console.print(table)
