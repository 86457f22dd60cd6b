"""Every command, button, form and surface in every language, on the loopback Discord.

The expected texts come from the translations, the actual ones from the ledger.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio
from babel.messages import Catalog

from bot import phrases
from bot.languages import languages
from fakes.discord import (
    Channel,
    Guild,
    Interaction,
    LoopbackDiscord,
    Message,
    MessageChange,
    Permissions,
    Person,
)
from fakes.discord.entries import Entry
from fakes.discord.refusals import Json
from fakes.discord.rules import all_components
from index import MEMORY, Source, open_engine
from translations import read
from wire.bot_process import running_bot
from wire.newsroom import COST, COSTS, connected, write_ferry

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Discord's locales, each with the language that it is answered in; English has no file.
SPOKEN = {
    "en-US": "", "en-GB": "", "ja": "",
    "de": "de", "fr": "fr", "es-ES": "es", "es-419": "es", "uk": "uk",
}  # fmt: skip
# The others go the same way: each has its turn among the long tests.
_OTHERS = set(SPOKEN) - {"en-US", "uk"}
DATES = {
    "": "4 March 2021",
    "de": "4. März 2021",
    "fr": "4 mars 2021",
    "es": "4 de marzo de 2021",
    "uk": "4 березня 2021\u202fр.",  # noqa: RUF001
}
QUOTED = "**Rebuilding costs 40 million crowns.**"
catalog_of = cache(read)
TELLING = 12  # characters of English that are no coincidence

_PIER = """\
---
title: Pier {number}
publisher: Harbour Gazette
published: 2021-03-04
---

Pier {number} of the ferry terminal opened in 19{number}.
"""


@dataclass
class Place:
    """A server and its users, all with the same language."""

    discord: LoopbackDiscord
    language: str
    guild: Guild
    channel: Channel
    ada: Person
    bo: Person
    editor: Person
    _english: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Collect the English texts that must not appear in this language."""
        for message in catalog_of(self.language) if self.language else ():
            english, said = message.id, message.string
            if isinstance(english, str) and isinstance(said, str):
                chunks = re.split(r"\{[^}]*\}", english)
                self._english += [one for one in chunks if len(one) >= TELLING and one not in said]

    def says(self, english: str) -> str:
        """The bot's version of a sentence in this language, up to its first value."""
        message = catalog_of(self.language).get(english) if self.language else None
        said = message.string if message else english
        if isinstance(said, tuple | list):
            said = said[-1]
        assert said
        return said.partition("{")[0]

    def names(self, command: str) -> str:
        """The name of a command in this language."""
        message = catalog_of(self.language).get(command, "command_name") if self.language else None
        return str(message.string) if message else command

    def counts(self, number: int, noun: str) -> str:
        """A pattern of a number and its noun, in any plural form."""
        if not self.language:
            return rf"{number} {noun}s?"
        message = catalog_of(self.language).get(f"{{number}} {noun}")
        assert message
        forms = message.string or ()
        return "|".join(form.replace("{number}", str(number)) for form in forms)

    async def answer(self, used: Interaction) -> Message:
        """Wait for the answer to an interaction, and check that it has no English texts."""
        return self.checked(await self.discord.ledger.answer(used))

    async def reply(self, said: Message) -> Message:
        return self.checked(await self.discord.ledger.reply(said))

    def checked(self, message: Message) -> Message:
        texts = "\n".join(_texts(message))
        assert not [one for one in self._english if one in texts]
        return message

    async def private_text(self, used: Interaction) -> str:
        """Return the ephemeral answer to an interaction."""
        answer = await self.answer(used)
        assert answer.ephemeral
        return answer.content.replace("\\", "")

    def asks(self, question: str = COST, **options: object) -> Interaction:
        return self.ada.uses_command(self.channel, "ask", question=question, **options)

    def mentions(self, words: str) -> Message:
        return self.ada.says(self.channel, f"{self.discord.bot.mention} {words}")


def _texts(message: Message) -> Iterator[str]:
    yield message.content
    yield from _labels(message)
    for embed in message.embeds:
        yield from (embed.get("title") or "", embed.get("description") or "")
        yield (embed.get("footer") or {}).get("text") or ""
        for one in embed.get("fields") or []:
            yield from (one["name"], one["value"])


def _labels(message: Message) -> list[str]:
    return [part["label"] for part in all_components(message.components) if part.get("label")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def loopback(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord with a bot process for all languages."""
    coverage = tmp_path_factory.mktemp("languages") / "coverage"
    write_ferry(coverage, COSTS)
    for number in range(10, 21):
        (coverage / f"pier-{number}.md").write_text(_PIER.format(number=number), "utf-8")
    (coverage / "empty.txt").write_text("", "utf-8")
    async with (
        LoopbackDiscord(application="clipdesk") as discord,
        running_bot(discord, coverage.parent) as bot,
    ):
        await discord.ledger.event("READY")
        await bot.wait_until_indexed()
        yield discord
        assert discord.ledger.violations == []
        assert discord.unanswered() == []


def _settle(discord: LoopbackDiscord, locale: str) -> Place:
    guild = discord.add_guild(f"Newsroom {locale}", locale=locale)
    manager = Permissions.MANAGE_GUILD
    return Place(
        discord=discord,
        language=SPOKEN[locale],
        guild=guild,
        channel=discord.add_channel(guild, "general"),
        ada=discord.add_person("Ada", guild, locale=locale),
        bo=discord.add_person("Bo", guild, locale=locale),
        editor=discord.add_person("Editor", guild, permissions=manager, locale=locale),
    )


def _each() -> list[object]:
    return [
        pytest.param(locale, marks=pytest.mark.long if locale in _OTHERS else ())
        for locale in SPOKEN
    ]


@pytest.fixture(scope="module", params=_each())
def place(loopback: LoopbackDiscord, request: pytest.FixtureRequest) -> Place:
    return _settle(loopback, request.param)


async def test_commands_are_registered_in_every_language(loopback: LoopbackDiscord) -> None:
    commands = loopback.application.commands[None]
    assert len(commands) == 8
    assert set(SPOKEN.values()) == {"", *languages()}
    for locale, language in SPOKEN.items():
        if not language:
            continue
        catalog = catalog_of(language)
        for command in commands:
            _check_names(command, "command_name", catalog, locale)
            for option in command.get("options") or []:
                _check_names(option, "parameter_name", catalog, locale)
                for choice in option.get("choices") or []:
                    _check_names(choice, None, catalog, locale)


def _check_names(place: Json, context: str | None, catalog: Catalog, locale: str) -> None:
    name = catalog.get(place["name"], context)
    assert name
    assert place["name_localizations"][locale] == name.string
    if place.get("description"):
        description = catalog.get(place["description"])
        assert description
        assert place["description_localizations"][locale] == description.string


async def test_an_answer_is_cited_and_has_its_buttons(place: Place) -> None:
    answer = await place.answer(place.asks())
    assert answer.embeds[0]["description"].startswith(f"> {QUOTED} The state pays half of that.")
    cited = answer.embeds[0]["footer"]["text"]
    assert place.says("paragraph {number} of {of}") in cited
    assert DATES[place.language] in cited
    labels = ["Show context", "More", "Ask a follow-up", "Helpful", "Wrong passage", "Remove"]
    assert _labels(answer) == [place.says(label) for label in labels]


async def test_an_absent_answer_is_reported(place: Place) -> None:
    for answer in (
        await place.answer(place.asks("who won the chess olympiad?")),
        await place.reply(place.mentions("who won the chess olympiad?")),
    ):
        said = answer.content.replace("\\", "")
        assert place.says("The coverage doesn’t say.") in said
        assert place.says("Nowhere in it: {words}.") in said
    greeted = await place.answer(place.asks("hello!"))
    assert greeted.content.startswith(place.says("Hello!"))


async def test_what_is_no_question_is_answered(place: Place) -> None:
    for text, reply in (
        ("thanks", "You’re welcome!"),
        ("help", str(phrases.HELP)),
        (f"/{place.names('help')}", str(phrases.HELP)),
    ):
        for answer in (
            await place.answer(place.asks(text)),
            await place.reply(place.mentions(text)),
        ):
            assert answer.content.replace("\\", "").startswith(place.says(reply)), text
    typed = await place.reply(place.mentions(f"/{place.names('ask')} {COST}"))
    assert typed.embeds


async def test_the_question_stands_above_the_answer(place: Place) -> None:
    answer = await place.answer(place.asks())
    assert answer.content.startswith(place.says("Question: {words}"))


async def test_a_mention_is_answered_in_the_language_of_the_server(place: Place) -> None:
    stranger = place.discord.add_person("Stranger", place.guild, locale="ja")
    mention = f"{place.discord.bot.mention} {COST}"
    answer = await place.reply(stranger.says(place.channel, mention))
    assert DATES[place.language] in answer.embeds[0]["footer"]["text"]
    hello = await place.reply(place.mentions(""))
    assert hello.content.startswith(place.says("Hello!"))


async def test_a_direct_message_is_answered_in_the_language_of_the_last_interaction(
    place: Place,
) -> None:
    locale = place.ada.user.locale
    person = place.discord.add_person("Newcomer", place.guild, locale=locale)
    before = await place.discord.ledger.reply(person.dm(COST))
    assert DATES[""] in before.embeds[0]["footer"]["text"]
    await place.answer(person.uses_command(place.channel, "help"))
    answer = await place.reply(person.dm(COST))
    assert DATES[place.language] in answer.embeds[0]["footer"]["text"]
    alone = await place.answer(person.uses_command(person.dm_channel, "ask", question=COST))
    assert DATES[place.language] in alone.embeds[0]["footer"]["text"]


@pytest.mark.parametrize(
    ("options", "notice"),
    [
        ({"question": "?!"}, "The question has no words; ask about something in the news."),
        (
            {"question": "who?", "source": "Nobody"},
            "No article is from {source!r}; /sources lists all articles with their sources.",
        ),
        (
            {"question": "who?", "after": "2022", "before": "2021"},
            "No date is after {after} and before {before}; swap the two.",
        ),
    ],
)
async def test_an_invalid_question_is_explained(
    place: Place, options: dict[str, str], notice: str
) -> None:
    assert (await place.private_text(place.asks(**options))).startswith(place.says(notice))


async def test_an_invalid_date_is_explained(place: Place) -> None:
    line = await place.private_text(place.asks("who?", after="soon"))
    assert line.startswith("after:soon ")
    assert "after:2020-11-30" in line


async def test_completions_are_in_the_language(place: Place) -> None:
    async def choices(command: str, **options: str) -> list[str]:
        typed = place.ada.autocompletes(place.channel, command, **options)
        body = await place.discord.ledger.callback(typed)
        return [choice["name"] for choice in body["data"]["choices"]]

    found = await choices("article", headline="ferry")
    assert found == [f"Ferry terminal to close · Eldholm Post · {DATES[place.language]}"]
    assert await choices("ask", question="who?", source="eld") == ["Eldholm Post"]
    assert await choices("sources", publisher="harb") == ["Harbour Gazette"]


async def test_a_list_and_its_pages(place: Place) -> None:
    listed = await place.answer(place.ada.uses_command(place.channel, "sources"))
    assert _labels(listed) == [place.says("Previous page"), place.says("Next page")]
    page = await place.answer(place.ada.clicks(listed, place.says("Next page")))
    for one in (listed, page):
        heading, *lines = one.content.replace("\\", "").splitlines()
        assert re.search(place.counts(12, "article"), heading)
        assert all(DATES[place.language] in line for line in lines)
        assert all(re.search(place.counts(1, "paragraph"), line) for line in lines)
    of_one = place.ada.uses_command(place.channel, "sources", publisher="Eldholm")
    assert re.search(place.counts(1, "article"), (await place.answer(of_one)).content)
    none = await place.private_text(
        place.ada.uses_command(place.channel, "sources", publisher="Zebra")
    )
    message = "No publisher has {words} in its name; /sources lists all articles."
    assert none.startswith(place.says(message))


async def test_an_article_is_shown_verbatim_below_its_details(place: Place) -> None:
    used = place.ada.uses_command(place.channel, "article", headline="Ferry terminal to close")
    [embed] = (await place.answer(used)).embeds
    about, text = embed["description"].split("\n\n")
    assert DATES[place.language] in about
    assert re.search(place.counts(1, "paragraph"), about)
    assert text == f"**1** {COSTS}"
    none = await place.private_text(
        place.ada.uses_command(place.channel, "article", headline="zebra")
    )
    message = "No headline contains {words}; choose one from the list that /article shows."
    assert none.startswith(place.says(message))


async def test_status_and_help(place: Place) -> None:
    status = await place.answer(place.ada.uses_command(place.channel, "status"))
    names = ["Articles", "Paragraphs", "Last change", "Last checked", "Response time"]
    fields = status.embeds[0]["fields"]
    assert [one["name"] for one in fields[:5]] == [place.says(name) for name in names]
    status = await place.answer(place.editor.uses_command(place.channel, "status"))
    names = [one["name"] for one in status.embeds[0]["fields"][-2:]]
    assert names == [place.says("Votes"), place.says("Gateway sessions left today")]
    shown = (await place.answer(place.ada.uses_command(place.channel, "help"))).content
    assert place.says("Ask a follow-up question: and how much did it cost?") in shown
    assert len(shown.splitlines()) == 6


async def test_managers_reindex_and_set_the_channel_mode(place: Place) -> None:
    used = place.editor.uses_command(place.channel, "reindex")

    def report(entry: Entry) -> Message | None:
        if not isinstance(entry, MessageChange) or entry.interaction is not used:
            return None
        return entry.message if "empty.txt" in entry.message.content else None

    said = place.checked(await place.discord.ledger.first(report, what="a report"))
    assert re.search(place.counts(12, "article"), said.content)
    assert place.says("skipped {name}: {reason}") in said.content
    settings = [
        ({}, "Mentions in this channel get a reply."),
        ({"mentions": "thread"}, "Mentions in this channel are answered in threads."),
        ({"mentions": "silent"}, "Mentions in this channel are not answered; commands still work."),
        (
            {"mentions": "private"},
            (
                "Mentions in this channel are answered by direct message, or with a reply if that "
                "fails."
            ),
        ),
    ]
    for options, notice in settings:
        line = await place.private_text(
            place.editor.uses_command(place.channel, "settings", **options)
        )
        done = place.says("Done. {sentence}") if options else ""
        assert line == f"{done}{place.says(notice)}"
    place.mentions(COST)  # is answered in private now
    alone = await place.discord.ledger.first(_posted_in(place.ada.dm_channel), what="an answer")
    assert place.checked(alone).content.startswith(
        place.says("In answer to your question at {address}:")
    )
    await place.private_text(place.editor.uses_command(place.channel, "settings", mentions="reply"))


def _posted_in(channel: Channel) -> Callable[[Entry], Message | None]:
    def pick(entry: Entry) -> Message | None:
        if not isinstance(entry, MessageChange) or entry.message.channel is not channel:
            return None
        return entry.message if entry.message.author.bot else None

    return pick


async def test_only_managers_manage(place: Place) -> None:
    notice = {
        "reindex": "Only people who can manage the server can reindex.",
        "settings": "Only people who can manage the server can change its settings.",
    }
    for command, line in notice.items():
        place.discord.allow_command(command)
        used = place.bo.uses_command(place.channel, command)
        assert await place.private_text(used) == place.says(line)


async def test_a_message_is_looked_up(place: Place) -> None:
    said = place.bo.says(place.channel, COST)
    found = await place.answer(place.ada.uses_context_menu("Find in the coverage", said))
    assert DATES[place.language] in found.embeds[0]["footer"]["text"]
    empty = place.ada.uses_context_menu("Find in the coverage", place.bo.says(place.channel, "!"))
    none = "That message has no words to search for; choose one with text."
    assert await place.private_text(empty) == place.says(none)


async def test_every_button_and_the_form(place: Place) -> None:
    answer = await place.answer(place.asks("when did a pier of the ferry terminal open?"))

    async def click(person: Person, label: str, below: Message = answer) -> Message:
        return await place.answer(person.clicks(below, place.says(label)))

    context = await click(place.bo, "Show context")
    assert DATES[place.language] in context.embeds[0]["footer"]["text"]
    kept = place.says("The question is stored with your vote.")
    helped = place.says("Thank you! Your vote is recorded: this passage helped.")
    assert (await click(place.bo, "Helpful")).content == f"{helped} {kept}"
    assert (await click(place.bo, "Helpful")).content == place.says(
        "Thank you! You have already voted this way; it counts once."
    )
    wrong = place.says("Thank you! Your vote is recorded: this is the wrong passage.")
    assert (await click(place.bo, "Wrong passage")).content == f"{wrong} {kept}"
    turned = await click(place.ada, "More")
    assert {place.says("Previous"), place.says("Next")} < set(_labels(turned))
    await click(place.ada, "Next", turned)
    form = await place.ada.sees_modal(place.ada.clicks(answer, place.says("Ask a follow-up")))
    assert form.data["title"] == place.says("Ask a follow-up")
    [label] = form.data["components"]
    assert label["component"]["placeholder"] == place.says("And when? And who paid for it?")
    asked_on = place.ada.submits(form, {place.says("Your question"): "and who paid?"})
    assert place.says("Searched for {words}.") in (await place.answer(asked_on)).content
    refused = await click(place.bo, "Remove")
    line = "Only the person who asked, or someone who can manage messages, can remove this answer."
    assert refused.content == place.says(line)


async def test_a_private_answer_is_shared(place: Place) -> None:
    alone = await place.answer(place.asks(private=True))
    assert place.says("Share to channel") in _labels(alone)
    shared = await place.answer(place.ada.clicks(alone, place.says("Share to channel")))
    assert not shared.ephemeral
    assert shared.content.startswith(place.says("Shared by {name}:"))


async def test_each_user_gets_their_own_language_for_the_same_answer(
    loopback: LoopbackDiscord,
) -> None:
    place = _settle(loopback, "fr")
    answer = await place.answer(place.asks())
    readers = {one: loopback.add_person(one, place.guild, locale=one) for one in SPOKEN}
    clicked = {
        locale: reader.clicks(answer, place.says("Helpful")) for locale, reader in readers.items()
    }
    for locale, one in clicked.items():
        thanks = await loopback.ledger.answer(one)
        english = (
            "Thank you! Your vote is recorded: this passage helped.",
            ("The question is stored with your vote."),
        )
        catalog = catalog_of(SPOKEN[locale]) if SPOKEN[locale] else Catalog()
        said = [getattr(catalog.get(one), "string", one) for one in english]
        assert thanks.content == " ".join(said)


async def test_the_rate_limit_notice_is_translated(tmp_path: Path) -> None:
    write_ferry(tmp_path, COSTS)
    notice = "That is a lot of questions at once. Please wait {number} second, then ask again."
    async with (
        open_engine(MEMORY, [Source(str(tmp_path))]) as engine,
        LoopbackDiscord(application="clipdesk") as discord,
        connected(discord, engine, user_limit=1),
    ):
        await engine.reindex()
        for locale in SPOKEN:
            place = _settle(discord, locale)
            await place.answer(place.asks())
            line = await place.private_text(place.asks())
            assert line.startswith(place.says(notice))
