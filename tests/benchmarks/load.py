"""Ask the bot at a steady pace over the wire, with and without a reindex running.

    PYTHONPATH=tests uv run python tests/benchmarks/load.py [QUESTIONS_A_SECOND] [SECONDS]

The bot is a process of its own on the loopback Discord, over an archive of made-up articles. Every
question must be answered exactly once; what is measured is the time from the interaction to its
acknowledgement, and to its answer, with the loopback Discord on the same machine.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import json
import os
import random
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from loopback import Channel, Interaction, LoopbackDiscord, Permissions, Person
from loopback.entries import Entry, MessageChange, Request
from loopback.sampling import Sampling

ARTICLES = 3_000
PARAGRAPHS = 10
NOUNS = "ferry harbour mayor brewery school bridge museum strike budget island tunnel lighthouse"
VERBS = "closes opens buys sells loses wins plans builds moves repairs visits leaves"


class Watch:
    """When each interaction was made, acknowledged, and answered, and how often."""

    def __init__(self) -> None:
        self.made: dict[Interaction, float] = {}
        self.acknowledged: dict[Interaction, float] = {}
        self.answered: dict[Interaction, list[float]] = {}

    def see(self, entry: Entry) -> None:
        """Take note of what the bot did."""
        now = time.perf_counter()
        if isinstance(entry, Request) and entry.route.endswith("/callback") and entry.interaction:
            self.acknowledged.setdefault(entry.interaction, now)
        elif isinstance(entry, MessageChange) and (entry.message.embeds or entry.message.content):
            interaction = entry.message.interaction
            if interaction in self.made:
                self.answered.setdefault(interaction, []).append(now)


async def main() -> None:
    """Print a line for the bot alone, and one for it during a reindex."""
    pace, seconds = int(sys.argv[1]), int(sys.argv[2])
    with TemporaryDirectory() as name:
        archive = Path(name) / "archive.jsonl"
        write_archive(archive, seed=1)
        sampling = Sampling(first=20, then_every=100)
        async with LoopbackDiscord(application="clipdesk", sampling=sampling) as discord:
            discord.ledger.patience_s = 120
            guild = discord.add_guild("Newsroom")
            general = discord.add_channel(guild, "general")
            people = [discord.add_person(f"P{at}", guild) for at in range(50)]
            editor = discord.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
            async with bot(discord, archive):
                await discord.ledger.event("READY")
                # Until the first index is there, the bot says so.
                while not await answers(discord, people[0], general):
                    pass
                await load("alone", discord, people, general, pace, seconds)
                write_archive(archive, seed=2)
                editor.uses_command(general, "reindex")
                await load("during a reindex", discord, people, general, pace, seconds)
            print("violations:", discord.ledger.rules_broken)


def write_archive(path: Path, seed: int) -> None:
    """Articles of made-up sentences; others for another seed."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = "\n".join(
                " ".join(
                    f"The {dice.choice(NOUNS.split())} {dice.choice(VERBS.split())} the "
                    f"{dice.choice(NOUNS.split())} number {dice.randrange(10_000)}."
                    for _ in range(4)
                )
                for _ in range(PARAGRAPHS)
            )
            print(
                json.dumps({"id": str(number), "title": f"Day {number}", "text": text}), file=file
            )


@asynccontextmanager
async def bot(discord: LoopbackDiscord, archive: Path) -> AsyncIterator[Process]:
    """The bot, without limits of its own on who asks how often."""
    environment = {
        **os.environ,
        "CLIPDESK_DISCORD_API": discord.api_url,
        "DISCORD_TOKEN": discord.token,
        "CLIPDESK_USER_LIMIT": "0",
        "CLIPDESK_CHANNEL_LIMIT": "0",
    }
    options = ("--coverage", str(archive), "--database", str(archive.with_suffix(".db")))
    command = (sys.executable, "-m", "bot", *options)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stderr=DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def answers(discord: LoopbackDiscord, person: Person, channel: Channel) -> bool:
    """Whether the first index is there."""
    asked = person.uses_command(channel, "ask", question="Who closes the ferry?")
    return bool((await discord.ledger.answer(asked)).embeds)


async def load(  # noqa: PLR0913, PLR0917 - a scenario
    name: str,
    discord: LoopbackDiscord,
    people: list[Person],
    channel: Channel,
    pace: int,
    seconds: int,
) -> None:
    """Ask so many questions a second for so long, and print what came of them."""
    watch = Watch()
    discord.ledger.watch(watch.see)
    begun = time.perf_counter()
    for number in range(pace * seconds):
        await asyncio.sleep(max(0.0, begun + number / pace - time.perf_counter()))
        question = f"Who {random.choice(VERBS.split())} the {random.choice(NOUNS.split())}?"  # noqa: S311
        asked = people[number % len(people)].uses_command(channel, "ask", question=question)
        watch.made[asked] = time.perf_counter()
    for _ in range(300):
        if len(watch.answered) == len(watch.made):
            break
        await asyncio.sleep(0.1)
    acks = [(watch.acknowledged[one] - at) * 1000 for one, at in watch.made.items()]
    done = [(watch.answered[one][0] - at) * 1000 for one, at in watch.made.items()]
    once = sum(len(times) == 1 for times in watch.answered.values())
    print(
        f"{name}: {len(watch.made)} asked, {once} answered once; acknowledged p50 "
        f"{np.median(acks):.0f} ms, p99 {np.quantile(acks, 0.99):.0f} ms; answered p50 "
        f"{np.median(done):.0f} ms, p99 {np.quantile(done, 0.99):.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
