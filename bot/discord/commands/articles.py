"""Lays out articles: lists of them, and the pages of one."""

from collections.abc import Iterator, Sequence

import discord

from bot import phrases
from bot.discord.api_limits import MAX_CONTENT, MAX_DESCRIPTION, MAX_TITLE, MAX_URL
from bot.discord.commands.paging import Page
from bot.discord.layout.markdown import bold, escape, plain
from bot.discord.layout.messages import escaped
from index import Article, linkable

PER_PAGE = 10  # articles in a list
_HEADING = 200  # characters above a list, at most
_LINE = (MAX_CONTENT - _HEADING) // PER_PAGE - len("• \n")  # characters of an article in a list
_COLOUR = discord.Colour(0x2A7F62)


def list_page(articles: Sequence[Article], publisher: str, number: int) -> Page:
    """A page of a list of at least one article; the page nearest to `number`."""
    of = -(-len(articles) // PER_PAGE)
    number = min(max(number, 1), of)
    shown = articles[(number - 1) * PER_PAGE : number * PER_PAGE]
    heading = bold(phrases.list_heading(len(articles), publisher, number, of))
    lines = [f"• {escaped(phrases.article_line(article), _LINE)}" for article in shown]
    return Page(number, of, content="\n".join([heading, *lines]))


def article_pages(article: Article, paragraphs: Sequence[str]) -> list[discord.Embed]:
    """An article as pages, an embed each: its details, then its numbered paragraphs."""
    texts = _texts(article, paragraphs, MAX_DESCRIPTION)
    pages = []
    address = linkable(article.url)
    for number, text in enumerate(texts, start=1):
        page = discord.Embed(
            title=escaped(phrases.headline(article), MAX_TITLE),
            url=address if len(address) <= MAX_URL else None,
            description=text,
            colour=_COLOUR,
        )
        if len(texts) > 1:
            page.set_footer(text=phrases.page_of(number, len(texts)))
        pages.append(page)
    return pages


def plain_article_pages(article: Article, paragraphs: Sequence[str]) -> list[str]:
    """As `article_pages`, as text, for channels in which the bot may not show embeds."""
    headline = f"**{escaped(phrases.headline(article), _HEADING)}**"
    texts = _texts(article, paragraphs, MAX_CONTENT - 2 * _HEADING)
    footers = [f"\n\n{phrases.page_of(number + 1, len(texts))}" for number in range(len(texts))]
    footers = footers if len(texts) > 1 else [""]
    return [f"{headline}\n{text}{end}" for text, end in zip(texts, footers, strict=True)]


def _texts(article: Article, paragraphs: Sequence[str], limit: int) -> list[str]:
    """The details of an article and its numbered paragraphs, in texts of at most `limit`."""
    about = escaped(phrases.outline(article), limit // 4)
    texts: list[str] = []
    for part in _parts(paragraphs, limit // 3):
        room = limit - (0 if len(texts) > 1 else len(about) + 2)
        if texts and len(texts[-1]) + len(part) + 2 <= room:
            texts[-1] += f"\n\n{part}"
        else:
            texts.append(part)
    texts = texts or [""]
    texts[0] = f"{about}\n\n{texts[0]}"
    return texts


def choice_label(article: Article, limit: int) -> str:
    """An article as a choice of an option, in at most `limit` characters."""
    details = [article.publisher, phrases.date(article.published)]
    rest = phrases.shorten("".join(f" · {one}" for one in details if one), limit // 2)
    label = plain(phrases.shorten(phrases.headline(article), limit - len(rest)) + rest)
    return label or "…"  # Discord refuses an empty one


def _parts(paragraphs: Sequence[str], size: int) -> Iterator[str]:
    """The paragraphs, numbered and escaped; long ones in several parts, cut between words.

    A part has at most `size` characters before it is escaped, which can double them.
    """
    for number, text in enumerate(paragraphs, start=1):
        mark, rest = bold(str(number)), text
        while len(rest) > size:
            end = rest.rfind(" ", 1, size) + 1 or size
            yield f"{mark} {escape(rest[:end].rstrip())}"
            mark, rest = "…", rest[end:]
        yield f"{mark} {escape(rest)}"
