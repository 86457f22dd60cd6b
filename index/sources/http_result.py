"""What came back from an address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer said to be asked with next time, so that the same body is not sent again.

    They hold for `url` alone, the address that answered, and are never sent to another.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class HttpResult:
    """One answer. `body` is free of its Content-Encoding; a .gz file is still a .gz file.

    `url` is the final address. `charset` is what the server claims, unchecked, or empty.
    """

    url: str
    body: bytes
    content_type: str
    charset: str
    validators: Validators
