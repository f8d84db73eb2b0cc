"""What the workspace in Desk needs besides the records that follow the app by
themselves.

The blocks are code and follow the app at every migration.
"""

from pathlib import Path

import frappe

from beesender_support.screens.public_files import base_address

BLOCK_FOLDER = Path(__file__).parent / "workspace_blocks"
# Name, its files, and who sees it.
BLOCKS = (
    (
        "Beesender Support: first steps",
        "first_steps",
        ("System Manager", "Agent Manager"),
    ),
)
# Frappe runs it with the root of the block as `root_element`.
LOADER = """\
import("{base}/js/workspace/{module}.js").then(({{ show }}) => show(root_element));
"""
TITLE = "Beesender Support"
# Frappe deletes what belongs to a module with it; these belong to none. Frappe 15 does
# not have them.
OUTSIDE_THE_MODULE = ("Desktop Icon", "Workspace Sidebar")


def write_blocks() -> None:
    for name, files, roles in BLOCKS:
        parts = {
            "html": (BLOCK_FOLDER / f"{files}.html").read_text(),
            "style": (BLOCK_FOLDER / f"{files}.css").read_text(),
            "script": LOADER.format(base=base_address(), module=files),
        }
        if frappe.db.exists("Custom HTML Block", name):
            frappe.db.set_value("Custom HTML Block", name, parts)
            continue
        frappe.get_doc(
            {
                "doctype": "Custom HTML Block",
                "private": 0,
                "roles": [{"role": role} for role in roles],
                **parts,
            }
        ).insert(set_name=name)


def remove_workspace() -> None:
    for name, *_rest in BLOCKS:
        frappe.delete_doc("Custom HTML Block", name, force=True, ignore_missing=True)
    for doctype in OUTSIDE_THE_MODULE:
        if frappe.db.exists("DocType", doctype):
            frappe.delete_doc(
                doctype, TITLE, force=True, ignore_missing=True, ignore_on_trash=True
            )
    frappe.db.delete("View Log", {"reference_doctype": ("like", "Beesender %")})
