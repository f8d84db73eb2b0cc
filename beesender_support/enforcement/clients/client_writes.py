"""What clients write on tickets, before anything is decided by it.

Helpdesk's portal sends few fields, but its endpoints, REST and Desk's own accept any.
So on every route, a session that is not an agent's sets and changes only what the
policy lists in ``client_fields``; the rest stays as it was. Names that are not fields
do not reach the document: Frappe would store them as attributes, where they hide
methods.

A site without plans that holds no requests is plain Helpdesk: nothing is dropped there.
"""

import frappe
from frappe import _
from frappe.model import default_fields, optional_fields, table_fields
from frappe.model.document import Document
from frappe.utils import parse_addr
from helpdesk.utils import is_agent

from beesender_support.enforcement.requests.access_details import (
    FIELD as ACCESS_DETAILS,
)
from beesender_support.enforcement.safety.fault_isolation import log_and_refuse, refuse
from beesender_support.policy.requests import client_fields
from beesender_support.records import settings
from beesender_support.records.framework import KEPT_IN_A_DOCUMENT, NO_OBJECTION
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.tickets.ticket_context import context_of, request_context

# Attributes of a ticket that are not columns: set by Frappe, or read by Helpdesk.
CARRIED = frozenset(
    {
        "doctype",
        "flags",
        "attachments",
        "dont_update_if_missing",
        "localname",
        "__islocal",
        "__unsaved",
        "_action",
        "_doc_before_save",
        "_original_modified",
        "_parent_doc",
        *KEPT_IN_A_DOCUMENT,
    }
)
# Written by Frappe and Helpdesk themselves before a handler sees a new ticket.
STAMPED = frozenset({*default_fields, "key"})
# Rewritten at each save, whatever was sent.
RENEWED = frozenset({"modified", "modified_by", "sla"})


# As it is sent


def clean(request: dict) -> None:
    """Keep only the allowed fields of a new ticket that a client posts, before a ticket
    is made of them: names that are not fields, and links that Frappe would follow, are
    dropped.
    """
    if is_agent() or not settings.is_in_use():
        return
    _refuse_what_is_no_text(request)
    kept = {*_fields_allowed_with(request.get("template")), *_tables(), ACCESS_DETAILS}
    for name in [name for name in request if name not in kept]:
        del request[name]


def _refuse_what_is_no_text(request: dict) -> None:
    for name in {*_columns(), ACCESS_DETAILS}:
        no_text = (dict, list, float) if name in client_fields.GIVEN else (dict, list)
        if isinstance(request.get(name), no_text):
            label = _(frappe.get_meta("HD Ticket").get_label(name))
            refuse(_("Please give this as text: {0}.").format(label))


def has_permission(
    doc: Document, ptype: str | None = None, user: str | None = None, debug=False
) -> bool | None:
    """Runs first for every document, however it was made: nothing may hide its methods.

    An ``_action`` from the caller would make Frappe skip every handler.
    """
    if isinstance(doc, Document) and not is_agent():
        attributes = vars(doc)
        if attributes.get("_action") != "save":
            attributes.pop("_action", None)
        for name in [name for name in attributes if _hides_a_method(doc, name)]:
            del attributes[name]
    return NO_OBJECTION


@log_and_refuse
def drop_forbidden_fields(doc: Document, method: str | None = None) -> None:
    """A new ticket: keep what a client may set, and set who asks."""
    if is_agent() or not settings.is_in_use():
        return
    _drop_what_is_no_field(doc)
    doc._action = "save"
    # A number that a client chooses would be missing for the next ticket.
    doc.name = None
    doc.flags.pop("name_set", None)
    _drop_what_is_not_given(doc)
    if frappe.session.user != "Guest":
        _speak_for_the_session(doc)


@log_and_refuse
def put_back_what_may_not_change(doc: Document, method: str | None = None) -> None:
    """Helpdesk's own checks have passed by now; other changes are reverted."""
    if is_agent() or context_of(doc).is_trusted:
        return
    if doc.is_new():
        _name_the_own_contact(doc)
    elif _is_guarded(doc.get_doc_before_save()):
        _restore(doc)


def refuse_to_clients(doc: Document) -> None:
    """Renaming, discarding, cancelling: Helpdesk offers none of these to clients."""
    if not is_agent() and settings.is_in_use():
        _refuse_change()


def refuse_what_went_past(doc: Document) -> None:
    """A write that bypassed the handlers above is rolled back with its transaction."""
    if vars(doc).get("_action", "save") != "save" and not is_agent():
        _refuse_change()


def note_message(communication: Document) -> None:
    """A client's session writes a message; Helpdesk saves its ticket for it right after."""
    if communication.reference_doctype == "HD Ticket" and not is_agent():
        request_context().client_message = communication.sent_or_received


def refuse_foreign_file(file: Document, method: str | None = None) -> None:
    """A client may attach files only to tickets that they may write; Frappe checks that
    only for uploads."""
    if file.attached_to_doctype != "HD Ticket" or not file.attached_to_name:
        return
    if file.flags.ignore_permissions or is_agent() or not settings.is_in_use():
        return
    ticket = str(file.attached_to_name)
    is_moved = file.is_new() or any(
        file.has_value_changed(name)
        for name in ("attached_to_doctype", "attached_to_name")
    )
    # A form that is not saved yet has a name of its own.
    if is_moved and frappe.db.exists("HD Ticket", ticket):
        frappe.get_doc("HD Ticket", ticket).check_permission("write")


# A new ticket


def _drop_what_is_not_given(doc: Document) -> None:
    fresh, given = frappe.new_doc(doc.doctype), _fields_allowed_with(doc.template)
    for name in _columns():
        if name not in STAMPED and name not in given:
            doc.set(name, fresh.get(name))


def _fields_allowed_with(template: str | None) -> set[str]:
    """The fields of a new ticket that a client may set."""
    offered = _offered_by(template)
    return {
        name
        for name in _columns()
        if client_fields.may_give(
            name, is_site_field=_is_site_field(name), is_offered=name in offered
        )
    }


def _offered_by(template: str | None) -> set[str]:
    """Fields that the template shows to clients."""
    shown = {"parent": template or "Default", "hide_from_customer": 0}
    return set(frappe.get_all("HD Ticket Template Field", shown, pluck="fieldname"))


def _speak_for_the_session(doc: Document) -> None:
    """The signed-in user is the one who asks, and nobody else."""
    user, own = frappe.session.user, session_contact()
    asker = parse_addr(doc.raised_by)[1] if doc.raised_by else None
    if asker and asker.lower() not in _addresses_of(user, own):
        refuse(_("You can only raise requests in your own name."))
    doc.raised_by = user
    context = context_of(doc)
    context.own_contact, context.given_customer = own, doc.customer
    if own and not doc.contact and own == doc.get_session_contact():
        doc.contact = own


def _addresses_of(user: str, contact: str | None) -> set[str]:
    addresses = [user, frappe.db.get_value("User", user, "email")]
    if contact:
        own = {"parent": contact, "parenttype": "Contact"}
        addresses += frappe.get_all("Contact Email", own, pluck="email_id")
    return {address.lower() for address in addresses if address}


def _name_the_own_contact(doc: Document) -> None:
    """Of several contacts of one user Helpdesk took any; its check has passed by
    now."""
    context = context_of(doc)
    own = context.own_contact
    if own and doc.contact != own:
        doc.contact, doc.customer = own, context.given_customer
        doc.set_customer()


# A saved one


def _is_guarded(before: Document) -> bool:
    return bool(before.beesender_admission) or settings.is_in_use()


def _restore(doc: Document) -> None:
    """Revert what the client may not change, and have Helpdesk derive its own fields
    again."""
    before = doc.get_doc_before_save()
    _refuse_strangers(doc, before)
    _drop_what_is_no_field(doc)
    request = request_context()
    message, request.client_message = request.client_message, None
    is_moved = _may_move(doc, before, message)
    kept = {"status", "status_category"} if is_moved else set()
    is_restored = False
    for name in _columns():
        if name in RENEWED or name in kept:
            continue
        if name == "status" or not client_fields.may_change(
            name,
            is_site_field=_is_site_field(name),
            is_empty=not before.get(name),
            has_message=message == "Received",
        ):
            is_restored = is_restored or doc.has_value_changed(name)
            doc.set(name, before.get(name))
    vars(doc).update({name: before.get(name) for name in optional_fields})
    if is_moved:
        doc.status_category = _category_of(doc.status)
    if is_restored:
        type(doc).before_validate(doc)


def _may_move(doc: Document, before: Document, message: str | None) -> bool:
    """Whether the new status is allowed; a client's mail changes no status here."""
    if message == "Sent" or doc.status == before.status:
        return False
    return client_fields.may_move(
        doc.status,
        _category_of(doc.status),
        (before.ticket_reopen_status, before.default_open_status),
    )


def _category_of(status: str) -> str | None:
    return frappe.get_cached_value("HD Ticket Status", status, "category")


def _refuse_strangers(doc: Document, before: Document) -> None:
    """Frappe checked permission on what was sent; it must be checked on what is stored.

    If nothing that Helpdesk's check depends on was changed, both are the same. Helpdesk
    fills in an empty contact itself.
    """
    asked_by = ("owner", "raised_by", "customer")
    is_claimed = any(doc.get(name) != before.get(name) for name in asked_by) or (
        doc.contact != before.contact
        and (before.contact or doc.contact == frappe.session.user)
    )
    if is_claimed:
        before.check_permission("write")


def _refuse_change() -> None:
    frappe.throw(
        _("Only support agents can do this with a ticket."), frappe.PermissionError
    )


# Fields


def _columns() -> list[str]:
    return frappe.get_meta("HD Ticket").get_valid_columns()


def _tables() -> list[str]:
    fields = frappe.get_meta("HD Ticket").fields
    return [field.fieldname for field in fields if field.fieldtype in table_fields]


def _is_site_field(name: str) -> bool:
    field = frappe.get_meta("HD Ticket").get_field(name)
    return bool(field and field.get("is_custom_field"))


def _drop_what_is_no_field(doc: Document) -> None:
    attributes = vars(doc)
    known = {*CARRIED, *_columns(), *_tables()}
    for name in [name for name in attributes if name not in known]:
        del attributes[name]


def _hides_a_method(doc: Document, name: str) -> bool:
    return callable(getattr(type(doc), name, None)) and name not in {
        *_columns(),
        *_tables(),
    }
