"""Installing: on sites with priorities of their own, and again after it was cut short."""

from unittest.mock import patch

import frappe
import pytest

from beesender_support.enforcement.response.ticket_views import VIEWS
from beesender_support.records.sold import catalogue
from beesender_support.screens.workspace import first_steps
from beesender_support.setup import first_data, first_texts, install, uninstall
from beesender_support.setup.articles import ARTICLES
from beesender_support.setup.saved_replies import SAVED_REPLIES
from beesender_support.tests.site.factories import make_client, make_ticket

PRIORITY, TIER, CATEGORY = (
    "Beesender Priority",
    "Beesender Tier",
    "Beesender Category",
)
STEPS = (
    "stop_copying",
    "add_permissions_of_decided_fields",
    "add_sidebar_fields",
    "add_first_data",
    "add_views",
    "write_form_scripts",
    "write_blocks",
    "add_articles",
    "add_saved_replies",
)


class CutShort(Exception):
    pass


@pytest.fixture
def _bare() -> None:
    """The site as if nothing but the fields had been made."""
    titles = [
        title
        for _file, titles in (*ARTICLES, *SAVED_REPLIES)
        for title in titles.values()
    ]
    for doctype in (PRIORITY, TIER, CATEGORY):
        for table in frappe.get_meta(doctype).get_table_fields():
            frappe.db.delete(table.options, {"parenttype": doctype})
        frappe.db.delete(doctype)
    for doctype in ("HD Article", "HD Saved Reply"):
        frappe.db.delete(doctype, {"title": ("in", titles)})
    frappe.db.delete("HD View", {"name": ("like", "BEESENDER-VIEW-%")})
    frappe.db.delete("HD Form Script", {"name": ("like", "Beesender Support:%")})
    frappe.db.delete("Custom HTML Block", {"name": ("like", "Beesender Support:%")})
    frappe.db.delete("HD Ticket Template Field", {"fieldname": ("like", "beesender_%")})
    frappe.db.delete("Custom DocPerm", {"parent": "HD Ticket", "permlevel": 1})
    frappe.db.set_single_value(first_data.SETTINGS, "added_records", "[]")
    frappe.db.set_single_value(first_data.SETTINGS, "default_category", None)
    frappe.clear_cache()


def assert_complete() -> None:
    assert frappe.db.count(TIER) == 3
    assert frappe.db.count(PRIORITY) == 4
    assert frappe.db.count(CATEGORY) == 3
    for doctype, texts in (("HD Article", ARTICLES), ("HD Saved Reply", SAVED_REPLIES)):
        for _file, titles in texts:
            for title in titles.values():
                assert frappe.db.count(doctype, {"title": title}) == 1, title
    views = frappe.db.count("HD View", {"name": ("like", "BEESENDER-VIEW-%")})
    assert views == len(VIEWS)
    assert (
        frappe.db.count("Custom DocPerm", {"parent": "HD Ticket", "permlevel": 1}) == 3
    )
    added = [tuple(each) for each in first_data.added_records()]
    assert len(added) == len(set(added))
    assert not [name for _doctype, name in added if name == first_texts.BEGUN]


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("step", STEPS)
def test_what_was_cut_short_before_a_step_is_finished_the_next_time(step):
    with patch.object(install, step, side_effect=CutShort), pytest.raises(CutShort):
        install.after_install()
    install.after_install()
    assert_complete()
    install.after_install()
    assert_complete()


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("before", [1, 3, 6, 9])
def test_what_was_cut_short_between_two_texts_is_finished_the_next_time(before):
    add, made = first_texts.add, []

    def add_some(*args, **values):
        made.append(values)
        if len(made) > before:
            raise CutShort
        return add(*args, **values)

    with patch.object(first_texts, "add", add_some), pytest.raises(CutShort):
        install.after_install()
    install.after_install()
    assert_complete()


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("before", [1, 3, 5, 8, 11])
def test_what_was_cut_short_between_two_records_is_finished_the_next_time(before):
    add, made = first_data.add_if_absent, []

    def add_some(*args):
        made.append(args)
        if len(made) > before:
            raise CutShort
        return add(*args)

    with patch.object(first_data, "add_if_absent", add_some), pytest.raises(CutShort):
        install.after_install()
    install.after_install()
    assert_complete()


# Helpdesk's priorities


def name_priorities(*names: str) -> None:
    """The site's own priorities, the most urgent first."""
    frappe.db.delete("HD Ticket Priority")
    for order, name in enumerate(names, start=1):
        frappe.get_doc(
            {"doctype": "HD Ticket Priority", "integer_value": order}
        ).insert(set_name=name)
    frappe.clear_cache()


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize(
    ("names", "standing_for"),
    [
        (
            ("Blocker", "Major", "Minor", "Trivial", "Never"),
            ("Blocker", "Major", "Minor", "Trivial"),
        ),
        (("Critical", "High", "Medium", "Low"), ("Critical", "High", "Medium", "Low")),
        (("Urgent", "Medium", "Low"), ("Urgent", None, "Medium", "Low")),
        (("Now", "Later"), ("Now", "Later", None, None)),
        ((), (None, None, None, None)),
    ],
)
def test_it_installs_on_a_site_with_priorities_of_its_own(names, standing_for):
    name_priorities(*names)
    install.add_first_data()
    found = frappe.get_all(PRIORITY, pluck="ticket_priority", order_by="name")
    assert tuple(each or None for each in found) == standing_for
    assert catalogue.priority_code_of(None) is None
    unmapped = [
        code
        for code, name in zip(("P1", "P2", "P3", "P4"), standing_for, strict=True)
        if not name
    ]
    assert catalogue.unmapped_priorities() == unmapped
    [tiers] = [each for each in first_steps.evaluated() if each.code == "tiers"]
    said = [str(each.sentence) for each in tiers.missing]
    assert [each[:2] for each in said if "has no Helpdesk priority" in each] == unmapped


def test_a_priority_that_stands_for_none_still_promises():
    client = make_client()
    doc = frappe.get_doc(PRIORITY, "P3")
    doc.ticket_priority = None
    doc.save()
    frappe.get_doc(PRIORITY, "P4").update({"ticket_priority": None}).save()
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
    assert (ticket.beesender_priority, ticket.beesender_admission) == ("P3", "Accepted")
    assert ticket.response_by


# Uninstalling


def test_permissions_that_a_site_granted_before_stay_its_own():
    level = {"parent": "HD Ticket", "permlevel": 1}
    frappe.db.delete("Custom DocPerm", level)
    frappe.db.set_single_value(first_data.SETTINGS, "added_records", "[]")
    own = frappe.permissions.add_permission("HD Ticket", "Agent", 1)
    install.add_permissions_of_decided_fields()
    install.add_permissions_of_decided_fields()
    assert frappe.db.count("Custom DocPerm", level) == 3
    uninstall.remove_permissions_of_decided_fields()
    assert frappe.get_all("Custom DocPerm", level, pluck="name") == [own]


def test_uninstalling_says_that_kept_mail_goes(capsys):
    frappe.db.delete("Beesender Admission Log", {"event": "Mail kept"})
    uninstall.report_what_is_lost()
    assert not capsys.readouterr().out
    for _ in range(2):
        frappe.get_doc(
            {
                "doctype": "Beesender Admission Log",
                "event": "Mail kept",
                "raw_content": "From: someone",
            }
        ).insert(ignore_permissions=True)
    uninstall.report_what_is_lost()
    said = capsys.readouterr().out
    assert said.startswith("2 mails")
    assert "Export" in said


def test_agents_read_decided_fields_also_after_a_patch_that_looked_at_tickets():
    """Frappe leaves the permissions of a site out of what it caches in a patch."""
    frappe.clear_cache(doctype="HD Ticket")
    with patch.dict(frappe.flags, {"in_patch": True}):
        frappe.get_meta("HD Ticket")
    install.after_migrate()
    granted = {each.permlevel for each in frappe.get_meta("HD Ticket").permissions}
    assert granted == {0, install.DECIDED_LEVEL}
