"""Public names of files: without their path on this machine."""

from collections.abc import Iterable
from pathlib import PurePath

from index.sources.addresses import redact
from index.sources.source import Source


def public_name(name: str, sources: Iterable[Source]) -> str:
    """The `name` of something skipped or warned about, relative to its source.

    The source is named as its owner wrote it. A path outside all sources loses its folders.
    """
    for source in sorted(sources, key=lambda one: len(one.location), reverse=True):
        if source.is_web:
            if source.location in name:
                return name.replace(source.location, redact(source.location))
        elif name.startswith(source.location):
            within = name.removeprefix(source.location)
            # The rest may be a path, or refer to a line or an article of an archive.
            if not within or within.startswith(("/", " ", ":")):
                return _display_name(source) + within
    return PurePath(name).name


def _display_name(source: Source) -> str:
    """A source on disk as its owner wrote it, unless that reveals the folders above it."""
    written = PurePath(source.name)
    if not written.parts or written.is_absolute() or written.parts[0] in {"..", "~"}:
        return PurePath(source.location).name
    return str(written)
