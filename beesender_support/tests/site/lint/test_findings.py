"""Findings of a site: found, kept once, gone when mended, and nobody else's business."""

import json
from dataclasses import replace

import frappe
import pytest

from beesender_support.api import lint as api
from beesender_support.enforcement.erasure import erasure
from beesender_support.enforcement.lint import checking, checks
from beesender_support.records.tickets import promise
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    MONDAY_10,
    by_helpdesk,
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_email_account,
    make_p1,
    make_plan,
    make_user_of_desk,
    refused,
    session_of,
    site_zone,
)
from beesender_support.tests.site.mailbox import transactions_within_the_test

FINDING, FRAPPE_MAIL = "Beesender Finding", "Frappe Mail"


@pytest.fixture(autouse=True)
def _nothing_found():
    frappe.db.delete(FINDING)


def findings(*groups, **filters):
    checking.check(groups)
    return frappe.get_all(FINDING, filters, ["name", "code", "place", "customer"])


def about(place, *groups):
    """The codes of what is found about a place."""
    return sorted(each.code for each in findings(*groups, place=place))


def test_every_code_is_looked_for_by_one_group():
    from beesender_support.policy.lint.codes import CODES

    found = [code.code for each in checks.CODES_OF_GROUP.values() for code in each]
    assert sorted(found) == sorted(CODES)


def test_a_sound_plan_has_no_findings(client):
    assert about(client.plan.name, *checks.CODES_OF_GROUP) == []


class TestKeeping:
    def test_a_finding_is_kept_once_and_vanishes_when_mended(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (first,) = findings(checks.PLANS, place=client.plan.name)
        assert first.code == "plan_without_seats"
        assert first.customer == client.customer
        (again,) = findings(checks.PLANS, place=client.plan.name)
        assert again.name == first.name
        plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
        plan.append("authorized_contacts", {"contact": client.contact})
        plan.save()
        assert about(client.plan.name, checks.PLANS) == []

    def test_it_is_seen_first_once_and_last_each_time(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        stamps = []
        for stamp in (FRIDAY_1730, MONDAY_10):
            with clock_at(stamp):
                (finding,) = findings(checks.PLANS, place=client.plan.name)
            doc = frappe.get_doc(FINDING, finding.name)
            stamps.append((str(doc.first_seen), str(doc.last_seen)))
        assert stamps == [
            ("2026-11-20 14:30:00", "2026-11-20 14:30:00"),
            ("2026-11-20 14:30:00", "2026-11-23 07:00:00"),
        ]

    def test_a_check_that_fails_leaves_what_it_found_and_stops_no_other(
        self, client, monkeypatch
    ):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        assert findings(checks.PLANS, place=client.plan.name)

        def fail(now):
            raise RuntimeError("a fault")

        monkeypatch.setitem(checks._CHECKS, checks.PLANS, fail)
        assert about(client.plan.name, checks.PLANS, checks.MAIL)

    def test_a_deadlock_stops_no_other_at_night_and_is_for_the_caller_otherwise(
        self, client, monkeypatch
    ):
        """The database has dropped the transaction and its savepoints by then."""
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        frappe.db.set_value(
            "HD Service Level Agreement", "Beesender Basic", "enabled", 0
        )

        def deadlock(now):
            frappe.db.rollback()
            raise frappe.QueryDeadlockError

        monkeypatch.setitem(checks._CHECKS, checks.SOLD, deadlock)
        with transactions_within_the_test():
            new = checking.check_one_by_one(
                [checks.PLANS, checks.SOLD, checks.AGREEMENTS]
            )
            codes = frappe.get_all(FINDING, {"name": ("in", new)}, pluck="code")
            assert {"plan_without_seats", "agreement_changed"} <= {*codes}
            with pytest.raises(frappe.QueryDeadlockError):
                checking.check([checks.SOLD])

    def test_what_is_accepted_is_not_locked_while_requests_are_read(
        self, client, monkeypatch
    ):
        commits = frappe.db.commit

        def run(now):
            assert commits.call_count
            commits.reset_mock()
            return ()

        for group in (checks.MAIL, checks.DEADLINES):
            monkeypatch.setitem(checks._CHECKS, group, run)
        commits.reset_mock()
        checking.check_one_by_one([checks.DEADLINES, checks.MAIL])
        assert commits.call_count

    def test_many_of_one_code_crowd_out_no_other(self, client, monkeypatch):
        """Of plans by name, what is said of the first came before what is graver."""
        monkeypatch.setattr(checks, "MOST_OF_A_CODE", 1)
        for each in (make_client(), client):
            frappe.db.delete("Beesender Authorized Contact", {"parent": each.plan.name})
        frappe.db.set_value(
            "Beesender Support Plan", client.plan.name, "time_zone", "Mars/One"
        )
        codes = [each.code for each in findings(checks.PLANS)]
        assert sorted(set(codes)) == sorted(codes)
        assert {"plan_without_seats", "plan_unreadable"} <= set(codes)

    def test_the_sentence_is_in_the_language_of_its_reader(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (finding,) = findings(checks.PLANS, place=client.plan.name)
        said = frappe.get_doc(FINDING, finding.name)
        assert said.sentence.endswith("has no authorized contact today.")
        assert said.what_to_do == "Name the contacts who may ask under the plan."
        frappe.local.lang = "ru"
        try:
            assert said.what_to_do == (
                "Назовите контакты, которые могут обращаться по плану."
            )
            assert client.customer in api.sentences([finding.name])[finding.name]
        finally:
            frappe.local.lang = "en"

    def test_values_that_cannot_be_read_are_no_fault(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (finding,) = findings(checks.PLANS, place=client.plan.name)
        for damaged in ("{", "[]", '{"plan": ["What", 1]}', "{}"):
            frappe.db.set_value(FINDING, finding.name, "arguments", damaged)
            said = frappe.get_doc(FINDING, finding.name)
            assert (said.sentence, said.what_to_do) == ("plan_without_seats", "")


class TestWhatIsFound:
    def test_a_plan_that_cannot_be_read_hides_no_other(self, client):
        other = make_client()
        frappe.db.set_value(
            "Beesender Support Plan", client.plan.name, "time_zone", "Mars/One"
        )
        frappe.db.delete("Beesender Authorized Contact", {"parent": other.plan.name})
        assert about(client.plan.name, checks.PLANS) == ["plan_unreadable"]
        assert about(other.plan.name, checks.PLANS) == ["plan_without_seats"]

    def test_people(self, client):
        stranger = make_contact(client.customer)
        frappe.db.delete("HD Customer Member", {"contact_name": stranger})
        plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
        row = plan.append("authorized_contacts", {"contact": stranger})
        row.db_insert()
        assert about(plan.name, checks.PEOPLE) == [
            "contact_not_a_member",
            "contact_without_portal_user",
        ]

    def test_an_address_of_two_contacts(self, client):
        other = make_contact(client.customer)
        frappe.db.set_value(
            "Contact Email", {"parent": other}, "email_id", client.email.upper()
        )
        assert about(client.contact, checks.PEOPLE) == ["address_twice"]

    def test_a_category_that_lists_nothing(self):
        frappe.db.delete("Beesender Priority Rule", {"parent": "Incident"})
        assert about("Incident", checks.SOLD) == ["category_without_priority"]

    def test_a_mailbox_by_pop3_and_one_that_reads_unseen(self):
        account = make_email_account()
        frappe.db.set_value("Email Account", account.name, "enable_incoming", 1)
        assert about(account.name, checks.MAIL) == ["mailbox_pop3"]
        frappe.db.set_value(
            "Email Account",
            account.name,
            {"use_imap": 1, "email_sync_option": "UNSEEN"},
        )
        frappe.get_doc(
            {
                "doctype": "IMAP Folder",
                "parent": account.name,
                "parenttype": "Email Account",
                "parentfield": "imap_folder",
                "folder_name": "INBOX",
                "append_to": "HD Ticket",
            }
        ).db_insert()
        assert about(account.name, checks.MAIL) == ["mailbox_unseen"]
        frappe.db.set_value("Email Account", account.name, "email_sync_option", "ALL")
        assert about(account.name, checks.MAIL) == []

    def test_a_mailbox_of_frappe_mail_is_fetched_neither_way(self):
        account = make_email_account()
        frappe.db.set_value(
            "Email Account",
            account.name,
            {"enable_incoming": 1, "service": FRAPPE_MAIL},
        )
        assert about(account.name, checks.MAIL) == []

    @pytest.mark.parametrize("configured", [True, False])
    def test_mail_may_be_sent_by_what_the_configuration_says(
        self, configured, monkeypatch
    ):
        frappe.db.set_value(
            "Email Account", {"default_outgoing": 1}, {"default_outgoing": 0}
        )
        if configured:
            monkeypatch.setitem(frappe.conf, "mail_server", "mail.example.com")
        else:
            monkeypatch.delitem(frappe.conf, "mail_server", raising=False)
        codes = [each.code for each in findings(checks.MAIL)]
        assert ("no_outgoing_mail" in codes) is not configured

    def test_a_deadline_that_somebody_moved(self, client):
        ticket = make_p1(client)
        name = str(ticket.name)
        with clock_at(MONDAY_10):
            assert about(name, checks.DEADLINES) == []
            frappe.db.set_value(
                "HD Ticket", ticket.name, "beesender_due_at", "2026-12-24 12:00:00"
            )
            assert about(name, checks.DEADLINES) == ["deadline_differs"]

    def test_terms_that_cannot_be_read_though_earlier_ones_of_their_kind_can(
        self, client
    ):
        """One for all that are damaged alike, whichever of them are closed."""
        tickets = [make_p1(client) for _each in range(3)]
        for ticket in tickets[1:]:
            terms = json.loads(ticket.beesender_terms)
            del terms["windows"]
            frappe.db.set_value(
                "HD Ticket", ticket.name, "beesender_terms", json.dumps(terms)
            )
        (name,) = checking.check([checks.DEADLINES])
        finding = frappe.get_doc(FINDING, name)
        assert (finding.code, finding.place) == (
            "terms_unreadable",
            str(tickets[1].name),
        )
        api.accept(name, "Written by a script of ours")
        frappe.db.set_value("HD Ticket", tickets[1].name, "status_category", "Resolved")
        assert checking.check([checks.DEADLINES]) == []
        finding.reload()
        assert (finding.accepted, finding.place) == (1, str(tickets[2].name))

    def test_rules_of_a_zone_that_changed(self):
        berlin = make_client(time_zone="Europe/Berlin")
        ticket = make_p1(berlin)
        _with_other_rules(ticket, moved=True)
        with clock_at(MONDAY_10):
            (finding,) = findings(checks.DEADLINES, code="zone_rules_changed")
            said = frappe.get_doc(FINDING, finding.name).sentence
        assert "Europe/Berlin" in said
        assert said.endswith("would move: 1.")


def _with_other_rules(ticket, moved):
    """As if the terms had been frozen by another release of the tz database."""
    terms = promise.terms_of(ticket)
    other = replace(
        terms,
        offsets=tuple((at, offset + 3_600) for at, offset in terms.offsets),
        time_zone_database="2020a",
    )
    values = {"beesender_terms": json.dumps(other.as_dict())}
    if moved:
        values["beesender_due_at"] = "2026-11-23 10:30:00"
    frappe.db.set_value("HD Ticket", ticket.name, values)


class TestMending:
    @pytest.mark.parametrize("is_gone", [True, False])
    def test_an_agreement_is_made_anew_once_or_twice(self, is_gone):
        name = "Beesender Basic"
        if is_gone:
            frappe.db.delete("HD Service Level Agreement", {"name": name})
        else:
            frappe.db.set_value("HD Service Level Agreement", name, "enabled", 0)
        frappe.clear_document_cache("HD Service Level Agreement", name)
        (finding,) = findings(checks.AGREEMENTS, place="Basic")
        assert finding.code == ("agreement_missing" if is_gone else "agreement_changed")
        assert api.mend(finding.name) == "Mended."
        assert frappe.db.get_value("HD Service Level Agreement", name, "enabled") == 1
        assert not frappe.db.exists(FINDING, finding.name)
        assert api.mend(finding.name) == "This is mended already."

    def test_changed_hours_of_an_agreement_are_noticed(self):
        frappe.db.set_value(
            "HD Service Day",
            {"parent": "Beesender Basic", "workday": "Monday"},
            "end_time",
            "12:00:00",
        )
        assert about("Basic", checks.AGREEMENTS) == ["agreement_changed"]

    def test_agreements_as_they_are_generated_are_no_findings(self):
        assert findings(checks.AGREEMENTS) == []

    def test_a_deadline_is_counted_again_by_the_terms_of_the_ticket(self, client):
        ticket = make_p1(client)
        frappe.db.set_value(
            "HD Ticket",
            ticket.name,
            {"beesender_due_at": "2026-12-24 12:00:00", "response_by": "2026-12-24"},
        )
        with clock_at(MONDAY_10):
            (finding,) = findings(checks.DEADLINES, place=str(ticket.name))
            assert api.mend(finding.name) == "Mended."
            assert about(str(ticket.name), checks.DEADLINES) == []
        after = frappe.get_doc("HD Ticket", ticket.name)
        assert after.beesender_due_at == ticket.beesender_due_at
        assert after.response_by == ticket.response_by
        assert promise.terms_of(after) == promise.terms_of(ticket)
        log = frappe.get_last_doc(
            "Beesender Admission Log", {"ticket": ticket.name, "event": "Re-rated"}
        )
        assert json.loads(log.before)["due"] == "2026-12-24T12:00:00+00:00"

    def test_tickets_of_a_zone_are_counted_by_the_rules_of_today(self, monkeypatch):
        """And those of all others, as who asks of a second one is told at once."""
        madrid, berlin = (
            make_client(time_zone=f"Europe/{city}") for city in ("Madrid", "Berlin")
        )
        _with_other_rules(make_p1(madrid), moved=True)
        damaged = make_p1(berlin)
        frappe.db.set_value("HD Ticket", damaged.name, "beesender_terms", "{}")
        ticket = make_p1(berlin)
        _with_other_rules(ticket, moved=True)
        jobs = []
        monkeypatch.setattr(
            frappe, "enqueue", lambda method, **options: jobs.append((method, options))
        )
        with clock_at(MONDAY_10):
            finding, _other = findings(checks.DEADLINES, code="zone_rules_changed")
            assert "background" in api.mend(finding.name)
            ((method, options),) = jobs
            assert options["deduplicate"]
            method()
            assert not frappe.db.exists(FINDING, {"code": "zone_rules_changed"})
            assert findings(checks.DEADLINES, code="zone_rules_changed") == []
        after = frappe.get_doc("HD Ticket", ticket.name)
        assert after.beesender_due_at == ticket.beesender_due_at

    def test_members_are_added_by_saving_the_plan(self, client):
        frappe.db.delete("HD Customer Member", {"contact_name": client.contact})
        (finding,) = findings(checks.PEOPLE, place=client.plan.name)
        assert api.mend(finding.name) == "Mended."

    @by_helpdesk
    def test_contacts_are_invited_once(self, client):
        other = make_client(tier="Business")
        colleague = make_contact(other.customer)
        other.plan.append("authorized_contacts", {"contact": colleague})
        other.plan.save()
        (finding,) = findings(checks.PEOPLE, place=other.plan.name)
        for _click in range(2):
            assert api.mend(finding.name).startswith("Invited: 1.")
        address = frappe.db.get_value("Contact", colleague, "email_id")
        assert frappe.db.count("User Invitation", {"email": address}) == 1

    def test_what_no_click_mends_says_so(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (finding,) = findings(checks.PLANS, place=client.plan.name)
        with refused("by one click"):
            api.mend(finding.name)


class TestAccepting:
    @pytest.fixture
    def finding(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (found,) = findings(checks.PLANS, place=client.plan.name)
        return found.name

    def test_it_stays_accepted_until_the_day_has_passed(self, finding):
        with clock_at(FRIDAY_1730):
            api.accept(finding, "Nobody is named before Monday", "2026-11-22")
            checking.check([checks.PLANS])
            doc = frappe.get_doc(FINDING, finding)
            assert (doc.accepted, doc.accepted_by) == (1, "Administrator")
        with clock_at(MONDAY_10):
            checking.check([checks.PLANS])
            doc.reload()
            assert (doc.accepted, doc.accepted_reason) == (0, None)

    @pytest.mark.parametrize(
        ("zone", "is_accepted"), [("Asia/Vladivostok", 0), ("America/New_York", 1)]
    )
    def test_the_day_is_that_of_the_site(self, finding, zone, is_accepted):
        """At 22:30 UTC the next day has begun in the east."""
        with site_zone(zone):
            with clock_at("2026-11-20T10:00:00+00:00"):
                api.accept(finding, "Nobody is named before Monday", "2026-11-20")
            with clock_at("2026-11-20T22:30:00+00:00"):
                checking.check([checks.PLANS])
        assert frappe.db.get_value(FINDING, finding, "accepted") == is_accepted

    def test_without_a_day_it_stays_so_until_somebody_changes_that(self, finding):
        api.accept(finding, "A partner's plan")
        checking.check([checks.PLANS])
        assert frappe.db.get_value(FINDING, finding, "accepted")
        api.accept_no_longer(finding)
        assert not frappe.db.get_value(FINDING, finding, "accepted")

    @pytest.mark.parametrize(
        ("reason", "until", "said"),
        [
            (" ", None, "Say why"),
            ("So", "2020-01-01", "has passed"),
            ("So", "soon", "not a date"),
        ],
    )
    def test_what_cannot_be_accepted(self, finding, reason, until, said):
        with refused(said):
            api.accept(finding, reason, until)

    def test_it_ends_and_is_told_when_the_facts_are_other_ones(self, client):
        ticket = make_p1(client)

        def due_at(stored):
            frappe.db.set_value("HD Ticket", ticket.name, "beesender_due_at", stored)
            return checking.check([checks.DEADLINES])

        with clock_at(MONDAY_10):
            (name,) = due_at("2026-12-24 12:00:00")
            api.accept(name, "Agreed by telephone")
            assert due_at("2026-12-24 12:00:00") == []
            assert frappe.db.get_value(FINDING, name, "accepted")
            assert due_at("2027-01-15 12:00:00") == [name]
        values = frappe.db.get_value(
            FINDING, name, ["accepted", "accepted_by", "accepted_reason"]
        )
        assert values == (0, None, None)

    def test_it_stays_when_only_passing_values_change(self):
        berlin = make_client(time_zone="Europe/Berlin")
        for _each in range(2):
            _with_other_rules(make_p1(berlin), moved=True)
        with clock_at(MONDAY_10):
            (found,) = findings(checks.DEADLINES, code="zone_rules_changed")
            api.accept(found.name, "They were told")
            _with_other_rules(make_p1(berlin), moved=True)
            assert checking.check([checks.DEADLINES]) == []
        doc = frappe.get_doc(FINDING, found.name)
        assert (doc.accepted, doc.sentence.endswith("would move: 3.")) == (1, True)


class TestTelling:
    def told(self, user):
        return frappe.get_all(
            "Notification Log", {"for_user": user, "document_type": FINDING}, "subject"
        )

    def test_managers_are_told_once_a_night_of_all_that_is_new(self, client):
        manager, agent = make_agent_manager(), make_agent()
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        checking.every_night()
        (said,) = self.told(manager)
        assert "New findings" in said.subject
        checking.every_night()
        assert len(self.told(manager)) == 1
        assert not self.told(agent)
        assert not self.told(client.email)


class TestStrangers:
    CALLS = (
        lambda name: api.check_now(),
        lambda name: api.sentences([name]),
        api.mend,
        lambda name: api.accept(name, "So"),
        api.accept_no_longer,
    )

    @pytest.fixture
    def finding(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        (found,) = findings(checks.PLANS, place=client.plan.name)
        return found.name

    @pytest.mark.parametrize("who", ["client", "agent", "desk", "guest"])
    def test_nobody_else_reads_or_does_anything(self, finding, client, who):
        user = {
            "client": lambda: client.email,
            "agent": make_agent,
            "desk": make_user_of_desk,
            "guest": lambda: "Guest",
        }[who]()
        with session_of(user):
            for call in self.CALLS:
                with pytest.raises(frappe.PermissionError):
                    call(finding)
            assert not frappe.has_permission(FINDING, "read")
            with pytest.raises(frappe.PermissionError):
                frappe.get_list(FINDING)
            with pytest.raises(frappe.PermissionError):
                frappe.get_doc(FINDING, finding).check_permission("read")

    def test_managers_read_and_nobody_writes_past_the_app(self, finding):
        with session_of(make_agent_manager()):
            assert frappe.get_list(FINDING, {"name": finding})
            doc = frappe.get_doc(FINDING, finding)
            doc.accepted = 1
            with pytest.raises(frappe.PermissionError):
                doc.save()
            with pytest.raises(frappe.PermissionError):
                frappe.delete_doc(FINDING, finding)

    def test_an_erased_contact_is_in_no_finding(self, client):
        frappe.db.delete("HD Customer Member", {"contact_name": client.contact})
        assert findings(checks.PEOPLE, place=client.plan.name)
        erasure.erase(client.contact, "They asked")
        left = frappe.get_all(FINDING, pluck="arguments")
        assert not [each for each in left if client.contact in each]

    def test_a_finding_keeps_nobody_from_deleting_what_it_is_about(self, client):
        frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
        findings(checks.PLANS, place=client.plan.name)
        frappe.delete_doc("Beesender Support Plan", client.plan.name)
        assert about(client.plan.name, checks.PLANS) == []


def test_a_check_asks_as_many_queries_for_many_plans_as_for_one(client):
    def queries():
        before = frappe.db.sql("show session status like 'Questions'")[0][1]
        checks.run(checks.PLANS, checking.now())
        checks.run(checks.PEOPLE, checking.now())
        after = frappe.db.sql("show session status like 'Questions'")[0][1]
        return int(after) - int(before)

    queries()
    few = queries()
    for _number in range(10):
        other = make_client()
        make_plan(
            other.customer, [other.contact], starts_on="2030-01-01", status="Draft"
        )
    queries()
    assert queries() <= few


def test_a_finding_stays_the_same_when_its_customer_has_another_name(client):
    frappe.db.delete("Beesender Authorized Contact", {"parent": client.plan.name})
    (finding,) = findings(checks.PLANS, place=client.plan.name)
    renamed = frappe.rename_doc(
        "HD Customer", client.customer, f"{client.customer} of Old", force=True
    )
    (after,) = findings(checks.PLANS, place=client.plan.name)
    assert after.name == finding.name
    said = frappe.get_doc(FINDING, after.name)
    assert (said.customer, renamed in said.sentence) == (renamed, True)


def test_one_unreadable_plan_costs_no_query_for_each_of_the_others(client):
    def queries():
        before = frappe.db.sql("show session status like 'Questions'")[0][1]
        plans, unreadable = checks.readable_plans()
        after = frappe.db.sql("show session status like 'Questions'")[0][1]
        return int(after) - int(before), len(plans), [each.place for each in unreadable]

    others = [make_client() for _number in range(5)]
    queries()
    usual, number, none = queries()
    assert none == []
    broken = others[2].plan.name
    frappe.db.set_value("Beesender Support Plan", broken, "time_zone", "Mars/Olympus")
    queries()
    assert queries() == (usual, number - 1, [broken])


def test_a_plan_whose_tier_is_gone_is_named_and_hides_no_other(client):
    gone = make_client().plan
    frappe.db.set_value("Beesender Support Plan", gone.name, "tier", "Golden")
    plans, (finding,) = checks.readable_plans()
    assert client.plan.name in {plan.name for plan in plans}
    assert finding.place == gone.name
    assert "Golden is not known" in str(finding.context["why"])
