"""What an answer looks like in Discord.

In embeds, and not in components (version 2): drawn side by side, these need an eighth more of a
phone's height for the same three passages, and hold 4,000 characters where embeds hold 6,000.
"""

from collections.abc import Sequence

import discord

from bot import phrases
from bot.discord.api_limits import MAX_DESCRIPTION, MAX_EMBEDS, MAX_TITLE, MAX_TOTAL, MAX_URL
from bot.discord.layout.fitting import fit_embeds
from bot.discord.layout.markdown import bold, escape, quote
from bot.graphemes import boundary
from index import Answer, Hit, Span

_ANSWER = discord.Colour(0x2A7F62)
_CLOSEST = discord.Colour(0x8A8F98)


def answer_embeds(answer: Answer) -> list[discord.Embed]:
    """The passages of an answer, one embed each, best first, in what a message may hold."""
    return passage_embeds(answer.shown, marked=answer.answered)


def passage_embeds(hits: Sequence[Hit], *, marked: bool) -> list[discord.Embed]:
    """Passages, one embed each: the headline, the quotation, the citation."""
    embeds = [_about(hit, marked=marked) for hit in hits[:MAX_EMBEDS]]
    room = _room(embeds)
    for embed, hit in zip(embeds, hits, strict=False):
        embed.description = quotation(hit.passage.text, hit.highlight, room, marked=marked)
    return fit_embeds(embeds)


def context_embeds(
    found: Sequence[tuple[Hit, tuple[str, str]]], *, marked: bool
) -> list[discord.Embed]:
    """Passages between the paragraphs before and after them, one embed each."""
    embeds = [_about(hit, marked=marked) for hit, _ in found[:MAX_EMBEDS]]
    room = _room(embeds)
    for embed, (hit, around) in zip(embeds, found, strict=False):
        embed.description = in_context(hit, around, room, marked=marked)
    return fit_embeds(embeds)


def _about(hit: Hit, *, marked: bool) -> discord.Embed:
    """What is known of a passage: its headline, which is the link, and its citation."""
    article = hit.passage.article
    # Too long with the words that it opens the article at, a link may still open the article.
    links = (hit.link, article.url) if hit.link else ()
    embed = discord.Embed(
        title=escaped(phrases.headline(article), MAX_TITLE),
        url=next((link for link in links if len(link) <= MAX_URL), None),
        colour=_ANSWER if marked else _CLOSEST,
    )
    return embed.set_footer(text=phrases.citation(hit))


def _room(embeds: Sequence[discord.Embed]) -> int:
    """The characters that each of the embeds has for its text, beside what is in all of them."""
    left = MAX_TOTAL - sum(map(len, embeds))
    return min(MAX_DESCRIPTION, left // max(len(embeds), 1))


def escaped(text: str, limit: int) -> str:
    """`text`, escaped, in at most `limit` characters: never cut within what was escaped."""
    size = min(len(text), limit)
    while len(shown := escape(phrases.shorten(text, size))) > limit:
        size -= max(1, (len(shown) - limit) // 2)
    return shown


def in_context(hit: Hit, around: tuple[str, str], room: int, *, marked: bool) -> str:
    """A passage between the paragraphs around it, in at most `room` characters.

    The passage is the quotation; half of the room is its own.
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

    A longer one is cut around the highlight; an ellipsis stands for each part that is missing.
    """
    # Each line of a quotation has a mark of its own.
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
        # What the mark-up adds is not known before: come down to what fits.
        size = min(size - 1, size * room // len(excerpt))
    return "…"


def window(text: str, highlight: Span, size: int) -> Span:
    """At most `size` characters of `text` around `highlight`, cut between words if there are any.

    The beginning of the highlight where it does not fit itself.
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
