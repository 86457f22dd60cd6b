"""Whatever a program is started with or without, it answers, or says in one line why not."""

import os
import pwd
import sys
from pathlib import Path

import pytest

from cli.running import Process, Run

pytestmark = pytest.mark.long

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits work otherwise elsewhere")
ASK = "clipdesk ask 'Who sells rye bread?' --coverage {news} --database a.db"


@pytest.mark.parametrize(
    ("streams", "code", "answers"),
    [
        ("<&-", 0, True),
        ("2>&-", 0, True),
        ("<&- 2>&-", 0, True),
        (">&-", 1, False),
        ("<&- >&- 2>&-", 1, False),
    ],
)
def test_closed_streams(
    process: Process, news: Path, streams: str, code: int, *, answers: bool
) -> None:
    ran = process(f"{ASK.format(news=news)} {streams}")
    assert (ran.returncode, "rye bread" in ran.stdout) == (code, answers)
    assert len(ran.stderr.splitlines()) <= 1
    # No file got the descriptor of a closed stream.
    assert "rye bread" in process(ASK.format(news=news)).stdout


@linux
@pytest.mark.parametrize("limit", ["-n 5", "-n 8", "-n 12", "-v 100000"])
def test_too_little_of_something(process: Process, news: Path, limit: str) -> None:
    ran = process(f"ulimit {limit}; {ASK.format(news=news)}")
    assert ran.returncode in (0, 1)
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == ran.returncode


def test_a_device_or_a_pipe_as_a_file(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", "/dev/zero", "/dev/null"):
        ran = clipdesk("ask", "bread", "--config", file)
        assert (ran.code, len(ran.problems)) == (2, 1)
        assert "not a regular file" in ran.problems[0]
    given = ("--coverage", news, "--json")
    for command in (("eval", "/dev/zero"), ("ask", "--batch", "/dev/zero")):
        ran = clipdesk(*command, *given)
        assert (ran.code, ran.out, len(ran.problems)) == (1, "", 1)
        assert "MiB; split it" in ran.problems[0]


@pytest.mark.parametrize("key", ["PASSAGES", "DATABASE", "READER", "DISCORD_API"])
def test_a_setting_that_is_no_text(
    clipdesk: Run, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv(f"CLIPDESK_{key}", os.fsdecode(b"\xff"))
    ran = clipdesk("ask", "bread")
    assert (ran.code, ran.out) == (2, "")
    assert ran.problems == [
        f"clipdesk: environment variable CLIPDESK_{key} = '\\udcff'; expected valid text"
    ]


def test_an_unknown_user_without_a_home(
    clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_number: int) -> None:
        raise KeyError

    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    ran = clipdesk("ask", "bread", "--coverage", news)
    assert ran.code == 2
    assert ran.problems == [
        "clipdesk: There is no home folder to store the index in; choose a file with --database."
    ]


FULL = "ulimit -f 0; "  # no file can grow, nor be created with a content


def test_a_full_disk_answers_from_the_whole_index(process: Process, news: Path) -> None:
    ask = ASK.format(news=news)
    assert "rye bread" in process(ask).stdout
    ran = process(FULL + ask)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "rye bread" in ran.stdout
    (news / "bakery.md").write_text("# Bakery\n\nThe old bakery sells oat bread and rye bread.\n")
    ran = process(FULL + ask)
    assert ran.returncode == 0
    [problem] = ran.stderr.splitlines()
    assert problem.startswith("warning: the index may be out of date: ")
    assert "sells rye bread again" in ran.stdout
    ran = process(f"{FULL}clipdesk reindex --coverage {news} --database a.db")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)


@pytest.mark.long
@pytest.mark.parametrize("kilobytes", [0, 4, 8, 16, 24, 32, 40, 48, 64, 72, 96, 128])
def test_a_disk_that_fills_up_while_indexing_leaves_old_or_new(
    process: Process, news: Path, kilobytes: int
) -> None:
    """Also after a restart, with the disk still full."""
    ask = ASK.format(news=news)
    process(ask)
    words = " ".join(f"word{number}" for number in range(3_000))
    (news / "bakery.md").write_text(f"# Bakery\n\nThe bakery sells oat bread.\n\n{words}\n")
    limit = f"ulimit -f {kilobytes}; "
    ran = process(f"{limit}clipdesk reindex --coverage {news} --database a.db")
    assert ran.returncode in (0, 1)
    assert len(ran.stderr.splitlines()) == ran.returncode
    for again in range(2):
        ran = process(limit + ask)
        assert ran.returncode == 0, (again, ran.stderr)
        assert ("rye bread" in ran.stdout) != ("oat bread" in ran.stdout)
    assert "oat bread" in process(ask).stdout


def test_files_that_may_only_be_read(process: Process, news: Path, tmp_path: Path) -> None:
    ask = ASK.format(news=news)
    process(ask)
    for file in tmp_path.glob("a.db*"):
        file.chmod(0o444)
    ran = process(ask)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "rye bread" in ran.stdout
