"""Word documents: what is shown of them is read, within bounds."""

import io
import zipfile
from pathlib import Path

import pytest

import documents
from documents import word_paragraph
from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.docx import DocxReader
from index.sources.reader import ItemContext

STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
)


def read(data: bytes) -> ExtractedArticle:
    [article] = DocxReader().read(io.BytesIO(data), ItemContext("a.docx"))
    return article


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(*texts: str) -> str:
    return f"<w:tc>{''.join(map(word_paragraph, texts))}</w:tc>"


def test_title_author_and_headings() -> None:
    body = word_paragraph("Fares", "berschrift1") + word_paragraph("The ferry sails at nine.")
    styles = [("word/styles.xml", STYLES)]
    article = read(documents.docx(body, "Piers", "Ada Berg; Bo Holm", styles))
    assert (article.title, article.author) == ("Piers", "Ada Berg, Bo Holm")
    assert article.paragraphs == ("The ferry sails at nine.",)
    assert read(documents.docx(body, parts=styles)).title == "Fares"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<w:r><w:t>The </w:t><w:tab/><w:t>ferry</w:t><w:br/><w:t>sails.</w:t></w:r>",
         "The ferry sails."),
        ('<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>' + run("Sails"), "Sails"),
        (run("at ") + "<w:del><w:r><w:delText>eight</w:delText></w:r></w:del><w:ins>"
         + run("nine") + "</w:ins>", "at nine"),
        ("<w:moveFrom>" + run("gone ") + "</w:moveFrom>" + run("here"), "here"),
        (run("shown") + run(" hidden", "<w:vanish/>"), "shown"),
        (run("shown", '<w:vanish w:val="0"/>'), "shown"),
        ("<w:hyperlink>" + run("a link") + "</w:hyperlink><w:sdt><w:sdtContent>" + run(" too")
         + "</w:sdtContent></w:sdt>", "a link too"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("two") + "<w:r><w:noBreakHyphen/></w:r>"
         + run("year"), "two-year"),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_paragraph(content: str, shown: str) -> None:
    assert read(documents.docx(f"<w:p>{content}</w:p>")).paragraphs == (shown,)


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{word_paragraph('In a box.')}</w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:AlternateContent {compatible}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
    body = f"<w:p>{run('Around.')}<w:r>{both}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    assert read(documents.docx(body)).paragraphs == ("In a box.", "Around.")


def test_a_row_is_a_paragraph_and_a_layout_is_not() -> None:
    long = "The ferry sails from the old quay. " * 5
    body = (
        f"<w:tbl><w:tr>{cell('Lorries')}{cell('6 May')}</w:tr><w:tr>{cell('', '')}</w:tr></w:tbl>"
        f"<w:tbl><w:tr>{cell(long, 'Fares rise.')}{cell('Contact')}</w:tr></w:tbl>"
    )
    assert read(documents.docx(body)).paragraphs == (
        "Lorries 6 May",
        long.strip(),
        "Fares rise.",
        "Contact",
    )


def bomb(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return packed.getvalue()


ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(b"\0" * (40 << 20)), "unpacks to more than 32 MiB"),
        (bomb(b"<w:p>" * 9_000), "damaged"),
        (bomb(f"<!DOCTYPE a [<!ENTITY a0 'aa'>{ENTITIES}]><a>&a11;</a>".encode()), "text"),
        (bomb(b"<a>" + b"<b/>" * 600_000 + b"</a>"), "too many parts"),
        (bomb(b"<a>")[:-30], "damaged"),
        (b"PK\1\2" * 10_001, "more than 10,000 parts"),
        (documents.docx(""), "it has no text"),
    ],
    ids=["large", "deep", "entities", "many", "cut", "entries", "empty"],
)
def test_a_bomb_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CoverageError, match=reason):
        read(data)


def test_no_file_is_read_through_an_entity(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Eldholm's secret.")
    xml = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><w:document xmlns:w="http://'
        'schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>The &x;ferry.'
        "</w:t></w:r></w:p></w:document>"
    )
    assert "secret" not in " ".join(read(bomb(xml.encode())).paragraphs)
