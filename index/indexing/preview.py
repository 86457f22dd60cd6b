"""Reads a source for showing what would be indexed of it; nothing is stored."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeAlias

from index.errors import CoverageError
from index.indexing.dispatch import read_items
from index.indexing.read_batches import PendingItem
from index.model import CoverageWarning, ExtractedArticle, Skipped, UnchangedLine
from index.sources.addresses import redact
from index.sources.source import Inventory, Source, list_items, web_item
from index.sources.warnings import front_matter_warnings

Found: TypeAlias = tuple[str, ExtractedArticle | Skipped | CoverageWarning]  # with its path


async def read_source(
    source: Source, *, allow_loopback: bool = False
) -> AsyncGenerator[Found, None]:
    """Every article of a source, with its file; what cannot be read comes as Skipped.

    An address is fetched now. Raises CoverageError, which names it, if that fails.
    """
    inventory = await _inventory(source, allow_loopback=allow_loopback)
    problems: tuple[Skipped | CoverageWarning, ...] = (*inventory.skipped, *inventory.warnings)
    for problem in problems:
        yield problem.name, problem
    pending = [PendingItem(source.location, item, None) for item in inventory.items]
    unknown_keys: set[str] = set()
    async with aclosing(read_items(pending, None)) as batches:
        async for batch in batches:
            for one in batch.pages:
                if isinstance(one, ExtractedArticle):
                    unknown_keys.update(one.unknown_keys)
                if not isinstance(one, UnchangedLine):  # without a database, there is none
                    yield pending[batch.number].item.path, one
    for warning in front_matter_warnings(source.location, unknown_keys):
        yield warning.name, warning


async def _inventory(source: Source, *, allow_loopback: bool) -> Inventory:
    if not source.is_web:
        return await asyncio.to_thread(list_items, source)
    from index.sources.web import fetch  # noqa: PLC0415 - slow to import, and not for files

    try:
        fetched = await fetch(source.location, allow_loopback=allow_loopback)
    except CoverageError as error:
        address, problem = redact(source.location), str(error)
        raise CoverageError(
            problem if problem.startswith(address) else f"{address}: {problem}"
        ) from error
    assert fetched is not None  # noqa: S101 - for mypy: only a request with validators gives None
    return Inventory((web_item(source, fetched),), ())
