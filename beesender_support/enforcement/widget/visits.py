"""Who may call the widget's endpoints: pages of the origins that a widget lists.

Anybody can reach them, and only a browser tells the truth about a page, so everything
is counted: by address, and by widget and origin. They act as a guest, whoever is signed
in at the site beside it, and believe only the session of the widget.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import frappe
from frappe import _

from beesender_support.enforcement.safety.rate_limit import (
    TooManyRequests,
    counted,
    refuse,
)
from beesender_support.policy.sold.channels import WIDGET, claimable
from beesender_support.records.people.session import acting_as
from beesender_support.records.sold import catalogue
from beesender_support.records.widget.widgets import Widget, widget_on
from beesender_support.wording.language import speaking

LANGUAGES = ("en", "ru")
MINUTE, HOUR = 60, 3600
# Calls a minute: of an address, behind which an office may be, and of all of an origin.
MOST_OF_ADDRESS, MOST_OF_ORIGIN = 120, 1200


class NotHere(frappe.ValidationError):
    http_status_code = 403


class Visit(NamedTuple):
    """A page that may use a widget, and the address it is called from."""

    widget: Widget
    origin: str
    address: str


@contextmanager
def visiting(is_look: bool = False) -> Iterator[Visit]:
    """As a guest, in the language that was asked for. A ``is_look`` is made by every
    page that is opened, and does not count for its origin.

    Raises NotHere, of which there is one for a widget that does not exist, is switched
    off or stands elsewhere; and TooManyRequests.
    """
    language = str(frappe.form_dict.get("language") or "")
    with acting_as_guest(), speaking(language if language in LANGUAGES else "en"):
        address = str(getattr(frappe.local, "request_ip", "") or "")
        limit(f"address:{address}", MOST_OF_ADDRESS, MINUTE)
        origin = origin_of_page()
        widget = widget_on(origin, str(frappe.form_dict.get("widget") or "") or None)
        if widget is None or not is_open():
            refuse(
                NotHere,
                {
                    "field": "widget",
                    "rule": "not_here",
                    "message": _("This widget is not available on this page."),
                },
            )
        if not is_look:
            limit(f"origin:{widget.name}:{origin}", MOST_OF_ORIGIN, MINUTE)
        yield Visit(widget, origin, address)


@contextmanager
def acting_as_guest() -> Iterator[None]:
    form = frappe.local.form_dict
    with acting_as("Guest"):
        frappe.local.form_dict = form
        yield


def origin_of_page() -> str:
    """As the browser says. It says nothing where a page of this very site reads."""
    if sent := frappe.get_request_header("Origin"):
        return str(sent)
    return str(frappe.request.host_url).rstrip("/") if frappe.request else ""


def is_open() -> bool:
    """Whether the site takes requests by widgets at all."""
    return WIDGET in claimable(catalogue.channels())


def limit(what: str, most: int, seconds: int) -> None:
    """Raise TooManyRequests if it happens too often."""
    if counted(f"beesender_widget:{what}", seconds) > most:
        refuse(
            TooManyRequests,
            {
                "field": "",
                "rule": "rate_limit",
                "message": _("That was too often. Please try again later."),
            },
        )
