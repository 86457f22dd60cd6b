"""The build hook that compiles `loops.c` into the package.

It uses the machine's own C compiler. Where none works, it uses Zig's, a wheel of 100 MB that is
installed for the duration of the build. Where that fails, too, it builds a pure Python wheel, and
NumPy replaces the loops. All three give identical results.
"""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = "index/retrieval/bm25/loops.c"
_LIBRARY = "index/retrieval/bm25/loops.so"  # on macOS, too, which loads it by any name
ZIG = "ziglang>=0.13,<0.18"
_TIMEOUT_S = 120.0  # usually half a second
_MACOS = "11.0"  # the first version for ARM

_FLAGS = [
    "-std=c99",
    "-O3",
    "-ffp-contract=off",  # see the source
    "-fno-stack-protector",  # some compilers add it by default, and it calls the C library
    "-shared",
    "-fPIC",
]
# Nothing is linked, so the library runs with any version of any C library: the one function that
# may be called, memset, is in the one that Python loads. (macOS requires linking the system's.)
_LINUX_FLAGS = ["-nostdlib", "-s"]
# A wheel must run on other processors of the platform, whatever the compiler's default is.
_BASELINE = {"x86_64": ["-march=x86-64"], "aarch64": ["-march=armv8-a"], "arm64": []}


class LoopsHook(BuildHookInterface[Any]):
    """Adds the compiled loops to a wheel, which then gets the tag of this platform."""

    def dependencies(self) -> list[str]:
        """The extra build requirements: Zig, where no other compiler works."""
        with TemporaryDirectory() as folder:
            output = Path(folder) / "loops.so"
            works = not _tag() or _compile(Path(self.root) / _SOURCE, output, _own_compilers())
        return [] if works else [ZIG]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile the loops before a wheel is built, or the checkout is installed as editable."""
        library = Path(self.root) / _LIBRARY
        library.unlink(missing_ok=True)  # built from an older source, or in use
        tag = _tag()
        if not tag or not _compile(
            Path(self.root) / _SOURCE, library, (*_own_compilers(), _zig_compiler())
        ):
            self.app.display_warning(
                "clipdesk is built without the compiled loops; ranking will use NumPy"
            )
            return
        build_data["artifacts"].append(_LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag}"


def _tag() -> str | None:
    """The platform tag of the compiled loops; None on platforms without them."""
    machine = platform.machine()
    if sys.maxsize < 2**32:
        return None  # 32-bit code may keep more than 64 bits of a sum; NumPy does not
    if sys.platform == "linux" and machine in {"x86_64", "aarch64"}:
        libraries = ("manylinux2014", "manylinux_2_17", "musllinux_1_1")
        return ".".join(f"{library}_{machine}" for library in libraries)
    if sys.platform == "darwin" and machine in {"x86_64", "arm64"}:
        return f"macosx_{_MACOS.replace('.', '_')}_{machine}"
    return None


def _own_compilers() -> Iterator[list[str]]:
    """Candidate commands of this machine's C compilers: `CC`, else the usual names."""
    machine = platform.machine()
    flags = _BASELINE[machine]
    if sys.platform == "darwin":
        flags = [*flags, "-arch", machine, f"-mmacosx-version-min={_MACOS}"]
    chosen = os.environ.get("CC")
    for compiler in [chosen] if chosen else ["cc", "gcc", "clang"]:
        yield [*shlex.split(compiler), *flags]


def _zig_compiler() -> list[str]:
    """The command of Zig's C compiler."""
    target: list[str] = []
    if sys.platform == "darwin":
        target = ["-target", f"{platform.machine().replace('arm64', 'aarch64')}-macos.{_MACOS}"]
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline", *target]


def _compile(source: Path, library: Path, compilers: Iterable[list[str]]) -> bool:
    """Compile with the first compiler that works; returns whether one did."""
    flags = _FLAGS + _LINUX_FLAGS * (sys.platform == "linux")
    with TemporaryDirectory() as folder:
        output = Path(folder) / library.name
        caches = {"ZIG_LOCAL_CACHE_DIR": folder, "ZIG_GLOBAL_CACHE_DIR": folder}
        for compiler in compilers:
            try:
                subprocess.run(  # noqa: S603 - the command is set here, or by the person who builds
                    [*compiler, *flags, "-o", str(output), str(source)],
                    env=os.environ | caches,
                    timeout=_TIMEOUT_S,
                    check=True,
                )
            except (OSError, subprocess.SubprocessError):
                continue  # no such compiler, or it has printed its own error
            shutil.copyfile(output, library)
            return True
    return False
