"""Indexes on tables of others stay, whatever Frappe makes of these tables."""

import frappe
import pytest

from beesender_support.patches import index_starts
from beesender_support.setup import indexes

ALL = [
    (doctype, name, fields)
    for doctype, of_table in indexes._all()
    for name, fields in of_table.items()
]


@pytest.fixture(autouse=True)
def _nothing_written(_rolled_back):
    """A change of a table commits."""
    frappe.db.rollback()


@pytest.mark.parametrize("doctype", sorted({doctype for doctype, *_rest in ALL}))
def test_a_changed_table_keeps_them(doctype):
    indexes.add_indexes()
    frappe.db.updatedb(doctype)
    for of, name, fields in ALL:
        if of == doctype:
            assert indexes._columns_of(of, name) == fields


def test_one_of_other_columns_is_made_anew():
    """As versions made it that nobody has released."""
    doctype, name = "HD Customer Member", "beesender_of_contact"
    frappe.db.sql_ddl(f"alter table `tab{doctype}` drop index `{name}`")
    frappe.db.sql_ddl(f"alter table `tab{doctype}` add index `{name}` (contact_name)")
    indexes.add_indexes()
    assert indexes._columns_of(doctype, name) == ["contact_name", "parent"]


def test_where_all_are_there_nothing_is_changed(monkeypatch):
    indexes.add_indexes()
    monkeypatch.setattr(frappe.db, "sql_ddl", None)
    monkeypatch.setattr(frappe.db, "add_index", None)
    indexes.add_indexes()


def test_one_whose_column_a_later_patch_adds_waits_for_it(monkeypatch):
    """As the patches of earlier versions find a site."""
    late = {"beesender_by_later": ["beesender_of_a_later_version", "parent"]}
    monkeypatch.setitem(indexes.OF_OTHERS, "Contact Phone", late)
    index_starts.execute()
    assert indexes._columns_of("Contact Phone", "beesender_by_later") == []
    late["beesender_by_later"] = ["phone", "parent"]
    indexes.add_indexes()
    try:
        columns = indexes._columns_of("Contact Phone", "beesender_by_later")
        assert columns == ["phone", "parent"]
    finally:
        indexes._remove_index("Contact Phone", "beesender_by_later")
