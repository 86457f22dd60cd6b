"""The build hook that compiles `loops.c` into the package.

The compiler is Zig's, which pip installs for the time of the build. Where there is none, or it
fails, the package is built without the loops, and NumPy does what they do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags

_SOURCE = "index/bm25/loops.c"
_LIBRARY = "index/bm25/loops.so"  # everywhere: Windows and macOS load it by any name
_TIMEOUT_S = 120.0  # it takes half a second

_FLAGS = [
    "-std=c99",
    "-O3",
    "-ffp-contract=off",  # see the source
    "-mcpu=baseline",  # a wheel is not for this processor alone
    "-shared",
    "-fPIC",
    "-s",
    "-nostdlib",  # the one function that is called, memset, is in whatever C library Python has
]
if sys.platform == "win32":
    _FLAGS += [
        "-ffreestanding",  # where that would have to be told by name: so none is called
        "-Wl,--no-entry",  # there is nothing to be done when the library is loaded
    ]


class LoopsHook(BuildHookInterface[Any]):
    """Puts the compiled loops into a wheel, which is then one for this platform."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile them before the wheel is made, or the checkout installed as it is."""
        root = Path(self.root)
        try:
            _compile(root / _SOURCE, root / _LIBRARY)
        except (OSError, subprocess.SubprocessError) as error:
            self.app.display_warning(f"clipdesk is built without compiled loops: {error}")
            return
        build_data["artifacts"].append(_LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{_platform()}"


def _compile(source: Path, library: Path) -> None:
    library.unlink(missing_ok=True)  # one of an older source, or in use
    with TemporaryDirectory() as name:
        made = Path(name) / library.name
        caches = {"ZIG_LOCAL_CACHE_DIR": name, "ZIG_GLOBAL_CACHE_DIR": name}
        subprocess.run(  # noqa: S603 - what is run is told here
            [sys.executable, "-m", "ziglang", "cc", *_FLAGS, "-o", str(made), str(source)],
            env=os.environ | caches,
            timeout=_TIMEOUT_S,
            check=True,
        )
        shutil.copyfile(made, library)


def _platform() -> str:
    """The platform's tag; on Linux without a C library, since none of a version is needed."""
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))
