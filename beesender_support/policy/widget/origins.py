"""On which pages a widget may stand: by their exact origins, as RFC 6454 defines them.

An origin is a scheme, a host and a port, and nothing else. ``https://example.com`` is
another one than ``http://example.com``, ``https://www.example.com`` or
``https://example.com:8443``; there are no wildcards.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import idna

from beesender_support.policy.errors import NoOrigin

DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
# Python reads what stands around them, too.
_IN_BRACKETS = re.compile(r"\[[^\[\]]*\](:[0-9]*)?")
# What browsers read as a number and not as a name, such as the 1 of 127.1.
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)")


def origin_of(typed: str) -> str:
    """An origin as browsers send it: in lower case, its host in ASCII, without the port
    that its scheme has anyway; an address of the Internet in its shortest form. A slash
    behind it is dropped.

    Raises NoOrigin for anything else, such as a path, ``null``, ``*`` or ``127.1``.
    """
    text = typed.strip().removesuffix("/")
    try:
        parts = urlsplit(text)
        if "[" in text and not _IN_BRACKETS.fullmatch(parts.netloc):
            raise NoOrigin("allowed_origins", typed)
        host, port = _host_of(parts.hostname or "", "[" in text), parts.port
    except (ValueError, UnicodeError):
        raise NoOrigin("allowed_origins", typed) from None
    scheme = parts.scheme
    if scheme not in DEFAULT_PORTS or not host or port == 0:
        raise NoOrigin("allowed_origins", typed)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise NoOrigin("allowed_origins", typed)
    if text[-1] in ":?#":
        raise NoOrigin("allowed_origins", typed)
    is_default = port in (None, DEFAULT_PORTS[scheme])
    return f"{scheme}://{host}" if is_default else f"{scheme}://{host}:{port}"


def origins_of(lines: str) -> tuple[str, ...]:
    """The origins of a text, one a line, each once; empty lines do not count."""
    return tuple(
        dict.fromkeys(origin_of(line) for line in lines.splitlines() if line.strip())
    )


def kept_origins_of(lines: str) -> tuple[str, ...]:
    """Of a text that was taken once: what is no origin by now lists no page."""
    kept = []
    for line in lines.splitlines():
        with suppress(NoOrigin):
            kept.append(origin_of(line))
    return tuple(dict.fromkeys(kept))


def is_listed(origin: str | None, origins: Iterable[str]) -> bool:
    """Whether an origin, as a browser sent it, is exactly one of these."""
    return origin is not None and origin in origins


def _host_of(host: str, in_brackets: bool) -> str:
    """In ASCII and lower case, an IPv6 address in brackets; empty if it is none.

    Raises ValueError for an address that is none.
    """
    if in_brackets:
        return f"[{_ipv6_of(host)}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    host = host.lower()
    if not _HOST.fullmatch(host) or ".." in host:
        return ""
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return str(IPv4Address(host))
    return host


def _ipv6_of(host: str) -> str:
    address = IPv6Address(host)
    # Python and browsers write the one in two ways, and the other is of one machine.
    if address.ipv4_mapped or address.scope_id:
        raise ValueError(host)
    return address.compressed
