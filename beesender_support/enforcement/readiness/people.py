"""Makes whoever looks at the first steps an agent, or one of a team; and the user as
which a program signs in."""

from typing import TypedDict

import frappe
from frappe import _

from beesender_support.enforcement.chat.caller import CHANNEL_ROLE
from beesender_support.records.people.session import acting_as

AGENT, TEAM = "HD Agent", "HD Team"
# An address that nobody has: a program gets no mail.
PROGRAM = "chatbot@program.invalid"
KEY_LENGTH = 15


class Key(TypedDict):
    """The secret is shown once: it is stored encrypted."""

    user: str
    api_key: str
    api_secret: str


def become_agent() -> str:
    """Twice is the same; a sentence of what became of it."""
    user = frappe.session.user
    if name := frappe.db.exists(AGENT, {"user": user}):
        if not frappe.db.get_value(AGENT, name, "is_active"):
            agent = frappe.get_doc(AGENT, name)
            agent.is_active = 1
            agent.save(ignore_permissions=True)
        return _("You are an agent.")
    frappe.get_doc(
        {
            "doctype": AGENT,
            "user": user,
            "agent_name": frappe.utils.get_fullname(user),
            "is_active": 1,
        }
    ).insert(ignore_permissions=True)
    return _("You are an agent.")


def join_team(name: str) -> str:
    team = frappe.get_doc(TEAM, name)
    user = frappe.session.user
    if not frappe.db.exists(AGENT, {"user": user, "is_active": 1}):
        frappe.throw(_("Only agents are in a team. Make yourself an agent first."))
    if user not in {row.user for row in team.users}:
        team.append("users", {"user": user})
        team.save(ignore_permissions=True)
    return _("You are in the team {0}.").format(name)


def make_program() -> Key:
    """A user with the role of programs alone, and a key for it. One that has a key keeps
    it: programs may be using it."""
    with acting_as("Administrator"):
        # Of two clicks the second waits for the first.
        frappe.db.get_value("Role", CHANNEL_ROLE, "name", for_update=True)
        known = frappe.db.get_value(
            "User", PROGRAM, ["name", "api_key"], as_dict=True, for_update=True
        )
        if known and known.api_key:
            frappe.throw(
                _(
                    "{0} has a key already. Open the user to generate another: programs"
                    " that use the old one are then refused."
                ).format(PROGRAM)
            )
        user = frappe.get_doc("User", PROGRAM) if known else _program()
        secret = frappe.generate_hash(length=KEY_LENGTH)
        user.api_key = frappe.generate_hash(length=KEY_LENGTH)
        user.api_secret = secret
        user.save(ignore_permissions=True)
    return {"user": user.name, "api_key": user.api_key, "api_secret": secret}


def _program() -> frappe.model.document.Document:
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": PROGRAM,
            "first_name": _("Chatbot"),
            "send_welcome_email": 0,
            "roles": [{"role": CHANNEL_ROLE}],
        }
    )
    user.flags.no_welcome_mail = True
    return user.insert(ignore_permissions=True)


def remove_program() -> None:
    """The user that was made here, and the contact that Frappe makes of each; one to whom
    somebody gave another role is theirs by now."""
    made_here = {"name": PROGRAM, "owner": "Administrator"}
    if not frappe.db.exists("User", made_here):
        return
    roles = frappe.get_all(
        "Has Role", {"parenttype": "User", "parent": PROGRAM}, pluck="role"
    )
    if set(roles) - {CHANNEL_ROLE}:
        return
    contacts = frappe.get_all("Contact", {"user": PROGRAM}, pluck="name")
    frappe.delete_doc("User", PROGRAM, force=True, ignore_permissions=True)
    for contact in contacts:
        frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True)
