"""Writes small documents of other kinds, for tests of their readers."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from textwrap import wrap

# Paragraphs of an invented article.
LEAD = (
    "The harbour board voted on Tuesday to dredge the northern channel, a job that will close"
    " two piers for most of the winter and cost the town about nine million crowns."
)
MIDDLE = (
    "Ferries keep running from the old quay, the board said, though the last crossing leaves an"
    " hour earlier and lorries must book a place at least one day ahead of their trip."
)
END = (
    "Work begins in the first week of October, and the engineers expect to be done before the"
    " herring season, when every metre of the quay is needed by the fishing fleet."
)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

PrintedLine = tuple[float, float, float, str]  # left, base, size, text


def pdf(pages: Iterable[Iterable[PrintedLine]], title: str = "", author: str = "") -> bytes:
    """A PDF with lines of Helvetica on pages of A4."""
    contents = [_content(lines) for lines in pages]
    numbers = range(4, 4 + 2 * len(contents), 2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(contents)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}]"
        " >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in zip(numbers, contents, strict=True):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    objects.append(f"<< /Title ({title}) /Author ({author}) >>".encode("cp1252"))
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    xref = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        xref,
    )
    return bytes(written)


def _content(lines: Iterable[PrintedLine]) -> bytes:
    escapes = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
    shown = (
        f"BT /F1 {size:g} Tf {left:g} {base:g} Td ({text.translate(escapes)}) Tj ET"
        for left, base, size, text in lines
    )
    return "\n".join(shown).encode("cp1252")


def column(
    paragraphs: Iterable[str], left: float = 50, top: float = 780, chars: int = 90
) -> list[PrintedLine]:
    """Lines of 10 points from the top on, with space between the paragraphs."""
    lines: list[PrintedLine] = []
    for text in paragraphs:
        for line in wrap(text, chars):
            lines.append((left, top, 10, line))
            top -= 12
        top -= 8
    return lines


def docx(
    body: str, title: str = "", author: str = "", parts: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A document of Word whose body is WordprocessingML, with further parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
            f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "docProps/core.xml",
            '<core xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></core>",
        )
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts:
            archive.writestr(name, content)
    return packed.getvalue()


def word_paragraph(text: str, style: str = "") -> str:
    """A paragraph in WordprocessingML."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def mhtml(page: str, encoding: str = "quoted-printable") -> bytes:
    """A page with a picture, as Chromium saves it."""
    import base64  # noqa: PLC0415 - small
    import quopri  # noqa: PLC0415 - small

    data = page.encode()
    encoded = base64.encodebytes(data) if encoding == "base64" else quopri.encodestring(data)
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://eldholm.example/piers\r\n"
        b"Subject: =?utf-8?Q?Piers?=\r\nDate: Wed, 6 Mar 2024 10:11:12 -0000\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        b'\tboundary="--Boundary--x"\r\n\r\n'
        b"----Boundary--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\r\nContent-Location: https://eldholm.example/piers\r\n\r\n"
        + encoded
        + b"\r\n----Boundary--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"\r\n" + b"iVBORw0KGgo=\r\n" * 9 + b"\r\n----Boundary--x--\r\n"
    )


def mail(text: str, subject: str = "Piers", **headers: str) -> bytes:
    """A mail in plain text."""
    fields = {
        "From": "Ada Berg <ada@post.example>",
        "To": "desk@press.example",
        "Subject": subject,
        "Date": "Tue, 05 Mar 2024 10:11:12 +0100",
        "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"{head}\n{text}\n".encode()


def mbox(*mails: bytes) -> bytes:
    """An archive of mails."""
    return b"".join(
        b"From ada@post.example Tue Mar  5 10:11:12 2024\n" + one + b"\n" for one in mails
    )
