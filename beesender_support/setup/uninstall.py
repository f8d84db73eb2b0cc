"""Uninstalling: the mirror of installing, from the same constants."""

import sys

import click
import frappe

from beesender_support.enforcement.readiness.agent_form import SIDEBAR_FIELDS
from beesender_support.enforcement.readiness.people import remove_program
from beesender_support.enforcement.readiness.sample_records import (
    MARK,
    SAMPLE_DATA,
    TEST_REQUEST,
)
from beesender_support.enforcement.readiness.taking_away import take_away
from beesender_support.enforcement.response.agreement import (
    HOLIDAY_LIST,
    remove_agreement,
)
from beesender_support.enforcement.response.ticket_views import (
    remove_columns_from_views,
    remove_views,
)
from beesender_support.setup.agents_form import remove_agents_form
from beesender_support.setup.articles import remove_articles
from beesender_support.setup.copied_fields import copy_again
from beesender_support.setup.custom_fields import (
    CUSTOM_FIELDS,
    DECIDED_LEVEL,
    READERS_OF_DECIDED,
)
from beesender_support.setup.first_data import added_records
from beesender_support.setup.helpdesk_screens import remove_screens
from beesender_support.setup.indexes import remove_indexes
from beesender_support.setup.notices import remove_texts
from beesender_support.setup.roles import remove_channel_role
from beesender_support.setup.saved_replies import remove_saved_replies
from beesender_support.setup.workspace import remove_workspace

APP = "beesender_support"
# Their files are of private data, and of no use without them.
RUNS_WITH_FILES = ("Beesender Decision Export", "Beesender Import")


def before_uninstall() -> None:
    """Frappe also runs this for ``--dry-run``, which must not change anything."""
    report_what_is_lost()
    if option("dry_run"):
        return
    remove_scheduled_jobs()
    remove_sample_records()
    remove_program()
    remove_agreements()
    remove_articles()
    remove_saved_replies()
    remove_texts()
    remove_added_records()
    remove_files_of_runs()
    remove_sidebar_fields()
    remove_screens()
    remove_agents_form()
    remove_views()
    remove_columns_from_views()
    remove_workspace()
    remove_channel_role()
    remove_permissions_of_decided_fields()
    copy_again()
    remove_indexes()
    remove_custom_fields()


# Events of the log that hold the only copy of a mail.
KEPT_MAIL = ("Mail kept", "Automatic mail")


def option(name: str) -> bool:
    """Whether the command was given an option; not where a program uninstalls."""
    command = click.get_current_context(silent=True)
    return bool(command and command.params.get(name))


def report_what_is_lost() -> None:
    """Mail that became no ticket exists only in the log, which is deleted."""
    kept = frappe.db.count(
        "Beesender Admission Log",
        {"event": ("in", KEPT_MAIL), "raw_content": ("is", "set")},
    )
    if not kept:
        return
    click.secho(
        f"{kept} mails that became no tickets are kept in the Beesender Admission Log"
        ' only, and are deleted with it. To keep them, export the log rows "Mail kept" and'
        ' "Automatic mail" with their raw content first (Desk > Beesender Admission Log >'
        " Menu > Export).",
        fg="yellow",
    )
    is_asked = not option("yes") and not option("dry_run") and sys.stdin.isatty()
    if click.get_current_context(silent=True) and is_asked:
        click.confirm("Delete them with the app?", abort=True)


def remove_scheduled_jobs() -> None:
    """Frappe would leave them until the next migration, and each of their runs fails."""
    for doctype in ("Scheduled Job Log", "Scheduled Job Type"):
        jobs = frappe.get_all(
            "Scheduled Job Type", {"method": ("like", f"{APP}.%")}, pluck="name"
        )
        field = "name" if doctype == "Scheduled Job Type" else "scheduled_job_type"
        frappe.db.delete(doctype, {field: ("in", jobs or [""])})


def remove_sample_records() -> None:
    """They are of other apps' DocTypes, and nobody would know them without their marks."""
    if not frappe.db.table_exists(MARK):
        return  # The code is newer than the site.
    for purpose in (SAMPLE_DATA, TEST_REQUEST):
        take_away(purpose)


def remove_agreements() -> None:
    for tier in frappe.get_all("Beesender Tier", pluck="name"):
        remove_agreement(tier)
    frappe.delete_doc(
        "HD Service Holiday List", HOLIDAY_LIST, force=True, ignore_missing=True
    )


def remove_added_records() -> None:
    """Ticket types, unless tickets use them by now."""
    for doctype, name in added_records():
        if doctype != "HD Ticket Type":
            continue
        frappe.db.delete("Beesender Category", {"ticket_type": name})
        if not frappe.db.exists("HD Ticket", {"ticket_type": name}):
            frappe.delete_doc(doctype, name, force=True, ignore_missing=True)


def remove_files_of_runs() -> None:
    """Frappe deletes the records of a DocType without what is attached to them."""
    of_runs = {"attached_to_doctype": ("in", RUNS_WITH_FILES)}
    for file in frappe.get_all("File", of_runs, pluck="name"):
        frappe.delete_doc("File", file, ignore_permissions=True, force=True)


def remove_sidebar_fields() -> None:
    frappe.db.delete("HD Ticket Template Field", {"fieldname": ("in", SIDEBAR_FIELDS)})


def remove_permissions_of_decided_fields() -> None:
    """Those that this app added. A site installed before they were noted has them as
    they were added then: they let a role read, and nothing else."""
    added = [name for doctype, name in added_records() if doctype == "Custom DocPerm"]
    if added:
        frappe.db.delete("Custom DocPerm", {"name": ("in", added)})
        return
    for role in READERS_OF_DECIDED:
        frappe.db.delete(
            "Custom DocPerm",
            {
                "parent": "HD Ticket",
                "role": role,
                "permlevel": DECIDED_LEVEL,
                "read": 1,
                "write": 0,
                "create": 0,
                "delete": 0,
            },
        )


def remove_custom_fields() -> None:
    for doctype, fields in CUSTOM_FIELDS.items():
        for field in fields:
            frappe.delete_doc(
                "Custom Field",
                f"{doctype}-{field['fieldname']}",
                force=True,
                ignore_missing=True,
            )
            if frappe.db.has_column(doctype, field["fieldname"]):
                drop_column(doctype, field["fieldname"])
        frappe.clear_cache(doctype=doctype)


def drop_column(doctype: str, fieldname: str) -> None:
    """Frappe keeps the column of a removed field; this app leaves none behind."""
    table, column = f"tab{doctype}", fieldname
    frappe.db.sql_ddl(f"ALTER TABLE `{table}` DROP COLUMN `{column}`")
