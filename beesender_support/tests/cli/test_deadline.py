"""What ``deadline`` and ``tiers`` say."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.targets import SOLUTION
from beesender_support.tests.cli.command import run

FRIDAY_EVENING = {
    "tier": "Basic",
    "category": "Incident",
    "priority": "P1",
    "opened": "2026-11-20T17:30:00+03:00",
    "time-zone": "GMT+3",
}


def ask(*flags, **changes):
    options = {**FRIDAY_EVENING, **changes}
    named = [part for name, value in options.items() for part in (f"--{name}", value)]
    return run("deadline", *named, *flags)


def answer(*flags, **changes):
    result = ask("--json", *flags, **changes)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


class TestDeadline:
    def test_a_deadline_goes_on_counting_on_monday(self):
        assert answer() == {
            "tier": "Basic",
            "category": "Incident",
            "priority": "P1",
            "priority_corrected_from": None,
            "time_zone": "GMT+3",
            "opened": "2026-11-20T17:30:00+03:00",
            "response_due": "2026-11-23T12:30:00+03:00",
            "target_seconds": 14_400,
            "explanation": "Basic answers P1 within 4 h of support time (Mon-Fri"
            " 09:00-18:00, GMT+3): by Mon 2026-11-23 12:30.",
        }

    def test_people_read_the_sentence_and_the_deadline(self):
        sentence, due = ask().stdout.splitlines()
        assert sentence == answer()["explanation"]
        assert due == "Response due: 2026-11-23T12:30:00+03:00"

    def test_holidays_may_be_given(self):
        due = answer("--holiday", "2026-11-23", "--holiday", "2026-11-24")
        assert due["response_due"] == "2026-11-25T12:30:00+03:00"

    def test_working_days_may_be_given(self):
        due = answer("--working-day", "2026-11-21")
        assert due["response_due"] == "2026-11-21T12:30:00+03:00"
        due = answer("--working-day", "2026-11-21 10:00-11:00")
        assert due["response_due"] == "2026-11-23T11:30:00+03:00"

    def test_a_holiday_may_be_part_of_a_day(self):
        due = answer(
            *("--holiday", "2026-12-31 14:00-24:00", "--holiday", "2027-01-01"),
            priority="P2",
            opened="2026-12-31T10:00+03:00",
        )
        assert due["response_due"] == "2027-01-04T13:00:00+03:00"

    @pytest.mark.parametrize(
        "opened",
        [
            "2026-11-20 17:30 +03",
            "2026-11-20T14:30Z",
            "2026-11-20T17:30:00.999+0300",
            "2026-11-20T17:30",
        ],
    )
    def test_every_form_of_a_stamp_is_the_same_second(self, opened):
        assert answer(opened=opened) == answer()

    def test_names_are_read_in_any_case(self):
        asked = answer(tier="PREMIUM", category="incident", priority="p1")
        assert [asked[name] for name in ("tier", "category", "priority")] == [
            "Premium",
            "Incident",
            "P1",
        ]

    def test_an_instant_without_an_offset_is_read_in_the_zone_of_the_plan(self):
        berlin = answer(opened="2026-11-20T17:30:00", **{"time-zone": "Europe/Berlin"})
        assert berlin["opened"] == "2026-11-20T17:30:00+01:00"
        assert berlin["response_due"] == "2026-11-23T12:30:00+01:00"

    @pytest.mark.parametrize(
        ("opened", "taken_as"),
        [
            ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
            ("2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"),
        ],
    )
    def test_a_repeated_wall_time_is_the_first_and_a_skipped_one_moves_on(
        self, opened, taken_as
    ):
        berlin = {"time-zone": "Europe/Berlin"}
        assert answer(opened=opened, **berlin)["opened"] == taken_as

    def test_a_category_without_a_promise_says_so_and_is_no_error(self):
        asked = answer("--explain", category="Paid enhancement request", priority="P4")
        assert asked["response_due"] is asked["target_seconds"] is None
        assert asked["spans"] == []
        shown = ask("--explain", category="Paid enhancement request", priority="P4")
        assert shown.exit_code == 0
        assert "No response time is promised" in shown.stdout
        assert "Response due: none" in shown.stdout

    def test_a_priority_that_its_category_forbids_is_corrected(self):
        asked = answer(category="Consultation")
        assert (asked["priority"], asked["priority_corrected_from"]) == ("P3", "P1")
        assert "Consultation allows P3, P4, so P1 became P3." in asked["explanation"]

    def test_without_a_priority_the_default_of_the_category_counts(self):
        assert answer(priority="")["priority"] == "P3"


PAUSED = "2026-11-23T10:00+03:00/2026-11-23T14:00+03:00"


def pauses(*spans):
    return [part for span in spans for part in ("--pause", span)]


class TestTargets:
    def test_the_first_answer_is_meant_unless_another_is_named(self):
        assert answer(target="first_answer") == answer()

    def test_a_solution_is_counted_within_the_hours_given(self):
        assert answer(target="solution", within="16") == {
            "tier": "Basic",
            "category": "Incident",
            "priority": "P1",
            "priority_corrected_from": None,
            "time_zone": "GMT+3",
            "opened": "2026-11-20T17:30:00+03:00",
            "target": "solution",
            "due": "2026-11-24T15:30:00+03:00",
            "target_seconds": 57_600,
            "explanation": "Basic solves P1 within 16 h of support time: by Tue 2026-11-24 15:30.",
        }

    def test_people_read_what_is_due(self):
        _sentence, due = ask(target="solution", within="16").stdout.splitlines()
        assert due == "Solution due: 2026-11-24T15:30:00+03:00"
        _sentence, due = ask(target="next_answer", within="4").stdout.splitlines()
        assert due == "Next answer due: 2026-11-23T12:30:00+03:00"

    @pytest.mark.parametrize("target", ["next_answer", "solution"])
    def test_what_the_tier_does_not_promise_is_said_and_how_to_give_it(self, target):
        asked = answer("--explain", target=target)
        assert asked["due"] is asked["target_seconds"] is None
        assert asked["spans"] == []
        name = target.replace("_", " ")
        assert asked["explanation"] == (
            f"Basic promises no {name} for P1. Say within how many support hours one is"
            " due, such as --within 16."
        )
        shown = ask(target=target)
        assert (shown.exit_code, shown.stderr) == (0, "")
        assert shown.stdout.endswith(" due: none\n")

    @pytest.mark.parametrize("target", ["next_answer", "solution"])
    def test_a_category_without_a_promise_promises_no_target(self, target):
        enhancement = {"category": "Paid enhancement request", "priority": "P3"}
        asked = answer(target=target, within="4", **enhancement)
        assert asked["due"] is None
        assert asked["explanation"] == (
            "No response time is promised for Paid enhancement request."
        )

    def test_a_corrected_priority_is_said_first(self):
        asked = answer(target="solution", within="16", category="Consultation")
        assert asked["priority"] == "P3"
        assert asked["explanation"].startswith("Consultation allows P3, P4, so P1 bec")
        assert "solves P3 within 16 h" in asked["explanation"]

    def test_hours_given_count_for_the_first_answer_too(self):
        asked = answer(within="2.5")
        assert asked["response_due"] == "2026-11-23T11:00:00+03:00"
        assert asked["target_seconds"] == 9_000

    def test_a_next_answer_runs_from_when_the_customer_wrote(self):
        asked = answer(target="next_answer", within="4")
        assert asked["due"] == answer()["response_due"]
        assert "a further message about P1" in asked["explanation"]


class TestPauses:
    def test_a_pause_moves_the_deadline_by_its_support_time(self):
        asked = answer(*pauses(PAUSED), target="solution", within="16")
        assert asked["due"] == "2026-11-25T10:30:00+03:00"
        assert "not counting 4 h in which it was paused" in asked["explanation"]

    def test_instants_without_an_offset_are_read_in_the_zone_of_the_plan(self):
        local = pauses(PAUSED.replace("+03:00", ""))
        solution = {"target": "solution", "within": "16"}
        assert answer(*local, **solution) == answer(*pauses(PAUSED), **solution)

    def test_pauses_may_be_repeated_in_any_order(self):
        halves = (
            "2026-11-23T12:00+03:00/2026-11-23T14:00+03:00",
            "2026-11-23T10:00+03:00/2026-11-23T12:00+03:00",
        )
        asked = answer(*pauses(*halves), target="solution", within="16")
        assert asked["due"] == "2026-11-25T10:30:00+03:00"

    def test_a_pause_is_a_span_of_its_own(self):
        spans = answer("--explain", *pauses(PAUSED), target="solution", within="4")[
            "spans"
        ]
        assert [
            (span["reason"], span["counted"], span["seconds"]) for span in spans
        ] == [
            ("counted", True, 1_800),
            ("night", False, 6 * 3_600),
            ("weekend", False, 48 * 3_600),
            ("night", False, 9 * 3_600),
            ("counted", True, 3_600),
            ("paused", False, 4 * 3_600),
            ("counted", True, 9_000),
        ]
        shown = ask("--explain", *pauses(PAUSED), target="solution", within="4").stdout
        assert "skipped: paused" in shown

    def test_a_pause_after_the_deadline_changes_nothing(self):
        late = pauses("2026-11-23T13:00+03:00/2026-11-23T14:00+03:00")
        flags = ("--explain", *late)
        solution = {"target": "solution", "within": "4"}
        assert answer(*flags, **solution) == answer("--explain", **solution)

    @pytest.mark.parametrize("target", ["first_answer", "next_answer"])
    def test_only_a_solution_pauses(self, target):
        result = ask(*pauses(PAUSED), target=target, within="4")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            "Error: --pause: only with --target solution: nothing else pauses.\n"
        )

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (("noon",), "a start and an end such as"),
            (("2026-11-23T10:00/",), "Allowed: a pause that has an end"),
            (("2026-11-23T10:00/2026-11-23T09:00",), "an end that is not before"),
            (("2026-11-20T17:29/2026-11-23T09:00",), "a start at opened (2026-11-20T"),
            ((PAUSED, PAUSED), "a pause that does not overlap"),
        ],
    )
    def test_a_pause_that_cannot_be_is_told(self, given, said):
        result = ask(*pauses(*given), target="solution", within="16")
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("Error: --pause: ")
        assert said in line

    @pytest.mark.parametrize("hours", ["0", "-4", "many", "9000", "nan"])
    def test_hours_that_are_no_target_are_told(self, hours):
        result = ask(f"--within={hours}", target="solution")
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("Error: --within: ")


class TestExplanation:
    def test_spans_say_what_counted_and_what_not(self):
        spans = answer("--explain", "--holiday", "2026-11-23")["spans"]
        assert [
            (span["reason"], span["counted"], span["seconds"]) for span in spans
        ] == [
            ("counted", True, 1_800),
            ("night", False, 6 * 3_600),
            ("weekend", False, 48 * 3_600),
            ("holiday", False, 24 * 3_600),
            ("night", False, 9 * 3_600),
            ("counted", True, 12_600),
        ]

    def test_spans_follow_one_another_in_the_zone_of_the_plan(self):
        spans = answer("--explain")["spans"]
        ends = [FRIDAY_EVENING["opened"], *(span["end"] for span in spans)]
        assert [span["start"] for span in spans] == ends[:-1]
        assert ends[-1] == "2026-11-23T12:30:00+03:00"

    def test_a_span_across_a_change_of_offset_has_its_real_length(self):
        spans = answer(
            "--explain",
            tier="Premium",
            opened="2026-10-25T01:30:00+02:00",
            **{"time-zone": "Europe/Berlin"},
        )["spans"]
        assert [span["seconds"] for span in spans] == [3_600]
        assert spans[0]["end"] == "2026-10-25T02:30:00+02:00"

    def test_people_get_a_table_in_local_time(self):
        shown = ask("--explain").stdout
        assert "From (GMT+3)" in shown
        assert "Fri 2026-11-20 17:30" in shown
        for label in ("counted", "skipped: night", "skipped: weekend"):
            assert label in shown


class TestFaults:
    def test_every_wrong_option_is_told_in_a_line_of_its_own(self):
        result = ask(
            *("--holiday", "soon"),
            tier="Gold",
            category="?",
            priority="P9",
            opened="now",
            **{"time-zone": "Mars"},
        )
        assert (result.exit_code, result.stdout) == (2, "")
        assert [line.split(": ")[:3] for line in result.stderr.splitlines()] == [
            [
                "Error",
                "time_zone",
                "'Mars' is not a time zone. Use a name such as"
                " Europe/Berlin or an offset such as GMT+3.",
            ],
            ["Error", "tier", "'Gold' is not known. Allowed"],
            ["Error", "category", "'?' is not known. Allowed"],
            ["Error", "priority", "'P9' is not known. Allowed"],
            ["Error", "opened", "'now' is not valid. Allowed"],
            ["Error", "holiday", "'soon' is not valid. Allowed"],
        ]

    def test_holidays_that_leave_no_working_time_are_refused(self):
        first = date(2026, 1, 1)
        days = (first + timedelta(days=number) for number in range(365))
        result = ask(*(f"--holiday={day}" for day in days))
        assert result.exit_code == 2
        assert "no working time is left" in result.stderr

    def test_an_instant_that_no_calendar_reaches_is_refused(self):
        result = ask(opened="9999-12-31T23:59:59+00:00")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1

    def test_a_missing_option_is_bad_usage(self):
        assert run("deadline", "--tier", "Basic").exit_code == 2


@pytest.fixture
def sold(monkeypatch):
    """A catalogue whose Premium promises solutions, as an admin may sell them."""
    basic, business, premium = CATALOGUE.tiers
    premium = premium.promising({SOLUTION: {"P1": timedelta(hours=16)}})
    catalogue = replace(CATALOGUE, tiers=(basic, business, premium))
    monkeypatch.setattr("beesender_support.cli.commands.tiers.CATALOGUE", catalogue)


class TestTiers:
    def test_as_shipped_only_the_first_answer_is_promised(self):
        shown = run("tiers").stdout
        assert "Response to P1" in shown
        assert "Next answer" not in shown
        assert "Solution" not in shown
        for tier in json.loads(run("tiers", "--json").stdout)["tiers"]:
            assert not {"next_answer_seconds", "solution_seconds"} & set(tier)

    def test_what_a_tier_promises_besides_has_a_row(self, sold):
        lines = run("tiers").stdout.splitlines()
        (row,) = (line for line in lines if "Solution" in line)
        cells = [cell.strip() for cell in row.strip("│").split("│")]
        # The heading goes on in the next line.
        assert cells == ["Solution of P1,", "-", "-", "16"]
        tiers = json.loads(run("tiers", "--json").stdout)["tiers"]
        assert tiers[2]["solution_seconds"] == {"P1": 57_600}
        assert "solution_seconds" not in tiers[0]

    def test_the_catalogue_is_shown_with_its_assumptions_marked(self):
        result = run("tiers")
        assert result.exit_code == 0
        for tier in CATALOGUE.tiers:
            assert tier.name in result.stdout
        assert "Updates a year *" in result.stdout
        assert "* assumed" in result.stdout

    def test_the_catalogue_as_json_says_what_is_sold(self):
        catalogue = json.loads(run("tiers", "--json").stdout)
        basic = catalogue["tiers"][0]
        assert basic["name"] == "Basic"
        assert basic["fee_percent"] == 5
        assert basic["support_hours"] == "Mon-Fri 09:00-18:00"
        assert basic["response_seconds"] == {
            "P1": 14_400,
            "P2": 28_800,
            "P3": 28_800,
            "P4": 28_800,
        }
        assert basic["authorized_contact_limit"] == 2
        assert basic["assumed"] == ["updates_per_year", "entitlements"]
        assert [each["promises_response"] for each in catalogue["categories"]] == [
            True,
            True,
            False,
        ]
        assert [each["code"] for each in catalogue["priorities"]] == [
            *("P1", "P2", "P3", "P4")
        ]
