"""The e-mail accounts of a site, and categories as they are stored."""

from typing import NamedTuple

import frappe

from beesender_support.policy.lint.surroundings import IMAP, OTHER, POP3

TICKET = "HD Ticket"


class Account(NamedTuple):
    """An account that appends to tickets, by itself or by one of its folders."""

    name: str
    is_enabled: bool
    protocol: str
    fetches: str


def accounts_of_tickets() -> list[Account]:
    by_folder = frappe.get_all("IMAP Folder", {"append_to": TICKET}, pluck="parent")
    rows = frappe.get_all(
        "Email Account",
        fields=[
            "name",
            "enable_incoming",
            "use_imap",
            "service",
            "append_to",
            "email_sync_option",
        ],
        order_by="name",
    )
    return [
        Account(
            each.name,
            bool(each.enable_incoming),
            _protocol(each),
            each.email_sync_option or "",
        )
        for each in rows
        if (each.name in by_folder if each.use_imap else each.append_to == TICKET)
    ]


def _protocol(account: frappe._dict) -> str:
    if account.service == "Frappe Mail":
        return OTHER
    return IMAP if account.use_imap else POP3


def outgoing_accounts() -> tuple[bool, list[str]]:
    """Whether one sends by default, be it one of site_config.json, and those that send
    besides."""
    rows = frappe.get_all(
        "Email Account",
        {"enable_outgoing": 1},
        ["name", "default_outgoing"],
        order_by="name",
    )
    by_default = any(row.default_outgoing for row in rows) or bool(
        frappe.conf.get("mail_server")
    )
    return by_default, [row.name for row in rows if not row.default_outgoing]


def defaults_of_categories() -> dict[str, list[bool]]:
    """By category, whether each priority it lists is the default."""
    names = frappe.get_all("Beesender Category", pluck="name", order_by="name")
    defaults: dict[str, list[bool]] = {name: [] for name in names}
    for row in frappe.get_all(
        "Beesender Priority Rule",
        {"parenttype": "Beesender Category"},
        ["parent", "is_default"],
        order_by="idx",
    ):
        if row.parent in defaults:
            defaults[row.parent].append(bool(row.is_default))
    return defaults
