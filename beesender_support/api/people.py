"""What is kept of a customer, erasing what is kept of a person, and ending what a person
may do by the site widget; for managers."""

import frappe
from frappe import _

from beesender_support.enforcement.erasure import erasure
from beesender_support.enforcement.requests import access_details
from beesender_support.enforcement.widget import sessions
from beesender_support.screens.archives import customer_archive


@frappe.whitelist(methods=["POST"])
def export_customer(customer: str, with_secrets: bool = False) -> None:
    """All that is kept of a customer, a zip; access details only if that is asked for."""
    frappe.only_for(erasure.MAY_ERASE)
    frappe.get_doc("HD Customer", customer).check_permission("read")
    secrets = {}
    if with_secrets:
        for ticket in customer_archive.tickets_with_details(customer):
            opened = access_details.read(frappe.get_doc("HD Ticket", ticket))
            secrets[ticket] = opened["secret"]
    frappe.response.filename = f"{customer}.zip"
    frappe.response.filecontent = customer_archive.archive(customer, secrets)
    frappe.response.type = "download"


@frappe.whitelist()
def erasure_preview(contact: str) -> list[erasure.Touched]:
    """What erasing the personal data of a contact would touch; nothing is written."""
    frappe.only_for(erasure.MAY_ERASE)
    frappe.get_doc("Contact", contact).check_permission("read")
    return erasure.preview(contact)


@frappe.whitelist(methods=["POST"])
def erase_contact(contact: str, why: str) -> None:
    """Erase them in the background."""
    frappe.only_for(erasure.MAY_ERASE)
    frappe.get_doc("Contact", contact).check_permission("write")
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept."))
    frappe.enqueue(
        erasure.erase,
        queue="long",
        enqueue_after_commit=True,
        contact=contact,
        why=why,
    )


@frappe.whitelist(methods=["POST"])
def sign_out_of_widget(contact: str) -> str:
    """End all their sessions of site widgets, and say so in their contact; a sentence of
    what was done."""
    frappe.only_for(erasure.MAY_ERASE)
    doc = frappe.get_doc("Contact", contact)
    doc.check_permission("write")
    ended = sessions.end_of_contact(contact)
    if not ended:
        return _("Nobody is signed in to a site widget as this contact.")
    doc.add_comment("Info", _("signed this contact out of the site widget"))
    return _("Signed out of the site widget. Sessions ended: {0}.").format(ended)
