"""Counts the files of a folder that are passed over, to name each kind of them once."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import PurePath

from index.model import CoverageWarning

_MAX_KINDS = 20
# The folder in which a browser saves the pictures, frames and scripts of a page beside it.
_PARTS = re.compile(
    r"(.+)[ _.-](files|dateien|fichiers|archivos|ficheros|archivi|bestanden|pliki|soubory|filer"
    r"|arquivos|файлы|файли)",
    re.IGNORECASE,
)
_PAGES = (".html", ".htm", ".xhtml")


def is_part_of_page(folder: str, files: Collection[str]) -> bool:
    """True if `folder` has the parts of a page that was saved among the `files` beside it."""
    found = _PARTS.fullmatch(folder)
    return found is not None and any(found[1] + page in files for page in _PAGES)


class PassedOver:
    """The files and folders that are passed over in a folder."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._parts = 0

    def count_file(self, name: str) -> None:
        """Count a file of a kind that is not read."""
        self._kinds[PurePath(name).suffix.lower() or "no ending"] += 1

    def count_parts(self) -> None:
        """Count a folder with the parts of a saved page."""
        self._parts += 1

    def warnings(self, location: str) -> Iterator[CoverageWarning]:
        """One warning for the files that were passed over, and one for the folders."""
        if total := self._kinds.total():
            listed = [f"{kind} ({number:,})" for kind, number in self._kinds.most_common()]
            more = ["…"] if len(listed) > _MAX_KINDS else []
            what = "1 file of a kind" if total == 1 else f"{total:,} files of kinds"
            kinds = ", ".join(listed[:_MAX_KINDS] + more)
            yield CoverageWarning(location, f"{what} that clipdesk doesn't read: {kinds}")
        if self._parts:
            folders = "1 folder" if self._parts == 1 else f"{self._parts:,} folders"
            yield CoverageWarning(location, f"{folders} with parts of saved pages passed over")
