"""The settings: what there is to set, and how `config.toml` and the environment set it."""

import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from index import (
    MEMORY,
    SAMPLE,
    AnswerConfig,
    DatedDetails,
    Details,
    SettingsError,
    Source,
    explain,
    is_web_address,
    named_keys,
)

DEFAULT_FILE = Path("config.toml")
_PREFIX = "CLIPDESK_"


class _Coverage(DatedDetails, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[coverage]]` table: a `path` or a `url`, and what is known of the article there."""

    path: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be set, with its default; `config.example.toml` explains each key.

    Every key but `coverage` can come from the environment too, as CLIPDESK_ and its name in
    capitals, which wins over the file. The file may spell a key in that way as well.
    """

    database: str = ""
    passages: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] = AnswerConfig().threshold
    freshness: Annotated[float, msgspec.Meta(ge=0, le=100)] = AnswerConfig().freshness
    user_limit: Annotated[int, msgspec.Meta(ge=0)] = 10
    channel_limit: Annotated[int, msgspec.Meta(ge=0)] = 30
    patience: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 60
    discord_api: str = ""
    allow_loopback: bool = False
    coverage: list[_Coverage] = []


KEYS = tuple(key for key in _File.__struct_fields__ if key != "coverage")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run, checked.

    `database` is a path, or `MEMORY` where nothing is kept; `user_limit` and `channel_limit` are
    questions in half a minute, 0 for any number; `patience` is for how many seconds Discord may be
    out of reach at the start; `discord_api` is the base address of the API, or empty for Discord's.
    `warnings` are lines about what sets nothing.
    """

    sources: tuple[Source, ...]
    database: str
    passages: int
    tuning: AnswerConfig
    user_limit: int
    channel_limit: int
    patience: float
    discord_api: str
    allow_loopback: bool
    warnings: tuple[str, ...] = ()


def load_settings(
    file: Path | None = None,
    coverage: Sequence[str] = (),
    database: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of `file`, with `coverage` and `database` of the command line in their place.

    Without a file, `config.toml` is read where there is one; without any coverage, the sample is
    the coverage. Raises SettingsError, which names the key, its value and what was wanted.
    """
    path = file or DEFAULT_FILE
    written = _read(path, needed=file is not None)
    _check(written, str(path))
    for key in KEYS:
        name = _PREFIX + key.upper()
        if value := environment.get(name):
            _check({key: value}, f"the variable {name}")
            written[key] = value
    chosen = msgspec.convert(written, _File, strict=False)
    if coverage:
        sources = [source_of(argument) for argument in coverage]
    else:
        sources = [_source(entry, path) for entry in chosen.coverage]
    return Settings(
        # What is named twice is read once.
        sources=tuple({one.location: one for one in sources}.values()) or (Source(str(SAMPLE)),),
        database=_database(database, chosen.database, path.parent, sample=not sources),
        passages=chosen.passages,
        tuning=AnswerConfig(chosen.threshold, chosen.freshness),
        user_limit=chosen.user_limit,
        channel_limit=chosen.channel_limit,
        patience=chosen.patience,
        discord_api=chosen.discord_api.rstrip("/"),
        allow_loopback=chosen.allow_loopback,
        warnings=tuple(_unknown_variables(environment)),
    )


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    known = [_PREFIX + key.upper() for key in KEYS]
    unknown = sorted(name for name in environment if name.startswith(_PREFIX) and name not in known)
    if unknown:
        yield f"variables that are no settings are ignored: {named_keys(unknown, known, _PREFIX)}"


def _read(path: Path, *, needed: bool) -> dict[str, Any]:
    if not needed and not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}; name a settings file that exists"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); mend it") from error
    return {key.lower().removeprefix(_PREFIX.lower()): value for key, value in written.items()}


def _check(written: Mapping[str, Any], place: str) -> None:
    """Raises SettingsError where what is `written` in that place cannot be the settings."""
    try:
        chosen = msgspec.convert(written, _File, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{place}: {_explain(error, written)}") from error
    if chosen.discord_api and not is_web_address(chosen.discord_api):
        raise SettingsError(
            f"{place}: discord_api = {chosen.discord_api!r}; expected an http(s) address"
        )


def _explain(error: msgspec.ValidationError, written: Mapping[str, Any]) -> str:
    """An error of the settings in terms of their keys and values."""
    problem = explain(error)
    if problem.unknown:
        keys = _Coverage.__struct_fields__ if problem.place else (*KEYS, "[[coverage]]")
        where = " in [[coverage]]" if problem.place else ""
        unknown = named_keys([problem.unknown], keys)
        return f"there is no key {unknown}{where}; the keys are {', '.join(keys)}"
    value: Any = written
    for step in re.findall(r"\w+", problem.place):
        value = value[int(step) if step.isdigit() else step]
    line = f"{problem.place} = {_as_written(value)}; {problem.what}"
    is_table = re.fullmatch(r"coverage(\[\d+\])?", problem.place)
    return f"{line}; write [[coverage]] tables" if is_table else line


def _as_written(value: object) -> str:
    """A value much as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, dt.date | dt.time) else repr(value)


def _source(entry: _Coverage, settings_file: Path) -> Source:
    details = msgspec.convert(msgspec.structs.asdict(entry), Details)
    if entry.path:  # as seen from the settings file
        name = f"{settings_file}: [[coverage]] path"
        return Source(_absolute(entry.path, settings_file.parent, name), details, entry.path)
    if entry.url and is_web_address(entry.url):
        return Source(entry.url, details)
    raise SettingsError(
        f"{settings_file}: [[coverage]] url = {entry.url!r}; "
        "expected a path, or an address that begins with http:// or https://"
    )


def source_of(argument: str) -> Source:
    """The source that an argument of the command line names. Raises SettingsError for none."""
    if is_web_address(argument):
        return Source(argument)
    path = _absolute(argument, Path(), "path")
    if not argument or not os.path.lexists(path):
        raise SettingsError(f"{argument!r}: there is no such file or folder; check the path")
    return Source(path, name=argument)


def _absolute(path: str, folder: Path, name: str) -> str:
    """`path` as seen from `folder`, absolute and without links.

    Raises SettingsError, which calls it `name`, where it can be no path.
    """
    try:
        absolute = os.path.realpath(folder / Path(path).expanduser())
        absolute.encode()
    except (RuntimeError, ValueError) as error:  # ~nobody, or a character that no path can have
        raise SettingsError(f"{name} = {path!r}; expected a path ({error})") from error
    return absolute


def _database(argument: str | None, setting: str, folder: Path, *, sample: bool) -> str:
    chosen = argument or setting
    if chosen == MEMORY:
        return MEMORY
    if chosen:
        return _absolute(chosen, Path() if argument else folder, "database")
    if sample:  # it is indexed in no time, and needs no place to be kept at
        return MEMORY
    from platformdirs import user_data_path  # noqa: PLC0415 - slow to import

    return str(user_data_path("clipdesk") / "clipdesk.db")
