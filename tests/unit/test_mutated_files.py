"""Damaged files of each kind are read, or refused with a reason, and soon."""

import io
import zipfile
from collections.abc import Iterator

import pytest

import documents
from index.errors import CoverageError
from index.model import ExtractedArticle, Skipped
from index.sources.checking import checked
from index.sources.reader import ItemContext
from index.sources.registry import READERS, reader_of
from mutations import mutants

pytestmark = pytest.mark.long

LEAD = "The harbour board voted on Tuesday to dredge the northern channel, at no small price."
PAGE = f"<html><body><article><h1>Piers</h1><p>{LEAD}</p><p>{LEAD[:-1]} again.</p></article></body>"
DOCX = documents.docx(documents.word_paragraph(LEAD) * 2, "Piers", "Ada Berg")
MAIL = documents.mail(
    f"--x\nContent-Type: text/plain\n\n{LEAD}\n\nOn Monday, Per wrote:\n> Piers?\n"
    f"--x\nContent-Type: text/html\n\n{PAGE}\n--x--",
    Content_Type='multipart/alternative; boundary="x"',
)
FILES = {
    "docx": DOCX,
    "html": PAGE.encode(),
    "jsonl": f'{{"id": 1, "title": "Piers", "author": ["Ada"], "text": "{LEAD}"}}\n'.encode(),
    "mail": MAIL,
    "mails": documents.mbox(MAIL, documents.mail(LEAD)),
    "markdown": f"---\ntitle: Piers\nauthor: [Ada]\n---\n# A\n\n{LEAD}\n\n| a | b |\n".encode(),
    "mhtml": documents.mhtml(PAGE),
    "pdf": documents.pdf([documents.column([LEAD] * 3)] * 2, "Piers", "Ada Berg"),
    "text": f"1 of 2 DOCUMENTS\n\nPost\n\nMarch 5, 2024\n\nPiers\n\nLENGTH: 1\n\n{LEAD}".encode(),
}


def _repacked(seed: int) -> Iterator[bytes]:
    """Documents whose text is damaged, and whose zip file is not."""
    with zipfile.ZipFile(io.BytesIO(DOCX)) as archive:
        text = archive.read("word/document.xml")
    for mutant in mutants(text, 100, seed):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("word/document.xml", mutant)
        yield packed.getvalue()


def test_each_kind_is_damaged() -> None:
    assert {reader.kind for reader in READERS} == set(FILES)


@pytest.mark.parametrize("kind", FILES)
def test_damaged_files_are_read_or_refused(kind: str) -> None:
    reader = reader_of(kind)
    damaged = [*mutants(FILES[kind], 200), *(_repacked(1) if kind == "docx" else ())]
    read = 0
    for data in damaged:
        assert reader.sniff(data[:4096]) in (True, False)
        try:
            for entry in reader.read(io.BytesIO(data), ItemContext(kind)):
                assert isinstance(checked(entry), ExtractedArticle | Skipped)
                read += 1
        except CoverageError as error:
            assert "\n" not in str(error)  # noqa: PT017 - both are right
    assert read
