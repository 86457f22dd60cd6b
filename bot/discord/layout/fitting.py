"""Fits content, embeds and buttons to Discord's limits."""

from collections.abc import Sequence

import discord

from bot.discord import api_limits as limits
from bot.graphemes import clip

Button = discord.ui.Button[discord.ui.View]


def fit_content(content: str) -> str:
    """The content of a message, cut if it is too long."""
    return clip(content, limits.MAX_CONTENT)


def fit_embeds(embeds: Sequence[discord.Embed]) -> list[discord.Embed]:
    """As many of the first `embeds` as fit into a message, each cut if it is too long.

    Ignores mark-up: callers fit marked-up text themselves.
    """
    fitting: list[discord.Embed] = []
    remaining = limits.MAX_TOTAL
    for embed in embeds[: limits.MAX_EMBEDS]:
        one = embed.copy()
        one.title = clip(embed.title, limits.MAX_TITLE) if embed.title else None
        one.url = embed.url if embed.url and len(embed.url) <= limits.MAX_URL else None
        if embed.footer.text:
            one.set_footer(text=clip(embed.footer.text, limits.MAX_FOOTER))
        if embed.description:
            rest = len(one) - len(embed.description)
            limit = min(limits.MAX_DESCRIPTION, limits.MAX_TOTAL - rest)
            one.description = clip(embed.description, limit)
        remaining -= len(one)
        if remaining < 0:
            break
        fitting.append(one)
    return fitting


def button(label: str, custom_id: str, *, disabled: bool = False) -> Button:
    """A button. Raises ValueError for an id of invalid length, which would not work if cut."""
    if not 0 < len(custom_id) <= limits.MAX_CUSTOM_ID:
        raise ValueError(f"{custom_id!r}: expected 1 to {limits.MAX_CUSTOM_ID} characters")
    shown = clip(label.strip() or "…", limits.MAX_LABEL)
    return discord.ui.Button(label=shown, custom_id=custom_id, disabled=disabled)


def fit_rows(rows: Sequence[Sequence[Button]]) -> discord.ui.View:
    """A view of rows of buttons; omits buttons and rows beyond the limits.

    The view is stopped: discord.py need not track it, because the buttons work by their ids.
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
