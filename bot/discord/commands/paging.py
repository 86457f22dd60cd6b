"""Shows lists that are longer than a message, one page at a time.

The id of a page button contains the page that it opens, so that it works for as long as the message
exists, after a restart of the bot, too.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import discord

from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import AdmissionControl
from bot.discord.api_limits import MAX_CUSTOM_ID
from bot.discord.components.persistent_buttons import ButtonClass, button_class
from bot.languages import gettext as _

TEMPLATE = r"page:(?P<source>\w+):(?P<number>\d+):(?P<subject>.*)"
MAX_SUBJECT = MAX_CUSTOM_ID - 40  # characters; the rest of a button's id


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a page source: `number` counts from 1 to `of`."""

    number: int
    of: int
    content: str = ""
    embed: discord.Embed | None = None


# Makes a page on a subject (a publisher, an article); numbers out of range mean the nearest page.
# The last argument is whether it may have an embed.
PageSource: TypeAlias = Callable[[str, int, bool], Awaitable[Page]]


async def show_page(
    interaction: discord.Interaction,
    name: str,
    page_source: PageSource,
    subject: str,
    number: int = 1,
) -> None:
    """Replace the interaction's message by a page. Raises what the page source raises."""
    page = await page_source(subject, number, interaction.app_permissions.embed_links)
    await interaction.edit_original_response(
        content=page.content or None,
        embeds=[page.embed] if page.embed else [],
        view=_buttons(name, subject, page),
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _buttons(name: str, subject: str, page: Page) -> discord.ui.View | None:
    """The buttons below a page; None for a single page."""
    if page.of == 1:
        return None
    view = discord.ui.View(timeout=None)
    for label, number in ((_("Previous page"), page.number - 1), (_("Next page"), page.number + 1)):
        view.add_item(
            discord.ui.Button(
                label=label,
                custom_id=f"page:{name}:{number}:{subject}",
                disabled=not 1 <= number <= page.of,
            )
        )
    return view


def page_button(page_sources: Mapping[str, PageSource], admission: AdmissionControl) -> ButtonClass:
    """The class of buttons that open a page of one of the sources, which are found by name."""

    async def turn(interaction: discord.Interaction, match: re.Match[str]) -> None:
        await acknowledge(interaction, thinking=False)
        name, subject, number = match["source"], match["subject"], int(match["number"])
        await show_page(interaction, name, page_sources[name], subject, number)

    return button_class(TEMPLATE, turn, admission)
