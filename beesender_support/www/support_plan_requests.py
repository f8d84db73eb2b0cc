"""The page "Requests of the company" at /support-plan/requests."""

import frappe

from beesender_support.screens.portal import company_requests
from beesender_support.screens.public_files import base_address
from beesender_support.www.support_plan import log_in_first

no_cache = 1
sitemap = 0


def get_context(context: dict) -> dict:
    if frappe.session.user == "Guest":
        log_in_first()
    page = company_requests.page_for(frappe.session.user, frappe.form_dict)
    return {
        "page": page,
        "here": company_requests.ROUTE,
        "brand": frappe.get_cached_doc("HD Settings"),
        "language": frappe.local.lang,
        "public_files": base_address(),
        "csrf_token": frappe.sessions.get_csrf_token(),
        "http_status_code": 403 if page["state"] == "not_yours" else 200,
    }
