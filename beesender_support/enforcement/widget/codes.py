"""One-time codes: sent to whatever address is given, and tried.

Nobody looks here whether an address is known, so answers and mails cannot tell it.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.doctype.email_queue.email_queue import EmailQueue

from beesender_support.enforcement.outgoing.mailer import OURS, PREFIX
from beesender_support.enforcement.safety.rate_limit import TooManyRequests, refuse
from beesender_support.enforcement.widget.secrets_kept import keyed
from beesender_support.enforcement.widget.visits import DAY as A_DAY
from beesender_support.enforcement.widget.visits import (
    HOUR,
    Visit,
    limit,
    limit_done,
    limit_unproved,
)
from beesender_support.policy.widget.codes import (
    DAY,
    DIGITS,
    MOST_A_DAY,
    MOST_AN_HOUR,
    RESEND_AFTER,
    VALID_FOR,
    IssuedCode,
    may_be_sent,
    may_be_tried,
)
from beesender_support.records.site_time import from_column, now, to_column

CODE = "Beesender Widget Code"
# Codes an hour: asked for from one address, and sent for one widget.
MOST_OF_ADDRESS, MOST_OF_WIDGET = 20, 600
# Tries an hour from one address, whatever they are for.
MOST_TRIES_OF_ADDRESS = 60


class CannotSend(frappe.ValidationError):
    http_status_code = 503


def send(visit: Visit, address: str) -> None:
    """Mail a code to an address in normal form. Raises TooManyRequests, CannotSend."""
    limit_unproved(visit)
    limit(f"codes_of_address:{visit.address}", MOST_OF_ADDRESS, HOUR)
    whose = keyed(address)
    if not EmailAccount.find_outgoing():
        _refuse(CannotSend, _("We cannot send mail at the moment. Please try later."))
    at = now()
    if not may_be_sent(_sent_to(whose, at), at):
        _refuse(
            TooManyRequests,
            _(
                "A code was sent to this address a moment ago. Please look for it, or try again later."
            ),
        )
    # What is refused uses up nobody's codes: neither those of the widget, which all of its
    # visitors share, nor, where the widget has none left, those of the address.
    with limit_done(f"codes_of_widget:{visit.widget.name}", MOST_OF_WIDGET, HOUR):
        _one_at_once(whose)
        _issue(visit, address, whose, at)


def _issue(visit: Visit, address: str, whose: str, at: datetime) -> None:
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    name = frappe.generate_hash()
    frappe.get_doc(
        {
            "doctype": CODE,
            "widget": visit.widget.name,
            "origin": visit.origin,
            "address_hash": whose,
            "code_hash": keyed(name, code),
            "sent_at": to_column(at),
            "expires_at": to_column(at + VALID_FOR),
        }
    ).insert(ignore_permissions=True, set_name=name)
    _mail(visit, address, code)


def _one_at_once(whose: str) -> None:
    """Who ask in parallel do not see one another's rows. Counted only where a code is
    sent: asking alone keeps nobody from getting theirs."""
    limit(f"code_now_to:{whose}", 1, int(RESEND_AFTER.total_seconds()))
    limit(f"codes_to:{whose}", MOST_AN_HOUR, HOUR)
    limit(f"codes_a_day_to:{whose}", MOST_A_DAY, A_DAY)


def is_proved(visit: Visit, address: str, code: str) -> bool:
    """Whether this is the code that was last sent to the address, for this widget and
    origin. A wrong one counts as a try, a right one is used up. Nobody is told what of it
    all was wrong."""
    limit_unproved(visit)
    limit(f"tries_of_address:{visit.address}", MOST_TRIES_OF_ADDRESS, HOUR)
    # Locked: of two who try at once the second sees the try of the first.
    rows = frappe.get_all(
        CODE,
        {
            "address_hash": keyed(address),
            "widget": visit.widget.name,
            "origin": visit.origin,
        },
        pluck="name",
        order_by="creation desc",
        limit=1,
    )
    row = rows and frappe.db.get_value(
        CODE,
        rows[0],
        ["name", "code_hash", "expires_at", "tries", "is_used"],
        as_dict=True,
        for_update=True,
    )
    if not row or not may_be_tried(_issued(row), now()):
        return False
    if hmac.compare_digest(row.code_hash, keyed(row.name, code)):
        frappe.db.set_value(CODE, row.name, "is_used", 1)
        return True
    frappe.db.set_value(CODE, row.name, "tries", row.tries + 1)
    return False


def use_up(addresses: Iterable[str]) -> None:
    """None that was sent to these addresses, in normal form, proves them any more. The
    rows stay: they count how many an address was sent."""
    theirs = {"address_hash": ("in", [*map(keyed, addresses), ""]), "is_used": 0}
    if names := frappe.get_all(CODE, theirs, pluck="name"):
        frappe.db.set_value(CODE, {"name": ("in", names)}, "is_used", 1)


def forget_old() -> None:
    """They are needed for a day, to count how many an address was sent."""
    frappe.db.delete(CODE, {"sent_at": ("<", to_column(now() - DAY))})


def deliver(name: str) -> None:
    """Send a mail of the queue now: somebody waits for it."""
    EmailQueue.find(name).send()


def _issued(row: frappe._dict) -> IssuedCode:
    # A column that is never empty.
    expires_at = from_column(row.expires_at) or now()
    return IssuedCode(expires_at, row.tries, bool(row.is_used))


def _sent_to(whose: str, at: datetime) -> list[datetime]:
    rows = frappe.get_all(
        CODE,
        {"address_hash": whose, "sent_at": (">", to_column(at - DAY))},
        pluck="sent_at",
    )
    return [instant for row in rows if (instant := from_column(row))]


def _mail(visit: Visit, address: str, code: str) -> None:
    lines = [
        _("Your code is {0}.").format(f"<strong>{code}</strong>"),
        _(
            "Enter it on {0}, where you asked for it. It is valid for 10 minutes."
        ).format(frappe.utils.escape_html(visit.origin)),
        _(
            "If you did not ask for it, there is nothing to do: nobody gets in without it."
        ),
    ]
    queued = frappe.sendmail(
        recipients=[address],
        subject=_("{0} is your code for support").format(code),
        message="".join(f"<p>{line}</p>" for line in lines),
        add_unsubscribe_link=0,
        email_headers={OURS: f"{PREFIX}widget_code"},
    )
    if queued:
        frappe.enqueue(
            deliver, queue="short", enqueue_after_commit=True, name=queued.name
        )


def _refuse(error: type[Exception], message: str) -> None:
    refuse(error, {"field": "email", "rule": "code", "message": message})
