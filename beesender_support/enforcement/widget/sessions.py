"""Sessions of the widget: a random token in the browser, of which the site has a hash."""

import secrets
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.safety.rate_limit import refuse
from beesender_support.enforcement.widget import codes
from beesender_support.enforcement.widget.cross_origin import SESSION_HEADER
from beesender_support.enforcement.widget.secrets_kept import hashed
from beesender_support.enforcement.widget.visits import (
    MINUTE,
    Visit,
    limit,
    limit_unproved,
)
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.widget.origins import origins_of
from beesender_support.policy.widget.sessions import (
    LASTS,
    WidgetSession,
    still_holds,
)
from beesender_support.records.people.contacts import contact_with_address
from beesender_support.records.site_time import from_column, now, to_column

SESSION = "Beesender Widget Session"
BYTES_OF_TOKEN = 32
# Calls a minute of one person.
MOST_OF_PERSON = 60


class SessionOver(frappe.ValidationError):
    http_status_code = 401


class Person(NamedTuple):
    """Who proved an address, in normal form; ``contact`` is whose it is, if anybody's."""

    address: str
    contact: str | None


def begin(visit: Visit, address: str) -> str:
    """The token of a new session; it is told once, and stored nowhere."""
    token = secrets.token_urlsafe(BYTES_OF_TOKEN)
    frappe.get_doc(
        {
            "doctype": SESSION,
            "widget": visit.widget.name,
            "origin": visit.origin,
            "address": address,
            "contact": contact_with_address(address),
            "token_hash": hashed(token),
            "expires_at": to_column(now() + LASTS),
        }
    ).insert(ignore_permissions=True, ignore_links=True)
    return token


def person_of(visit: Visit) -> Person:
    """Who calls. Raises SessionOver, which says one thing whatever is wrong."""
    row = _stored()
    contact = contact_with_address(row.address) if row else None
    if not row or not still_holds(
        _session_of(row),
        widget=visit.widget.name,
        origin=visit.origin,
        contact=contact,
        now=now(),
    ):
        limit_unproved(visit)
        message = _("Please confirm your e-mail address again.")
        refuse(SessionOver, {"field": "", "rule": "session", "message": message})
    limit(f"person:{row.address}", MOST_OF_PERSON, MINUTE)
    return Person(row.address, contact)


def end(visit: Visit) -> None:
    """Sign out; the token is worth nothing from now on."""
    if row := _stored():
        frappe.db.delete(SESSION, {"name": row.name})
    else:
        limit_unproved(visit)


def end_of_contact(contact: str) -> int:
    """Sign a contact out everywhere, by each of their addresses and by those that were
    theirs; how many sessions that ended. A code that is still on its way is worth nothing
    either; a later one is."""
    rows = frappe.get_all(
        "Contact Email", {"parent": contact, "parenttype": "Contact"}, pluck="email_id"
    )
    addresses = {normalize_address(each) for each in rows}
    names = frappe.get_all(
        SESSION,
        or_filters={"contact": contact, "address": ("in", [*addresses, ""])},
        pluck="name",
    )
    if names:
        frappe.db.delete(SESSION, {"name": ("in", names)})
    codes.use_up(addresses)
    return len(names)


def end_where_not_allowed(widget: Document) -> None:
    """After a widget was changed: where it does not stand any more, no session holds."""
    if not widget.enabled:
        return end_all_of(widget.name)
    origins = origins_of(widget.allowed_origins)
    for doctype in (SESSION, codes.CODE):
        frappe.db.delete(
            doctype, {"widget": widget.name, "origin": ("not in", origins)}
        )


def end_all_of(widget: str) -> None:
    for doctype in (SESSION, codes.CODE):
        frappe.db.delete(doctype, {"widget": widget})


def forget_old() -> None:
    """Every hour: what is not valid any more is not kept."""
    frappe.db.delete(SESSION, {"expires_at": ("<=", to_column(now()))})
    codes.forget_old()


def _stored() -> frappe._dict | None:
    token = frappe.get_request_header(SESSION_HEADER)
    if not token:
        return None
    return frappe.db.get_value(
        SESSION,
        {"token_hash": hashed(str(token))},
        ["name", "address", "contact", "widget", "origin", "expires_at"],
        as_dict=True,
    )


def _session_of(row: frappe._dict) -> WidgetSession:
    # A column that is never empty.
    expires_at = from_column(row.expires_at) or now()
    return WidgetSession(
        row.address, row.contact or None, row.widget, row.origin, expires_at
    )
