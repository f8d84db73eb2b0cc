"""Who may call the widget's endpoints: pages of the origins that a widget lists.

Anybody can reach them, and only a browser tells the truth about a page, so everything
is counted: by address, and those who prove nothing by widget and origin. They act as a
guest, whoever is signed
in at the site beside it, and believe only the session of the widget.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

import frappe
from frappe import _

from beesender_support.enforcement.safety.rate_limit import (
    TooManyRequests,
    counted,
    refuse,
)
from beesender_support.policy.sold.channels import WIDGET, claimable
from beesender_support.policy.widget.networks import network_of
from beesender_support.records.people.session import acting_as
from beesender_support.records.sold import catalogue
from beesender_support.records.widget.widgets import Widget, widget_on
from beesender_support.wording.language import speaking

LANGUAGES = ("en", "ru")
MINUTE, HOUR, DAY = 60, 3600, 86_400
# Calls a minute: of an address, behind which an office may be, and of all of an origin
# who have no session. Who has one is counted as a person.
MOST_OF_ADDRESS, MOST_OF_ORIGIN = 120, 1200


class NotHere(frappe.ValidationError):
    http_status_code = 403


class Visit(NamedTuple):
    """A page that may use a widget, and the network it is called from."""

    widget: Widget
    origin: str
    address: str


@contextmanager
def visiting() -> Iterator[Visit]:
    """As a guest, in the language that was asked for.

    Raises NotHere, of which there is one for a widget that does not exist, is switched
    off or stands elsewhere; and TooManyRequests.
    """
    language = str(frappe.form_dict.get("language") or "")
    with acting_as_guest(), speaking(language if language in LANGUAGES else "en"):
        address = network_of(str(getattr(frappe.local, "request_ip", "") or ""))
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


def limit_unproved(visit: Visit) -> None:
    """For calls that prove nothing. Whoever has a session is not shut out by them."""
    limit(f"origin:{visit.widget.name}:{visit.origin}", MOST_OF_ORIGIN, MINUTE)


def limit(what: str, most: int, seconds: int) -> None:
    """Raise TooManyRequests if it happens too often."""
    if counted(f"beesender_widget:{what}", seconds) > most:
        refuse_for_now(_("That was too often. Please try again later."))


@contextmanager
def limit_done(what: str, most: int, seconds: int) -> Iterator[None]:
    """Raise TooManyRequests if it was done too often; what is refused, here or inside, is
    not done."""
    key = f"beesender_widget:{what}"
    is_too_often = counted(key, seconds) > most
    try:
        if is_too_often:
            refuse_for_now(_("That was too often. Please try again later."))
        yield
    except Exception:
        counted(key, seconds, -1)
        raise


def limit_amount(amount: int, limits: dict[str, int], seconds: int) -> None:
    """Raise TooManyRequests if it is more than ``limits`` allow, each of which is named;
    what is refused does not count."""
    totals = {
        what: counted(f"beesender_widget:{what}", seconds, amount) for what in limits
    }
    if all(totals[what] <= most for what, most in limits.items()):
        return
    for what in limits:
        counted(f"beesender_widget:{what}", seconds, -amount)
    refuse_for_now(
        _(
            "That is more than we can take here in one day. Please send it by mail, or"
            " send less."
        )
    )


def refuse_for_now(message: str) -> NoReturn:
    refuse(TooManyRequests, {"field": "", "rule": "rate_limit", "message": message})
