"""The shipped escalation rules, switched off: an admin first says who is on duty.

Only missing ones are made, and none whose priority a site does not have.
"""

import frappe

from beesender_support.policy.notices.escalation import (
    BREACH,
    HELD,
    HELD_LONGER,
    REGISTERED,
)
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.setup.first_data import add_if_absent

MOST_URGENT = min(each.code for each in CATALOGUE.priorities)
RULES = {
    "most-urgent-registered": {
        "title": _("A most urgent request is registered"),
        "sequence": 10,
        "event": REGISTERED,
        "priority": MOST_URGENT,
        "tell_on_duty": 1,
    },
    "most-urgent-held": {
        "title": _("A most urgent request is held"),
        "sequence": 20,
        "event": HELD,
        "priority": MOST_URGENT,
        "tell_on_duty": 1,
    },
    # Whoever has a request, the team lead and the success manager hear of every breach.
    "most-urgent-broken": {
        "title": _("The promise of a most urgent request is broken"),
        "sequence": 30,
        "event": BREACH,
        "priority": MOST_URGENT,
        "tell_on_duty": 1,
    },
    "held-too-long": {
        "title": _("A request is held for too long"),
        "sequence": 40,
        "event": HELD_LONGER,
        "support_hours": 4,
        "tell_team": 1,
        "tell_team_lead": 1,
        "tell_on_duty": 1,
    },
}


def add_escalation_rules() -> None:
    for name, values in RULES.items():
        priority = values.get("priority")
        if not priority or frappe.db.exists("Beesender Priority", priority):
            add_if_absent("Beesender Escalation Rule", name, values)
