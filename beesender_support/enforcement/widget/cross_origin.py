"""Which foreign pages may read the answers of the widget's endpoints.

Exactly those of the origin that asks, where the widget it names lists it; without
cookies. A site's own ``allow_cors`` does not reach them.
"""

from urllib.parse import parse_qs

import frappe
from werkzeug.wrappers import Request, Response

from beesender_support.records.widget.widgets import widget_on

ENDPOINTS = "beesender_support.api.widget."
# A token in it, unlike one in Authorization, is never taken for one of Frappe's.
SESSION_HEADER = "X-Beesender-Session"
SECONDS_KEPT = 600


def allow(response: Response, request: Request) -> None:
    """Called after every request: most are not for the widget."""
    if ENDPOINTS not in request.path:
        return
    frappe.local.allow_cors = []
    # On version 15 only this is read, and for this request it is ours.
    frappe.local.conf = frappe._dict(frappe.local.conf, allow_cors=None)
    response.headers["Vary"] = "Origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    origin = request.headers.get("Origin")
    named = parse_qs(request.query_string.decode("latin-1")).get("widget", [""])[0]
    if not origin or widget_on(origin, named or None) is None:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Content-Disposition"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = (
            f"Content-Type, {SESSION_HEADER}"
        )
        response.headers["Access-Control-Max-Age"] = str(SECONDS_KEPT)
