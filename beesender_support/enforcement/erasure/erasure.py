"""Erases the personal data of a contact who asks for it, and keeps what was promised.

Tickets with their promises, deadlines and states stay, and so do seats and logs: the
person in them has a pseudonym, which nothing leads back from. Access details, messages
that are still to be sent, invitations and kept mail of theirs go. What is touched is
found by reading, and written by key in small lots, so nobody has to wait.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypedDict

import frappe
from frappe import _

from beesender_support.enforcement.audit import exports
from beesender_support.enforcement.conversation import expiry
from beesender_support.enforcement.conversation import kept as conversations
from beesender_support.enforcement.erasure.person import Person, person_of
from beesender_support.enforcement.lint import keeping
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.requests.access_details import DETAILS
from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.records.people.phones import written_otherwise
from beesender_support.records.people.session import acting_as
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.records.tables import escaped_for_like
from beesender_support.records.tickets.decisions import DECISION

ERASURE = "Beesender Erasure"
MAY_ERASE = ("System Manager", "Agent Manager")
LOG, TICKET = "Beesender Admission Log", "HD Ticket"
NOTICES = "Beesender Notice Log"
_LOT = 100
# Where texts name people. Of the last column, a record belongs to the ticket it names.
TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    TICKET: (
        (
            *("subject", "description", "raised_by", "resolution_details"),
            # Frappe's own columns: what a list shows of comments, and who has seen it.
            *("_comments", "_seen"),
        ),
        "name",
    ),
    "Communication": (
        (
            *("subject", "content", "text_content", "sender", "sender_full_name"),
            *("recipients", "cc", "bcc", "phone_no"),
        ),
        "reference_name",
    ),
    "HD Ticket Comment": (("content",), "reference_ticket"),
    "HD Ticket Activity": (("action",), "ticket"),
    "Comment": (
        ("content", "subject", "comment_email", "comment_by"),
        "reference_name",
    ),
    LOG: (("details", "before", "after", "source", "contact"), "ticket"),
    # A name stands in none of them but the link to their contact, which is renamed.
    DECISION: (("facts",), ""),
    NOTICES: (("key", "subject", "recipients", "details"), "ticket"),
    "Beesender Service Report": (("figures", "sent_to", "comment"), ""),
    "Beesender Allowance Entry": (("reason",), "ticket"),
    "Beesender Imported Record": (("external_id",), ""),
    "Version": (("data",), "docname"),
    "Deleted Document": (("data", "deleted_name"), "deleted_name"),
    "Notification Log": (("subject", "email_content", "from_user"), "document_name"),
    "Unhandled Email": (("raw",), ""),
    "Error Log": (("error",), ""),
}
# Rows that are of no use without the person.
GOES: dict[str, str] = {
    "Email Queue Recipient": "recipient",
    "User Invitation": "email",
    "Beesender Widget Session": "address",
}


class Touched(TypedDict):
    """How many records of a kind are touched, and what becomes of them."""

    doctype: str
    records: int
    becomes: str


class _Found(NamedTuple):
    doctype: str
    names: list[str]
    becomes: str


def preview(contact: str) -> list[Touched]:
    """What erasing would touch; nothing is written."""
    person = person_of(contact)
    return [] if person is None else _touched(_found(person))


def erase(contact: str, why: str) -> str | None:
    """Erase a contact; the record of that, None if it was erased before."""
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept."))
    # Of two who erase at once the second finds nothing left.
    if not frappe.db.get_value("Contact", contact, "name", for_update=True):
        return None
    person = person_of(contact)
    if person is None:
        return None
    found = list(_found(person))
    touched = _touched(found)
    _end_seats(person)
    tickets = _tickets_of(person)
    customers = _customers_of(person, tickets)
    # Found before their senders get a pseudonym.
    kept = _kept_of(person)
    for doctype, names, _becomes in found:
        if doctype in TEXTS:
            _rewrite(person, doctype, names, tickets)
        elif doctype in GOES:
            _delete(doctype, names)
    for name, key in _keys_of(person):
        renamed = key.removesuffix(person.contact) + person.pseudonym
        frappe.db.set_value(NOTICES, name, "key", renamed, update_modified=False)
    _delete(DETAILS, _details_of(tickets))
    conversations.remove(_conversations_of(person, tickets))
    exports.remove_files(customers)
    _empty_kept(kept)
    # What is still to be found of the seat is found anew, under the pseudonym.
    keeping.forget((person.contact, *person.addresses, *person.names))
    _rename(person)
    return str(
        frappe.get_doc(
            {
                "doctype": ERASURE,
                "pseudonym": person.pseudonym,
                "customer": person.customer,
                "touched": sum(each["records"] for each in touched),
                "details": frappe.as_json(touched),
                "why": person.without(why.strip(), of_them=True),
            }
        )
        .insert(ignore_permissions=True)
        .name
    )


# What there is


def _found(person: Person) -> Iterator[_Found]:
    yield _Found("Contact", [person.contact], _("gets a pseudonym"))
    if person.user:
        yield _Found("User", [person.user], _("is disabled and gets a pseudonym"))
    plans = [plan.name for plan in sold_plans.with_seat(person.contact)]
    if plans:
        yield _Found("Beesender Support Plan", plans, _("the seat ends"))
    tickets = _tickets_of(person)
    for doctype, (fields, of_ticket) in TEXTS.items():
        if names := _naming(person, doctype, fields, of_ticket, tickets):
            yield _Found(doctype, names, _("names the pseudonym"))
    for doctype, field in GOES.items():
        rows = frappe.get_all(
            doctype, {field: ("in", person.addresses or ("",))}, pluck="name"
        )
        if rows:
            yield _Found(doctype, rows, _("is deleted"))
    if details := _details_of(tickets):
        yield _Found(DETAILS, details, _("is deleted"))
    if talks := _conversations_of(person, tickets):
        yield _Found(conversations.CONVERSATION, talks, _("is deleted"))
    if kept := _kept_of(person):
        yield _Found(f"{LOG}: {_('Mail kept')}", kept, _("loses what was kept"))


def _touched(found: Iterator[_Found] | list[_Found]) -> list[Touched]:
    return [
        Touched(doctype=each.doctype, records=len(each.names), becomes=each.becomes)
        for each in found
    ]


def _tickets_of(person: Person) -> list[str]:
    names = frappe.get_all(
        TICKET,
        or_filters={
            "contact": person.contact,
            "raised_by": ("in", person.addresses or ("",)),
        },
        pluck="name",
    )
    return [str(each) for each in names]


def _customers_of(person: Person, tickets: list[str]) -> set[str]:
    """Theirs, and those for whom they ask, or did before the ticket was corrected."""
    decided = _decided(person)
    named = {*tickets, *(each.ticket for each in decided)}
    asked = (
        frappe.get_all(TICKET, {"name": ("in", list(named))}, pluck="customer")
        if named
        else []
    )
    then = [each.customer for each in decided]
    return {each for each in (person.customer, *asked, *then) if each}


def _naming(
    person: Person,
    doctype: str,
    fields: tuple[str, ...],
    of_ticket: str,
    tickets: list[str],
) -> list[str]:
    """The records whose texts have an address or phone of theirs, those of their own
    tickets that have their name, and those of any by which they asked."""
    if not frappe.db.exists("DocType", doctype):
        return []
    known = [each for each in fields if frappe.db.has_column(doctype, each)]
    found: dict[str, None] = {}
    for needles, filters in (
        (person.everywhere, {}),
        (person.names, {of_ticket: ("in", tickets)} if of_ticket and tickets else None),
    ):
        if filters is None or not needles:
            continue
        rows = frappe.get_all(
            doctype,
            filters=filters,
            or_filters=[
                [doctype, field, "like", f"%{escaped_for_like(each)}%"]
                for field in known
                for each in needles
            ],
            pluck="name",
        )
        found.update(dict.fromkeys(map(str, rows)))
    if doctype == DECISION:
        found.update(dict.fromkeys(each.name for each in _decided(person)))
    if doctype == LOG:
        rows = frappe.get_all(LOG, {"contact": person.contact}, pluck="name")
        found.update(dict.fromkeys(rows))
    if doctype == NOTICES:
        found.update(dict.fromkeys(name for name, _key in _keys_of(person)))
    return list(found)


class _Decided(NamedTuple):
    """The row of a decision on what somebody asked, its ticket, and for whom it was."""

    name: str
    ticket: str
    customer: str | None


def _decided(person: Person) -> list[_Decided]:
    """Those on what they asked, also of tickets that are others' now."""
    rows = frappe.get_all(
        DECISION, {"contact": person.contact}, ["name", "ticket", "customer"]
    )
    return [_Decided(row.name, row.ticket, row.customer) for row in rows]


def _keys_of(person: Person) -> list[tuple[str, str]]:
    """Names and keys of what was said of a seat of theirs: such a key ends with its
    contact."""
    ending = f"/{person.contact}"
    rows = frappe.get_all(
        NOTICES,
        [["key", "like", f"%{escaped_for_like(ending)}"]],
        ["name", "key"],
        as_list=True,
    )
    return [(str(name), key) for name, key in rows if key.endswith(ending)]


def _details_of(tickets: list[str]) -> list[str]:
    if not tickets:
        return []
    return frappe.get_all(DETAILS, {"ticket": ("in", tickets)}, pluck="name")


def _conversations_of(person: Person, tickets: list[str]) -> list[str]:
    return expiry.of_person(person.addresses, person.phones, tickets)


def _kept_of(person: Person) -> list[str]:
    """Rows of the log that keep a mail or chat of theirs."""
    needles = [f"%{escaped_for_like(each)}%" for each in person.addresses]
    named = [person.contact, *person.addresses, *_phones_kept(person)]
    theirs = {"raw_content": ("is", "set"), "contact": ("in", named)}
    ours = frappe.get_all(LOG, theirs, pluck="name")
    naming = [
        name
        for each in needles
        for name in frappe.get_all(LOG, [["raw_content", "like", each]], pluck="name")
    ]
    return list(dict.fromkeys((*ours, *naming)))


def _phones_kept(person: Person) -> list[str]:
    """Their numbers, as programs wrote them of whoever gave no address."""
    if not person.phones:
        return []
    written = frappe.get_all(
        LOG,
        [
            ["raw_content", "is", "set"],
            ["contact", "is", "set"],
            ["contact", "not like", "%@%"],
        ],
        pluck="contact",
        distinct=True,
        order_by=None,
    )
    return written_otherwise(person.phones, written)


# What becomes of it


def _rewrite(
    person: Person, doctype: str, names: list[str], tickets: list[str]
) -> None:
    fields, of_ticket = TEXTS[doctype]
    known = [each for each in fields if frappe.db.has_column(doctype, each)]
    theirs = set(tickets)
    for start in range(0, len(names), _LOT):
        rows = frappe.get_all(
            doctype,
            {"name": ("in", names[start : start + _LOT])},
            list(dict.fromkeys(("name", *known, of_ticket or "name"))),
        )
        for row in rows:
            of_them = str(row.get(of_ticket or "name")) in theirs
            # A report of a month names those whose seats it counts.
            of_them = of_them or doctype == "Beesender Service Report"
            of_them = of_them or row.get("contact") == person.contact
            changed = {
                field: text
                for field in known
                if row.get(field)
                and (text := person.without(str(row[field]), of_them=of_them))
                != row[field]
            }
            if changed:
                frappe.db.set_value(doctype, row.name, changed, update_modified=False)


def _delete(doctype: str, names: list[str]) -> None:
    """Not by deleting documents, of which Frappe would keep copies."""
    for start in range(0, len(names), _LOT):
        frappe.db.delete(doctype, {"name": ("in", names[start : start + _LOT])})


def _empty_kept(names: list[str]) -> None:
    """A mail that nobody has decided about is gone, too, and says so."""
    for name in names:
        waits = frappe.db.get_value(LOG, name, "queue_state") == "Open"
        values = {"raw_content": None, "source": None}
        if waits:
            reason = _("The personal data of its sender were erased.")
            values |= {"queue_state": "Dismissed", "queue_reason": reason}
        frappe.db.set_value(LOG, name, values, update_modified=False)


def _end_seats(person: Person) -> None:
    """Nobody is told: there is nobody to tell."""
    in_import, frappe.flags.in_import = frappe.flags.in_import, True
    try:
        for plan in sold_plans.with_seat(person.contact):
            state = plan.state_of_contact(person.contact, plan.today(now()))
            if state not in (None, SeatState.ENDED):
                seats.end(plan.name, person.contact, _("Personal data were erased."))
    finally:
        frappe.flags.in_import = in_import


def _rename(person: Person) -> None:
    for table in ("Contact Email", "Contact Phone"):
        frappe.db.delete(table, {"parent": person.contact, "parenttype": "Contact"})
    frappe.db.delete("HD Customer Member", {"contact_name": person.contact})
    values = {
        field.fieldname: None
        for field in frappe.get_meta("Contact").fields
        if field.fieldtype in ("Data", "Attach Image", "Small Text", "Link", "Date")
        and not field.reqd
        and field.fieldname not in ("status",)
    }
    values |= {"first_name": person.pseudonym, "full_name": person.pseudonym}
    frappe.db.set_value("Contact", person.contact, values, update_modified=False)
    if person.user:
        _rename_user(person, person.user)
    frappe.rename_doc(
        "Contact", person.contact, person.pseudonym, force=True, show_alert=False
    )
    _forget_former_names(person)


def _forget_former_names(person: Person) -> None:
    """Frappe notes on a record what it was called, and a user's own choices by name."""
    # A user's settings are renamed with it.
    for table, field in (
        ("Comment", "reference_name"),
        ("Activity Log", "reference_name"),
        ("Version", "docname"),
    ):
        frappe.db.delete(table, {field: ("in", (person.pseudonym, person.address))})
    if person.addresses:
        for field in ("parent", "defvalue"):
            frappe.db.delete("DefaultValue", {field: ("in", person.addresses)})


def _rename_user(person: Person, user: str) -> None:
    values = {
        "enabled": 0,
        "first_name": person.pseudonym,
        "last_name": None,
        "full_name": person.pseudonym,
        "phone": None,
        "mobile_no": None,
        "user_image": None,
        "username": None,
    }
    frappe.db.set_value("User", user, values, update_modified=False)
    # Frappe lets only Administrator rename some users, and renames what they own.
    with acting_as("Administrator"):
        frappe.rename_doc("User", user, person.address, force=True, show_alert=False)
