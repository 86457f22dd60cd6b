"""Checks which addresses coverage may be fetched from, without using the network.

`parse_web_address` and `resolve_redirect` check an address as written, before its name is resolved.
`is_public` checks the IP address when the connection is made, and only that check is final: a name
can resolve to anything, and to something else a second later.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from yarl import URL

from index.errors import CoverageError

_CACHED_ADDRESSES = 1_000  # of articles: most questions are about the same news
_MAX_CHARS = 200  # of an address in a message: enough to find it in the settings

# A host name. Its last label is not a number: it would be an IPv4 address in one of the spellings
# (127.1, 0x7f000001, 017700000001) that libraries interpret differently.
_LABEL = r"[a-z0-9_-]{1,63}"
_HOST = re.compile(rf"(?=.{{1,254}}$)(?:{_LABEL}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)\.?$){_LABEL}\.?")
# What RFC 3986 does not allow in an address, and brackets, at which chat clients cut links.
_UNSAFE = re.compile(r"[^\w\-.~:/?#@!$&'*+,;=%]|%(?![0-9a-f]{2})", re.ASCII | re.IGNORECASE)
_NO_ADDRESS = re.compile(r"[\s\x00-\x1f]")  # parsers drop some of these
_SECRETS = re.compile(r"^([^/?#]*//)?[^/?#]*@|[?#].*", re.DOTALL)  # user:password@, ?query#fragment

# IPv6 addresses that embed an IPv4 address in their last 32 bits and route to it: networks without
# IPv4 (DNS64 and NAT64) reach half the web that way. The embedded address is checked instead.
_IPV4_EMBEDDED = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))

# Everything allocated as global unicast; the rest is refused. IPv6 outside 2000::/3 is loopback,
# link-local, unique local, multicast, IPv4-compatible, local NAT64, or not yet allocated.
_GLOBAL_UNICAST = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))

# Exceptions within it, after IANA's special-purpose registries (RFC 6890). Not `is_global`, which
# differs between Python versions, and in 3.11 accepts multicast and 6to4.
_SPECIAL_PURPOSE = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to loopback
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform service: a public number, but only inside a cloud
        "169.254.0.0/16",  # link-local, where clouds keep their metadata service
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112, answered by the nearest server
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocol assignments, among them Teredo, a tunnel to any IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, another tunnel to any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def web_host(address: str) -> str:
    """The host of an http(s) address; empty for any other text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.scheme in {"http", "https"} and parts.hostname) or ""


def is_web_address(url: str) -> bool:
    """True if `url` is an http(s) address that a browser can open."""
    return bool(web_host(url)) and not re.search(r"\s", url)


def redact(address: object) -> str:
    """An address that is safe to show: one printable line without password, query and fragment."""
    bare = _SECRETS.sub(r"\1", str(address))[:_MAX_CHARS]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in bare)


@lru_cache(_CACHED_ADDRESSES)
def linkable(address: str) -> str:
    """An http(s) address as it may be shown and opened, in ASCII; empty for any other.

    Everything that ends an address in some program, or hides in it, is percent-encoded, and names
    of hosts in other scripts are in Punycode, so that none is taken for another. An address with a
    user is none: what stands before the @ looks like its host.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if host and not host.isascii():
            host = URL.build(scheme="http", host=host).raw_host or ""
    except ValueError:
        return ""
    is_host = _HOST.fullmatch(host) or _canonical_ip(host)
    is_web = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    if not is_web or not is_host or _NO_ADDRESS.search(address):
        return ""
    place = f"[{host}]" if ":" in host else host
    place += "" if port is None else f":{port}"
    rest = address[address.index("//") + 2 + len(parts.netloc) :]
    return f"{parts.scheme}://{place}{_UNSAFE.sub(_percent_encoded, rest)}"


def _percent_encoded(unsafe: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in unsafe[0].encode(errors="replace"))


def parse_web_address(text: str) -> URL:
    """Parse an address as typed, dropping its #fragment.

    Raises CoverageError if it is not http(s), contains a user or password, or has no usable host.
    """
    try:
        url = URL(text)
    except ValueError:
        raise CoverageError(f"{redact(text)}: not a web address; check the spelling") from None
    return _validated(url)


def resolve_redirect(url: URL, location: str) -> URL:
    """Resolve the Location header of a response from `url`.

    Raises CoverageError if the target must not be fetched, or is http where `url` is https.
    """
    try:
        target = _validated(url.join(URL(location)))
    except ValueError:
        raise CoverageError(
            f"{redact(url)}: redirects to something that is not a web address; report it there"
        ) from None
    except CoverageError as error:
        raise CoverageError(f"{redact(url)}: redirects to {error}") from None
    if url.scheme == "https" and target.scheme == "http":
        raise CoverageError(
            f"{redact(url)}: redirects from https to unencrypted http; give an https address"
        )
    return target


def is_public(address: str) -> bool:
    """True if an IP address is global unicast, the only kind that coverage is fetched from.

    False for anything but a canonical IP address: a name or "127.1" would be resolved again after
    this check, and an address with a zone ("fe80::1%eth0") is local.
    """
    ip = _canonical_ip(address)
    if ip is None:
        return False
    if any(ip in network for network in _IPV4_EMBEDDED):
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return any(ip in network for network in _GLOBAL_UNICAST) and not any(
        ip in network for network in _SPECIAL_PURPOSE
    )


def is_loopback(address: str) -> bool:
    """True if a canonical IP address is this machine's loopback."""
    ip = _canonical_ip(address)
    return ip is not None and any(ip in network for network in _LOOPBACK)


def _validated(url: URL) -> URL:
    host = url.raw_host or ""
    if url.scheme not in {"http", "https"}:
        raise CoverageError(f"{redact(url)}: not an http or https address; only those are fetched")
    if url.raw_user is not None or url.raw_password is not None:
        raise CoverageError(f"{redact(url)}: contains a user name or password; give a public page")
    if not _HOST.fullmatch(host) and _canonical_ip(host) is None:
        raise CoverageError(f"{redact(url)}: has no usable host; check the spelling")
    if host.rstrip(".").endswith(".onion"):  # must not be sent to the public DNS: RFC 7686
        raise CoverageError(f"{redact(url)}: .onion pages are not fetched; give a public page")
    return url.with_fragment(None)


def _canonical_ip(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return None if isinstance(ip, IPv6Address) and ip.scope_id is not None else ip
