"""Who reads a notice, and in which language: chosen here, for every notice."""

from collections.abc import Iterable
from typing import NamedTuple

import frappe

CONTACT, PLAN, USER = "Contact", "Beesender Support Plan", "User"


class Recipient(NamedTuple):
    """Somebody to tell: by mail to ``address``, by the bell of ``user``, or both."""

    language: str
    address: str | None = None
    user: str | None = None


def site_language() -> str:
    return frappe.db.get_single_value("System Settings", "language") or "en"


def contacts(names: Iterable[str], plan: str | None = None) -> list[Recipient]:
    """Contacts with an address, by mail: in the language their user has chosen, else in
    the plan's, else in the site's."""
    rows = frappe.get_all(
        CONTACT,
        {"name": ("in", list(names)), "email_id": ("is", "set")},
        ["name", "email_id", "user"],
        order_by="name",
    )
    chosen = languages_of_users({row.user for row in rows if row.user})
    otherwise = language_of_plan(plan)
    return [
        Recipient(chosen.get(row.user) or otherwise, address=row.email_id)
        for row in rows
    ]


def address(
    of: str, *, contact: str | None = None, plan: str | None = None
) -> Recipient:
    """Whoever reads mail to an address, a contact's or a stranger's."""
    user = contact and frappe.db.get_value(CONTACT, contact, "user")
    user = user or frappe.db.get_value(USER, {"email": of}, "name")
    chosen = languages_of_users([user] if user else [])
    return Recipient(chosen.get(user) or language_of_plan(plan), address=of)


def users(
    names: Iterable[str], *, by_mail: bool = True, by_bell: bool = True
) -> list[Recipient]:
    """Enabled users, in the language they have chosen, else in the site's."""
    wanted = sorted({name for name in names if name})
    if not wanted:
        return []
    rows = frappe.get_all(
        USER,
        {"name": ("in", wanted), "enabled": 1},
        ["name", "email", "language"],
        order_by="name",
    )
    return [
        Recipient(
            row.language or site_language(),
            address=(row.email or None) if by_mail else None,
            user=row.name if by_bell else None,
        )
        for row in rows
    ]


def languages_of_users(names: Iterable[str]) -> dict[str, str]:
    """By user, the language they have chosen; disabled users and those without a choice
    are left out."""
    wanted = list(names)
    if not wanted:
        return {}
    rows = frappe.get_all(
        USER,
        {"name": ("in", wanted), "enabled": 1, "language": ("is", "set")},
        ["name", "language"],
    )
    return {row.name: row.language for row in rows}


def language_of_plan(plan: str | None) -> str:
    chosen = plan and frappe.db.get_value(PLAN, plan, "mail_language")
    return chosen or site_language()
