"""Bytes of any encoding, and with any fault, become the text that they stand for."""

import gzip
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

from index.errors import CoverageError
from index.sources.decoding import decode

ENGLISH = "The mayor’s “harbour” plan – a £9 million one – is off…"
FRENCH = "Le café du port est fermé depuis l’été, a déclaré la mairie. « Ça ira », dit-elle."
SPANISH = "El señor Núñez dijo que mañana habrá una reunión en Málaga."
POLISH = "Zarząd portu zagłosował we wtorek za pogłębieniem północnego toru wodnego."
JAPANESE = "港の委員会は火曜日に北の水路を深くすることを決めた。工事は冬のあいだ続く。"
RUSSIAN = "Портовый совет во вторник проголосовал за углубление северного канала."
CHINESE = "港口委员会周二投票决定疏浚北部航道工程将持续整个冬天。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (ENGLISH, "utf-32"),
        (ENGLISH, "cp1252"),
        (ENGLISH * 3000, "cp1252"),
        ("Plain words. " * 10_000 + ENGLISH, "cp1252"),
        (FRENCH, "cp1252"),
        (SPANISH, "latin-1"),
        (POLISH, "cp1250"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "shift_jis"),
        (JAPANESE * 3000, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (RUSSIAN, "koi8_r"),
        (CHINESE, "gb18030"),
        ("a", "utf-8"),
    ],
)
def test_text_is_decoded(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_both_byte_orders_of_utf16(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + ENGLISH.encode(encoding)) == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding", "claim"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (ENGLISH, "cp1252", "iso-8859-1"),
        (ENGLISH, "utf-8", "iso-8859-1"),  # the claim is wrong
        (ENGLISH, "cp1252", "utf-8"),
        (FRENCH, "cp1252", "no-such-charset"),
        (FRENCH, "cp1252", "undefined"),
        (FRENCH, "cp1252", "punycode"),
        (FRENCH, "cp1252", "zip"),
        (FRENCH, "cp1252", "unicode_escape"),
        (FRENCH, "cp1252", "nul\0"),
    ],
)
def test_a_declared_encoding_is_used_where_it_fits(text: str, encoding: str, claim: str) -> None:
    assert decode(text.encode(encoding), claim) == text


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", ENGLISH)
    return packed.getvalue()


def _sqlite(path: Path) -> bytes:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE words (word)")
    db.close()
    return path.read_bytes()


def test_binaries_are_refused_whatever_their_name(tmp_path: Path) -> None:
    binaries = {
        "ELF": Path("/bin/sh").read_bytes()[:20_000],
        "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89",
        "PDF": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "RTF": rb"{\rtf1\ansi The harbour is closed.}",
        "zip": _zip(),
        "gzip": gzip.compress(ENGLISH.encode() * 20),
        "sqlite": _sqlite(tmp_path / "a.db"),
        "noise": bytes((i * 197 + i // 7) % 256 for i in range(4000)),
        "UTF-16-like noise": b"".join(bytes((i % 31, 0)) for i in range(400)),
    }
    for name, data in binaries.items():
        with pytest.raises(CoverageError, match="save it as"):
            pytest.fail(f"{name} was read as {decode(data)!r}")


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\n"]
)
def test_empty_data_is_refused_as_empty(data: bytes) -> None:
    with pytest.raises(CoverageError, match="it is empty"):
        decode(data)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Rada přístavu hlasovala v úterý pro prohloubení severního průlivu.", "cp1250"),
        ("A kikötői tanács kedden megszavazta az északi csatorna mélyítését, őszre.", "cp1250"),
        ("Liman kurulu salı günü kuzey kanalının derinleştirilmesini onayladı.", "cp1254"),  # noqa: RUF001
        ("Το λιμενικό συμβούλιο ψήφισε την Τρίτη την εκβάθυνση του καναλιού.", "cp1253"),  # noqa: RUF001
        ("Портова рада у вівторок проголосувала за поглиблення каналу.", "cp1251"),  # noqa: RUF001
    ],
)
def test_an_undeclared_encoding_is_that_of_the_language(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    page = f"<html><head><title>x</title></head><body><p class='a'>{text}</p></body></html>"
    assert text in decode(page.encode(encoding))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe und Länge ".encode() + b"\x96 des Hafens", "Größe und Länge – des Hafens"),
        ("Größe der K".encode() + b"\xfcche", "Größe der K\ufffdche"),
        ("Größe der Brü".encode()[:-1], "Größe der Br\ufffd"),
        (b"The harbour is\0closed.", "The harbour isclosed."),
        (b"The harbour is closed.\0\0\0", "The harbour is closed."),
        (b"The harbour is closed.\r\n\x1a", "The harbour is closed.\n"),
        (b"The harbour \x1b[31mis\x1b[0m closed.", "The harbour is closed."),
        (b"The pier\x0cis\x0bclosed.\rAll of it.", "The pier is closed.\nAll of it."),
        ("The\u00ad har\u00adbour is\ufffe closed.".encode(), "The harbour is closed."),
        ("The \x93harbour\x94 is off\x85".encode(), "The “harbour” is off…"),
        ("The mayorâ\x80\x99s harbour".encode(), "The mayor’s harbour"),
        ("Der BÃ¼rgermeister".encode(), "Der BÃ¼rgermeister"),
        ("E\u0301tage".encode(), "Étage"),
        ("The harbour".encode("utf-16")[:-1], "The harbou\ufffd"),
    ],
)  # fmt: skip
def test_odd_bytes_cost_only_themselves(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_a_declared_encoding_is_not_used_where_it_is_wrong() -> None:
    text = "Příští šance: žena z přístavu žádá o šest tisíc korun."
    assert decode(text.encode("cp1250"), "iso-8859-2") == text
