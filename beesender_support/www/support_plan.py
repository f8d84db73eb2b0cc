"""The page "My support plan" at /support-plan."""

from urllib.parse import quote

import frappe

from beesender_support.screens.portal import plan_page
from beesender_support.screens.public_files import base_address

no_cache = 1
sitemap = 0


def get_context(context: dict) -> dict:
    if frappe.session.user == "Guest":
        log_in_first()
    asked = frappe.form_dict
    page = plan_page.page_for(
        frappe.session.user, asked.get("customer") or None, asked.get("plan") or None
    )
    return {
        "page": page,
        "brand": frappe.get_cached_doc("HD Settings"),
        "language": frappe.local.lang,
        "public_files": base_address(),
        "csrf_token": frappe.sessions.get_csrf_token(),
        "http_status_code": 403 if page["state"] == "not_yours" else 200,
    }


def log_in_first() -> None:
    """Send a guest to the login page, and back here with the same query."""
    asked = frappe.request.full_path.rstrip("?")
    frappe.flags.redirect_location = f"/login?redirect-to={quote(asked)}"
    raise frappe.Redirect(302)
