"""What ``triage`` decides and how it writes it."""

import csv
import json
import stat

import pytest

from beesender_support.cli.output import FIELDS
from beesender_support.tests.cli.command import NOW, run


class TestVerdicts:
    def test_a_contact_with_a_seat_is_accepted_and_promised_an_answer(self, desk):
        assert desk.decide_one(first_responded_at="2026-11-23T10:15:00+03:00") == {
            "ticket": "HD-1",
            "verdict": "accepted",
            "reason": None,
            "tier": "Basic",
            "category": "Incident",
            "priority": "P1",
            "priority_corrected_from": None,
            "response_due": "2026-11-23T12:30:00+03:00",
            "response_state": "met",
            "response_seconds": 6300,
            "explanation": "Basic answers P1 within 4 h of support time (Mon-Fri"
            " 09:00-18:00, GMT+3): by Mon 2026-11-23 12:30.",
        }

    def test_contacts_are_compared_without_case_and_blanks(self, desk):
        record = desk.decide_one(contact="  ANNA@Acme.Example.com ")
        assert record["verdict"] == "accepted"

    def test_a_contact_without_a_seat_is_held_whatever_the_channel(self, desk):
        for channel in ("portal", "email", "agent"):
            record = desk.decide_one(contact="eve@acme.example.com", channel=channel)
            assert record["verdict"] == "held"
            assert record["reason"] == "contact_not_authorized"
            assert record["tier"] == "Basic"
            assert record["response_due"] is None
            assert record["response_state"] == "none"
            assert "eve@acme.example.com is not an authorized" in record["explanation"]

    def test_an_unknown_customer_is_outside_the_policy(self, desk):
        record = desk.decide_one(customer="Nobody", priority="")
        assert (record["verdict"], record["reason"]) == ("accepted", None)
        assert record["tier"] is record["response_due"] is record["priority"] is None
        assert "outside the support policy" in record["explanation"]

    def test_an_unknown_customer_is_held_when_asked_to(self, desk):
        record = desk.decide_one("--hold-unplanned", customer="Nobody")
        assert (record["verdict"], record["reason"]) == ("held", "no_plan")

    @pytest.mark.parametrize(
        ("spelt", "planned"),
        [
            ("ACME TELECOM", "Acme Telecom"),
            (" Acme Telecom ", "Acme Telecom"),
            ("Acmé Telecom", "Acme Telecom"),
            ("Acme\xa0Telecom", "Acme Telecom"),
            ("Acme Tele\u200bcom", "Acme Telecom"),
            ("ＡＣＭＥ", "Acme"),
            ("STRASSE GmbH", "Straße GmbH"),
            ("ЗАРЯ", "Заря"),
            ("Завод «Йод»", "ЗАВОД «ЙОД»"),
            ("Елка", "Ёлка"),
            ("УКРАЇНА", "Україна"),
            ("Cafe", "Café"),
            ("Cafe\u0301", "Café"),
        ],
        ids=ascii,
    )
    def test_customers_are_compared_as_a_site_does(self, desk, spelt, planned):
        desk.put_plans({"customer": planned})
        assert desk.decide_one(customer=spelt)["tier"] == "Basic"

    @pytest.mark.parametrize(
        ("spelt", "planned"),
        [
            ("Acme  Telecom", "Acme Telecom"),
            ("Acme-Telecom", "Acme Telecom"),
            ("AcmeTelecom", "Acme Telecom"),
            ("Acme Telecom, Ltd.", "Acme Telecom Ltd"),
            ('OOO "Acme"', "OOO «Acme»"),
            ("Заи\u0306цев", "Зайцев"),
            ("Зайцев", "Заи\u0306цев"),
            ("Зайцев", "Заицев"),
            ("Украіна", "Україна"),
            ("Acme Tele\u00adcom", "Acme Telecom"),
            ("Acme Telekom", "Acme Telecom"),
            ("Acme Telcom", "Acme Telecom"),
            ("Acme Tellecom", "Acme Telecom"),
            ("\u0410cm\u0435 T\u0435lecom", "Acme Telecom"),
            ("Телеком Юг 2", "Телекам Юг 2"),
        ],
        ids=ascii,
    )
    def test_a_customer_who_nearly_has_a_plan_is_warned_of(self, desk, spelt, planned):
        desk.put_plans({"customer": planned})
        desk.put_tickets({"customer": spelt})
        result = desk.triage("--format", "json")
        assert json.loads(result.stdout)["tier"] is None
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{desk.tickets}, row 2: warning: customer: {spelt!r}")
        assert f"but {planned!r} has one" in line

    def test_another_customer_is_none_to_warn_of(self, desk):
        for customer in ("Acme", "Acme Telecom 2", "Acme Teleking", "?", "«»"):
            assert desk.decide_one(customer=customer)["tier"] is None

    @pytest.mark.parametrize(
        ("dates", "reason"),
        [
            ({"ends_on": "2026-11-19"}, "plan_expired"),
            ({"starts_on": "2026-11-21"}, "plan_not_started"),
            ({"ends_on": "2026-11-20"}, None),
        ],
    )
    def test_a_plan_is_judged_on_the_day_of_opening(self, desk, dates, reason):
        desk.put_plans(dates)
        assert desk.decide_one()["reason"] == reason

    def test_a_plan_is_judged_by_the_date_in_its_own_zone(self, desk):
        desk.put_plans({"time_zone": "GMT+10", "ends_on": "2026-11-20"})
        before_midnight = desk.decide_one(opened_at="2026-11-20T13:59:59Z")
        after_midnight = desk.decide_one(opened_at="2026-11-20T14:00:00Z")
        assert before_midnight["reason"] is None
        assert after_midnight["reason"] == "plan_expired"

    def test_of_several_plans_the_one_in_force_decides(self, desk):
        desk.put_plans(
            {"tier": "Premium", "ends_on": "2026-06-30"},
            {"tier": "Business", "starts_on": "2026-07-01"},
        )
        assert desk.decide_one()["tier"] == "Business"
        assert (
            desk.decide_one(opened_at="2026-06-30T23:59:00+03:00")["tier"] == "Premium"
        )

    def test_plans_in_force_on_one_day_are_refused_as_on_a_site(self, desk):
        desk.put_plans(
            {"ends_on": "2026-11-20"},
            {"customer": "ACME TELECOM", "starts_on": "2026-11-20"},
            {"customer": "Other", "starts_on": "2026-11-20"},
        )
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 3: starts_on: The plan in row 2")

    @pytest.mark.parametrize(
        ("status", "verdict", "reason", "tier"),
        [
            ("", "accepted", None, "Basic"),
            (" active ", "accepted", None, "Basic"),
            ("SUSPENDED", "held", "plan_suspended", "Basic"),
            ("Expired", "held", "plan_expired", "Basic"),
            ("draft", "accepted", None, None),
        ],
    )
    def test_the_status_of_a_plan_counts_where_it_is_given(
        self, desk, status, verdict, reason, tier
    ):
        desk.put_plans({"Status": status})
        record = desk.decide_one()
        got = record["verdict"], record["reason"], record["tier"]
        assert got == (verdict, reason, tier)

    def test_plans_that_are_not_active_do_not_overlap(self, desk):
        desk.put_plans(
            {"status": "Suspended", "tier": "Premium"},
            {"status": "Draft", "tier": "Premium"},
            {"status": ""},
        )
        assert desk.decide_one()["tier"] == "Basic"

    def test_an_unknown_status_is_told(self, desk):
        desk.put_plans({"status": "paused"})
        (line,) = desk.faults()
        assert "row 2: status: 'paused' is not known. Allowed: Draft, Active" in line


class TestContacts:
    @pytest.mark.parametrize(
        "written",
        [
            "Anna <anna@acme.example.com>",
            '"Last, Anna" <anna@acme.example.com>',
            "Last, Anna <anna@acme.example.com>",
            "<anna@acme.example.com>",
            "mailto:anna@acme.example.com",
            "anna@acme.example.com,",
            "anna@acme.example.com; Anna <ANNA@acme.example.com>",
            "\u200banna@acme.example.com\xa0",
            "anna@ac\u00adme.example.com\ufeff",
        ],
        ids=ascii,
    )
    def test_an_address_is_read_as_people_and_programs_write_it(self, desk, written):
        assert desk.decide_one(contact=written)["verdict"] == "accepted"
        desk.put_plans({"authorized_contacts": written})
        assert desk.decide_one()["verdict"] == "accepted"

    @pytest.mark.parametrize(
        "written",
        [
            "anna@acme.example.com, boris@acme.example.com",
            "anna@acme.example.com\nboris@acme.example.com\r\n",
            '"Last, Anna" <anna@acme.example.com>,Boris <boris@acme.example.com>;',
        ],
        ids=ascii,
    )
    def test_contacts_may_be_listed_by_comma_semicolon_or_line(self, desk, written):
        desk.put_plans({"authorized_contacts": written})
        for contact in ("anna@acme.example.com", "boris@acme.example.com"):
            assert desk.decide_one(contact=contact)["verdict"] == "accepted"

    @pytest.mark.parametrize(
        ("seated", "asks", "verdict"),
        [
            ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai", "accepted"),
            ("anna@xn--e1afmkfd.xn--p1ai", "Anna@ПРИМЕР.РФ", "accepted"),
            ("mike@acme.example", "mi\u212ae@acme.example", "held"),
            ("moss@acme.example", "mo\u017f\u017f@acme.example", "held"),
            ("anna@acme.example", "anna+support@acme.example", "held"),
            ("anna@acme.example", "anna@acme.example.", "held"),
        ],
        ids=ascii,
    )
    def test_a_seat_is_that_of_the_mailbox(self, desk, seated, asks, verdict):
        desk.put_plans({"authorized_contacts": seated})
        assert desk.decide_one(contact=asks)["verdict"] == verdict

    @pytest.mark.parametrize("written", ["", " ", "\u200b", ";", "\xa0"], ids=ascii)
    def test_a_ticket_without_a_contact_is_of_an_unknown_sender(self, desk, written):
        record = desk.decide_one(contact=written)
        assert (record["verdict"], record["reason"]) == ("held", "unknown_sender")
        assert desk.decide_one(contact=written, customer="Nobody")["reason"] is None

    @pytest.mark.parametrize("written", ["n/a", "anna at acme", "Last, Anna"])
    def test_a_contact_that_is_no_address_is_warned_of(self, desk, written):
        desk.put_tickets({"contact": written})
        result = desk.triage("--format", "json")
        assert json.loads(result.stdout)["reason"] == "contact_not_authorized"
        (line,) = result.stderr.splitlines()
        assert f"row 2: warning: contact: {written!r} is no address" in line

    @pytest.mark.parametrize(
        "written", ["n/a", "anna at acme", "a@x.example b@x.example", "a@x.example, -"]
    )
    def test_a_seat_for_what_is_no_address_is_refused(self, desk, written):
        desk.put_plans({"authorized_contacts": written})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 2: authorized_contacts: ")
        assert "separated by semicolons, commas or lines" in line

    def test_of_several_addresses_none_is_chosen(self, desk):
        desk.put_tickets({"contact": "anna@acme.example.com, eve@acme.example.com"})
        (line,) = desk.faults()
        assert "Allowed: one address" in line


class TestPromises:
    @pytest.mark.parametrize(
        ("responded_at", "now", "state", "seconds"),
        [
            ("2026-11-23T12:30:00+03:00", NOW, "met", 14_400),
            ("2026-11-23T12:30:01+03:00", NOW, "breached", 14_401),
            ("", "2026-11-23T11:29:59+03:00", "due", 10_799),
            ("", "2026-11-23T11:30:00+03:00", "at_risk", 10_800),
            ("", "2026-11-23T12:30:01+03:00", "breached", 14_401),
        ],
    )
    def test_a_promise_stands_as_the_clock_says(
        self, desk, responded_at, now, state, seconds
    ):
        record = desk.decide_one("--now", now, first_responded_at=responded_at)
        assert record["response_state"] == state
        assert record["response_seconds"] == seconds

    def test_fractions_of_a_second_are_cut_as_on_a_site(self, desk):
        record = desk.decide_one(
            opened_at="2026-11-20T17:30:00.900+03:00",
            first_responded_at="2026-11-20T17:30:00+03:00",
        )
        assert (record["response_state"], record["response_seconds"]) == ("met", 0)
        record = desk.decide_one(
            opened_at="2026-11-20T17:30:00.123456789+03:00",
            first_responded_at="2026-11-23T12:30:00.999+03:00",
        )
        assert record["response_due"] == "2026-11-23T12:30:00+03:00"
        assert record["response_state"] == "met"

    def test_holidays_of_the_plan_are_skipped(self, desk):
        desk.put_plans({"holidays": "2026-11-23; 2026-11-24;"})
        assert desk.decide_one()["response_due"] == "2026-11-25T12:30:00+03:00"

    def test_a_holiday_may_be_part_of_a_day(self, desk):
        desk.put_plans({"holidays": "2026-11-23 09:00-13:00, 2026-11-24"})
        assert desk.decide_one()["response_due"] == "2026-11-23T16:30:00+03:00"

    @pytest.mark.parametrize(
        "holiday",
        [
            "2026-12-31 14:00",
            "2026-12-31 14:00-",
            "2026-12-31 24:00-14:00",
            "2026-12-31 14:00-14:00",
            "2026-12-31 14:00-24:01",
            "2026-12-31T14:00-24:00",
            "2026-12-31 ١٤:00-24:00",
            "20261231",
            "2026-W53-4",
            "0001-01-01",
        ],
        ids=ascii,
    )
    def test_what_is_no_part_of_a_day_is_told(self, desk, holiday):
        desk.put_plans({"holidays": holiday})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 2: holidays: {holiday!r}")
        assert "2026-12-31 14:00-24:00" in line

    def test_a_priority_that_its_category_forbids_is_corrected(self, desk):
        record = desk.decide_one(category="Consultation")
        assert (record["priority"], record["priority_corrected_from"]) == ("P3", "P1")
        assert "so P1 became P3" in record["explanation"]

    def test_without_a_priority_the_default_of_the_category_counts(self, desk):
        record = desk.decide_one(priority=" ")
        assert (record["priority"], record["priority_corrected_from"]) == ("P3", None)

    def test_a_paid_enhancement_is_promised_no_response(self, desk):
        record = desk.decide_one(category="Paid enhancement request", priority="P4")
        assert record["verdict"] == "accepted"
        assert record["response_due"] is record["response_seconds"] is None
        assert record["response_state"] == "none"
        assert "No response time is promised" in record["explanation"]


class TestReading:
    def test_names_are_read_in_any_case_and_written_as_the_catalogue_has_them(
        self, desk
    ):
        desk.put_plans({"tier": " bAsIc "})
        record = desk.decide_one(category="INCIDENT", priority="p2", channel=" Email")
        assert [record[name] for name in ("tier", "category", "priority")] == [
            "Basic",
            "Incident",
            "P2",
        ]

    @pytest.mark.parametrize(
        "stamp", ["2026-11-20T14:30:00Z", "2026-11-20T14:30:00z", "2026-11-20 14:30Z"]
    )
    def test_a_stamp_may_be_in_utc_by_its_letter(self, desk, stamp):
        due = desk.decide_one(opened_at=stamp)["response_due"]
        assert due == "2026-11-23T12:30:00+03:00"

    def test_a_stamp_without_an_offset_is_read_in_the_zone_given(self, desk):
        record = desk.decide_one(
            "--time-zone",
            "Europe/Berlin",
            opened_at="2026-11-20T15:30:00",
            first_responded_at="2026-11-23T07:00:00",
        )
        assert record["response_due"] == "2026-11-23T12:30:00+03:00"
        assert record["response_seconds"] == 1_800

    def test_stamps_in_a_repeated_hour_are_ordered_as_instants(self, desk):
        desk.put_plans({"tier": "Premium", "time_zone": "Europe/Berlin"})
        record = desk.decide_one(
            "--time-zone",
            "Europe/Berlin",
            opened_at="2026-10-25T02:59:00",
            first_responded_at="2026-10-25T02:01:00+01:00",
        )
        assert record["response_seconds"] == 120

    def test_a_byte_order_mark_line_ends_and_other_columns_do_no_harm(self, desk):
        text = desk.tickets.read_text().replace("ticket,", "note,ticket,", 1)
        text = text.replace("HD-1,", '"two\r\nlines, quoted",HD-1,')
        desk.tickets.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
        (record,) = desk.decide()
        assert record["ticket"] == "HD-1"

    def test_columns_may_come_in_another_order(self, desk):
        header, row = desk.tickets.read_text().splitlines()
        turned = [",".join(reversed(line.split(","))) for line in (header, row)]
        desk.tickets.write_text("\n".join(turned))
        assert desk.decide()[0]["response_due"] == "2026-11-23T12:30:00+03:00"

    def test_a_file_without_rows_gives_no_decisions(self, desk):
        desk.tickets.write_text(desk.tickets.read_text().splitlines()[0])
        assert desk.decide() == []

    def test_too_many_contacts_are_a_warning_and_no_fault(self, desk):
        contacts = "anna@acme.example.com;b@acme.example.com;c@acme.example.com"
        desk.put_plans({"authorized_contacts": contacts})
        result = desk.triage("--format", "json")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["verdict"] == "accepted"
        (line,) = result.stderr.splitlines()
        assert "plans.csv, row 2: warning: authorized_contacts: 3 contacts" in line
        assert "Basic includes 2" in line

    def test_a_contact_named_twice_takes_one_seat(self, desk):
        desk.put_plans({"authorized_contacts": "a@x.example; A@x.example;b@x.example"})
        assert desk.triage().stderr == ""

    def test_a_ticket_that_is_there_twice_is_warned_of(self, desk):
        desk.put_tickets({}, {"ticket": "HD-2"}, {"priority": "P2"})
        result = desk.triage("--format", "json")
        assert len(result.stdout.splitlines()) == 3
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{desk.tickets}, row 4: warning: ticket: 'HD-1' ")

    def test_warnings_of_a_kind_are_counted_after_the_first_twenty(self, desk):
        desk.put_tickets(*([{}] * 1_300))
        lines = desk.triage().stderr.splitlines()
        assert len(lines) == 21
        assert lines[-1] == (
            f"{desk.tickets}: warning: ticket: ... and 1,279 more of this kind."
        )


class TestFormats:
    def test_json_has_one_object_a_line_with_exactly_the_documented_names(self, desk):
        desk.put_tickets({}, {"ticket": "HD-2", "customer": "Nobody"})
        assert [tuple(record) for record in desk.decide()] == [FIELDS, FIELDS]

    def test_csv_has_the_same_columns_and_empty_cells_for_null(self, desk):
        desk.put_tickets({"customer": "Nobody, Inc"}, {"ticket": "HD-2"})
        lines = desk.triage("--format", "csv").stdout.splitlines()
        header, nobody, acme = csv.reader(lines)
        assert tuple(header) == FIELDS
        assert nobody[:8] == ["HD-1", "accepted", "", "", "Incident", "P1", "", ""]
        assert acme[7] == "2026-11-23T12:30:00+03:00"

    @pytest.mark.parametrize(
        ("ticket", "written"),
        [
            ("=1+1", "'=1+1"),
            ('=HYPERLINK("http://x.example")', '\'=HYPERLINK("http://x.example")'),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("-5", "-5"),
            ("+7.5", "+7.5"),
            ("T-1", "T-1"),
            ("'x", "'x"),
        ],
    )
    def test_no_spreadsheet_runs_what_a_ticket_says(self, desk, ticket, written):
        desk.put_tickets({"ticket": ticket})
        _, row = csv.reader(desk.triage("--format", "csv").stdout.splitlines())
        assert row[0] == written
        assert desk.decide_one(ticket=ticket)["ticket"] == ticket

    def test_no_spreadsheet_runs_what_a_sentence_begins_with(self, desk):
        desk.put_tickets({"customer": "=cmd()"})
        shown = desk.triage("--format", "csv", "--hold-unplanned").stdout
        _, row = csv.reader(shown.splitlines())
        assert row[-1] == "'=cmd() has no Beesender support plan."

    def test_a_table_is_the_usual_form_and_fits_its_columns(self, desk):
        desk.put_tickets(
            {"category": "Consultation"},
            {"ticket": "HD-22", "contact": "eve@acme.example.com"},
        )
        heading, first, second = desk.triage().stdout.splitlines()
        assert heading.split()[:2] == ["TICKET", "VERDICT"]
        assert first.index("accepted") == second.index("held: contact_not_authorized")
        assert "P3 (asked P1)" in first

    def test_a_ticket_cannot_spoil_the_table(self, desk):
        desk.put_tickets({"ticket": "two\nlines\x1b[31m"})
        _, line = desk.triage().stdout.splitlines()
        assert line.startswith("'two\\nlines\\x1b[31m'  accepted")

    def test_letters_of_any_script_survive(self, desk):
        assert desk.decide_one(ticket="Заявка-№1")["ticket"] == "Заявка-№1"

    @pytest.mark.parametrize("style", ["json", "csv", "table"])
    def test_output_to_a_file_is_what_stdout_would_get(self, desk, style):
        shown = desk.triage("--format", style).stdout
        result = desk.triage("--format", style, "--output", desk.output)
        assert (result.exit_code, result.stdout) == (0, "")
        assert desk.output.read_text() == shown != ""
        assert not list(desk.folder.glob(".*"))

    def test_an_output_file_keeps_its_permissions_and_its_link(self, desk):
        desk.output.write_text("old")
        desk.output.chmod(0o640)
        link = desk.folder / "link"
        link.symlink_to(desk.output)
        assert desk.triage("--output", link).exit_code == 0
        assert link.is_symlink()
        assert desk.output.read_text().startswith("TICKET")
        assert stat.S_IMODE(desk.output.stat().st_mode) == 0o640

    def test_output_may_be_a_device(self, desk):
        result = desk.triage("--output", "/dev/null")
        assert (result.exit_code, result.stdout) == (0, "")

    def test_without_now_open_tickets_are_judged_as_of_today(self, desk):
        result = run(
            *("triage", desk.tickets, "--plans", desk.plans, "--format", "json")
        )
        assert json.loads(result.stdout)["response_state"] in ("due", "breached")
