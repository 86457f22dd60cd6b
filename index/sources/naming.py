"""Names of files that may be shown to anybody: without where on this machine they lie."""

from collections.abc import Iterable
from pathlib import PurePath

from index.sources.addresses import shown
from index.sources.source import Source


def public_name(name: str, sources: Iterable[Source]) -> str:
    """The `name` of something skipped or warned about, as seen from its source.

    The source is called as its owner wrote it. A path in none of the sources loses its folders.
    """
    for source in sorted(sources, key=lambda one: len(one.location), reverse=True):
        if source.is_web:
            if source.location in name:
                return name.replace(source.location, shown(source.location))
        elif name.startswith(source.location):
            within = name.removeprefix(source.location)
            # What follows may be a path, or name a line or an article of an archive.
            if not within or within.startswith(("/", " ", ":")):
                return _called(source) + within
    return PurePath(name).name


def _called(source: Source) -> str:
    """A source on disk as its owner wrote it, where that says nothing of what lies above it."""
    written = PurePath(source.name)
    if not written.parts or written.is_absolute() or written.parts[0] in {"..", "~"}:
        return PurePath(source.location).name
    return str(written)
