"""`.mbox`: an archive of mails, as mail programs export a folder."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedIOBase

import xxhash

from index.errors import CoverageError
from index.model import Skipped, UnchangedLine
from index.sources.checking import unexpected
from index.sources.files import MAX_BYTES
from index.sources.reader import VERSION, ItemContext, SourceEntry, SourceReader

_BEGIN = re.compile(rb"From \S+.*\d")  # with a sender and a date
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAX_ARCHIVE_BYTES = 4 * 1024**3


class MboxReader(SourceReader):
    """Reads archives of mails, without reading again the mails that have not changed."""

    kind = "mails"
    suffixes = (".mbox",)
    mime_types = ("application/mbox",)
    seconds_per_megabyte = 0.3
    is_archive = True

    def sniff(self, head: bytes) -> bool:
        """True if a mail begins, as each does in such an archive."""
        return _BEGIN.match(head) is not None

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[SourceEntry]:
        """One entry per mail."""
        from index.sources.extraction.mail import read_mail  # noqa: PLC0415 - slow to import

        # The same mail is read differently with other details or by a later version.
        seed = xxhash.xxh3_64_intdigest(f"{VERSION} {context.details!r}".encode())
        position = -1
        for position, data in enumerate(_mails(file)):
            digest = xxhash.xxh3_128_digest(data, seed)
            if known_id := context.find_known_id(digest, position):
                yield UnchangedLine(known_id, digest)
                continue
            name = f"{context.name} mail {position + 1}"
            if len(data) > MAX_BYTES:
                yield Skipped(name, f"it is larger than {MAX_BYTES >> 20} MiB; save it by itself")
                continue
            try:
                yield replace(next(read_mail(data)), line=digest)
            except CoverageError as error:
                yield Skipped(name, str(error))
            except Exception as error:  # noqa: BLE001 - it costs the mail, not the archive
                yield Skipped(name, str(unexpected(error)))
        if position < 0:
            raise CoverageError("it has no mails; export them as .mbox again, or as .eml")


def _mails(file: BufferedIOBase) -> Iterator[bytes]:
    """The mails, each cut somewhat above `MAX_BYTES`."""
    mail: list[bytes] | None = None  # None before the first
    size = total = 0
    after_blank = True
    while line := file.readline(MAX_BYTES):
        total += len(line)
        if total > _MAX_ARCHIVE_BYTES:
            raise CoverageError(f"it is larger than {_MAX_ARCHIVE_BYTES >> 30} GiB; split it")
        if after_blank and _BEGIN.match(line):
            if mail is not None:
                yield _unescaped(mail)
            mail, size = [], 0
        elif mail is None and line.strip():
            return
        elif mail is not None and size <= MAX_BYTES:
            mail.append(line)
            size += len(line)
        after_blank = not line.strip()
    if mail is not None:
        yield _unescaped(mail)


def _unescaped(lines: list[bytes]) -> bytes:
    return _ESCAPED.sub(rb"\1", b"".join(lines))
