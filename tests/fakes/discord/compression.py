"""Transport compression of the gateway, as requested in the websocket's address.

A connection has one compression context: `zlib-stream` ends each message with a sync flush,
`zstd-stream` with a flushed block. Zstandard needs Python 3.14 or the package `zstandard`; without
either, clients cannot read it and do not ask for it.
"""

import zlib
from collections.abc import Callable
from importlib import import_module

ZLIB, ZSTD = "zlib-stream", "zstd-stream"


class Compressor:
    """Compresses consecutive messages; returns text unchanged if no compression was requested."""

    def __init__(self, kind: str | None) -> None:
        self._pack: Callable[[bytes], bytes] | None = None
        if kind == ZLIB:
            self._pack = _zlib_stream()
        elif kind == ZSTD:
            self._pack = _zstd_stream()

    def __call__(self, text: str) -> str | bytes:
        return text if self._pack is None else self._pack(text.encode())


def _zlib_stream() -> Callable[[bytes], bytes]:
    context = zlib.compressobj()
    return lambda data: context.compress(data) + context.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> Callable[[bytes], bytes]:
    try:
        zstd = import_module("compression.zstd")
    except ImportError:
        zstandard = import_module("zstandard")
        context = zstandard.ZstdCompressor().compressobj()
        flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda data: context.compress(data) + context.flush(flush)
    compressor = zstd.ZstdCompressor()
    return lambda data: compressor.compress(data, compressor.FLUSH_BLOCK)
