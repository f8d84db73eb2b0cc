"""Makes the records of an import, a lot of rows at a time.

Nobody is told of anything, and no clock runs: customers, contacts and their membership,
plans as drafts, and past tickets written as rows, past everything that a new request
sets off. A record that is there already, by what the source knows it by or by its name
or address, is taken as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from beesender_support.enforcement.imports import made_before
from beesender_support.enforcement.imports.sanitizing import (
    LONGEST,
    sanitized,
    sanitized_line,
)
from beesender_support.policy.imports.rows import (
    ImportedContact,
    ImportedCustomer,
    ImportedPlan,
    ImportedTicket,
)
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    PLANS,
    TICKETS,
)
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.response.terms import Terms
from beesender_support.records.people.contacts import contacts_with_addresses
from beesender_support.records.site_time import to_column, to_site_time
from beesender_support.records.sold import catalogue, plan_values, sold_plans
from beesender_support.records.tables import with_rows
from beesender_support.records.tickets.promise import NOTHING_DUE

PLAN, TICKET, CUSTOMER = "Beesender Support Plan", "HD Ticket", "HD Customer"
_SERIES_DIGITS = 4
_CLOSED, _OPEN = "Closed", "Open"

Value = ImportedCustomer | ImportedContact | ImportedPlan | ImportedTicket


class Made(NamedTuple):
    """What became of a lot: by external id the record, and those that were there."""

    records: dict[str, str]
    was_there: frozenset[str]


class Maker:
    """Makes records for one run of an import. In a rehearsal tickets, which are rows by
    the lot, are not written at all, and the caller takes back the rest."""

    def __init__(self, run: str, source: str, *, is_rehearsal: bool) -> None:
        self._run = run
        self._source = source
        self._is_rehearsal = is_rehearsal
        self._makers = {
            CUSTOMERS: (CUSTOMER, self._customers),
            CONTACTS: ("Contact", self._contacts),
            PLANS: (PLAN, self._plans),
            TICKETS: (TICKET, self._tickets),
        }

    def make(self, kind: str, values: Sequence[Value]) -> Made:
        """Make what is not there yet of one lot."""
        ids = [each.external_id for each in values]
        known = made_before.known_of(self._source, kind, ids)
        new = [each for each in values if each.external_id not in known]
        doctype, make = self._makers[kind]
        made, was_there = make(new)
        made_before.note(self._run, self._source, kind, doctype, made)
        return Made({**known, **made}, frozenset({*known, *was_there}))

    # Kinds: the records by external id, and the ids of those that were there

    def _customers(
        self, values: Iterable[ImportedCustomer]
    ) -> tuple[dict[str, str], set[str]]:
        made, was_there = {}, set()
        for each in values:
            name = frappe.db.exists(CUSTOMER, each.name)
            if name:
                was_there.add(each.external_id)
            else:
                customer = {
                    "doctype": CUSTOMER,
                    "customer_name": each.name,
                    "domain": each.domain,
                }
                name = frappe.get_doc(customer).insert().name
            made[each.external_id] = str(name)
        return made, was_there

    def _contacts(
        self, values: Sequence[ImportedContact]
    ) -> tuple[dict[str, str], set[str]]:
        known = contacts_with_addresses(
            normalize_address(each.address) for each in values
        )
        made, was_there = {}, set()
        members: dict[str, list[str]] = defaultdict(list)
        for each in values:
            contact = known.get(normalize_address(each.address))
            if contact:
                was_there.add(each.external_id)
            else:
                contact = _contact(each.name, each.address, each.phone)
            made[each.external_id] = contact
            if each.customer:
                members[each.customer].append(contact)
        for customer, contacts in members.items():
            _ensure_members(customer, contacts)
        return made, was_there

    def _plans(self, values: Iterable[ImportedPlan]) -> tuple[dict[str, str], set[str]]:
        made = {each.external_id: self._plan(each.plan).name for each in values}
        return made, set()

    def _plan(self, plan: Plan) -> Document:
        known = contacts_with_addresses(
            normalize_address(seat.contact) for seat in plan.seats
        )
        contacts = [
            known.get(normalize_address(seat.contact))
            or _contact(seat.contact, seat.contact)
            for seat in plan.seats
        ]
        if contacts:
            _ensure_members(plan.customer, contacts)
        return frappe.get_doc(
            {
                "doctype": PLAN,
                "customer": plan.customer,
                "tier": plan.tier.name,
                "time_zone": plan.time_zone,
                "starts_on": plan.starts_on,
                "ends_on": plan.ends_on,
                "status": DRAFT,
                "authorized_contacts": [{"contact": each} for each in contacts],
            }
        ).insert()

    def _tickets(
        self, values: Sequence[ImportedTicket]
    ) -> tuple[dict[str, str], set[str]]:
        if self._is_rehearsal or not values:
            return {}, set()
        contacts = contacts_with_addresses(
            normalize_address(each.contact) for each in values if each.contact
        )
        plans = {each: _plans_of(each) for each in {each.customer for each in values}}
        rows, names = [], _names_of_tickets(len(values))
        for name, each in zip(names, values, strict=True):
            contact = contacts.get(normalize_address(each.contact or ""))
            plan = _plan_then(each, plans[each.customer])
            rows.append(_row_of_ticket(name, each, contact, plan))
        _insert(TICKET, rows)
        _insert(
            "Communication",
            [
                _row_of_message(name, each)
                for name, each in zip(names, values, strict=True)
            ],
        )
        ids = (each.external_id for each in values)
        return dict(zip(ids, names, strict=True)), set()


def _contact(name: str, address: str, phone: str = "") -> str:
    contact = {
        "doctype": "Contact",
        "first_name": name[:LONGEST],
        "email_ids": [{"email_id": address, "is_primary": 1}],
        "phone_nos": [{"phone": phone, "is_primary_phone": 1}] if phone else [],
    }
    return str(frappe.get_doc(contact).insert().name)


def _ensure_members(customer: str, contacts: Iterable[str]) -> None:
    """All at once: a customer is saved once a lot."""
    doc = frappe.get_doc(CUSTOMER, customer)
    members = {row.contact_name for row in doc.contacts}
    new = [each for each in dict.fromkeys(contacts) if each not in members]
    for each in new:
        doc.append("contacts", {"contact_name": each})
    if new:
        doc.save()


# Past tickets, as rows


def _names_of_tickets(count: int) -> list[str]:
    """The next names of Helpdesk's series, which is locked until this lot is stored."""
    series = frappe.qb.DocType("Series")
    key = ""
    found = frappe.db.sql(
        "select current from `tabSeries` where name = %s for update", (key,)
    )
    current = int(found[0][0]) if found else 0
    if found:
        query = frappe.qb.update(series).set(series.current, current + count)
        query.where(series.name == key).run()
    else:
        query = frappe.qb.into(series).columns("name", "current")
        query.insert(key, current + count).run()
    numbers = range(current + 1, current + count + 1)
    return [str(each).zfill(_SERIES_DIGITS) for each in numbers]


def _row_of_ticket(
    name: str, ticket: ImportedTicket, contact: str | None, plan: Plan | None
) -> dict[str, object]:
    opened = to_site_time(ticket.opened_at)
    answered = ticket.first_responded_at
    closed = ticket.resolved_at
    code = settle_priority(ticket.category, ticket.priority).code
    terms = plan and Terms.of(plan, ticket.category, ticket.opened_at).without_clock()
    return {
        **_stamps(name, opened),
        "subject": sanitized_line(ticket.subject),
        "description": _as_html(ticket.description),
        "raised_by": ticket.contact and sanitized(ticket.contact),
        "contact": contact,
        "customer": ticket.customer,
        "ticket_type": ticket.category.name,
        "priority": catalogue.ticket_priority_of(code),
        "status": _CLOSED if closed else _OPEN,
        "status_category": "Resolved" if closed else "Open",
        "opening_date": opened.date(),
        "opening_time": opened.time(),
        "first_responded_on": answered and to_site_time(answered),
        "resolution_date": closed and to_site_time(closed),
        "service_level_agreement_creation": opened,
        "beesender_channel": ticket.channel,
        "beesender_registered_at": to_column(ticket.opened_at),
        "beesender_answered_at": to_column(answered),
        "beesender_closed_at": to_column(closed),
        "beesender_admission": "Accepted" if plan else None,
        "beesender_plan": plan and plan.name,
        "beesender_tier": plan and plan.tier.name,
        "beesender_tier_rank": plan.tier.rank if plan else 0,
        "beesender_priority": code if plan else None,
        "beesender_terms": terms and frappe.as_json(terms.as_dict(), indent=None),
        "beesender_next_due_at": NOTHING_DUE if plan else None,
        "beesender_events": "[]" if plan else None,
    }


def _plans_of(customer: str) -> tuple[Plan, ...]:
    """The plans of a customer, those that were sold before drafts."""
    drafts = with_rows(PLAN, {"customer": customer, "status": DRAFT})
    return (*sold_plans.of_customer(customer), *map(plan_values.plan_of, drafts))


def _plan_then(ticket: ImportedTicket, plans: tuple[Plan, ...]) -> Plan | None:
    """The first plan of the customer that had the day of the ticket."""
    for plan in plans:
        day = plan.today(ticket.opened_at)
        if plan.starts_on <= day and (plan.ends_on is None or day <= plan.ends_on):
            return plan
    return None


def _row_of_message(name: str, ticket: ImportedTicket) -> dict[str, object]:
    opened = to_site_time(ticket.opened_at)
    return {
        **_stamps(frappe.generate_hash(length=10), opened),
        "subject": sanitized_line(ticket.subject),
        "content": _as_html(ticket.description or ticket.subject),
        "communication_type": "Communication",
        "communication_medium": "Email",
        "sent_or_received": "Received",
        "communication_date": opened,
        "sender": ticket.contact and sanitized(ticket.contact),
        "sender_full_name": sanitized_line(ticket.contact_name or ticket.contact or ""),
        "status": "Linked",
        "seen": 1,
        "reference_doctype": TICKET,
        "reference_name": name,
    }


def _stamps(name: str, created: object) -> dict[str, object]:
    user = frappe.session.user
    stamp = {"creation": created, "modified": frappe.utils.now()}
    return {"name": name, "owner": user, "modified_by": user, **stamp}


def _as_html(text: str) -> str:
    """What somebody wrote elsewhere is text here, whatever it looks like."""
    return escape_html(text).replace("\n", "<br>")


def _insert(doctype: str, rows: Sequence[dict[str, object]]) -> None:
    fields = list(rows[0])
    frappe.db.bulk_insert(doctype, fields, [tuple(row.values()) for row in rows])


def refused(error: Exception) -> str:
    """Why a record could not be made, in words."""
    said = [str(each.get("message", "")) for each in frappe.get_message_log()]
    frappe.clear_messages()
    text = said[-1] if said else str(error)
    return frappe.utils.strip_html(text) or _("It could not be made: {0}").format(
        type(error).__name__
    )
