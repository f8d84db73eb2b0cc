"""By what calls are counted."""

import pytest

from beesender_support.policy.widget.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7:443", "192.0.2.7:443"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_who_has_many_addresses_is_one(address, network):
    assert network_of(address) == network
