"""The interactive chat in a terminal, with the commands of the Discord bot."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console

from bot import phrases, votes
from bot.cli.progress import progress_bar
from bot.cli.support import update
from bot.problems import grouped
from bot.settings import Settings
from bot.terminal import rendering as terminal
from index import ClipdeskError, Engine, StoreError, __version__, look_at, make_filter

_HISTORY_PREFIX = b"\n# "  # prompt_toolkit starts each entry with this, followed by the time
_TYPED_SOURCE = re.compile(r"""(?<!\w)source:["“]?([^"“”]*)$""", re.IGNORECASE)
_QUIT_WORDS = {"/quit", "/exit", "quit", "exit"}


async def chat(engine: Engine, settings: Settings) -> None:
    """Bring the index up to date, then chat until the input ends."""
    await update(engine, thorough=False)
    await Chat(engine, settings, terminal.make_console()).run()


class Chat:
    """Reads questions and commands, and prints the results, until the input ends."""

    def __init__(self, engine: Engine, settings: Settings, console: Console) -> None:
        self._engine = engine
        self._settings = settings
        self._console = console
        self._previous: str | None = None  # the query searched for last
        self._commands: dict[str, tuple[str, Callable[[], Awaitable[None]]]] = {
            "/sources": ("list the articles that answers come from", self._sources),
            "/status": ("show what is indexed, and since when", self._status),
            "/reindex": ("read all sources again", self._reindex),
            "/help": ("show this list", self._help),
        }

    async def run(self) -> None:
        """Chat until the input ends or the user types /quit."""
        self._engine.keep_fresh()
        number, size = self._engine.size
        articles, paragraphs = phrases.articles(number), phrases.paragraphs(size)
        self._print(f"clipdesk {__version__} · {articles} · {paragraphs}", "bold")
        self._print(f"{phrases.HELP} /help lists the commands, /quit exits.", "dim")
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                if line.lower() in _QUIT_WORDS:
                    return
                try:
                    await self._respond(line)
                except ClipdeskError as error:
                    self._print(str(error), "red")

    async def _respond(self, line: str) -> None:
        name, _, rest = ("/help" if line.lower() == "help" else line).partition(" ")
        if name in self._commands:
            await self._commands[name][1]()
        elif line.startswith("/") and name != "/ask":
            self._print(f"Unknown command {name}; /help lists the commands.", "red")
        elif question := (rest if name == "/ask" else line).strip():
            answer = await self._engine.ask(
                question,
                previous=self._previous,
                top=self._settings.passages,
            )
            if not answer.small_talk:
                self._previous = answer.question
            terminal.show_answer(self._console, answer)

    async def _sources(self) -> None:
        terminal.show_articles(self._console, await self._engine.articles())

    async def _status(self) -> None:
        tally = await votes.tally(self._engine.key_values)
        terminal.show_facts(self._console, phrases.facts(await self._engine.status(), tally))

    async def _reindex(self) -> None:
        with progress_bar() as progress:
            report = await self._engine.reindex(progress)
        for problem in grouped((*report.skipped, *report.warnings)):
            self._print(str(problem), "yellow")
        self._print(phrases.report(report))

    async def _help(self) -> None:
        commands = [("QUESTION", "answer it with quotations from the articles")]
        commands += [(name, description) for name, (description, _) in self._commands.items()]
        terminal.show_facts(self._console, [*commands, ("/quit", "exit")])

    async def _lines(self) -> AsyncGenerator[str, None]:
        """Yield each line that is typed; skip blank lines."""
        if not (sys.stdin.isatty() and self._console.is_terminal):
            while line := await asyncio.to_thread(sys.stdin.readline):
                if line.strip():
                    yield line.strip()
            return
        prompt = PromptSession[str](
            "> ",
            history=_history(),
            completer=SourceCompleter(self._engine, [*self._commands, "/ask", "/quit"]),
            complete_while_typing=False,
        )
        while True:
            try:
                line = (await prompt.prompt_async()).strip()
            except KeyboardInterrupt:  # discards the line, as in a shell
                continue
            except EOFError:
                return
            if line:
                yield line

    def _print(self, line: str, style: str = "") -> None:
        self._console.print(terminal.styled(line, style))


class SourceCompleter(Completer):
    """Completes commands, and after `source:` the names of sources."""

    def __init__(self, engine: Engine, commands: Sequence[str]) -> None:
        self._engine = engine
        self._commands = WordCompleter(commands, sentence=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """The completions of the text before the cursor."""
        typed = _TYPED_SOURCE.search(document.text_before_cursor)
        if not typed:
            yield from self._commands.get_completions(document, event)
            return
        sources = self._engine.source_names
        matching = [*sources.matching(typed[1]), *sources.completing(typed[1])]
        for name in dict.fromkeys(matching if typed[1] else sources.names.values()):
            written = make_filter(sources, source=name, after="", before="").written
            yield Completion(written, start_position=-len(typed[0]), display=name)


def _history() -> History:
    """Open the history of earlier chats; keep it in memory if its file cannot be used."""
    try:
        path = user_state_path("clipdesk") / "chat-history"
        file = look_at(path)
        if file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
        elif file.size and not file.head.startswith(
            _HISTORY_PREFIX
        ):  # not written by prompt_toolkit
            return InMemoryHistory()
    except (OSError, RuntimeError, StoreError):  # RuntimeError: no home folder
        return InMemoryHistory()
    return FileHistory(path)
