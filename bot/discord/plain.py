"""An answer as plain text, for places where the bot may not show embeds."""

from bot import phrases
from bot.discord.limits_of_discord import MAX_CONTENT
from bot.discord.markdown import bold, escape
from bot.discord.messages import quotation
from index import Answer, Hit

_HEADLINE = 200
_CITATION = 300
_LINK = 600  # a longer link is given without the words that it opens the article at, or not at all
_LEAST = 200  # characters of a quotation: with less room, a passage is left out


def plain_answer(answer: Answer) -> str:
    """The verdict, then the passages, best first, as many as a message holds.

    The first one always stands there, cut around the sentence that answers where it is too long.
    """
    parts = [verdict] if (verdict := escape(phrases.verdict(answer))) else []
    room = MAX_CONTENT - len(verdict)
    for hit in answer.shown:
        about = _about(hit)
        left = room - 3 - sum(len(line) + 1 for line in about)
        if left < _LEAST:
            break
        headline, *rest = about
        quoted = quotation(hit.passage.text, hit.highlight, left, marked=answer.answered)
        parts.append("\n".join([headline, quoted, *rest]))
        room -= len(parts[-1]) + 2
    return "\n\n".join(parts)


def _about(hit: Hit) -> list[str]:
    """The headline, the citation, and the link if there is one, without a preview."""
    article = hit.passage.article
    headline = bold(phrases.shorten(phrases.headline(article), _HEADLINE))
    citation = f"— {escape(phrases.shorten(phrases.citation(hit), _CITATION))}"
    link = next((one for one in (hit.link, article.url) if 0 < len(one) <= _LINK), "")
    return [headline, citation, *([f"<{link}>"] if link and hit.link else [])]
