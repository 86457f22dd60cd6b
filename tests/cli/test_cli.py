"""The command line: output, exit codes and error messages."""

import io
import json
import os
import shlex
from pathlib import Path

import pytest

from cli.running import Process, Run

ASK = ("ask", "--json", "When does the harbour close?")
ANSWER = {"id", "question", "answered", "confidence", "unmatched", "passages", "read", "took_ms"}
ANSWER |= {"outcome", "searched", "corrections", "suggestions", "listed", "published"}
ANSWER |= {"language", "coverage_languages", "language_mismatch"}
PASSAGE = {"rank", "score", "text", "highlight", "paragraph", "paragraphs", "link", "article"}
PASSAGE |= {"overtaken", "also_in", "page"}
ARTICLE = {"id", "title", "publisher", "author", "published", "url"}


def test_ask_json(clipdesk: Run, news: Path) -> None:
    ran = clipdesk(*ASK, "--coverage", news)
    assert (ran.code, ran.problems) == (0, [])
    [answer] = ran.json
    assert set(answer) == ANSWER
    assert answer["answered"] is True
    assert 0 <= answer["confidence"] <= 1
    best = answer["passages"][0]
    assert set(best) == PASSAGE
    assert best["article"] == {
        "id": "harbour",
        "title": "Harbour closes",
        "publisher": "Eldholm Post",
        "author": "Ada Berg",
        "published": "2021-03-04",
        "url": "https://eldholm.example/harbour",
    }
    start, end = best["highlight"]
    assert best["text"][start:end] == "The harbour of Eldholm closes in March for nine weeks."
    assert (best["rank"], best["paragraph"], best["paragraphs"]) == (1, 1, 2)
    assert best["link"].startswith("https://eldholm.example/harbour#")


def test_ask_top(clipdesk: Run, news: Path) -> None:
    [answer] = clipdesk(*ASK, "--coverage", news, "--top", 1).json
    assert len(answer["passages"]) == 1


def test_ask_plain_text(clipdesk: Run, news: Path) -> None:
    ran = clipdesk("ask", "When", "does", "the", "harbour", "close?", "--coverage", news)
    assert ran.code == 0
    assert "The harbour of Eldholm closes in March for nine weeks." in ran.out
    assert "Eldholm Post" in ran.out


@pytest.mark.parametrize("command", ["ask bread", "sources", "status", "reindex", "extract news"])
def test_json_has_no_colours(clipdesk: Run, news: Path, command: str) -> None:
    ran = clipdesk(*command.split(), "--coverage", news)
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert ran.out.strip()


def test_sample_answers_without_settings(clipdesk: Run, tmp_path: Path) -> None:
    ran = clipdesk("ask", "--json", "TikTok")
    assert (ran.code, ran.problems) == (0, [])
    assert ran.json[0]["answered"]
    assert not list(tmp_path.iterdir())  # nothing is kept


def test_sources_status_and_reindex(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    given = ("--json", "--coverage", news, "--database", tmp_path / "a.db")
    [report] = clipdesk("reindex", *given).json
    assert (report["added"], report["articles"], report["paragraphs"]) == (2, 2, 3)
    [again] = clipdesk("reindex", *given).json
    assert (again["added"], again["unchanged"], again["skipped"]) == (0, 2, [])
    bakery, harbour = clipdesk("sources", *given).json
    assert set(harbour) == ARTICLE | {"brief", "paragraphs"}
    assert (bakery["id"], harbour["paragraphs"]) == ("bakery", 2)
    [status] = clipdesk("status", *given).json
    assert (status["articles"], status["database"]) == (2, str(tmp_path / "a.db"))
    assert "2021" < status["indexed"] <= status["checked"]


def test_extract_json(clipdesk: Run, news: Path) -> None:
    (news / "broken.jsonl").write_text('{"text": "One."}\n{\n{"id": 7, "text": "Two.\\nThree."}\n')
    ran = clipdesk("extract", news, "--json")
    assert ran.code == 0
    assert len(ran.problems) == 1
    assert "line 2: it is not an article" in ran.problems[0]
    assert [set(page) >= ARTICLE | {"file", "paragraphs"} for page in ran.json] == [True] * 4
    last = ran.json[2]
    assert (last["id"], last["file"]) == ("7", str(news / "broken.jsonl"))
    assert last["paragraphs"] == ["Two.", "Three."]


def test_extract_why(clipdesk: Run, news: Path) -> None:
    assert "(a heading)" in clipdesk("extract", news / "bakery.md", "--why").out
    assert "(a heading)" not in clipdesk("extract", news / "bakery.md").out


IDS = [1, 1.5, "a", "", None, True, [1, {"b": 2}], {"c": []}, 2**70]


def test_batch_keeps_order_and_ids(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    lines = [json.dumps({"id": key, "question": "Who sells bread?"}) for key in IDS]
    batch.write_text("\ufeff" + "\r\n\n".join(lines))
    ran = clipdesk("ask", "--json", "--batch", batch, "--coverage", news)
    assert (ran.code, ran.problems) == (0, [])
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["id"] for record in records] == IDS
    assert all(set(record) == ANSWER and record["answered"] for record in records)


def test_batch_reads_dates_as_of_the_day_it_was_asked(
    clipdesk: Run, news: Path, tmp_path: Path
) -> None:
    batch = tmp_path / "batch.jsonl"
    days = ("2021-03-05", "2021-03-12")
    lines = [{"question": "what happened yesterday? after:3-days", "asked": day} for day in days]
    batch.write_text("\n".join(map(json.dumps, lines)))
    answered, absent = clipdesk("ask", "--json", "--batch", batch, "--coverage", news).json
    assert answered["listed"] == ["2021-03-02", "2021-03-04"]
    assert {one["article"]["published"] for one in answered["passages"]} == {"2021-03-04"}
    assert (absent["outcome"], absent["passages"]) == ("absent", [])
    assert absent["published"] == ["2021-03-04", "2021-03-04"]


BAD_LINES = [
    (b"{", None),
    (b"[]", None),
    (b"\0\0", None),
    (b'{"id": 7}', 7),
    (b'{"id": 7, "question": 5}', 7),
    (b'{"id": 7, "question": ""}', 7),
    (b'{"id": 7, "question": " ?! "}', 7),
    (b'{"id": 7, "question": "%s"}' % (b"a" * 6000), 7),
    (b'{"id": 7, "question": "bread", "asked": "soon"}', 7),
    (b'{"id": 7, "question": "bread", "asked": [1]}', 7),
    (b'{"id": 7, "question": "caf\xe9"}', None),
    (b'{"id": 7, "question": "\\ud800"}', None),
    (b'{"id": 7, "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", None),
]


def test_bad_batch_line_affects_no_other(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    good = b'{"id": "good", "question": "Who sells bread?", "asked": "2021-03-05"}'
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"\n".join(line for bad, _ in BAD_LINES for line in (bad, good)))
    ran = clipdesk("ask", "--json", "--batch", batch, "--coverage", news)
    assert ran.code == 0
    refused, answered = ran.json[::2], ran.json[1::2]
    assert [record["id"] for record in answered] == ["good"] * len(BAD_LINES)
    assert all(record["answered"] for record in answered)
    for record, (line, key) in zip(refused, BAD_LINES, strict=True):
        assert set(record) == ANSWER | {"error"}, line
        assert record["answered"] is False
        assert record["error"]
        assert record["id"] in {key, 7}, line


def _files(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("passages = 0")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.md").touch()
    (tmp_path / "binary.txt").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "broken.jsonl").write_text("{\n")


WRONG_USAGE = [
    ("ask --json", "QUESTION is missing"),
    ("ask --json ''", "has no words"),
    ("ask --json '?!'", "has no words"),
    (f"ask {'a' * 6000}", "6,000 characters"),
    ("ask --top 0 a", "--top"),
    ("ask --batch batch.jsonl", "missing.jsonl|No such file|requires --json"),
    ("ask --json --batch missing.jsonl", "No such file"),
    ("ask --json --batch empty", "Is a directory"),
    ("ask --json --batch bad.toml a", "replaces QUESTION"),
    ("ask a --config missing.toml", "missing.toml"),
    ("ask a --config bad.toml", "passages = 0; must be a whole number, 1 or more"),
    ("ask a --config empty", "directory"),
    ("ask a --coverage missing", "no such file or folder"),
    ("ask a --coverage ''", "no such file or folder"),
    ("status --coverage ~nobody-of-this-name", "expected a path"),
    ("extract missing", "no such file or folder"),
    ("extract", "PATH"),
    ("nonsense", "No such command"),
    ("ask --nonsense a", "No such option"),
]
FAILED = [
    ("ask a --coverage empty", "No article could be indexed"),
    ("ask a --coverage empty.md", "No article could be indexed"),
    ("sources --coverage binary.txt", "No article could be indexed"),
    ("extract empty", "No article was found in empty"),
    ("extract empty.md", "No article was found in empty.md"),
    ("extract binary.txt", "No article was found in binary.txt"),
    ("extract a.pdf", "No article was found in a.pdf"),
    ("extract broken.jsonl", "No article was found in broken.jsonl"),
    ("ask a --database empty", "choose another with --database"),
    ("ask a --database empty.md/a.db", "choose another with --database"),
]


@pytest.mark.parametrize(
    ("command", "why", "code"),
    [(*case, 2) for case in WRONG_USAGE] + [(*case, 1) for case in FAILED],
)
def test_error_is_one_line_with_exit_code(
    clipdesk: Run, tmp_path: Path, command: str, why: str, code: int
) -> None:
    _files(tmp_path)
    ran = clipdesk(*shlex.split(command))
    assert (ran.code, ran.out) == (code, "")
    *skipped, last = ran.problems
    assert all(line.startswith("skipped ") for line in skipped)
    assert len(skipped) <= 1
    assert last.startswith("clipdesk: ")
    assert any(part in last for part in why.split("|"))


def test_problem_with_odd_file_name_is_one_line(clipdesk: Run, news: Path) -> None:
    (news / "new\nline\x1b[31m.md").write_text("One.")
    (news / "empty\n.md").touch()
    Path(os.fsdecode(bytes(news) + b"/caf\xe9.md")).touch()
    ran = clipdesk("reindex", "--coverage", news)
    assert ran.code == 0
    assert len(ran.problems) == 3
    assert all(line.startswith("skipped ") and line.isprintable() for line in ran.problems)


def test_question_with_invalid_bytes_is_asked(clipdesk: Run, news: Path) -> None:
    ran = clipdesk("ask", "--json", "bread \udcff", "--coverage", news)
    assert ran.code == 0
    assert ran.json[0]["question"] == "bread ?"


@pytest.mark.parametrize("word", ["/quit", "exit", "Quit"])
def test_chat_quits(clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{word}\nWhen does the harbour close?\n"))
    ran = clipdesk("chat", "--coverage", news)
    assert ran.code == 0
    assert "2 articles" in ran.out
    assert "Harbour" not in ran.out


def test_follow_up_in_chat(clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = "and when?\nWho closes the harbour?\nthanks\nand when?\n/status\nand why?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    ran = clipdesk("chat", "--coverage", news)
    assert (ran.code, ran.problems) == (0, [])
    first, second = ran.out.split("Searched for “When do they close the harbour?”.")
    assert "Searched for" not in first
    assert second.lstrip().startswith("Harbour closes\n")
    assert "Searched for “Why do they close the harbour?”." in second


def test_small_talk_in_chat(clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("help\nthanks\nand when?\n"))
    said = clipdesk("chat", "--coverage", news).out
    assert "answer it with quotations from the articles" in said
    assert "You’re welcome!" in said
    assert "please ask the whole question" in " ".join(said.split())


def test_ask_has_no_follow_up(clipdesk: Run, news: Path) -> None:
    clipdesk("ask", "Who closes the harbour?", "--coverage", news)
    assert "Searched for" not in clipdesk("ask", "and when?", "--coverage", news).out


def test_a_correction_says_what_it_stands_for(clipdesk: Run, news: Path) -> None:
    ran = clipdesk("ask", "When does the harbuor close?", "--coverage", news)
    assert "Searched for “harbour” instead of “harbuor”." in ran.out
    literal = clipdesk("ask", "When does the “harbuor” close?", "--coverage", news)
    assert "instead of" not in literal.out


def test_help_and_version(clipdesk: Run) -> None:
    assert clipdesk("--version").out.startswith("clipdesk ")
    for command in ("ask", "chat", "extract", "reindex", "run", "sources", "status", "votes"):
        ran = clipdesk(command, "--help")
        assert ran.code == 0
        for option in ("--config", "--coverage", "--database"):
            assert option in ran.out


def test_closed_pipe_and_full_disk(process: Process, news: Path) -> None:
    done = process(f"clipdesk extract --json {news} | head -c 1; exit ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("{", "")
    assert done.returncode in {0, 1}
    done = process(f"clipdesk extract --json {news} > /dev/full")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "No space left" in done.stderr


def test_batch_from_pipe_with_non_utf8_output(process: Process, news: Path) -> None:
    line = '{"id": 1, "question": "bread"}'
    done = process(
        f"echo {shlex.quote(line)} | clipdesk ask --json --batch - --coverage {news}",
        PYTHONIOENCODING="ascii",
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == 1


def test_sample_needs_no_writable_folder(process: Process) -> None:
    done = process(
        "cd /proc/self && clipdesk ask --json TikTok",
        HOME="/proc/self/none",
        XDG_DATA_HOME="/proc/self/none",
        XDG_STATE_HOME="/proc/self/none",
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert json.loads(done.stdout)["answered"]


def test_own_coverage_needs_a_writable_folder(
    clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/proc/self/none")
    ran = clipdesk("status", "--coverage", news)
    assert ran.code == 1
    assert "choose another with --database" in ran.problems[0]
