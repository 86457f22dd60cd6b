"""Sources of coverage, and the items that each is made of."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from io import BufferedIOBase, BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

import msgspec
import xxhash

from index.errors import CoverageError
from index.model import CoverageWarning, ExtractedArticle, Skipped, UnchangedLine
from index.sources.addresses import shown
from index.sources.details import Details
from index.sources.files import open_file, reason, walk
from index.sources.http_result import HttpResult
from index.sources.manifest import NAME, Entry, read_manifest, strays
from index.sources.registry import SUFFIXES, VERSION, kind_of, read_articles
from index.sources.warnings import meant_for_one, unknown_in_front_matter

_SUFFIX = re.compile(r"\.[^./]*(\.gz)?\Z", re.IGNORECASE)

SAMPLE = Path(__file__).parents[1] / "sample"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a folder or an http(s) address that the coverage comes from.

    `location` is the absolute path or the address; `details` are those its owner gives. `name` is
    what its owner wrote for it, where that is known.
    """

    location: str
    details: Details = field(default_factory=Details)
    name: str = ""

    @property
    def is_web(self) -> bool:
        """Whether the location is an address."""
        return self.location.lower().startswith(("http://", "https://"))


# What a server says that it sends, where that can be believed; an archive has no type of its own.
_KINDS_BY_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
}


class KnownLine(NamedTuple):
    """A line of an archive as it was read last: its article's id, and its place in the archive."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class Item:
    """One file or one fetched page: what is read again as a whole when it has changed.

    `path` is the absolute path or the address, `name` what its article is called by where nothing
    else names it, `kind` how it is read (see `kind_of`), `size` its bytes as they are stored.
    `stamp` changes, most of the time, with the content, and is had without reading it; empty where
    there is none. `charset` is the encoding that a server claims, or empty. `open` gives the bytes,
    in another process too. `details_unread` where a manifest that cannot be read may say more of
    it: what is known of it already is then more than `details`.
    """

    path: str
    name: str
    kind: str
    size: int
    details: Details
    stamp: str
    charset: str
    open: Callable[[], AbstractContextManager[BufferedIOBase]]
    details_unread: bool = False

    def digest(self) -> str:
        """A fingerprint of all that the item's articles depend on. Raises CoverageError."""
        with self.open() as file:
            content = hashlib.file_digest(file, xxhash.xxh3_128)
        content.update(f"{VERSION} {self.details!r}".encode())
        return content.hexdigest()

    def pages(self) -> Iterator[ExtractedArticle | Skipped]:
        """The item's articles, each with an id of its own. Raises CoverageError."""
        with self.open() as file:
            yield from (one for one in self.entries(file) if not isinstance(one, UnchangedLine))

    def entries(
        self, file: BufferedIOBase, lines: Mapping[bytes, KnownLine] = MappingProxyType({})
    ) -> Iterator[ExtractedArticle | Skipped | UnchangedLine]:
        """The same of the item's bytes, opened already; known `lines` are not read again."""

        def recall(digest: bytes, position: int) -> str:
            line = lines.get(digest)
            # An article that was called by its place has another id in another place.
            if line and (line.position == position or line.id != self._name(line.position)):
                return line.id
            return ""

        seen: set[str] = set()
        found = read_articles(file, self.kind, self.path, self.details, self.charset, recall)
        for position, one in enumerate(found):
            if isinstance(one, Skipped):
                yield one
                continue
            name = one.id or self._name(position)
            if name in seen:
                yield Skipped(f"{self.path}: {name}", "the id is taken; give another `id`")
            else:
                seen.add(name)
                yield one if one.id == name else replace(one, id=name)

    def _name(self, position: int) -> str:
        """What an article there is called where it has no id."""
        return f"{self.name}:{position + 1}" if self.kind == "jsonl" else self.name


def web_item(source: Source, fetched: HttpResult) -> Item:
    """The page, or the archive, that `source` last fetched."""
    by_name = kind_of(
        urlsplit(source.location).path, "text" if fetched.content_type == "text/plain" else "jsonl"
    )
    kind = _KINDS_BY_TYPE.get(fetched.content_type, by_name)
    # The address is that of one page; an archive's articles have addresses of their own.
    url = None if kind == "jsonl" else source.details.url or source.location
    return Item(
        path=source.location,
        name=source.location,
        kind=kind,
        size=len(fetched.body),
        details=msgspec.structs.replace(source.details, url=url),
        stamp="",
        charset=fetched.charset,
        open=partial(_unfolded, fetched.body),
    )


def _unfolded(body: bytes) -> AbstractContextManager[BufferedIOBase]:
    return nullcontext(BytesIO(body))


def _file_item(path: Path, root: Path, details: Details, *, details_unread: bool) -> Item:
    state = path.stat()
    return Item(
        path=str(path),
        name=_SUFFIX.sub("", path.relative_to(root).as_posix()),
        kind=kind_of(path.name),
        size=state.st_size,
        details=details,
        stamp=f"{state.st_size} {state.st_mtime_ns} {VERSION} {details!r}",
        charset="",
        open=partial(open_file, path),
        details_unread=details_unread,
    )


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a source holds now.

    `unread` are the paths that could not be looked into: of what is there, or below, nothing is
    known to be gone.
    """

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    unread: frozenset[str] = frozenset()
    warnings: tuple[CoverageWarning, ...] = ()

    def gone(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of the `paths` of items that are no longer there."""
        there = {item.path for item in self.items} | self.unread
        for path in paths:
            if path not in there and there.isdisjoint(map(str, Path(path).parents)):
                yield path


def list_items(source: Source) -> Inventory:
    """The files of a source on disk, sorted by path, with the details that manifests give."""
    root = Path(source.location)
    try:
        root.stat()
    except (OSError, ValueError) as error:
        missing = Skipped(source.location, f"{reason(error)}; check the path and its permissions")
        return Inventory((), (missing,), frozenset({source.location}))
    found = list(_file_items(root, source.details))
    items = tuple(one for one in found if isinstance(one, Item))
    skipped = tuple(one for one in found if isinstance(one, Skipped))
    warnings = tuple(one for one in found if isinstance(one, CoverageWarning))
    if root.is_dir() or any(item.kind == "jsonl" for item in items):
        warnings += (*meant_for_one(source.location, source.details),)
    unread = frozenset(one.name for one in skipped)
    if not found:
        kinds = ", ".join(SUFFIXES)
        skipped = (Skipped(source.location, f"it holds no articles; add files ({kinds})"),)
    return Inventory(items, skipped, unread, warnings)


def _file_items(root: Path, details: Details) -> Iterator[Item | Skipped | CoverageWarning]:
    folder = root if root.is_dir() else root.parent
    manifests: dict[Path, Mapping[str, Entry] | None] = {}  # None for one that cannot be read
    for path in walk(root, SUFFIXES):
        if isinstance(path, Skipped):
            yield path
            continue
        if path.parent not in manifests:
            try:
                entries, warnings = read_manifest(path.parent)
            except CoverageError as error:
                manifests[path.parent] = None
                yield Skipped(str(path.parent / NAME), str(error))
            else:
                manifests[path.parent] = entries
                yield from warnings
                for problem in strays(path.parent, entries):
                    yield Skipped(str(path.parent / NAME), problem)
        manifest = manifests[path.parent]
        described = details if manifest is None else manifest.get(path.name, details)
        try:
            yield _file_item(path, folder, described, details_unread=manifest is None)
        except CoverageError as error:
            yield Skipped(str(path), str(error))
        except OSError as error:
            yield Skipped(str(path), f"{reason(error)}; check the path")


Found: TypeAlias = tuple[str, ExtractedArticle | Skipped | CoverageWarning]


def read_source(source: Source) -> Iterator[Found]:
    """Every article of a source on disk, with its file; what cannot be read comes as Skipped."""
    return _read(source, list_items(source))


async def read_web_source(source: Source, *, allow_loopback: bool) -> Iterator[Found]:
    """The same of an address, which is fetched now. Raises CoverageError, which names it."""
    from index.sources.web import fetch  # noqa: PLC0415 - slow to import, and not for files

    try:
        fetched = await fetch(source.location, allow_loopback=allow_loopback)
    except CoverageError as error:
        address, problem = shown(source.location), str(error)
        raise CoverageError(
            problem if problem.startswith(address) else f"{address}: {problem}"
        ) from error
    assert fetched is not None  # noqa: S101 - for the types: it was asked without validators
    return _read(source, Inventory((web_item(source, fetched),), ()))


def _read(source: Source, inventory: Inventory) -> Iterator[Found]:
    yield from ((skipped.name, skipped) for skipped in inventory.skipped)
    yield from ((warning.name, warning) for warning in inventory.warnings)
    unknown_keys: set[str] = set()
    for item in inventory.items:
        try:
            for page in item.pages():
                if isinstance(page, ExtractedArticle):
                    unknown_keys.update(page.unknown_keys)
                yield item.path, page
        except CoverageError as error:
            yield item.path, Skipped(item.path, str(error))
    for warning in unknown_in_front_matter(source.location, unknown_keys):
        yield warning.name, warning
