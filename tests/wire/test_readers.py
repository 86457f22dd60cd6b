"""The bot with the readers, which the other tests of this folder turn off."""

from pathlib import Path

import pytest

from wire.newsroom import open_newsroom


async def test_a_question_is_answered_with_the_readers(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="there is no onnxruntime for this platform")
    async with open_newsroom(tmp_path, reader="auto") as newsroom:
        await newsroom.expect_answer(newsroom.asks())
        await newsroom.expect_answer(newsroom.uses())
        assert newsroom.bot.has_mapped("onnxruntime")
        assert not newsroom.bot.count_log_lines("without a reader")
        assert newsroom.discord.ledger.violations == []
