"""Exact origins, as browsers send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.errors import NoOrigin
from beesender_support.policy.widget.origins import (
    is_listed,
    kept_origins_of,
    origin_of,
    origins_of,
)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://example.com", "https://example.com"),
        (" HTTPS://Example.COM/ ", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80/", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("https://shop.example.com:8443", "https://shop.example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://пример.рф", "https://xn--e1afmkfd.xn--p1ai"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:DB8:0:0:0:0:0:1]", "https://[2001:db8::1]"),
        ("https://my_shop.example.com", "https://my_shop.example.com"),
        ("https://_.example.com", "https://_.example.com"),
        ("https://v1.x", "https://v1.x"),
        ("https://0x.example", "https://0x.example"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(typed, origin):
    assert origin_of(typed) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    "typed",
    [
        *("", "*", "null", "example.com", "//example.com", "https://", "https:///x"),
        *("https://*.example.com", "https://example.com/shop", "ftp://example.com"),
        *("https://example.com?", "https://example.com#", "https://example.com?a=1"),
        *("https://user@example.com", "https://user:pw@example.com", "https://@x.de"),
        *("https://example.com:0", "https://example.com:99999", "https://x.de:"),
        *("https://exa mple.com", "https://example..com", "https://.example.com"),
        *("https://example.com https://example.org", "javascript:alert(1)"),
        *("https://[::1", "https://[zz::1]", "https://☠.", "data:text/html,x"),
        *("https://example.com/#a", "https://example.com\\@example.org"),
        *("http://127.1", "http://127.0.0.01", "http://0x7f.1", "http://2130706433"),
        *(
            "http://127.0.0.0x1",
            "https://example.0x",
            "https://shop.1",
            "http://1.2.3.256",
        ),
        *("https://[v1.x]", "https://[::ffff:192.0.2.7]", "https://[fe80::1%eth0]"),
        *("https://[192.0.2.7]", "https://[::1]x", "https://[]", "https://x[::1]"),
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(NoOrigin):
        origin_of(typed)


@given(st.text(max_size=40))
def test_whatever_is_taken_has_a_form_that_stays(typed):
    try:
        origin = origin_of(typed)
    except NoOrigin:
        return
    assert origin_of(origin) == origin
    assert origin.isascii()
    assert "*" not in origin


def test_a_text_lists_one_a_line_each_once():
    lines = "https://a.example\n\n  https://A.example/ \r\nhttp://b.example:8080\n"
    assert origins_of(lines) == ("https://a.example", "http://b.example:8080")
    assert origins_of(" \n") == ()


def test_of_what_was_listed_once_only_origins_count():
    lines = "https://a.example\n\nhttp://127.1\nhttps://A.example\nhttp://b.example"
    assert kept_origins_of(lines) == ("https://a.example", "http://b.example")


def test_only_the_very_origin_is_listed():
    origins = origins_of("https://example.com")
    assert is_listed("https://example.com", origins)
    for other in (
        *("http://example.com", "https://example.com:8443", "https://www.example.com"),
        *("https://example.com.evil.example", "https://example.co", "null", "", None),
        *("https://EXAMPLE.com", "https://example.com/"),
    ):
        assert not is_listed(other, origins)
