"""Faulty input: every fault told in one line, status 2, and nothing written."""

import errno
import os
import subprocess
from subprocess import PIPE

import pytest

from beesender_support.tests.cli.command import COMMAND, NOW, run, run_for_real


class TestCells:
    @pytest.mark.parametrize(
        ("column", "value", "allowed"),
        [
            ("ticket", "", "not empty"),
            ("customer", "", "not empty"),
            ("contact", "anna@acme.example, boris@acme.example", "one address"),
            ("category", "", "Consultation, Incident, Paid enhancement request"),
            ("category", "Outage", "Consultation, Incident, Paid enhancement request"),
            ("priority", "P5", "P1, P2, P3, P4"),
            ("channel", "", "portal, email, chatbot, widget, agent"),
            ("channel", "fax", "portal, email, chatbot, widget, agent"),
            ("opened_at", "", "2026-11-20T17:30:00+03:00"),
            ("opened_at", "yesterday", "2026-11-20T17:30:00+03:00"),
            ("opened_at", "2026-11-31T10:00:00Z", "2026-11-20T17:30:00+03:00"),
            ("opened_at", "2026-11-20", "2026-11-20T17:30:00+03:00"),
            ("opened_at", "2026-11-20T10:00:00", "+03:00"),
            ("opened_at", "0001-01-01T00:00:00+14:00", "1900 to 2999"),
            ("opened_at", "9999-12-31T23:59:59Z", "1900 to 2999"),
            ("first_responded_at", "soon", "2026-11-20T17:30:00+03:00"),
        ],
    )
    def test_a_cell_of_a_ticket_is_told_with_what_is_allowed(
        self, desk, column, value, allowed
    ):
        desk.put_tickets({}, {column: value})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 3: {column}: {value!r} ")
        assert allowed in line

    @pytest.mark.parametrize(
        ("column", "value", "allowed"),
        [
            ("customer", "", "not empty"),
            ("tier", "Gold", "Basic, Business, Premium"),
            ("time_zone", "", "Europe/Berlin"),
            ("time_zone", "GMT+25", "GMT+3"),
            ("starts_on", "", "2026-12-31"),
            ("starts_on", "01.02.2026", "2026-12-31"),
            ("ends_on", "never", "2026-12-31"),
            ("ends_on", "2025-12-31", "before 2026-01-01"),
        ],
    )
    def test_a_cell_of_a_plan_is_told_with_what_is_allowed(
        self, desk, column, value, allowed
    ):
        desk.put_plans({}, {column: value})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 3: {column}: {value!r} ")
        assert allowed in line

    def test_a_holiday_that_is_no_date_is_told(self, desk):
        desk.put_plans({"holidays": "2026-12-25;Christmas"})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 2: holidays: 'Christmas' ")

    def test_an_answer_before_the_question_is_told(self, desk):
        desk.put_tickets({"first_responded_at": "2026-11-20T17:29:59+03:00"})
        (line,) = desk.faults()
        assert "row 2: first_responded_at: " in line
        assert "2026-11-20T17:30:00+03:00) or later" in line

    def test_every_fault_of_both_files_is_told(self, desk):
        desk.put_plans({"tier": "Gold", "starts_on": "?"}, {"time_zone": "Mars"})
        desk.put_tickets({"category": "?", "channel": "fax"}, {}, {"priority": "P0"})
        assert [line.split(": ")[:2] for line in desk.faults()] == [
            [f"{desk.plans}, row 2", "tier"],
            [f"{desk.plans}, row 2", "starts_on"],
            [f"{desk.plans}, row 3", "time_zone"],
            [f"{desk.tickets}, row 2", "channel"],
            [f"{desk.tickets}, row 2", "category"],
            [f"{desk.tickets}, row 4", "priority"],
        ]

    def test_a_value_of_several_lines_is_told_in_one(self, desk):
        desk.put_tickets({"category": "two\nlines\x1b[31m" + "x" * 1_000})
        (line,) = desk.faults()
        assert "'two\\nlines\\x1b[31mxxx" in line
        assert len(line) < 400


class TestFiles:
    def test_a_row_number_is_the_line_an_editor_shows(self, desk):
        header, row = desk.tickets.read_text().splitlines()
        note = f'{row},"a note\r\nof three\nlines"'
        bad = f"{row},note".replace("P1", "P9")
        lines = [f"{header},note", note, "", note, bad]
        desk.tickets.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 9: priority: 'P9'")

    def test_each_missing_column_is_told(self, desk):
        desk.tickets.write_text("ticket,customer,contact,category,priority,channel\n")
        first, second = desk.faults()
        assert "row 1: column opened_at is missing" in first
        assert "row 1: column first_responded_at is missing" in second

    def test_a_column_that_is_there_twice_is_told(self, desk):
        header, row = desk.tickets.read_text().splitlines()
        desk.tickets.write_text(f"{header},Ticket\n{row},HD-2\n")
        (line,) = desk.faults()
        assert "column ticket is there twice" in line

    @pytest.mark.parametrize(
        "content", [b"", b"\xef\xbb\xbf", b"\n\n", b"PK\x03\x04\0", b";;\n,,\n"]
    )
    def test_a_file_without_a_header_is_told(self, desk, content):
        desk.plans.write_bytes(content)
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}")
        assert "no header. Needed: customer, tier, time_zone" in line

    def test_rows_with_cells_too_many_or_too_few_are_told(self, desk):
        text = desk.tickets.read_text()
        desk.tickets.write_text(f"{text}HD-2,Acme\n{text.splitlines()[1]},more\n")
        short, long = desk.faults()
        assert "row 3: 2 cells. Allowed: 8" in short
        assert "row 4: 9 cells. Allowed: 8" in long

    @pytest.mark.parametrize("byte", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\0"])
    def test_bytes_that_are_no_text_are_told_where_they_are(self, desk, byte):
        content = desk.tickets.read_bytes()
        desk.tickets.write_bytes(content.replace(b"anna", b"ann" + byte))
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 2: contact: 'ann")
        assert "UTF-8" in line

    def test_a_quote_that_is_never_closed_is_told(self, desk):
        desk.tickets.write_text(desk.tickets.read_text() + '"HD-2,\nrest of the file\n')
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 3: not CSV from here on")

    def test_missing_files_and_folders_are_told(self, desk):
        desk.tickets.unlink()
        desk.plans.unlink()
        desk.plans.mkdir()
        plans, tickets = desk.faults()
        assert plans == f"{desk.plans}: cannot be read: {os.strerror(errno.EISDIR)}"
        assert tickets == f"{desk.tickets}: cannot be read: {os.strerror(errno.ENOENT)}"


class TestOptions:
    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--now", "noon"),
            ("--now", "2026-11-23T12:00:00"),
            ("--time-zone", "Mars/Base"),
            ("--output", "missing/folder/file"),
            ("--output", "."),
        ],
    )
    def test_a_wrong_option_is_told_in_one_line(self, desk, option, value):
        result = desk.triage(option, value)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert option in line
        assert value in line

    @pytest.mark.parametrize("arguments", [(), ("--format", "xml")])
    def test_bad_usage_ends_with_status_two(self, desk, arguments):
        result = run("triage", desk.tickets, *arguments)
        assert (result.exit_code, result.stdout) == (2, "")

    def test_output_never_replaces_an_input(self, desk):
        before = desk.tickets.read_text()
        result = desk.triage("--output", desk.tickets)
        assert result.exit_code == 2
        assert "also an input" in result.stderr
        assert desk.tickets.read_text() == before


class TestRealRuns:
    def test_a_closed_pipe_ends_quietly(self, desk):
        desk.put_tickets(*({"ticket": f"HD-{number}"} for number in range(5_000)))
        command = [
            *COMMAND,
            "triage",
            desk.tickets,
            "--plans",
            desk.plans,
            "--now",
            NOW,
        ]
        with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as running:
            assert running.stdout.readline().startswith("TICKET")
            running.stdout.close()
            assert running.stderr.read() == ""

    def test_a_terminal_shows_progress_with_faults_on_lines_of_their_own(self, desk):
        pty = pytest.importorskip("pty")
        desk.put_tickets({"category": "Outage"})
        ours, theirs = pty.openpty()
        command = [*COMMAND, "triage", desk.tickets, "--plans", desk.plans]
        terminal = {**os.environ, "TERM": "xterm", "COLUMNS": "500"}
        ran = subprocess.run(command, stdout=PIPE, stderr=theirs, env=terminal)
        shown = os.read(ours, 100_000).decode()
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert "Reading" in shown
        (line,) = [each for each in shown.splitlines() if "Outage" in each]
        assert "row 2: category: " in line
        assert "Reading" not in line

    def test_a_full_device_is_told_in_one_line(self, desk):
        if not os.path.exists("/dev/full"):
            pytest.skip("no /dev/full here")
        ran = run_for_real(
            *("triage", desk.tickets, "--plans", desk.plans, "--output", "/dev/full")
        )
        assert ran.returncode == 2
        assert ran.stderr == f"Error: {os.strerror(errno.ENOSPC)}\n"

    def test_faults_go_to_stderr_with_nothing_on_stdout(self, desk):
        desk.put_tickets({"category": "Outage"})
        ran = run_for_real("triage", desk.tickets, "--plans", desk.plans)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert len(ran.stderr.splitlines()) == 1

    def test_text_of_any_script_is_written_whatever_the_locale(self, desk):
        desk.put_tickets({"ticket": "Заявка", "category": "Сбой"})
        ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
        ran = run_for_real(
            *("triage", desk.tickets, "--plans", desk.plans), env=ascii_only
        )
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "Traceback" not in ran.stderr
