"""Service reports: what they count, who may make them, and that each is sent once."""

import json
import time
from datetime import datetime

import frappe
import pytest
from frappe.translate import print_language

from beesender_support.api import desk
from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.outgoing import mailer
from beesender_support.enforcement.plans import service_reports
from beesender_support.enforcement.response import clock_job
from beesender_support.policy.reports.service_report import (
    CLOSED_UNKEPT,
    DECLINED,
    GIVEN_LATE,
    HELD,
    OUTSIDE,
    PROMISED,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER
from beesender_support.records.site_time import to_column
from beesender_support.screens.reports import compliance
from beesender_support.tests.site.factories import (
    AFTER_P1,
    FRIDAY_1730,
    MONDAY_11,
    answer,
    clock_at,
    held_mail,
    make_agent,
    make_agent_manager,
    make_client,
    make_email_account,
    make_manager,
    make_p1,
    make_plan,
    make_ticket,
    refused,
    session_of,
    site_time,
)

REPORT, PLAN, LOG = (
    "Beesender Service Report",
    "Beesender Support Plan",
    "Beesender Notice Log",
)
NOVEMBER, DECEMBER_2 = "2026-11-15", "2026-12-02T12:00:00+03:00"


@pytest.fixture
def outgoing():
    """The site can send mail."""
    account = make_email_account()
    account.db_set(
        {"enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "smtp.example.com"}
    )
    # What waits of others is counted by no test; it is back when the test is over.
    frappe.db.delete("Email Queue", {"reference_name": ("like", "PLAN-%")})
    frappe.clear_cache()
    yield account
    frappe.clear_cache()


def report_of(client, day=NOVEMBER):
    return service_reports.open_report(client.plan.name, frappe.utils.getdate(day))


def figures(client, day=NOVEMBER):
    return service_reports.figures_of(report_of(client, day))


def answered_p1(client, at=MONDAY_11, **values):
    ticket = make_p1(client, **values)
    with clock_at(at):
        return answer(ticket)


def registered(ticket, stamp):
    """As if it had come then."""
    instant = datetime.fromisoformat(stamp)
    ticket.db_set(
        {"beesender_registered_at": to_column(instant), "creation": site_time(stamp)},
        update_modified=False,
    )
    return ticket.reload()


def mails() -> list[dict]:
    return frappe.get_all(
        "Email Queue",
        {"reference_name": ("like", "PLAN-%")},
        ["name", "message", "reference_name"],
    )


# What it counts


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Agreed for this plan alone: A first answer to P1 within 2 h of support time"
            " instead of 4 h",
        ),
        ("ru", "Согласовано только для этого плана: "),
    ],
)
def test_it_names_what_was_agreed_for_the_plan_alone_in_its_language(language, said):
    client = make_client(tier="Basic")
    client.plan.append(
        "exceptions", {"kind": "Response target", "priority": "P1", "hours": 2}
    )
    client.plan.save()
    report = report_of(client)
    report.report_language = language
    words = service_reports.in_words(report)
    assert said in words["plans"][0]
    # What was said stays, whatever becomes of the tier.
    basic = frappe.get_doc("Beesender Tier", "Basic")
    basic.response_targets[0].hours = 3
    basic.save()
    assert service_reports.in_words(report)["plans"] == words["plans"]


def test_it_says_what_is_included_without_a_number_and_what_is_not():
    facts = {
        each["label"]: each["value"]
        for each in service_reports.in_words(report_of(make_client(tier="Business")))[
            "facts"
        ]
    }
    assert "Questions of end users" in facts["Included"]
    assert "Consultation with the developers" in facts["Not included"]
    assert "Updates" not in facts["Included"] + facts["Not included"]


def test_a_month_says_what_was_kept_and_what_was_not():
    client = make_client()
    kept, late = answered_p1(client), answered_p1(client, AFTER_P1)
    with clock_at(FRIDAY_1730):
        paid = make_ticket(
            client, ticket_type="Paid enhancement request", beesender_priority="P3"
        )
    waiting = registered(held_mail(client), FRIDAY_1730)
    declined = registered(held_mail(client, f"other.{client.email}"), FRIDAY_1730)
    declined.db_set("beesender_admission", "Declined")
    left = make_p1(client)
    with clock_at(MONDAY_11):
        left.reload().update({"status": "Closed"}).save()
    with clock_at(DECEMBER_2):
        clock_job.follow_the_clock()
        report = figures(client)
    assert waiting.beesender_admission == "Held"
    assert paid.beesender_admission == "Accepted"
    assert report.is_over
    assert report.standings == {PROMISED: 3, OUTSIDE: 1, HELD: 1, DECLINED: 1}
    assert {(each.category, each.priority): each.requests for each in report.requested}[
        ("Incident", "P1")
    ] == 3
    assert report.outcomes[FIRST_ANSWER] == (1, 2, 0)
    by_ticket = {each.ticket: each for each in report.breaches}
    assert by_ticket[str(late.name)].reason == GIVEN_LATE
    assert by_ticket[str(late.name)].overrun.total_seconds() == 3600
    assert by_ticket[str(left.name)].reason == CLOSED_UNKEPT
    assert str(kept.name) not in by_ticket
    everything = report.spreads[0]
    assert everything.answers == 2
    assert everything.median.total_seconds() == 2.5 * 3600
    assert everything.percentile.total_seconds() == 5 * 3600
    assert (report.seats.used, report.seats.included) == (1, 2)
    assert [each.tier for each in report.plans] == ["Basic"]


def test_the_figures_are_those_of_the_report_on_compliance():
    client = make_client(time_zone="GMT+3")
    for state, met, breached in (
        ("Met", 0, 0),
        ("Met", 2, 1),
        ("Breached", 1, 0),
        ("Due", 0, 3),
        ("At risk", 0, 0),
        (None, 0, 0),
    ):
        ticket = make_p1(client)
        ticket.db_set(
            {
                "beesender_response_state": state,
                "beesender_next_answer_state": state,
                "beesender_next_answers_met": met,
                "beesender_next_answers_breached": breached,
                "beesender_solution_state": "Paused" if state == "Met" else state,
            }
        )
    make_p1(client).db_set({"beesender_response_state": "Met", "is_merged": 1})
    with clock_at(DECEMBER_2):
        report = figures(client)
    for target in (FIRST_ANSWER, NEXT_ANSWER, "solution"):
        [row] = compliance.counted(
            {
                "from_date": "2026-11-01",
                "to_date": "2026-11-30",
                "customer": client.customer,
                "target": target,
            },
            frappe.utils.getdate(),
        ).rows
        assert report.outcomes[target] == (row.met, row.breached, row.open)
    assert len([each for each in report.breaches if each.target == NEXT_ANSWER]) == 5
    assert report.requests == 6


def test_a_request_belongs_to_the_month_of_the_plans_zone():
    client = make_client(time_zone="GMT+10")
    make_p1(client, "2026-10-31T13:59:59+00:00")
    make_p1(client, "2026-10-31T14:00:00+00:00")
    make_p1(client, "2026-11-30T13:59:59+00:00")
    make_p1(client, "2026-11-30T14:00:00+00:00")
    other = make_client()
    make_p1(other)
    with clock_at(DECEMBER_2):
        assert figures(client).requests == 2
        assert figures(client, "2026-10-01").requests == 1
        report = figures(client, "2026-12-31")
    assert report.requests == 1
    assert not report.is_over


def test_a_held_request_counts_in_the_month_in_which_it_was_admitted():
    client = make_client()
    ticket = registered(held_mail(client), "2026-11-30T12:00:00+03:00")
    ticket.db_set(
        {
            "beesender_admission": "Accepted",
            "beesender_tier": "Basic",
            "beesender_response_state": "Met",
            "service_level_agreement_creation": site_time("2026-12-01T10:00:00+03:00"),
        }
    )
    with clock_at(DECEMBER_2):
        assert figures(client).requests == 0
        assert figures(client, "2026-12-01").standings[PROMISED] == 1


def test_a_breach_whose_terms_nobody_can_read_is_named_all_the_same():
    client = make_client()
    ticket = make_p1(client)
    ticket.db_set(
        {"beesender_terms": '{"format": 99}', "beesender_response_state": "Breached"}
    )
    with clock_at(DECEMBER_2):
        [breach] = figures(client).breaches
    assert (breach.ticket, breach.overrun) == (str(ticket.name), None)
    assert breach.due is not None


def test_both_plans_of_a_month_are_named_and_the_later_one_has_the_seats():
    client = make_client(ends_on="2026-11-14", starts_on="2026-01-01")
    premium = make_plan(
        client.customer, [client.contact], tier="Premium", starts_on="2026-11-15"
    )
    with clock_at(DECEMBER_2):
        report = figures(client)
        again = service_reports.open_report(
            premium.name, frappe.utils.getdate(NOVEMBER)
        )
    assert [each.tier for each in report.plans] == ["Basic", "Premium"]
    assert report.seats.included == 15
    assert frappe.db.count(REPORT, {"customer": client.customer}) == 1
    assert again.plan == premium.name


def test_as_many_queries_for_many_tickets_as_for_few_and_two_thousand_within_a_second():
    client = make_client()
    ticket = answered_p1(client)
    with clock_at(DECEMBER_2):
        few = _queries(lambda: figures(client))
    _copy(ticket, 2_000)
    with clock_at(DECEMBER_2):
        plan = service_reports.plan_values.plan_of(client.plan.reload())
        month = service_reports.Month.of(frappe.utils.getdate(NOVEMBER), "GMT+3")
        many = _queries(lambda: service_reports.report_of(plan, month))
    started = time.process_time()
    report = service_reports.report_of(plan, month)
    elapsed = time.process_time() - started
    assert report.requests == 2_001
    assert report.spreads[0].answers == 2_001
    assert many <= few
    assert elapsed < 1, elapsed


def _queries(run) -> int:
    """How many statements it sends."""
    sent = []
    real = frappe.db.sql

    def counted(*args, **kwargs):
        sent.append(args[0])
        return real(*args, **kwargs)

    frappe.db.sql = counted
    try:
        run()
    finally:
        del frappe.db.sql
    return len(sent)


def _copy(ticket, times: int) -> None:
    """The same ticket under other numbers, each with terms of its own, in one
    statement each."""
    row = frappe.db.get_value("HD Ticket", ticket.name, "*", as_dict=True)
    columns = list(row)
    first = 900_000_000
    rows = []
    for number in range(times):
        terms = json.loads(row.beesender_terms)
        terms["plan"] = f"PLAN-{number}"
        rows.append(
            tuple(
                {**row, "name": first + number, "beesender_terms": json.dumps(terms)}[
                    each
                ]
                for each in columns
            )
        )
    frappe.db.bulk_insert("HD Ticket", columns, rows, chunk_size=1_000)


# The record


def test_a_draft_is_counted_anew_and_one_that_was_sent_stays_as_it_is(outgoing):
    client = make_manager(make_client())
    with clock_at(DECEMBER_2):
        before = report_of(client)
    answered_p1(client)
    with clock_at(DECEMBER_2):
        again = report_of(client)
        assert again.name == before.name
        assert service_reports.figures_of(again).requests == 1
        desk.send_service_report(again.name)
        make_p1(client)
        sent = report_of(client)
        assert sent.status == "Sent"
        assert service_reports.figures_of(sent).requests == 1
        sent.comment = "Another"
        with refused("stays as it is"):
            sent.save()
        sent = frappe.get_doc(REPORT, again.name)
        sent.figures, sent.status, sent.sent_to = "{}", "Draft", "nobody"
        sent.save()
        sent.reload()
    assert sent.status == "Sent"
    assert sent.sent_to == client.email
    assert service_reports.figures_of(sent).requests == 1


def test_figures_that_somebody_typed_are_not_taken():
    client = make_client()
    with clock_at(DECEMBER_2):
        doc = frappe.get_doc(
            {
                "doctype": REPORT,
                "plan": client.plan.name,
                "customer": make_client().customer,
                "month": NOVEMBER,
                "figures": "{}",
                "status": "Sent",
            }
        ).insert()
        assert (doc.status, doc.customer) == ("Draft", client.customer)
        assert str(doc.month) == "2026-11-01"
        assert service_reports.figures_of(doc).requests == 0
        doc.reload()
        assert doc.report_language == "en"
        doc.figures, doc.comment = "{}", "Well done"
        doc.save()
        doc.reload()
        assert doc.comment == "Well done"
        assert service_reports.figures_of(doc).requests == 0
        with pytest.raises(frappe.DuplicateEntryError):
            frappe.get_doc(
                {"doctype": REPORT, "plan": client.plan.name, "month": "2026-11-30"}
            ).insert()


@pytest.mark.parametrize(
    ("plan", "day", "match"),
    [
        ({}, "2027-01-01", "not begun"),
        ({}, "2019-12-31", "not in force"),
        ({"status": "Draft"}, NOVEMBER, "not in force"),
    ],
)
def test_a_month_without_the_plan_has_no_report(plan, day, match):
    client = make_client(**plan)
    with clock_at(DECEMBER_2), refused(match):
        report_of(client, day)


def test_only_account_managers_make_read_and_send_reports():
    client = make_manager(make_client())
    with clock_at(DECEMBER_2):
        name = report_of(client).name
        with session_of(make_agent_manager()):
            shown = desk.make_service_report(client.plan.name, NOVEMBER)
            assert shown["name"] == name
            assert desk.service_report(name)["recipients"] == [client.email]
        for person in (make_agent(), client.email, "Guest"):
            with session_of(person):
                for call in (
                    lambda: desk.make_service_report(client.plan.name, NOVEMBER),
                    lambda: desk.service_report(name),
                    lambda: desk.send_service_report(name),
                    lambda: frappe.get_doc(REPORT, name).check_permission("read"),
                ):
                    with pytest.raises(frappe.PermissionError):
                        call()


def test_a_date_that_is_none_is_refused_with_a_sentence():
    client = make_client()
    with refused("is not a date"):
        desk.make_service_report(client.plan.name, "the day before")


# As it is read


def test_it_is_written_in_its_own_language_whoever_looks():
    client = make_manager(make_client())
    frappe.db.set_value("User", client.email, "language", "ru")
    ticket = answered_p1(client, AFTER_P1)
    ticket.db_set("subject", "<script>alert(1)</script>")
    with clock_at(DECEMBER_2):
        html = desk.make_service_report(client.plan.name, NOVEMBER)["html"]
        with print_language("en"):
            again = desk.make_service_report(client.plan.name, NOVEMBER)["html"]
    for page in (html, again):
        assert "Отчёт о поддержке: Ноябрь 2026" in page
        assert "Отвечено с опозданием" in page
        assert "&lt;script&gt;" in page
        assert "<script>alert(1)" not in page
        assert '<html lang="ru">' in page
        assert "Promises that were not kept" not in page


def test_in_english_it_says_that_the_month_is_not_over():
    client = make_client()
    with clock_at("2026-11-23T13:30:00+03:00"):
        html = desk.make_service_report(client.plan.name, NOVEMBER)["html"]
    assert "Service report: November 2026" in html
    assert "The month is not over" in html
    assert "as of 2026-11-23 13:30" in html


def test_it_says_how_what_is_counted_stands():
    client = make_client(tier="Business", starts_on="2026-03-01")
    with clock_at(MONDAY_11):
        taking.use(make_ticket(client), "updates")
    with clock_at(DECEMBER_2):
        html = desk.make_service_report(client.plan.name, NOVEMBER)["html"]
    assert "Updates with reinstallation, in the contract year" in html
    assert "1 of 2 left, 1 used" in html
    assert "not counted here" not in html


# Sending


def test_it_is_mailed_to_the_managers_of_the_client_with_the_report(outgoing):
    client = make_manager(make_client())
    with clock_at(DECEMBER_2):
        name = report_of(client).name
        shown = desk.send_service_report(name)
    assert (shown["status"], shown["problem"]) == (
        "Sent",
        "This report was sent. It stays as it is.",
    )
    [mail] = mails()
    assert mail["reference_name"] == client.plan.name
    assert f"{name}-2026-11." in mail["message"]
    [row] = frappe.get_all(LOG, {"kind": "service_report"}, ["outcome", "details"])
    assert row["outcome"] == "Sent"
    with clock_at(DECEMBER_2), refused("stays as it is"):
        desk.send_service_report(name)
    assert len(mails()) == 1


def test_a_server_that_cannot_print_sends_html_and_says_so(outgoing, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError("No wkhtmltopdf executable found")

    monkeypatch.setattr(service_reports, "attach_print", broken)
    client = make_manager(make_client())
    with clock_at(DECEMBER_2):
        desk.send_service_report(report_of(client).name)
    [row] = frappe.get_all(LOG, {"kind": "service_report"}, ["details"])
    assert row["details"] == service_reports.NO_PDF
    assert "-2026-11.html" in mails()[0]["message"]
    assert not frappe.flags.ignore_print_permissions


def test_without_anybody_to_read_it_it_cannot_be_sent(outgoing):
    client = make_client()
    with clock_at(DECEMBER_2):
        name = report_of(client).name
        assert "Nobody of" in desk.service_report(name)["problem"]
        with refused("Nobody of"):
            desk.send_service_report(name)
    assert frappe.db.get_value(REPORT, name, "status") == "Draft"


def test_switched_off_it_cannot_be_sent(outgoing):
    client = make_manager(make_client())
    frappe.get_doc("Beesender Notice", "service_report").update({"enabled": 0}).save()
    with clock_at(DECEMBER_2):
        name = report_of(client).name
        with refused("switched off"):
            desk.send_service_report(name)
    assert not frappe.db.exists(LOG, {"kind": "service_report"})


# By itself


def sending_client(**plan):
    return make_manager(make_client(sends_service_report=1, **plan))


def test_the_last_month_is_sent_once_in_the_first_days_of_the_next(outgoing):
    client, quiet = sending_client(), make_manager(make_client())
    with clock_at("2026-11-30T23:00:00+03:00"):
        service_reports.send_due()
        assert not mails()
    for stamp in (DECEMBER_2, DECEMBER_2, "2026-12-09T12:00:00+03:00"):
        with clock_at(stamp):
            service_reports.send_due()
    [report] = frappe.get_all(REPORT, ["customer", "month", "status", "sent_to"])
    assert report["customer"] == client.customer
    assert (str(report["month"]), report["status"]) == ("2026-11-01", "Sent")
    assert report["sent_to"] == client.email
    assert [each["reference_name"] for each in mails()] == [client.plan.name]
    assert not frappe.db.exists(REPORT, {"customer": quiet.customer})
    # Site down for weeks: January brings December, and nothing older.
    with clock_at("2027-01-20T12:00:00+03:00"):
        service_reports.send_due()
    assert len(mails()) == 1
    with clock_at("2027-02-01T12:00:00+03:00"):
        service_reports.send_due()
    assert frappe.get_all(REPORT, order_by="month", pluck="month")[1:] == [
        frappe.utils.getdate("2027-01-01")
    ]


def test_what_was_sent_by_hand_is_not_sent_again_by_itself(outgoing):
    client = sending_client()
    with clock_at(DECEMBER_2):
        desk.send_service_report(report_of(client).name)
        service_reports.send_due()
    assert len(mails()) == 1


def test_a_customer_with_two_plans_gets_one_report(outgoing):
    client = sending_client(ends_on="2026-11-14")
    later = make_plan(
        client.customer, [], starts_on="2026-11-15", sends_service_report=1
    )
    # That it starts is another notice.
    frappe.db.delete("Email Queue", {"reference_name": later.name})
    with clock_at(DECEMBER_2):
        service_reports.send_due()
        service_reports.send_due()
    assert [each["reference_name"] for each in mails()] == [later.name]


def test_a_fault_of_one_report_stops_no_other_and_leaves_nothing_half_said(
    outgoing, monkeypatch
):
    broken, sound = sending_client(), sending_client()
    real = mailer._mail

    def fails(notice, *args):
        if notice.customer == broken.customer:
            raise RuntimeError("killed")
        real(notice, *args)

    monkeypatch.setattr(mailer, "_mail", fails)
    with clock_at(DECEMBER_2):
        service_reports.send_due()
    assert [each["reference_name"] for each in mails()] == [sound.plan.name]
    assert not frappe.db.exists(LOG, {"customer": broken.customer})
    assert not frappe.db.exists(REPORT, {"customer": broken.customer, "status": "Sent"})
    monkeypatch.setattr(mailer, "_mail", real)
    with clock_at(DECEMBER_2):
        service_reports.send_due()
    assert {each["reference_name"] for each in mails()} == {
        sound.plan.name,
        broken.plan.name,
    }


def test_nobody_to_read_it_is_noted_once_and_can_be_sent_later(outgoing):
    client = make_client(sends_service_report=1)
    with clock_at(DECEMBER_2):
        service_reports.send_due()
        service_reports.send_due()
    assert frappe.get_all(LOG, {"customer": client.customer}, pluck="outcome") == [
        "Nobody"
    ]
    make_manager(client)
    with clock_at(DECEMBER_2):
        desk.send_service_report(report_of(client).name)
    assert len(mails()) == 1
