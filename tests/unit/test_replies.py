"""Replies to many questions at once."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.discord.admission.question_queue import CONCURRENCY
from bot.discord.client import index_in_background
from bot.discord.conversation_memory import AskContext
from bot.discord.indexing import Indexing
from bot.discord.replies import Replier
from bot.settings import load_settings
from fakes.engine import FakeEngine
from index import MEMORY, Answer, Article, Progress, Report, Source, StoreError, open_engine

_FERRY = Article("a", "Ferry", "Post", "", "2021", "", brief=False, paragraphs=1)


class _Recorder(FakeEngine):
    """Records whether each question is in a hurry."""

    hurries: list[bool]

    async def ask(  # noqa: PLR0913 - as in `Engine`
        self,
        question: str,
        *,
        previous: str | None = None,
        top: int = 3,
        more: int = 0,
        asked_on: dt.date | None = None,
        hurry: bool = False,
    ) -> Answer:
        self.hurries.append(hurry)
        return await super().ask(question, previous=previous, top=top, more=more, asked_on=asked_on)


async def test_questions_are_in_a_hurry_while_others_wait() -> None:
    engine = _Recorder([(_FERRY, ["The ferry sails."])])
    engine.hurries = []
    await engine.reindex()
    search = asyncio.Event()

    async def throttle_searches() -> None:
        await search.wait()

    replier = Replier(engine, load_settings(database=MEMORY, environment={}), throttle_searches)
    waiting = 2
    asked = [
        asyncio.create_task(replier.reply_to("When does the ferry sail?", AskContext(number, 1)))
        for number in range(CONCURRENCY + waiting)
    ]
    await asyncio.sleep(0)  # all are in the queue
    search.set()
    for reply in await asyncio.gather(*asked):
        assert reply.answer
    assert engine.hurries[:CONCURRENCY] == [True] * CONCURRENCY
    assert engine.hurries[-1] is False
    await replier.reply_to("When does the ferry sail?", AskContext(1, 1))
    assert engine.hurries[-1] is False
    await replier.finish()


def _fail(_what: str, _done: int, _total: int) -> None:
    raise ZeroDivisionError


async def test_a_question_is_told_that_indexing_failed(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text("The ferry sails at nine.")

    async def throttle_searches() -> None:
        pass

    async with open_engine(MEMORY, [Source(str(tmp_path))]) as engine:
        replier = Replier(engine, load_settings(database=MEMORY, environment={}), throttle_searches)
        question = "When does the ferry sail?", AskContext(1, 1)
        assert "ask again in a moment" in (await replier.reply_to(*question)).content
        with pytest.raises(StoreError, match="ZeroDivisionError in _fail"):
            await engine.reindex(_fail)
        assert "the bot’s log says why" in (await replier.reply_to(*question)).content
        await engine.reindex()
        assert (await replier.reply_to(*question)).answer
        await replier.finish()


class _Failing(FakeEngine):
    async def reindex(self, progress: Progress = _fail, *, thorough: bool = True) -> Report:
        progress("Indexing", 0, int(thorough))
        raise AssertionError


async def test_whatever_ends_the_first_indexing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await index_in_background(Indexing(_Failing([])))
    assert "Indexing failed: AssertionError in reindex" in caplog.text
