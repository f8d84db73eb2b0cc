"""From which network a call comes, by which calls are counted."""

from ipaddress import IPv6Address, ip_address, ip_network

# What one customer of a provider has at least, all of it theirs to call from.
PREFIX_OF_IPV6 = 64


def network_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address its network of 64 bits; anything else
    unchanged. One that only wraps an IPv4 address is that."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), PREFIX_OF_IPV6), strict=False))
