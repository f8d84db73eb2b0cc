"""On which pages a widget may stand: by their exact origins, as RFC 6454 defines them.

An origin is a scheme, a host and a port, and nothing else. ``https://example.com`` is
another one than ``http://example.com``, ``https://www.example.com`` or
``https://example.com:8443``; there are no wildcards.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import idna

from beesender_support.policy.errors import NoOrigin

DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_IPV6 = re.compile(r"[0-9a-f:.]+")


def origin_of(typed: str) -> str:
    """An origin as browsers send it: in lower case, its host in ASCII, without the port
    that its scheme has anyway. A slash behind it is dropped.

    Raises NoOrigin for anything else, such as a path, ``null`` or ``*``.
    """
    text = typed.strip().removesuffix("/")
    try:
        parts = urlsplit(text)
        host, port = _host_of(parts.hostname or ""), parts.port
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


def is_listed(origin: str | None, origins: Iterable[str]) -> bool:
    """Whether an origin, as a browser sent it, is exactly one of these."""
    return origin is not None and origin in origins


def _host_of(host: str) -> str:
    """In ASCII and lower case, an IPv6 address in brackets; empty if it is none."""
    if ":" in host:
        return f"[{host.lower()}]" if _IPV6.fullmatch(host.lower()) else ""
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    host = host.lower()
    return host if _HOST.fullmatch(host) and ".." not in host else ""
