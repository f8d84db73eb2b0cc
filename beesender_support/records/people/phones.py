"""Numbers of contacts: two spellings of one number are one, and who alone has it.

Each row of a contact's numbers also stores its last digits, which are the same in all
spellings, so a number is found by an index and then compared as a whole. A number
without a country is one of the site's country.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

import frappe
import phonenumbers
from frappe.model.document import Document
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

# So many that few numbers share them, and so few that every spelling has them.
LAST_DIGITS = 7
# Of the address of who gave none. No mail is ever delivered to ``.invalid``.
_NOBODY = "@phone.invalid"
# Numbers in a text, as people write them.
_NUMBERS = re.compile(r"\+?\d[\d\s().-]*\d")
# Only to tell an extension from the number, which is alike in all countries.
ANY_REGION = "US"


def contact_with_phone(phone: str) -> str | None:
    """The only contact with this number, however either is written.

    A number that several contacts share says nothing about who asks.
    """
    contacts = contacts_with_phone(phone)
    return contacts.pop() if len(contacts) == 1 else None


def contacts_with_phone(phone: str, for_update: bool = False) -> set[str]:
    """All contacts with this number, however it is written; ``for_update`` also finds
    what was committed since this transaction began."""
    sought = last_digits(phone)
    if not sought:
        return set()
    row = frappe.qb.DocType("Contact Phone")
    query = (
        frappe.qb.from_(row)
        .select(row.parent, row.phone)
        .where(row.parenttype == "Contact")
        # Without any are rows that were written past the contact.
        .where(
            (row.beesender_last_digits == sought) | row.beesender_last_digits.isnull()
        )
    )
    rows = (query.for_update() if for_update else query).run()
    region = region_of_site()
    return {contact for contact, found in rows if is_same(phone, found, region)}


def is_same(one: str | None, other: str | None, region: str | None) -> bool:
    """Whether two texts are one number, extension included; ``region`` is an ISO code of
    two letters. Where either cannot be read as a number, their digits are compared."""
    numbers = _parsed(one, region), _parsed(other, region)
    if None in numbers:
        return _digits(one) == _digits(other) != ""
    return numbers[0] == numbers[1]


def written_otherwise(phones: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Those of the texts that are one of these phones, however either is written."""
    sought: dict[str, list[str]] = defaultdict(list)
    for phone in phones:
        sought[last_digits(phone)].append(phone)
    region = region_of_site()
    return [
        text
        for text in texts
        if any(is_same(text, phone, region) for phone in sought[last_digits(text)])
    ]


def international(phone: str, region: str | None) -> str | None:
    """As programs write a number, ``+`` and digits; None for what is no number, and for one
    with an extension, without which it is that of a whole office. ``region`` as in
    ``is_same``."""
    number = _parsed(phone, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    if number.extension:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def last_digits(text: str | None) -> str:
    """The last digits of a number without its extension; empty where there are none."""
    digits = _digits(text)
    number = _parsed(text, ANY_REGION)
    if number and number.extension:
        digits = digits.removesuffix(number.extension)
    return digits[-LAST_DIGITS:]


def address_of_nobody(phone: str) -> str:
    """Helpdesk needs an address of who asks, and would take that of the program; agents
    see the number."""
    return f"{_digits(phone)}{_NOBODY}"


def number_behind(address: str, texts: Iterable[str]) -> str:
    """The number of which ``address_of_nobody`` was made, as one of the texts has it;
    empty for any other address. Of a number in no text the digits are known."""
    digits = address.removesuffix(_NOBODY)
    if digits == address or not digits.isdecimal():
        return ""
    written = (each for text in texts for each in _NUMBERS.findall(text))
    return next((each for each in written if _digits(each) == digits), digits)


def note_last_digits(row: Document) -> None:
    """Before a row of a contact's numbers is stored."""
    row.beesender_last_digits = last_digits(row.phone)


def region_of_site() -> str | None:
    country = frappe.get_system_settings("country")
    code = country and frappe.get_cached_value("Country", country, "code")
    return code.upper() if code else None


def _parsed(text: str | None, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text or "", region)
    except NumberParseException:
        return None
    # How it was written, and by which country it was completed.
    return PhoneNumber(
        country_code=number.country_code,
        national_number=number.national_number,
        extension=number.extension,
        italian_leading_zero=number.italian_leading_zero,
        number_of_leading_zeros=number.number_of_leading_zeros,
    )


def _digits(text: str | None) -> str:
    return re.sub(r"[^0-9]", "", text or "")
