"""A bot with enough coverage to search in a worker process."""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from waiting import until
from wire.newsroom import Newsroom, open_newsroom

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

_ARTICLES, _PARAGRAPHS = 30, 50


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    coverage = folder / "coverage"
    coverage.mkdir()
    with (coverage / "minutes.jsonl").open("w", encoding="utf-8") as file:
        for day in range(_ARTICLES):
            said = (f"Motion {day}.{number} was passed." for number in range(_PARAGRAPHS))
            file.write(json.dumps({"title": f"Minutes {day}", "text": "\n".join(said)}) + "\n")
    async with open_newsroom(folder) as room:
        yield room
        assert not room.discord.ledger.rules_broken
        left = searching(room)
    assert left
    await until(lambda: not any(Path(f"/proc/{process}").exists() for process in left))


def searching(room: Newsroom) -> list[int]:
    """The search workers of the bot."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            of_bot = int(parent) == room.bot.process.pid
            if of_bot and b"search_worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def test_every_question_is_answered_though_the_worker_is_killed(newsroom: Newsroom) -> None:
    [first] = searching(newsroom)
    asked = [newsroom.uses() for _ in range(20)]
    os.kill(first, signal.SIGKILL)
    asked += [newsroom.uses() for _ in range(20)]
    for one in asked:
        await newsroom.expect_answer(one)
    assert first not in searching(newsroom)


async def test_new_coverage_is_found(newsroom: Newsroom) -> None:
    (newsroom.coverage / "mill.md").write_text("The mill grinds oats.\n", "utf-8")
    await newsroom.reindex()
    asked = newsroom.uses(question="What does the mill grind?")
    assert "grinds oats" in f"{(await newsroom.discord.ledger.answer(asked)).embeds}"
