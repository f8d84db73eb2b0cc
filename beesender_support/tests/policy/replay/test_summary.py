"""The figures of a replay, against a recount by hand and against themselves."""

import json
from collections import Counter
from dataclasses import fields
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.replay.standings import (
    HELD,
    OPEN,
    OUTSIDE,
    STANDINGS,
    Outcome,
    Replayed,
    Side,
)
from beesender_support.policy.replay.summary import (
    FIGURES,
    HOURS_OF_WEEK,
    BothOutcomes,
    Folding,
    Hour,
    Summary,
    Tally,
)
from beesender_support.policy.response.response_state import BREACHED, MET
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.tests.policy.factories import at

MOSCOW = time_zone("Europe/Moscow")
NAMES = st.sampled_from(["", "A", "B"])
OUTCOMES = st.sampled_from(
    [
        (),
        ((FIRST_ANSWER, Outcome(met=1)),),
        ((FIRST_ANSWER, Outcome(breached=1)), (NEXT_ANSWER, Outcome(2, 1, 1))),
        ((NEXT_ANSWER, Outcome(open=1)), (SOLUTION, Outcome(met=1))),
    ]
)
SIDES = st.builds(Side, st.sampled_from(STANDINGS), OUTCOMES)
REQUESTS = st.lists(
    st.builds(
        Replayed,
        st.integers(0, 400 * 24).map(
            lambda hour: datetime(2026, 1, 1, tzinfo=timezone.utc)
            + timedelta(hours=hour)
        ),
        NAMES,
        st.sampled_from(["", "P1", "P4"]),
        NAMES,
        SIDES,
        SIDES,
    ),
    max_size=6,
)


def request(before, after, *, when="2026-11-23T09:30+03:00", **changes) -> Replayed:
    values = {"tier": "Basic", "priority": "P1", "customer": "Acme"}
    return Replayed(
        at(when), **{**values, **changes}, before=Side(before), after=Side(after)
    )


def folding_of(requests) -> Folding:
    folding = Folding(MOSCOW)
    for each in requests:
        folding.add(each)
    return folding


def summary_of(requests) -> Summary:
    return folding_of(requests).summary()


def naive_figures(requests) -> dict[str, int]:
    """Counted one by one."""
    pairs = [(each.before.standing, each.after.standing) for each in requests]
    return {
        "tickets": len(pairs),
        "breached_before": sum(before == BREACHED for before, _ in pairs),
        "breached_after": sum(after == BREACHED for _, after in pairs),
        "breaches_gained": sum(one != BREACHED == two for one, two in pairs),
        "breaches_lost": sum(one == BREACHED != two for one, two in pairs),
        "held_before": sum(before == HELD for before, _ in pairs),
        "held_after": sum(after == HELD for _, after in pairs),
    }


@given(REQUESTS)
def test_the_figures_are_those_of_a_recount(requests):
    summary = summary_of(requests)
    assert summary.total.figures() == naive_figures(requests)
    for field, tallies in (
        ("tier", summary.tiers),
        ("priority", summary.priorities),
        ("customer", summary.customers),
    ):
        for name, tally in tallies.items():
            group = [each for each in requests if getattr(each, field) == name]
            assert tally.figures() == naive_figures(group)
        assert sum(each.tickets for each in tallies.values()) == len(requests)
    for target in TARGETS:
        both = summary.targets.get(target, BothOutcomes())
        for side, counted in (("before", both.before), ("after", both.after)):
            listed = [
                outcome
                for each in requests
                for of, outcome in getattr(each, side).outcomes
                if of == target
            ]
            assert tuple(counted) == tuple(map(sum, zip(*listed, strict=True))) or (
                not listed and not any(counted)
            )


@given(REQUESTS)
def test_each_hour_of_the_week_counts_the_requests_of_it(requests):
    summary = summary_of(requests)
    local = [each.at.astimezone(MOSCOW) for each in requests]
    expected = Counter(each.weekday() * 24 + each.hour for each in local)
    assert len(summary.hours) == HOURS_OF_WEEK
    assert {
        hour: each.requests for hour, each in enumerate(summary.hours) if any(each)
    } == expected
    figures = summary.total.figures()
    assert [sum(each) for each in zip(*summary.hours, strict=True)] == [
        figures["tickets"],
        figures["breached_before"],
        figures["breached_after"],
    ]


@given(st.lists(REQUESTS, max_size=4), st.randoms(use_true_random=False))
def test_parts_folded_apart_make_the_summary_of_all(parts, random):
    everything = [each for part in parts for each in part]
    apart = [*map(folding_of, parts)]
    random.shuffle(apart)
    together = Folding(MOSCOW)
    for part in apart:
        part.leave_out("no_terms")
        together.counts.add(part.counts)
    alone = folding_of(everything)
    for _part in parts:
        alone.leave_out("no_terms")
    found, expected = together.summary(), alone.summary()
    assert found == expected
    for group in ("tiers", "priorities", "customers", "targets"):
        # Also in their order, in which they are written.
        assert [*getattr(found, group)] == [*getattr(expected, group)]


@given(REQUESTS)
def test_a_summary_survives_being_stored(requests):
    summary = summary_of(requests)
    stored = json.loads(json.dumps(summary.as_dict()))
    assert Summary.from_dict(stored) == summary
    assert stored["total"] == naive_figures(requests)


@given(REQUESTS)
def test_where_nothing_changes_nothing_is_gained_or_lost(requests):
    same = [each._replace(after=each.before) for each in requests]
    total = summary_of(same).total
    for standing in STANDINGS:
        assert total.gained(standing) == total.lost(standing) == 0
    assert total.compliance_before == total.compliance_after


def test_gained_and_lost_say_who_moved_where_the_sums_are_equal():
    total = summary_of([request(MET, BREACHED), request(BREACHED, MET)]).total
    figures = total.figures()
    assert tuple(figures) == FIGURES
    assert figures["breached_before"] == figures["breached_after"] == 1
    assert figures["breaches_gained"] == figures["breaches_lost"] == 1


def test_compliance_leaves_out_what_is_open_held_or_outside():
    tally = Tally(
        {(MET, MET): 3, (MET, BREACHED): 1, (OPEN, OPEN): 7, (HELD, OUTSIDE): 5}
    )
    assert (tally.compliance_before, tally.compliance_after) == (1.0, 0.75)
    assert Tally().compliance_before is None


def test_equal_tallies_are_equal_and_hashable():
    assert Tally({(MET, MET): 1, (MET, OPEN): 0}) == Tally({(MET, MET): 1})
    assert hash(Tally({(MET, MET): 1})) == hash(Tally({(MET, MET): 1}))


def test_what_is_not_judged_is_in_no_other_figure():
    folding = Folding(MOSCOW)
    folding.add(request(MET, MET))
    folding.leave_out("no_terms", 2)
    folding.leave_out("merged")
    summary = folding.summary()
    assert summary.not_judged == {"no_terms": 2, "merged": 1}
    assert (summary.skipped, summary.total.tickets) == (3, 1)


def test_an_hour_is_that_of_the_zone():
    monday_at_nine = summary_of([request(BREACHED, MET)]).hours
    assert monday_at_nine[9] == Hour(1, 1, 0)
    sunday = summary_of([request(MET, MET, when="2026-11-22T23:30+03:00")]).hours
    assert sunday[6 * 24 + 23] == Hour(1, 0, 0)


def test_what_is_held_does_not_grow_with_the_requests():
    folding = Folding(MOSCOW)
    outcomes = ((FIRST_ANSWER, Outcome(met=1)),)
    one = request(MET, MET)._replace(before=Side(MET, outcomes))
    for _ in range(1000):
        folding.add(one)
    held = [getattr(folding.counts, each.name) for each in fields(folding.counts)]
    assert sum(map(len, held)) == 5
    assert folding.summary().targets[FIRST_ANSWER].before == Outcome(met=1000)
