"""What an answer looks like in Discord."""

import discord

from bot import phrases
from bot.markdown import bold, escape, quote
from index import Answer, Hit, Span

# Discord's limits, in characters, for what is used here.
MAX_TITLE = 256
MAX_DESCRIPTION = 4_096
MAX_URL = 2_048
MAX_EMBEDS = 10
MAX_TOTAL = 6_000  # of all embeds of a message together

_CITATION = 300  # a citation is one short line; nobody reads more
_ANSWER = discord.Colour(0x2A7F62)
_CLOSEST = discord.Colour(0x8A8F98)


def answer_embeds(answer: Answer) -> list[discord.Embed]:
    """The passages of an answer, one embed each, best first, in what a message may hold."""
    hits = answer.shown[:MAX_EMBEDS]
    room = min(MAX_DESCRIPTION, MAX_TOTAL // max(len(hits), 1) - MAX_TITLE - _CITATION)
    return [_passage(hit, room, marked=answer.answered) for hit in hits]


def _passage(hit: Hit, room: int, *, marked: bool) -> discord.Embed:
    """A passage: its headline, which is the link, then the quotation, then the citation."""
    embed = discord.Embed(
        title=phrases.shorten(escape(phrases.headline(hit.passage.article)), MAX_TITLE),
        url=hit.link if 0 < len(hit.link) <= MAX_URL else None,
        description=quotation(hit.passage.text, hit.highlight, room, marked=marked),
        colour=_ANSWER if marked else _CLOSEST,
    )
    return embed.set_footer(text=phrases.shorten(phrases.citation(hit), _CITATION))


def quotation(text: str, highlight: Span, room: int, *, marked: bool) -> str:
    """`text` as a quotation of at most `room` characters, its `highlight` bold where `marked`.

    A longer one is cut around the highlight; an ellipsis stands for each part that is missing.
    """
    size = len(text)
    while True:
        part = window(text, highlight, size)
        sentence = Span(max(part.start, highlight.start), min(part.end, highlight.end))
        shown = (bold if marked else escape)(sentence.of(text))
        before = escape(text[part.start : sentence.start])
        after = escape(text[sentence.end : part.end])
        opening = "… " if part.start else ""
        closing = " …" if part.end < len(text) else ""
        quoted = quote(f"{opening}{before}{shown}{after}{closing}")
        if len(quoted) <= room:
            return quoted
        # What the mark-up adds is not known before: come down to what fits.
        size = min(size - 1, size * room // len(quoted))


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
    return Span(start, end)
