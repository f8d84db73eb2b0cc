"""By which address a sender is known, and whether they take part in a ticket."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.mail.senders import (
    LONGEST_NAME,
    Sender,
    is_forward,
    is_look_alike,
    is_stray,
    name_of_sender,
    sender_of,
)
from beesender_support.tests.policy.factories import ALICE, BOB

MIKE, EVIL, OURS = "mike@acme.example", "stranger@evil.example", "help@support.example"


@pytest.mark.parametrize("sender", [ALICE, ALICE.upper(), f" {ALICE} "])
def test_a_participant_is_known_however_the_address_is_spelt(sender):
    assert not is_stray(sender, [BOB, ALICE])


@pytest.mark.parametrize("participants", [[], [BOB], [f"x{ALICE}"]])
def test_whoever_takes_no_part_is_a_stranger(participants):
    assert is_stray(ALICE, participants)


@pytest.mark.parametrize(
    ("field", "address"),
    [
        (MIKE, MIKE),
        (f"Mike <{MIKE}>", MIKE),
        (f"<{MIKE}>", MIKE),
        ("MIKE@Acme.Example", MIKE),
        (f'"Last, Mike" <{MIKE}>', MIKE),
        (f"Last, Mike <{MIKE}>", MIKE),
        (f"Mike\r\n <{MIKE}>", MIKE),
        (f"{MIKE} (Mike)", MIKE),
        (f'"{MIKE}" <{EVIL}>', EVIL),
        (f"{MIKE} <{EVIL}>", EVIL),
        (f"{EVIL} ({MIKE})", EVIL),
        (f"=?utf-8?b?PE1pa2UgPG1pa2VAYWNtZS5leGFtcGxlPj4=?= <{EVIL}>", EVIL),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
        ("Анна <anna@xn--e1afmkfd.xn--p1ai>", "anna@xn--e1afmkfd.xn--p1ai"),
        ("anna@=?utf-8?b?0L/RgNC40LzQtdGALtGA0YQ=?=", "anna@xn--e1afmkfd.xn--p1ai"),
        (
            "=?utf-8?b?YW5uYUDQv9GA0LjQvNC10YAu0YDRhA==?=",
            "anna@xn--e1afmkfd.xn--p1ai",
        ),
        ("mike@acme.example".replace("k", "\u212a"), "mi\u212ae@acme.example"),
    ],
)
def test_the_single_mailbox_is_the_sender(field, address):
    assert sender_of([field], mailbox=OURS) == Sender(address)


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ([], ()),
        ([""], ()),
        (["nobody"], ()),
        (["<>"], ()),
        ([f"{MIKE}, {EVIL}"], (MIKE, EVIL)),
        ([f"<{MIKE}> <{EVIL}>"], ()),
        ([f"=?utf-8?b?<Mike <{MIKE}>>?= <{EVIL}>"], ()),
        ([MIKE, EVIL], (MIKE, EVIL)),
        ([MIKE, MIKE], (MIKE,)),
        ([f"mailto:{MIKE}"], (MIKE,)),
        ([f"Group: {MIKE};"], ()),
        # The whole address encoded, where nothing in it has to be.
        (["=?utf-8?b?bWlrZUBhY21lLmV4YW1wbGU=?="], ()),
        (["mike@=?utf-8?q?acme.example?="], ("mike@=?utf-8?q?acme.example?=",)),
        (["=?utf-8?q?mi=E2=84=AAe=40acme=2Eexample?="], ()),
        # What is encoded is no address, or in no encoding that there is.
        (["=?utf-8?q?mike?="], ()),
        (["=?no-such-thing?q?mi=E2=84=AAe=40acme=2Eexample?="], ()),
    ],
)
def test_whoever_is_none_or_several_is_not_known(fields, claims):
    assert sender_of(fields, mailbox=OURS) == Sender(None, claims)


def test_who_writes_in_our_own_name_is_known_by_no_address():
    group = [f"Mike via Support <{OURS}>"]
    sender = sender_of(group, mailbox=OURS, answers_to=[f"Mike <{MIKE}>", OURS])
    assert sender == Sender(None, (MIKE,))
    assert sender_of(group, mailbox=OURS) == Sender(None)


def test_where_answers_go_says_nothing_of_the_sender():
    assert sender_of([EVIL], mailbox=OURS, answers_to=[MIKE]) == Sender(EVIL)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: No chats", True),
        ("FW: No chats (#42)", True),
        ("WG: Chats", True),
        ("Пересл.: Чаты", False),
        ("Пересл: Чаты", True),
        ("Re: No chats", False),
        ("Forwarding fails", False),
    ],
)
def test_a_forward_says_so(subject, expected):
    assert is_forward(subject) is expected


@pytest.mark.parametrize(
    "look_alike", ["stra\u00dfe@acme.example", "mi\u212ae@acme.example"]
)
def test_a_look_alike_is_a_stranger(look_alike):
    assert is_stray(look_alike, ["strasse@acme.example", MIKE])


@pytest.mark.parametrize(
    ("found", "sought", "expected"),
    [
        ("mike@acme.example", "mi\u212ae@acme.example", True),
        ("moss@acme.example", "mo\u017f\u017f@acme.example", True),
        ("strasse@acme.example", "stra\u00dfe@acme.example", True),
        ("andre@acme.example", "andr\u00e9@acme.example", True),
        ("misha@acme.example", "m\u0131sha@acme.example", True),
        ("mike@acme.example", "Mike@Acme.example", False),
        ("mike@acme.example", "second@home.example", False),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai", False),
    ],
)
def test_a_look_alike_is_similar_but_another(found, sought, expected):
    assert is_look_alike(found, sought) is expected


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Anna Schmidt", "Anna Schmidt"),
        ("Schmidt, Anna", "Schmidt, Anna"),
        ("Анна  Шмидт\n", "Анна Шмидт"),
        ("O'Brien & Sons", "O'Brien & Sons"),
        ("<b>Anna</b>", "bAnna/b"),
        ("<script>alert(1)</script>", "scriptalert(1)/script"),
        ("\u202eannA", "annA"),
        ("An\u200bna\x00", "Anna"),
        (MIKE, "stranger"),
        (f"Mike ({MIKE})", "stranger"),
        ("<>", "stranger"),
        ("  ", "stranger"),
        (None, "stranger"),
        ("A" * 200, "A" * 60),
    ],
)
def test_a_new_contact_has_the_name_that_the_sender_writes(written, name):
    assert name_of_sender(written, EVIL) == name


def test_an_address_without_a_name_before_the_at_is_a_name_itself():
    assert name_of_sender("", "@acme.example") == "@acme.example"
    assert name_of_sender("", "+74951234567") == "+74951234567"


@given(st.text(), st.text(min_size=1))
def test_a_name_is_plain_text_of_one_line(written, before):
    name = name_of_sender(written, f"{before}@acme.example")
    assert name
    assert len(name) <= LONGEST_NAME
    assert not set(name) & set("<>\n\r\t")
    assert all(category(each)[0] != "C" for each in name)
    assert name == name.strip()
