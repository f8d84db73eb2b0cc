"""Acting as another user for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Act as a user, and be the caller again afterwards."""
    session, form = frappe.local.session, frappe.local.form_dict
    user, sid, data = session.user, session.sid, session.data
    frappe.set_user(name)
    try:
        yield
    finally:
        frappe.set_user(user)
        session.sid, session.data = sid, data
        frappe.local.form_dict = form
