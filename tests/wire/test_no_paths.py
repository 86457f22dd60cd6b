"""Messages on Discord do not reveal paths of the machine."""

from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from fakes.discord import Channel, Guild, Interaction, LoopbackDiscord, Permissions, Person
from fakes.discord.entries import Entry, MessageChange
from index import SearchEngine, StoreError
from wire.newsroom import connected


@pytest.fixture
def editor(loopback: LoopbackDiscord, guild: Guild) -> Person:
    return loopback.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)


async def _reported(loopback: LoopbackDiscord, used: Interaction) -> str:
    """Wait for the final report of a reindex."""

    def report(entry: Entry) -> str | None:
        if not isinstance(entry, MessageChange) or entry.interaction is not used:
            return None
        said = entry.message.content
        return said if "; now " in said or "reindex failed" in said else None

    return await loopback.ledger.first(report, what="the report of a reindex")


async def test_a_reindex_names_files_relative_to_their_source(
    loopback: LoopbackDiscord, engine: SearchEngine, editor: Person, general: Channel, folder: Path
) -> None:
    (folder / "port").mkdir()
    (folder / "port" / "empty.txt").touch()
    (folder / "link.md").symlink_to("ferry.md")
    (folder / "archive.jsonl").write_text('{"id": "a", "text": "A."}\n{"id": "a", "text": "B."}\n{')
    (folder / "note.md").write_text("---\nauhtor: Bo\n---\nThe quay is closed.\n")
    (folder / "coverage.toml").write_text('[[article]]\nfile = "gone.md"\ntitel = "Piers"\n')
    async with connected(loopback, engine):
        report = await _reported(loopback, editor.uses_command(general, "reindex"))
    lines = [line.replace("\\", "") for line in report.splitlines()[1:]]
    assert {line.partition(": ")[0] for line in lines} == {
        "• skipped coverage/port/empty.txt",
        "• skipped coverage/link.md",
        "• skipped coverage/archive.jsonl",
        "• skipped coverage/archive.jsonl line 3",
        "• skipped coverage/coverage.toml",
        "• coverage/coverage.toml",
        "• coverage",
    }
    assert any("coverage/archive.jsonl: a: the id is already used" in line for line in lines)
    assert str(folder.parent) not in report.replace("\\", "")
    assert loopback.ledger.violations == []


async def test_a_missing_source_is_named_as_configured(
    loopback: LoopbackDiscord, engine: SearchEngine, editor: Person, general: Channel, folder: Path
) -> None:
    (folder / "ferry.md").unlink()
    folder.rmdir()  # noqa: ASYNC240
    async with connected(loopback, engine):
        report = await _reported(loopback, editor.uses_command(general, "reindex"))
    assert "• skipped coverage: it cannot be opened" in report.replace("\\", "")
    assert str(folder.parent) not in report.replace("\\", "")


@pytest.mark.parametrize("command", ["reindex", "status"])
async def test_an_error_of_the_database_names_it_without_its_folder(
    loopback: LoopbackDiscord, engine: SearchEngine, editor: Person, general: Channel, command: str
) -> None:
    line = "The database {path} is damaged ({why}); start clipdesk again."
    fault = StoreError(line, path=Path("/srv/press/news.db"), why="disk image is malformed")
    engine.reindex = engine.status = AsyncMock(side_effect=fault)  # type: ignore[method-assign]
    async with connected(loopback, engine):
        used = editor.uses_command(general, command)
        if command == "reindex":
            notice = await _reported(loopback, used)
        else:
            notice = (await loopback.ledger.answer(used)).content
    assert "The database news.db is damaged" in notice.replace("\\", "")
    assert "srv" not in notice
