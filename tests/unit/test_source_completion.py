"""Completion of `source:` in the interactive chat."""

from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.terminal.chat import SourceCompleter
from index import MEMORY, Source, open_engine

_LINE = (
    '{"id": "1", "title": "T", "publisher": "Eldholm Post", "author": "Kari Moen", "text": "A."}\n'
)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("/he", ["/help"]),
        ("who? source:eld", ['who? source:"Eldholm Post"']),
        ("who? source:", ['who? source:"Eldholm Post"', 'who? source:"Kari Moen"']),
        ('source:"m', ['source:"Kari Moen"']),
        ("source:ep", ['source:"Eldholm Post"']),
        ("source:zanzibar", []),
        ("resource:eld", []),
        ("who", []),
    ],
)
async def test_names_of_sources_are_completed(
    folder: Path, typed: str, completed: list[str]
) -> None:
    (folder / "news.jsonl").write_text(_LINE, "utf-8")
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        await engine.reindex()
        completer = SourceCompleter(engine, ["/help", "/quit"])
        found = completer.get_completions(Document(typed), CompleteEvent())
        texts = [typed[: len(typed) + one.start_position] + one.text for one in found]
    assert texts == completed
