"""Plans are renewed: what the draft takes over, once, and how it starts by itself."""

from datetime import date

import frappe
import pytest

from beesender_support.api import desk, plans
from beesender_support.beesender_support.report.plans_in_force import plans_in_force
from beesender_support.enforcement.notices import digest
from beesender_support.enforcement.plans.end_notices import plans_to_announce
from beesender_support.enforcement.renewals import renewing
from beesender_support.enforcement.renewals.renewing import Wanted
from beesender_support.policy.plans.renewals import Period
from beesender_support.records.site_time import now
from beesender_support.screens.workspace import statistics
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_manager,
    make_plan,
    make_ticket,
    refused,
    session_of,
)
from beesender_support.wording.language import speaking

PLAN = "Beesender Support Plan"
# Not a whole second: Frappe would take two spellings of it for two times.
NOVEMBER = "2026-11-23T10:00:00.500000+03:00"
YEAR = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.fixture(autouse=True)
def _in_november():
    with clock_at(NOVEMBER):
        yield


@pytest.fixture
def sold():
    return make_client(**YEAR, licence_price=10000, currency="EUR", mail_language="ru")


def drafts_of(plan):
    return frappe.get_all(PLAN, {"renews": plan}, pluck="name")


def test_the_draft_is_the_plan_for_the_next_period(sold):
    plan = sold.plan
    plan.append("holidays", {"date": "2026-12-30", "description": "Old"})
    plan.append("holidays", {"date": "2027-03-08", "description": "New"})
    plan.success_manager = make_agent_manager()
    plan.save()
    renewed = renewing.renew(plan.name)
    draft = frappe.get_doc(PLAN, renewed["renewal"])
    assert (draft.status, draft.renews, draft.renewed_by) == ("Draft", plan.name, None)
    assert (draft.starts_on, draft.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    for field in (
        "customer",
        "tier",
        "time_zone",
        "licence_price",
        "currency",
        "mail_language",
        "success_manager",
        "fee",
    ):
        assert draft.get(field) == plan.get(field), field
    assert [row.contact for row in draft.authorized_contacts] == [sold.contact]
    assert [str(row.date) for row in draft.holidays] == ["2027-03-08"]
    assert frappe.db.get_value(PLAN, plan.name, "renewed_by") == draft.name
    assert (renewed["was_there"], renewed["left_out"]) == (False, [])


def test_a_second_click_gives_the_same_draft(sold):
    first = renewing.renew(sold.plan.name)
    second = renewing.renew(sold.plan.name, Wanted(tier="Premium"))
    assert second["renewal"] == first["renewal"]
    assert second["was_there"]
    assert len(drafts_of(sold.plan.name)) == 1


def test_a_renewal_that_came_to_nothing_or_was_deleted_makes_room(sold):
    first = renewing.renew(sold.plan.name)["renewal"]
    frappe.delete_doc(PLAN, first)
    assert not frappe.db.get_value(PLAN, sold.plan.name, "renewed_by")
    second = renewing.renew(sold.plan.name)["renewal"]
    closed = frappe.get_doc(PLAN, second)
    closed.status = "Expired"
    closed.save()
    third = renewing.renew(sold.plan.name)
    assert not third["was_there"]
    assert third["renewal"] != second


def test_another_tier_zone_and_period_may_be_sold(sold):
    for _number in range(2):
        sold.plan.append(
            "authorized_contacts", {"contact": make_contact(sold.customer)}
        )
    sold.plan.tier = "Business"
    sold.plan.save()
    period = Period(date(2027, 1, 1), date(2027, 6, 30))
    renewed = renewing.renew(sold.plan.name, Wanted("Basic", "GMT-2", period))
    draft = frappe.get_doc(PLAN, renewed["renewal"])
    assert (draft.tier, draft.time_zone) == ("Basic", "GMT-2")
    assert len(draft.authorized_contacts) == 2
    assert len(renewed["left_out"]) == 1
    # 5 % of 10 000.00, 181 of 365 days.
    assert (draft.fee, draft.period_fee) == (500.00, 247.95)


def test_a_success_manager_who_left_is_not_taken_over(sold):
    manager = make_agent_manager()
    sold.plan.success_manager = manager
    sold.plan.save()
    frappe.db.set_value("User", manager, "enabled", 0)
    renewed = renewing.renew(sold.plan.name)
    assert not frappe.db.get_value(PLAN, renewed["renewal"], "success_manager")
    assert any(manager in sentence for sentence in renewed["left_out"])


def test_what_cannot_be_renewed_says_why():
    draft = make_client(**YEAR, status="Draft").plan
    endless = make_client(starts_on="2026-01-01").plan
    with refused("is a draft"):
        renewing.renew(draft.name)
    with refused("has no last day"):
        renewing.renew(endless.name)


def test_several_are_renewed_and_one_that_cannot_be_stops_no_other(sold):
    endless = make_client(starts_on="2026-01-01").plan.name
    one, other = sold.plan.name, make_client(**YEAR).plan.name
    outcomes = renewing.renew_several([one, endless, one, "PLAN-none", other])
    assert [each["plan"] for each in outcomes] == [one, endless, "PLAN-none", other]
    assert [bool(each["renewal"]) for each in outcomes] == [True, False, False, True]
    assert "no last day" in outcomes[1]["refusal"]
    assert "PLAN-none" in outcomes[2]["refusal"]


def test_more_than_a_hundred_at_a_time_are_refused():
    with refused("At most 100"):
        renewing.renew_several([f"PLAN-{number}" for number in range(101)])


def test_an_agent_who_only_reads_plans_renews_none(sold):
    with session_of(make_agent()):
        (outcome,) = renewing.renew_several([sold.plan.name])
        assert outcome["refusal"] == "You may not change this plan."
        with pytest.raises(frappe.PermissionError):
            renewing.renew(sold.plan.name)
    assert not drafts_of(sold.plan.name)


def test_links_are_not_typed(sold):
    other = make_client(**YEAR).plan
    sold.plan.renews = other.name
    sold.plan.renewed_by = other.name
    sold.plan.save()
    sold.plan.reload()
    assert (sold.plan.renews, sold.plan.renewed_by) == (None, None)
    typed = make_plan(make_customer(), [], **YEAR, renews=other.name)
    assert typed.renews is None


def test_a_form_of_the_old_plan_that_is_open_can_still_be_saved(sold):
    open_form = frappe.get_doc(PLAN, sold.plan.name)
    draft = renewing.renew(sold.plan.name)["renewal"]
    open_form.mail_language = "en"
    open_form.save()
    assert frappe.db.get_value(PLAN, sold.plan.name, "renewed_by") == draft


def test_a_renewal_given_to_another_customer_renews_nothing(sold):
    draft = frappe.get_doc(PLAN, renewing.renew(sold.plan.name)["renewal"])
    draft.customer = make_customer()
    draft.authorized_contacts = []
    draft.save()
    assert draft.renews is None
    assert not renewing.renew(sold.plan.name)["was_there"]


def test_a_sold_renewal_starts_by_itself_at_the_turn_of_its_zone():
    manager = make_manager(make_client(**YEAR))
    plan = manager.plan
    draft = frappe.get_doc(
        PLAN, renewing.renew(plan.name, Wanted(tier="Business"))["renewal"]
    )
    draft.status = "Active"
    draft.save()
    # Midnight in GMT+3.
    with clock_at("2026-12-31T20:59:59+00:00"):
        last = make_ticket(manager)
    with clock_at("2026-12-31T21:00:00+00:00"):
        first = make_ticket(manager)
    assert (last.beesender_plan, last.beesender_tier) == (plan.name, "Basic")
    assert (first.beesender_plan, first.beesender_tier) == (draft.name, "Business")
    assert (last.beesender_admission, first.beesender_admission) == (
        "Accepted",
        "Accepted",
    )


def test_the_tier_that_a_running_plan_had_before_is_noted_once_a_day(sold):
    plan = sold.plan
    plan.tier = "Business"
    plan.save()
    (row,) = plan.former_tiers
    assert (row.tier, row.fee_percent, str(row.until)) == ("Basic", 5, "2026-11-22")
    # 5 % for 326 days and 12 % for 39, of 10 000.00.
    assert plan.period_fee == 446.58 + 128.22
    plan.tier = "Premium"
    plan.save()
    assert len(plan.former_tiers) == 1


def test_a_tier_that_never_counted_is_not_noted():
    draft = make_client(**YEAR, status="Draft").plan
    later = make_client(starts_on="2027-01-01", ends_on="2027-12-31").plan
    for plan in (draft, later):
        plan.tier = "Business"
        plan.save()
        assert not plan.former_tiers


# On the form, in reports and notices


def previewed(plan, **wanted):
    return plans.renewal_preview(plan.name, **wanted)


def test_the_form_shows_a_renewal_before_it_is_made(sold):
    before = previewed(sold.plan)
    assert (str(before["starts_on"]), str(before["ends_on"])) == (
        "2027-01-01",
        "2027-12-31",
    )
    assert (before["seats"], before["left_out"], before["warnings"]) == (1, [], [])
    assert before["fees"]["total"] == 500.0
    assert not drafts_of(sold.plan.name)
    half = previewed(sold.plan, tier="Business", ends_on="2027-06-30")
    # 12 % of 10 000.00, 181 of 365 days.
    assert half["fees"]["total"] == 595.07
    assert half["fees"]["rows"][0]["share"] == "181 of 365 days"
    with refused("ends before it begins"):
        previewed(sold.plan, ends_on="2026-06-30")
    with refused("GMT\\+99"):
        previewed(sold.plan, time_zone="GMT+99")


def test_the_form_warns_of_hours_without_support(sold):
    sold.plan.time_zone = "GMT+10"
    sold.plan.save()
    (warning,) = previewed(sold.plan, time_zone="GMT-2")["warnings"]
    assert "no plan is in force for 12 h" in warning
    draft = frappe.get_doc(
        PLAN, plans.renew(sold.plan.name, time_zone="GMT-2")["renewal"]
    )
    (on_form,) = desk.plan_overview(draft.as_dict())["timeline"]["warnings"]
    assert "12 h" in on_form
    # Warned of, never refused.
    draft.status = "Active"
    draft.save()
    with speaking("ru"):
        (in_russian,) = desk.plan_overview(sold.plan.as_dict())["timeline"]["warnings"]
    assert "12 ч" in in_russian


def test_a_preview_of_what_cannot_be_renewed_says_why_or_gives_the_draft(sold):
    endless = make_client(starts_on="2026-01-01").plan
    assert "no last day" in previewed(endless)["refusal"]
    made = plans.renew(sold.plan.name)
    assert previewed(sold.plan)["renewal"] == made["renewal"]


def test_desk_sends_the_chosen_plans_as_text(sold):
    (outcome,) = plans.renew_several(frappe.as_json([sold.plan.name]))
    assert outcome["renewal"]
    with refused("cannot be read"):
        plans.renew_several('"PLAN-1"')


def test_clients_and_agents_call_none_of_it(sold):
    for user in (sold.email, make_agent()):
        with session_of(user), pytest.raises(frappe.PermissionError):
            plans.renew(sold.plan.name)
        with session_of(user), pytest.raises(frappe.PermissionError):
            plans.renew_several([sold.plan.name])
    with session_of(sold.email), pytest.raises(frappe.PermissionError):
        plans.renewal_preview(sold.plan.name)


def sell_renewal(plan):
    draft = frappe.get_doc(PLAN, renewing.renew(plan.name)["renewal"])
    draft.status = "Active"
    draft.save()
    return draft


def test_a_plan_whose_renewal_is_sold_ends_for_nobody(sold):
    with clock_at("2026-12-20T10:00:00.500000+03:00"):
        ending = {plan.name for plan in statistics.plans_in_force("ends_soon")}
        assert sold.plan.name in ending
        assert sold.plan.name in {each.plan.name for each in digest._plans(now())}
        assert sold.plan.name in {each.name for each in plans_to_announce()}
        shown = desk.plan_overview(sold.plan.as_dict())["timeline"]
        assert any("ends on" in each for each in shown["warnings"])
        draft = sell_renewal(sold.plan)
        ending = {plan.name for plan in statistics.plans_in_force("ends_soon")}
        assert sold.plan.name not in ending
        assert sold.plan.name not in {each.plan.name for each in digest._plans(now())}
        assert sold.plan.name not in {each.name for each in plans_to_announce()}
        shown = desk.plan_overview(sold.plan.as_dict())["timeline"]
        assert shown["warnings"] == []
        assert draft.name in shown["notes"][0]
        (row,) = (
            row
            for row in plans_in_force.execute().rows
            if row["plan"] == sold.plan.name
        )
        assert (row["next_plan"], str(row["next_ends_on"])) == (
            draft.name,
            "2027-12-31",
        )


def test_exceptions_go_on_with_their_tier_and_end_with_it(sold):
    agreed = {"kind": "Authorized contacts", "amount": 1}
    sold.plan.reload().append("exceptions", agreed)
    sold.plan.save()
    as_it_is = renewing.renew(sold.plan.name)
    kept = frappe.get_doc(PLAN, as_it_is["renewal"])
    assert [(row.kind, row.amount) for row in kept.exceptions] == [
        ("Authorized contacts", 1)
    ]
    assert as_it_is["left_out"] == []
    kept.delete()

    higher = renewing.renew(sold.plan.name, Wanted(tier="Premium"))
    assert frappe.get_doc(PLAN, higher["renewal"]).exceptions == []
    [said] = higher["left_out"]
    assert "exceptions" in said


def test_a_tier_that_is_no_longer_sold_goes_on_for_those_who_have_it(sold):
    frappe.db.set_value("Beesender Tier", sold.plan.tier, "no_longer_sold", 1)
    frappe.clear_document_cache("Beesender Tier", sold.plan.tier)
    renewed = renewing.renew(sold.plan.name)
    draft = frappe.get_doc(PLAN, renewed["renewal"])
    assert draft.tier == sold.plan.tier
    # It can be sold as it is, and to nobody else.
    draft.status = "Active"
    draft.save()
    with pytest.raises(frappe.ValidationError, match="no longer"):
        make_plan(make_customer(), [], tier=sold.plan.tier)
