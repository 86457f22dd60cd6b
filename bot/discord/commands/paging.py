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
from bot.discord.commands.failures import report

MAX_ABOUT = 60  # characters of what a book is about: with it, a custom_id stays below its 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a book: `number` counts from 1, and there are `of` pages."""

    number: int
    of: int
    content: str = ""
    embed: discord.Embed | None = None


# Opens a book, about something (a publisher, an article), at a page; the nearest one there is.
Book: TypeAlias = Callable[[str, int], Awaitable[Page]]
Turner: TypeAlias = type[discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]]


async def show(
    interaction: discord.Interaction, name: str, book: Book, about: str, number: int = 1
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
    for label, number in (("Previous page", page.number - 1), ("Next page", page.number + 1)):
        view.add_item(
            discord.ui.Button(
                label=label,
                custom_id=f"page:{name}:{number}:{about}",
                disabled=not 1 <= number <= page.of,
            )
        )
    return view


def button_for(books: Mapping[str, Book]) -> Turner:
    """The kind of button that turns the pages of `books`."""

    class PageButton(
        discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
        template=r"page:(?P<name>\w+):(?P<number>\d+):(?P<about>.*)",
    ):
        """Opens the page that its id tells of."""

        def __init__(
            self, button: discord.ui.Button[discord.ui.View], match: re.Match[str]
        ) -> None:
            super().__init__(button)
            self._opens = match

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction,
            item: discord.ui.Item[discord.ui.View],
            match: re.Match[str],
        ) -> "PageButton":
            """The button as discord.py found it in a message."""
            assert isinstance(item, discord.ui.Button)  # noqa: S101 - for the types
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction) -> None:
            """Show the page in the place of the one that stands there."""
            name, number = self._opens["name"], int(self._opens["number"])
            try:
                await acknowledge(interaction, thinking=False)
                await show(interaction, name, books[name], self._opens["about"], number)
            except Exception as error:  # noqa: BLE001 - all that discord.py would do is log it
                await report(interaction, error)

    return PageButton
