"""Validation errors of files and settings, without terms of Python or JSON."""

import re
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from bot.cli.batch import read_batch
from bot.settings import KEYS, load_settings
from index import CoverageError, SettingsError
from index.evaluation import read_judged
from index.model import Skipped
from index.sources.extraction.markdown import read_markdown
from index.sources.jsonl import JsonlReader
from index.sources.manifest import NAME, read_manifest
from index.sources.reader import ItemContext
from index.validation import explain_json_error

DEEP = '{"x": ' + "[" * 50_000 + "]" * 50_000 + "}"
# Terms of msgspec.
_TECHNICAL = re.compile(r"`|\$|\b(int|str|float|bool|array|null|NoneType|Expected|Object)\b")


def setting(key: str, value: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environment={f"CLIPDESK_{key.upper()}": value})
    return str(caught.value)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("passages", "many", "must be a whole number, not text"),
        ("passages", "3.5", "must be a whole number, not text"),
        ("passages", "0", "must be a whole number, 1 or more"),
        ("passages", "9" * 40, "must be a whole number, 10 or less"),
        ("threshold", "high", "expected 'auto' or a number from 0 to 1"),
        ("threshold", "nan", "expected 'auto' or a number from 0 to 1"),
        ("freshness", "101", "must be a number, 100 or less"),
        ("patience", "-1", "must be a number, 0 or more"),
        ("user_limit", "-1", "must be a whole number, 0 or more"),
        ("channel_limit", "x", "must be a whole number, not text"),
        ("allow_loopback", "maybe", "must be true or false, not text"),
    ],
)
def test_a_variable(key: str, value: str, wanted: str) -> None:
    line = setting(key, value)
    assert line == f"environment variable CLIPDESK_{key.upper()}: {key} = {value!r}; {wanted}"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "value",
    ["[]", "{ a = 1 }", "2020-11-30", "12:30:00", "2020-11-30T12:30:00", "true", "'x'", "1.5"],
)
def test_no_message_about_a_setting_uses_terms_of_msgspec(
    tmp_path: Path, key: str, value: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{key} = {value}")
    try:
        load_settings(path, environment={})
    except SettingsError as error:
        line = str(error).removeprefix(f"{path}: ")
        assert line.startswith(f"{key} = ")
        assert "datetime." not in line
        assert not _TECHNICAL.search(line)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('{"text": 5}', "'text' must be text, not a whole number"),
        ('{"title": "a"}', "'text' is missing"),
        ('{"text": "a", "title": ["b"]}', "'title' must be text, not a list"),
        ('{"text": "a", "author": [1]}', "'author[0]' must be text, not a whole number"),
        ('{"text": "a", "id": 1.5}', "'id' must be a whole number or text, not a decimal number"),
        ('{"text": "a", "brief": "yes"}', "'brief' must be true or false, not text"),
        ("[1]", "it must be an object, not a list"),
        ("{", "it is not valid JSON: it is incomplete"),
        ("nope", "it is not valid JSON: invalid character"),
        (DEEP, "it is nested too deeply"),
    ],
)
def test_a_line_of_an_archive(tmp_path: Path, written: str, why: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(written)
    with path.open("rb") as file:
        [skipped] = JsonlReader().read(file, ItemContext("a.jsonl"))
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(f"it is not an article ({why}")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("title: 5", "'title' must be text, not a whole number"),
        ("title: 2020-11-30", "'title' must be text, not a date"),
        ("author: {a: b}", "'author' must be text or a list, not a table"),
        ("brief: perhaps", "'brief' must be true or false, not text"),
    ],
)
def test_front_matter(written: str, why: str) -> None:
    with pytest.raises(CoverageError) as caught:
        read_markdown(f"---\n{written}\n---\nOne.")
    assert str(caught.value) == f"its front matter is not valid: {why}; fix it"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("article = 3", "'article' must be a list, not a whole number"),
        ("article = ['a.md']", "'article[0]' must be a table, not text"),
        ("[[article]]\ntitle = 'a'", "'article[0].file' is missing"),
        (
            "[[article]]\nfile = 'a'\npublished = 'soon'",
            "'article[0].published' must be a date like 2020-11-12",
        ),
    ],
)
def test_a_manifest(tmp_path: Path, written: str, why: str) -> None:
    (tmp_path / NAME).write_text(written)
    with pytest.raises(CoverageError) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == f"{why}; fix it"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('{"question": 5}', "'question' must be text, not a whole number"),
        ("{}", "'question' is missing"),
        ('{"question": "a", "answers": "b"}', "'answers' must be a list, not text"),
        (
            '{"question": "a", "paragraphs": [{"article": "b", "paragraph": "1"}]}',
            "'paragraphs[0].paragraph' must be a whole number, not text",
        ),
        ("5", "it must be an object, not a whole number"),
        (DEEP, "it is nested too deeply"),
    ],
)
def test_a_file_of_questions_with_answers(tmp_path: Path, written: str, why: str) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text(written)
    with pytest.raises(CoverageError) as caught:
        read_judged(path)
    assert str(caught.value) == f"line 1 is not a question: {why}; fix it"


def test_a_batch_of_questions() -> None:
    [one] = read_batch(BytesIO(b"[1]"))
    assert one.problem == "line 1 is not a question: it must be an object, not a list; fix it"
    [one] = read_batch(BytesIO(b'{"question": "caf\xe9"}'))
    assert one.problem == "line 1 is not a question: it is not UTF-8; fix it"


def test_a_number_that_is_too_large() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b'{"a": 1e400}', type=dict[str, float])
    assert explain_json_error(caught.value).endswith("must be a smaller number")
