"""Lays out answers as embeds.

Not as components (version 2): these take an eighth more of a phone's height for the same three
passages, and hold 4,000 characters instead of 6,000.
"""

from collections.abc import Sequence

import discord

from bot import phrases
from bot.discord.api_limits import MAX_DESCRIPTION, MAX_EMBEDS, MAX_TITLE, MAX_TOTAL, MAX_URL
from bot.discord.layout.fitting import fit_embeds
from bot.discord.layout.markdown import bold, escape, plain, quote
from bot.graphemes import boundary
from index import Answer, Hit, Span, linkable

_ANSWER = discord.Colour(0x2A7F62)
_CLOSEST = discord.Colour(0x8A8F98)


def answer_embeds(answer: Answer) -> list[discord.Embed]:
    """The passages of an answer, one embed each, best first, within the limits of a message."""
    return passage_embeds(answer.shown, marked=answer.answered)


def passage_embeds(hits: Sequence[Hit], *, marked: bool) -> list[discord.Embed]:
    """Passages, one embed each: headline, quotation, citation."""
    embeds = [_about(hit, marked=marked) for hit in hits[:MAX_EMBEDS]]
    room = _room(embeds)
    for embed, hit in zip(embeds, hits, strict=False):
        embed.description = quotation(hit.passage.text, hit.highlight, room, marked=marked)
    return fit_embeds(embeds)


def context_embeds(
    found: Sequence[tuple[Hit, tuple[str, str]]], *, marked: bool
) -> list[discord.Embed]:
    """Passages with the paragraphs before and after them, one embed each."""
    embeds = [_about(hit, marked=marked) for hit, _ in found[:MAX_EMBEDS]]
    room = _room(embeds)
    for embed, (hit, around) in zip(embeds, found, strict=False):
        embed.description = in_context(hit, around, room, marked=marked)
    return fit_embeds(embeds)


def _about(hit: Hit, *, marked: bool) -> discord.Embed:
    """An embed without its text: the headline, which is the link, and the citation."""
    article = hit.passage.article
    # If the link to the sentence is too long, the link to the article may fit.
    links = (hit.link, linkable(article.url)) if hit.link else ()
    embed = discord.Embed(
        title=escaped(phrases.headline(article), MAX_TITLE),
        url=next((link for link in links if len(link) <= MAX_URL), None),
        colour=_ANSWER if marked else _CLOSEST,
    )
    return embed.set_footer(text=plain(phrases.citation(hit)))


def _room(embeds: Sequence[discord.Embed]) -> int:
    """The characters left for the text of each embed."""
    left = MAX_TOTAL - sum(map(len, embeds))
    return min(MAX_DESCRIPTION, left // max(len(embeds), 1))


def escaped(text: str, limit: int) -> str:
    """`text`, shortened and escaped to at most `limit` characters; never cut within an escape."""
    size = min(len(text), limit)
    while len(shown := escape(phrases.shorten(text, size))) > limit:
        size -= max(1, (len(shown) - limit) // 2)
    return shown


def in_context(hit: Hit, around: tuple[str, str], room: int, *, marked: bool) -> str:
    """A passage with the paragraphs around it, in at most `room` characters.

    The passage, as a quotation, gets half of them.
    """
    room -= 2 * len("\n\n")
    before, after = around
    parts = (
        _excerpt(before, Span(len(before), len(before)), room // 4) if before else "",
        quotation(hit.passage.text, hit.highlight, room // 2, marked=marked),
        _excerpt(after, Span(0, 0), room // 4) if after else "",
    )
    return "\n\n".join(part for part in parts if part)


def quotation(text: str, highlight: Span, room: int, *, marked: bool) -> str:
    """`text` as a quotation of at most `room` characters, its `highlight` bold where `marked`.

    A longer text is cut around the highlight, with an ellipsis for each omitted part.
    """
    return _excerpt(text, highlight, room, marked=marked, quoted=True)


def _excerpt(
    text: str, highlight: Span, room: int, *, marked: bool = False, quoted: bool = False
) -> str:
    size = len(text)
    while size > 0:
        part = window(text, highlight, size)
        sentence = Span(max(part.start, highlight.start), min(part.end, highlight.end))
        shown = (bold if marked else escape)(sentence.of(text))
        before = escape(text[part.start : sentence.start])
        after = escape(text[sentence.end : part.end])
        opening = "… " if part.start else ""
        closing = " …" if part.end < len(text) else ""
        excerpt = f"{opening}{before}{shown}{after}{closing}"
        excerpt = quote(excerpt) if quoted else excerpt
        if len(excerpt) <= room:
            return excerpt
        # The length of the mark-up depends on the excerpt, so the size is found by iteration.
        size = min(size - 1, size * room // len(excerpt))
    return "…"


def window(text: str, highlight: Span, size: int) -> Span:
    """The span of at most `size` characters of `text` around `highlight`, cut between words.

    If the highlight itself does not fit, its beginning.
    """
    if len(text) <= size:
        return Span(0, len(text))
    spare = max(0, size - (highlight.end - highlight.start))
    end = min(len(text), max(0, highlight.start - spare // 2) + size)
    start = max(0, min(highlight.start, end - size))
    if start > 0 and (space := text.find(" ", start - 1, highlight.start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", start + 1, end + 1)) > 0:
        end = space
    start, end = boundary(text, start), boundary(text, end)
    return Span(start, max(start, end))
