"""Runs a Discord with one guild, for trying a bot by hand: `python -m fakes.discord`.

Prints the address and the token, then every entry of the ledger. Each line that is typed is posted
in the guild's channel by a person with all permissions; `@bot` in it mentions the bot. Faults are
scheduled over HTTP on the same port: see `control`.
"""

import argparse
import asyncio
import sys

from .entries import Entry
from .permissions import ALL
from .server import LoopbackDiscord


async def main(port: int) -> None:
    async with LoopbackDiscord(port=port) as discord:
        guild = discord.add_guild("Newsroom")
        channel = discord.add_channel(guild, "general")
        person = discord.add_person("Ada", guild, permissions=ALL)
        _print(discord.api_url)
        _print(discord.token)
        discord.ledger.watch(_show)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if text := line.strip():
                person.says(channel, text.replace("@bot", discord.bot.mention))
        await asyncio.Event().wait()


def _show(entry: Entry) -> None:
    _print(str(entry))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="loopback", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the REST API (default: any)")
    try:
        asyncio.run(main(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.exit(0)
