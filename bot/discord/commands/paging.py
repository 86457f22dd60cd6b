"""Lists that are longer than a message: one page at a time, turned by buttons.

A button carries the page that it opens in its id, so that it works for as long as the message
stands, after a restart of the bot too.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import discord

from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import AdmissionControl
from bot.discord.api_limits import MAX_CUSTOM_ID
from bot.discord.components.persistent_buttons import Buttons, buttons
from bot.languages import gettext as _

TEMPLATE = r"page:(?P<name>\w+):(?P<number>\d+):(?P<about>.*)"
MAX_ABOUT = MAX_CUSTOM_ID - 40  # characters of what a book is about: the rest of a button's id


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a book: `number` counts from 1, and there are `of` pages."""

    number: int
    of: int
    content: str = ""
    embed: discord.Embed | None = None


# Opens a book, about something (a publisher, an article), at a page; the nearest one there is.
PageSource: TypeAlias = Callable[[str, int], Awaitable[Page]]


async def show(
    interaction: discord.Interaction, name: str, book: PageSource, about: str, number: int = 1
) -> None:
    """Show a page in the place of the interaction's message. Raises what the book raises."""
    page = await book(about, number)
    await interaction.edit_original_response(
        content=page.content or None,
        embeds=[page.embed] if page.embed else [],
        view=_buttons(name, about, page),
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _buttons(name: str, about: str, page: Page) -> discord.ui.View | None:
    """The buttons below a page; None where it is the only one."""
    if page.of == 1:
        return None
    view = discord.ui.View(timeout=None)
    for label, number in ((_("Previous page"), page.number - 1), (_("Next page"), page.number + 1)):
        view.add_item(
            discord.ui.Button(
                label=label,
                custom_id=f"page:{name}:{number}:{about}",
                disabled=not 1 <= number <= page.of,
            )
        )
    return view


def button_for(books: Mapping[str, PageSource], admission: AdmissionControl) -> Buttons:
    """The kind of button that turns the pages of `books`."""

    async def turn(interaction: discord.Interaction, opens: re.Match[str]) -> None:
        await acknowledge(interaction, thinking=False)
        name = opens["name"]
        await show(interaction, name, books[name], opens["about"], int(opens["number"]))

    return buttons(TEMPLATE, turn, admission)
