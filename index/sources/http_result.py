"""The result of fetching an address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """Cache validators of a response, so that an unchanged body is not sent again.

    They apply to `url` only, the address that responded, and are never sent to another.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class HttpResult:
    """A response. `body` is without its Content-Encoding; a .gz file is still a .gz file.

    `url` is the final address. `charset` is the one that the server declares, unchecked, or empty.
    """

    url: str
    body: bytes
    content_type: str
    charset: str
    validators: Validators
