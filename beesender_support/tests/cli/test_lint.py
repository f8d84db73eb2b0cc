"""``lint``: what is wrong with the plans of a file."""

import json

import pytest

from beesender_support.policy.lint.codes import CODES
from beesender_support.tests.cli.command import NOW, run

SOUND = {"ends_on": "2026-12-31"}
RENEWED = {"starts_on": "2027-01-01", "authorized_contacts": "anna@acme.example.com"}


def lint(desk, *options):
    return run("lint", desk.plans, "--now", NOW, *options)


def records(desk, *options) -> list[dict]:
    result = lint(desk, "--format", "json", *options)
    assert (result.exit_code, result.stderr) == (1, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def codes(desk) -> list[str]:
    return [each["code"] for each in records(desk)]


def test_nothing_found_is_one_quiet_line(desk):
    desk.put_plans(SOUND, RENEWED)
    result = lint(desk)
    assert (result.exit_code, result.stdout) == (0, "Nothing found in 2 plans.\n")


def test_a_program_reads_nothing_where_nothing_is_found(desk):
    result = lint(desk, "--format", "json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Nothing found in 1 plan.\n"


def test_a_finding_names_customer_code_and_what_to_do(desk):
    desk.put_plans({"authorized_contacts": ""})
    (record,) = records(desk)
    assert record == {
        "customer": "Acme Telecom",
        "code": "plan_without_seats",
        "severity": "error",
        "place": "The plan in row 2",
        "sentence": "The plan in row 2 of Acme Telecom has no authorized contact today.",
        "what_to_do": "Name the contacts who may ask under the plan.",
    }
    result = lint(desk)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Acme Telecom: error: plan_without_seats",
        f"  {record['sentence']}",
        f"  {record['what_to_do']}",
    ]


@pytest.mark.parametrize(
    ("plans", "code"),
    [
        ([{}, {"starts_on": "2026-06-01"}], "plans_overlap"),
        ([SOUND, {**RENEWED, "starts_on": "2027-01-03"}], "plans_with_gap"),
        (
            [{**SOUND, "time_zone": "GMT-2"}, {**RENEWED, "time_zone": "GMT+10"}],
            "plans_overlap_by_zone",
        ),
        (
            [{"authorized_contacts": "a@x.example;b@x.example;c@x.example"}],
            "plan_over_quota",
        ),
        ([{"holidays": "2026-05-01"}], "plan_calendar_ends"),
        (
            [{"support_windows": "Mon-Sun 00:00-23:59"}],
            "plan_hole_before_midnight",
        ),
        (
            [{"starts_on": "2027-01-01", "authorized_contacts": ""}],
            "plan_begins_without_seats",
        ),
        (
            [{}, {"customer": "Other", "authorized_contacts": "ANNA@acme.example.com"}],
            "contact_of_two_customers",
        ),
    ],
)
def test_what_is_found_in_a_file(desk, plans, code):
    desk.put_plans(*plans)
    assert codes(desk) == [code]
    assert code in CODES


def test_all_is_found_at_once_and_the_gravest_comes_first(desk):
    desk.put_plans(
        {"authorized_contacts": "a@x.example;b@x.example;c@x.example"},
        {"starts_on": "2026-06-01", "authorized_contacts": ""},
        {"customer": "Other", "authorized_contacts": "", "holidays": "2026-01-01"},
    )
    assert codes(desk) == [
        "plan_without_seats",
        "plan_without_seats",
        "plans_overlap",
        "plan_over_quota",
        "plan_calendar_ends",
    ]


def test_the_plans_are_looked_at_as_of_now(desk):
    desk.put_plans({**SOUND, "authorized_contacts": ""})
    assert run("lint", desk.plans, "--now", "2027-02-01T12:00Z").exit_code == 0
    assert run("lint", desk.plans, "--now", "2026-02-01T12:00Z").exit_code == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tier": "Gold"}, "Gold"),
        ({"time_zone": "Mars/One"}, "Mars/One"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
    ],
)
def test_what_cannot_be_read_is_a_fault_and_no_finding(desk, changes, said):
    desk.put_plans({"authorized_contacts": ""}, changes)
    result = lint(desk)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "row 3" in result.stderr
    assert said in result.stderr


def test_a_file_that_is_not_there(desk):
    result = run("lint", desk.folder / "none.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize("option", [("--now", "soon"), ("--encoding", "klingon")])
def test_bad_options_end_with_2_before_anything_is_read(desk, option):
    result = run("lint", desk.plans, *option)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_name_cannot_spoil_the_output(desk):
    desk.put_plans({"customer": "Acme\u202eX", "authorized_contacts": ""})
    assert lint(desk).stdout.splitlines()[0] == (
        "'Acme\\u202eX': error: plan_without_seats"
    )
