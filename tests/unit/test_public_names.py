"""Public names: they do not reveal paths on this machine."""

from pathlib import Path

import pytest

from bot import phrases
from bot.settings import load_settings
from index import Source, StoreError
from index.sources.naming import public_name

NEWS = Source("/srv/press/news", name="press/news")
ARCHIVE = Source("/srv/archive.jsonl.gz", name="../archive.jsonl.gz")
WEB = Source("https://eldholm.example/a.jsonl?key=secret")
SOURCES = [Source("/srv/press"), NEWS, ARCHIVE, WEB]


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("/srv/press/news/harbour.txt", "press/news/harbour.txt"),
        ("/srv/press/news", "press/news"),
        ("/srv/press/newsletter/a.md", "press/newsletter/a.md"),
        ("/srv/press/news/a.jsonl line 3", "press/news/a.jsonl line 3"),
        ("/srv/press/news/a.jsonl: pier", "press/news/a.jsonl: pier"),
        ("/srv/archive.jsonl.gz line 3", "archive.jsonl.gz line 3"),
        ("/srv/archive.jsonl.gz: pier", "archive.jsonl.gz: pier"),
        ("/srv/coverage.toml", "coverage.toml"),  # beside a source that is a file
        ("/elsewhere/a.md", "a.md"),
        ("https://eldholm.example/a.jsonl?key=secret", "https://eldholm.example/a.jsonl"),
        (
            "https://eldholm.example/a.jsonl?key=secret line 3",
            "https://eldholm.example/a.jsonl line 3",
        ),
    ],
)
def test_public_name_is_relative_to_its_source(name: str, public: str) -> None:
    assert public_name(name, SOURCES) == public


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("articles", "articles"),
        ("./press/articles/", "press/articles"),
        ("../articles", "articles"),
        ("~/press/articles", "articles"),
        ("{folder}/press/articles", "articles"),
        (".", "desk"),
    ],
)
def test_a_source_is_named_as_its_owner_wrote_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, called: str
) -> None:
    here = tmp_path / "desk"
    for folder in (here / "articles", here / "press/articles", tmp_path / "articles"):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.chdir(here)
    written = written.format(folder=here)
    (here / "config.toml").write_text(f"[[coverage]]\npath = '{written}'\n")
    for sources in (
        load_settings(environment={}).sources,
        load_settings(None, [written], environment={}).sources,
    ):
        [source] = sources
        assert public_name(f"{source.location}/a.md", sources) == f"{called}/a.md"


def test_a_localized_error_does_not_show_the_path() -> None:
    error = StoreError("The database {path} is damaged ({why}).", path="/srv/a/b.db", why="x")
    assert str(error) == "The database /srv/a/b.db is damaged (x)."
    assert phrases.localize_error(error) == "The database b.db is damaged (x)."
