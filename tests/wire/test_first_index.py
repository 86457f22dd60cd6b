"""While the first index is made: everything says so, and `/reindex` follows it to its report."""

import asyncio

from bot.discord.client import index_in_background
from fakes.discord import Channel, Guild, LoopbackDiscord, Message, Permissions, Person
from fakes.engine import FakeEngine
from index import Article, Progress, Report
from wire.newsroom import connected

_FERRY = Article("a", "Ferry", "Post", "", "2021", "", brief=False, paragraphs=1)
_QUESTION = "when does the ferry sail?"
_PROGRESS = "Reading: 50% …"


class _Waiting(FakeEngine):
    """An engine whose reindex waits, half done, until it may go on."""

    def __init__(self) -> None:
        super().__init__([(_FERRY, ["The ferry sails at nine."])])
        self.go_on = asyncio.Event()

    async def reindex(
        self, progress: Progress = lambda *_: None, *, thorough: bool = True
    ) -> Report:
        progress("Reading", 1, 2)
        await self.go_on.wait()
        return await super().reindex(progress, thorough=thorough)


async def test_the_first_index_is_announced_and_followed(
    loopback: LoopbackDiscord, guild: Guild, ada: Person, general: Channel
) -> None:
    engine, ledger = _Waiting(), loopback.ledger
    editor = loopback.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
    mention = f"{loopback.bot.mention} {_QUESTION}"

    async def says(begins: str) -> Message:
        def said(entry: object) -> Message | None:
            message = getattr(entry, "message", None)
            found = isinstance(message, Message) and message.content.startswith(begins)
            return message if found else None

        return await ledger.first(said, what=begins)

    async with connected(loopback, engine) as client:
        indexing = asyncio.create_task(index_in_background(client.indexing))
        for shown in (
            await ledger.reply(ada.says(general, mention)),
            await ledger.answer(ada.uses_command(general, "ask", question=_QUESTION)),
        ):
            assert shown.content.startswith("The articles are being indexed for the first time;")
            assert shown.content.endswith(_PROGRESS)
        status = await ledger.answer(ada.uses_command(general, "status"))
        facts = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
        assert facts["Indexing"] == _PROGRESS
        followed = editor.uses_command(general, "reindex")
        assert (await says(_PROGRESS)).interaction is followed
        engine.go_on.set()
        assert (await says("1 added")).interaction is followed
        await indexing
        assert (await ledger.reply(ada.says(general, mention))).embeds
        status = await ledger.answer(ada.uses_command(general, "status"))
        assert "Indexing" not in str(status.embeds)
    assert loopback.ledger.violations == []
