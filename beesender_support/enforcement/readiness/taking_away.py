"""Takes away what was made to be looked at or to test with, and all that hangs on it.

Exactly what is marked goes, and what came to it since: tickets, messages, logs,
decisions, files, portal users. What is older than the mark was somebody's before, so it
stays, and a customer or contact on which it hangs stays with it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

import frappe
from frappe.model.rename_doc import get_link_fields

from beesender_support.enforcement.readiness import allowances_taken, sample_records
from beesender_support.enforcement.readiness.sample_records import MARK
from beesender_support.enforcement.readiness.silence import silent_plans
from beesender_support.policy.readiness.samples import DOMAIN
from beesender_support.records.allowances.balances import ENTRY

PLAN, TICKET, CUSTOMER = "Beesender Support Plan", "HD Ticket", "HD Customer"
SEAT = "Beesender Authorized Contact"
DELETED = "Deleted Document"
# Where Frappe and Helpdesk keep what was written about a record, by its type and name.
_ABOUT = {
    "Communication": ("reference_doctype", "reference_name"),
    "Comment": ("reference_doctype", "reference_name"),
    "Activity Log": ("reference_doctype", "reference_name"),
    "Email Queue": ("reference_doctype", "reference_name"),
    "ToDo": ("reference_type", "reference_name"),
    "Version": ("ref_doctype", "docname"),
    "View Log": ("reference_doctype", "reference_name"),
    "Notification Log": ("document_type", "document_name"),
    DELETED: ("deleted_doctype", "deleted_name"),
}
# A record is marked soon after it is made, and deleted afterwards.
MARGIN = timedelta(minutes=1)
_WITH_FILES = ("Communication", "Email Queue")
# What is of no use without its customer or plan, and without its ticket; these are of use
# all the same, and only lose the name.
_OURS = ("Beesender ",)
_OF_TICKETS = ("HD ", *_OURS)
_OF_THEIR_OWN = (
    TICKET,
    PLAN,
    "Beesender Replay",
    "Beesender Import",
    "Beesender Widget",
    "Beesender Escalation Rule",
    # Of plans that stay: the entries of others are gone by then.
    ENTRY,
)


class Taken(TypedDict):
    """How many records of each DocType went, and the customers that stay, since what is
    older hangs on them."""

    removed: dict[str, int]
    kept: list[str]


class Found(TypedDict):
    """What would go, by DocType."""

    records: dict[str, list[str]]
    kept: list[str]


def found(purpose: str) -> Found:
    """What is marked, and the tickets and plans that came to it since."""
    marked = sample_records.marked(purpose)
    since = _since(purpose)
    kept = [each for each in marked.get(CUSTOMER, ()) if _is_older(each, since)]
    customers = [each for each in marked.get(CUSTOMER, ()) if each not in kept]
    records = {
        TICKET: _joined(marked.get(TICKET, ()), _of(TICKET, customers)),
        PLAN: _joined(marked.get(PLAN, ()), _of(PLAN, customers)),
        CUSTOMER: customers,
        "Contact": _without_older(marked.get("Contact", []), since),
    }
    users = _users_of(records["Contact"], since)
    records["User"] = _joined(marked.get("User", ()), users)
    return {"records": {k: v for k, v in records.items() if v}, "kept": kept}


def take_away(purpose: str) -> Taken:
    """Twice takes away nothing more. One transaction: all of it goes, or nothing."""
    sample_records.lock()
    what, since = found(purpose), _since(purpose)
    records = what["records"]
    addresses = _addresses_of(records.get("Contact", ()))
    with silent_plans():
        _forget_invitations(addresses, since)
        allowances_taken.delete_of_plans(records.get(PLAN, ()))
        allowances_taken.give_back_of_tickets(records.get(TICKET, ()))
        for doctype, names in records.items():
            _let_go(doctype, names, since)
            for name in names:
                _delete(doctype, name)
        _forget_users({*records.get("User", ()), *addresses}, since)
    sample_records.forget(purpose)
    return {
        "removed": {doctype: len(names) for doctype, names in records.items()},
        "kept": what["kept"],
    }


# What hangs on what


def _since(purpose: str) -> datetime | None:
    return frappe.db.get_value(
        MARK, {"purpose": purpose}, "creation", order_by="creation"
    )


def _is_older(customer: str, since: datetime | None) -> bool:
    """Whether a ticket or plan that is not of the sample hangs on a customer and was
    there before it: somebody merged a real customer into this one."""
    for doctype in (TICKET, PLAN):
        rows = frappe.get_all(
            doctype, {"customer": customer, "creation": ("<", since)}, pluck="name"
        )
        names = set(map(str, rows))
        if names - sample_records.among(doctype, names):
            return True
    return False


def _of(doctype: str, customers: Sequence[str]) -> list[str]:
    if not customers:
        return []
    rows = frappe.get_all(doctype, {"customer": ("in", customers)}, pluck="name")
    return list(map(str, rows))


def _without_older(contacts: Sequence[str], since: datetime | None) -> list[str]:
    """Without those into whom somebody merged a real one: a request or a seat from
    before the sample names them."""
    if not contacts:
        return []
    tickets = _rows_before(TICKET, {"contact": ("in", contacts)}, since, "contact")
    seats = _rows_before(
        SEAT, {"contact": ("in", contacts)}, since, "contact", "parent"
    )
    tickets_of_samples = sample_records.among(
        TICKET, [str(row.name) for row in tickets]
    )
    plans_of_samples = sample_records.among(PLAN, [row.parent for row in seats])
    older = {
        row.contact for row in tickets if str(row.name) not in tickets_of_samples
    } | {row.contact for row in seats if row.parent not in plans_of_samples}
    return [each for each in contacts if each not in older]


def _rows_before(
    doctype: str, filters: dict[str, object], since: datetime | None, *fields: str
) -> list[frappe._dict]:
    before = {**filters, "creation": ("<", since)}
    return frappe.get_all(doctype, before, ["name", *fields])


def _users_of(contacts: Sequence[str], since: datetime | None) -> list[str]:
    """Who accepted an invitation since; nobody who works here, and nobody who was here
    before."""
    if not contacts:
        return []
    users = frappe.get_all(
        "Contact", {"name": ("in", contacts), "user": ("is", "set")}, pluck="user"
    )
    of_portal = {
        "name": ("in", users),
        "user_type": "Website User",
        "creation": (">=", since),
    }
    return frappe.get_all("User", of_portal, pluck="name") if users else []


def _addresses_of(contacts: Collection[str]) -> list[str]:
    """Those under which they were made; others that somebody added are of people."""
    rows = {"parenttype": "Contact", "parent": ("in", list(contacts))}
    found = frappe.get_all("Contact Email", rows, pluck="email_id") if contacts else []
    return [each for each in found if each.endswith((f"@{DOMAIN}", f".{DOMAIN}"))]


def _joined(*lists: Collection[str]) -> list[str]:
    return list(dict.fromkeys(each for names in lists for each in names))


# How it goes


def _forget_invitations(addresses: Sequence[str], since: datetime | None) -> None:
    if not addresses:
        return
    later = {"creation": (">=", since)}
    _drop("User Invitation", {"email": ("in", addresses), **later})
    mails = frappe.get_all(
        "Email Queue Recipient",
        {"recipient": ("in", addresses), **later},
        pluck="parent",
    )
    for mail in set(mails):
        others = {"parent": mail, "recipient": ("not in", addresses)}
        if not frappe.db.exists("Email Queue Recipient", others):
            _delete("Email Queue", mail)


def _forget_users(users: Collection[str], since: datetime | None) -> None:
    """What Frappe writes of a user who comes and goes, under whatever name."""
    if not users:
        return
    of_users = ("in", list(users))
    later = _not_of_an_earlier_one(DELETED, since)
    _drop("DefaultValue", {"parent": of_users})
    _drop(DELETED, {"deleted_name": of_users, **later})
    if frappe.db.exists("DocType", "Permission Log"):  # from version 16 on
        of_user = {"for_doctype": "User", "for_document": of_users}
        later = _not_of_an_earlier_one("Permission Log", since)
        _drop("Permission Log", {**of_user, **later})


def _not_of_an_earlier_one(about: str, since: datetime | None) -> dict[str, object]:
    """What an earlier record of the same name left behind is not of this one."""
    if not since:
        return {}
    return {"creation": (">=", since if about == DELETED else since - MARGIN)}


def _let_go(doctype: str, names: Sequence[str], since: datetime | None) -> None:
    """Before the records go: rows of tables that name them go, records of this app and
    of Helpdesk about a ticket as well, and whatever else names them is left without."""
    for parent, fieldname in _links_to(doctype):
        meta = frappe.get_meta(parent)
        named = {fieldname: ("in", names)}
        if meta.istable:
            _drop(parent, named)
        elif _goes_with(parent, doctype):
            stay = _of_tickets_that_stay(parent, named) if doctype != TICKET else []
            _blank(parent, fieldname, stay)
            for name in frappe.get_all(parent, named, pluck="name"):
                _delete(parent, str(name))
        elif others := frappe.get_all(parent, named, pluck="name"):
            _blank(parent, fieldname, others)
    for parent in ("Dynamic Link", "Communication Link"):
        named = {"link_doctype": doctype, "link_name": ("in", names)}
        if doctype == TICKET and parent == "Dynamic Link":
            _delete_calls(named)
        _drop(parent, named)
    for about, (of_type, of_name) in _ABOUT.items():
        named = {of_type: doctype, of_name: ("in", names)}
        if about != "Communication":
            named |= _not_of_an_earlier_one(about, since)
        if about not in _WITH_FILES:
            _drop(about, named)
            continue
        for name in frappe.get_all(about, named, pluck="name"):
            _delete(about, name)


def _goes_with(parent: str, doctype: str) -> bool:
    """Whether records of ``parent`` are of no use without the one that they name."""
    if parent in _OF_THEIR_OWN:
        return False
    if doctype == "User":
        return parent == "HD Agent"
    return parent.startswith(_OF_TICKETS if doctype == TICKET else _OURS)


def _of_tickets_that_stay(doctype: str, named: dict[str, object]) -> list[str]:
    """What was decided and said on a real request is kept, whomever it names. Tickets of
    the sample are gone by now."""
    if not frappe.get_meta(doctype).has_field("ticket"):
        return []
    rows = frappe.get_all(
        doctype, {**named, "ticket": ("is", "set")}, ["name", "ticket"]
    )
    tickets = {str(row.ticket) for row in rows}
    there = frappe.get_all(TICKET, {"name": ("in", list(tickets))}, pluck="name")
    stay = set(map(str, there))
    return [row.name for row in rows if str(row.ticket) in stay]


def _blank(doctype: str, fieldname: str, names: Sequence[str]) -> None:
    if names:
        by_key = {"name": ("in", names)}
        frappe.db.set_value(doctype, by_key, fieldname, None, update_modified=False)


def _links_to(doctype: str) -> Iterator[tuple[str, str]]:
    """Fields of records that are not going themselves. A user is named by half of all
    DocTypes; of those that sign in to the portal only some matter."""
    if doctype == "User":
        yield from (("HD Team Member", "user"), ("HD Agent", "user"))
        return
    for link in get_link_fields(doctype):
        if link["parent"] == MARK or link["issingle"]:
            continue
        if frappe.db.table_exists(link["parent"]) and frappe.db.has_column(
            link["parent"], link["fieldname"]
        ):
            yield link["parent"], link["fieldname"]


def _delete_calls(named: dict[str, object]) -> None:
    of_calls = {**named, "parenttype": "TP Call Log"}
    for name in frappe.get_all("Dynamic Link", of_calls, pluck="parent"):
        _delete("TP Call Log", name)


def _delete(doctype: str, name: str) -> None:
    """With its files, and without a copy of it."""
    if not frappe.db.exists(doctype, name):
        return
    frappe.delete_doc(
        doctype,
        name,
        force=True,
        ignore_permissions=True,
        ignore_missing=True,
        delete_permanently=True,
    )


def _drop(doctype: str, filters: dict[str, object]) -> None:
    """Rows that are no documents to anybody. Found by reading and deleted by key: a search
    for them while deleting would lock the whole table."""
    if names := frappe.get_all(doctype, filters, pluck="name", order_by=None):
        frappe.db.delete(doctype, {"name": ("in", names)})
