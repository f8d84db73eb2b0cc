"""A site that kept decisions on tickets and in the log is migrated without loss."""

import json
from collections.abc import Iterator

import frappe
import pytest
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.patches import move_decisions
from beesender_support.records.tickets.decisions import DECISION
from beesender_support.setup.custom_fields import CUSTOM_FIELDS, DECIDED_LEVEL
from beesender_support.tests.site.audit.lives import decided_on
from beesender_support.tests.site.factories import (
    MONDAY_10,
    clock_at,
    make_contact,
    make_customer,
    make_p1,
    make_plan,
)
from beesender_support.tests.site.processes import in_process, remove_records

TICKET, LOG = "HD Ticket", "Beesender Admission Log"
# The number of a ticket that was deleted.
GONE = "987654321"
FORMER, CLIENT = "Test Client Moved From", "Test Client Moved To"
ADDRESSES = ["moved-from@example.com", "moved-to@example.com"]


@pytest.fixture
def _of_before(_rolled_back: None) -> Iterator[None]:
    """The columns as the version before made them. A change of a table commits, and waits
    for whoever reads it."""
    frappe.db.rollback()
    in_process(remove_records, [FORMER, CLIENT], ADDRESSES)
    in_process(_make_columns)
    yield
    in_process(remove_records, [FORMER, CLIENT], ADDRESSES)
    assert in_process(move_decisions.execute) is None


def _make_columns() -> None:
    field = {
        "fieldname": "beesender_decisions",
        "fieldtype": "JSON",
        "label": "What it was decided by",
        "insert_after": "beesender_terms",
        "permlevel": DECIDED_LEVEL,
        "hidden": 1,
        "read_only": 1,
        "no_copy": 1,
    }
    after = {"fieldname": "beesender_at_risk_percent", "label": "At risk from"}
    after |= {"fieldtype": "Float", "insert_after": "beesender_decisions"}
    create_custom_fields({TICKET: [field, after]})
    frappe.db.sql_ddl(f"alter table `tab{LOG}` add column if not exists decisions json")


def _make_tickets() -> list[str]:
    """One that was a former customer's, one of a customer alone, one that nobody decided,
    and the log of one that is gone; with their decisions where they were before."""
    frappe.flags.mute_emails = True
    clients = []
    for customer, address in zip((FORMER, CLIENT), ADDRESSES, strict=True):
        contact = make_contact(make_customer(customer), address)
        make_plan(customer, [contact])
        row = {"customer": customer, "contact": contact, "email": address}
        clients.append(row)
    former, client = clients
    corrected, own = make_p1(former), make_p1(client)
    undecided = make_p1({**client, "customer": None, "contact": None})
    with clock_at(MONDAY_10):
        corrected.update({"customer": CLIENT, "contact": client["contact"]})
        corrected.raised_by = client["email"]
        corrected.save()
    left, now = map(_plain, decided_on(corrected))
    _keep_on(corrected, [now])
    _keep_on(own, [_plain(each) for each in decided_on(own)] * 2)
    row = frappe.get_all(
        LOG, {"ticket": str(corrected.name), "event": "Admission changed"}, pluck="name"
    )
    _keep_in_log(row[0], [left])
    gone = frappe.copy_doc(frappe.get_doc(LOG, row[0]))
    gone.ticket = None
    gone.insert()
    frappe.db.set_value(LOG, gone.name, "ticket", GONE)
    _keep_in_log(gone.name, [left])
    names = [str(each.name) for each in (corrected, own, undecided)]
    frappe.db.delete(DECISION, {"ticket": ("in", names)})
    return names


def _plain(decided):
    return decided.as_dict()


def _keep_on(ticket, decided):
    _write(TICKET, ticket.name, "beesender_decisions", decided)


def _keep_in_log(name, decided):
    _write(LOG, name, "decisions", decided)


def _write(doctype, name, column, decided):
    table = frappe.qb.DocType(doctype)
    text = json.dumps(decided, ensure_ascii=False)
    frappe.qb.update(table).set(table[column], text).where(table.name == name).run()


def told(names: list[str]) -> list[list[tuple[str, str, str]]]:
    return [
        [
            (each.asked.customer, each.asked.contact, each.plan)
            for each in decided_on(frappe.get_doc(TICKET, name))
        ]
        for name in names
    ]


def what_is_left() -> list[str]:
    return [
        *frappe.get_all(
            "Custom Field", {"fieldname": "beesender_decisions"}, pluck="name"
        ),
        *(
            column
            for doctype, column in (
                (TICKET, "beesender_decisions"),
                (LOG, "decisions"),
            )
            if move_decisions.has_column(doctype, column)
        ),
    ]


def who_follows() -> str:
    name = f"{TICKET}-beesender_at_risk_percent"
    return frappe.db.get_value("Custom Field", name, "insert_after")


def rows_of(names: list[str]) -> list[frappe._dict]:
    fields = ["name", "customer", "contact", "owner", "facts"]
    of_them = {"ticket": ("in", [*names, GONE])}
    return frappe.get_all(DECISION, of_them, fields, order_by="name")


@pytest.mark.usefixtures("_of_before")
def test_what_was_kept_becomes_rows_and_the_columns_go():
    names = in_process(_make_tickets)
    assert len(in_process(what_is_left)) == 3
    assert in_process(move_decisions.execute) is None
    corrected, own, undecided = in_process(told, names)
    assert [customer for customer, *_rest in corrected] == [FORMER, CLIENT]
    assert all(contact for _customer, contact, _plan in corrected)
    assert [customer for customer, *_rest in own] == [CLIENT, CLIENT]
    assert undecided == []
    assert in_process(what_is_left) == []
    assert in_process(who_follows) == "beesender_terms"
    rows = in_process(rows_of, names)
    assert len(rows) == 4, "those of a ticket that is gone went with it"
    assert {row.owner for row in rows} == {"Administrator"}
    assert all('"contact": null' in row.facts for row in rows)
    assert in_process(move_decisions.execute) is None
    assert in_process(rows_of, names) == rows


@pytest.mark.usefixtures("_of_before")
@pytest.mark.parametrize("lot", [1, 2, 3, 4])
def test_where_it_was_interrupted_it_goes_on(monkeypatch, lot):
    names = in_process(_make_tickets)
    insert_all, done = move_decisions.insert_all, []
    monkeypatch.setattr(move_decisions, "LOT", 1)

    def insert(doctype, rows):
        insert_all(doctype, rows)
        done.append(rows)
        if len(done) == lot:
            raise KeyError("the connection is gone")

    monkeypatch.setattr(move_decisions, "insert_all", insert)
    assert in_process(move_decisions.execute)[0] == "KeyError"
    monkeypatch.setattr(move_decisions, "insert_all", insert_all)
    assert in_process(move_decisions.execute) is None
    corrected, own, undecided = in_process(told, names)
    assert [customer for customer, *_rest in corrected] == [FORMER, CLIENT]
    assert [len(corrected), len(own), len(undecided)] == [2, 2, 0]
    assert in_process(what_is_left) == []


def test_the_field_is_made_no_more():
    fields = {each["fieldname"] for each in CUSTOM_FIELDS[TICKET]}
    assert "beesender_decisions" not in fields
    assert "beesender_at_risk_percent" in fields
