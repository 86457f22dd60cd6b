"""The engine end to end: addresses on a local server, files, reindexing while it answers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from index import MEMORY, ReindexRunningError, SearchEngine, Source, open_engine
from index import engine as engine_module
from index.errors import StoreError
from index.store import store as store_module

_PAGE = """<html><head><title>Quay</title><meta property="og:site_name" content="Eldholm Post">
</head><body><nav>Home News Sport</nav><article><h1>Fishermen keep the quay</h1>
<p>Fishermen may go on using the eastern quay of Eldholm, the port council decided on Monday.</p>
<p>The council had wanted to rent the quay to {tenant}, which offered nine million crowns.</p>
</article><footer>All rights reserved</footer></body></html>"""


@dataclass
class Site:
    """A page on a local server, with the statuses of its responses."""

    url: str = ""
    tenant: str = "a yacht club"
    statuses: list[int] = field(default_factory=list)
    down: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        etag = f'"{self.tenant}"'
        if self.down:
            response = web.Response(status=503)
        elif request.headers.get("If-None-Match") == etag:
            response = web.Response(status=304)
        else:
            page = _PAGE.format(tenant=self.tenant)
            headers = {"ETag": etag}
            response = web.Response(text=page, content_type="text/html", headers=headers)
        self.statuses.append(response.status)
        return response


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    application = web.Application()
    application.router.add_get("/quay", site.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}/quay"
    yield site
    await runner.cleanup()


async def _quoted(engine: SearchEngine) -> str:
    answer = await engine.ask("Who offered money for the eastern quay?")
    return " ".join(hit.passage.text for hit in answer.hits)


async def test_an_address_is_fetched_revalidated_and_stored(site: Site, tmp_path: Path) -> None:
    database = str(tmp_path / "clipdesk.db")
    async with open_engine(database, [Source(site.url)], allow_loopback=True) as engine:
        report = await engine.reindex()
        assert (report.added, report.paragraphs, report.skipped) == (1, 2, ())
        assert "a yacht club" in await _quoted(engine)
        [article] = engine.searcher.articles
        assert (article.title, article.publisher) == ("Fishermen keep the quay", "Eldholm Post")
        assert article.url == site.url
        assert (await engine.reindex()).unchanged == 1
        assert site.statuses == [200, 304]
        site.tenant = "a brewery"
        assert (await engine.reindex()).changed == 1
        assert "a brewery" in await _quoted(engine)
        site.down = True
        offline = await engine.reindex()
        assert "stays in the index" in str(offline.skipped[0])
    async with open_engine(database, [Source(site.url)], allow_loopback=True) as engine:
        requests = len(site.statuses)
        assert (await engine.reindex(thorough=False)).skipped == ()
        assert len(site.statuses) == requests  # not fetched again
        assert "a brewery" in await _quoted(engine)


async def test_an_address_on_this_machine_is_refused_unless_allowed(site: Site) -> None:
    async with open_engine(MEMORY, [Source(site.url)]) as engine:
        report = await engine.reindex()
    assert "only public addresses" in str(report.skipped[0])
    assert site.statuses == []


async def test_the_old_index_answers_until_the_new_one_is_complete(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("The ferry leaves at noon.", "utf-8")
    async with open_engine(MEMORY, [Source(str(tmp_path))]) as engine:
        await engine.reindex()
        note.write_text("The ferry leaves at midnight.", "utf-8")
        running = asyncio.create_task(engine.reindex())
        await asyncio.sleep(0)
        assert "noon" in (await engine.ask("When does the ferry leave?")).hits[0].sentence
        with pytest.raises(ReindexRunningError):
            await engine.reindex()
        await running
        assert "midnight" in (await engine.ask("When does the ferry leave?")).hits[0].sentence


async def test_a_failed_reindex_leaves_the_old_index(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("The ferry leaves at noon.", "utf-8")
    async with open_engine(MEMORY, [Source(str(tmp_path))]) as engine:
        await engine.reindex()
        note.write_text("The ferry leaves at midnight.", "utf-8")

        def fail(what: str, _done: int, _total: int) -> None:
            if what == "Reading":
                raise RuntimeError

        with pytest.raises(StoreError, match=r"RuntimeError in fail:\d+"):
            await engine.reindex(fail)
        assert "RuntimeError in fail" in (await engine.status()).failure
        await engine.load()
        assert "noon" in (await engine.ask("When does the ferry leave?")).hits[0].sentence
        assert (await engine.reindex()).changed == 1
        assert not (await engine.status()).failure


async def test_status_describes_the_index(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("One.\n\nTwo.", "utf-8")
    database = str(tmp_path / "clipdesk.db")
    async with open_engine(database, [Source(str(tmp_path / "note.md"))]) as engine:
        assert (await engine.status()).indexed == (await engine.status()).checked == ""
        await engine.reindex()
        status = await engine.status()
    assert (status.articles, status.paragraphs, status.kept) == (1, 2, True)
    assert (status.database, status.sources) == (database, (str(tmp_path / "note.md"),))
    assert status.indexed.endswith("+00:00")
    assert status.indexed <= status.checked  # a second may have ended in between


async def test_status_has_the_time_of_the_last_check(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "note.md"
    note.write_text("One.", "utf-8")
    database = str(tmp_path / "clipdesk.db")

    def at(time: str) -> None:
        for module in (store_module, engine_module):
            monkeypatch.setattr(module, "now", lambda: time)

    at("2021")
    async with open_engine(database, [Source(str(note))]) as engine:
        await engine.reindex()
        at("2022")
        await engine.reindex(thorough=False)  # a file shows whether it has changed
        status = await engine.status()
        assert (status.indexed, status.checked) == ("2021", "2022")
    async with open_engine(database, [Source(str(note))]) as engine:
        assert (await engine.status()).checked == "2021"  # the last check that was stored
        at("2023")
        await engine.reindex()
    async with open_engine(
        database, [Source(str(note)), Source(site.url)], allow_loopback=True
    ) as engine:
        status = await engine.status()
        assert (status.indexed, status.checked) == ("2021", "2023")
        at("2024")
        await engine.reindex(thorough=False)
        assert (await engine.status()).checked == "2024"  # the address is new
        at("2025")
        await engine.reindex(thorough=False)
        assert (await engine.status()).checked == "2024"
        await engine.reindex()
        status = await engine.status()
        assert (status.indexed, status.checked) == ("2024", "2025")


async def test_a_follow_up_keeps_the_subject_unless_the_question_alone_answers_better(
    tmp_path: Path,
) -> None:
    (tmp_path / "note.md").write_text(
        "The ferry leaves Eldholm at noon on Sunday.\n\n"
        "A brewery named SeaLine opens in the hills.\n\n"
        "The mayor is angry about a school that has no pupils.",
        "utf-8",
    )
    async with open_engine(MEMORY, [Source(str(tmp_path))]) as engine:
        await engine.reindex()
        first = await engine.ask("Does the ferry leave Eldholm?")
        then = await engine.ask("and when?", previous=first.question)
        assert then.follow_up
        assert "noon" in then.hits[0].sentence
        other = await engine.ask("what about SeaLine?", previous=first.question)
        assert not other.follow_up
        assert "brewery" in other.hits[0].sentence
