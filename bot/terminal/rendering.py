"""Prints answers, articles and tables to a terminal, or plain lines to a pipe."""

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import phrases
from bot.printing import echo, in_one_line, visible
from index import Answer, Article, ExtractedArticle, Hit

_MAX_COLUMNS = 100  # longer lines are hard to read


def make_console(*, stderr: bool = False) -> Console:
    """Make a console that uses colour in a terminal and prints plain, unwrapped lines otherwise.

    Output to a pipe or file has no colour even if FORCE_COLOR is set; rich respects NO_COLOR.
    """
    is_tty = (sys.stderr if stderr else sys.stdout).isatty()
    console = Console(stderr=stderr, highlight=False, force_terminal=None if is_tty else False)
    if console.is_terminal:
        console.width = min(console.width, _MAX_COLUMNS)
    return console


def styled(text: str, style: str = "") -> Text:
    """Text that a console shows as it is: without mark-up, and with what is hidden as escapes."""
    return Text(visible(text), style=style)


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer: the verdict, if any, then each passage."""
    verdict = phrases.verdict(answer)
    if not console.is_terminal:
        echo("\n\n".join(filter(None, [verdict, *map(_plain, answer.shown)])))
        return
    if verdict:
        # If the question is answered, the verdict only says what was searched for.
        style = "dim" if answer.answered else "yellow" if answer.shown else ""
        console.print(styled(verdict, style=style))
    for hit in answer.shown:
        console.print()
        console.print(styled(phrases.headline(hit.passage.article), style="cyan"))
        for line in _quotation(hit, marked=answer.answered).wrap(console, console.width - 2):
            console.print(Text.assemble(("▌ ", "cyan"), line))
        console.print(styled(phrases.citation(hit), style="dim"))
        # Let the terminal wrap it, so that it stays one link.
        console.print(styled(hit.link, style="dim"), soft_wrap=True)
    console.print()


def _plain(hit: Hit) -> str:
    """Format a passage as plain lines: headline, text, citation, link."""
    article = hit.passage.article
    lines = [phrases.headline(article), hit.passage.text, f"— {phrases.citation(hit)}", hit.link]
    return "\n".join(line for line in lines if line)


def _quotation(hit: Hit, *, marked: bool) -> Text:
    """Format a passage, with the answering sentence in bold if `marked`."""
    text, start, end = hit.passage.text, hit.highlight.start, hit.highlight.end
    sentence = styled(text[start:end], "bold" if marked else "")
    return Text.assemble(styled(text[:start]), sentence, styled(text[end:]))


def show_articles(console: Console, articles: Iterable[Article]) -> None:
    """Print a list of articles."""
    if not console.is_terminal:
        for article in articles:
            fields = (article.published, article.publisher, article.title, article.paragraphs)
            echo("\t".join(in_one_line(str(field)) for field in fields))
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("Published", no_wrap=True)
    table.add_column("Publisher")
    table.add_column("Article", ratio=1)
    table.add_column("Paragraphs", justify="right")
    for article in articles:
        table.add_row(
            in_one_line(phrases.date(article.published)),
            styled(article.publisher),
            styled(phrases.headline(article)),
            str(article.paragraphs),
        )
    console.print(table)


def show_page(console: Console, page: ExtractedArticle, *, why: bool) -> None:
    """Print an article as it would be indexed; with `why`, also each block left out."""
    metadata = (page.publisher, page.author, phrases.date(page.published))
    console.print(styled(page.title or "Untitled article", style="bold cyan"), soft_wrap=True)
    console.print(styled(" · ".join(filter(None, metadata)), style="dim"), soft_wrap=True)
    for line in _outline(page, why=why):
        console.print(line, soft_wrap=not console.is_terminal)
    console.print()


def _outline(page: ExtractedArticle, *, why: bool) -> Iterator[Text]:
    number = 0
    for block in page.blocks:
        if block.kept:
            number += 1
            yield Text.assemble((f"{number:>3}  ", "cyan"), styled(block.text))
        elif why:
            excerpt = phrases.shorten(block.text, 70)
            yield styled(f"  –  {excerpt}  ({block.left_out})", style="dim")


def show_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    """Print names and values."""
    if not console.is_terminal:
        for name, value in facts:
            echo(f"{name}: {value}")
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    for name, value in facts:
        table.add_row(name, styled(value))
    console.print(table)
