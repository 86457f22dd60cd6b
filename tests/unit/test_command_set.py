"""All commands at once: Discord's rules, and that each has a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import add_commands
from bot.discord.connection.intake import Intake
from bot.discord.replies import Replier
from bot.settings import load_settings
from index import MEMORY, open_engine

EVERYWHERE = {"ask", "help", "sources", "status", "article", "Find in the coverage"}
FOR_MANAGERS = {"reindex", "settings"}


@pytest.fixture
async def payloads(folder: Path) -> AsyncIterator[list[dict[str, object]]]:
    """Every command as it is registered."""
    settings = load_settings(coverage=[str(folder)], database=MEMORY, environment={})
    client = discord.Client(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)
    async with open_engine(MEMORY, settings.sources) as engine:
        admission = AdmissionControl(user_limit=1, channel_limit=1)
        replier = Replier(engine, settings, Intake(lambda: None).throttle_searches)
        add_commands(tree, engine, replier, admission)
        kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
        yield [
            dict(command.to_dict(tree))
            for kind in kinds
            for command in tree.get_commands(type=kind)
        ]


def _options(command: dict[str, object]) -> list[dict[str, object]]:
    options = command.get("options", [])
    assert isinstance(options, list)
    return options


def test_names_are_unique_and_as_expected(payloads: list[dict[str, object]]) -> None:
    names = [str(command["name"]) for command in payloads]
    assert sorted(names) == sorted(EVERYWHERE | FOR_MANAGERS)
    assert all(1 <= len(name) <= 32 for name in names)


def test_descriptions_exist_and_are_short_enough(payloads: list[dict[str, object]]) -> None:
    for command in payloads:
        is_menu = command["type"] == discord.AppCommandType.message.value
        described = [*([] if is_menu else [command]), *_options(command)]
        for one in described:
            text = str(one["description"])
            assert 1 <= len(text) <= 100, one["name"]
            assert text != "…", one["name"]


def test_options_follow_discords_rules(payloads: list[dict[str, object]]) -> None:
    for command in payloads:
        names = [str(option["name"]) for option in _options(command)]
        assert len(names) == len(set(names)) <= 25
        assert all(name == name.lower() and len(name) <= 32 for name in names)
        for option in _options(command):
            choices = option.get("choices", [])
            assert isinstance(choices, list)
            assert len(choices) <= 25
            assert not (choices and option.get("autocomplete"))


def test_command_scopes(payloads: list[dict[str, object]]) -> None:
    manage = str(discord.Permissions(manage_guild=True).value)
    for command in payloads:
        everywhere = command["name"] in EVERYWHERE
        assert command["integration_types"] == ([0, 1] if everywhere else [0])
        assert command["contexts"] == ([0, 1, 2] if everywhere else [0])
        needed = command.get("default_member_permissions")
        assert (None if needed is None else str(needed)) == (None if everywhere else manage)


def test_every_command_and_option_has_a_test(payloads: list[dict[str, object]]) -> None:
    tests = Path(__file__).parents[1].joinpath("wire/test_commands.py").read_text("utf-8")
    for command in payloads:
        assert f'"{command["name"]}"' in tests
        for option in _options(command):
            name = option["name"]
            assert f'"{name}":' in tests or f"{name}=" in tests, (command["name"], name)
