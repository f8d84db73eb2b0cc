"""Which texts name one mailbox, and which addresses a text contains."""

import sys
from functools import partial
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.mail.addresses import (
    address_of,
    addresses_in,
    mailboxes_in,
    normalize_address,
)

ANNA = "anna@acme.example"
MAPPINGS = (
    str.lower,
    str.casefold,
    *(partial(normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")),
)
# Every letter that some way to compare texts takes for one within ASCII.
LIKE_ASCII = [
    letter
    for letter in map(chr, range(128, sys.maxunicode + 1))
    if any(each.isascii() for mapped in MAPPINGS for each in mapped(letter))
]
LETTERS = st.text(
    st.sampled_from("aZ.+-_ йЙßſıİKﬁａ\u0307é\u200b\xa0@ςΣΑ"), max_size=12
)


@pytest.mark.parametrize(
    "text",
    [
        ANNA,
        "Anna@ACME.Example",
        f"  {ANNA}\t\r\n",
        f"\xa0{ANNA}\u3000",
        f"\u200b{ANNA}",
        f"{ANNA}\ufeff",
        "an\u00adna@ac\u200cme.ex\u200dample",
        "anna\u2060@acme.example",
        f"\u202a{ANNA}\u202c",
        f"\u200e {ANNA} \u200b",
        "anna@acme.exampl\ufe0fe",
        "\U000e0061anna@acme.example",
        "anna\u180e@acme.example",
    ],
    ids=ascii,
)
def test_spellings_of_one_address_are_one(text):
    assert normalize_address(text) == ANNA


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
        ("anna@ПРИМЕР.РФ", "ANNA@XN--E1AFMKFD.XN--P1AI"),
        ("anna@mail.пример.рф", "anna@mail.xn--e1afmkfd.xn--p1ai"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@bu\u0308cher.example", "anna@bücher.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@例え.example", "anna@xn--r8jz45g.example"),
        ("АННА@пример.рф", "анна@пример.рф"),
        ("и\u0306ван@acme.example", "йван@acme.example"),
        ("é@acme.example", "E\u0301@acme.example"),
        ("ΝΙΚΟΣ@acme.example", "νικος@acme.example"),
    ],
    ids=ascii,
)
def test_one_mailbox_in_two_scripts_or_forms_is_one(one, other):
    assert normalize_address(one) == normalize_address(other)


@pytest.mark.parametrize(
    "text",
    [
        "mi\u212ae@acme.example",
        "mike@\u212aoala.example",
        "mo\u017f\u017f@acme.example",
        "weiß@acme.example",
        "anna@straße.example",
        "f\u0131ona@acme.example",
        "F\u0130ONA@acme.example",
        "o\ufb03ce@acme.example",
        "\uff41nna@acme.example",
        "anna@\uff41cme.example",
        "anna\uff20acme.example",
        "anna@acme\u3002example",
        "anna@acme\uff0eexample",
        "аnnа@acme.example",
        "anna@аcme.example",
        "ánna@acme.example",
        "\u1d43nna@acme.example",
        "\u24d0nna@acme.example",
        "anna@①.example",
        "anna\u037e@acme.example",
    ],
    ids=ascii,
)
def test_a_look_alike_is_somebody_else(text):
    looks_like = (
        normalize("NFKD", text)
        .casefold()
        .translate(str.maketrans({"а": "a", "\u3002": ".", "ı": "i"}))
    )
    plain = "".join(filter(str.isascii, looks_like))
    assert plain.isascii()
    assert plain.count("@") == 1
    assert normalize_address(text) != normalize_address(plain)


@pytest.mark.parametrize(
    "text",
    [
        "anna+support@acme.example",
        "anna@acme.example.",
        "anna@mail.acme.example",
        "an.na@acme.example",
        "an na@acme.example",
        "'anna'@acme.example",
    ],
)
def test_what_is_part_of_an_address_makes_another_one(text):
    assert normalize_address(text) == text != ANNA


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", ""),
        ("@", "@"),
        ("\u200b", ""),
        ("anna@☃.example", "anna@☃.example"),
        ("anna@й" + 70 * "й" + ".example", "anna@й" + 70 * "й" + ".example"),
        ("Anna@ä..b", "anna@xn--4ca..b"),
        ("anna@xn--ü.example", "anna@xn--ü.example"),
        ("a@b@ПРИМЕР.рф", "a@b@xn--e1afmkfd.xn--p1ai"),
        ("Anna\udcff@acme.example", "anna\udcff@acme.example"),
        ("anna@acme\udcff.example", "anna@acme\udcff.example"),
    ],
    ids=ascii,
)
def test_what_is_no_address_has_a_normal_form_too(text, form):
    assert normalize_address(text) == form


def test_no_letter_outside_ascii_becomes_one_within():
    for letter in LIKE_ASCII:
        local, _, domain = normalize_address(
            f"x{letter}y@x{letter}y.example"
        ).partition("@")
        label = domain.removesuffix(".example")
        assert not local.isascii(), ascii(letter)
        assert label.startswith("xn--") or not label.isascii(), ascii(letter)


@given(st.text() | LETTERS | st.builds("{}@{}.рф".format, LETTERS, LETTERS))
def test_a_normal_form_is_its_own(text):
    form = normalize_address(text)
    assert normalize_address(form) == form


@given(st.text(st.characters(codec="ascii")))
def test_ascii_stays_ascii_and_only_loses_case_and_blanks(text):
    assert normalize_address(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    [
        ANNA,
        f" {ANNA} ",
        f"<{ANNA}>",
        f"Anna <{ANNA}>",
        f"Anna<{ANNA}>",
        f'"Last, Anna" <{ANNA}>',
        f"Last, Anna <{ANNA}>",
        f'"Anna \\"Ann\\" <x@y.example>" <{ANNA}>',
        f"boris@acme.example <{ANNA}>",
        f"< {ANNA} >",
        f"{ANNA} (Anna, on Mondays)",
        f"mailto:{ANNA}",
        f"MAILTO: {ANNA}?subject=Help&cc=x@y.example",
        f"<mailto:{ANNA}>",
        f"{ANNA}<mailto:{ANNA}>",
        "mailto:anna%40acme.example",
        f"\ufeffАнна\xa0<{ANNA}>\u200b",
    ],
)
def test_an_address_is_read_out_of_what_people_write(text):
    assert address_of(text) == ANNA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "-",
        "Anna",
        "anna at acme",
        "anna@",
        "@acme.example",
        "anna@acme.example boris@acme.example",
        "anna@acme.example, boris@acme.example",
        "<anna@acme.example",
        "Anna <>",
        "Anna <n/a>",
        "<anna@acme.example> <boris@acme.example>",
        "anna@acme@example",
        "mailto:",
        "https://acme.example/@anna/x y",
    ],
)
def test_what_is_not_one_address_is_none(text):
    assert address_of(text) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        (" ;, \n \u200b;", ()),
        ("a@x.example", ("a@x.example",)),
        ("a@x.example;b@x.example", ("a@x.example", "b@x.example")),
        ("a@x.example, b@x.example,", ("a@x.example", "b@x.example")),
        ("a@x.example\r\nb@x.example\n", ("a@x.example", "b@x.example")),
        (
            '"Last; Anna" <a@x.example>, <b@x.example>',
            ('"Last; Anna" <a@x.example>', "<b@x.example>"),
        ),
        (
            "Last, Anna <a@x.example>; Other, Boris <b@x.example>",
            ("Last, Anna <a@x.example>", "Other, Boris <b@x.example>"),
        ),
        ("a@x.example, Boris <b@x.example>", ("a@x.example", "Boris <b@x.example>")),
        ("n/a, <b@x.example>", ("n/a", "<b@x.example>")),
        ('say "hi, a@x.example', ('say "hi', "a@x.example")),
        ("a@x.example (x, y); n/a", ("a@x.example (x, y)", "n/a")),
    ],
)
def test_a_list_is_cut_by_commas_semicolons_and_lines(text, parts):
    assert mailboxes_in(text) == parts


def test_the_addresses_of_a_list_are_those_of_its_parts():
    text = f"Anna <{ANNA}>, n/a; mailto:b@x.example"
    assert addresses_in(text) == (ANNA, "b@x.example")


@given(st.text() | st.text(st.sampled_from("a@b.<>(),;\"'\\\n %?")))
def test_any_text_can_be_read(text):
    for address in addresses_in(text):
        assert address_of(address) == address
