"""What the rule book says of next answers and solutions is what the policy does."""

import ast
from datetime import datetime
from pathlib import Path

import beesender_support
from beesender_support.policy.notices.warnings import DEFAULT_SHARES, crossings_of
from beesender_support.policy.response import promises as overall_states
from beesender_support.policy.response.clock_start import terms_of_part
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.promises import (
    Promised,
    Promises,
    assess_all,
)
from beesender_support.policy.response.response_state import (
    PAUSED,
    Response,
    is_still_promised,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    NEXT_ANSWER,
    SOLUTION,
)
from beesender_support.tests.docs.rule_book import (
    AGREEMENTS,
    DAYS,
    MERGED_FURTHER,
    NEXT_ANSWERS,
    PARTS_SOLVED,
    SOLUTIONS,
    SOLUTIONS_RATED,
    WARNINGS,
    Example,
    examples,
    hours_and_minutes,
    is_yes,
    optional,
    yes,
)
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    at,
    hours,
    make_terms,
    make_tier,
)

PACKAGE = Path(beesender_support.__file__).parent
REGISTERED = "2026-11-23T09:00+03:00"
EVENTS = {
    "answered": Event.ANSWERED,
    "customer writes": Event.CUSTOMER_WROTE,
    "paused": Event.PAUSED,
    "resumed": Event.RESUMED,
    "solved": Event.RESOLVED,
    "closed without a solution": Event.CLOSED,
    "reopened": Event.REOPENED,
}


def when(text: str) -> datetime:
    """A day and time of the week of the examples, such as ``Mon 09:00``."""
    day, clock = text.split(" ")
    return at(f"2026-11-{23 + DAYS.index(day)}T{clock}+03:00")


def told(instant: datetime | None, terms: Terms) -> str:
    if instant is None:
        return "none"
    local = instant.astimezone(terms.calendar.zone)
    return f"{DAYS[local.weekday()]} {local:%H:%M}"


def happened(example: Example, priority: str = "P1") -> list[Happening]:
    return [
        Happening(EVENTS[event], when(f"{day} {clock}"), priority, True)
        for event, day, clock in (
            part.rsplit(" ", 2)
            for part in (optional(str, example["what happened"]) or "").split("; ")
            if part
        )
    ]


def terms_with(**lengths: float) -> Terms:
    """Basic's, with so many hours for a target, or for each priority of a solution."""
    further = {
        NEXT_ANSWER: {"P1": hours(lengths.get("next_answer", 2))},
        SOLUTION: {
            "P1": hours(lengths.get("solution", 8)),
            "P2": hours(lengths.get("then", 8)),
        },
    }
    return make_terms(REGISTERED, make_tier(further_targets=further))


def stands(terms: Terms, example: Example, priority: str = "P1") -> Promises:
    happenings = happened(example)
    answers = [each.at for each in happenings if each.event is Event.ANSWERED]
    return assess_all(
        terms,
        priority,
        responded_at=min(answers, default=None),
        happenings=happenings,
        now=when(example["looked at"]),
    )


@examples(NEXT_ANSWERS)
def test_next_answers_stand_as_told(example):
    terms = terms_with()
    found = stands(terms, example)
    last = found.of(NEXT_ANSWER)
    assert last.state == example["state"]
    assert told(last.due, terms) == example["next answer due"]
    earlier = [each.response.state for each in found.earlier]
    assert (", ".join(earlier) or "none") == example["earlier next answers"]


def solution_is_as_told(terms: Terms, example: Example, priority: str) -> None:
    found = stands(terms, example, priority).of(SOLUTION)
    assert found.state == example["state"]
    assert hours_and_minutes(found.used) == example["used"]
    due = "moves on" if found.state == PAUSED else told(found.due, terms)
    assert due == example["solution due"]


@examples(SOLUTIONS)
def test_a_solution_stands_as_told(example):
    terms = terms_with(solution=float(example["solution within, hours"]))
    solution_is_as_told(terms, example, "P1")


@examples(SOLUTIONS_RATED)
def test_another_priority_changes_a_solution_as_told(example):
    lengths = {
        "solution": float(example["solution within, hours"]),
        "then": float(example["then within, hours"]),
    }
    # Whatever settled it did so under P1, before it became P2.
    solution_is_as_told(terms_with(**lengths), example, "P2")


@examples(PARTS_SOLVED)
def test_a_part_is_solved_by_when_it_is_told(example):
    whole = terms_with(solution=float(example["solution within, hours"]))
    split_off = when(example["split off"])
    part = terms_of_part(whole, None, split_off)
    found = assess_all(part, "P1", responded_at=None, now=split_off)
    assert told(found.of(SOLUTION).due, part) == example["solution due"]


@examples(MERGED_FURTHER)
def test_of_a_merged_request_nothing_further_is_promised(example):
    is_merged, answered = is_yes(example["merged"]), is_yes(example["answered before"])
    terms = terms_with()
    if is_merged:
        terms = terms.of_first_answer()
    is_promised = is_still_promised(is_merged=is_merged, is_answered=answered)
    for target, column in (
        (NEXT_ANSWER, "next answer promised"),
        (SOLUTION, "solution promised"),
    ):
        found = is_promised and terms.length_of(target, "P1") is not None
        assert yes(found) == example[column]


def agreement_status() -> dict[str, str]:
    """Helpdesk's word by how a request stands, as the app writes it."""
    module = PACKAGE / "enforcement/response/ticket_fields.py"
    (words,) = (
        node.value
        for node in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "AGREEMENT_STATUS"
    )
    return {
        getattr(overall_states, key.id): value.value
        for key, value in zip(words.keys, words.values, strict=True)
    }


@examples(AGREEMENTS)
def test_the_agreement_of_a_request_stands_as_told(example):
    first, following, solution = (
        Response(example[column])
        for column in ("first answer", "next answer", "solution")
    )
    earlier = optional(Response, example["earlier next answers"])
    found = Promises(
        Promised(FIRST_ANSWER, first),
        tuple(map(Promised, FURTHER_TARGETS, (following, solution))),
        (Promised(NEXT_ANSWER, earlier),) if earlier else (),
    )
    words = agreement_status()
    assert words.get(found.overall, "none") == example["agreement status"]


@examples(WARNINGS)
def test_support_is_warned_as_told(example):
    now, answered = at(example["looked at"]), optional(at, example["answered"])
    terms = make_terms(FRIDAY_EVENING)
    promises = assess_all(terms, "P1", responded_at=answered, now=now)
    told = [
        f"first_answer/20261120T143000/14400/{share}"
        for share in shares_in(example["told before"])
    ]
    crossings = crossings_of(promises.each(), terms, DEFAULT_SHARES, told, now=now)
    assert [each.share for each in crossings.to_say] == shares_in(example["said"])
    assert [each.share for each in crossings.missed] == shares_in(example["missed"])


def shares_in(cell: str) -> list[int]:
    return [] if cell == "none" else [int(share) for share in cell.split(", ")]
