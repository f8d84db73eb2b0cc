"""TP Call Log: calls the plan includes, and calls that answer a request."""

from frappe.model.document import Document

from beesender_support.enforcement.response import answer_channels, call_makers
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on


def before_insert(doc: Document, method: str | None = None) -> None:
    """Clients can neither log calls on tickets nor learn anything from the attempt."""
    call_makers.refuse_unless_theirs(answer_channels.tickets_of(doc))
    refuse_what_the_plan_lacks(doc, method)


@log_and_carry_on
def refuse_what_the_plan_lacks(doc: Document, method: str | None = None) -> None:
    answer_channels.refuse_call(doc)


@log_and_carry_on
def on_update(doc: Document, method: str | None = None) -> None:
    """A call that was completed is an answer."""
    answer_channels.take_completed_call(doc)
