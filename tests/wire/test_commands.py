"""Every command, option, completion and menu of clipdesk, on the loopback Discord."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from bot.discord.client import Client
from bot.discord.commands.reindex_job import CANCEL
from bot.discord.layout.fitting import button, fit_rows
from fakes.discord import (
    Channel,
    Corrupt,
    Guild,
    Interaction,
    LoopbackDiscord,
    Message,
    MessageChange,
    NotOffered,
    Permissions,
    Person,
    Refusal,
    Refuse,
)
from index import SearchEngine, StoreError
from wire.newsroom import connected

MESSAGES = "/channels/{channel_id}/messages"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
EPHEMERAL = 64
DEFERRED_UPDATE = 6
FOR_MANAGERS = ("reindex", "settings")


def _brief(number: int) -> dict[str, object]:
    return {
        "id": number,
        "title": f"Ship {number} sails",
        "publisher": "Harbour Gazette",
        "published": f"2022-05-{number + 1:02}",
        "text": f"Ship {number} left the quay with *timber*.\nIts captain was N. Olsen.",
    }


_LONG: dict[str, object] = {
    "id": "history",
    "title": "A history of the quay",
    "publisher": "Old “Salt” Review",
    "author": "Per Dahl",
    "published": "2019",
    "text": "\n".join(
        f"In its year {number} the quay " + "was [repaired] by masons and carpenters, " * 9 + "so."
        for number in range(40)
    ),
}


@pytest.fixture
def folder(folder: Path) -> Path:
    lines = [json.dumps(one) for one in [*map(_brief, range(12)), _LONG]]
    (folder / "archive.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture
async def bot(loopback: LoopbackDiscord, engine: SearchEngine) -> AsyncIterator[Client]:
    """A connected client; at the end, no request was refused and every interaction was answered."""
    async with connected(loopback, engine) as client:
        yield client
        assert loopback.ledger.violations == []
        assert loopback.unanswered() == []


@pytest.fixture
def editor(loopback: LoopbackDiscord, guild: Guild) -> Person:
    return loopback.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)


pytestmark = pytest.mark.usefixtures("bot")


async def _first_response(loopback: LoopbackDiscord, used: Interaction) -> tuple[int, bool]:
    """Wait for the first response; return its type, and whether it is ephemeral."""
    body = await loopback.ledger.callback(used)
    return body["type"], bool((body.get("data") or {}).get("flags", 0) & EPHEMERAL)


async def _private_text(loopback: LoopbackDiscord, used: Interaction) -> str:
    """Wait for the ephemeral answer to an interaction; return its only line."""
    assert (await _first_response(loopback, used))[0] in (4, 5)
    answer = await loopback.ledger.answer(used)
    assert answer.ephemeral
    assert answer.content
    assert "\n" not in answer.content
    assert not answer.embeds
    return answer.content


async def _choices(loopback: LoopbackDiscord, typed: Interaction) -> list[tuple[str, str]]:
    body = await loopback.ledger.callback(typed)
    found = [(one["name"], one["value"]) for one in body["data"]["choices"]]
    assert len(found) <= 25
    assert all(1 <= len(part) <= 100 for choice in found for part in choice)
    return found


def _footers(answer: Message) -> list[str]:
    return [embed["footer"]["text"] for embed in answer.embeds]


# /ask


async def test_ask_answers_publicly(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="what does rebuilding cost?")
    answer = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, False)
    assert not answer.ephemeral
    assert "40 million crowns" in answer.embeds[0]["description"]


async def test_a_private_ask_is_visible_to_the_asker_only(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="cost of rebuilding?", private=True)
    answer = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, True)
    assert answer.ephemeral
    assert answer.embeds


async def test_a_public_question_is_no_follow_up_to_a_private_one(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="why does the ferry close?", private=True)
    await loopback.ledger.answer(used)
    public = ada.uses_command(general, "ask", question="and when?")
    assert "ferry" not in (await loopback.ledger.answer(public)).content
    private = ada.uses_command(general, "ask", question="and when?", private=True)
    assert "ferry" in (await loopback.ledger.answer(private)).content


@pytest.mark.parametrize(
    ("options", "publisher"),
    [
        ({"question": "port", "source": "eldholm POST"}, "Eldholm Post"),
        ({"question": "quay repaired", "source": "Old “Salt” Review"}, "Old “Salt” Review"),
        ({"question": "quay", "source": " Per Dahl "}, "Old “Salt” Review"),
        ({"question": "quay", "after": "2022"}, "Harbour Gazette"),
        ({"question": "port", "after": "2021-03-04", "before": "2021-03"}, "Eldholm Post"),
        ({"question": "quay", "before": "2019-12-31"}, "Old “Salt” Review"),
    ],
)
async def test_ask_filters_by_source_and_date(
    loopback: LoopbackDiscord,
    ada: Person,
    general: Channel,
    options: dict[str, str],
    publisher: str,
) -> None:
    used = ada.uses_command(general, "ask", **options)
    footers = _footers(await loopback.ledger.answer(used))
    assert footers
    assert all(footer.startswith(publisher) for footer in footers)


async def test_an_option_overrides_a_filter_in_the_question(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    question = "quay source:AFP port source:“Harbour Gazette”"
    used = ada.uses_command(
        general, "ask", question=question.replace("source:AFP ", ""), source="Eldholm Post"
    )
    footers = _footers(await loopback.ledger.answer(used))
    assert all(footer.startswith("Eldholm Post") for footer in footers)


@pytest.mark.parametrize(
    ("options", "notice"),
    [
        ({"after": "next week"}, "after:next week is not a date; write it like after:2020-11-30,"),
        ({"before": "2021-02-30"}, "before:2021-02-30 is not a date"),
        ({"after": "2022", "before": "2021-12"}, "No date is after 2022 and before 2021-12"),
        ({"source": "Nobody’s Post"}, "No article is from"),
    ],
)
async def test_ask_explains_an_invalid_option(
    loopback: LoopbackDiscord,
    ada: Person,
    general: Channel,
    options: dict[str, str],
    notice: str,
) -> None:
    used = ada.uses_command(general, "ask", question="who sails?", **options)
    line = (await _private_text(loopback, used)).replace("\\", "")
    assert notice in line


async def test_ask_explains_an_invalid_question_privately(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="?!")
    answer = await loopback.ledger.answer(used)
    assert answer.ephemeral
    assert answer.content.startswith("The question has no words")
    assert [entry.change.value for entry in loopback.ledger.answers(used)] == [
        "posted",  # thinking, for all to see
        "deleted",
        "posted",
    ]


async def test_ask_completes_sources(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    async def complete(typed: str) -> list[str]:
        used = ada.autocompletes(general, "ask", question="who?", source=typed)
        return [value for _, value in await _choices(loopback, used)]

    assert (await complete(""))[0] == "Harbour Gazette"  # has most articles
    assert await complete("POST") == ["Eldholm Post"]
    assert await complete("dahl") == ["Per Dahl"]
    assert await complete("p") == ["Per Dahl", "Eldholm Post"]  # the first begins with it
    assert await complete("harbuor gaz") == ["Harbour Gazette"]  # misspelt
    assert await complete("zanzibar") == []


async def test_completions_follow_a_reindex(
    loopback: LoopbackDiscord, engine: SearchEngine, folder: Path, ada: Person, general: Channel
) -> None:
    names = [f"Post {number:02}" for number in range(30)] + ["Post " + "x" * 100]
    lines = [
        {"id": f"p{at}", "title": "T", "publisher": name, "text": "A whole sentence of news."}
        for at, name in enumerate(names)
    ]
    (folder / "more.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    await engine.reindex()
    used = ada.autocompletes(general, "ask", question="who?", source="post")
    found = [value for _, value in await _choices(loopback, used)]
    assert found == names[:25]


async def test_a_quoted_question_is_escaped(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    for options in ({"question": "who source:*x*"}, {"question": "who", "source": "*x*"}):
        answer = await loopback.ledger.answer(ada.uses_command(general, "ask", **options))
        assert answer.ephemeral
        assert answer.content.startswith(r"No article is from '\*x\*'; /sources lists")


# The menu of a message


async def _found(loopback: LoopbackDiscord, person: Person, message: Message) -> Message:
    used = person.uses_context_menu("Find in the coverage", message)
    answer = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, True)
    assert answer.ephemeral
    return answer


async def test_find_answers_the_clicker_privately(
    loopback: LoopbackDiscord, guild: Guild, ada: Person, general: Channel
) -> None:
    bo = loopback.add_person("Bo", guild)
    said = bo.says(general, f"{ada.user.mention} does rebuilding cost 40 million crowns?! <:a:1>")
    answer = await _found(loopback, ada, said)
    assert "40 million crowns" in answer.embeds[0]["description"]
    assert answer.content == "Question: does rebuilding cost 40 million crowns?!"


async def test_text_that_resembles_a_filter_is_searched_for(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    said = ada.says(general, "rebuilding costs 40 million crowns, source: my aunt")
    assert (await _found(loopback, ada, said)).embeds
    said = ada.says(general, 'quay source:"Harbour Gazette"')
    assert _footers(await _found(loopback, ada, said))[0].startswith("Harbour Gazette")


async def test_find_never_treats_a_message_as_a_follow_up(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="why does the ferry close?", private=True)
    await loopback.ledger.answer(used)
    assert "ferry" not in (await _found(loopback, ada, ada.says(general, "and when?"))).content


async def test_find_works_on_answers(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="what does rebuilding cost?")
    shown = await loopback.ledger.answer(used)
    found = await _found(loopback, ada, shown)
    assert found.content.startswith("Question: Ferry terminal to close")
    assert "40 million" in str(found.embeds)


@pytest.mark.parametrize("text", ["", "<@1> <:wave:2>", "https://example.com/a", "🎉"])
async def test_find_rejects_a_message_without_words(
    loopback: LoopbackDiscord, ada: Person, general: Channel, text: str
) -> None:
    file = ada.attaches("a.txt", b"a")
    said = ada.says(general, text, files=[file])
    used = ada.uses_context_menu("Find in the coverage", said)
    assert await _private_text(loopback, used) == (
        "That message has no words to search for; choose one with text."
    )


async def test_find_works_on_the_longest_messages(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    text = "Rebuilding costs 40 million crowns. " + "source:x " * 300
    assert (await _found(loopback, ada, ada.says(general, text[:2000]))).embeds


# /article


async def test_article_shows_outline_and_paragraphs(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    typed = ada.autocompletes(general, "article", headline="TERMINAL ferry post")
    [(label, value)] = await _choices(loopback, typed)
    assert label == "Ferry terminal to close · Eldholm Post · 4 March 2021"
    used = ada.uses_command(general, "article", headline=value)
    answer = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, True)
    [embed] = answer.embeds
    assert embed["title"] == "Ferry terminal to close"
    assert embed["url"] == "https://eldholm.example/ferry"
    assert embed["description"].splitlines() == [
        "Eldholm Post · Kari Moen · 4 March 2021 · 2 paragraphs",
        "",
        "**1** The port of Eldholm will close its ferry terminal in March, the mayor said.",
        "",
        "**2** Rebuilding costs 40 million crowns. The state pays half of that.",
    ]
    assert not answer.components


async def test_article_completions_are_newest_first(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    found = await _choices(loopback, ada.autocompletes(general, "article", headline=""))
    assert [label.partition(" ·")[0] for label, _ in found[:2]] == [
        "Ship 11 sails",
        "Ship 10 sails",
    ]
    assert len(found) == len({value for _, value in found}) == 14


@pytest.mark.parametrize("headline", ["a history of the QUAY", "quay history"])
async def test_a_long_article_shows_every_paragraph_once(
    loopback: LoopbackDiscord, ada: Person, general: Channel, headline: str
) -> None:
    used = ada.uses_command(general, "article", headline=headline)
    shown = await loopback.ledger.answer(used)
    texts = [shown.embeds[0]["description"]]
    of = int(shown.embeds[0]["footer"]["text"].removeprefix("page 1 of "))
    assert of > 2
    for number in range(2, of + 1):
        ada.clicks(shown, "Next page")
        shown = await _page(loopback, shown, f"page {number} of {of}")
        texts.append(shown.embeds[0]["description"])
    with pytest.raises(NotOffered, match="disabled"):
        ada.clicks(shown, "Next page")
    ada.clicks(shown, "Previous page")
    await _page(loopback, shown, f"page {of - 1} of {of}")
    pieces = [piece for text in texts for piece in text.split("\n\n")][1:]
    assert [piece.split()[0] for piece in pieces] == [f"**{n}**" for n in range(1, 41)]
    assert all("\\[repaired\\]" in piece for piece in pieces)


async def _page(loopback: LoopbackDiscord, shown: Message, title: str) -> Message:
    """Wait until a message shows the page with that title, and return it."""

    def is_it(entry: object) -> Message | None:
        message = getattr(entry, "message", None)
        if not isinstance(message, Message) or message.id != shown.id:
            return None
        return message if title in f"{message.content} {message.embeds}" else None

    return await loopback.ledger.first(is_it, what=title)


async def test_article_reports_an_unknown_headline(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "article", headline="zanzibar *x*")
    assert "No headline contains “zanzibar \\*x\\*”" in await _private_text(loopback, used)


async def test_a_missing_page_is_reported(
    loopback: LoopbackDiscord, engine: SearchEngine, folder: Path, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "article", headline="A history of the quay")
    shown = await loopback.ledger.answer(used)
    (folder / "archive.jsonl").unlink()
    await engine.reindex()
    answer = await loopback.ledger.answer(ada.clicks(shown, "Next page"))
    assert answer.ephemeral
    assert answer.content.startswith("This article is no longer in the coverage")


# /sources


async def test_sources_are_listed_in_pages(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "sources")
    shown = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, True)
    heading, *lines = shown.content.splitlines()
    assert heading == "**14 articles, newest first · page 1 of 2**"
    assert len(lines) == 10
    assert lines[0] == "• Ship 11 sails · Harbour Gazette · 12 May 2022 \\(2 paragraphs\\)"
    ada.clicks(shown, "Next page")
    second = await _page(loopback, shown, "page 2 of 2")
    assert "A history of the quay · Old “Salt” Review · 2019" in second.content
    ada.clicks(second, "Previous page")
    assert (await loopback.ledger.edited(second)).ephemeral


async def test_sources_can_be_limited_to_a_publisher(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    typed = ada.autocompletes(general, "sources", publisher="gaz")
    assert await _choices(loopback, typed) == [("Harbour Gazette", "Harbour Gazette")]
    used = ada.uses_command(general, "sources", publisher="GAZETTE")
    shown = await loopback.ledger.answer(used)
    assert shown.content.startswith("**12 articles from “GAZETTE”, newest first · page 1 of 2**")
    ada.clicks(shown, "Next page")
    second = await _page(loopback, shown, "page 2 of 2")
    assert second.content.count("•") == 2
    used = ada.uses_command(general, "sources", publisher="x" * 60)
    assert (await _private_text(loopback, used)).startswith("No publisher has “xxx")


# /status and /help


async def test_status_shows_the_state_of_the_bot(
    loopback: LoopbackDiscord, ada: Person, general: Channel, folder: Path
) -> None:
    async def facts() -> dict[str, str]:
        used = ada.uses_command(general, "status")
        answer = await loopback.ledger.answer(used)
        assert await _first_response(loopback, used) == (5, True)
        assert str(folder) not in str(answer.embeds)  # paths are nobody's business
        return {field["name"]: field["value"] for field in answer.embeds[0]["fields"]}

    before = await facts()
    assert (before["Articles"], before["Paragraphs"]) == ("14", "66")
    assert before["Last change"].startswith("<t:")
    assert before["Last checked"].startswith("<t:")
    assert before["Response time"] == "no questions yet"
    assert before["Gateway latency"].endswith((" ms", "yet"))
    assert before["Version"].startswith("clipdesk ")
    for number in range(3):
        used = ada.uses_command(general, "ask", question=f"who is captain of ship {number}?")
        await loopback.ledger.answer(used)
    after = (await facts())["Response time"]
    assert after.startswith("p50 ")
    assert after.endswith("(3 answers)")


async def test_votes_and_sessions_are_shown_to_managers_only(
    loopback: LoopbackDiscord, ada: Person, editor: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "ask", question="what does rebuilding cost?")
    answer = await loopback.ledger.answer(used)
    await loopback.ledger.answer(ada.clicks(answer, "Helpful"))
    await loopback.ledger.answer(editor.clicks(answer, "Wrong passage"))
    facts = {}
    for person, place in ((ada, general), (editor, general), (editor, editor.dm_channel)):
        notice = await loopback.ledger.answer(person.uses_command(place, "status"))
        facts[person, place] = {one["name"]: one["value"] for one in notice.embeds[0]["fields"]}
    assert facts[editor, general].pop("Votes") == "1 helpful, 1 wrong"
    assert facts[editor, general].pop("Gateway sessions left today") == "999 / 1,000"
    for shown in facts.values():
        assert not {"Votes", "Gateway sessions left today"} & shown.keys()


async def test_help_explains_how_to_ask(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_command(general, "help")
    answer = await loopback.ledger.answer(used)
    assert await _first_response(loopback, used) == (5, True)
    assert answer.ephemeral
    for named in ("/ask", "/article", "/sources", "/status", "Find in the coverage", "source:"):
        assert named in answer.content.replace("\\", "")
    assert len(answer.content.splitlines()) <= 8


# /reindex and /settings


@pytest.mark.parametrize("command", ["reindex", "settings"])
async def test_manager_commands_check_permissions_themselves(
    loopback: LoopbackDiscord, ada: Person, general: Channel, command: str
) -> None:
    with pytest.raises(NotOffered, match="needs permissions"):
        ada.uses_command(general, command)
    with pytest.raises(NotOffered, match="not offered here"):
        ada.uses_command(ada.dm_channel, command)
    loopback.allow_command(command)
    used = ada.uses_command(general, command)
    assert "manage the server" in await _private_text(loopback, used)


async def test_reindex_reports_its_result(
    loopback: LoopbackDiscord, editor: Person, general: Channel, folder: Path
) -> None:
    (folder / "archive.jsonl").unlink()
    used = editor.uses_command(general, "reindex")

    def report(entry: object) -> str | None:
        message = getattr(entry, "message", None)
        if isinstance(message, Message) and message.interaction is used:
            return message.content if "; now " in message.content else None
        return None

    assert (await loopback.ledger.first(report, what="the report")).startswith("13 removed; now")
    assert await _first_response(loopback, used) == (5, False)


async def test_managers_can_cancel_a_reindex(
    loopback: LoopbackDiscord, ada: Person, editor: Person, general: Channel, folder: Path
) -> None:
    lines = (json.dumps({"id": str(at), "text": "x" * 1_000}) for at in range(50_000))
    (folder / "long.jsonl").write_text("\n".join(lines), "utf-8")
    used = editor.uses_command(general, "reindex")
    shown = await loopback.ledger.answer(used)
    refused = ada.clicks(shown, "Cancel")
    assert "manage the server" in await _private_text(loopback, refused)
    editor.clicks(shown, "Cancel")

    report = await _saying(loopback, "The reindex was cancelled; the index has not changed.")
    assert report.interaction is used
    with pytest.raises(NotOffered):
        editor.clicks(report, "Cancel")
    listed = await loopback.ledger.answer(ada.uses_command(general, "sources"))
    assert listed.content.startswith("**14 articles")


async def test_cancelling_a_reindex_after_a_restart_is_explained(
    loopback: LoopbackDiscord, bot: Client, editor: Person, general: Channel
) -> None:
    channel = bot.get_partial_messageable(general.id)
    await channel.send("Reading: 35%", view=fit_rows([[button("Cancel", CANCEL)]]))
    left = await _saying(loopback, "Reading: 35%")
    editor.clicks(left, "Cancel")
    notice = await _saying(loopback, "This reindex is no longer running.")
    assert notice.id == left.id


async def _saying(loopback: LoopbackDiscord, content: str) -> Message:
    """Wait until a message has that content, and return it."""

    def said(entry: object) -> Message | None:
        message = getattr(entry, "message", None)
        return message if isinstance(message, Message) and message.content == content else None

    return await loopback.ledger.first(said, what=content)


async def _set(loopback: LoopbackDiscord, editor: Person, channel: Channel, **options: str) -> str:
    return await _private_text(loopback, editor.uses_command(channel, "settings", **options))


async def test_settings_are_shown_and_stored(
    loopback: LoopbackDiscord, guild: Guild, editor: Person, general: Channel
) -> None:
    other = loopback.add_channel(guild, "other")
    reply = "Mentions in this channel get a reply."
    assert await _set(loopback, editor, general) == reply
    silent = await _set(loopback, editor, general, mentions="silent")
    assert silent == "Done. Mentions in this channel are not answered; commands still work."
    assert f"Done. {await _set(loopback, editor, general)}" == silent
    assert await _set(loopback, editor, other) == reply
    assert await _set(loopback, editor, general, mentions="reply") == f"Done. {reply}"
    with pytest.raises(NotOffered):
        editor.uses_command(general, "settings", mentions="loud")


@pytest.fixture
def asks(loopback: LoopbackDiscord, ada: Person, general: Channel) -> Callable[..., Message]:
    def ask(question: str, channel: Channel = general) -> Message:
        return ada.says(channel, f"{loopback.bot.mention} {question}")

    return ask


async def test_a_silent_channel_answers_commands_only(
    loopback: LoopbackDiscord,
    asks: Callable[..., Message],
    ada: Person,
    editor: Person,
    general: Channel,
) -> None:
    await _set(loopback, editor, general, mentions="silent")
    ignored = asks("cost of rebuilding?")
    used = ada.uses_command(general, "ask", question="cost of rebuilding?")
    assert (await loopback.ledger.answer(used)).embeds
    await loopback.ledger.reply(ada.dm("cost of rebuilding?"))
    assert loopback.ledger.replies(ignored) == []


async def test_a_channel_can_have_answers_in_threads(
    loopback: LoopbackDiscord,
    asks: Callable[..., Message],
    editor: Person,
    general: Channel,
) -> None:
    await _set(loopback, editor, general, mentions="thread")
    question = asks("why does the ferry terminal close?")
    await loopback.ledger.event("THREAD_CREATE")
    thread = loopback.world.channels[question.id]
    assert thread.name == "why does the ferry terminal close?"
    await loopback.ledger.request("POST", MESSAGES)
    [answer] = loopback.ledger.messages(thread)
    assert answer.embeds
    # The talk goes on there, as the thread's channel has it, and with its subject.
    more = asks("and when?", thread)
    reply = await loopback.ledger.reply(more)
    assert reply.reply_to is more
    assert "ferry terminal" in reply.content
    assert await _set(loopback, editor, thread) == await _set(loopback, editor, general)
    await _set(loopback, editor, thread, mentions="silent")
    ignored = asks("and why?", thread)
    loopback.deny(general, loopback.bot, Permissions.CREATE_PUBLIC_THREADS)
    plain = asks("cost of rebuilding?")
    assert (await loopback.ledger.reply(plain)).reply_to is plain
    assert loopback.ledger.replies(ignored) == []


async def test_a_channel_can_have_answers_in_private(
    loopback: LoopbackDiscord,
    asks: Callable[..., Message],
    ada: Person,
    editor: Person,
    general: Channel,
) -> None:
    await _set(loopback, editor, general, mentions="private")
    question = asks("cost of rebuilding?")
    await loopback.ledger.request("POST", MESSAGES)
    [answer] = loopback.ledger.messages(ada.dm_channel)
    assert f"{general.id}/{question.id}" in answer.content
    assert answer.embeds
    assert loopback.ledger.replies(question) == []
    loopback.faults.on("POST", MESSAGES, Refuse(Refusal.CANNOT_MESSAGE_USER))
    shut = asks("cost of rebuilding?")
    assert (await loopback.ledger.reply(shut)).reply_to is shut


# Wherever a person takes the bot along


async def test_commands_work_in_servers_without_the_bot(
    loopback: LoopbackDiscord, general: Channel
) -> None:
    outside = loopback.add_guild_without_bot("Elsewhere")
    lobby = loopback.add_channel(outside, "lobby")
    cy = loopback.add_person("Cy", outside, permissions=Permissions.MANAGE_GUILD)
    bo = loopback.add_person("Bo", outside)
    group = loopback.add_conversation(cy, bo)
    cy.installs_app()
    assert general.guild
    for place in (lobby, group, cy.dm_channel):
        used = cy.uses_command(place, "ask", question="cost of rebuilding?", source="Kari Moen")
        assert "40 million" in (await loopback.ledger.answer(used)).embeds[0]["description"]
        typed = cy.autocompletes(place, "ask", question="who?", source="kari")
        assert await _choices(loopback, typed) == [("Kari Moen", "Kari Moen")]
        for command in ("help", "status"):
            assert (await loopback.ledger.answer(cy.uses_command(place, command))).ephemeral
        shown = await loopback.ledger.answer(cy.uses_command(place, "sources"))
        cy.clicks(shown, "Next page")
        await _page(loopback, shown, "page 2 of 2")
        used = cy.uses_command(place, "article", headline="history of the quay")
        cy.clicks(await loopback.ledger.answer(used), "Next page")
        wrong = cy.uses_command(place, "ask", question="?!")
        assert (await loopback.ledger.answer(wrong)).ephemeral
        for command in ("reindex", "settings"):
            with pytest.raises(NotOffered, match="not offered here"):
                cy.uses_command(place, command)
    for place in (lobby, group):
        said = bo.says(place, "Rebuilding costs 40 million crowns.")
        assert (await _found(loopback, cy, said)).embeds


# What is for one alone


async def test_responses_to_private_answers_stay_private(
    loopback: LoopbackDiscord, ada: Person, editor: Person, general: Channel
) -> None:
    """In the first response and in each edit, for commands and for buttons."""
    for name in FOR_MANAGERS:
        loopback.allow_command(name)
    said = ada.says(general, "what does rebuilding cost?")
    private = [
        ada.uses_command(general, "ask", question="captain of the ships", private=True),
        ada.uses_command(general, "ask", question="zanzibar", private=True),
        ada.uses_command(general, "ask", question="ferry", after="last week", private=True),
        ada.uses_context_menu("Find in the coverage", said),
        ada.uses_command(general, "article", headline="ferry"),
        ada.uses_command(general, "article", headline="A history of the quay"),
        ada.uses_command(general, "article", headline="nothing like it"),
        *(ada.uses_command(general, name) for name in ("sources", "status", "help")),
        editor.uses_command(general, "status"),
        *(editor.uses_command(general, "settings", mentions="thread") for _ in range(2)),
        *(ada.uses_command(general, name) for name in FOR_MANAGERS),
    ]
    shown = [await loopback.ledger.answer(used) for used in private]
    for label in ("Show context", "More", "Helpful"):
        used = ada.clicks(shown[0], label)
        await loopback.ledger.answer(used)
        private.append(used)
    for used in private:
        [first] = loopback.ledger.callbacks(used)
        in_place = first.body["type"] == DEFERRED_UPDATE
        assert in_place or first.body["data"]["flags"] & EPHEMERAL
        changes = loopback.ledger.answers(used)
        assert changes
        assert all(change.message.ephemeral for change in changes)
    edits = loopback.ledger.requests("PATCH", ORIGINAL)
    at_once = [used for used in private if loopback.ledger.callbacks(used)[0].body["type"] == 4]
    assert len(edits) >= len(private) - len(at_once) - 1
    flags = [edit.response["flags"] for edit in edits if isinstance(edit.response, dict)]
    assert len(flags) == len(edits)
    assert all(each & EPHEMERAL for each in flags)
    assert all(each.ephemeral for each in loopback.ledger.messages(general, by=loopback.bot))


# What goes wrong


async def test_an_error_is_reported_in_one_line(
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    ada: Person,
    general: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for fault, notice in (
        (StoreError("The database is locked; try again."), "The database is locked; try again."),
        (ValueError("secret"), "Something went wrong;"),
    ):
        engine.status = AsyncMock(side_effect=fault)  # type: ignore[method-assign]
        used = ada.uses_command(general, "status")
        answer = await loopback.ledger.answer(used)
        assert answer.ephemeral
        assert answer.content.startswith(notice)
    assert "A command failed: ValueError" in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()


async def test_a_removed_command_is_explained(
    loopback: LoopbackDiscord, bot: Client, ada: Person, general: Channel
) -> None:
    bot.tree.remove_command("help")
    notice = await _private_text(loopback, ada.uses_command(general, "help"))
    assert notice.startswith("This command has changed")


async def test_a_command_with_outdated_options_is_explained(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    loopback.faults.at("INTERACTION_CREATE", Corrupt("data.options", []))
    notice = await _private_text(loopback, ada.uses_command(general, "ask", question="ferry"))
    assert notice.startswith("This command has changed")


@pytest.mark.parametrize("known_as", ["vote:up:1", "answer:fly:card:0", "answer:ask", "page:", "…"])
async def test_an_unknown_button_is_explained(
    loopback: LoopbackDiscord, bot: Client, ada: Person, general: Channel, known_as: str
) -> None:
    channel = bot.get_partial_messageable(general.id)
    await channel.send("Of an older version", view=fit_rows([[button("Press", known_as)]]))
    left = await _saying(loopback, "Of an older version")
    notice = await _refused(loopback, ada.clicks(left, "Press"))
    assert notice.startswith("The buttons of this answer have expired")


async def test_an_unknown_form_is_explained(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    answer = await loopback.ledger.answer(ada.uses_command(general, "ask", question="ferry"))
    form = await ada.sees_modal(ada.clicks(answer, "Ask a follow-up"))
    loopback.faults.at("INTERACTION_CREATE", Corrupt("data.custom_id", "vote:why"))
    notice = await _refused(loopback, ada.submits(form, {"question": "ferry"}))
    assert notice.startswith("This command has changed")


async def test_an_unknown_interaction_type_is_explained(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    loopback.faults.at("INTERACTION_CREATE", Corrupt("type", 99))
    notice = await _refused(loopback, ada.uses_command(general, "help"))
    assert notice.startswith("This command has changed")


async def _refused(loopback: LoopbackDiscord, used: Interaction) -> str:
    """Wait for the ephemeral first response to an interaction; return its only line."""
    assert await _first_response(loopback, used) == (4, True)
    assert len(loopback.ledger.answers(used)) == 1
    return (await loopback.ledger.answer(used)).content


async def test_every_answer_is_deferred_first(
    loopback: LoopbackDiscord, ada: Person, editor: Person, general: Channel
) -> None:
    said = ada.says(general, "ferry")
    for used in (
        ada.uses_command(general, "ask", question="ferry"),
        ada.uses_command(general, "article", headline="ferry"),
        ada.uses_command(general, "sources"),
        ada.uses_command(general, "status"),
        ada.uses_command(general, "help"),
        editor.uses_command(general, "settings"),
        editor.uses_command(general, "reindex"),
        ada.uses_context_menu("Find in the coverage", said),
    ):
        await loopback.ledger.answer(used)
        [first] = loopback.ledger.callbacks(used)
        assert first.body["type"] == 5
    await loopback.ledger.wait_for(
        lambda entry: isinstance(entry, MessageChange) and "; now " in entry.message.content,
        what="the end of the reindex",
    )
