"""How an allowance stands, in the words of its reader's language."""

from decimal import Decimal

from frappe import _

from beesender_support.policy.allowances.ledger import NOT_RECORDED, Balance
from beesender_support.policy.sold.entitlements import HOURS
from beesender_support.records.sold import catalogue
from beesender_support.wording.renderer import reader


def title_of(entitlement: str) -> str:
    """What an entitlement is called; its code where it is gone."""
    known = catalogue.entitlements().get(entitlement)
    return reader().name(known.title) if known else entitlement


def unit_of(entitlement: str) -> str:
    known = catalogue.entitlements().get(entitlement)
    return known.unit if known else ""


def amount_in_words(amount: Decimal, unit: str) -> str:
    """``2``, or ``1.5 h``."""
    number = reader().number(float(amount))
    return _("{0} h").format(number) if unit == HOURS else number


def balance_in_words(balance: Balance, unit: str) -> str:
    """``1 of 2 left, 1 reserved``; what is nothing is not told, but what is left."""
    if balance == NOT_RECORDED:
        return _("none used; how much was included then is not recorded")
    remaining, granted = (
        amount_in_words(each, unit) for each in (balance.remaining, balance.granted)
    )
    parts = [_("{0} of {1} left").format(remaining, granted)]
    for amount, words in (
        (balance.reserved, _("{0} reserved")),
        (balance.used, _("{0} used")),
        (balance.billable, _("{0} beyond that, billable")),
    ):
        if amount:
            parts.append(words.format(amount_in_words(amount, unit)))
    return reader().listed(parts)
