"""Warnings of the command line: one line each on stderr, with the usual exit code."""

from pathlib import Path

import pytest

from cli.running import Run


@pytest.fixture
def odd(news: Path) -> Path:
    """A folder with a mistake in its manifest and one in the front matter of a file."""
    (news / "coverage.toml").write_text('[[article]]\nfile = "bakery.md"\npublishr = "Post"\n')
    (news / "mill.md").write_text("---\nauthr: Ada\n---\nThe mill of Eldholm grinds oats.\n")
    return news


def test_reindex_prints_and_reports_warnings(clipdesk: Run, odd: Path) -> None:
    ran = clipdesk("reindex", "--json", "--coverage", odd)
    assert ran.code == 0
    assert ran.problems == [
        (
            f"warning: {odd}/coverage.toml: unknown keys in [[article]] are ignored: "
            "'publishr' (did you mean 'publisher'?)"
        ),
        (
            f"warning: {odd}: unknown keys in front matter are ignored: "
            "'authr' (did you mean 'author'?)"
        ),
    ]
    [report] = ran.json
    assert [
        f"warning: {one['name']}: {one['reason']}" for one in report["warnings"]
    ] == ran.problems
    assert report["skipped"] == []


def test_extract_prints_warnings(clipdesk: Run, odd: Path) -> None:
    ran = clipdesk("extract", odd, "--json")
    assert (ran.code, len(ran.json)) == (0, 3)
    assert [line.partition(": ")[0] for line in ran.problems] == ["warning", "warning"]


def test_unknown_environment_variable(
    clipdesk: Run, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text(f'[[coverage]]\npath = "{news}"\ntitle = "Harbour"\n')
    monkeypatch.setenv("CLIPDESK_PASSAGE", "1")
    ran = clipdesk("ask", "When does the harbour close?")
    assert ran.code == 0
    assert "The harbour of Eldholm closes" in ran.out
    variable, coverage = ran.problems
    assert variable.startswith("warning: unknown environment variables are ignored: ")
    assert variable.endswith("'CLIPDESK_PASSAGE' (did you mean 'CLIPDESK_PASSAGES'?)")
    assert coverage.startswith(f"warning: {news}: its [[coverage]] gives title, ")


def test_unknown_key_of_eval_file(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"question": "Who sells bread?", "answers": ["bakery"], "level": 1}\n')
    ran = clipdesk("eval", path, "--json", "--coverage", news)
    assert ran.code == 0
    assert ran.problems == [f"warning: {path}: unknown keys are ignored: 'level'"]
