"""The index files of a database: the main segment in one, and the delta in another.

Each says which generation it makes whole, and the delta with which main segment. So where one was
written and the other not, or both by different processes, they are never mixed.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from index.analysis.lexicon import ANALYSIS_VERSION, FIRST_TERM
from index.analysis.string_array import Arrays, named, within
from index.retrieval.embedded.array_file import DamagedFileError, OtherFileError, load, save
from index.retrieval.embedded.segment import Segment
from index.retrieval.embedded.snapshot import Snapshot
from index.store.ownership import DELTA, INDEX, beside, check_file

_VERSION = "4"  # of what the files hold; other files are not read
_MADE_BY = {"version": _VERSION, "analysis": ANALYSIS_VERSION}


_About = Mapping[str, str]  # what a file says of itself, or is to say
_Stamp = tuple[int, int, int]


def index_file(database: Path) -> Path:
    """Where the main index file is of what is stored in a database."""
    return beside(database, INDEX)


class IndexFiles:
    """The index files of some sources: the main one at `path`, and the delta beside it.

    A main file that was read stays mapped, and is not read again while nobody replaces it.
    """

    def __init__(self, path: Path, sources: Sequence[str]) -> None:
        self.path = path
        self.sources = sources
        self._delta = beside(path, DELTA)
        self._read: tuple[_Stamp, _About, Arrays] | None = None  # of the main file, when last read

    def open(self, generation: str) -> Snapshot | None:
        """That generation, mapped from its files; None where there are no such files.

        Files that are damaged, or of another generation, are none.
        """
        return _usable(self._read_main, self._read_delta, about=self._about(generation))

    def newest(self) -> Snapshot | None:
        """What was written last, of whatever sources; None where there are no such files."""
        return _usable(self._read_delta, self._read_main, about=_MADE_BY)

    def last_row(self) -> int:
        """The last row of the database that the newest has; 0 where it has none."""
        newest = self.newest()
        return int(newest.rows.max(initial=0)) if newest else 0

    def write(self, name: str, generation: Snapshot) -> None:
        """Write what no file has yet of the generation of that name.

        Raises OSError and StoreError, see `check`, and then all is as before.
        """
        self.check()
        *before, last = generation.segments
        arrays = {**named("segment", last.arrays()), **named("generation", generation.arrays())}
        if before:
            save(self._delta, {**self._about(name), "main": before[0].name}, arrays)
        else:
            save(self.path, {**self._about(name), "name": last.name}, arrays)
            self._delta.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise StoreError where a file has the name of one of these, and is not ours."""
        for file in (self.path, self._delta):
            check_file(file, INDEX)

    def _about(self, generation: str) -> dict[str, str]:
        sources = "\n".join(self.sources).encode(errors="surrogateescape")
        digest = hashlib.blake2b(sources, digest_size=16).hexdigest()
        return {**_MADE_BY, "generation": generation, "sources": digest}

    def _read_main(self, about: _About) -> Snapshot:
        stat = self.path.stat()
        stamp = stat.st_ino, stat.st_mtime_ns, stat.st_size
        if not (self._read and self._read[0] == stamp):
            self._read = stamp, *load(self.path, about)
        _, said, arrays = self._read
        if not about.items() <= said.items():
            raise OtherFileError(self.path)
        return _generation([_segment(said["name"], FIRST_TERM, arrays)], arrays)

    def _read_delta(self, about: _About) -> Snapshot:
        said, arrays = load(self._delta, about)
        [main] = self._read_main({**_MADE_BY, "name": said["main"]}).segments
        return _generation([main, _segment("", len(main.vocabulary), arrays)], arrays)


def _segment(name: str, first_id: int, arrays: Arrays) -> Segment:
    return Segment.from_arrays(name, first_id, within(arrays, "segment"))


def _generation(segments: Sequence[Segment], arrays: Arrays) -> Snapshot:
    return Snapshot.from_arrays(segments, within(arrays, "generation"))


def _usable(*ways: Callable[[_About], Snapshot], about: _About) -> Snapshot | None:
    """What the first of the ways gives that gives anything."""
    for way in ways:
        with suppress(DamagedFileError, OtherFileError, OSError):
            return way(about)
    return None
