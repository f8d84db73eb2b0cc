"""What escalation rules do with tickets: another team, another assignee, a tag.

Each by itself: what another app refuses is logged, undone, and keeps nothing else from
being done. What is done already is not done again.
"""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.desk.doctype.tag.tag import DocTags
from frappe.desk.form import assign_to

from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.notices.escalation import Escalation
from beesender_support.records.notices.notice_log import LOG
from beesender_support.records.people import staff
from beesender_support.records.people.readers import site_language
from beesender_support.wording.language import speaking

TICKET = "HD Ticket"
SAVEPOINT = "beesender_escalation"


class Action(NamedTuple):
    """``words`` are a template for what it does with ``value``."""

    value: str
    act: Callable[[str, str], None]
    words: str


def wanted(escalation: Escalation) -> list[Action]:
    rule = escalation.rule
    actions = []
    if escalation.changes_team:
        actions.append(Action(rule.team, move_to_team, _("Goes to the team {0}.")))
    if escalation.assigns:
        actions.append(Action(rule.assign_to, assign, _("Is assigned to {0}.")))
    if rule.tag and not escalation.is_missed:
        actions.append(Action(rule.tag, add_tag, _("Gets the tag {0}.")))
    return actions


def in_words(escalation: Escalation) -> list[str]:
    return [each.words.format(each.value) for each in wanted(escalation)]


def carry_out(ticket: str, escalation: Escalation) -> None:
    """Do all of it; what failed is added to the row of the log that says it."""
    with speaking(site_language()):
        for each in wanted(escalation):
            if fault := _fault_of(ticket, each):
                what = each.words.format(each.value)
                _note(escalation.key, _("{0} It failed: {1}").format(what, fault))


def _fault_of(ticket: str, action: Action) -> str | None:
    """What went wrong, in a few words; what it had written is undone."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        action.act(ticket, action.value)
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(
            title="Beesender Support: an escalation could not be carried out",
            reference_doctype=TICKET,
            reference_name=ticket,
        )
        return frappe.utils.strip_html(str(fault))[:200] or type(fault).__name__
    finally:
        # Meant for a user, and none is here.
        frappe.clear_messages()
    return None


def _note(key: str, sentence: str) -> None:
    row = frappe.db.get_value(LOG, {"key": key}, ["name", "details"], as_dict=True)
    if row:
        details = f"{row.details or ''}\n{sentence}".strip()
        frappe.db.set_value(LOG, row.name, "details", details, update_modified=False)


def move_to_team(ticket: str, team: str) -> None:
    """Helpdesk takes away an assignee who is not of the team, and assigns another."""
    is_disabled = frappe.db.get_value("HD Team", team, "disabled")
    if is_disabled or is_disabled is None:
        frappe.throw(_("The team is gone or disabled."))
    if frappe.db.get_value(TICKET, ticket, "agent_group") == team:
        return
    doc = frappe.get_doc(TICKET, ticket)
    doc.agent_group = team
    doc.save(ignore_permissions=True)


def assign(ticket: str, user: str) -> None:
    """To one person, as Helpdesk does."""
    if user not in staff.members_named([user]):
        frappe.throw(_("They do not work here now."))
    about = {"doctype": TICKET, "name": ticket}
    assigned = {each.owner for each in assign_to.get(about)}
    if assigned == {user}:
        return
    if assigned:
        assign_to.clear(TICKET, ticket, ignore_permissions=True)
    assign_to.add({**about, "assign_to": [user]}, ignore_permissions=True)


def add_tag(ticket: str, tag: str) -> None:
    DocTags(TICKET).add(ticket, tag)
