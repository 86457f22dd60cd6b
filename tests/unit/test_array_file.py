"""The array file: either everything that was written comes back, or an error."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from index.retrieval.embedded.array_file import DamagedFileError, OtherFileError, load, save

TYPES = ("bool", "uint8", "uint16", "uint32", "int32", "int64", "float64", "S32")
ABOUT = {"sources": "/news/é\n/other", "generation": "1"}
NUMBERS = {"numbers": np.arange(5, dtype=np.int64), "flags": np.array([True, False])}

# Stops in the middle of writing the file, says so, and waits to be killed.
_WRITER = """
import os, sys, time
from pathlib import Path
import numpy as np
from index.retrieval.embedded.array_file import save

def stop(_file):
    print("ready", flush=True)
    time.sleep(60)

os.fsync = stop
save(Path(sys.argv[1]), {}, {"numbers": np.zeros(100_000)})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a [1].index"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Simulate a full disk: no file grows beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def is_intact(path: Path) -> bool:
    """True if the file still holds `NUMBERS`."""
    about, found = load(path)
    return about == ABOUT and all(np.array_equal(found[key], NUMBERS[key]) for key in NUMBERS)


@settings(max_examples=30)
@given(
    made=st.dictionaries(
        st.text(max_size=9),
        st.sampled_from(TYPES).flatmap(
            lambda name: arrays(np.dtype(name), array_shapes(min_dims=1, max_dims=2, min_side=0))
        ),
        max_size=5,
    )
)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, made: dict[str, np.ndarray]) -> None:
    path = tmp_path_factory.getbasetemp() / "round.index"
    save(path, ABOUT, made)
    about, found = load(path)
    assert about == ABOUT
    assert list(found) == list(made)
    for name, array in made.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()
        assert not found[name].flags.writeable


def test_arrays_with_other_strides_are_written_in_order(path: Path) -> None:
    square = np.arange(12).reshape(3, 4)
    save(path, {}, {"turned": square.T, "every other": square[:, ::2], "back": square[::-1]})
    _, found = load(path)
    assert found["turned"].tolist() == square.T.tolist()
    assert found["every other"].tolist() == square[:, ::2].tolist()
    assert found["back"].tolist() == square[::-1].tolist()


def test_a_truncated_or_longer_file_is_damaged(path: Path) -> None:
    save(path, ABOUT, NUMBERS)
    whole = path.read_bytes()
    for wrong in (*(whole[:size] for size in range(len(whole))), whole + b"\0", whole * 2):
        path.write_bytes(wrong)
        with pytest.raises(DamagedFileError):
            load(path)


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_changed_byte_is_damage(path: Path, flip: int) -> None:
    save(path, ABOUT, NUMBERS)
    whole = path.read_bytes()
    for at, byte in enumerate(whole):
        path.write_bytes(whole[:at] + bytes([byte ^ flip]) + whole[at + 1 :])
        with pytest.raises(DamagedFileError):
            load(path)
    path.write_bytes(whole)
    assert is_intact(path)


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"SQLite format 3\0" * 99, b"clipdesk" * 9])
def test_the_file_of_another_program_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedFileError):
        load(path)


def test_the_file_of_another_version_is_damage(path: Path) -> None:
    head = b'{"about": {}, "arrays": [], "size": 0, "digest": "of all"}'
    for other in (head.replace(b"size", b"length"), head.replace(b"[]", b'[{"name": "a"}]')):
        begin = b"clipdesk" + len(other).to_bytes(8, "little")
        path.write_bytes(begin + xxhash.xxh3_64_digest(other) + other)
        with pytest.raises(DamagedFileError):
            load(path)


def test_a_missing_file_raises_os_error(path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        load(path)
    path.mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        load(path)


def test_arrays_stay_when_their_file_is_replaced_or_deleted(path: Path) -> None:
    save(path, ABOUT, NUMBERS)
    _, found = load(path)
    save(path, {}, {"numbers": np.zeros(5, np.int64)})
    path.unlink()
    assert found["numbers"].tolist() == NUMBERS["numbers"].tolist()


@pytest.mark.parametrize("size", [0, 10, 300, 100_000])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path, size: int) -> None:
    save(path, ABOUT, NUMBERS)
    with largest_file(size), pytest.raises(OSError, match="File too large"):
        save(path, {}, {"numbers": np.zeros(100_000)})
    assert is_intact(path)
    assert [*path.parent.iterdir()] == [path]


def test_a_killed_writer_keeps_the_old_file_and_its_leftovers_are_removed_later(path: Path) -> None:
    save(path, ABOUT, NUMBERS)
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        writer.kill()
    assert writer.returncode == -signal.SIGKILL
    assert is_intact(path)
    [left] = (other for other in path.parent.iterdir() if other != path)
    assert left.stat().st_size > 100_000
    others = path.with_name("b.index"), path.with_name(f"{path.name}.old")
    for other in others:
        other.touch()
        os.utime(other, (0, 0))
    save(path, ABOUT, NUMBERS)
    assert left.exists()  # another process may be writing it
    os.utime(left, (0, 0))
    save(path, ABOUT, NUMBERS)
    assert {*path.parent.iterdir()} == {path, *others}
    assert is_intact(path)


def test_a_file_with_another_about_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "index"
    save(path, {"of": "ferries", "version": "1"}, {"one": np.arange(3)})
    assert load(path, {"of": "ferries"})[0] == {"of": "ferries", "version": "1"}
    for other in ({"of": "bridges"}, {"of": "ferries", "made by": "hand"}):
        with pytest.raises(OtherFileError):
            load(path, other)
