"""Calendar and clocks against published cases, and the command that checks them."""

import json
from pathlib import Path

import pytest

from beesender_support.policy.response.clocks import Event
from beesender_support.policy.sold.targets import TARGETS
from beesender_support.tests.cli.command import run, run_for_real

CASES = Path(__file__).parents[2] / "conformance" / "cases"
VECTORS = CASES / "working_time.json"
WORKING_DAYS = CASES / "working_days.json"
CLOCK_VECTORS = CASES / "clocks.json"
STATES = {"due", "at_risk", "paused", "met", "breached", "withdrawn", "none"}
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
STORY = {
    "op": "clock",
    "target": "solution",
    "calendar": CALENDAR,
    "seconds": {"P1": 14_400},
    "priority": "P1",
    "start": "2026-11-20T17:30:00Z",
    "events": [
        {"event": "paused", "at": "2026-11-23T10:00:00Z"},
        {"event": "resumed", "at": "2026-11-23T11:00:00Z"},
        {"event": "resolved", "at": "2026-11-23T13:00:00Z", "priority": "P1"},
    ],
    "now": "2026-11-24T09:00:00Z",
    "expect": [
        {"due": "2026-11-23T13:30:00Z", "state": "met", "used": 12_600, "late": 0}
    ],
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


def test_the_calendar_agrees_with_every_case_of_a_working_day():
    result = run("conformance", str(WORKING_DAYS))
    assert result.stdout == "7 of 7 cases agree.\n"


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


class TestClocks:
    def test_the_clocks_agree_with_every_published_case(self):
        result = run("conformance", CLOCK_VECTORS)
        count = len(json.loads(CLOCK_VECTORS.read_text()))
        assert (result.exit_code, result.stdout) == (
            0,
            f"{count} of {count} cases agree.\n",
        )

    def test_the_published_cases_have_every_target_event_and_state(self):
        cases = json.loads(CLOCK_VECTORS.read_text())
        stands = [each for case in cases for each in case["expect"]]
        events = {each["event"] for case in cases for each in case["events"]}
        assert {case["target"] for case in cases} == set(TARGETS)
        assert events | {"registered"} == {each.value for each in Event}
        assert {each["state"] for each in stands} == STATES
        assert len({case["about"] for case in cases}) == len(cases) > 60

    def test_they_are_counted_with_the_others(self, check):
        result = check([CASE, ELAPSED, STORY])
        assert (result.exit_code, result.stdout) == (0, "3 of 3 cases agree.\n")

    @pytest.mark.parametrize(
        ("part", "broken"),
        [
            ("due", "2026-11-23T13:30:01Z"),
            ("due", None),
            ("state", "breached"),
            ("used", 12_601),
            ("used", None),
            ("late", 1),
        ],
    )
    def test_a_broken_case_is_found(self, check, part, broken):
        (stand,) = STORY["expect"]
        result = check([CASE, {**STORY, "expect": [{**stand, part: broken}]}])
        mismatch, summary = result.stdout.splitlines()
        assert result.exit_code == 1
        assert "case 2: " in mismatch
        assert (
            "[met, due 2026-11-23 13:30:00+00:00, used 3:30:00, late 0:00:00], expected ["
        ) in mismatch
        assert summary == "1 of 2 cases agree."

    @pytest.mark.parametrize("expected", [[], STORY["expect"] * 2])
    def test_every_run_is_expected(self, check, expected):
        assert check([{**STORY, "expect": expected}]).exit_code == 1

    def test_a_settled_run_goes_by_the_priority_that_settled_it(self, check):
        sold = {"P1": 14_400, "P2": 3_600}
        assert check([{**STORY, "seconds": sold, "priority": "P2"}]).exit_code == 0

    def test_what_is_not_sold_for_a_priority_is_promised_nothing(self, check):
        nothing = {"due": None, "state": "none", "used": None, "late": None}
        story = {**STORY, "seconds": {}, "expect": [nothing]}
        assert check([story]).exit_code == 0

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"target": "repair"}, "Allowed: first_answer, next_answer, solution"),
            ({"target": []}, "is no case"),
            ({"seconds": 5}, "is no case"),
            ({"seconds": {"P1": "5"}}, "is no case"),
            ({"seconds": {"P1": -5}}, "negative"),
            ({"events": 5}, "is no case"),
            ({"events": ["paused"]}, "is no case"),
            ({"events": [{"event": "slept", "at": STORY["now"]}]}, "is no case"),
            ({"events": [{"event": "paused"}]}, "'at' is missing"),
            ({"events": [{"event": "paused", "at": "now"}]}, "at: now is not valid"),
            ({"now": "2026-11-24T09:00:00"}, "no UTC offset"),
            ({"expect": [{}]}, "'due' is missing"),
            ({"expect": 5}, "is no case"),
        ],
    )
    def test_a_malformed_case_is_told_with_its_number(self, check, changes, said):
        result = check([STORY, {**STORY, **changes}])
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert "cases.json, case 2: " in line
        assert said in line

    def test_a_case_without_a_part_is_told(self, check):
        for part in STORY:
            story = {name: value for name, value in STORY.items() if name != part}
            result = check([story])
            assert result.exit_code == 2
            assert f"case 1: '{part}' is missing." in result.stderr
