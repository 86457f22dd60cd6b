"""clipdesk as its own process, on the loopback Discord, over real sockets."""

from pathlib import Path

import pytest

from loopback import Interaction, LoopbackDiscord
from loopback.entries import Entry, MessageChange
from wire.newsroom import CLOSES, COSTS, Newsroom, process

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAGRAPHS = [
    CLOSES.replace("March", "*March*"),
    COSTS,
    "@everyone in [the harbour](https://evil.example) may go on fishing from the quay, see <@1>.",
]


async def _report(newsroom: Newsroom, command: Interaction) -> str:
    """What a reindex says at last, after all progress."""

    def report(entry: Entry) -> str | None:
        if isinstance(entry, MessageChange) and entry.message.interaction is command:
            return entry.message.content if "; now " in entry.message.content else None
        return None

    return await newsroom.discord.ledger.first(report, what="the report", timeout_s=60)


async def test_a_mention_is_answered_with_passage_citation_and_link(newsroom: Newsroom) -> None:
    question = newsroom.asks("how much does rebuilding cost?")
    answer = await newsroom.discord.ledger.reply(question)
    embed = answer.embeds[0]
    assert embed["title"] == "Ferry terminal to close"
    assert embed["description"] == (
        "> **Rebuilding costs 40 million crowns.** The state pays half of that."
    )
    assert embed["footer"]["text"] == "Eldholm Post · Kari Moen · 4 March 2021 · paragraph 2 of 3"
    assert embed["url"].startswith("https://eldholm.example/ferry#:~:text=Rebuilding%20costs")
    assert answer.reply_to is question


async def test_a_direct_message_is_answered(newsroom: Newsroom) -> None:
    answer = await newsroom.discord.ledger.reply(newsroom.ada.dm("when does the terminal close"))
    assert "**" in answer.embeds[0]["description"]


async def test_what_is_not_in_the_coverage_is_said_so(newsroom: Newsroom) -> None:
    answer = await newsroom.discord.ledger.reply(newsroom.asks("who won the chess olympiad?"))
    assert answer.content.startswith("The coverage doesn’t say. Nowhere in it: “won”, “chess” and")


async def test_a_greeting_gets_no_passages(newsroom: Newsroom) -> None:
    for greeting in ("hello!", ""):
        answer = await newsroom.discord.ledger.reply(newsroom.asks(greeting))
        assert answer.content.startswith("Hello!")
        assert not answer.embeds


async def test_quoted_text_is_inert(newsroom: Newsroom) -> None:
    answer = await newsroom.discord.ledger.reply(newsroom.asks("who may go on fishing? @everyone"))
    description = answer.embeds[0]["description"]
    assert "\\@everyone in \\[" not in description  # Markdown's own link is not part of the text
    assert "\\@everyone in the harbour may go on fishing" in description
    assert "\\<\\@1\\>" in description
    assert not newsroom.discord.ledger.violations


async def test_other_messages_and_bots_are_not_answered(newsroom: Newsroom) -> None:
    rival = newsroom.discord.add_bot("Rival", newsroom.guild)
    silent = [
        newsroom.ada.says(newsroom.general, "who closes the ferry terminal?"),
        rival.says(newsroom.general, f"{newsroom.discord.bot.mention} ferry terminal"),
    ]
    await newsroom.discord.ledger.reply(newsroom.asks("ferry terminal"))
    assert not any(newsroom.discord.ledger.replies(message) for message in silent)


async def test_ask_defers_and_then_answers_in_place(newsroom: Newsroom) -> None:
    asked = newsroom.ada.uses_command(newsroom.general, "ask", question="cost of rebuilding?")
    answer = await newsroom.discord.ledger.answer(asked)
    assert (await newsroom.discord.ledger.callback(asked))["type"] == 5
    assert "40 million crowns" in answer.embeds[0]["description"]
    assert len(newsroom.discord.ledger.callbacks(asked)) == 1


async def test_a_question_goes_on_from_the_askers_own_last_one(newsroom: Newsroom) -> None:
    discord, mention = newsroom.discord, newsroom.discord.bot.mention
    bo = newsroom.bo
    quay = discord.add_channel(newsroom.guild, "quay")
    await discord.ledger.reply(newsroom.asks("why does the ferry terminal close?"))
    alone = [bo.says(newsroom.general, f"{mention} and when?")]
    alone.append(newsroom.ada.says(quay, f"{mention} and when?"))
    for other in alone:
        assert (await discord.ledger.reply(other)).content.startswith("Hello!")
    answer = await discord.ledger.reply(newsroom.asks("and when?"))
    assert answer.content.startswith("Searched for “and when: ferry terminal close”.")
    assert "**" in answer.embeds[0]["description"]
    again = newsroom.ada.uses_command(newsroom.general, "ask", question="and the mayor?")
    answer = await discord.ledger.answer(again)
    assert "“and when: ferry terminal close, and the mayor?”" in answer.content


async def test_a_reply_goes_on_from_the_answer_that_it_replies_to(newsroom: Newsroom) -> None:
    discord = newsroom.discord
    cy = discord.add_person("Cy", newsroom.guild)
    older = await discord.ledger.reply(newsroom.asks("who may go on fishing?"))
    command = newsroom.ada.uses_command(newsroom.general, "ask", question="cost of rebuilding?")
    newer = await discord.ledger.answer(command)
    # A reply that pings is a mention; one to a command's answer shows its text only with another.
    asked = cy.says(newsroom.general, "and where?", reply_to=older)
    answer = await discord.ledger.reply(asked)
    assert "“and where: go on fishing”" in answer.content
    asked = cy.says(newsroom.general, f"{discord.bot.mention} who pays?", reply_to=newer)
    answer = await discord.ledger.reply(asked)
    assert "“who pays: cost of rebuilding”" in answer.content
    # The asker's own last question is not what another message says.
    asked = newsroom.ada.says(newsroom.general, f"{discord.bot.mention} why?", reply_to=asked)
    assert (await discord.ledger.reply(asked)).content.startswith("Hello!")


async def test_what_was_asked_is_not_logged_or_stored(newsroom: Newsroom) -> None:
    await newsroom.discord.ledger.reply(newsroom.asks("zanzibar"))
    await newsroom.discord.ledger.reply(newsroom.asks("and when?"))
    for kept in newsroom.coverage.parent.glob("clipdesk.db*"):
        assert b"zanzibar" not in kept.read_bytes()


async def test_sources_and_status_are_told_to_the_asker_alone(newsroom: Newsroom) -> None:
    listed = newsroom.ada.uses_command(newsroom.general, "sources")
    sources = await newsroom.discord.ledger.answer(listed)
    assert sources.ephemeral
    assert "Ferry terminal to close · Eldholm Post · 4 March 2021" in sources.content
    told = newsroom.ada.uses_command(newsroom.general, "status")
    status = await newsroom.discord.ledger.answer(told)
    assert status.ephemeral
    facts = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
    assert (facts["Articles"], facts["Paragraphs"]) == ("1", "3")


async def test_reindex_is_for_managers_and_checked_in_code(newsroom: Newsroom) -> None:
    newsroom.discord.open_command("reindex")
    tried = newsroom.ada.uses_command(newsroom.general, "reindex")
    refusal = await newsroom.discord.ledger.answer(tried)
    assert refusal.ephemeral
    assert "manage the server" in refusal.content


async def test_reindex_reports_while_questions_go_on(newsroom: Newsroom) -> None:
    archive = newsroom.coverage / "archive.jsonl"
    line = '{{"id": {0}, "title": "T{0}", "text": "Ship {0} sailed.\\nIts captain was N{0}."}}\n'
    archive.write_text("".join(map(line.format, range(6_000))) + "broken\n", "utf-8")
    (newsroom.coverage / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    started = newsroom.editor.uses_command(newsroom.general, "reindex")
    await newsroom.discord.ledger.callback(started)
    again = newsroom.editor.uses_command(newsroom.general, "reindex")
    answer = await newsroom.discord.ledger.reply(newsroom.asks("captain of ship 5999"))
    assert "Ship 5999" not in str(answer.embeds)  # the old index answers
    assert "already running" in (await newsroom.discord.ledger.answer(again)).content
    report = await _report(newsroom, started)
    shown = [change.message.content for change in newsroom.discord.ledger.answers(started)]
    assert shown[0] == ""  # thinking
    assert shown[1].endswith(" …")  # what is going on
    assert shown[-1] == report
    assert "6,000 added, 2 skipped" in report
    assert "now 6,001 articles with 12,003 paragraphs" in report
    assert "line 6001" in report
    assert "photo.txt" in report
    answer = await newsroom.discord.ledger.reply(newsroom.asks("captain of ship 5999"))
    assert "Ship 5999" in answer.embeds[0]["description"]
    archive.unlink()
    removed = newsroom.editor.uses_command(newsroom.general, "reindex")
    assert "6,000 removed" in await _report(newsroom, removed)
    assert not newsroom.discord.ledger.violations


async def test_a_stopped_bot_ends_well_and_without_its_token_in_the_log(newsroom: Newsroom) -> None:
    log = await newsroom.stop()
    assert newsroom.processes[-1].returncode == 0
    assert newsroom.discord.token not in log
    assert "zanzibar" not in log
    assert "Traceback" not in log


async def test_a_refused_token_is_named_in_one_line(folder: Path) -> None:
    async with LoopbackDiscord() as discord, process(discord.api_url, "wrong", folder) as bot:
        _, log = await bot.communicate()
    assert bot.returncode == 2
    last = log.decode().strip().splitlines()[-1]
    assert last.startswith("clipdesk: Discord refuses DISCORD_TOKEN")
    assert "Traceback" not in log.decode()


async def test_a_discord_that_is_not_there_is_told_in_one_line(folder: Path) -> None:
    async with process("http://127.0.0.1:9/api/v10", "any", folder) as bot:
        _, log = await bot.communicate()
    assert bot.returncode == 1
    assert log.decode().strip().splitlines()[-1].startswith("clipdesk: Discord cannot be reached")
    assert "Traceback" not in log.decode()
