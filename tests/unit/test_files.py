"""Files of every kind: finding, opening and decoding them."""

import os
from pathlib import Path

import pytest

from index.errors import CoverageError
from index.model import Skipped
from index.sources.files import MAX_BYTES, open_file, read_bytes, walk
from index.sources.passed_over import PassedOver, is_part_of_page

skip_if_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def found(folder: Path, *suffixes: str) -> list[str]:
    return [
        f"skipped {Path(one.name).name}" if isinstance(one, Skipped) else one.name
        for one in walk(folder, suffixes or (".txt",), PassedOver())
    ]


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
    [skipped] = walk(folder, (".txt",), PassedOver())
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
    [path] = walk(folder, (".txt",), PassedOver())
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
        ("huge.txt", "larger than 64 MiB"),
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


def test_files_of_other_kinds_and_parts_of_pages_are_counted(folder: Path) -> None:
    for name in ("a.html", "a_files/b.html", "a_files/c.png", "d_files/e.txt", "f.XLSX", "g.xlsx",
                 "h", ".i.png", "coverage.toml", "seite-Dateien/x.html", "seite.htm"):  # fmt: skip
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    passed_over = PassedOver()
    names = [path.name for path in walk(folder, (".txt", ".html", ".htm"), passed_over)]
    assert names == ["a.html", "seite.htm", "e.txt"]
    assert [one.reason for one in passed_over.warnings("x")] == [
        "3 files of kinds that clipdesk doesn't read: .xlsx (2), no ending (1)",
        "2 folders with parts of saved pages passed over",
    ]
    assert not list(PassedOver().warnings("x"))


def test_a_folder_with_such_a_name_only_is_entered() -> None:
    assert is_part_of_page("a page_files", {"a page.html"})
    assert not is_part_of_page("a page_files", {"a.html", "a page.txt"})
    assert not is_part_of_page("a page", {"a page.html"})
