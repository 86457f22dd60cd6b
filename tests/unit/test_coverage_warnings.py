"""Warnings about coverage that is read, but probably not as its owner intended."""

import gzip
from pathlib import Path

import msgspec
import pytest

from bot.settings import load_settings
from index import MEMORY, CoverageWarning, Report, Source, open_engine
from index.evaluation import read_judged
from index.sources.details import Details
from index.sources.manifest import NAME


async def report(folder: Path, **details: object) -> Report:
    source = Source(str(folder), msgspec.convert(details, Details))
    async with open_engine(MEMORY, [source]) as engine:
        return await engine.reindex()


def write(folder: Path, **files: str) -> None:
    for name, front in files.items():
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\n{name} opens a new pier today.\n")


async def test_an_unknown_key_of_a_manifest_is_only_a_warning(folder: Path) -> None:
    write(folder, a="author: Ada", b="author: Bo")
    (folder / NAME).write_text(
        'version = 1\n[[article]]\nfile = "a.md"\ntitel = "Piers"\npublisher = "Eldholm Post"\n'
        '[[article]]\nfile = "b.md"\ntitel = "Quays"\nx = 1\ntitle = "B"\n'
    )
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        done = await engine.reindex()
        assert [(one.publisher, one.title) for one in engine.searcher.articles] == [
            ("Eldholm Post", ""),
            ("", "B"),
        ]
    assert done.skipped == ()
    assert done.warnings == (
        CoverageWarning(str(folder / NAME), "unknown keys at its top are ignored: 'version'"),
        CoverageWarning(
            str(folder / NAME),
            "unknown keys in [[article]] are ignored: 'titel' (did you mean 'title'?), 'x'",
        ),
    )


async def test_unknown_keys_of_front_matter_are_one_warning_per_source(folder: Path) -> None:
    usual = "tags: [a]\nsource: https://a.example\ndate: 2020-11-30\nDescription: x"
    write(folder, a=f"publishr: Post\n{usual}", b="publishr: Post\n1: one", c=usual, d="title: D")
    [warning] = (await report(folder)).warnings
    assert warning == CoverageWarning(
        str(folder),
        "unknown keys in front matter are ignored: '1', 'publishr' (did you mean 'publisher'?)",
    )


async def test_front_matter_keys_of_other_tools_give_no_warning(folder: Path) -> None:
    write(folder, a="tags: [a]\ncreated: 2020-11-30", b="title: B\nlayout: post")
    assert (await report(folder)).warnings == ()


@pytest.mark.parametrize(
    ("details", "listed"),
    [
        ({"url": "https://a.example", "publisher": "Post"}, "url"),
        ({"title": "A", "published": "2020-11"}, "title, published"),
        ({"id": "a"}, "id"),
        ({"publisher": "Post", "author": "Ada", "brief": True}, ""),
    ],
)
async def test_details_of_a_folder_that_suit_one_article_give_a_warning(
    folder: Path, details: dict[str, object], listed: str
) -> None:
    write(folder, a="author: Ada", b="author: Bo")
    warnings = (await report(folder, **details)).warnings
    assert [one.name for one in warnings] == [str(folder)] * bool(listed)
    for one in warnings:
        assert one.reason.startswith(f"its [[coverage]] gives {listed}, ")
        assert "only publisher and author can apply to all" in one.reason


async def test_an_archive_is_many_articles_and_a_file_is_one(folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    (folder / "a.txt").write_text("Eldholm opens its new pier today, the mayor said.\n")
    assert len((await report(folder / "a.jsonl", title="A")).warnings) == 1
    assert (await report(folder / "a.txt", title="A")).warnings == ()


def test_unknown_keys_of_questions_are_one_warning(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl.gz"
    line = b'{"id": 1, "question": "a?", "answer": ["b"], "note": "c"}\n'
    path.write_bytes(gzip.compress(line * 3))
    listed: list[str] = []
    assert len(read_judged(path, listed.append)) == 3
    assert listed == [
        f"{path}: unknown keys are ignored: 'answer' (did you mean 'answers'?), 'note'"
    ]


def test_unknown_variables_give_a_warning() -> None:
    environment = {
        "CLIPDESK_TRESHOLD": "0.5",
        "CLIPDESK_TOKEN": "x",
        "CLIPDESK_PASSAGES": "2",
        "PATH": "/bin",
    }
    settings = load_settings(environment=environment)
    assert settings.passages == 2
    assert settings.warnings == (
        (
            "unknown environment variables are ignored: "
            "'CLIPDESK_TOKEN', 'CLIPDESK_TRESHOLD' (did you mean 'CLIPDESK_THRESHOLD'?)"
        ),
    )
    del environment["CLIPDESK_TRESHOLD"], environment["CLIPDESK_TOKEN"]
    assert load_settings(environment=environment).warnings == ()
