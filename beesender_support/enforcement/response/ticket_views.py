"""The saved views of tickets that this app ships.

Each is created once. Changes and deletions by people stay until an admin restores them
all as shipped.
"""

import json

import frappe
from frappe.model.document import Document

from beesender_support.policy.sentences import marked as _
from beesender_support.records.tickets.promise import NEXT_DUE, NOTHING_DUE

VIEW = "HD View"
PREFIX = "BEESENDER-VIEW-"
AWAITING_ADMISSION = _("Awaiting admission")
# Paused tickets are included: the response clock continues.
OPEN = {"status_category": ["!=", "Resolved"]}
# Something is owed. What is owed first stands first, whichever promise it is.
AWAITED = {NEXT_DUE: ["<", f"{NOTHING_DUE:%Y-%m-%d}"]}
SOONEST = f"{NEXT_DUE} asc"
# Key, label, icon, filters, order. "@me" is the reader.
VIEWS = (
    (
        "AWAITING-ADMISSION",
        AWAITING_ADMISSION,
        "user-round-search",
        {**OPEN, "beesender_admission": "Held"},
        "creation asc",
    ),
    (
        "BY-TIER",
        _("By tier and due time"),
        "layers",
        {**OPEN, **AWAITED},
        f"beesender_tier_rank desc, {SOONEST}",
    ),
    (
        "AT-RISK",
        _("At risk"),
        "triangle-alert",
        {**OPEN, "beesender_response_state": "At risk"},
        SOONEST,
    ),
    (
        "BREACHED",
        _("Breached"),
        "flame",
        {**OPEN, "beesender_response_state": "Breached"},
        SOONEST,
    ),
    (
        "PAID-REQUESTS",
        _("Paid requests"),
        "banknote",
        {**OPEN, "ticket_type": "Paid enhancement request"},
        "creation asc",
    ),
    (
        "MY-CUSTOMERS",
        _("My customers"),
        "heart-handshake",
        {**OPEN, "beesender_success_manager": "@me"},
        SOONEST,
    ),
)
_ADMISSION_COLUMNS = (
    ("ID", "Int", "name", "", "5rem"),
    ("Subject", "Data", "subject", "", "22rem"),
    ("Reason", "Data", "beesender_admission_reason", "", "12rem"),
    ("Customer", "Link", "customer", "HD Customer", "10rem"),
    ("Contact", "Link", "contact", "Contact", "10rem"),
    ("Registered by", "Data", "beesender_channel", "", "8rem"),
    ("Created", "Datetime", "creation", "", "8rem"),
)
_COLUMNS = (
    ("ID", "Int", "name", "", "5rem"),
    ("Subject", "Data", "subject", "", "20rem"),
    ("Status", "Select", "status", "", "7rem"),
    ("Support priority", "Link", "beesender_priority", "Beesender Priority", "7rem"),
    ("Tier", "Link", "beesender_tier", "Beesender Tier", "7rem"),
    ("First response", "Datetime", "response_by", "", "10rem"),
    ("Customer", "Link", "customer", "HD Customer", "10rem"),
    ("Assigned To", "MultipleAvatar", "_assign", "", "8rem"),
    ("Type", "Link", "ticket_type", "HD Ticket Type", "11rem"),
    ("Created", "Datetime", "creation", "", "8rem"),
)
_ROWS = (
    "name",
    "subject",
    "status",
    "priority",
    "ticket_type",
    "customer",
    "contact",
    "beesender_admission_reason",
    "beesender_channel",
    "beesender_priority",
    "beesender_tier",
    "response_by",
    "resolution_by",
    "agreement_status",
    "first_responded_on",
    "resolution_date",
    "creation",
    "modified",
    "_assign",
    "owner",
    "modified_by",
)


def add_views() -> None:
    """Create the missing views."""
    for key, label, *rest in VIEWS:
        if not _is_there(key, label):
            _make(key, label, *rest)


def restore_views() -> None:
    """All views as shipped, whatever was changed in them."""
    remove_views()
    add_views()


# How they were sorted, and one of them filtered, before the next deadline had a column.
_OPEN_ANSWERS = {
    **OPEN,
    "response_by": ["is", "set"],
    "first_responded_on": ["is", "not set"],
}
_FORMER_ORDER = {
    "BY-TIER": "beesender_tier_rank desc, response_by asc",
    "AT-RISK": "response_by asc",
    "BREACHED": "response_by asc",
    "MY-CUSTOMERS": "response_by asc",
}


def sort_by_what_is_due() -> None:
    """Shipped views that nobody changed are sorted by the promise that is due soonest."""
    for key, _label, _icon, filters, order_by in VIEWS:
        view = frappe.db.get_value(
            VIEW, PREFIX + key, ["filters", "order_by"], as_dict=True
        )
        shipped = _OPEN_ANSWERS if key == "BY-TIER" else filters
        if (
            view
            and view.order_by == _FORMER_ORDER.get(key)
            and frappe.parse_json(view.filters or "{}") == shipped
        ):
            frappe.db.set_value(
                VIEW,
                PREFIX + key,
                {"filters": json.dumps(filters), "order_by": order_by},
            )


def remove_views() -> None:
    for key, *_rest in VIEWS:
        frappe.db.delete(VIEW, {"name": PREFIX + key})
    # Sites installed before the views had names of their own.
    unnamed = {"label": AWAITING_ADMISSION, "user": "Administrator", "public": 1}
    frappe.db.delete(VIEW, {"dt": "HD Ticket", **unnamed})


def remove_columns_from_views() -> None:
    """Views that people saved must not refer to removed fields."""
    for name in frappe.get_all(
        VIEW, {"dt": "HD Ticket"}, or_filters=_any_of_ours(), pluck="name"
    ):
        _drop_our_fields(frappe.get_doc(VIEW, name))


def _any_of_ours() -> list[list[str]]:
    return [
        [fieldname, "like", "%beesender_%"]
        for fieldname in ("columns", "rows", "filters", "order_by")
    ]


def _drop_our_fields(view: Document) -> None:
    def is_ours(fieldname: object) -> bool:
        return str(fieldname).startswith("beesender_")

    columns = frappe.parse_json(view.columns or "[]")
    rows = frappe.parse_json(view.rows or "[]")
    filters = frappe.parse_json(view.filters or "{}")
    if isinstance(filters, dict):
        filters = {key: value for key, value in filters.items() if not is_ours(key)}
    else:
        filters = [each for each in filters if not is_ours(each[0])]
    sorting = (view.order_by or "").split(",")
    view.db_set(
        {
            "columns": json.dumps(
                [each for each in columns if not is_ours(each.get("key"))]
            ),
            "rows": json.dumps([each for each in rows if not is_ours(each)]),
            "filters": json.dumps(filters),
            "order_by": ",".join(each for each in sorting if "beesender_" not in each)
            or "modified desc",
        }
    )


def _is_there(key: str, label: str) -> bool:
    by_label = {"dt": "HD Ticket", "label": label, "public": 1}
    return bool(
        frappe.db.exists(VIEW, PREFIX + key) or frappe.db.exists(VIEW, by_label)
    )


def _make(key: str, label: str, icon: str, filters: dict, order_by: str) -> None:
    columns = _ADMISSION_COLUMNS if label == AWAITING_ADMISSION else _COLUMNS
    view = frappe.get_doc(
        {
            "doctype": VIEW,
            "name": PREFIX + key,
            "label": label,
            "dt": "HD Ticket",
            "type": "list",
            "icon": icon,
            "public": 1,
            "user": "Administrator",
            "route_name": "TicketsAgent",
            "filters": json.dumps(filters),
            "order_by": order_by,
            "columns": json.dumps([_column(*column) for column in columns]),
            "rows": json.dumps(_ROWS),
        }
    )
    view.flags.name_set = True
    view.insert(ignore_permissions=True)


def _column(label: str, fieldtype: str, key: str, options: str, width: str) -> dict:
    return {
        "label": label,
        "type": fieldtype,
        "key": key,
        "options": options,
        "width": width,
    }
