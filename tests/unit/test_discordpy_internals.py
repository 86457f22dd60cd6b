"""Undocumented parts of discord.py are used in one module only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INTERNALS = ROOT / "bot/discord/connection/discordpy_internals.py"
_DOCUMENTED = {"abc", "app_commands", "ui", "utils"}  # submodules of discord
_UNDOCUMENTED = {
    *("http", "gateway", "dispatch", "get_translated_payload"),
    *("warn_nacl", "warn_dave", "BASE", "DEFAULT_GATEWAY"),
}


def undocumented_uses(source: str) -> set[str]:
    """The undocumented modules and attributes of discord.py in a module of Python.

    An attribute with one leading underscore counts unless the module itself defines it.
    """
    nodes = [*ast.walk(ast.parse(source))]
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    defined = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    defined |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    defined |= {node.name for node in nodes if isinstance(node, ast.AsyncFunctionDef)}
    read = {node.attr for node in attributes}
    private = {name for name in read if name.startswith("_") and not name.startswith("__")}
    modules = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {f"{node.module}.{one.name}" for one in node.names}
    hidden = {
        name
        for name in modules
        if name.startswith("discord.")
        and name.split(".")[1].islower()
        and name.split(".")[1] not in _DOCUMENTED
    }
    defined.add("_exit")  # of os, and documented
    return private - defined | read & _UNDOCUMENTED | hidden


def test_only_one_module_uses_undocumented_parts_of_discord_py() -> None:
    files = [*ROOT.joinpath("bot").rglob("*.py")]
    assert INTERNALS in files
    used = {str(path): undocumented_uses(path.read_text("utf-8")) for path in files}
    assert used.pop(str(INTERNALS))
    assert {path: names for path, names in used.items() if names} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("client._connection.parsers", "_connection"),
        ("from discord.gateway import DiscordWebSocket", "discord.gateway.DiscordWebSocket"),
        ("import discord.http", "discord.http"),
        ("from discord import webhook", "discord.webhook"),
        ("client.http.request", "http"),
        ("discord.VoiceClient.warn_nacl = False", "warn_nacl"),
    ],
)
def test_an_undocumented_use_is_found(line: str, found: str) -> None:
    assert undocumented_uses(line) == {found}
