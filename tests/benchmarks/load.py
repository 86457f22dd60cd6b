"""Ask the bot at a steady pace and in bursts over the wire, with and without a reindex running.

    PYTHONPATH=tests uv run python tests/benchmarks/load.py [QUESTIONS_A_SECOND [SECONDS]]

A hundred a second for a minute by default; then a thousand and ten thousand at once.

The bot is a process of its own on the loopback Discord, over an archive of made-up articles. Every
question must be answered exactly once; what is measured is the time from the interaction to its
acknowledgement, and to its answer, with the loopback Discord on the same machine, and how late the
bot's event loop is where it was to wake up after ten milliseconds (see `lag.py`).
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import gc
import json
import os
import random
import shutil
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from fakes.discord import Channel, Interaction, LoopbackDiscord, Permissions, Person
from fakes.discord.entries import Entry, MessageChange, Request
from fakes.discord.sampling import Sampling

_IN_ONE_WRITE = 1_000  # questions; what is more
_AS_MADE = 20  # is sent so many at a time, as the loopback Discord makes it
_REFUSED = 400
_PATIENCE = 50  # tenths of a second without any answer
ARTICLES = 5_000
PARAGRAPHS = 10
OTHERS = 3  # archives, made before anything is measured
NOUNS = "ferry harbour mayor brewery school bridge museum strike budget island tunnel lighthouse"
VERBS = "closes opens buys sells loses wins plans builds moves repairs visits leaves"


class Watch:
    """The times and numbers of interactions made, acknowledged and answered."""

    def __init__(self) -> None:
        self.made: dict[Interaction, float] = {}
        self.acknowledged: dict[Interaction, float] = {}
        self.answered: dict[Interaction, list[float]] = {}
        self.refused = self.late = 0

    def see(self, entry: Entry) -> None:
        """Record what the bot did."""
        now = time.perf_counter()
        if isinstance(entry, Request) and entry.route.endswith("/callback"):
            if entry.interaction in self.made:
                self.late += entry.status >= _REFUSED
                self.acknowledged.setdefault(entry.interaction, now)
        elif isinstance(entry, MessageChange) and (entry.message.embeds or entry.message.content):
            interaction = entry.message.interaction
            if interaction in self.made:
                self.refused += not entry.message.embeds
                self.answered.setdefault(interaction, []).append(now)


class Lag:
    """The lag of the bot's event loop, from its own log."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def since(self, begun: float) -> str:
        """The figures of the time from `begun` on."""
        lines = (line.split() for line in self._file.read_text("utf-8").splitlines())
        late = [float(ms) for at, ms in lines if float(at) >= begun]
        return f"loop late p99 {np.quantile(late, 0.99):.0f} ms, at most {max(late):.0f} ms"


async def main() -> None:
    """Print a line for each phase: the bot alone, during reindexes, bursts of two sizes."""
    # The ledger holds all that was ever sent: to look through it for garbage takes a second, in
    # which the loopback Discord does nothing else.
    gc.disable()
    asked_for = [int(one) for one in sys.argv[1:]]
    pace, seconds = asked_for + [100, 60][len(asked_for) :]
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.jsonl"
        lag = Lag(Path(folder) / "lag")
        others = [archive.with_name(f"archive{seed}") for seed in range(OTHERS)]
        for seed, path in enumerate([*others, archive]):
            write_archive(path, seed)
        sampling = Sampling(first=20, then_every=1_000)
        async with LoopbackDiscord(application="clipdesk", sampling=sampling) as discord:
            guild = discord.add_guild("Newsroom")
            general = discord.add_channel(guild, "general")
            people = [discord.add_person(f"P{at}", guild) for at in range(50)]
            editor = discord.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
            async with bot(discord, archive, Path(folder) / "lag"):
                await discord.ledger.event("READY")
                # Until the first index is there, the bot says so.
                while not await answers(discord, people[0], general):
                    pass
                for _ in range(2):  # in turn, since no machine is equally fast all the time
                    alone = await load("alone", discord, people, general, lag, pace, seconds)
                    reindexing = asyncio.create_task(
                        keep_reindexing(editor, general, archive, others)
                    )
                    name = "during reindexes"
                    during = await load(name, discord, people, general, lag, pace, seconds)
                    reindexing.cancel()
                    print(f"p99 during reindexes / alone: {during / alone:.1f}", flush=True)
                    await asyncio.sleep(10)
                for burst in (1_000, 10_000):
                    await load(f"burst of {burst:,}", discord, people, general, lag, burst, 0)
                    await asyncio.sleep(10)
                await load("after the bursts", discord, people, general, lag, pace, 10)
            print("violations:", dict(Counter(discord.ledger.rules_broken)))


async def keep_reindexing(
    editor: Person, channel: Channel, archive: Path, others: Sequence[Path]
) -> None:
    """Change all articles and reindex, repeatedly."""
    for other in cycle(others):
        await asyncio.to_thread(shutil.copyfile, other, archive)
        editor.uses_command(channel, "reindex")
        await asyncio.sleep(8)


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
async def bot(discord: LoopbackDiscord, archive: Path, lag: Path) -> AsyncIterator[Process]:
    """Run the bot without rate limits."""
    environment = {
        **os.environ,
        "CLIPDESK_DISCORD_API": discord.api_url,
        "DISCORD_TOKEN": discord.token,
        "CLIPDESK_READER": "off",
        "CLIPDESK_USER_LIMIT": "0",
        "CLIPDESK_CHANNEL_LIMIT": "0",
    }
    options = ("--coverage", str(archive), "--database", str(archive.with_suffix(".db")))
    probe = Path(__file__).with_name("lag.py")
    command = (sys.executable, str(probe), str(lag), *options)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stderr=DEVNULL)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def answers(discord: LoopbackDiscord, person: Person, channel: Channel) -> bool:
    """True if the first index is there."""
    asked = person.uses_command(channel, "ask", question="Who closes the ferry?")
    return bool((await discord.ledger.answer(asked)).embeds)


async def load(  # noqa: PLR0913, PLR0917 - a scenario
    name: str,
    discord: LoopbackDiscord,
    people: list[Person],
    channel: Channel,
    lag: Lag,
    pace: int,
    seconds: int,
) -> float:
    """Ask that many questions a second, or all at once for 0 s; print the response times.

    The answers' 99th percentile, in milliseconds.

    More than 1,000 at once are sent as they are made, which takes the loopback Discord a while.
    """
    watch = Watch()
    discord.ledger.watch(watch.see)
    begun = time.perf_counter()
    for number in range(pace * max(1, seconds)):
        if seconds:
            await asyncio.sleep(max(0.0, begun + number / pace - time.perf_counter()))
        question = f"Who {random.choice(VERBS.split())} the {random.choice(NOUNS.split())}?"  # noqa: S311
        asked = people[number % len(people)].uses_command(channel, "ask", question=question)
        watch.made[asked] = time.perf_counter()
        if number >= _IN_ONE_WRITE and number % _AS_MADE == 0 and not seconds:
            await asyncio.sleep(0)
    quiet = 0
    while len(watch.answered) < len(watch.made) and quiet < _PATIENCE:
        before = len(watch.answered)
        await asyncio.sleep(0.1)
        quiet = 0 if len(watch.answered) > before else quiet + 1
    acks = [(at - watch.made[one]) * 1000 for one, at in watch.acknowledged.items()]
    done = [(at[0] - watch.made[one]) * 1000 for one, at in watch.answered.items()]
    acks, done = acks or [np.nan], done or [np.nan]
    once = sum(len(times) == 1 for times in watch.answered.values())
    slowest = float(np.quantile(done, 0.99))
    print(
        f"{name}: {len(watch.made):,} asked, {len(watch.acknowledged):,} acknowledged, "
        f"{watch.late:,} of these too late: p50 {np.median(acks):.0f} ms, "
        f"p99 {np.quantile(acks, 0.99):.0f} ms, at most {max(acks):.0f} ms; "
        f"{once:,} answered once, {watch.refused:,} of these refused: "
        f"p50 {np.median(done):.0f} ms, p99 {slowest:.0f} ms; {lag.since(begun)}",
        flush=True,
    )
    return slowest


if __name__ == "__main__":
    asyncio.run(main())
