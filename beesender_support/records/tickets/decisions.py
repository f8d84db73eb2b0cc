"""By what a ticket was decided: kept on it, by the save that writes the decision.

Nothing is asked of the database for it. The facts are those that the decision was made
of, so that it can be made again when plans and seats have changed.
"""

import json
from typing import Any

from frappe.model.document import Document

from beesender_support.policy.audit.facts import Decided

DECISIONS = "beesender_decisions"
# Whoever changes the customer of a ticket to and fro does not fill the row.
MOST_KEPT = 50


def decisions_of(doc: Document) -> tuple[Decided, ...]:
    """In order; none of a ticket from before they were kept."""
    return tuple(map(Decided.from_dict, _stored_on(doc)))


def note(doc: Document, decided: Decided) -> None:
    """Keep a decision that is being written. A ticket that is decided twice in one save
    was decided once."""
    before = [] if doc.is_new() else _stored_on(doc.get_doc_before_save())
    kept = [*before, decided.as_dict()][-MOST_KEPT:]
    # As people write it, so that what is erased is found in it.
    doc.set(DECISIONS, json.dumps(kept, ensure_ascii=False))


def _stored_on(doc: Document) -> list[dict[str, Any]]:
    stored = doc.get(DECISIONS)
    if not stored:
        return []
    return json.loads(stored) if isinstance(stored, str) else stored
