"""Messages within Discord's limits: whatever is asked for, Discord takes what comes out here."""

from collections.abc import Sequence

import discord

from bot.discord import api_limits as limits
from bot.graphemes import clip

Button = discord.ui.Button[discord.ui.View]


def fit_content(content: str) -> str:
    """The content of a message, cut where it is too long."""
    return clip(content, limits.MAX_CONTENT)


def fit_embeds(embeds: Sequence[discord.Embed]) -> list[discord.Embed]:
    """As many of the first `embeds` as a message may hold, each cut where it is too long.

    Mark-up is not looked at: what has some is brought within its room where it is made.
    """
    fitting: list[discord.Embed] = []
    room = limits.MAX_TOTAL
    for embed in embeds[: limits.MAX_EMBEDS]:
        one = embed.copy()
        one.title = clip(embed.title, limits.MAX_TITLE) if embed.title else None
        one.url = embed.url if embed.url and len(embed.url) <= limits.MAX_URL else None
        if embed.footer.text:
            one.set_footer(text=clip(embed.footer.text, limits.MAX_FOOTER))
        if embed.description:
            beside = len(one) - len(embed.description)
            limit = min(limits.MAX_DESCRIPTION, limits.MAX_TOTAL - beside)
            one.description = clip(embed.description, limit)
        room -= len(one)
        if room < 0:
            break
        fitting.append(one)
    return fitting


def button(label: str, custom_id: str, *, disabled: bool = False) -> Button:
    """A button. Raises ValueError for an id that Discord would not take: cut, it opens nothing."""
    if not 0 < len(custom_id) <= limits.MAX_CUSTOM_ID:
        raise ValueError(f"{custom_id!r}: expected 1 to {limits.MAX_CUSTOM_ID} characters")
    shown = clip(label.strip() or "…", limits.MAX_LABEL)
    return discord.ui.Button(label=shown, custom_id=custom_id, disabled=disabled)


def fit_rows(rows: Sequence[Sequence[Button]]) -> discord.ui.View:
    """Rows of buttons; what is too much for a row, or for a message, is left out.

    discord.py need not remember them, as their ids say all: the view is stopped before it is sent.
    Needs a running event loop.
    """
    view = discord.ui.View(timeout=None)
    filled = [row for row in rows if row][: limits.MAX_ROWS]
    for number, row in enumerate(filled):
        for one in row[: limits.MAX_BUTTONS]:
            one.row = number
            view.add_item(one)
    view.stop()
    return view
