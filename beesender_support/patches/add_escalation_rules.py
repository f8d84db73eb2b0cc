"""Escalation rules, switched off, and the texts that they send."""

from beesender_support.setup.escalation_rules import add_escalation_rules
from beesender_support.setup.notices import add_notices


def execute() -> None:
    add_notices()
    add_escalation_rules()
