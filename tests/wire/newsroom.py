"""What clipdesk runs over in these tests, and how it is started."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.discord.client import Client
from bot.settings import load_settings
from index import MEMORY, Desk
from loopback import LoopbackDiscord
from loopback.discordpy import running

CLOSES = "The port of Eldholm will close its ferry terminal in March, the mayor said."
COSTS = "Rebuilding the terminal costs 40 million crowns. The state pays half of that."
PIERS = [f"Pier {number} of the ferry terminal opened in 19{number}." for number in range(10, 20)]
QUESTION = "what does rebuilding the terminal cost?"

_HEAD = """\
---
title: Ferry terminal to close
publisher: Eldholm Post
author: Kari Moen
published: 2021-03-04
url: https://eldholm.example/ferry
---

"""
_UNLIMITED = {"CLIPDESK_USER_LIMIT": "0", "CLIPDESK_CHANNEL_LIMIT": "0"}


def write_ferry(folder: Path, *paragraphs: str) -> None:
    """Write, or write anew, the article on the ferry terminal in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "ferry.md").write_text(_HEAD + "\n\n".join(paragraphs), "utf-8")


@asynccontextmanager
async def connected(loopback: LoopbackDiscord, desk: Desk, **limits: int) -> AsyncIterator[Client]:
    """clipdesk in this process, connected, without any limits but those given."""
    named = {f"CLIPDESK_{name.upper()}": str(value) for name, value in limits.items()}
    settings = load_settings(database=MEMORY, environment=_UNLIMITED | named)
    client = Client(desk, settings)
    async with running(client, loopback):
        await client.wait_until_ready()
        yield client
