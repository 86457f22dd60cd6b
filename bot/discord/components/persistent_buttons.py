"""Buttons that are known by their ids alone, so that they outlive the process that made them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import discord

from bot.discord.admission.control import AdmissionControl
from bot.discord.failures import report

Click: TypeAlias = Callable[[discord.Interaction, re.Match[str]], Awaitable[None]]
Buttons: TypeAlias = type[discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]]


def buttons(ids: str, click: Click, admission: AdmissionControl) -> Buttons:
    """The kind of button whose id matches `ids`, a pattern; a click is given what matched.

    Only what the door lets in. Whatever goes wrong with a click, whoever clicked is told.
    """

    class Known(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ids):
        """A button as discord.py found it in a message."""

        def __init__(
            self, button: discord.ui.Button[discord.ui.View], match: re.Match[str]
        ) -> None:
            super().__init__(button)
            self._says = match

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction,
            item: discord.ui.Item[discord.ui.View],
            match: re.Match[str],
        ) -> "Known":
            """The button, with what its id says."""
            assert isinstance(item, discord.ui.Button)  # noqa: S101 - for the types
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction) -> None:
            """Do what the button says."""
            try:
                if await admission.admits_click(interaction):
                    await click(interaction, self._says)
            except Exception as error:  # noqa: BLE001 - all that discord.py would do is log it
                await report(interaction, error)

    return Known


def custom_id(interaction: discord.Interaction) -> str:
    """The id of the button that was clicked, or of the form that was filled in; empty for none."""
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("custom_id", ""))
