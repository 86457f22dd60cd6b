"""The build hook that compiles `loops.c` into the package.

The machine's own C compiler does, and where none works Zig's, a wheel of 100 MB that is installed
for the time of the build. Where that fails, too, the wheel is one of pure Python, and NumPy does
what the loops do. All of them come to the very same numbers.
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
_TIMEOUT_S = 120.0  # it takes half a second
_MACOS = "11.0"  # the first on ARM

_FLAGS = [
    "-std=c99",
    "-O3",
    "-ffp-contract=off",  # see the source
    "-fno-stack-protector",  # which some compilers add, and which calls into the C library
    "-shared",
    "-fPIC",
]
# Nothing is linked, so that the library runs with any version of any C library: the one function
# that may be called, memset, is in whichever Python has. (On macOS, the system's must be linked.)
_LINUX_FLAGS = ["-nostdlib", "-s"]
# A wheel is not for this processor alone, whatever the compiler's own default is.
_BASELINE = {"x86_64": ["-march=x86-64"], "aarch64": ["-march=armv8-a"], "arm64": []}


class LoopsHook(BuildHookInterface[Any]):
    """Puts the compiled loops into a wheel, which is then one for this platform."""

    def dependencies(self) -> list[str]:
        """Zig, where it is needed."""
        with TemporaryDirectory() as folder:
            made = Path(folder) / "loops.so"
            found = not _tag() or _compile(Path(self.root) / _SOURCE, made, _own_compilers())
        return [] if found else [ZIG]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile the loops before a wheel is made, or the checkout is installed as it is."""
        library = Path(self.root) / _LIBRARY
        library.unlink(missing_ok=True)  # one of an older source, or in use
        tag = _tag()
        if not tag or not _compile(
            Path(self.root) / _SOURCE, library, (*_own_compilers(), _zig_compiler())
        ):
            self.app.display_warning("clipdesk is built without compiled loops: NumPy will rank")
            return
        build_data["artifacts"].append(_LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag}"


def _tag() -> str | None:
    """The platforms that the compiled loops are for; None where they are not compiled."""
    machine = platform.machine()
    if sys.maxsize < 2**32:
        return None  # there, sums are not always rounded to 64 bits, as NumPy's are
    if sys.platform == "linux" and machine in {"x86_64", "aarch64"}:
        libraries = ("manylinux2014", "manylinux_2_17", "musllinux_1_1")
        return ".".join(f"{library}_{machine}" for library in libraries)
    if sys.platform == "darwin" and machine in {"x86_64", "arm64"}:
        return f"macosx_{_MACOS.replace('.', '_')}_{machine}"
    return None


def _own_compilers() -> Iterator[list[str]]:
    """The commands of the C compilers that this machine may have."""
    machine = platform.machine()
    flags = _BASELINE[machine]
    if sys.platform == "darwin":
        flags = [*flags, "-arch", machine, f"-mmacosx-version-min={_MACOS}"]
    told = os.environ.get("CC")
    for compiler in [told] if told else ["cc", "gcc", "clang"]:
        yield [*shlex.split(compiler), *flags]


def _zig_compiler() -> list[str]:
    """The command of Zig's C compiler."""
    target: list[str] = []
    if sys.platform == "darwin":
        target = ["-target", f"{platform.machine().replace('arm64', 'aarch64')}-macos.{_MACOS}"]
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline", *target]


def _compile(source: Path, library: Path, compilers: Iterable[list[str]]) -> bool:
    """Whether one of the compilers, in their order, made the library."""
    flags = _FLAGS + _LINUX_FLAGS * (sys.platform == "linux")
    with TemporaryDirectory() as folder:
        made = Path(folder) / library.name
        caches = {"ZIG_LOCAL_CACHE_DIR": folder, "ZIG_GLOBAL_CACHE_DIR": folder}
        for compiler in compilers:
            try:
                subprocess.run(  # noqa: S603 - what is run is told here, or by who builds
                    [*compiler, *flags, "-o", str(made), str(source)],
                    env=os.environ | caches,
                    timeout=_TIMEOUT_S,
                    check=True,
                )
            except (OSError, subprocess.SubprocessError):
                continue  # there is none of the name, or it said what is wrong
            shutil.copyfile(made, library)
            return True
    return False
