"""Exports of another system become records, silently, once, and row by row."""

import csv
import io
import json
import re
from datetime import timedelta

import frappe
import pytest
from frappe.utils.file_manager import save_file

from beesender_support.enforcement.imports import import_runs
from beesender_support.enforcement.runs import LONGEST_QUEUE
from beesender_support.records.site_time import now, to_column
from beesender_support.tests.site.factories import (
    make_agent,
    make_agent_manager,
    make_customer,
    make_plan,
    session_of,
)
from beesender_support.tests.site.mailbox import transactions_within_the_test
from beesender_support.tests.site.processes import in_process

MAPPING = {"defaults": {"time_zone": "GMT+3", "channel": "email"}}


@pytest.fixture
def silent(monkeypatch):
    """Fails when a mail is queued."""
    before = frappe.db.count("Email Queue")
    yield
    assert frappe.db.count("Email Queue") == before


class Moving:
    """The exports of a client with a name of its own, and runs of their import."""

    def __init__(self):
        self.mark = frappe.generate_hash(length=6)
        self.customer = f"Moved {self.mark}"
        self.address = f"anna{self.mark}@example.com"

    def files(self, **changes):
        texts = {
            "accounts": f"Name;Web\n{self.customer};https://{self.mark}.example.com\n",
            "contacts": (
                "Full name;Account;Email;Mobile phone\n"
                f"Anna Moved;{self.customer};{self.address};+79001234567\n"
            ),
            "agreements": (
                "Number;Account;Tier;Start date;End date;Contacts\n"
                f"A{self.mark};{self.customer};Basic;01.01.2026;31.12.2026;Anna Moved\n"
            ),
            "cases": (
                "Number;Subject;Description;Account;Contact;Category;Priority;"
                "Registration date;Responded on;Closed on\n"
                f"SR{self.mark};Down;<b>x</b>;{self.customer};Anna Moved;Incident;"
                "Critical;20.03.2026 17:30;20.03.2026 18:00;21.03.2026 09:00\n"
            ),
            **changes,
        }
        return {f"{name}-{self.mark}.csv": text for name, text in texts.items() if text}

    def doc(self, files=None, **values):
        rows = []
        for name, text in (files or self.files()).items():
            file = save_file(name, text.encode(), None, None, is_private=1)
            rows.append({"file": file.file_url})
        return frappe.get_doc(
            {
                "doctype": "Beesender Import",
                "source": "Creatio",
                "time_zone": "GMT+3",
                "mapping": json.dumps(MAPPING),
                "files": rows,
                **values,
            }
        ).insert()

    def run(self, files=None, only_check=False, **values):
        doc = self.doc(files, **values)
        run_now(doc.name, only_check)
        return doc.reload()

    def tickets(self):
        return frappe.get_all("HD Ticket", {"customer": self.customer}, "*")


@pytest.fixture
def moving():
    return Moving()


def run_now(name, only_check):
    frappe.db.set_value("Beesender Import", name, "run", "now")
    import_runs.run(name, only_check, "now")


def report_of(doc):
    if not doc.report:
        return []
    file = frappe.get_doc(
        "File", {"file_url": doc.report, "attached_to_name": doc.name}
    )
    text = file.get_content()
    text = text if isinstance(text, str) else text.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_an_import_makes_everything_and_tells_nobody(moving, silent):
    doc = moving.run()
    assert doc.state == "Done", doc.summary
    assert report_of(doc) == []
    assert "Tickets: 1 made, 0 skipped, 0 in doubt." in doc.summary
    customer = frappe.get_doc("HD Customer", moving.customer)
    (member,) = customer.contacts
    contact = frappe.get_doc("Contact", member.contact_name)
    assert contact.email_ids[0].email_id == moving.address
    (plan,) = frappe.get_all(
        "Beesender Support Plan", {"customer": moving.customer}, "*"
    )
    assert (plan.status, plan.tier, str(plan.ends_on)) == (
        "Draft",
        "Basic",
        "2026-12-31",
    )
    (ticket,) = moving.tickets()
    assert (ticket.status, ticket.subject) == ("Closed", "Down")
    assert ticket.description == "&lt;b&gt;x&lt;/b&gt;"
    assert ticket.contact == contact.name


def test_a_past_ticket_has_terms_and_no_clock(moving):
    moving.run()
    (ticket,) = moving.tickets()
    assert json.loads(ticket.beesender_terms)["has_clock"] is False
    assert (ticket.beesender_admission, ticket.beesender_priority) == ("Accepted", "P1")
    assert not ticket.beesender_response_state
    assert not ticket.beesender_next_notice_at
    assert not ticket.agreement_status
    assert str(ticket.beesender_registered_at) == "2026-03-20 14:30:00"
    assert not frappe.get_all("Beesender Notice Log", {"ticket": ticket.name})


def test_a_past_ticket_that_somebody_saves_stays_what_it_is(moving, silent):
    moving.run()
    (ticket,) = moving.tickets()
    doc = frappe.get_doc("HD Ticket", ticket.name)
    doc.subject = "Down, as it was"
    doc.save()
    doc.reload()
    assert (doc.status, doc.agreement_status, doc.response_by) == ("Closed", None, None)
    assert not doc.beesender_response_state
    assert not doc.beesender_due_at


def test_the_message_of_a_past_ticket_is_on_its_page(moving):
    moving.run()
    (ticket,) = moving.tickets()
    (message,) = frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": ticket.name},
        ["content", "sender", "sent_or_received"],
    )
    assert (message.sender, message.sent_or_received) == (moving.address, "Received")


SCRIPT = "<img src=x onerror=alert(1)>"
RUNS = re.compile("<img[^>]*onerror")
CASES = "Number;Subject;Account;Contact;Category;Priority;Registration date\n"


def texts_of(doctype, filters):
    """Every text that is stored of the one record found."""
    (row,) = frappe.get_all(doctype, filters, "*")
    return [each for each in row.values() if isinstance(each, str)]


@pytest.mark.parametrize(
    "subject",
    [
        f"Help {SCRIPT}",
        f"{'x' * 120} {SCRIPT}",
        f"{'x' * 120} <b>y</b> {SCRIPT} {'z' * 120}",
        f'""{SCRIPT}""',
        "Help <img src=x onerror=alert(1) ",
    ],
)
def test_nothing_that_a_browser_would_run_is_stored(moving, subject):
    sender = f'""{SCRIPT}""@{moving.mark}.example.com'
    files = moving.files(
        cases=f'{CASES}SR{moving.mark}{SCRIPT};"{subject}";{moving.customer};"{sender}";'
        "Incident;Critical;20.03.2026 17:30\n"
    )
    doc = moving.run(files)
    assert "Tickets: 1 made" in doc.summary, report_of(doc)
    (ticket,) = moving.tickets()
    assert len(ticket.subject) <= 140
    message = {"reference_doctype": "HD Ticket", "reference_name": ticket.name}
    for texts in (
        texts_of("HD Ticket", {"name": ticket.name}),
        texts_of("Communication", message),
        texts_of("Beesender Imported Record", {"record": ticket.name}),
    ):
        assert texts
        assert not [each for each in texts if RUNS.search(each)]
    assert ticket.subject.count("<") == ticket.subject.count(">")


def test_a_contact_whose_name_is_a_script_is_stored_without_it(moving):
    files = moving.files(
        contacts=f"Full name;Account;Email\nAnna {SCRIPT};{moving.customer};"
        f"{moving.address}\n",
        agreements="",
        cases=f"{CASES}SR{moving.mark};Down;{moving.customer};{moving.address};"
        "Incident;Critical;20.03.2026 17:30\n",
    )
    moving.run(files)
    (ticket,) = moving.tickets()
    message = {"reference_doctype": "HD Ticket", "reference_name": ticket.name}
    (row,) = frappe.get_all("Communication", message, ["sender_full_name"])
    assert row.sender_full_name.startswith("Anna")
    assert not RUNS.search(row.sender_full_name)


def test_a_subject_that_only_looks_like_markup_stays(moving):
    files = moving.files(
        cases=f"{CASES}SR{moving.mark};5 < 6 & 7 > 6;{moving.customer};Anna Moved;"
        "Incident;Critical;20.03.2026 17:30\n"
    )
    moving.run(files)
    (ticket,) = moving.tickets()
    assert ticket.subject == "5 < 6 & 7 > 6"


def test_names_of_tickets_go_on_after_an_import(moving):
    moving.run()
    (ticket,) = moving.tickets()
    later = frappe.get_doc(
        {"doctype": "HD Ticket", "subject": "Later", "raised_by": moving.address}
    ).insert()
    assert int(later.name) == int(ticket.name) + 1


def test_twice_makes_nothing_twice(moving):
    moving.run()
    count = {
        doctype: frappe.db.count(doctype)
        for doctype in ("HD Customer", "Contact", "Beesender Support Plan", "HD Ticket")
    }
    doc = moving.run()
    assert doc.state == "Done"
    assert "Tickets: 0 made, 1 skipped, 0 in doubt." in doc.summary
    assert {each["reason"] for each in report_of(doc)} == {"was_there"}
    assert count == {each: frappe.db.count(each) for each in count}


def test_what_was_deleted_is_made_again(moving):
    moving.run()
    (ticket,) = moving.tickets()
    frappe.delete_doc("HD Ticket", ticket.name, force=True)
    moving.run()
    assert len(moving.tickets()) == 1


def test_what_is_there_by_name_or_address_is_taken(moving):
    make_customer(moving.customer)
    doc = moving.run()
    assert doc.state == "Done"
    (row,) = report_of(doc)
    assert (row["kind"], row["reason"]) == ("customers", "was_there")
    assert len(moving.tickets()) == 1


def test_a_check_says_all_and_keeps_nothing(moving):
    tables = ("HD Customer", "Contact", "Beesender Support Plan", "HD Ticket")
    before = {
        each: frappe.db.count(each) for each in (*tables, "Beesender Imported Record")
    }
    files = moving.files(
        cases="Number;Account;Category;Priority;Registration date\n"
        f"1;{moving.customer};Incident;Odd;3/4/2026\n"
        f"2;{moving.customer};Incident;Low;20.03.2026\n"
        "3;Nobody at all;Incident;Low;20.03.2026\n"
    )
    doc = moving.run(files, only_check=True)
    assert doc.state == "Checked"
    assert "Plans: 1 made" in doc.summary
    assert "Tickets: 1 made, 0 skipped, 2 in doubt." in doc.summary
    assert [(each["row"], each["reason"]) for each in report_of(doc)] == [
        ("2", "unknown_name"),
        ("2", "ambiguous_date"),
        ("4", "not_listed"),
    ]
    assert before == {each: frappe.db.count(each) for each in before}


def test_a_row_that_the_site_refuses_keeps_none_of_the_others(moving):
    too_long = "x" * 200
    files = moving.files(
        accounts=f"Name\n{too_long}\n{moving.customer}\n", agreements="", cases=""
    )
    doc = moving.run(files)
    assert doc.state == "Done"
    (row,) = report_of(doc)
    assert (row["row"], row["outcome"], row["reason"]) == ("2", "in doubt", "refused")
    assert frappe.db.exists("HD Customer", moving.customer)


def test_a_sold_plan_of_then_comes_before_a_draft(moving):
    make_customer(moving.customer)
    plan = make_plan(moving.customer, [])
    moving.run()
    (ticket,) = moving.tickets()
    assert ticket.beesender_plan == plan.name


def test_a_file_that_is_no_export_is_said(moving):
    doc = moving.run({f"odd-{moving.mark}.csv": "a,b\n1,2\n"})
    assert doc.state == "Done"
    assert "columns" in doc.summary


def test_a_mapping_that_means_nothing_is_refused(moving):
    for text in ("{", '{"words": {"colour": {}}}'):
        with pytest.raises(frappe.ValidationError):
            moving.doc(mapping=text)
    with pytest.raises(frappe.ValidationError):
        moving.doc(time_zone="Mars")


def test_a_file_that_one_may_not_read_is_refused(moving):
    secret = save_file("secret.csv", b"Name\nx\n", None, None, is_private=1)
    frappe.set_user(make_agent_manager())
    with pytest.raises(frappe.ValidationError, match="may not read"):
        frappe.get_doc(
            {
                "doctype": "Beesender Import",
                "source": "Creatio",
                "files": [{"file": secret.file_url}],
            }
        ).insert()


def test_a_file_of_the_same_content_that_is_anothers_keeps_nobody_from_their_own(
    moving,
):
    text = moving.files()[f"accounts-{moving.mark}.csv"].encode()
    frappe.set_user(make_agent_manager())
    own = save_file(f"{moving.mark}.csv", text, None, None, is_private=1)
    frappe.set_user("Administrator")
    others = save_file(f"{moving.mark}.csv", text, None, None, is_private=1)
    assert others.file_url == own.file_url
    assert others.name != own.name
    frappe.db.set_value("File", own.name, "creation", "2026-01-01 00:00:00")
    frappe.set_user(own.owner)
    assert import_runs.readable_file(own.file_url).name == own.name


def test_a_run_that_failed_says_what_it_made_before(moving, monkeypatch):
    take = import_runs._Run._take

    def fail_at_tickets(self, lot):
        if lot[0].kind == "tickets":
            raise RuntimeError("the machine")
        take(self, lot)

    monkeypatch.setattr(import_runs._Run, "_take", fail_at_tickets)
    make_customer(moving.customer)
    with transactions_within_the_test():
        doc = moving.run()
    assert doc.state == "Failed"
    assert "It failed." in doc.summary
    assert "Contacts: 1 made, 0 skipped, 0 in doubt." in doc.summary
    assert "Tickets" not in doc.summary
    assert [each["reason"] for each in report_of(doc)] == ["was_there"]
    assert frappe.db.exists("Contact Email", {"email_id": moving.address})


def test_a_check_that_failed_does_not_say_that_anything_stays(moving, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("the machine")

    monkeypatch.setattr(import_runs._Run, "_note_progress", fail)
    with transactions_within_the_test():
        name = moving.doc().name
        frappe.db.commit()
        run_now(name, only_check=True)
    doc = frappe.get_doc("Beesender Import", name)
    assert doc.state == "Failed"
    assert "It failed; look into the Error Log." in doc.summary
    assert "nothing was kept" in doc.summary
    assert not frappe.db.exists("HD Customer", moving.customer)


def test_a_report_that_cannot_be_stored_ends_the_run_all_the_same(moving, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError("no space left")

    doc = moving.doc()
    monkeypatch.setattr(import_runs, "save_file", full)
    make_customer(moving.customer)
    with transactions_within_the_test():
        run_now(doc.name, only_check=False)
    doc.reload()
    assert (doc.state, doc.report) == ("Failed", "")


@pytest.mark.parametrize("muted", [True, False])
def test_a_run_leaves_mail_as_muted_as_it_was(moving, monkeypatch, muted):
    monkeypatch.setitem(frappe.flags, "mute_emails", muted)
    moving.run(only_check=True)
    assert frappe.flags.mute_emails is muted


def test_who_may_start_an_import(moving):
    from beesender_support.api.desk import start_import

    doc = moving.doc()
    frappe.set_user(make_agent())
    with pytest.raises(frappe.PermissionError):
        start_import(doc.name)


def test_a_run_at_work_is_not_started_again(moving):
    doc = moving.doc()
    import_runs.start(doc.name, only_check=True)
    with pytest.raises(frappe.ValidationError, match="is being imported"):
        import_runs.start(doc.name, only_check=False)


# A job that is killed


def silent_for(name, length, state="Running"):
    values = {"state": state, "alive_at": to_column(now() - length)}
    frappe.db.set_value("Beesender Import", name, values)


def state_of(name):
    return frappe.db.get_value("Beesender Import", name, "state")


def test_who_started_an_import_that_was_killed_is_told_once(moving):
    doc, manager = moving.doc(), make_agent_manager()
    with session_of(manager):
        import_runs.start(doc.name, only_check=False)
    silent_for(doc.name, timedelta(seconds=90))
    import_runs.report_dead()
    assert state_of(doc.name) == "Running"
    silent_for(doc.name, timedelta(seconds=150))
    import_runs.report_dead()
    import_runs.report_dead()
    doc.reload()
    assert doc.state == "Stopped"
    assert "stopped from outside" in doc.summary
    told = frappe.get_all("Notification Log", {"for_user": manager}, pluck="subject")
    assert told == [f"{doc.name}: Stopped"]


def test_an_import_may_wait_in_a_busy_queue(moving):
    doc = moving.doc()
    for length, state in (
        (LONGEST_QUEUE - timedelta(minutes=1), "Queued"),
        (LONGEST_QUEUE + timedelta(minutes=1), "Stopped"),
    ):
        silent_for(doc.name, length, "Queued")
        import_runs.report_dead()
        assert state_of(doc.name) == state


def run_of(name):
    return frappe.db.get_value("Beesender Import", name, "run")


def test_a_job_that_lay_in_the_queue_for_too_long_does_nothing(moving):
    doc = moving.doc()
    import_runs.start(doc.name, only_check=False)
    first = run_of(doc.name)
    silent_for(doc.name, LONGEST_QUEUE + timedelta(minutes=1), "Queued")
    import_runs.report_dead()
    with transactions_within_the_test():
        # With the files, which a rollback would take away.
        frappe.db.commit()
        import_runs.run(doc.name, False, first)
    assert state_of(doc.name) == "Stopped"
    import_runs.start(doc.name, only_check=False)
    with transactions_within_the_test():
        import_runs.run(doc.name, False, first)
    assert state_of(doc.name) == "Queued"
    assert not frappe.db.exists("HD Customer", moving.customer)
    with transactions_within_the_test():
        import_runs.run(doc.name, False, run_of(doc.name))
    assert state_of(doc.name) == "Done"


@pytest.mark.parametrize("only_check", [True, False])
def test_a_run_that_was_reported_dead_ends_and_says_nothing(
    moving, monkeypatch, only_check
):
    doc, take = moving.doc(), import_runs._Run._take

    def fall_silent(self, lot):
        take(self, lot)
        silent_for(doc.name, import_runs.SILENCE + timedelta(seconds=1))
        import_runs.report_dead()
        frappe.db.commit()

    monkeypatch.setattr(import_runs._Run, "_take", fall_silent)
    # Of a check another connection asks, which sees nothing of this test.
    monkeypatch.setattr(import_runs.runs, "note_apart", import_runs.runs.is_own)
    monkeypatch.setattr(import_runs, "BEAT", timedelta(0))
    make_customer(moving.customer)
    with transactions_within_the_test():
        run_now(doc.name, only_check)
    assert state_of(doc.name) == "Stopped"
    assert not frappe.db.exists("Contact Email", {"email_id": moving.address})
    of_run = {"document_name": doc.name}
    told = frappe.get_all("Notification Log", of_run, pluck="subject")
    assert all("Stopped" in each for each in told)


def test_a_check_that_was_killed_blocks_another_for_two_minutes_at_most(
    moving, monkeypatch
):
    class Killed(BaseException):
        pass

    def kill(*_arguments):
        raise Killed

    doc = moving.doc()
    import_runs.start(doc.name, only_check=True)
    monkeypatch.setattr(import_runs._Run, "_take", kill)
    with pytest.raises(Killed):
        run_now(doc.name, only_check=True)
    assert state_of(doc.name) == "Running"
    with pytest.raises(frappe.ValidationError, match="is being imported"):
        import_runs.start(doc.name, only_check=True)
    silent_for(doc.name, import_runs.SILENCE + timedelta(seconds=1))
    import_runs.start(doc.name, only_check=True)
    assert state_of(doc.name) == "Queued"


def is_alive(name):
    return import_runs.runs.is_alive(
        frappe.db.get_value(
            "Beesender Import", name, ["state", "alive_at"], as_dict=True
        ),
        import_runs.SILENCE,
    )


def a_long_check():
    """Whether others see that it lives after a lot that took long, how it ended, and
    whether what it made is there."""
    moving, an_hour, seen = Moving(), timedelta(hours=1), []
    doc = moving.doc(moving.files(contacts="", agreements="", cases=""))
    frappe.db.commit()
    note_progress = import_runs._Run._note_progress

    def after_a_long_lot(self, done):
        in_process(silent_for, doc.name, an_hour)
        seen.append(in_process(is_alive, doc.name))
        self._beat -= an_hour
        note_progress(self, done)
        seen.append(in_process(is_alive, doc.name))

    import_runs._Run._note_progress = after_a_long_lot
    run_now(doc.name, only_check=True)
    ended = (state_of(doc.name), frappe.db.exists("HD Customer", moving.customer))
    frappe.delete_doc("Beesender Import", doc.name, force=True)
    for row in doc.files:
        frappe.delete_doc("File", {"file_url": row.file}, force=True)
    frappe.db.delete("Notification Log", {"document_name": doc.name})
    return seen, *ended


def test_a_check_says_that_it_lives_and_commits_nothing_else(site):
    assert in_process(a_long_check) == ([False, True], "Checked", None)


def test_a_check_waits_for_nobody_to_say_that_it_lives(moving):
    """The record of this test is locked: nobody has committed it."""
    doc, own = moving.doc(), frappe.local.db
    silent_for(doc.name, timedelta(hours=1))
    assert import_runs.runs.note_apart("Beesender Import", doc.name, "now")
    assert frappe.local.db is own
    assert not is_alive(doc.name)
