"""The settings: precedence, paths, defaults and error messages."""

import os
import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import msgspec
import pytest

from bot.settings import KEYS, load_settings
from index import MEMORY, SAMPLE, AnswerConfig, SettingsError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
NOWHERE: dict[str, str] = {}  # an environment that sets nothing


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config.toml"


def problem(path: Path, environment: dict[str, str] = NOWHERE) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environment=environment)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.usefixtures("config")
def test_without_settings_the_sample_answers_from_memory() -> None:
    settings = load_settings(environment=NOWHERE)
    assert [source.location for source in settings.sources] == [str(SAMPLE)]
    assert (settings.database, settings.passages, settings.answer_config.threshold) == (
        MEMORY,
        3,
        AnswerConfig().threshold,
    )


def test_a_settings_file(config: Path) -> None:
    config.write_text(
        "\ufeffDATABASE = 'news.db'\nclipdesk_passages = 5\nthreshold = 0.25\n"
        "discord_api = 'https://discord.example/api/'\nallow_loopback = true\n"
        "[[coverage]]\npath = 'news'\npublisher = 'Eldholm Post'\npublished = 2021-03-04\n"
        "[[coverage]]\nurl = 'https://eldholm.example/'\nauthor = ['Ada', 'Bo']\n"
    )
    settings = load_settings(environment=NOWHERE)
    news, web = settings.sources
    assert (news.location, news.details.publisher) == (str(config.parent / "news"), "Eldholm Post")
    assert (web.location, web.is_web) == ("https://eldholm.example/", True)
    assert settings.database == str(config.parent / "news.db")
    assert (settings.passages, settings.answer_config.threshold) == (5, 0.25)
    assert settings.discord_api == "https://discord.example/api"
    assert settings.allow_loopback


def test_paths_are_relative_to_settings_file_arguments_to_cwd(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("database = 'a.db'\n[[coverage]]\npath = 'news'\n")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    settings = load_settings(config, environment=NOWHERE)
    assert settings.database == str(tmp_path / "a.db")
    assert settings.sources[0].location == str(tmp_path / "news")
    settings = load_settings(config, ["."], "b.db", environment=NOWHERE)
    assert settings.database == str(here / "b.db")
    assert [source.location for source in settings.sources] == [str(here)]


@pytest.mark.usefixtures("config")
def test_tilde_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = load_settings(None, ["~"], "~/a.db", environment=NOWHERE)
    assert settings.sources[0].location == str(tmp_path)
    assert settings.database == str(tmp_path / "a.db")


def test_precedence_of_file_environment_and_command_line(config: Path) -> None:
    config.write_text("database = 'file.db'\npassages = 4\n")
    environment = {
        "CLIPDESK_DATABASE": "variable.db",
        "CLIPDESK_PASSAGES": "7",
        "CLIPDESK_THRESHOLD": "",
        "CLIPDESK_ALLOW_LOOPBACK": "true",
    }
    settings = load_settings(environment=environment)
    assert settings.database == str(config.parent / "variable.db")
    assert (settings.passages, settings.answer_config.threshold, settings.allow_loopback) == (
        7,
        AnswerConfig().threshold,
        True,
    )
    settings = load_settings(database="argument.db", environment=environment)
    assert settings.database == str(config.parent / "argument.db")


@pytest.mark.usefixtures("config")
def test_readers_are_used_unless_turned_off() -> None:
    assert load_settings(environment=NOWHERE).answer_config.reader
    assert not load_settings(environment={"CLIPDESK_READER": "off"}).answer_config.reader


def test_default_database_of_own_coverage(config: Path) -> None:
    assert load_settings(None, [str(config.parent)], environment=NOWHERE).database.endswith(
        os.path.join("clipdesk", "clipdesk.db")  # noqa: PTH118 - the end of a path
    )
    memory = load_settings(None, [str(config.parent)], MEMORY, environment=NOWHERE)
    assert memory.database == MEMORY


def test_duplicate_sources_are_dropped(config: Path) -> None:
    (config.parent / "link").symlink_to(config.parent)
    paths = [".", str(config.parent), "link", "http://a.example", "http://a.example"]
    sources = load_settings(None, paths, environment=NOWHERE).sources
    assert [source.location for source in sources] == [str(config.parent), "http://a.example"]


@pytest.mark.parametrize(
    ("written", "key", "value", "expected"),
    [
        ("passages = 0", "passages", "0", "must be a whole number, 1 or more"),
        ("passages = 11", "passages", "11", "must be a whole number, 10 or less"),
        ("passages = 3.5", "passages", "3.5", "must be a whole number, not a decimal number"),
        ("passages = true", "passages", "true", "must be a whole number, not true or false"),
        ("passages = 'three'", "passages", "'three'", "must be a whole number, not text"),
        ("threshold = -0.1", "threshold", "-0.1", "must be a number, 0 or more"),
        ("threshold = 1.5", "threshold", "1.5", "must be a number, 1 or less"),
        ("threshold = nan", "threshold", "nan", "must be a number"),
        ("threshold = []", "threshold", "[]", "must be a number or text, not a list"),
        ("threshold = 'high'", "threshold", "'high'", "expected 'auto' or a number from 0 to 1"),
        ("database = 3", "database", "3", "must be text, not a whole number"),
        ('database = "a\\u0000b"', "database", r"'a\x00b'", "expected a path"),
        ("database = '~nobody-of-this-name/a.db'", "database", "'~nobody", "expected a path"),
        ("allow_loopback = 'yes'", "allow_loopback", "'yes'", "must be true or false, not text"),
        (
            "discord_api = 'discord'",
            "discord_api",
            "'discord'",
            "expected an http or https address",
        ),
        ("reader = 'on'", "reader", "'on'", "expected 'auto' or 'off'"),
        ("reader = true", "reader", "true", "must be text, not true or false"),
        ("coverage = 'news'", "coverage", "'news'", "must be a list, not text; use [[coverage]]"),
        ("coverage = ['news']", "coverage[0]", "'news'", "must be a table, not text"),
        ("[coverage]\npath = 'a'", "coverage", "{'path': 'a'}", "must be a list, not a table"),
        ("[[coverage]]\npath = 3", "coverage[0].path", "3", "must be text"),
        ('[[coverage]]\npath = "a\\u0000b"', "path", r"'a\x00b'", "expected a path"),
        ("[[coverage]]\npath = '~nobody-of-this-name'", "path", "'~nobody", "expected a path"),
        ("[[coverage]]\npath = ''", "url", "None", "expected a path, or an address"),
        ("[[coverage]]\nurl = 'ftp://a'", "url", "'ftp://a'", "http:// or https://"),
        ("[[coverage]]\nurl = 'http://['", "url", "'http://['", "http:// or https://"),
        ("[[coverage]]\nauthor = [1]", "coverage[0].author[0]", "1", "must be text"),
        ("[[coverage]]\nid = true", "coverage[0].id", "true", "must be a whole number or text"),
        ("[[coverage]]\npublished = 'soon'", "published", "'soon'", "must be a date like 2020"),
    ],
)
def test_error_names_key_value_and_expectation(
    config: Path, written: str, key: str, value: str, expected: str
) -> None:
    config.write_text(written)
    line = problem(config)
    assert f"{key} = {value}" in line
    assert expected in line


@pytest.mark.parametrize(
    ("written", "key", "known"),
    [
        ("passage = 3", "'passage'", "passages"),
        ("'a b' = 3", "'a b'", "passages"),
        ("[section]\na = 1", "'section'", "[[coverage]]"),
        ("[[coverage]]\npth = 'a'", "'pth'", "path"),
        ("[[coverage]]\n'x y' = 'a'", "'x y'", "publisher"),
    ],
)
def test_unknown_key_error_lists_known_keys(
    config: Path, written: str, key: str, known: str
) -> None:
    config.write_text(written)
    line = problem(config)
    assert f"unknown key {key}" in line
    assert known in line


@pytest.mark.parametrize(
    "written",
    [b"passages = ", b"= 3", b"\xff\xfe", b"a = \x00", b"a = 1\na = 2", b"a = " + b"[" * 5000],
)
def test_invalid_toml_is_an_error(config: Path, written: bytes) -> None:
    config.write_bytes(written)
    assert problem(config).startswith(f"{config}: not valid TOML")


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_given_settings_file_must_exist(config: Path, name: str) -> None:
    assert "give an existing settings file" in problem(config.parent / name)


def test_error_names_environment_variable(config: Path) -> None:
    config.write_text("")
    line = problem(config, {"CLIPDESK_PASSAGES": "many"})
    assert "CLIPDESK_PASSAGES" in line
    assert "passages = 'many'; must be a whole number, not text" in line


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    "argument", ["", "missing", "~nobody-of-this-name/a", "x" * 300, "nul\0", "http://[", "ftp://a"]
)
def test_missing_coverage_is_an_error(argument: str) -> None:
    with pytest.raises(SettingsError, match=r"check the path|expected a path"):
        load_settings(None, [argument], environment=NOWHERE)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="an installed package has no example")
def test_example_has_every_key_with_its_default(tmp_path: Path) -> None:
    lines = re.findall(r"^(?:# )?(\w+) = (.+)$", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    shown = {key: tomllib.loads(f"value = {value}")["value"] for key, value in lines if key in KEYS}
    empty = tmp_path / "config.toml"
    empty.touch()
    settings = load_settings(empty, environment=NOWHERE)
    chosen = {**asdict(settings), **asdict(settings.answer_config)}
    defaults = {key: chosen[key] for key in KEYS}
    # An empty database stands for a place that depends, "auto" for what depends on the readers.
    assert (defaults["reader"], defaults["threshold"]) == (True, None)
    assert shown == {**defaults, "database": "", "reader": "auto", "threshold": "auto"}
    assert sum(key in KEYS for key, _ in lines) == len(KEYS)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="an installed package has no example")
def test_example_is_valid() -> None:
    settings = load_settings(EXAMPLE, environment=NOWHERE)
    assert msgspec.to_builtins(settings)["sources"]
