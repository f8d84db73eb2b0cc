"""In what the versions of Frappe differ, where this app has to know it: in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.base_document import BaseDocument

# What version 15 keeps in each document it makes; later versions compute it, anew where
# it is missing.
KEPT_IN_A_DOCUMENT = (
    frozenset()
    if hasattr(BaseDocument, "_table_fieldnames")
    else frozenset({"_meta", "_table_fieldnames", "_valid_columns"})
)
# What a hook ``has_permission`` answers that has nothing against it. In version 15 the
# first that says yes or no decides; from 16 on every app has to say yes. Nothing but the
# number tells which.
NO_OBJECTION = None if int(frappe.__version__.split(".")[0]) < 16 else True


def forget_in(seconds: int, key: str) -> None:
    """Redis forgets a key after that time. Version 15 leaves it to Redis itself to say so."""
    frappe.cache.expire(frappe.cache.make_key(key), seconds)


@contextmanager
def also_without_a_connection() -> Iterator[None]:
    """Nothing is raised because the database dropped its connection. Of the two errors that
    say so version 15 names one, and tells both."""
    try:
        yield
    except frappe.db.OperationalError:
        pass
    except Exception as error:
        if not frappe.db.is_interface_error(error):
            raise
