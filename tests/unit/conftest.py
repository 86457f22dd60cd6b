"""A database file and a folder of coverage."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index.store.store import Store, open_store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "clipdesk.db"


@pytest.fixture
async def store(database: Path) -> AsyncIterator[Store]:
    async with open_store(str(database)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "coverage"
    made.mkdir()
    return made
