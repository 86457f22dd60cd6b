"""Sources of coverage, and the items that each contains."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from io import BufferedIOBase, BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import xxhash

from index.errors import CoverageError
from index.model import CoverageWarning, ExtractedArticle, Skipped, UnchangedLine
from index.sources.checking import checked, clean_report, unexpected, within_reason
from index.sources.details import Details
from index.sources.files import open_failure, open_file, walk
from index.sources.http_result import HttpResult
from index.sources.manifest import NAME, Entry, missing_files, read_manifest
from index.sources.passed_over import PassedOver
from index.sources.reader import VERSION, ItemContext, SourceEntry, SourceReader
from index.sources.registry import (
    HEAD,
    reader_of,
    reader_of_content,
    reader_of_file,
    reader_of_response,
    suffixes,
)
from index.sources.warnings import shared_details

_SUFFIX = re.compile(r"\.[^./]*(\.gz)?\Z", re.IGNORECASE)

_MAX_REPEATED = 100  # ids of an archive that are told one by one

SAMPLE = Path(__file__).parents[1] / "sample"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a folder or an http(s) address that the coverage comes from.

    `location` is the absolute path or the address; `details` are those that its owner gives. `name`
    is the location as the owner wrote it, or empty.
    """

    location: str
    details: Details = field(default_factory=Details)
    name: str = ""

    @property
    def is_web(self) -> bool:
        """True if the location is an address."""
        return self.location.lower().startswith(("http://", "https://"))


class KnownLine(NamedTuple):
    """A line of an archive as it was last read: its article's id, and its position."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class Item:
    """One file or one fetched page: the unit that is read again when it has changed.

    `path` is the absolute path or the address, `name` the id of its article where nothing else
    gives one, `kind` that of its reader, `size` its bytes as stored. `stamp` mostly changes with
    the content, and is known without reading it; empty if there is none. `charset` is the encoding
    that a server declares, or empty. `open` gives the bytes, in another process too.
    `details_unread`: its manifest cannot be read, so what is stored of it may be more complete
    than `details`.
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

    @property
    def reader(self) -> SourceReader:
        """The reader of its kind, looked up: an item travels to other processes."""
        return reader_of(self.kind)

    def digest(self) -> str:
        """A fingerprint of everything that its articles depend on. Raises CoverageError."""
        try:
            with self.open() as file:
                content = hashlib.file_digest(file, xxhash.xxh3_128)
        except OSError as error:
            raise CoverageError(f"{open_failure(error)}; check the disk") from error
        # By repr: to rename the class or a field of `details` would have every item read again.
        content.update(f"{VERSION} {self.details!r}".encode())
        return content.hexdigest()

    def articles(self) -> Iterator[ExtractedArticle | Skipped]:
        """Its articles, each with a unique id. Raises CoverageError."""
        with self.open() as file:
            yield from (one for one in self.entries(file) if not isinstance(one, UnchangedLine))

    def entries(
        self, file: BufferedIOBase, lines: Mapping[bytes, KnownLine] = MappingProxyType({})
    ) -> Iterator[SourceEntry]:
        """Its articles from an open `file`, without reading known `lines` of an archive again.

        `lines` are keyed by their digest.
        """
        reader = reader_of_content(self.reader, file.read(HEAD))
        file.seek(0)

        def id_at(position: int) -> str:
            # Some files that mostly hold one article may hold several.
            numbered = reader.is_archive or position
            return f"{self.name}:{position + 1}" if numbered else self.name

        def find_known_id(digest: bytes, position: int) -> str:
            line = lines.get(digest)
            # An article that got its id from its position has another id in another position.
            if line and (line.position == position or line.id != id_at(line.position)):
                return line.id
            return ""

        seen: set[str] = set()
        repeated = 0
        context = ItemContext(self.path, self.details, self.charset, find_known_id)
        found = within_reason(reader.read(file, context), self.path)
        for position, entry in enumerate(found):
            one = self._checked(entry)
            if isinstance(one, Skipped):
                yield one
                continue
            article_id = one.id or id_at(position)
            if article_id in seen:
                repeated += 1
                name = article_id if repeated <= _MAX_REPEATED else "more"
                yield Skipped(f"{self.path}: {name}", "the id is already used; choose another `id`")
            else:
                seen.add(article_id)
                yield one if one.id == article_id else replace(one, id=article_id)

    def _checked(self, entry: SourceEntry) -> SourceEntry:
        """The entry with the details of its owner, as it may be kept; Skipped if it may not."""
        try:
            one = self.details.apply_to(entry) if isinstance(entry, ExtractedArticle) else entry
            return checked(one)
        except CoverageError as error:
            return Skipped(self.path, str(error))
        except Exception as error:  # noqa: BLE001 - it costs the article, not the reindex
            return Skipped(self.path, str(unexpected(error)))


def web_item(source: Source, fetched: HttpResult) -> Item:
    """The page or archive that was last fetched from `source`."""
    path = urlsplit(source.location).path
    reader = reader_of_response(fetched.content_type, path, fetched.body)
    # The address is that of one page; the articles of an archive have addresses of their own.
    url = None if reader.is_archive else source.details.url or source.location
    return Item(
        path=source.location,
        name=source.location,
        kind=reader.kind,
        size=len(fetched.body),
        details=msgspec.structs.replace(source.details, url=url),
        stamp="",
        charset=fetched.charset,
        open=partial(_open_body, fetched.body),
    )


def _open_body(body: bytes) -> AbstractContextManager[BufferedIOBase]:
    return nullcontext(BytesIO(body))


def _file_item(path: Path, root: Path, details: Details, *, details_unread: bool) -> Item:
    state = path.stat()
    return Item(
        path=str(path),
        name=_SUFFIX.sub("", path.relative_to(root).as_posix()),
        kind=reader_of_file(path.name).kind,
        size=state.st_size,
        details=details,
        stamp=f"{state.st_size} {state.st_mtime_ns} {VERSION} {details!r}",
        charset="",
        open=partial(open_file, path),
        details_unread=details_unread,
    )


@dataclass(frozen=True, slots=True)
class Inventory:
    """The content of a source at present.

    `unread` are the paths that could not be examined: nothing at or below them counts as gone.
    `passed_over` tells which kinds of files were not looked at, which is not news each time.
    """

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    unread: frozenset[str] = frozenset()
    warnings: tuple[CoverageWarning, ...] = ()
    passed_over: tuple[CoverageWarning, ...] = ()

    def gone(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of the items' `paths` that no longer exist."""
        present = {item.path for item in self.items} | self.unread
        for path in paths:
            if path not in present and present.isdisjoint(map(str, Path(path).parents)):
                yield path


def list_items(source: Source) -> Inventory:
    """The files of a source on disk, sorted by path, with the details that manifests give."""
    root = Path(source.location)
    try:
        root.stat()
    except (OSError, ValueError) as error:
        missing = Skipped(
            source.location, f"{open_failure(error)}; check the path and its permissions"
        )
        return Inventory((), (missing,), frozenset({source.location}))
    passed_over = PassedOver()
    found = list(_file_items(root, source.details, passed_over))
    unread = frozenset(one.name for one in found if isinstance(one, Skipped))
    items = tuple(one for one in found if isinstance(one, Item))
    skipped = tuple(clean_report(one) for one in found if isinstance(one, Skipped))
    warnings = tuple(clean_report(one) for one in found if isinstance(one, CoverageWarning))
    if root.is_dir() or any(item.reader.is_archive for item in items):
        warnings += (*shared_details(source.location, source.details),)
    if not found:
        endings = ", ".join(suffixes())
        skipped = (Skipped(source.location, f"it contains no articles; add files ({endings})"),)
    other = tuple(map(clean_report, passed_over.warnings(source.location)))
    return Inventory(items, skipped, unread, warnings, other)


def _file_items(
    root: Path, details: Details, passed_over: PassedOver
) -> Iterator[Item | Skipped | CoverageWarning]:
    folder = root if root.is_dir() else root.parent
    manifests: dict[Path, Mapping[str, Entry] | None] = {}  # by folder; None if unreadable
    for path in walk(root, suffixes(), passed_over):
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
                for problem in missing_files(path.parent, entries):
                    yield Skipped(str(path.parent / NAME), problem)
        manifest = manifests[path.parent]
        described = details if manifest is None else manifest.get(path.name, details)
        try:
            yield _file_item(path, folder, described, details_unread=manifest is None)
        except CoverageError as error:
            yield Skipped(str(path), str(error))
        except OSError as error:
            yield Skipped(str(path), f"{open_failure(error)}; check the path")
