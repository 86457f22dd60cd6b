"""Settings: the keys and their defaults, read from `config.toml` and the environment."""

import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

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
    list_unknown_keys,
)

DEFAULT_FILE = Path("config.toml")
_PREFIX = "CLIPDESK_"
_MAX_BYTES = 4 << 20  # of a settings file; what is beyond is not read


class _Coverage(DatedDetails, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[coverage]]` table: a `path` or a `url`, and metadata of the article."""

    path: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All keys with their defaults; `config.example.toml` explains each.

    Every key except `coverage` can also be set by an environment variable, CLIPDESK_ followed by
    its name in capitals, which overrides the file. The file may use that spelling as well.
    """

    database: str = ""
    passages: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | Literal["auto"] = "auto"
    freshness: Annotated[float, msgspec.Meta(ge=0, le=100)] = AnswerConfig().freshness
    reader: Literal["auto", "off"] = "auto"
    user_limit: Annotated[int, msgspec.Meta(ge=0)] = 10
    channel_limit: Annotated[int, msgspec.Meta(ge=0)] = 30
    patience: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 60
    discord_api: str = ""
    allow_loopback: bool = False
    coverage: list[_Coverage] = []


_CHOICES = {
    "threshold": "expected 'auto' or a number from 0 to 1",
    "reader": "expected 'auto' or 'off'",
}

KEYS = tuple(key for key in _File.__struct_fields__ if key != "coverage")


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated settings of one run.

    `database` is a path, or `MEMORY`; `user_limit` and `channel_limit` are questions per half a
    minute, 0 for no limit; `patience` is how many seconds to retry connecting to Discord at the
    start; `discord_api` is the base address of the API, empty for Discord's own. `warnings` are
    lines about unknown variables.
    """

    sources: tuple[Source, ...]
    database: str
    passages: int
    answer_config: AnswerConfig
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
    """Load settings from `file`; `coverage` and `database` of the command line override them.

    Without `file`, `config.toml` is read if it exists; without coverage, the sample is used.
    Raises SettingsError, which names the key, its value and what is expected.
    """
    path = file or DEFAULT_FILE
    values = _read(path, required=file is not None)
    _check(values, str(path))
    for key in KEYS:
        name = _PREFIX + key.upper()
        if value := environment.get(name):
            _check({key: _valid_text(name, value)}, f"environment variable {name}")
            values[key] = value
    chosen = msgspec.convert(values, _File, strict=False)
    if coverage:
        sources = [source_of(argument) for argument in coverage]
    else:
        sources = [_source(entry, path) for entry in chosen.coverage]
    return Settings(
        # Drop duplicates.
        sources=tuple({one.location: one for one in sources}.values()) or (Source(str(SAMPLE)),),
        database=_database(database, chosen.database, path.parent, sample=not sources),
        passages=chosen.passages,
        answer_config=AnswerConfig(
            None if chosen.threshold == "auto" else chosen.threshold,
            chosen.freshness,
            reader=chosen.reader == "auto",
        ),
        user_limit=chosen.user_limit,
        channel_limit=chosen.channel_limit,
        patience=chosen.patience,
        discord_api=chosen.discord_api.rstrip("/"),
        allow_loopback=chosen.allow_loopback,
        warnings=tuple(_unknown_variables(environment)),
    )


def _valid_text(name: str, value: str) -> str:
    """The value of an environment variable. Raises SettingsError for bytes that are not text."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(
            f"environment variable {name} = {value!r}; expected valid text"
        ) from error
    return value


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    known = [_PREFIX + key.upper() for key in KEYS]
    unknown = sorted(name for name in environment if name.startswith(_PREFIX) and name not in known)
    if unknown:
        listed = list_unknown_keys(unknown, known, _PREFIX)
        yield f"unknown environment variables are ignored: {listed}"


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    if not required and not path.is_file():
        return {}
    try:
        if path.exists() and not (
            path.is_file() or path.is_dir()
        ):  # to read a device or a pipe may never end
            raise SettingsError(f"{path}: not a regular file; give a settings file")
        with path.open("rb") as file:
            written = file.read(_MAX_BYTES)
        values = tomllib.loads(written.decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; give an existing settings file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); fix it") from error
    return {key.lower().removeprefix(_PREFIX.lower()): value for key, value in values.items()}


def _check(values: Mapping[str, Any], where: str) -> None:
    """Raise SettingsError if `values` are not valid settings; `where` names their origin."""
    try:
        chosen = msgspec.convert(values, _File, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where}: {_explain(error, values)}") from error
    if chosen.discord_api and not is_web_address(chosen.discord_api):
        raise SettingsError(
            f"{where}: discord_api = {chosen.discord_api!r}; expected an http or https address"
        )


def _explain(error: msgspec.ValidationError, values: Mapping[str, Any]) -> str:
    """Explain a validation error in terms of keys and values."""
    problem = explain(error)
    if problem.unknown:
        keys = _Coverage.__struct_fields__ if problem.place else (*KEYS, "[[coverage]]")
        where = " in [[coverage]]" if problem.place else ""
        unknown = list_unknown_keys([problem.unknown], keys)
        return f"unknown key {unknown}{where}; the keys are {', '.join(keys)}"
    value: Any = values
    for step in re.findall(r"\w+", problem.place):
        value = value[int(step) if step.isdigit() else step]
    what = _CHOICES.get(problem.place, problem.what) if isinstance(value, str) else problem.what
    line = f"{problem.place} = {_format_value(value)}; {what}"
    is_table = re.fullmatch(r"coverage(\[\d+\])?", problem.place)
    return f"{line}; use [[coverage]] tables" if is_table else line


def _format_value(value: object) -> str:
    """Format a value much like TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, dt.date | dt.time) else repr(value)


def _source(entry: _Coverage, settings_file: Path) -> Source:
    details = msgspec.convert(msgspec.structs.asdict(entry), Details)
    if entry.path:  # relative to the settings file
        name = f"{settings_file}: [[coverage]] path"
        return Source(_absolute(entry.path, settings_file.parent, name), details, entry.path)
    if entry.url and is_web_address(entry.url):
        return Source(entry.url, details)
    raise SettingsError(
        f"{settings_file}: [[coverage]] url = {entry.url!r}; "
        "expected a path, or an address that starts with http:// or https://"
    )


def source_of(argument: str) -> Source:
    """Return the source for a command-line argument. Raises SettingsError if it does not exist."""
    if is_web_address(argument):
        return Source(argument)
    path = _absolute(argument, Path(), "path")
    if not argument or not os.path.lexists(path):
        raise SettingsError(f"{argument!r}: no such file or folder; check the path")
    return Source(path, name=argument)


def _absolute(path: str, folder: Path, name: str) -> str:
    """Resolve `path` relative to `folder`, following links.

    Raises SettingsError, which calls it `name`, if it is not a valid path.
    """
    try:
        absolute = os.path.realpath(folder / Path(path).expanduser())
        absolute.encode()
    except (RuntimeError, ValueError) as error:  # ~unknown_user, or an invalid character
        raise SettingsError(f"{name} = {path!r}; expected a path ({error})") from error
    return absolute


def _database(argument: str | None, setting: str, folder: Path, *, sample: bool) -> str:
    chosen = argument or setting
    if chosen == MEMORY:
        return MEMORY
    if chosen:
        return _absolute(chosen, Path() if argument else folder, "database")
    if sample:  # indexed within milliseconds, so not worth storing
        return MEMORY
    from platformdirs import user_data_path  # noqa: PLC0415 - slow to import

    try:
        return str(user_data_path("clipdesk") / "clipdesk.db")
    except RuntimeError as error:  # no HOME, and an unknown user
        raise SettingsError(
            "There is no home folder to store the index in; choose a file with --database."
        ) from error
