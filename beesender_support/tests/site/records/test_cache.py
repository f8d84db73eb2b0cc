"""What is remembered of plans, tiers and settings is never older than what is saved.

"Another" is a process of its own with a connection of its own, which commits.
"""

import threading
from collections.abc import Iterator

import frappe
import pytest

from beesender_support.records import cache, settings
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
)
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMER, RENAMED = "Test Client Remembered", "Test Client Remembered Anew"
ADDRESSES = ("remembered@example.com", "remembered-as-well@example.com")
PLAN, SEAT = "Beesender Support Plan", "Beesender Authorized Contact"
MEANING = "What was remembered"


def make_records() -> dict:
    customer = make_customer(CUSTOMER)
    contacts = [make_contact(customer, address) for address in ADDRESSES]
    return {
        "plan": make_plan(customer, contacts[:1]).name,
        "contacts": contacts,
        "meaning": frappe.db.get_value("Beesender Priority", "P4", "meaning"),
    }


def undo(meaning: str | None = None) -> None:
    remove_records((CUSTOMER, RENAMED), ADDRESSES)
    if meaning is not None:
        frappe.db.set_value("Beesender Priority", "P4", "meaning", meaning)


def restore(records: dict) -> dict:
    """As made, whatever a test committed."""
    if frappe.db.get_value(PLAN, records["plan"], "customer") != CUSTOMER:
        undo(records["meaning"])
        return make_records()
    frappe.db.set_value(PLAN, records["plan"], "status", "Active")
    seat = {"parent": records["plan"]}
    if frappe.db.count(SEAT, seat):
        frappe.db.set_value(SEAT, seat, "contact", records["contacts"][0])
    else:
        doc = frappe.get_doc(PLAN, records["plan"])
        doc.append("authorized_contacts", {"contact": records["contacts"][0]})
        doc.save()
    frappe.db.set_value("Beesender Priority", "P4", "meaning", records["meaning"])
    return records


@pytest.fixture(scope="module")
def made(site) -> Iterator[dict]:
    in_process(undo)
    records = in_process(make_records)
    yield records
    in_process(undo, records["meaning"])


@pytest.fixture
def sold(made) -> Iterator[dict]:
    frappe.db.rollback()
    yield made
    frappe.db.rollback()
    made.update(in_process(restore, made))


def plan_now():
    [plan] = sold_plans.of_customer(CUSTOMER)
    return plan


# How somebody else may change a plan


def by_saving(plan: str) -> None:
    doc = frappe.get_doc(PLAN, plan)
    doc.status = "Suspended"
    doc.save()


def behind_its_events(plan: str) -> None:
    frappe.db.set_value(PLAN, plan, "status", "Suspended")


def without_a_stamp(plan: str) -> None:
    frappe.db.set_value(PLAN, plan, "status", "Suspended", update_modified=False)


def by_a_statement(plan: str) -> None:
    frappe.db.sql(
        "update `tabBeesender Support Plan` set status = 'Suspended' where name = %s",
        plan,
    )


EDITS = [by_saving, behind_its_events, without_a_stamp, by_a_statement]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_that_is_committed_in_the_middle_of_a_request_counts_in_the_next(
    sold, edit
):
    assert frappe.db.exists(PLAN, sold["plan"])  # the snapshot begins
    in_process(edit, sold["plan"])
    # This request reads what was there when it began, and remembers that for itself.
    assert plan_now().status == "Active"
    assert plan_now().status == "Active"
    frappe.db.rollback()
    assert plan_now().status == "Suspended"


@pytest.mark.parametrize("edit", EDITS)
def test_a_job_sees_an_edit_after_its_next_commit(sold, edit):
    assert plan_now().status == "Active"
    in_process(edit, sold["plan"])
    type(frappe.local.db).commit(frappe.local.db)
    assert plan_now().status == "Suspended"


def seat_another(plan: str, contact: str) -> None:
    row = frappe.get_doc(PLAN, plan).authorized_contacts[0]
    frappe.db.set_value(SEAT, row.name, "contact", contact)


def remove_seats(plan: str) -> None:
    frappe.db.delete(SEAT, {"parent": plan})


def test_seats_that_are_changed_without_their_plan_count(sold):
    first, second = sold["contacts"]
    assert [seat.contact for seat in plan_now().seats] == [first]
    assert [plan.name for plan in sold_plans.with_seat(first)] == [sold["plan"]]
    in_process(seat_another, sold["plan"], second)
    frappe.db.rollback()
    assert [seat.contact for seat in plan_now().seats] == [second]
    assert sold_plans.with_seat(first) == ()
    assert [plan.name for plan in sold_plans.with_seat(second)] == [sold["plan"]]
    in_process(remove_seats, sold["plan"])
    frappe.db.rollback()
    assert plan_now().seats == ()


def rename_customer() -> None:
    frappe.rename_doc("HD Customer", CUSTOMER, RENAMED, force=True)


def delete_plan(plan: str) -> None:
    frappe.delete_doc(PLAN, plan)


def test_a_renamed_customer_and_a_deleted_plan_count(sold):
    assert plan_now().customer == CUSTOMER
    in_process(rename_customer)
    frappe.db.rollback()
    assert sold_plans.of_customer(CUSTOMER) == ()
    [plan] = sold_plans.of_customer(RENAMED)
    assert plan.customer == RENAMED
    in_process(delete_plan, sold["plan"])
    frappe.db.rollback()
    assert sold_plans.of_customer(RENAMED) == ()


def mean(words: str) -> None:
    frappe.db.set_value("Beesender Priority", "P4", "meaning", words)


def test_what_a_site_offers_is_read_in_the_same_snapshot(sold):
    catalogue.priority_meanings()
    in_process(mean, MEANING)
    assert catalogue.priority_meanings()["P4"] != MEANING
    frappe.db.rollback()
    assert catalogue.priority_meanings()["P4"] == MEANING


def hold(seconds: float) -> None:
    frappe.db.set_single_value(cache.SETTINGS, "over_quota_grace_days", seconds)


def test_settings_are_read_in_the_same_snapshot(sold):
    before = settings.current().over_quota_grace_days
    in_process(hold, before + 1)
    frappe.db.rollback()
    try:
        assert settings.current().over_quota_grace_days == before + 1
    finally:
        in_process(hold, before)


# Of oneself


@pytest.mark.parametrize("edit", EDITS[:3])
def test_a_writer_sees_its_own_edit_and_nobody_keeps_it_after_a_rollback(sold, edit):
    assert plan_now().status == "Active"
    edit(sold["plan"])
    assert plan_now().status == "Suspended"
    assert in_process(lambda: plan_now().status) == "Active"
    frappe.db.rollback()
    assert plan_now().status == "Active"


@pytest.mark.parametrize("edit", EDITS[:3])
def test_an_edit_that_a_savepoint_takes_back_is_forgotten(sold, edit):
    assert plan_now().status == "Active"
    frappe.db.savepoint("before_the_edit")
    edit(sold["plan"])
    assert plan_now().status == "Suspended"
    frappe.db.rollback(save_point="before_the_edit")
    assert plan_now().status == "Active"


# Of many


def test_one_query_tells_whether_plans_offer_and_settings_hold(sold):
    def statements(question) -> int:
        before = asked()
        question()
        return asked() - before - 1

    def asked() -> int:
        return int(frappe.db.sql("show session status like 'Questions'")[0][1])

    everything = [plan_now, catalogue.tiers, settings.current, catalogue.categories]
    for ask in everything:
        ask()
    frappe.db.rollback()
    assert statements(lambda: [ask() for ask in everything * 5]) == 1
    assert statements(lambda: [ask() for ask in everything]) == 0


def test_two_admins_who_edit_at_once_do_not_wait_for_each_other(sold):
    """Nothing is written but the record: there is no row that all edits need."""
    frappe.db.set_value("Beesender Priority", "P4", "meaning", MEANING)
    assert in_process(by_saving, sold["plan"]) is None
    frappe.db.rollback()


def edit_and_ask(plan: str, rounds: int) -> str:
    for _ in range(rounds):
        status = "Active" if plan_now().status == "Suspended" else "Suspended"
        frappe.db.set_value(PLAN, plan, "status", status)
        frappe.db.commit()
        assert plan_now().status == status
    return "done"


def follow(plan: str, rounds: int) -> str:
    """What is remembered is what is read, whatever others do in between."""
    for _ in range(rounds):
        stored = frappe.db.get_value(PLAN, plan, "status")
        if plan_now().status != stored:
            return f"{plan_now().status} instead of {stored}"
        frappe.db.rollback()
    return "done"


def test_processes_never_keep_what_they_read_before_an_edit(sold):
    def work(number: int) -> str:
        task = follow if number else edit_and_ask
        return task(sold["plan"], 60)

    assert in_processes(work, [(number,) for number in range(4)]) == ["done"] * 4


def test_threads_share_what_is_remembered_without_losing_any(sold, monkeypatch):
    monkeypatch.setattr(cache, "_cache", cache.Cache(most=3))
    site, path, faults = frappe.local.site, frappe.local.sites_path, []

    def ask() -> None:
        try:
            frappe.init(site=site, sites_path=path)
            frappe.connect()
            for _ in range(40):
                assert plan_now().name == sold["plan"]
                assert catalogue.tiers()
                assert settings.current()
                assert catalogue.categories()
                frappe.db.rollback()
            frappe.destroy()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(cache._cache) <= 3


def test_without_redis_records_are_remembered_as_well(sold, monkeypatch):
    from redis.exceptions import ConnectionError

    def gone(*args, **kwargs):
        raise ConnectionError

    plan_now()
    frappe.db.rollback()
    monkeypatch.setattr(frappe.cache, "execute_command", gone)
    in_process(behind_its_events, sold["plan"])
    assert plan_now().status == "Suspended"
