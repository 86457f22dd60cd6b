"""clipdesk as its own process, on the loopback Discord, over real sockets."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from fakes.discord import Change, Message, MessageChange
from wire.newsroom import CLOSES, COSTS, Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAGRAPHS = (
    CLOSES.replace("March", "*March*"),
    COSTS,
    "@everyone in [the harbour](https://evil.example) may go on fishing from the quay, see <@1>.",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with open_newsroom(tmp_path_factory.mktemp("newsroom"), PARAGRAPHS) as room:
        yield room
        assert room.discord.ledger.violations == []


async def test_a_mention_is_answered_with_passage_citation_and_link(newsroom: Newsroom) -> None:
    question = newsroom.asks(question="how much does rebuilding cost?")
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


async def test_a_question_outside_the_coverage_is_reported_absent(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("who won the chess olympiad?")
    assert answer.content.startswith("The coverage doesn’t say. Nowhere in it: “won”, “chess” and")


async def test_a_greeting_gets_no_passages(newsroom: Newsroom) -> None:
    for greeting in ("hello!", ""):
        answer = await newsroom.ask(greeting)
        assert answer.content.startswith("Hello!")
        assert not answer.embeds


async def test_quoted_text_is_inert(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("who may go on fishing? @everyone")
    description = answer.embeds[0]["description"]
    assert "\\@everyone in \\[" not in description  # Markdown's own link is not part of the text
    assert "\\@everyone in the harbour may go on fishing" in description
    assert "\\<\\@1\\>" in description


async def test_other_messages_and_bots_are_not_answered(newsroom: Newsroom) -> None:
    rival = newsroom.discord.add_bot("Rival", newsroom.guild)
    silent = [
        newsroom.ada.says(newsroom.general, "who closes the ferry terminal?"),
        rival.says(newsroom.general, f"{newsroom.discord.bot.mention} ferry terminal"),
    ]
    await newsroom.ask("ferry terminal")
    assert not any(newsroom.discord.ledger.replies(message) for message in silent)


async def test_ask_defers_and_then_answers_in_place(newsroom: Newsroom) -> None:
    asked = newsroom.ada.uses_command(newsroom.general, "ask", question="cost of rebuilding?")
    answer = await newsroom.discord.ledger.answer(asked)
    assert (await newsroom.discord.ledger.callback(asked))["type"] == 5
    assert "40 million crowns" in answer.embeds[0]["description"]
    assert len(newsroom.discord.ledger.callbacks(asked)) == 1


async def test_a_follow_up_refers_to_the_askers_own_last_question(newsroom: Newsroom) -> None:
    discord, mention = newsroom.discord, newsroom.discord.bot.mention
    bo = newsroom.bo
    quay = discord.add_channel(newsroom.guild, "quay")
    await newsroom.ask("why does the ferry terminal close?")
    alone = [bo.says(newsroom.general, f"{mention} and when?")]
    alone.append(newsroom.ada.says(quay, f"{mention} and when?"))
    for other in alone:
        assert (await discord.ledger.reply(other)).content.startswith("The question that this")
    answer = await newsroom.ask("and when?")
    assert answer.content.startswith("Searched for “When does the ferry terminal close?”.")
    assert "**" in answer.embeds[0]["description"]
    again = newsroom.ada.uses_command(newsroom.general, "ask", question="and the port?")
    answer = await discord.ledger.answer(again)
    assert "“When does the port close?”" in answer.content


async def test_a_reply_is_a_follow_up_to_the_answer_that_it_replies_to(newsroom: Newsroom) -> None:
    discord = newsroom.discord
    cy = discord.add_person("Cy", newsroom.guild)
    older = await newsroom.ask("who may go on fishing?")
    command = newsroom.ada.uses_command(newsroom.general, "ask", question="cost of rebuilding?")
    newer = await discord.ledger.answer(command)
    # A reply that pings is a mention; one to a command's answer shows its text only with another.
    asked = cy.says(newsroom.general, "and where?", reply_to=older)
    answer = await discord.ledger.reply(asked)
    assert "“Where may they go on fishing?”" in answer.content
    asked = cy.says(newsroom.general, f"{discord.bot.mention} who pays?", reply_to=newer)
    answer = await discord.ledger.reply(asked)
    assert "“Who pays \\(cost of rebuilding\\)?”" in answer.content
    # The asker's own last question is not what another message says.
    asked = newsroom.ada.says(newsroom.general, f"{discord.bot.mention} why?", reply_to=asked)
    assert (await discord.ledger.reply(asked)).content.startswith("The question that this")


async def test_sources_and_status_are_visible_to_the_asker_only(newsroom: Newsroom) -> None:
    listed = newsroom.ada.uses_command(newsroom.general, "sources")
    sources = await newsroom.discord.ledger.answer(listed)
    assert sources.ephemeral
    assert "Ferry terminal to close · Eldholm Post · 4 March 2021" in sources.content
    notice = newsroom.ada.uses_command(newsroom.general, "status")
    status = await newsroom.discord.ledger.answer(notice)
    assert status.ephemeral
    facts = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
    assert (facts["Articles"], facts["Paragraphs"]) == ("1", "3")


async def test_reindex_is_for_managers_and_checked_in_code(newsroom: Newsroom) -> None:
    newsroom.discord.allow_command("reindex")
    tried = newsroom.ada.uses_command(newsroom.general, "reindex")
    refusal = await newsroom.discord.ledger.answer(tried)
    assert refusal.ephemeral
    assert "manage the server" in refusal.content


async def test_a_reindex_is_reported(newsroom: Newsroom) -> None:
    archive = newsroom.coverage / "archive.jsonl"
    line = '{{"id": {0}, "title": "T{0}", "text": "Ship {0} sailed.\\nIts captain was N{0}."}}\n'
    archive.write_text("".join(map(line.format, range(6_000))) + "broken\n", "utf-8")
    (newsroom.coverage / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    started = newsroom.editor.uses_command(newsroom.general, "reindex")
    await newsroom.discord.ledger.callback(started)
    again = newsroom.editor.uses_command(newsroom.general, "reindex")
    report = await newsroom.report(started)
    assert await newsroom.report(again) == report  # the second follows the first
    shown = [change.message.content for change in newsroom.discord.ledger.answers(started)]
    assert shown[0] == ""  # thinking
    assert shown[1].endswith(" …")  # what is going on
    assert shown[-1] == report
    assert "6,000 added, 2 skipped" in report
    assert "now 6,001 articles with 12,003 paragraphs" in report
    assert "line 6001" in report
    assert "photo.txt" in report
    answer = await newsroom.ask("captain of ship 5999")
    assert "Ship 5999" in answer.embeds[0]["description"]
    archive.unlink()
    assert "6,000 removed" in await newsroom.reindex()


async def test_mentions_emoji_and_addresses_are_no_words(newsroom: Newsroom) -> None:
    discord, ada, general = newsroom.discord, newsroom.ada, newsroom.general
    noise = f"{newsroom.bo.user.mention} <#{general.id}> <a:wave:1575502583827529765> :wave:"
    question = f"@here {noise} who won the olympiad? https://eldholm.example/a?b=1 <t:1500:R>"
    form = discord.ledger.answer(ada.uses_command(general, "ask", question=question))
    opened = ada.clicks(answer := await form, "Ask a follow-up")
    submitted = ada.submits(await ada.sees_modal(opened), {"Your question": question})
    replies = [
        answer,
        await discord.ledger.answer(submitted),
        await newsroom.ask(question),
        await discord.ledger.reply(ada.dm(question)),
    ]
    for reply in replies:
        assert reply.content.endswith("Nowhere in it: “won” and “olympiad”.")
    for nothing in (noise, f"</ask:{discord.bot.id}>", "<:wave:1575502583827529765>"):
        assert (await newsroom.ask(nothing)).content.startswith("Hello!")


async def test_the_question_stands_above_answers_that_would_not_show_it(
    newsroom: Newsroom,
) -> None:
    discord, ada = newsroom.discord, newsroom.ada
    asked = newsroom.uses(question="what does *rebuilding*\ncost?", source="Eldholm Post")
    answer = await discord.ledger.answer(asked)
    first = 'Question: what does \\*rebuilding\\* cost? source\\:"Eldholm Post"'
    assert answer.content == first
    opened = ada.clicks(answer, "Ask a follow-up")
    submitted = ada.submits(await ada.sees_modal(opened), {"Your question": "who pays?"})
    assert (await discord.ledger.answer(submitted)).content.startswith("Question: who pays?\n")
    alone = await newsroom.ask_privately("what does rebuilding cost?")
    shared = await discord.ledger.answer(ada.clicks(alone, "Share to channel"))
    assert shared.content == "Shared by Ada:\nQuestion: what does rebuilding cost?"
    assert not (await newsroom.ask("what does rebuilding cost?")).content


async def test_small_talk_gets_what_people_expect(newsroom: Newsroom) -> None:
    for text in (
        "help",
        "Help!",
        "help me",
        "hilfe",
        "¿ayuda?",
        "/help",
        "/sources Post",
        "/status",
    ):
        answer = await newsroom.ask(text)
        assert "• Ask with /ask" in answer.content, text
        assert not answer.embeds
    for text in (
        "thanks!",
        "Thanks a lot",
        "great, thank you",
        "merci beaucoup",
        "дуже дякую",
        "ty",
    ):
        assert (await newsroom.ask(text)).content == "You’re welcome!", text
    for text in (" ", "hello bot", "hey", "buenos días"):
        assert (await newsroom.ask(text)).content.startswith("Hello!"), text
    typed = await newsroom.ask("/ask what does rebuilding cost?")
    assert "40 million" in typed.embeds[0]["description"]
    blank = await newsroom.discord.ledger.answer(newsroom.uses(question="   "))
    assert blank.content.startswith("Hello!")


async def _changed(newsroom: Newsroom, answer: Message, change: Change) -> Message:
    """Wait until an answer is edited or deleted, and return it."""

    def look(entry: MessageChange) -> Message | None:
        ours = entry.message.id == answer.id and entry.change is change
        return entry.message if ours else None

    return await newsroom.first(look, what=f"{change} of an answer")


async def test_an_edited_question_is_answered_again_in_place(newsroom: Newsroom) -> None:
    discord, ada = newsroom.discord, newsroom.ada
    mention = discord.bot.mention
    asked = ada.says(newsroom.general, f"{mention} what does rebuilding cost?")
    private = ada.dm("what does rebuilding cost?")
    for question in (asked, private):
        answer = await discord.ledger.reply(question)
        ada.edits(question, f"{mention} who may go on fishing?")
        edited = await _changed(newsroom, answer, Change.EDITED)
        assert "may go on fishing" in edited.embeds[0]["description"]
        assert discord.ledger.replies(question) == [answer]
    await newsroom.synced()


async def test_a_deleted_question_takes_its_answer_along(newsroom: Newsroom) -> None:
    discord, ada = newsroom.discord, newsroom.ada
    mention = discord.bot.mention
    before = ada.says(newsroom.general, f"{mention} what does rebuilding cost?")
    answers = {before: await discord.ledger.reply(before)}
    await newsroom.synced()
    await newsroom.restart()
    at_once = ada.says(newsroom.general, f"{mention} who pays?")
    private = ada.dm("what does rebuilding cost?")
    answers[private] = await discord.ledger.reply(private)
    answers[at_once] = await discord.ledger.reply(at_once)
    for question, answer in answers.items():
        ada.deletes(question)
        await _changed(newsroom, answer, Change.DELETED)
    ada.deletes(ada.says(newsroom.general, "who reads this?"))
    await newsroom.ask()


async def test_a_follow_up_whose_question_is_forgotten_says_so(newsroom: Newsroom) -> None:
    discord, ada = newsroom.discord, newsroom.ada
    answer = await newsroom.ask("what does rebuilding cost?")
    await newsroom.restart()
    for text, reply in (
        ("and when?", "The question that"),
        ("who pays for it?", "The question be"),
    ):
        opened = ada.clicks(answer, "Ask a follow-up")
        form = ada.submits(await ada.sees_modal(opened), {"Your question": text})
        assert reply in (await discord.ledger.answer(form)).content
        replied = ada.says(newsroom.general, f"{discord.bot.mention} {text}", reply_to=answer)
        assert (await discord.ledger.reply(replied)).content.startswith(reply)
        await newsroom.restart()
    assert (await newsroom.ask("what can you do?")).content.startswith("Hello!")
