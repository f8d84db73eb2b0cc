"""The support time of next answers, which reports spread, in a column of its own.

That of first answers and solutions is in Helpdesk's columns. Where terms can no longer be
read nothing is written.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.enforcement.response.clock_job import TICKET, lots_of
from beesender_support.policy.response.response_state import BREACHED, MET
from beesender_support.records.tickets import promise
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

# Each ticket of which a next answer was given is one of these.
GIVEN = (
    {
        "beesender_next_answer_state": (
            "in",
            [promise.RESPONSE_STATE[MET], promise.RESPONSE_STATE[BREACHED]],
        )
    },
    {promise.EARLIER_MET: (">", 0)},
    {promise.EARLIER_BREACHED: (">", 0)},
)


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    for some in GIVEN:
        for names in lots_of({**some, promise.NEXT_ANSWER_TIMES: ("is", "not set")}):
            for row in frappe.get_all(
                TICKET, {"name": ("in", names)}, list(promise.FACTS)
            ):
                times = promise.next_answer_times_of(promise.promises_of(row))
                frappe.db.set_value(
                    TICKET,
                    row.name,
                    promise.NEXT_ANSWER_TIMES,
                    times,
                    update_modified=False,
                )
            frappe.db.commit()
