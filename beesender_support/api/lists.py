"""Helpdesk's lists, and the views of tickets that this app ships."""

import frappe
from helpdesk.api import doc as helpdesk_doc

from beesender_support.enforcement.response import ticket_views
from beesender_support.screens.ticket import list_promises, ticket_list


@frappe.whitelist()
def get_list_data(
    doctype: str,
    filters: dict | list | None = None,
    default_filters: dict | None = None,
    order_by: str = "modified desc",
    page_length: int = 20,
    columns: list | str | None = None,
    rows: list | str | None = None,
    show_customer_portal_fields: bool = False,
    view: dict | None = None,
    is_default: bool = False,
) -> ticket_list.Answer:
    """Helpdesk's own response, which checks permissions, with its deadlines
    corrected."""
    columns, rows = ticket_list.columns_of(columns), ticket_list.rows_of(rows)
    answer = helpdesk_doc.get_list_data(
        doctype,
        ticket_list.filters_of(filters),
        default_filters or {},
        order_by,
        page_length,
        ticket_list.as_helpdesk_knows(columns),
        rows,
        show_customer_portal_fields,
        view,
        is_default,
    )
    if doctype != "HD Ticket":
        return answer
    return ticket_list.corrected(answer, show_customer_portal_fields)


@frappe.whitelist()
def get_quick_filters(
    doctype: str, show_customer_portal_fields: bool = False
) -> list[ticket_list.QuickFilter]:
    """Helpdesk's own, without fields that clients may not read, and of solutions only
    where some are sold."""
    filters = helpdesk_doc.get_quick_filters(doctype, show_customer_portal_fields)
    if doctype != "HD Ticket":
        return filters
    if show_customer_portal_fields:
        return ticket_list.for_clients(filters)
    return ticket_list.of_what_is_sold(filters)


@frappe.whitelist(methods=["POST"])
def restore_views() -> None:
    """An admin restores the shipped views of tickets."""
    frappe.only_for(("Agent Manager", "System Manager"))
    ticket_views.restore_views()


@frappe.whitelist(methods=["POST"])
def promises_on_page(tickets: list[int | str]) -> list_promises.Page:
    """How the promises of the tickets on a page of a list stand and go on, for their
    colours; ``tickets`` are their numbers."""
    return list_promises.promises_on_page([str(each) for each in tickets])
