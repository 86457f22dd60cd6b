"""Records everything that crosses the wire, in order; tests make their assertions on it.

Only the newest entries are kept. For long runs, `counts` covers all of them, and violations are
kept separately as well.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from . import limits
from .clock import Clock
from .entries import Change, Entry, Frame, Injected, MessageChange, Request, Violation
from .model import Channel, Interaction, Message, User
from .refusals import Json

T = TypeVar("T")

TIMEOUT_S = 120.0  # with a machine that has much else to do; it only bounds a failure
TAIL = 12


class Ledger:
    """All entries in order, with queries over past entries and waits for future ones."""

    def __init__(self, clock: Clock, limit: int = limits.CAPACITY) -> None:
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.counts: Counter[str] = Counter()
        self._clock = clock
        self._watchers: list[Callable[[Entry], None]] = []
        self._violations: deque[Violation] = deque(maxlen=limit)

    def now(self) -> float:
        return self._clock.now()

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.counts[entry.kind] += 1
        for watcher in tuple(self._watchers):
            watcher(entry)

    def watch(self, watcher: Callable[[Entry], None]) -> None:
        """Call the watcher with each entry from now on."""
        self._watchers.append(watcher)

    def record_violation(self, rule: str, detail: str) -> None:
        violation = Violation(self.now(), rule, detail)
        self._violations.append(violation)
        self.record(violation)

    # Past entries

    @property
    def violations(self) -> list[Violation]:
        return list(self._violations)

    @property
    def rules_broken(self) -> list[str]:
        return [violation.rule for violation in self.violations]

    @property
    def faults(self) -> list[Injected]:
        """The faults that have been applied."""
        return [entry for entry in self.entries if isinstance(entry, Injected)]

    def requests(self, method: str | None = None, route: str | None = None) -> list[Request]:
        return [
            entry
            for entry in self.entries
            if isinstance(entry, Request)
            and method in (None, entry.method)
            and route in (None, entry.route)
        ]

    def frames(self, event: str | None = None, *, op: int | None = None) -> list[Frame]:
        return [
            entry
            for entry in self.entries
            if isinstance(entry, Frame) and event in (None, entry.event) and op in (None, entry.op)
        ]

    def changes(self, message: Message) -> list[MessageChange]:
        """Return the changes of a message, the first of which is its posting."""
        return [change for change in self._changes() if change.message.id == message.id]

    def messages(self, channel: Channel, by: User | None = None) -> list[Message]:
        """Return the messages posted in a channel, as they were posted."""
        return [
            change.message
            for change in self._changes()
            if change.change is Change.POSTED
            and change.message.channel is channel
            and by in (None, change.message.author)
        ]

    def replies(self, message: Message) -> list[Message]:
        """Return the messages posted as replies to a message."""
        return [
            reply
            for reply in self.messages(message.channel)
            if reply.reply_to and reply.reply_to.id == message.id
        ]

    def callbacks(self, interaction: Interaction) -> list[Request]:
        """Return all attempts at a first response to an interaction, refused ones included."""
        return [
            request
            for request in self.requests()
            if request.interaction is interaction and request.route.endswith("/callback")
        ]

    def answers(self, interaction: Interaction) -> list[MessageChange]:
        """Return the message changes made by an interaction's callback, edits and follow-ups."""
        return [change for change in self._changes() if change.interaction is interaction]

    def _changes(self) -> Iterator[MessageChange]:
        return (entry for entry in self.entries if isinstance(entry, MessageChange))

    # Past or future entries

    async def first(
        self,
        pick: Callable[[Entry], T | None],
        *,
        what: str = "the entry",
        timeout_s: float = TIMEOUT_S,
    ) -> T:
        """Return the first result of `pick` that is not None, over past and future entries.

        Raises AssertionError, with the end of the ledger, after `timeout_s`.
        """
        for entry in self.entries:
            if (found := pick(entry)) is not None:
                return found
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def look(entry: Entry) -> None:
            if not future.done() and (found := pick(entry)) is not None:
                future.set_result(found)

        self.watch(look)
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            raise AssertionError(f"{what} did not come in {timeout_s} s\n{self.tail()}") from None
        finally:
            self._watchers.remove(look)

    async def wait_for(
        self,
        predicate: Callable[[Entry], bool],
        *,
        what: str = "the entry",
        timeout_s: float = TIMEOUT_S,
    ) -> Entry:
        """Return the first entry that satisfies the predicate, past or future."""
        return await self.first(
            lambda entry: entry if predicate(entry) else None, what=what, timeout_s=timeout_s
        )

    async def event(self, name: str, *, number: int = 1) -> Frame:
        """Return the first (or second, third …) gateway event of a name sent to the client."""

        def is_it(entry: Entry) -> Frame | None:
            return entry if isinstance(entry, Frame) and entry.event == name else None

        return await self.first(_nth(number, is_it), what=f"event {name} no. {number}")

    async def request(self, method: str, route: str, *, number: int = 1) -> Request:
        """Return the first (or second, third …) request of a method and route."""

        def is_it(entry: Entry) -> Request | None:
            if isinstance(entry, Request) and (entry.method, entry.route) == (method, route):
                return entry
            return None

        return await self.first(_nth(number, is_it), what=f"{method} {route} no. {number}")

    async def reply(self, message: Message) -> Message:
        """Return the first message that anybody else posted in the channel after a message."""

        def is_it(change: MessageChange) -> bool:
            new = change.message
            after = new.channel is message.channel and new.id > message.id
            posted = change.change is Change.POSTED
            return posted and after and new.author is not message.author

        return await self._changed(is_it, f"a reply to {message.content!r}")

    async def answer(self, interaction: Interaction) -> Message:
        """Return the first finished answer to an interaction, past "… is thinking"."""

        def is_it(change: MessageChange) -> bool:
            shown = change.change is not Change.DELETED and not change.message.loading
            return shown and change.interaction is interaction

        return await self._changed(is_it, "an answer")

    async def edited(self, message: Message) -> Message:
        """Return a message after its first edit."""

        def is_it(change: MessageChange) -> bool:
            return change.change is Change.EDITED and change.message.id == message.id

        return await self._changed(is_it, "an edit")

    async def callback(self, interaction: Interaction) -> Json:
        """Return the body of the accepted first response to an interaction."""

        def body(entry: Entry) -> Json | None:
            if not isinstance(entry, Request) or entry.interaction is not interaction:
                return None
            accepted = entry.route.endswith("/callback") and entry.status in (200, 204)
            return entry.body if accepted else None

        return await self.first(body, what="a first response")

    async def _changed(self, is_it: Callable[[MessageChange], bool], what: str) -> Message:
        def pick(entry: Entry) -> Message | None:
            return entry.message if isinstance(entry, MessageChange) and is_it(entry) else None

        return await self.first(pick, what=what)

    def tail(self, length: int = TAIL) -> str:
        """Return the last entries as text."""
        start = max(0, len(self.entries) - length)
        return "\n".join(f"  {str(entry)[:400]}" for entry in islice(self.entries, start, None))


def _nth(number: int, pick: Callable[[Entry], T | None]) -> Callable[[Entry], T | None]:
    """Wrap `pick` to return only its n-th result."""
    seen = 0

    def pick_nth(entry: Entry) -> T | None:
        nonlocal seen
        found = pick(entry)
        seen += found is not None
        return found if seen == number else None

    return pick_nth
