"""Files of every kind: finding, opening and decoding them."""

import gzip
import io
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from index.errors import CoverageError
from index.model import Skipped
from index.sources.decoding import decode
from index.sources.files import MAX_BYTES, open_file, read_bytes, walk

ENGLISH = "The mayor’s “harbour” plan – a £9 million one – is off…"
FRENCH = "Le café du port est fermé depuis l’été, a déclaré la mairie. « Ça ira », dit-elle."
SPANISH = "El señor Núñez dijo que mañana habrá una reunión en Málaga."
POLISH = "Zarząd portu zagłosował we wtorek za pogłębieniem północnego toru wodnego."
JAPANESE = "港の委員会は火曜日に北の水路を深くすることを決めた。工事は冬のあいだ続く。"
RUSSIAN = "Портовый совет во вторник проголосовал за углубление северного канала."
CHINESE = "港口委员会周二投票决定疏浚北部航道工程将持续整个冬天。"

skip_if_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def found(folder: Path, *suffixes: str) -> list[str]:
    return [
        f"skipped {Path(one.name).name}" if isinstance(one, Skipped) else one.name
        for one in walk(folder, suffixes or (".txt",))
    ]


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
        "text with a NUL": b"The harbour is\0closed.",
        "escape codes": b"The harbour \x1b[31mis closed.",
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


def test_utf8_with_a_broken_byte_is_refused_not_garbled() -> None:
    data = (ENGLISH * 5).encode()
    with pytest.raises(CoverageError, match="unknown or broken"):
        decode(data[:200] + b"\xff" + data[200:])


def test_walk_sorts_and_ignores_hidden_files_and_other_suffixes(folder: Path) -> None:
    for name in ("b.txt", "a.TXT", "z/c.txt", ".hidden.txt", ".git/d.txt", "e.pdf", "f.txt.bak"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert found(folder) == ["a.TXT", "b.txt", "c.txt"]
    assert found(folder / "e.pdf") == ["e.pdf"]


def test_walk_reports_symbolic_links_without_following_them(folder: Path) -> None:
    (folder / "a.txt").touch()
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "folder").symlink_to("/etc")
    (folder / "up").symlink_to("..")
    skipped = ["skipped dangling.txt", "skipped folder", "skipped link.txt", "skipped up"]
    assert sorted(found(folder)) == ["a.txt", *skipped]


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"red\x1b[31m.txt"])
def test_walk_skips_a_name_that_cannot_be_shown(folder: Path, name: bytes) -> None:
    Path(os.fsdecode(bytes(folder) + b"/" + name)).touch()
    [skipped] = walk(folder, (".txt",))
    assert isinstance(skipped, Skipped)
    assert skipped.name.isprintable()
    assert skipped.name.isascii()


@pytest.mark.parametrize(
    "name",
    [
        "a b.txt",
        "new\nline.txt",
        "%s{}.txt",
        "ärger.txt",
        "\u202ertl.txt",
        "-n.txt",
        f"{'x' * 251}.txt",
    ],
)
def test_odd_names_are_read(folder: Path, name: str) -> None:
    (folder / name).write_text("a")
    [path] = walk(folder, (".txt",))
    assert isinstance(path, Path)
    assert read_bytes(path) == b"a"


@skip_if_root
def test_a_folder_that_cannot_be_entered_is_skipped(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0)
    (folder / "a.txt").touch()
    assert found(folder) == ["a.txt", "skipped shut"]


@skip_if_root
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "a.txt").touch(mode=0)
    with pytest.raises(CoverageError, match="permission denied"):
        read_bytes(folder / "a.txt")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.txt", "no such file"),
        ("nul\0.txt", "null (byte|character)"),
        ("x" * 300, "file name too long"),
        ("fifo.txt", "not a regular file"),
        ("link.txt", "symbolic links"),
        ("folder.txt", "not a regular file"),
        ("/dev/zero", "not a regular file"),
        ("huge.txt", "larger than 16 MiB"),
    ],
)
def test_only_regular_files_of_a_sane_size_are_read(folder: Path, name: str, why: str) -> None:
    os.mkfifo(folder / "fifo.txt")
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "folder.txt").mkdir()
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(10 * 1024**3)
    with pytest.raises(CoverageError, match=why):
        read_bytes(folder / name)


def test_the_limit_itself_is_read(folder: Path) -> None:
    path = folder / "a.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES


def test_a_file_is_closed_after_use(folder: Path) -> None:
    (folder / "a.txt").touch()
    with open_file(folder / "a.txt") as file:
        pass
    assert file.closed
