"""Which addresses coverage may be fetched from. Nothing here touches the network.

Two questions, asked at two times. `web_address` and `redirected` judge an address as written,
before its name is looked up. `is_public` judges the IP address at the moment of the connection:
only that one decides, since a name can lead anywhere, and elsewhere the next second.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from index.errors import CoverageError

SHOWN_CHARS = 200  # of an address in a message: enough to find it in the settings

# A host name. Its last label is no number: that would be an IPv4 address in one of the spellings
# (127.1, 0x7f000001, 017700000001) that each library reads in its own way.
_LABEL = r"[a-z0-9_-]{1,63}"
_HOST = re.compile(rf"(?=.{{1,254}}$)(?:{_LABEL}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)\.?$){_LABEL}\.?")
_SECRETS = re.compile(r"^([^/?#]*//)?[^/?#]*@|[?#].*", re.DOTALL)  # user:password@, ?query#fragment

# Addresses that carry an IPv4 address in their last 32 bits and lead to it: a network without IPv4
# (DNS64 and NAT64) reaches half the web that way. The carried address is judged in their place.
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))

# All that is handed out as global unicast. Whatever is not below is refused: IPv6 outside 2000::/3
# holds loopback, link-local, unique local, multicast, IPv4-compatible, local NAT64, and the future.
_GLOBAL_UNICAST = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))

# What inside it is set aside, after the special-purpose registries of IANA (RFC 6890). An own
# table: `is_global` changes from one Python to the next, and in 3.11 passes multicast and 6to4.
_SET_ASIDE = tuple(
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
        "192.31.196.0/24",  # AS112, answered by whoever is near
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
        "2002::/16",  # 6to4, another such tunnel
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def shown(address: object) -> str:
    """Return an address as a message may show it: one printable line without password and query."""
    bare = _SECRETS.sub(r"\1", str(address))[:SHOWN_CHARS]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in bare)


def web_address(text: str) -> URL:
    """Read an address as somebody wrote it, without its #fragment.

    Raises CoverageError if it is no http(s) address, carries a password, or names no usable host.
    """
    try:
        url = URL(text)
    except ValueError:
        raise CoverageError(f"{shown(text)}: not a web address; check its spelling") from None
    return _checked(url)


def redirected(url: URL, location: str) -> URL:
    """Return where `url` leads by the Location header of its answer.

    Raises CoverageError if that is no address to fetch from, or gives up the encryption of `url`.
    """
    try:
        target = _checked(url.join(URL(location)))
    except ValueError:
        raise CoverageError(f"{shown(url)}: redirects to no web address; report it there") from None
    except CoverageError as error:
        raise CoverageError(f"{shown(url)}: redirects to {error}") from None
    if url.scheme == "https" and target.scheme == "http":
        raise CoverageError(
            f"{shown(url)}: redirects from https to unencrypted http; name an https address"
        )
    return target


def is_public(address: str) -> bool:
    """Whether an IP address is plain global unicast, the only kind that coverage is fetched from.

    False for whatever is not an IP address in its plain spelling: a name or "127.1" would be
    looked up again after this check, and a zone ("fe80::1%eth0") is local by its nature.
    """
    ip = _parsed(address)
    if ip is None:
        return False
    if any(ip in network for network in _CARRIERS):
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return any(ip in network for network in _GLOBAL_UNICAST) and not any(
        ip in network for network in _SET_ASIDE
    )


def is_loopback(address: str) -> bool:
    """Whether an IP address, in its plain spelling, is this machine's loopback."""
    ip = _parsed(address)
    return ip is not None and any(ip in network for network in _LOOPBACK)


def _checked(url: URL) -> URL:
    host = url.raw_host or ""
    if url.scheme not in {"http", "https"}:
        raise CoverageError(f"{shown(url)}: not an http or https address; only those are fetched")
    if url.raw_user is not None or url.raw_password is not None:
        raise CoverageError(f"{shown(url)}: carries a user or a password; name a page open to all")
    if not _HOST.fullmatch(host) and _parsed(host) is None:
        raise CoverageError(f"{shown(url)}: names no usable host; check its spelling")
    if host.rstrip(".").endswith(".onion"):  # never ask the public DNS for one: RFC 7686
        raise CoverageError(f"{shown(url)}: .onion pages are not fetched; name a public page")
    return url.with_fragment(None)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return None if isinstance(ip, IPv6Address) and ip.scope_id is not None else ip
