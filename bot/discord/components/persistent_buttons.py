"""Buttons that are recognised by their ids alone, so that they work after a restart."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import discord

from bot.discord.admission.control import AdmissionControl
from bot.discord.failures import report

OnClick: TypeAlias = Callable[[discord.Interaction, re.Match[str]], Awaitable[None]]
ButtonClass: TypeAlias = type[discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]]


def button_class(template: str, on_click: OnClick, admission: AdmissionControl) -> ButtonClass:
    """A class of buttons whose id matches the pattern `template`; clicks get the match.

    Only admitted clicks are handled. Errors are reported to the user.
    """

    class PersistentButton(
        discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=template
    ):
        """A button as discord.py found it in a message."""

        def __init__(
            self, button: discord.ui.Button[discord.ui.View], match: re.Match[str]
        ) -> None:
            super().__init__(button)
            self._match = match

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction,
            item: discord.ui.Item[discord.ui.View],
            match: re.Match[str],
        ) -> "PersistentButton":
            """The button, with the match of its id."""
            assert isinstance(item, discord.ui.Button)  # noqa: S101 - for the types
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction) -> None:
            """Handle a click."""
            try:
                if await admission.admits_click(interaction):
                    await on_click(interaction, self._match)
            except Exception as error:  # noqa: BLE001 - discord.py would only log it
                await report(interaction, error)

    return PersistentButton


def custom_id(interaction: discord.Interaction) -> str:
    """The id of the button that was clicked or the form that was submitted; empty for others."""
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("custom_id", ""))
