"""The calendar against cases that others collected, and the command that checks it."""

import json
from pathlib import Path

import pytest

from beesender_support.tests.cli.command import run, run_for_real

VECTORS = (
    Path(__file__).parents[1]
    / "policy"
    / "calendar"
    / "data"
    / "working_time_vectors.json"
)
WEEK = {str(day): [[32_400, 64_800]] for day in range(5)}
CALENDAR = {
    "time_zone": "UTC",
    "weekly_windows": WEEK,
    "holidays": [],
    "yearly_holidays": ["12-25"],
}
CASE = {
    "op": "add",
    "calendar": CALENDAR,
    "start": "2026-11-20T17:30:00Z",
    "seconds": 14_400,
    "expect": "2026-11-23T12:30:00+00:00",
}
ELAPSED = {
    "op": "between",
    "calendar": CALENDAR,
    "start": "2026-12-24T17:00:00Z",
    "end": "2026-12-28T10:00:00Z",
    "expect": 7_200,
}


@pytest.fixture
def check(tmp_path):
    def check_cases(cases):
        file = tmp_path / "cases.json"
        text = cases if isinstance(cases, str) else json.dumps(cases)
        file.write_text(text, encoding="utf-8")
        return run("conformance", file)

    return check_cases


def test_the_calendar_agrees_with_every_collected_case():
    result = run("conformance", VECTORS)
    count = len(json.loads(VECTORS.read_text()))
    assert count > 70
    assert (result.exit_code, result.stdout) == (
        0,
        f"{count} of {count} cases agree.\n",
    )


@pytest.mark.parametrize("op", ["add", "between"])
def test_a_broken_case_is_found(check, op):
    cases = json.loads(VECTORS.read_text())
    number = next(i for i, case in enumerate(cases) if case["op"] == op)
    broken = {"add": "2015-02-28T12:00:01+00:00", "between": 57_601}[op]
    cases[number]["expect"] = broken
    result = check(cases)
    assert result.exit_code == 1
    mismatch, summary = result.stdout.splitlines()
    assert f"case {number + 1}: " in mismatch
    assert cases[number]["start"] in mismatch
    assert summary == f"{len(cases) - 1} of {len(cases)} cases agree."


def test_a_real_run_ends_with_status_one_on_a_mismatch(tmp_path):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{**CASE, "seconds": 1}]))
    assert run_for_real("conformance", file).returncode == 1


def test_instants_are_compared_in_a_repeated_hour_too(check):
    night = {**CALENDAR, "time_zone": "Europe/Berlin"}
    night["weekly_windows"] = {str(day): [[0, 86_400]] for day in range(7)}
    asked = {"start": "2026-10-25T01:30:00+02:00", "seconds": 7_200}
    case = {**CASE, **asked, "calendar": night, "expect": "2026-10-25T02:30:00+01:00"}
    assert check([case]).exit_code == 0
    assert check([{**case, "expect": "2026-10-25T02:30:00+02:00"}]).exit_code == 1


def test_yearly_holidays_count_for_elapsed_time(check):
    assert check([ELAPSED]).exit_code == 0
    never = {**CALENDAR, "yearly_holidays": []}
    assert check([{**ELAPSED, "calendar": never}]).exit_code == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"op": "subtract"}, "Allowed: add, between"),
        ({"start": "2026-11-20T17:30:00"}, "no UTC offset"),
        ({"start": 5}, "is no case"),
        ({"seconds": "many"}, "is no case"),
        ({"seconds": -1}, "negative"),
        ({"seconds": 1e300}, "is no case"),
        ({"seconds": float("nan")}, "is no case"),
        ({"start": "2990-01-01T00:00:00Z", "seconds": 1e9}, "outside the years"),
        ({"calendar": {**CALENDAR, "time_zone": "Mars"}}, "not a time zone"),
        ({"calendar": {**CALENDAR, "weekly_windows": {}}}, "no working time"),
        ({"calendar": {**CALENDAR, "weekly_windows": {"0": [[1]]}}}, "is no case"),
        ({"calendar": {**CALENDAR, "yearly_holidays": ["02-30"]}}, "not a holiday"),
        ({"calendar": []}, "is no case"),
    ],
)
def test_a_malformed_case_is_told_with_its_number(check, changes, said):
    result = check([CASE, {**CASE, **changes}])
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "cases.json, case 2: " in line
    assert said in line


def test_a_case_without_a_part_is_told(check):
    for part in CASE:
        case = {name: value for name, value in CASE.items() if name != part}
        result = check([case])
        assert result.exit_code == 2
        assert f"case 1: '{part}' is missing." in result.stderr


@pytest.mark.parametrize("content", ["", "{", "[", "{}", "[]", "5", "[" * 100_000])
def test_a_file_that_is_no_list_of_cases_is_told(check, content):
    result = check(content)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    for file in (tmp_path, tmp_path / "missing.json"):
        result = run("conformance", file)
        assert result.exit_code == 2
        assert f"{file}: cannot be read" in result.stderr


def test_faulty_cases_are_counted_after_the_first_twenty(check):
    result = check(
        [{**CASE, "start": f"20261120{n}Z"} for n in range(100_100, 100_150)]
    )
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (2, 21)
    assert "case 1: is no case: start: 20261120100100Z is not valid" in lines[0]
    assert lines[-1].endswith(": is no case: ... and 30 more of this kind.")


def test_fractions_of_a_second_are_counted(check):
    case = {**ELAPSED, "start": "2026-12-24T17:00:00.5Z", "expect": 7_199.5}
    assert check([case]).exit_code == 0
