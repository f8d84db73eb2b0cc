"""Which contact has a number, however either is written."""

import frappe
import pytest

from beesender_support.patches import store_last_digits
from beesender_support.records.people.phones import (
    address_of_nobody,
    contact_with_phone,
    contacts_with_phone,
    international,
    is_same,
    last_digits,
    number_behind,
)
from beesender_support.tests.site.factories import make_contact, make_customer


@pytest.fixture(autouse=True)
def in_russia():
    frappe.db.set_single_value("System Settings", "country", "Russian Federation")
    frappe.clear_document_cache("System Settings")
    frappe.local.system_settings = frappe.get_doc("System Settings")


def contact_of(*phones: str) -> str:
    contact = frappe.get_doc("Contact", make_contact(make_customer()))
    for phone in phones:
        contact.append("phone_nos", {"phone": phone})
    return contact.save().name


@pytest.mark.parametrize(
    ("one", "other", "region", "same"),
    [
        ("+7 (495) 123-45-67", "8 495 1234567", "RU", True),
        ("+7 (495) 123-45-67", "74951234567", "RU", True),
        ("495 123 45 67", "+74951234567", "RU", True),
        ("007 495 1234567", "+74951234567", "DE", True),
        ("+44 (0)20 7946 0958", "020 7946 0958", "GB", True),
        ("8 495 1234567", "+74951234567", "DE", False),
        ("8 495 1234567", "+74951234567", None, False),
        ("+74951234567", "+7 495 123 45 67", None, True),
        ("8 (495) 123", "8495123", None, True),
        ("+74951234567", "+84951234567", "RU", False),
        ("+74951234567", "+7 495 1234567 ext. 12", "RU", False),
        ("8 495 1234567 доб. 12", "+74951234567 x12", "RU", True),
        ("+74951234567#12", "+74951234567 ext 13", "RU", False),
        ("112", "112", "RU", True),
        ("+39 06 1234567", "+39 6 1234567", "IT", False),
        ("", "", "RU", False),
        ("call Anna", "call Boris", "RU", False),
        (None, "+74951234567", "RU", False),
    ],
)
def test_two_spellings_are_one_number(one, other, region, same):
    assert is_same(one, other, region) == is_same(other, one, region) == same
    if same:
        assert last_digits(one) == last_digits(other)


@pytest.mark.parametrize(
    ("address", "texts", "number"),
    [
        (
            "74951234567@phone.invalid",
            ["Phone: +7 (495) 123-45-67."],
            "+7 (495) 123-45-67",
        ),
        ("74951234567@phone.invalid", ["1", "Call 7495123456, 8 495 1"], "74951234567"),
        ("anna@phone.invalid", ["+74951234567"], ""),
        ("74951234567@example.com", ["+74951234567"], ""),
        ("@phone.invalid", [], ""),
    ],
)
def test_the_number_behind_the_address_of_nobody(address, texts, number):
    assert number_behind(address, texts) == number
    assert not number or address_of_nobody(number) == address


@pytest.mark.parametrize(
    "asked",
    ["+7 (495) 123-45-67", "8 495 1234567", "8(495)123-45-67", "7 495 123 45 67"],
)
@pytest.mark.parametrize("typed", ["+74951234567", "8 (495) 123 45 67"])
def test_a_contact_is_found_by_any_spelling(asked, typed):
    assert contact_with_phone(asked) is None
    contact = contact_of("+7 999 111-22-33", typed)
    assert contact_with_phone(asked) == contact


def test_an_extension_is_part_of_a_number():
    anna, boris = (contact_of(f"+74951234567#{ext}") for ext in (12, 13))
    assert contact_with_phone("8 495 123 45 67 ext. 12") == anna
    assert contact_with_phone("8 495 123 45 67 x13") == boris
    assert contact_with_phone("8 495 123 45 67") is None


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("8 (495) 123-45-67", "+74951234567"),
        ("+7 495 123-45-67 #12", None),
        ("call Anna", None),
    ],
)
def test_what_programs_write_of_a_number_is_never_that_of_a_whole_office(
    phone, written
):
    assert international(phone, "RU") == written


def test_a_number_of_several_contacts_is_nobodys():
    several = {contact_of("+74951234567") for _each in range(20)}
    assert contact_with_phone("84951234567") is None
    assert contacts_with_phone("84951234567") == several


def test_a_contact_with_one_number_twice_has_it_alone():
    contact = contact_of("+74951234567", "8 495 123-45-67")
    assert contact_with_phone("74951234567") == contact


def test_text_that_is_no_number_finds_nobody():
    contact_of("-")
    assert contact_with_phone("-") is None
    assert contact_with_phone("") is None


def test_a_number_that_changes_is_found_as_it_is():
    name = contact_of("+74951234567")
    contact = frappe.get_doc("Contact", name)
    contact.phone_nos[0].phone = "+7 495 765 43 21"
    contact.save()
    assert contact_with_phone("84951234567") is None
    assert contact_with_phone("84957654321") == name


def test_a_row_written_by_itself_or_past_the_contact_is_found():
    name = contact_of()
    row = frappe.new_doc(
        "Contact Phone",
        parent=name,
        parenttype="Contact",
        parentfield="phone_nos",
        phone="+74951234567",
        beesender_last_digits="0000000",
    ).insert()
    assert contact_with_phone("84951234567") == name
    row.db_set("beesender_last_digits", None)
    assert contact_with_phone("84951234567") == name


def test_an_upgrade_stores_the_digits_of_what_there_is_and_changes_nothing_else():
    name = contact_of("8 495 123-45-67#12", "+7 999 111-22-33", "-")
    of_contact = {"parent": name}
    stamps = frappe.get_all("Contact Phone", of_contact, ["name", "phone", "modified"])
    frappe.db.set_value(
        "Contact Phone",
        of_contact,
        "beesender_last_digits",
        None,
        update_modified=False,
    )
    for _again in range(2):
        store_last_digits.execute()
        rows = frappe.get_all(
            "Contact Phone", of_contact, "beesender_last_digits", order_by="idx"
        )
        assert [row.beesender_last_digits for row in rows] == ["1234567", "1112233", ""]
    assert stamps == frappe.get_all(
        "Contact Phone", of_contact, ["name", "phone", "modified"]
    )


def test_the_patch_goes_on_lot_by_lot(monkeypatch):
    monkeypatch.setattr(store_last_digits, "LOT", 2)
    phones = ["+7 495 123-45-67", "+7 495 123-45-67", "+7 495 111-22-33", "-", "12"]
    contact = contact_of(*phones)
    of_contact = {"parent": contact}
    frappe.db.set_value("Contact Phone", of_contact, "beesender_last_digits", None)
    store_last_digits.execute()
    rows = frappe.get_all(
        "Contact Phone", of_contact, ["phone", "beesender_last_digits"], order_by="idx"
    )
    assert [row.phone for row in rows] == phones
    stored = [row.beesender_last_digits for row in rows]
    assert stored == ["1234567", "1234567", "1112233", "", "12"]


def test_a_number_is_looked_up_by_an_index():
    (plan,) = frappe.db.sql(
        "explain select parent, phone from `tabContact Phone` where parenttype='Contact'"
        " and (beesender_last_digits = %s or beesender_last_digits is null)",
        "1230007",
        as_dict=True,
    )
    assert "beesender_by_digits" in plan.possible_keys
