"""Files as spreadsheets and helpdesks write them."""

import builtins
import csv
import io
import json
import os
import subprocess
import threading
from datetime import date, datetime

import pytest

from beesender_support.tests.cli.command import (
    COMMAND,
    NOW,
    PLAN,
    TICKET,
    Desk,
    run,
    run_for_real,
)

DUE = "2026-11-23T12:30:00+03:00"
UTF_8_MARK = b"\xef\xbb\xbf"
CYRILLIC = {"customer": "Завод «Йод», филиал", "ticket": "Заявка-№1"}


def table(*rows: dict, delimiter: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(rows[0]), delimiter=delimiter, lineterminator=line_end
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def due_by(desk: Desk) -> str:
    (record,) = desk.decide()
    return record["response_due"]


class TestDelimiters:
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=ascii)
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_delimiter_is_recognised_in_both_files(self, desk, delimiter, line_end):
        form = {"delimiter": delimiter, "line_end": line_end}
        desk.tickets.write_text(table(TICKET, **form), newline="")
        desk.plans.write_text(table(PLAN, **form), newline="")
        assert due_by(desk) == DUE

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("line", ["sep={}\r\n", '"sep={}"\n', "SEP={};;;\r\n"])
    def test_a_first_line_may_name_it(self, desk, delimiter, line):
        text = line.format(delimiter) + table(TICKET, delimiter=delimiter)
        desk.tickets.write_bytes(UTF_8_MARK + text.encode())
        assert due_by(desk) == DUE

    def test_the_line_that_names_it_counts_as_a_row(self, desk):
        text = table({**TICKET, "priority": "P9"}, delimiter=";")
        desk.tickets.write_text(f"sep=;\n{text}")
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 3: priority: 'P9'")

    def test_other_delimiters_may_stand_in_the_header_and_in_cells(self, desk):
        ticket = {"note, or remark, or both": 'a; b, "c"\td\nand so on', **TICKET}
        for delimiter in ",;\t":
            desk.tickets.write_text(table(ticket, delimiter=delimiter))
            assert due_by(desk) == DUE

    def test_lines_that_say_nothing_may_come_first(self, desk):
        desk.tickets.write_text(f"\n;;;;\n \n{table(TICKET, delimiter=';')}")
        assert due_by(desk) == DUE

    def test_a_header_of_other_columns_is_told_with_what_was_found(self, desk):
        desk.tickets.write_text("Ключ;Проект\n1;2\n")
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 1: no header. Needed: ticket,")
        assert "Found: 'ключ', 'проект'" in line

    @pytest.mark.parametrize("encoding", ["utf-16-le", "cp1251", "koi8-r"])
    def test_a_header_in_another_encoding_is_told_with_what_to_do(self, desk, encoding):
        desk.tickets.write_bytes("Ключ;Проект\n1;2\n".encode(encoding))
        (line,) = desk.faults()
        assert "no header. Needed: ticket," in line
        assert "--encoding cp1251" in line


class TestEncodings:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize(
        ("encoding", "mark"),
        [
            ("utf-8", b""),
            ("utf-8", UTF_8_MARK),
            ("utf-16-le", b"\xff\xfe"),
            ("utf-16-be", b"\xfe\xff"),
            ("utf-32-le", b"\xff\xfe\x00\x00"),
        ],
    )
    @pytest.mark.parametrize("options", [(), ("--encoding", "cp1251")])
    def test_unicode_is_read_by_its_mark(
        self, desk, encoding, mark, delimiter, options
    ):
        ticket, plan = (
            {**TICKET, **CYRILLIC},
            {
                **PLAN,
                "customer": "ЗАВОД «ЙОД», филиал",
            },
        )
        for path, row in ((desk.tickets, ticket), (desk.plans, plan)):
            path.write_bytes(mark + table(row, delimiter=delimiter).encode(encoding))
        (record,) = desk.decide(*options)
        assert (record["ticket"], record["tier"]) == ("Заявка-№1", "Basic")

    @pytest.mark.parametrize("encoding", ["cp1251", "CP1251", "windows-1251", "koi8-r"])
    def test_another_encoding_is_read_where_it_is_named(self, desk, encoding):
        customer = {"customer": "Завод Йод"}
        desk.tickets.write_bytes(
            table({**TICKET, **customer}, delimiter=";").encode(encoding)
        )
        desk.put_plans(customer)
        (record,) = desk.decide("--encoding", encoding)
        assert record["tier"] == "Basic"

    def test_an_encoding_that_was_not_named_is_told_with_what_to_do(self, desk):
        text = table({**TICKET, "customer": "Завод Йод"}, delimiter=";")
        desk.tickets.write_bytes(text.encode("cp1251"))
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 2: customer: ")
        assert "UTF-8" in line
        assert "--encoding cp1251" in line

    @pytest.mark.parametrize("name", ["cp12510", "hex", "base64", "rot13", "\0", "-"])
    def test_an_encoding_that_nobody_knows_is_told(self, desk, name):
        (line,) = desk.faults("--encoding", name)
        assert line.startswith("Error: --encoding: ")
        assert "cp1251" in line

    @pytest.mark.parametrize("end", [b"\x00", b"\x00\xd8\x41\x00"])
    def test_broken_utf_16_is_told(self, desk, end):
        text = table(TICKET).encode("utf-16-le")
        desk.tickets.write_bytes(b"\xff\xfe" + text + end)
        (line,) = desk.faults()
        assert "no text from here on" in line


class TestRows:
    def test_optional_cells_may_be_missing_at_the_end(self, desk):
        header, row = table(TICKET).splitlines()
        answered = "2026-11-20T17:45:00+03:00"
        rows = [f"{row.replace('HD-1', f'HD-{i}')}" for i in range(16)]
        rows = [f"{each}{answered}" for each in rows]
        rows += [row.replace("HD-1", f"HD-{i}").rstrip(",") for i in range(16, 40)]
        desk.tickets.write_text("\n".join([header, *rows]))
        states = [record["response_state"] for record in desk.decide()]
        assert states == ["met"] * 16 + ["breached"] * 24

    def test_optional_cells_of_a_plan_may_be_missing_too(self, desk):
        order = "customer tier time_zone starts_on authorized_contacts ends_on holidays"
        desk.plans.write_text(
            f"{order.replace(' ', ';')}\n"
            "Acme Telecom;Basic;GMT+3;2026-01-01;anna@acme.example.com\n"
        )
        assert due_by(desk) == DUE
        desk.plans.write_text(
            f"{order.replace(' ', ',')},status\n"
            "Acme Telecom,Basic,GMT+3,2026-01-01,anna@acme.example.com\n"
        )
        assert due_by(desk) == DUE

    def test_a_needed_cell_may_not_be_missing(self, desk):
        header, row = table(TICKET).splitlines()
        desk.tickets.write_text(f"{header}\n{row.rpartition('2026')[0].rstrip(',')}\n")
        (line,) = desk.faults()
        assert "row 2: 6 cells. Allowed: 8, as on top" in line

    def test_ignored_cells_may_be_missing_and_empty_ones_too_many(self, desk):
        header, row = table(TICKET).splitlines()
        desk.tickets.write_text(f"{header},note,link\n{row}\n")
        assert due_by(desk) == DUE
        desk.tickets.write_text(f"{header}\n{row},, ,\n")
        assert due_by(desk) == DUE

    def test_a_cell_too_many_is_no_status_of_a_plan(self, desk):
        text = table(PLAN, line_end="\n")
        desk.plans.write_text(f"{text.rstrip()},Draft\n{text.splitlines()[1]},,\n")
        (line,) = desk.faults()
        assert line == f"{desk.plans}, row 2: 8 cells. Allowed: 7, as on top"

    def test_rows_of_delimiters_and_blanks_are_no_rows(self, desk):
        text = table(TICKET)
        desk.tickets.write_text(f"{text},,,,,,,\n , ,,\xa0,\n,\n{',' * 30}\n\n")
        assert due_by(desk) == DUE

    @pytest.mark.parametrize("length", [131_072, 131_073, 1_000_000])
    def test_cells_may_be_of_any_length(self, desk, length):
        limit = csv.field_size_limit()
        desk.put_tickets({"description": "x" * length, "contact": "x" * length}, {})
        result = desk.triage("--format", "json")
        assert result.exit_code == 0
        held, accepted = map(json.loads, result.stdout.splitlines())
        assert held["reason"] == "contact_not_authorized"
        assert accepted["response_due"] == DUE
        assert csv.field_size_limit() == limit

    def test_faults_of_a_kind_are_counted_after_the_first_twenty(self, desk):
        wrong = {"category": "Outage", "opened_at": "yesterday"}
        desk.put_tickets(*([wrong] * 1_254), {"priority": "P9"}, {"opened_at": "2026"})
        lines = desk.faults()
        assert len([line for line in lines if ": 'Outage'" in line]) == 20
        assert len([line for line in lines if ": 'yesterday'" in line]) == 20
        assert len([line for line in lines if ": 'P9'" in line]) == 1
        assert lines[-2:] == [
            f"{desk.tickets}: category: ... and 1,234 more of this kind.",
            f"{desk.tickets}: opened_at: ... and 1,235 more of this kind.",
        ]
        assert len(lines) == 43

    def test_files_may_be_pipes(self, desk):
        pipe = desk.folder / "pipe"
        os.mkfifo(pipe)
        content = UTF_8_MARK + desk.tickets.read_bytes()
        writer = threading.Thread(target=pipe.write_bytes, args=(content,))
        writer.start()
        ran = run_for_real("triage", pipe, "--plans", desk.plans, "--now", NOW)
        writer.join()
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "HD-1" in ran.stdout


class TestStamps:
    @pytest.mark.parametrize(
        "stamp",
        [
            "20261120120000Z",
            "20261120120000+0300",
            "2026-11-20+03:00",
            "2026-11-20-05:00",
            "2026-11-20T09:30:00x+03:00",
            "2026-11-20T24:00:00+03:00",
            "2026-11-20T23:59:60+03:00",
            "٢٠٢٦-11-20T17:30:00+03:00",
            "2026-W47-5T17:30:00+03:00",
            "46346.729",
        ],
        ids=ascii,
    )
    @pytest.mark.parametrize("column", ["opened_at", "first_responded_at"])
    def test_what_only_looks_like_a_stamp_is_told(self, desk, column, stamp):
        desk.put_tickets({column: stamp})
        (line,) = desk.faults("--time-zone", "GMT+3")
        assert line.startswith(f"{desk.tickets}, row 2: {column}: {stamp!r}")
        assert "Allowed: a date and time such as 2026-11-20T17:30:00+03:00" in line
        assert desk.triage("--now", stamp, "--time-zone", "GMT+3").exit_code == 2
        deadline = ("--tier", "Basic", "--category", "Incident", "--time-zone", "GMT+3")
        asked = run("deadline", *deadline, "--opened", stamp)
        assert asked.exit_code == 2
        assert asked.stderr.startswith(f"Error: opened: {stamp!r}")

    @pytest.mark.parametrize("day", ["20261231", "2026-W53-4", "2026-365", "2026-12"])
    @pytest.mark.parametrize("column", ["starts_on", "ends_on"])
    def test_what_only_looks_like_a_date_is_told(self, desk, column, day):
        desk.put_plans({column: day})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 2: {column}: {day!r}")

    def test_a_plan_may_last_as_long_as_dates_do(self, desk):
        desk.put_plans({"starts_on": "0001-01-01", "ends_on": "9999-12-31"})
        assert due_by(desk) == DUE


class TestWorkbooks:
    @pytest.fixture(autouse=True)
    def openpyxl(self):
        self.openpyxl = pytest.importorskip("openpyxl")

    def put(self, path, *rows, date_format=None):
        book = self.openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(row)
        for cell in (cell for line in sheet for cell in line):
            if date_format and cell.is_date:
                cell.number_format = date_format
        book.create_sheet("Another").append(["ticket", "of another sheet"])
        book.save(path)

    def test_both_files_may_be_workbooks(self, desk):
        desk.tickets = desk.folder / "tickets.xlsx"
        desk.plans = desk.folder / "plans.xlsx"
        self.put(
            desk.tickets,
            [*TICKET, "Note"],
            [*TICKET.values(), "=1+1"],
            [],
            [1001, *list(TICKET.values())[1:6], datetime(2026, 11, 20, 17, 30)],
        )
        plan = {
            **PLAN,
            "starts_on": date(2026, 1, 1),
            "ends_on": datetime(2026, 12, 31),
        }
        self.put(desk.plans, list(plan), list(plan.values()))
        first, second = desk.decide("--time-zone", "GMT+3")
        assert first["response_due"] == second["response_due"] == DUE
        assert second["ticket"] == "1001"

    def test_a_date_that_is_the_only_holiday_is_read(self, desk):
        self.put(
            desk.plans, list(PLAN), [*list(PLAN.values())[:-1], date(2026, 11, 23)]
        )
        assert due_by(desk) == "2026-11-24T12:30:00+03:00"

    def test_a_time_of_day_needs_a_zone(self, desk):
        opened = datetime(2026, 11, 20, 17, 30)
        self.put(desk.tickets, list(TICKET), [*list(TICKET.values())[:6], opened])
        (line,) = desk.faults()
        assert line.startswith(f"{desk.tickets}, row 2: opened_at: ")
        assert "Add one, such as +03:00" in line

    def test_midnight_is_a_time_only_where_the_cell_shows_it(self, desk):
        row = [*list(TICKET.values())[:6], datetime(2026, 11, 20)]
        self.put(desk.tickets, list(TICKET), row, date_format="yyyy-mm-dd hh:mm")
        (record,) = desk.decide("--time-zone", "GMT+3")
        assert record["response_due"] == "2026-11-20T13:00:00+03:00"
        self.put(desk.tickets, list(TICKET), row, date_format='[$-419]d "дней" mmmm;@')
        (line,) = desk.faults("--time-zone", "GMT+3")
        assert "opened_at: '2026-11-20' is not valid" in line

    def test_a_date_is_one_also_where_its_cell_shows_a_time(self, desk):
        plan = {**PLAN, "starts_on": datetime(2026, 1, 1)}
        self.put(
            desk.plans,
            list(plan),
            list(plan.values()),
            date_format="yyyy-mm-dd hh:mm:ss",
        )
        assert due_by(desk) == DUE

    def test_faults_are_told_by_row(self, desk):
        self.put(desk.tickets, [], list(TICKET), [], ["HD-1", "Acme"])
        (line,) = desk.faults()
        assert line == f"{desk.tickets}, row 4: 2 cells. Allowed: 8, as on top"

    def test_a_broken_workbook_is_told(self, desk):
        self.put(desk.tickets, list(TICKET))
        content = desk.tickets.read_bytes()
        for broken in (
            content[: len(content) // 2],
            content.replace(b"sheet", b"shoot"),
        ):
            desk.tickets.write_bytes(broken)
            (line,) = desk.faults()
            assert line.startswith(f"{desk.tickets}")
            assert "workbook" in line

    def test_without_the_library_it_is_told_what_to_do(self, desk, monkeypatch):
        self.put(desk.tickets, list(TICKET))
        imported = builtins.__import__

        def without_openpyxl(name, *rest):
            if name == "openpyxl":
                raise ImportError(name)
            return imported(name, *rest)

        monkeypatch.setattr(builtins, "__import__", without_openpyxl)
        (line,) = desk.faults()
        assert "beesender_support[excel]" in line
        assert "save it in Excel as CSV UTF-8" in line


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel workbook"),
        (b"<html><body><table>", "is a web page"),
        (UTF_8_MARK + b'\r\n<?xml version="1.0"?>', "is a web page"),
    ],
)
def test_what_is_no_table_is_refused_by_name(desk, content, what):
    desk.tickets.write_bytes(content)
    (line,) = desk.faults()
    assert line.startswith(f"{desk.tickets}: ")
    assert what in line
    assert "CSV UTF-8" in line


def test_a_terminal_shows_progress_of_any_file(desk):
    pty = pytest.importorskip("pty")
    desk.tickets.write_bytes(b"\xff\xfe" + table(TICKET).encode("utf-16-le"))
    ours, theirs = pty.openpty()
    command = [*COMMAND, "triage", desk.tickets, "--plans", desk.plans, "--now", NOW]
    terminal = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=terminal)
    assert ran.returncode == 0
    assert DUE.encode() in ran.stdout
    assert b"Reading" in os.read(ours, 100_000)
