"""The reindex of this process: one at a time, followed by everyone who asks for it."""

import asyncio
from contextlib import suppress

from bot.languages import gettext as _
from bot.languages import percent
from index import Engine, Report


class Indexing:
    """Starts a reindex, or follows the one that runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._task: asyncio.Task[Report] | None = None
        self._stage: tuple[str, int, int] | None = None

    @property
    def running(self) -> bool:
        """True if a reindex runs."""
        return self._task is not None and not self._task.done()

    @property
    def progress(self) -> str:
        """The current step of the running reindex, in the current language."""
        if self._stage is None:
            return _("Reindexing …")
        # A percentage, because the unit varies: bytes, articles or sources.
        what, done, total = self._stage
        return _("{what}: {share} …").format(what=_(what), share=percent(done / max(total, 1)))

    async def run(self, *, thorough: bool = True) -> Report:
        """The report of the running reindex, or of a new one.

        Raises what `Engine.reindex` does, and CancelledError after `cancel`; to be cancelled does
        not end the reindex.
        """
        if self._task is None or self._task.done():
            self._stage = None
            self._task = asyncio.create_task(self._engine.reindex(self._note, thorough=thorough))
        return await asyncio.shield(self._task)

    def cancel(self) -> None:
        """Cancel the running reindex; the index stays as it was."""
        if self._task:
            self._task.cancel()

    async def stop(self) -> None:
        """Cancel the running reindex, and wait for its end."""
        self.cancel()
        if self._task:
            with suppress(asyncio.CancelledError):
                await asyncio.wait([self._task])

    def _note(self, what: str, done: int, total: int) -> None:
        self._stage = what, done, total
