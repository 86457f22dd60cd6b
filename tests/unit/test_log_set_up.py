"""The bot's log has no colours and no warnings about unused features."""

import logging
from collections.abc import Iterator

import discord
import pytest

from bot.discord.logs import set_up_logging


@pytest.fixture
def handler() -> Iterator[logging.Handler]:
    """The handler of the log, which is removed after the test."""
    root, library = logging.getLogger(), logging.getLogger("discord")
    before, levels = [*root.handlers], (root.level, library.level)
    set_up_logging()
    [added] = [one for one in root.handlers if one not in before]
    yield added
    root.removeHandler(added)
    root.setLevel(levels[0])
    library.setLevel(levels[1])


def test_lines_have_no_colours_even_in_a_container(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(discord.utils, "is_docker", lambda: True)
    handler: logging.Handler = request.getfixturevalue("handler")
    record = logging.LogRecord("bot", logging.ERROR, "", 1, "something failed", None, None)
    line = handler.format(record)
    assert "\x1b" not in line
    assert line.endswith("] [ERROR   ] bot: something failed")


async def test_packages_for_voice_are_not_missed(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("warn_nacl", "warn_dave"):  # as where they are not installed
        monkeypatch.setattr(discord.VoiceClient, name, True)
    request.getfixturevalue("handler")
    discord.Client(intents=discord.Intents(guilds=True))
    assert caplog.messages == []
