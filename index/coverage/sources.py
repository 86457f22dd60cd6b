"""Sources of coverage, and the items that each is made of."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from io import BufferedIOBase, BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from index.coverage.details import Details
from index.coverage.fetched import Fetched
from index.coverage.files import open_file, reason, walk
from index.coverage.manifest import NAME, read_manifest
from index.coverage.reading import SUFFIXES, VERSION, kind_of, read_articles
from index.errors import CoverageError
from index.model import Page, Skipped

SAMPLE = Path(__file__).parents[1] / "sample"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a folder or an http(s) address that the coverage comes from.

    `location` is the absolute path or the address; `details` are those its owner gives.
    """

    location: str
    details: Details = field(default_factory=Details)

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


@dataclass(frozen=True, slots=True)
class Item:
    """One file or one fetched page: what is read again as a whole when it has changed.

    `path` is the absolute path or the address, `name` what its article is called by where nothing
    else names it, `kind` how it is read (see `kind_of`). `stamp` changes, most of the time, with
    the content, and is had without reading it; empty where there is none. `charset` is the encoding
    that a server claims, or empty. `open` gives the bytes.
    """

    path: str
    name: str
    kind: str
    details: Details
    stamp: str
    charset: str
    open: Callable[[], AbstractContextManager[BufferedIOBase]]

    def digest(self) -> str:
        """A fingerprint of all that the item's articles depend on. Raises CoverageError."""
        with self.open() as file:
            content = hashlib.file_digest(file, "blake2b")
        content.update(f"{VERSION} {self.details!r}".encode())
        return content.hexdigest()

    def pages(self) -> Iterator[Page | Skipped]:
        """The item's articles, each with an id of its own. Raises CoverageError."""
        seen: set[str] = set()
        with self.open() as file:
            pages = read_articles(file, self.kind, self.path, self.details, self.charset)
            for number, page in enumerate(pages, start=1):
                if isinstance(page, Skipped):
                    yield page
                    continue
                name = f"{self.name}:{number}" if self.kind == "jsonl" else self.name
                page_id = page.id or name
                if page_id in seen:
                    yield Skipped(f"{self.path}: {page_id}", "the id is taken; give another `id`")
                else:
                    seen.add(page_id)
                    yield replace(page, id=page_id)


def web_item(source: Source, fetched: Fetched) -> Item:
    """The page, or the archive, that `source` last fetched."""
    by_name = kind_of(
        urlsplit(source.location).path, "text" if fetched.content_type == "text/plain" else "jsonl"
    )
    return Item(
        path=source.location,
        name=source.location,
        kind=_KINDS_BY_TYPE.get(fetched.content_type, by_name),
        details=msgspec.structs.replace(source.details, url=source.details.url or source.location),
        stamp="",
        charset=fetched.charset,
        open=lambda: nullcontext(BytesIO(fetched.body)),
    )


def _file_item(path: Path, root: Path, details: Details) -> Item:
    state = path.stat()
    return Item(
        path=str(path),
        name=path.relative_to(root).as_posix().removesuffix(".gz").rpartition(".")[0],
        kind=kind_of(path.name),
        details=details,
        stamp=f"{state.st_size} {state.st_mtime_ns} {VERSION} {details!r}",
        charset="",
        open=lambda: open_file(path),
    )


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a source holds now.

    Not `complete` where the source could not be looked into: then nothing is known to be gone.
    """

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    complete: bool = True


def look_into(source: Source) -> Inventory:
    """The files of a source on disk, sorted by path, with the details that manifests give."""
    root = Path(source.location)
    if not root.exists():
        missing = Skipped(source.location, "there is no such file or folder; check the path")
        return Inventory((), (missing,), complete=False)
    found = list(_file_items(root, source.details))
    items = tuple(one for one in found if isinstance(one, Item))
    skipped = tuple(one for one in found if isinstance(one, Skipped))
    if not found:
        kinds = ", ".join(SUFFIXES)
        skipped = (Skipped(source.location, f"it holds no articles; add files ({kinds})"),)
    return Inventory(items, skipped)


def _file_items(root: Path, details: Details) -> Iterator[Item | Skipped]:
    folder = root if root.is_dir() else root.parent
    manifests: dict[Path, dict[str, Details]] = {}
    for path in walk(root, SUFFIXES):
        if isinstance(path, Skipped):
            yield path
            continue
        if path.parent not in manifests:
            try:
                manifests[path.parent] = read_manifest(path.parent)
            except CoverageError as error:
                manifests[path.parent] = {}
                yield Skipped(str(path.parent / NAME), str(error))
        try:
            yield _file_item(path, folder, manifests[path.parent].get(path.name, details))
        except CoverageError as error:
            yield Skipped(str(path), str(error))
        except OSError as error:
            yield Skipped(str(path), f"{reason(error)}; check the path")


def read_source(source: Source) -> Iterator[tuple[str, Page | Skipped]]:
    """Every article of a source on disk, with its file; what cannot be read comes as Skipped."""
    inventory = look_into(source)
    yield from ((skipped.name, skipped) for skipped in inventory.skipped)
    for item in inventory.items:
        try:
            yield from ((item.path, page) for page in item.pages())
        except CoverageError as error:
            yield item.path, Skipped(item.path, str(error))
