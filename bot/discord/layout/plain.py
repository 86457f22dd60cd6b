"""Lays out answers as text, for channels in which the bot may not show embeds."""

from collections.abc import Callable, Sequence
from functools import partial

from bot import phrases
from bot.discord.api_limits import MAX_CONTENT
from bot.discord.layout.markdown import bold, escape
from bot.discord.layout.messages import in_context, quotation
from index import Hit, linkable

_HEADLINE = 200
_CITATION = 300
_LINK = 600  # if the link to the sentence is longer, the article's link is used, or none
_MIN_QUOTATION = 200  # characters; with less room, a passage is omitted


def plain_passages(above: str, hits: Sequence[Hit], *, marked: bool) -> str:
    """The mark-up `above`, then as many passages as fit into a message.

    The first passage always fits: if it is too long, it is cut around its highlight.
    """

    def quoted(hit: Hit, room: int) -> str:
        return quotation(hit.passage.text, hit.highlight, room, marked=marked)

    return _joined(above, [(hit, partial(quoted, hit)) for hit in hits])


def plain_context(found: Sequence[tuple[Hit, tuple[str, str]]], *, marked: bool) -> str:
    """As many passages, with the paragraphs around them, as fit into a message."""
    return _joined(
        "", [(hit, partial(in_context, hit, around, marked=marked)) for hit, around in found]
    )


def above_passages(content: str) -> str:
    """The text above the passages of a message: the `above` of `plain_passages`.

    Each passage begins with a headline in bold; other mark-up is escaped.
    """
    return "" if content.startswith("**") else content.partition("\n\n**")[0]


def _joined(above: str, found: Sequence[tuple[Hit, Callable[[int], str]]]) -> str:
    parts = [above] if above else []
    room = MAX_CONTENT - len(above)
    for hit, show in found:
        about = _about(hit)
        left = room - 3 - sum(len(line) + 1 for line in about)
        if left < _MIN_QUOTATION:
            break
        headline, *rest = about
        parts.append("\n".join([headline, show(left), *rest]))
        room -= len(parts[-1]) + 2
    return "\n\n".join(parts)


def _about(hit: Hit) -> list[str]:
    """The headline, the citation, and the link, if any, without a preview."""
    article = hit.passage.article
    headline = bold(phrases.shorten(phrases.headline(article), _HEADLINE))
    citation = f"— {escape(phrases.shorten(phrases.citation(hit), _CITATION))}"
    links = (hit.link, linkable(article.url))
    link = next((one for one in links if 0 < len(one) <= _LINK), "")
    return [headline, citation, *([f"<{link}>"] if link else [])]
