"""A draft is tried on past tickets of a site: by whom, on which, and without a trace."""

import json
from datetime import timedelta

import frappe
import pytest

from beesender_support.api import desk
from beesender_support.enforcement.replay import replay_runs
from beesender_support.policy.replay.drafts import (
    MERGED,
    NO_CLOCK,
    NO_TERMS,
    UNREADABLE,
)
from beesender_support.policy.replay.standings import HELD, OUTSIDE
from beesender_support.policy.response.response_state import BREACHED, MET
from beesender_support.records.replay import past_requests
from beesender_support.records.site_time import now, to_column
from beesender_support.records.tickets import admission_log
from beesender_support.tests.site.factories import (
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
    session_of,
)
from beesender_support.wording.language import speaking

REGISTERED = "2026-11-20 14:30:00"  # UTC: Friday at 17:30 in GMT+3.
IN_TIME = "2026-11-23 09:00:00"  # Within Basic's four hours, not within Premium's one.
PERIOD = {"from_date": "2026-11-16", "to_date": "2026-11-22", "time_zone": "GMT+3"}


def past_ticket(client, answered=IN_TIME, started=REGISTERED, **columns):
    """A ticket of that client which is stored as registered and answered then."""
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
    terms = ticket.beesender_terms and json.loads(ticket.beesender_terms)
    if terms:
        terms["started_at"] = started.replace(" ", "T") + "+00:00"
        terms["settled_priority"] = "P1" if answered else None
        columns.setdefault("beesender_terms", json.dumps(terms))
    values = {
        "beesender_registered_at": started,
        "beesender_answered_at": answered,
        "beesender_events": None,
        **columns,
    }
    frappe.db.set_value("HD Ticket", ticket.name, values, update_modified=False)
    return ticket.name


def new_replay(*customers, **values):
    return frappe.get_doc(
        {
            "doctype": "Beesender Replay",
            "title": "Premium for all?",
            **PERIOD,
            "customers": [{"customer": each} for each in customers],
            "draft_tier": "Premium",
            **values,
        }
    ).insert()


def ran(doc):
    """The record after its run, which the queue would start."""
    replay_runs.start(doc.name)
    run_queued(doc.name)
    return frappe.get_doc("Beesender Replay", doc.name)


def run_queued(name):
    replay_runs.run(name, frappe.db.get_value("Beesender Replay", name, "run"))


def found(doc):
    doc = ran(doc)
    assert doc.state == replay_runs.DONE, frappe.get_all(
        "Error Log", pluck="error", order_by="creation desc", limit=1
    )
    return replay_runs.summary_of(doc)


def moves(doc):
    return dict(found(doc).total.moves)


class TestFigures:
    def test_another_tier_breaks_what_was_kept(self, client):
        past_ticket(client)
        past_ticket(client, answered="2026-11-20 14:40:00")
        summary = found(new_replay(client.customer))
        assert summary.total.moves == {(MET, BREACHED): 1, (MET, MET): 1}
        assert list(summary.tiers) == ["Basic"]
        assert list(summary.customers) == [client.customer]
        assert summary.hours[4 * 24 + 17].requests == 2

    def test_typed_targets_and_hours_are_tried(self, client):
        past_ticket(client)
        shorter = {"kind": "Response target", "priority": "P1", "hours": 1}
        earlier = {"kind": "Support hours", "weekday": "Monday"}
        hours = {"start_time": "06:00:00", "end_time": "12:00:00"}
        for changes in ([shorter], [{**earlier, **hours}, shorter]):
            doc = new_replay(client.customer, draft_tier=None, changes=changes)
            assert moves(doc) == {(MET, BREACHED): 1}

    def test_a_holiday_calendar_is_tried(self, client):
        past_ticket(client, answered="2026-11-24 09:00:00")
        calendar = frappe.get_doc(
            {
                "doctype": "Beesender Holiday Calendar",
                "title": f"Replay {frappe.generate_hash(length=6)}",
                "days": [{"date": "2026-11-23", "description": "Day off"}],
            }
        ).insert()
        doc = new_replay(
            client.customer, draft_tier=None, holiday_calendar=calendar.name
        )
        assert moves(doc) == {(BREACHED, MET): 1}

    def test_a_draft_plan_is_tried_with_its_contacts(self, client):
        other = make_contact(client.customer)
        draft = make_plan(
            client.customer, [client.contact], status="Draft", tier="Premium"
        )
        past_ticket(client)
        past_ticket(client, contact=other, beesender_channel="email")
        doc = new_replay(client.customer, draft_tier=None, draft_plan=draft.name)
        assert moves(doc) == {(MET, BREACHED): 1, (MET, HELD): 1}

    def test_whom_an_agent_admitted_a_draft_plan_does_not_hold(self, client):
        draft = make_plan(
            client.customer, [client.contact], status="Draft", tier="Premium"
        )
        other = make_contact(client.customer)
        for event in ("Admitted once", "Admitted with a seat", None):
            name = past_ticket(client, contact=other, beesender_channel="email")
            if event:
                admission_log.record(event, ticket=name)
        doc = new_replay(client.customer, draft_tier=None, draft_plan=draft.name)
        assert moves(doc) == {(MET, BREACHED): 2, (MET, HELD): 1}

    def test_an_agent_vouches_only_where_there_is_no_contact(self, client):
        draft = make_plan(
            client.customer, [client.contact], status="Draft", tier="Premium"
        )
        other = make_contact(client.customer)
        for contact in (other, client.contact, None):
            past_ticket(client, contact=contact, beesender_channel="agent")
        doc = new_replay(client.customer, draft_tier=None, draft_plan=draft.name)
        assert moves(doc) == {(MET, BREACHED): 2, (MET, HELD): 1}

    def test_a_plan_for_a_customer_who_has_none(self):
        customer = make_customer()
        contact = make_contact(customer)
        stranger = frappe._dict(customer=customer, contact=contact, email=None)
        past_ticket(stranger, answered=None, first_responded_on=None)
        draft = make_plan(customer, [contact], status="Draft")
        plain = new_replay(customer)
        assert moves(plain) == {(OUTSIDE, OUTSIDE): 1}
        sold = new_replay(customer, draft_tier=None, draft_plan=draft.name)
        assert moves(sold) == {(OUTSIDE, BREACHED): 1}

    def test_what_was_held_for_its_channel_may_be_taken(self, client):
        past_ticket(
            client,
            answered=None,
            beesender_admission="Held",
            beesender_admission_reason="channel_not_in_plan",
            beesender_channel="email",
            beesender_terms=None,
            beesender_plan=client.plan.name,
        )
        assert moves(new_replay(client.customer)) == {(HELD, BREACHED): 1}

    def test_only_the_period_the_tiers_and_the_customers_are_read(self, client):
        another = make_client()
        past_ticket(client)
        past_ticket(another)
        past_ticket(client, started="2026-11-15 20:59:59", answered=None)
        past_ticket(client, started="2026-11-22 21:00:00", answered=None)
        assert found(new_replay(client.customer)).total.tickets == 1
        assert found(new_replay(client.customer, another.customer)).total.tickets == 2
        tiers = [{"tier": "Business"}]
        assert found(new_replay(client.customer, tiers=tiers)).total.tickets == 0

    def test_lots_are_the_same_tickets_as_one(self, client, monkeypatch):
        for _ in range(5):
            past_ticket(client)
        whole = found(new_replay(client.customer))
        monkeypatch.setattr(past_requests, "LOT", 2)
        assert found(new_replay(client.customer)) == whole

    def test_what_cannot_be_judged_is_counted_by_reason(self, client):
        past_ticket(client, is_merged=1)
        past_ticket(client, beesender_terms=None)
        past_ticket(client, beesender_terms='{"format": 99}')
        name = past_ticket(client)
        terms = json.loads(frappe.db.get_value("HD Ticket", name, "beesender_terms"))
        terms["has_clock"] = False
        frappe.db.set_value("HD Ticket", name, "beesender_terms", json.dumps(terms))
        summary = found(new_replay(client.customer))
        assert summary.not_judged == {
            MERGED: 1,
            NO_TERMS: 1,
            UNREADABLE: 1,
            NO_CLOCK: 1,
        }
        assert summary.total.tickets == 0

    def test_no_ticket_is_written(self, client):
        names = [past_ticket(client), past_ticket(client, answered=None)]
        before = stored(names)
        found(new_replay(client.customer))
        assert stored(names) == before


def stored(names):
    filters = {"name": ("in", names)}
    counted = ("Beesender Admission Log", "HD Ticket Activity", "Email Queue")
    return (
        frappe.get_all("HD Ticket", filters, ["*"], order_by="name"),
        {each: frappe.db.count(each) for each in counted},
    )


class TestRuns:
    def test_a_run_twice_finds_the_same(self, client):
        past_ticket(client)
        doc = new_replay(client.customer)
        assert found(doc) == found(doc)

    def test_another_start_waits_for_the_first(self, client):
        doc = new_replay(client.customer)
        replay_runs.start(doc.name)
        with pytest.raises(frappe.ValidationError, match="is running"):
            replay_runs.start(doc.name)

    def test_a_dead_run_is_stopped_and_may_be_started_again(self, client):
        past_ticket(client)
        doc = new_replay(client.customer)
        replay_runs.start(doc.name)
        old = frappe.db.get_value("Beesender Replay", doc.name, "run")
        fall_silent(doc.name)
        replay_runs.report_dead()
        assert frappe.db.get_value("Beesender Replay", doc.name, "state") == "Stopped"
        assert ran(doc).state == "Done"
        # The dead one lives after all.
        replay_runs.run(doc.name, old)
        assert frappe.db.get_value("Beesender Replay", doc.name, "state") == "Done"

    def test_who_started_a_run_that_died_is_told_once(self, client):
        doc, manager = new_replay(client.customer), make_agent_manager()
        with session_of(manager):
            replay_runs.start(doc.name)
        replay_runs.report_dead()
        assert told(doc.name) == []
        fall_silent(doc.name)
        replay_runs.report_dead()
        replay_runs.report_dead()
        assert told(doc.name) == [(manager, f"{doc.name}: Stopped")]

    def test_a_starter_who_is_gone_keeps_nobody_from_hearing_of_others(self, client):
        docs = [new_replay(client.customer) for _each in range(2)]
        for doc in docs:
            replay_runs.start(doc.name)
            fall_silent(doc.name)
        frappe.db.set_value(
            "Beesender Replay", docs[0].name, "started_by", "gone@example.com"
        )
        replay_runs.report_dead()
        assert told(docs[0].name) == []
        assert told(docs[1].name) == [("Administrator", f"{docs[1].name}: Stopped")]

    def test_a_silent_run_may_be_replaced_at_once(self, client):
        doc = new_replay(client.customer)
        replay_runs.start(doc.name)
        fall_silent(doc.name)
        assert ran(doc).state == "Done"

    def test_a_stopped_run_ends_before_its_next_lot(self, client, monkeypatch):
        past_ticket(client)
        past_ticket(client)
        doc = new_replay(client.customer)
        replay_runs.start(doc.name)
        monkeypatch.setattr(past_requests, "LOT", 1)
        one_by_one = past_requests.lots

        def lots(scope):
            for number, lot in enumerate(one_by_one(scope)):
                if number:
                    replay_runs.stop(doc.name)
                yield lot

        monkeypatch.setattr(replay_runs, "lots", lots)
        run_queued(doc.name)
        doc.reload()
        assert (doc.state, doc.tickets_done, doc.result) == ("Stopped", 1, "")

    def test_a_failure_is_logged_and_told(self, client, monkeypatch):
        past_ticket(client)
        doc = new_replay(client.customer)

        def fail(*_given, **_named):
            raise RuntimeError("on purpose")

        monkeypatch.setattr(replay_runs, "replay", fail)
        with monkeypatch.context() as patched:
            # What was stored before the failure was committed.
            patched.setattr(frappe.db, "rollback", lambda **_: None)
            doc = ran(doc)
        assert (doc.state, doc.run) == ("Failed", "")
        told = frappe.get_all(
            "Notification Log", {"document_name": doc.name}, pluck="subject"
        )
        assert told == [f"{doc.name}: Failed"]

    def test_the_starter_is_told_when_it_is_done(self, client):
        doc = ran(new_replay(client.customer))
        filters = {"document_name": doc.name, "for_user": "Administrator"}
        assert frappe.db.count("Notification Log", filters) == 1


def told(name):
    rows = frappe.get_all(
        "Notification Log", {"document_name": name}, ["for_user", "subject"]
    )
    return [(row.for_user, row.subject) for row in rows]


def fall_silent(name):
    long_ago = to_column(now()) - timedelta(hours=7)
    values = {"alive_at": long_ago, "state": "Running"}
    frappe.db.set_value("Beesender Replay", name, values)


class TestRecord:
    def test_results_are_written_by_a_run_alone(self, client):
        forged = {"result": '{"a": 1}', "state": "Done", "run": "x"}
        doc = new_replay(client.customer, **forged)
        assert (doc.result, doc.state, doc.run) == ("", "Draft", "")
        doc = ran(doc)
        kept = doc.result
        doc.update({"result": "{}", "title": "Another"})
        doc.save()
        doc.reload()
        assert (doc.result, doc.title, doc.state) == (kept, "Another", "Done")

    def test_a_form_that_is_saved_as_it_was_keeps_the_result(self, client):
        hours = {"kind": "Support hours", "weekday": "Monday"}
        row = {**hours, "start_time": "09:00:00", "end_time": "12:00:00"}
        doc = ran(new_replay(client.customer, changes=[row], add_days=0))
        sent = json.loads(frappe.as_json(doc.as_dict()))
        for each in sent["changes"]:
            each.update({"start_time": "09:00:00", "end_time": "12:00:00", "hours": 0})
        frappe.get_doc({**sent, "add_days": "0", "title": "Another"}).save()
        doc.reload()
        assert (doc.title, doc.state) == ("Another", "Done")

    def test_a_result_does_not_outlive_what_was_asked(self, client):
        doc = ran(new_replay(client.customer))
        doc.draft_tier = "Business"
        doc.save()
        assert (doc.state, doc.result) == ("Draft", "")

    def test_a_change_ends_the_run(self, client):
        doc = new_replay(client.customer)
        replay_runs.start(doc.name)
        run = frappe.db.get_value("Beesender Replay", doc.name, "run")
        doc.reload()
        doc.append("changes", {"kind": "Support hours", "around_the_clock": 1})
        doc.save()
        replay_runs.run(doc.name, run)
        doc.reload()
        assert (doc.state, doc.result) == ("Draft", "")

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"draft_tier": None}, "list at least one"),
            ({"to_date": "2026-11-15"}, "before"),
            ({"time_zone": "Nowhere/Never"}, "Nowhere/Never"),
            ({"changes": [{"kind": "Authorized contacts", "amount": 3}]}, "Allowed"),
            (
                {
                    "changes": [
                        {"kind": "Response target", "priority": "P1", "hours": -1}
                    ]
                },
                "Hours",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_sentence(self, client, values, said):
        with pytest.raises(frappe.ValidationError, match=said):
            new_replay(client.customer, **values)

    def test_a_tier_in_a_replay_can_be_deleted(self, client):
        tier = frappe.copy_doc(frappe.get_doc("Beesender Tier", "Basic"))
        tier.update({"tier_name": "Tried Once", "rank": 97})
        tier.insert(set_name="Tried Once")
        doc = new_replay(client.customer, draft_tier=tier.name)
        tier.delete()
        with pytest.raises(frappe.DoesNotExistError):
            replay_runs.start(doc.name)


class TestWho:
    def test_an_agent_manager_may_and_others_may_not(self, client):
        doc, manager = new_replay(client.customer), make_agent_manager()
        for user in (make_agent(), client.email, "Guest"):
            frappe.set_user(user)
            for act in (desk.start_replay, desk.stop_replay, desk.replay_result):
                with pytest.raises(frappe.PermissionError):
                    act(doc.name)
            assert not frappe.has_permission("Beesender Replay", "read")
        frappe.set_user(manager)
        desk.start_replay(doc.name)
        run_queued(doc.name)
        assert desk.replay_result(doc.name)["state"] == "Done"

    def test_whom_it_is_shared_with_reads_and_does_not_run(self, client):
        doc = ran(new_replay(client.customer))
        agent = make_agent()
        frappe.share.add("Beesender Replay", doc.name, agent, read=1, write=1)
        frappe.set_user(agent)
        assert desk.replay_result(doc.name)["html"]
        with pytest.raises(frappe.PermissionError):
            desk.start_replay(doc.name)


class TestShown:
    def test_it_is_shown_in_the_language_of_the_reader(self, client):
        past_ticket(client)
        doc = ran(new_replay(client.customer))
        assert "Breaches gained" in desk.replay_result(doc.name)["html"]
        with speaking("ru"):
            html = desk.replay_result(doc.name)["html"]
        assert "Прибавилось нарушений" in html
        assert "Понедельник" in html

    def test_what_records_say_is_escaped(self, client):
        past_ticket(client)
        doc = ran(new_replay(client.customer))
        nasty = "<img src=x onerror=alert(1)>"
        stored = doc.result.replace(client.customer, nasty)
        doc.db_set("result", stored)
        html = desk.replay_result(doc.name)["html"]
        assert "<img" not in html
        assert "&lt;img" in html

    def test_it_is_printed(self, client):
        past_ticket(client)
        doc = ran(new_replay(client.customer))
        printed = frappe.get_print("Beesender Replay", doc.name)
        assert "Breaches gained" in printed
        assert "Premium for all?" in printed
        assert "<svg" in printed

    def test_before_a_run_there_is_nothing_to_show(self, client):
        doc = new_replay(client.customer)
        assert desk.replay_result(doc.name) == {"state": "Draft", "html": ""}
