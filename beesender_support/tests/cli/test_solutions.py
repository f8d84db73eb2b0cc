"""What ``triage`` says of solutions, where the export and the plans have columns for
them."""

import csv
import json
from datetime import datetime

import pytest

from beesender_support.cli.output import FIELDS, FIELDS_WITH_SOLUTION
from beesender_support.tests.cli.command import NOW, PLAN, TICKET, write_rows

# Basic, GMT+3, opened on Friday at 17:30: 16 support hours end on Tuesday at 15:30.
SOLD = {"solution_hours": "P1=16"}
DUE = "2026-11-24T15:30:00+03:00"


def day(number: int, clock: str) -> str:
    return f"2026-11-{number}T{clock}+03:00"


def pause(number: int, start: str, end: str) -> str:
    return f"{day(number, start)}/{day(number, end)}"


@pytest.fixture
def solving(desk):
    desk.put_plans(SOLD)
    return desk


def solution(desk, *options, **changes) -> tuple:
    record = desk.decide_one(*options, **{"resolved_at": "", **changes})
    return tuple(
        record[name]
        for name in ("resolution_due", "resolution_state", "resolution_seconds")
    )


class TestColumns:
    def test_without_the_columns_the_output_is_what_it_was(self, solving):
        assert tuple(solving.decide_one()) == FIELDS

    @pytest.mark.parametrize("columns", [["resolved_at"], ["pauses"]])
    def test_either_column_brings_the_fields(self, desk, columns):
        record = desk.decide_one(**dict.fromkeys(columns, ""))
        assert tuple(record) == FIELDS_WITH_SOLUTION
        before = {name: record[name] for name in FIELDS}
        assert before == desk.decide_one()

    def test_the_fields_stand_before_the_explanation(self):
        assert FIELDS_WITH_SOLUTION[-4:] == (
            "resolution_due",
            "resolution_state",
            "resolution_seconds",
            "explanation",
        )

    def test_a_file_without_rows_has_the_columns_too(self, desk):
        write_rows(desk.tickets, [], [*TICKET, "pauses"])
        (header,) = csv.reader(desk.triage("--format", "csv").stdout.splitlines())
        assert tuple(header) == FIELDS_WITH_SOLUTION

    def test_csv_and_table_show_them(self, solving):
        solving.put_tickets({"resolved_at": day(24, "15:31:00")})
        lines = solving.triage("--format", "csv").stdout.splitlines()
        _header, row = csv.reader(lines)
        assert row[10:13] == [DUE, "breached", "57660"]
        heading, line = solving.triage().stdout.splitlines()
        assert heading.split("  ")[-1].strip() == "USED"
        assert "RESOLUTION DUE" in heading
        assert line.split()[-3:] == [DUE, "breached", "16:01"]

    def test_the_columns_may_stand_anywhere(self, solving):
        row = {"pauses": "", "resolved_at": day(24, "10:00:00"), **TICKET}
        write_rows(solving.tickets, [dict(reversed(row.items()))])
        (record,) = solving.decide()
        assert record["resolution_state"] == "met"

    def test_cells_missing_at_the_end_of_a_row_are_empty(self, solving):
        write_rows(solving.tickets, [{**TICKET, "resolved_at": "", "pauses": ""}])
        text = solving.tickets.read_text().rstrip()
        solving.tickets.write_text(text.rstrip(","))
        (record,) = solving.decide()
        assert record["resolution_due"] == DUE


class TestStates:
    @pytest.mark.parametrize(
        ("resolved_at", "state", "seconds"),
        [
            (day(20, "17:30"), "met", 0),
            (day(24, "15:30:00"), "met", 57_600),
            (day(24, "15:30:01"), "breached", 57_601),
            ("", "due", 27_000),
        ],
    )
    def test_a_solution_stands_as_the_clock_says(
        self, solving, resolved_at, state, seconds
    ):
        now = day(23, "16:00:00")
        stands = solution(solving, "--now", now, resolved_at=resolved_at)
        assert stands == (DUE, state, seconds)

    def test_what_is_not_sold_is_not_judged(self, desk):
        assert solution(desk, resolved_at=day(24, "10:00")) == (None, "none", None)

    def test_another_priority_is_not_judged_by_what_is_sold_for_one(self, solving):
        assert solution(solving, priority="P2") == (None, "none", None)

    def test_nothing_is_promised_to_a_held_request(self, solving):
        stands = solution(solving, contact="eve@acme.example.com")
        assert stands == (None, "none", None)

    def test_a_pause_moves_the_deadline_by_its_support_time(self, solving):
        paused = pause(23, "10:00", "14:00")
        stands = solution(solving, "--now", day(24, "10:00"), pauses=paused)
        assert stands == ("2026-11-25T10:30:00+03:00", "due", 23_400)

    def test_a_pause_at_night_moves_nothing(self, solving):
        at_night = f"{day(23, '18:00')}/{day(24, '09:00')}"
        assert solution(solving, pauses=at_night)[0] == DUE

    def test_several_pauses_may_be_given_in_any_order_and_touch(self, solving):
        one, other = pause(23, "10:00", "11:00"), pause(23, "11:00", "12:00")
        due = "2026-11-24T17:30:00+03:00"
        for pauses in (f"{one};{other}", f"{other}; {one};"):
            stands = solution(solving, "--now", day(24, "10:00"), pauses=pauses)
            assert stands[0] == due

    def test_a_pause_that_lasts_is_told_with_what_is_left(self, solving):
        changes = {"pauses": f"{day(23, '10:00')}/", "resolved_at": ""}
        record = solving.decide_one("--now", day(27, "10:00"), **changes)
        assert record["resolution_state"] == "paused"
        assert record["resolution_seconds"] == 5_400
        assert record["explanation"].endswith(
            "Basic solves P1 within 16 h of support time."
            " Paused since Mon 2026-11-23 10:00: 14 h 30 min is left."
        )

    def test_a_pause_that_outlasts_the_solution_ends_with_it(self, solving):
        for end in (day(25, "10:00"), ""):
            stands = solution(
                solving,
                pauses=f"{day(23, '10:00')}/{end}",
                resolved_at=day(24, "17:00"),
            )
            assert stands[1:] == ("met", 5_400)

    def test_a_pause_that_begins_with_the_solution_counts_nothing(self, solving):
        resolved = day(23, "10:00")
        with_pause = solution(solving, pauses=f"{resolved}/", resolved_at=resolved)
        assert with_pause == solution(solving, resolved_at=resolved)

    def test_an_open_ticket_is_counted_without_what_comes_after_now(self, solving):
        now = day(23, "10:00")
        paused = pause(23, "09:30", "11:00"), pause(23, "12:00", "13:00")
        assert solution(solving, "--now", now, pauses=paused[1]) == (DUE, "due", 5_400)
        assert solution(solving, "--now", now, pauses=";".join(paused))[1:] == (
            "paused",
            3_600,
        )

    def test_a_ticket_resolved_unanswered_grows_no_later(self, solving):
        """Due on Monday at 12:30, closed half an hour later."""
        changes = {"resolved_at": day(23, "13:00"), "pauses": ""}
        record = solving.decide_one("--now", day(30, "13:00"), **changes)
        assert record["response_state"] == "breached"
        assert record["response_seconds"] == 16_200

    def test_the_explanation_names_what_was_paused(self, solving):
        record = solving.decide_one(
            resolved_at=day(24, "12:00"), pauses=pause(23, "10:00", "14:00")
        )
        assert record["explanation"] == (
            "Basic answers P1 within 4 h of support time (Mon-Fri 09:00-18:00, GMT+3):"
            " by Mon 2026-11-23 12:30. Basic solves P1 within 16 h of support time, not"
            " counting 4 h in which it was paused: by Wed 2026-11-25 10:30."
        )

    def test_stamps_without_an_offset_are_read_in_the_zone_given(self, solving):
        stands = solution(
            solving,
            *("--time-zone", "GMT+3"),
            pauses="2026-11-23 10:00/2026-11-23 14:00",
            resolved_at="2026-11-24T12:00",
        )
        assert stands == ("2026-11-25T10:30:00+03:00", "met", 30_600)


class TestFaults:
    @pytest.mark.parametrize(
        ("pauses", "said"),
        [
            (day(23, "10:00"), "a start and an end such as"),
            ("soon/", "'soon' is not valid. Allowed: a date and time"),
            ("/", "'' is not valid. Allowed: a date and time"),
            (f"/{day(23, '10:00')}", "'' is not valid. Allowed: a date and time"),
            (f"{pause(23, '10:00', '11:00')}/", "Allowed: a date and time"),
            ("2026-11-23T10:00/", "no UTC offset"),
            (pause(23, "11:00", "10:00"), "Allowed: an end that is not before its"),
            (
                f"{pause(23, '10:00', '12:00')};{pause(23, '11:59', '13:00')}",
                "11:59:00+03:00/2026-11-23T13:00:00+03:00' is not valid. Allowed: a pause"
                " that does not overlap 2026-11-23T10:00:00+03:00/2026-11-23T12:00",
            ),
            (
                f"{day(23, '10:00')}/;{pause(23, '11:00', '12:00')}",
                "a pause that does not overlap 2026-11-23T10:00:00+03:00/.",
            ),
            (
                pause(20, "17:29", "17:40"),
                "Allowed: a start at opened_at (2026-11-20T17:30:00+03:00) or later",
            ),
            (
                pause(24, "17:01", "17:40"),
                "Allowed: a start at resolved_at (2026-11-24T17:00:00+03:00) or earlier",
            ),
        ],
    )
    def test_a_pause_that_cannot_be_is_told(self, solving, pauses, said):
        solving.put_tickets({"pauses": pauses, "resolved_at": day(24, "17:00")})
        (line,) = solving.faults()
        assert line.startswith(f"{solving.tickets}, row 2: pauses: ")
        assert said in line

    def test_a_solution_before_the_request_is_told(self, solving):
        solving.put_tickets({"resolved_at": day(20, "17:29")})
        (line,) = solving.faults()
        assert "row 2: resolved_at: '2026-11-20 17:29:00+03:00' is not valid." in line
        assert "Allowed: opened_at (2026-11-20T17:30:00+03:00) or later" in line

    def test_all_faults_of_a_row_are_told_at_once(self, solving):
        solving.put_tickets(
            {
                "first_responded_at": day(20, "16:00"),
                "resolved_at": day(20, "17:00"),
                "pauses": f"{pause(20, '10:00', '11:00')};{day(20, '12:00')}/",
            },
            {"opened_at": "now", "resolved_at": "soon", "pauses": "later"},
        )
        told = [line.split(": ")[:2] for line in solving.faults()]
        first, second = f"{solving.tickets}, row 2", f"{solving.tickets}, row 3"
        assert told == [
            [first, "first_responded_at"],
            [first, "resolved_at"],
            [first, "pauses"],
            [first, "pauses"],
            [second, "opened_at"],
            [second, "resolved_at"],
            [second, "pauses"],
        ]

    def test_a_column_that_is_there_twice_is_told(self, solving):
        text = solving.tickets.read_text().replace("ticket,", "pauses,pauses,ticket,")
        solving.tickets.write_text(text)
        (line,) = solving.faults()
        assert "column pauses is there twice" in line


class TestTargetsOfAPlan:
    def due(self, desk, **plan) -> str | None:
        desk.put_plans(plan)
        return solution(desk)[0]

    @pytest.mark.parametrize(
        "typed", ["P1=16", " p1 = 16.0 ;", "P2=1; P1=16", "P2=1\nP1=16", "P1=16,P2=1"]
    )
    def test_hours_are_read_by_priority(self, desk, typed):
        assert self.due(desk, solution_hours=typed) == DUE

    def test_hours_may_have_a_fraction(self, desk):
        due = self.due(desk, solution_hours="P1=0.25")
        assert due == "2026-11-20T17:45:00+03:00"

    def test_an_empty_cell_sells_nothing(self, desk):
        assert self.due(desk, solution_hours=" ", next_answer_hours="P1=1") is None

    def test_each_plan_has_its_own(self, desk):
        desk.put_plans(
            {"solution_hours": "P1=16"},
            {"customer": "Other", "solution_hours": "P1=4"},
            {"customer": "Third", "solution_hours": ""},
        )
        customers = "Acme Telecom", "Other", "Third"
        desk.put_tickets(
            *({"ticket": each, "customer": each, "pauses": ""} for each in customers)
        )
        dues = [each["resolution_due"] for each in desk.decide()]
        assert dues == [DUE, "2026-11-23T12:30:00+03:00", None]

    def test_a_next_answer_is_explained_where_it_is_sold(self, desk):
        desk.put_plans({"next_answer_hours": "P1=8"})
        assert desk.decide_one()["explanation"].endswith(
            "Basic answers each further message about P1 within 8 h of support time."
        )

    @pytest.mark.parametrize("column", ["next_answer_hours", "solution_hours"])
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("8", "'8' is not valid. Allowed: a priority and support hours such as"),
            ("P1", "'P1' is not valid. Allowed: a priority and support hours such as"),
            ("P1=1,5", "'5' is not valid. Allowed: a priority and support hours"),
            ("P9=8", "'P9' is not known. Allowed: P1, P2, P3, P4"),
            ("=8", "'' is not known. Allowed: P1, P2, P3, P4"),
            ("P1=", "'P1=' is not valid. Allowed: a priority and support hours"),
            ("P1=0", "0 h is not a target. Give more than zero hours, at most 8784"),
            ("P1=-1", "-1 h is not a target. Give more than zero hours"),
            ("P1=8785", "8785 h is not a target. Give more than zero hours"),
            ("P1=0.0001", "0.0001 h is not a target"),
            ("P1=inf", "inf h is not a target"),
            ("P1=nan", "nan h is not a target"),
            ("P1=8 h", "'8 h' is not valid. Give a number"),
            ("P1=8;P2=4;p1=9", "'P1' has more than one target. Keep one"),
        ],
    )
    def test_what_is_no_target_is_told(self, desk, column, typed, said):
        desk.put_plans({column: typed})
        (line,) = desk.faults()
        assert line.startswith(f"{desk.plans}, row 2: {column}: ")
        assert said in line

    def test_all_faults_of_a_row_are_told_at_once(self, desk):
        desk.put_plans({"next_answer_hours": "P1=0", "solution_hours": "P9=1"})
        assert len(desk.faults()) == 2

    def test_a_workbook_has_them_too(self, desk):
        openpyxl = pytest.importorskip("openpyxl")
        ticket = {**TICKET, "resolved_at": day(24, "12:00")}
        ticket["pauses"] = pause(23, "10:00", "14:00")
        for path, row in ((desk.tickets, ticket), (desk.plans, {**PLAN, **SOLD})):
            book = openpyxl.Workbook()
            book.active.append(list(row))
            book.active.append(list(row.values()))
            book.save(path)
        result = desk.triage("--format", "json")
        assert (result.exit_code, result.stderr) == (0, "")
        record = json.loads(result.stdout)
        assert record["resolution_due"] == "2026-11-25T10:30:00+03:00"

    def test_dates_in_cells_of_a_workbook_are_read_as_the_others(self, desk):
        openpyxl = pytest.importorskip("openpyxl")
        desk.put_plans(SOLD)
        book = openpyxl.Workbook()
        book.active.append([*TICKET, "resolved_at"])
        row = {**TICKET, "resolved_at": datetime(2026, 11, 24, 15, 30)}
        book.active.append(list(row.values()))
        book.save(desk.tickets)
        (record,) = desk.decide("--time-zone", "GMT+3", "--now", NOW)
        assert record["resolution_state"] == "met"
