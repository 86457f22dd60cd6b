"""Public addresses, and valid spellings of addresses."""

import re
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from index.errors import CoverageError
from index.sources.addresses import (
    is_loopback,
    is_public,
    linkable,
    parse_web_address,
    redact,
    resolve_redirect,
)

PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",  # the first after the protocol assignments
    "2606:4700:4700::1111",
    "2A00:1450:4001:82B::200E",
    "::ffff:8.8.8.8",  # IPv4-mapped
    "64:ff9b::8.8.8.8",  # NAT64: how a network without IPv4 reaches the rest
]
NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - refused here, not bound
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",  # a cloud's metadata service
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::8.8.8.8",
    "::ffff:0:0",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::FFFF:A9FE:A9FE",
    "::ffff:0:127.0.0.1",  # IPv4-translated
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",  # 6to4, whatever it carries
    "2620:4f:8000::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
NOT_CANONICAL = [
    "",
    "localhost",
    "example.com",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "127.0.0.01",
    "8.8.8.8.",
    " 8.8.8.8",
    "8.8.8.8\n",
    "８.8.8.8",  # noqa: RUF001 - a digit of another alphabet, on purpose
    "[2606:4700:4700::1111]",
    "2606:4700:4700::1111%eth0",
    "2606:4700:4700::1111%",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC + NOT_CANONICAL)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses())
def test_every_public_address_is_global_for_the_standard_library(
    ip: IPv4Address | IPv6Address,
) -> None:
    if is_public(str(ip)):
        embedded = getattr(ip, "ipv4_mapped", None) or ip
        assert embedded.is_global
        assert not embedded.is_multicast


@given(st.text())
def test_any_text_can_be_checked(text: str) -> None:
    assert is_public(text) in {True, False}
    assert is_loopback(text) in {True, False}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.0.3", "::1", "0:0:0:0:0:0:0:1"])
def test_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::1%lo", "localhost"],  # noqa: S104 - not bound
)
def test_not_loopback(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://Example.COM/a?b=c#d", "example.com"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://example.com.:80/", "example.com."),
        ("https://a_b.example-1.com", "a_b.example-1.com"),
        ("http://3com.com", "3com.com"),
        ("http://[2606:4700:4700::1111]/", "2606:4700:4700::1111"),
        ("http://1.1.1.1/", "1.1.1.1"),
    ],
)
def test_web_address(text: str, host: str) -> None:
    url = parse_web_address(text)
    assert url.raw_host == host
    assert not url.fragment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "//example.com/",
        "/article",
        "http://",
        "http:///article",
        "http:example.com",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "data:text/html,hi",
        "javascript:alert(1)",
        "ws://example.com/",
        "unix:///run/docker.sock",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "http://:secret@example.com/",
        "http://example.onion/",
        "http://EXAMPLE.ONION./",
        "http://example.com:99999/",
        "http://example.com:http/",
        "http://[::1/",
        "http://[::1%25lo]/",
        "http://exa mple.com/",
        "http://exa%2emple.com/",
        "http://example\x00.com/",
        "http://example..com/",
        "http://.example.com/",
        "http://\ud800.com/",
        f"http://{'a' * 64}.com/",
        f"http://{'a.' * 130}com/",
    ],
)
def test_not_a_web_address(text: str) -> None:
    with pytest.raises(CoverageError) as caught:
        parse_web_address(text)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@given(st.text())
def test_any_text_is_an_address_or_a_coverage_error(text: str) -> None:
    for candidate in (text, f"http://{text}", f"https://example.com/{text}"):
        try:
            assert parse_web_address(candidate).raw_host
        except CoverageError as error:
            assert str(error).isprintable()  # noqa: PT017 - not raising is as good


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://example.com/b"),
        ("c", "https://example.com/a/c"),
        ("?page=2", "https://example.com/a/?page=2"),
        ("//www.example.com/", "https://www.example.com/"),
        ("https://other.example/#top", "https://other.example/"),
    ],
)
def test_redirect(location: str, target: str) -> None:
    assert resolve_redirect(URL("https://example.com/a/"), location) == URL(target)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://example.com/", "from https to unencrypted http"),
        ("HTTP://example.com/", "from https to unencrypted http"),
        ("file:///etc/passwd", "not an http or https address"),
        ("https://user:secret@example.com/", "a user name or password"),
        ("https://[::1", "not a web address"),
        ("https://127.1/", "no usable host"),
        ("https://\udcff/", "not a web address"),
    ],
)
def test_refused_redirect(location: str, reason: str) -> None:
    with pytest.raises(CoverageError, match=reason) as caught:
        resolve_redirect(URL("https://example.com/a/?token=secret"), location)
    assert str(caught.value).startswith("https://example.com/a/: redirects ")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://example.com/a?token=secret#part", "https://example.com/a"),
        ("https://user:secret@example.com/@author", "https://example.com/@author"),
        ("https://example.com/a\n\x1b[2J\u202eb", "https://example.com/a\ufffd\ufffd[2J\ufffdb"),
        ("https://example.com/" + "a" * 5000, "https://example.com/" + "a" * 180),
    ],
)
def test_redacted_address(address: str, text: str) -> None:
    assert redact(address) == text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://eldholm.example/a?b=c#d", "https://eldholm.example/a?b=c#d"),
        ("HTTPS://Eldholm.Example:8080/A%2fb", "https://eldholm.example:8080/A%2fb"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
        ("https://a.example/x>[Go](y)", "https://a.example/x%3E%5BGo%5D%28y%29"),
        ("https://a.example/100%/ä|`\\", "https://a.example/100%25/%C3%A4%7C%60%5C"),
        ("https://a.example/\u202egnp", "https://a.example/%E2%80%AEgnp"),
        ("https://øl.example/", "https://xn--l-4ga.example/"),
        ("https://b\u0430nk.example/", "https://xn--bnk-6cd.example/"),  # with a Cyrillic letter
    ],
)
def test_an_address_is_shown_so_that_it_stays_one_link(address: str, shown: str) -> None:
    assert linkable(address) == shown
    assert linkable(shown) == shown


@pytest.mark.parametrize(
    "address",
    [
        *("", "a", "//a.example", "ftp://a.example", "javascript:alert(1)", "https://"),
        *("https://bank.example@evil.example/", "https://a:b@evil.example/", "https://@a.example"),
        *("https://bank.example\\@evil.example/", "https://evil.example\\.bank.example/"),
        *("https://a.example:99999/", "https://a.example:x/", "http://[", "https://a b.example"),
        *("https://a.example/\n", "ht\ntps://a.example/", " https://a.example", "https://127.1/"),
        *("https://a..example/", "https://a.example\x1b/", "https://\ud800.example/"),
    ],
)
def test_other_addresses_are_not_shown_as_links(address: str) -> None:
    assert linkable(address) == ""


@given(st.text(max_size=60))
def test_whatever_an_address_holds_it_is_shown_in_plain_ascii(text: str) -> None:
    shown = linkable(f"https://eldholm.example/{text}")
    assert re.fullmatch(r"(https://eldholm\.example/[\w.~:/?#@!$&'*+,;=%-]*)?", shown, re.ASCII)
