"""What trusted mail servers say of a sender, and whom they vouch for."""

import pytest

from beesender_support.policy.mail.authentication import (
    NAMELESS,
    Result,
    is_aligned,
    parse,
    sender_is_vouched_for,
    server_names,
)

SENDER = "anna@acme.example"
OURS = "mx.support.example"


def vouched(*fields, trusted=(OURS,), sender=SENDER):
    named = [
        field if isinstance(field, tuple) else ("Authentication-Results", field)
        for field in fields
    ]
    return sender_is_vouched_for(named, trusted, sender)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{OURS}; dmarc=fail header.from=acme.example", False),
        (f"{OURS}; dmarc=pass header.from=acme.example", True),
        (f"{OURS}; DMARC=FAIL (p=none dis=none) header.from=acme.example", False),
        (f"{OURS} 1; spf=pass smtp.mailfrom=anna@acme.example; dmarc=fail", False),
        (f"{OURS}; dmarc=none header.from=acme.example", False),
        (f"{OURS}; spf=pass smtp.mailfrom=acme.example; dmarc=none", True),
        (f"{OURS}; spf=pass smtp.mailfrom=<b@bounce.acme.example>; dmarc=none", True),
        (
            f"{OURS}; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=x.example",
            False,
        ),
        (f"{OURS}; dkim=pass header.d=acme.example header.s=a; spf=fail", True),
        (f"{OURS}; dkim=pass header.i=@acme.example header.s=a", True),
        (
            f"{OURS}; dkim=fail header.d=acme.example; dkim=pass header.d=acme.example",
            True,
        ),
        (f"{OURS}; dkim=pass header.d=notacme.example", False),
        (f"{OURS}; dkim=pass header.d=example", False),
        (f"{OURS}; spf=softfail smtp.mailfrom=acme.example", False),
        (f"{OURS}; spf=pass smtp.helo=acme.example", True),
        (f"{OURS}; dmarc=pass header.from=evil.example", False),
        (f"{OURS}; dmarc=bestguesspass header.from=acme.example", False),
        (f"{OURS}; none", False),
        (f"{OURS}", False),
    ],
)
def test_a_server_vouches_for_a_sender_or_not(text, expected):
    assert vouched(text) is expected


@pytest.mark.parametrize(
    "field",
    [
        "mx.evil.example; dmarc=fail",
        "(mx.support.example) mx.evil.example; dmarc=fail",
        "spf=fail smtp.mailfrom=acme.example; dmarc=fail",
        "",
        "; dmarc=fail",
        ("ARC-Authentication-Results", f"i=1; {OURS}; dmarc=fail"),
        ("X-Authentication-Results", f"{OURS}; dmarc=fail"),
    ],
    ids=str,
)
def test_what_other_servers_say_counts_for_nothing(field):
    assert vouched(field) is None


def test_without_a_name_in_the_setting_nothing_is_asked():
    assert vouched(f"{OURS}; dmarc=fail", trusted=()) is None


def test_names_are_compared_without_regard_to_case_comments_and_folding():
    field = (
        f'(a (nested; "comment\\)")) {OURS.upper()}\r\n\t(ours) 1 ;\r\n dmarc = fail'
    )
    assert vouched(field) is False
    assert vouched(f'"{OURS}"; dmarc=fail') is False


def test_a_server_that_writes_no_name_is_trusted_by_a_hyphen():
    field = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; dkim=none"
        " (message not signed) header.d=none;dmarc=fail action=none"
        " header.from=acme.example;compauth=fail reason=001"
    )
    assert vouched(field, trusted=(NAMELESS,)) is False
    assert vouched(f"{OURS}; dmarc=fail", trusted=(NAMELESS,)) is None


def test_the_topmost_result_of_a_method_counts():
    real, forged = f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass header.from=acme.example"
    assert vouched(real, forged) is False
    assert vouched(forged, real) is True


def test_several_fields_of_one_server_are_read_together():
    assert vouched(f"{OURS}; spf=none", f"{OURS}; dkim=pass header.d=acme.example")


def test_what_stands_below_the_next_hop_was_sent_along():
    received = ("Received", "from evil.example by mx.support.example")
    forged = f"{OURS}; dkim=pass header.d=acme.example"
    assert vouched(received, f"{OURS}; spf=none", received, forged) is False
    assert vouched(received, received, f"{OURS}; dmarc=fail") is False


def test_a_sign_in_quotes_or_comments_says_nothing():
    assert vouched(f'{OURS}; dkim=pass reason="; dmarc=fail" header.d=acme.example')
    assert vouched(f"{OURS}; dkim=pass (; dmarc=fail) header.d=acme.example")


def test_domains_are_compared_in_either_form():
    field = f"{OURS}; dkim=pass header.d=пример.рф"
    assert vouched(field, sender="anna@xn--e1afmkfd.xn--p1ai")
    assert vouched(
        f"{OURS}; dkim=pass header.d=xn--e1afmkfd.xn--p1ai", sender="a@пример.рф"
    )


def test_a_field_is_read_into_methods_results_and_properties():
    parsed = parse(
        'mx.example 1; spf/1=pass reason="all \\"well\\"" smtp.mailfrom=a@b.example;'
        " nonsense; =; dkim="
    )
    assert parsed.server == "mx.example"
    assert parsed.results == (
        Result("spf", "pass", {"reason": 'all "well"', "smtp.mailfrom": "a@b.example"}),
    )


@pytest.mark.parametrize("text", ["", ";", "(", '"', "a;b=c=d;(((", "=;=;", "\x00;\\"])
def test_nonsense_is_read_without_a_fault(text):
    parse(text)
    assert vouched(text, trusted=("a",)) in (None, False)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("acme.example", "acme.example", True),
        ("mail.acme.example", "acme.example", True),
        ("acme.example", "mail.acme.example", True),
        ("a.acme.example", "b.acme.example", False),
        ("badacme.example", "acme.example", False),
        ("example", "acme.example", False),
        ("", "acme.example", False),
    ],
)
def test_domains_are_aligned_if_one_lies_within_the_other(one, other, expected):
    assert is_aligned(one, other) is expected


def test_the_setting_is_one_name_a_line():
    assert server_names(" MX.example;\n\n-\nmx.example\n") == ("mx.example", "-")
    assert server_names(None) == ()
