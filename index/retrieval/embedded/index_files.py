"""The index files of a database: one for the main segment, another for the delta.

Each file names the snapshot that it completes, and the delta also its main segment. So files are
never mixed, even when only one was written, or both by different processes.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from index.analysis.lexicon import ANALYSIS_VERSION, FIRST_TERM
from index.analysis.string_array import Arrays, prefixed, unprefixed
from index.retrieval.embedded.array_file import DamagedFileError, OtherFileError, load, save
from index.retrieval.embedded.segment import Segment
from index.retrieval.embedded.snapshot import Snapshot
from index.store.ownership import DELTA, INDEX, beside, check_file

_VERSION = "5"  # of the format; files of other versions are ignored
_MADE_BY = {"version": _VERSION, "analysis": ANALYSIS_VERSION}

_About = Mapping[str, str]  # the `about` of a file, or what it must include
_Stamp = tuple[int, int, int]
_Opened = tuple[str, Snapshot]  # a snapshot with its id


def index_file(database: Path) -> Path:
    """The path of the main index file of a database."""
    return beside(database, INDEX)


class IndexFiles:
    """The index files of some sources: the main one at `path`, and the delta beside it.

    The main file stays mapped, and is not read again until it is replaced.
    """

    def __init__(self, path: Path, sources: Sequence[str]) -> None:
        self.path = path
        self.sources = sources
        self._delta = beside(path, DELTA)
        self._read: tuple[_Stamp, _About, Arrays] | None = None  # the main file

    def open(self, snapshot_id: str) -> Snapshot | None:
        """Map the snapshot with that id; None without intact files of it."""
        about = self._about(snapshot_id)
        return _second(_first_usable(self._read_main, self._read_delta, about=about))

    def open_newest(self) -> tuple[str, Snapshot] | None:
        """Map the snapshot that was written last, with its id; None without intact files."""
        about = {key: value for key, value in self._about("").items() if key != "generation"}
        return _first_usable(self._read_delta, self._read_main, about=about)

    def newest(self) -> Snapshot | None:
        """The snapshot that was written last, of any sources; None without intact files."""
        return _second(_first_usable(self._read_delta, self._read_main, about=_MADE_BY))

    def last_row(self) -> int:
        """The highest database row in the newest snapshot; 0 if it has none."""
        newest = self.newest()
        return int(newest.rows.max(initial=0)) if newest else 0

    def write(self, snapshot_id: str, snapshot: Snapshot) -> None:
        """Write the last segment of a snapshot, and the snapshot under that id.

        Raises OSError and StoreError, see `check`, and then leaves the files as they were.
        """
        self.check()
        *before, last = snapshot.segments
        arrays = {**prefixed("segment", last.arrays()), **prefixed("generation", snapshot.arrays())}
        if before:
            save(self._delta, {**self._about(snapshot_id), "main": before[0].name}, arrays)
        else:
            save(self.path, {**self._about(snapshot_id), "name": last.name}, arrays)
            self._delta.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise StoreError where a file of another program has one of the names."""
        for file in (self.path, self._delta):
            check_file(file, INDEX)

    def _about(self, snapshot_id: str) -> dict[str, str]:
        sources = "\n".join(self.sources).encode(errors="surrogateescape")
        digest = hashlib.blake2b(sources, digest_size=16).hexdigest()
        return {**_MADE_BY, "generation": snapshot_id, "sources": digest}

    def _read_main(self, about: _About) -> _Opened:
        stat = self.path.stat()
        stamp = stat.st_ino, stat.st_mtime_ns, stat.st_size
        if not (self._read and self._read[0] == stamp):
            self._read = stamp, *load(self.path, about)
        _, own_about, arrays = self._read
        if not about.items() <= own_about.items():
            raise OtherFileError(self.path)
        segment = _segment(own_about["name"], FIRST_TERM, arrays)
        return own_about["generation"], _snapshot([segment], arrays)

    def _read_delta(self, about: _About) -> _Opened:
        own_about, arrays = load(self._delta, about)
        _, whole = self._read_main({**_MADE_BY, "name": own_about["main"]})
        [main] = whole.segments
        delta = _segment("", len(main.vocabulary), arrays)
        return own_about["generation"], _snapshot([main, delta], arrays)


def _segment(name: str, first_id: int, arrays: Arrays) -> Segment:
    return Segment.from_arrays(name, first_id, unprefixed(arrays, "segment"))


def _snapshot(segments: Sequence[Segment], arrays: Arrays) -> Snapshot:
    return Snapshot.from_arrays(segments, unprefixed(arrays, "generation"))


def _second(opened: _Opened | None) -> Snapshot | None:
    return opened[1] if opened else None


def _first_usable(*openers: Callable[[_About], _Opened], about: _About) -> _Opened | None:
    """The result of the first of the functions that finds intact files."""
    for opener in openers:
        with suppress(DamagedFileError, OtherFileError, OSError):
            return opener(about)
    return None
