"""What is sold beside answers is a record: tiers say how much of it, and people read it,
without code. The fields that tiers had before say the same."""

import frappe
import pytest

from beesender_support.patches import add_entitlements
from beesender_support.records.cache import invalidate
from beesender_support.records.sold import catalogue
from beesender_support.tests.site.factories import make_customer, make_plan, refused

TIER, ENTITLEMENT, ROW = (
    "Beesender Tier",
    "Beesender Entitlement",
    "Beesender Tier Entitlement",
)


def make_entitlement(title="Training hours", unit="Hours a contract year", **values):
    doc = frappe.get_doc(
        {"doctype": ENTITLEMENT, "title": title, "unit": unit, **values}
    )
    return doc.insert(set_name=frappe.scrub(title))


def tier_named(name):
    return frappe.get_doc(TIER, name)


def amounts_of(doc):
    return {row.entitlement: row.amount for row in doc.entitlements}


def set_amount(doc, code, amount):
    for row in doc.entitlements:
        if row.entitlement == code:
            row.amount = amount
            return
    doc.append("entitlements", {"entitlement": code, "amount": amount})


def test_shipped_tiers_include_what_the_catalogue_says_in_rows_and_in_fields():
    business = tier_named("Business")
    assert amounts_of(business) == {
        "administrator_questions": 1,
        "end_user_questions": 1,
        "licence_maintenance": 1,
        "updates": 2,
    }
    assert business.updates_per_year == 2
    assert (business.licence_maintenance, business.developer_consultation) == (1, 0)


def test_whichever_of_field_and_row_is_changed_the_other_follows():
    tier = tier_named("Business")
    tier.updates_per_year = 3
    tier.developer_consultation = 1
    tier.end_user_questions = 0
    tier.save()
    assert amounts_of(tier.reload())["updates"] == 3
    assert amounts_of(tier)["developer_consultation"] == 1
    assert "end_user_questions" not in catalogue.tier_named("Business").entitlements
    set_amount(tier, "updates", 6)
    set_amount(tier, "end_user_questions", 1)
    tier.save()
    assert (tier.reload().updates_per_year, tier.end_user_questions) == (6, 1)
    tier.entitlements = [row for row in tier.entitlements if row.idx > 2]
    tier.save()
    listed = set(amounts_of(tier.reload()))
    assert tier.administrator_questions == int("administrator_questions" in listed)
    assert catalogue.tier_named("Business").updates_per_year == tier.updates_per_year


def test_a_tier_made_by_its_old_fields_has_rows():
    basic = tier_named("Basic")
    values = {
        key: basic.as_dict()[key]
        for key in ("around_the_clock", "authorized_contact_limit", "fee_percent")
    }
    tier = frappe.get_doc(
        {
            "doctype": TIER,
            **values,
            "rank": 9,
            "updates_per_year": 5,
            "licence_maintenance": 1,
            "support_windows": [
                {"weekday": "Monday", "start_time": "09:00", "end_time": "18:00"}
            ],
            "response_targets": [{"priority": "P1", "hours": 1}],
            "registration_channels": [{"channel": "portal"}],
            "answer_channels": [{"channel": "portal"}],
        }
    ).insert(set_name="Imported")
    assert amounts_of(tier) == {"updates": 5, "licence_maintenance": 1}
    assert (tier.title, tier.updates_per_year) == ("Imported", 5)


@pytest.mark.parametrize(
    ("code", "amount", "match"),
    [
        ("updates", 1.5, "is not possible. Give 0 to 10000"),
        ("updates", -1, "negative"),
        ("updates", "inf", "is not valid"),
        ("licence_maintenance", 2, "maintenance: 2.* is not possible. Give 0 to 1"),
        ("cake", 1, "cake"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(code, amount, match):
    tier = tier_named("Premium")
    set_amount(tier, code, amount)
    with refused(match):
        tier.save()


def test_two_rows_of_one_and_two_changes_at_once_are_refused():
    tier = tier_named("Premium")
    tier.append("entitlements", {"entitlement": "updates", "amount": 1})
    with refused("Updates with reinstallation is listed more than once"):
        tier.save()
    tier.reload()
    tier.updates_per_year = 7
    set_amount(tier, "updates", 8)
    with refused("Updates a year: 7 here, but 8 in the table"):
        tier.save()


def test_an_entitlement_that_is_retired_stays_where_it_is_and_goes_nowhere_else():
    training = make_entitlement()
    premium = tier_named("Premium")
    set_amount(premium, training.name, 8)
    premium.save()
    training.enabled = 0
    training.save()
    set_amount(premium, training.name, 12.5)
    premium.save()
    assert float(catalogue.tier_named("Premium").entitlements[training.name]) == 12.5
    basic = tier_named("Basic")
    set_amount(basic, training.name, 1)
    with refused("Training hours is no longer offered"):
        basic.save()


def test_a_unit_in_which_a_tier_makes_no_sense_is_refused_and_deleting_too():
    training = make_entitlement()
    premium = tier_named("Premium")
    set_amount(premium, training.name, 7.5)
    premium.save()
    for unit in ("Count a contract year", "Yes or no"):
        training.unit = unit
        with refused("Training hours: 7.5 is not possible"):
            training.save()
        training.reload()
    with refused("Training hours is used by Premium and cannot be deleted"):
        training.delete()
    updates = frappe.get_doc(ENTITLEMENT, "updates")
    updates.unit = "Hours a contract year"
    with refused("Allowed: Count a contract year"):
        updates.save()


def test_a_tier_that_plans_have_is_not_deleted_and_says_why():
    plan = make_plan(make_customer(), [], tier="Basic", status="Draft")
    with refused(f"{plan.name}.* and cannot be deleted"):
        tier_named("Basic").delete()


def test_the_patch_moves_every_field_into_a_row_and_runs_again():
    frappe.db.delete(ROW)
    frappe.db.delete(ENTITLEMENT, {"name": ("!=", "updates")})
    frappe.db.set_value(TIER, "Business", {"updates_per_year": 7, "title": None})
    frappe.db.set_value(TIER, "Basic", "developer_consultation", 1)
    invalidate()
    for _run in range(2):
        add_entitlements.execute()
        business = tier_named("Business")
        assert amounts_of(business) == {
            "administrator_questions": 1,
            "end_user_questions": 1,
            "licence_maintenance": 1,
            "updates": 7,
        }
        assert business.title == "Business"
        assert set(amounts_of(tier_named("Basic"))) == {
            "administrator_questions",
            "developer_consultation",
        }
    assert catalogue.tier_named("Business").updates_per_year == 7
    business.save()
    assert tier_named("Business").updates_per_year == 7


def test_the_patch_leaves_rows_that_are_there():
    tier = tier_named("Premium")
    set_amount(tier, "updates", 9)
    tier.save()
    add_entitlements.execute()
    assert amounts_of(tier_named("Premium"))["updates"] == 9
