"""A record counts again to what was stored; whatever was changed in it is noticed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beesender_support.policy.audit import codes
from beesender_support.policy.audit.facts import ADMITTED, CONTINUED
from beesender_support.policy.audit.record import (
    DecisionRecord,
    Entry,
    Missing,
    Stored,
)
from beesender_support.policy.audit.recount import LAG, recount
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.tests.policy.audit.records import (
    NOW,
    SECOND,
    as_stored,
    judged,
    make_record,
    on_paper,
    read_back,
    whole_life,
)
from beesender_support.tests.policy.factories import BOB, make_plan, utc
from beesender_support.tests.policy.response.test_clock_properties import (
    cases,
    happenings_in,
)

MONDAY_9 = utc("2026-11-23T09:00+03:00")


def places(record: DecisionRecord) -> list[str]:
    return [each.place for each in recount(record).differences]


def changed(record: DecisionRecord, path: str, value: object) -> DecisionRecord:
    """The record with another value in its JSON."""
    plain = on_paper(record)
    place = plain
    *parents, last = path.split(".")
    for each in parents:
        place = place[int(each) if each.isdigit() else each]
    place[last] = value
    return read_back(plain)


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        make_record(answered_at=MONDAY_9),
        make_record(closed_at=MONDAY_9),
        make_record(closed_at=MONDAY_9, is_merged=True, merged_into="43"),
        make_record(answered_at=MONDAY_9, is_merged=True, merged_into="43"),
        make_record(plans=[make_plan()]),
        whole_life(),
        DecisionRecord("7", NOW, NOW),
    ],
)
def test_what_a_site_stored_counts_to_the_same(record):
    again = recount(read_back(on_paper(record)))
    assert again.differences == ()
    assert "stored.first_answer.state" in again.checked


def test_what_was_compared_is_said():
    assert {
        "decisions[0].verdict",
        "decisions[0].priority",
        "admission.verdict",
        "ticket.plan",
        "terms.started_at",
        "terms.windows",
        "stored.solution.due_at",
        "stored.next_answers_met",
        "stored.next_due_at",
        "timeline",
    } <= {*recount(whole_life()).checked}


OTHER = "2026-11-30T12:00:00Z"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("stored.first_answer.due_at", OTHER),
        ("stored.first_answer.at_risk_at", OTHER),
        ("stored.first_answer.state", "breached"),
        ("stored.first_answer.used_seconds", 1),
        ("stored.first_answer.used_seconds", None),
        ("stored.first_answer.late_seconds", 1),
        ("stored.solution.due_at", None),
        ("stored.solution.state", "none"),
        ("stored.solution.used_seconds", 0),
        ("stored.next_answer.state", "due"),
        ("stored.next_answers_met", 0),
        ("stored.next_answers_breached", 1),
        ("stored.next_due_at", OTHER),
        ("admission.verdict", "held"),
        ("admission.reason", "no_plan"),
        ("ticket.plan", "ANOTHER"),
        ("terms.tier", "Premium"),
        ("decisions.0.verdict", "held"),
        ("decisions.0.plan", "ANOTHER"),
        ("decisions.0.priority", "P2"),
        ("decisions.0.asked.plans.0.seats", []),
        ("decisions.0.asked.channel", "phone"),
        ("terms.started_at", "2026-11-20T14:31:00Z"),
        ("terms.windows", [[0, 0, 86400]]),
        ("happenings.3.at", "2026-11-23T12:01:00Z"),
        ("answered_at", "2026-11-23T06:11:00Z"),
        ("timeline.0.after", {"started_at": OTHER}),
        ("timeline.1.after", {"tier": "Premium"}),
        ("timeline.2.at", OTHER),
    ],
)
def test_whatever_was_changed_is_noticed(path, value):
    assert places(changed(whole_life(), path, value))


def test_a_difference_says_where_what_and_why():
    again = recount(changed(whole_life(), "stored.solution.due_at", OTHER))
    (difference,) = again.differences
    assert difference.place == "stored.solution.due_at"
    assert difference.stored == OTHER
    assert difference.recounted == "2026-11-25T07:30:00Z"
    (explained,) = again.explained
    assert explained.target == "solution"
    assert "solves P1 within 16 h" in str(explained.sentence)
    assert explained.passages[0].worked == timedelta(minutes=30)
    assert explained.time_zone == "GMT+3"


def test_the_first_answer_is_explained_by_its_promise():
    again = recount(changed(make_record(), "stored.first_answer.due_at", OTHER))
    (explained,) = again.explained
    assert "answers P1 within 4 h" in str(explained.sentence)
    assert explained.passages


def test_a_promise_without_a_clock_is_explained_without_lines():
    record = changed(make_record(), "stored.next_answer.due_at", OTHER)
    (explained,) = recount(record).explained
    assert "each further message" in str(explained.sentence)
    assert explained.passages == ()


def test_a_state_may_be_as_old_as_the_job_that_follows_the_clock():
    record = make_record(now=utc("2026-11-23T12:35+03:00"))
    late = record.stored["first_answer"]
    assert late.state == "breached"
    for state, age, is_seen in (
        ("at_risk", timedelta(minutes=5), False),
        ("at_risk", LAG + 6 * SECOND, True),
        ("due", timedelta(minutes=5), True),
    ):
        kept = replace(record, exported_at=late.due + age)
        stored = {**record.stored, "first_answer": late._replace(state=state)}
        assert bool(places(replace(kept, stored=stored))) is is_seen


def test_of_what_was_given_no_state_is_late_to_be_noted():
    record = make_record(
        now=utc("2026-11-23T12:35+03:00"), answered_at=utc("2026-11-23T12:34+03:00")
    )
    stored = record.stored["first_answer"]._replace(state="at_risk")
    assert places(replace(record, stored={**record.stored, "first_answer": stored}))


def test_what_is_not_kept_is_not_compared():
    record = replace(
        changed(make_record(), "stored.first_answer.at_risk_at", OTHER),
        decisions=(),
        incomplete=(
            Missing(codes.AT_RISK_NOT_KEPT),
            Missing(codes.DECISIONS_NOT_KEPT),
        ),
    )
    again = recount(record)
    assert again.differences == ()
    assert "terms.started_at" not in again.checked


def test_where_the_share_is_not_kept_nobody_knows_whether_it_is_at_risk_yet():
    record = make_record(now=utc("2026-11-23T12:00+03:00"))
    answer = record.stored["first_answer"]
    assert answer.state == "at_risk"
    lacking = replace(record, incomplete=(Missing(codes.AT_RISK_NOT_KEPT),))
    for state, of_share, of_none in (
        ("due", True, False),
        ("at_risk", False, False),
        ("met", True, True),
        ("breached", True, True),
    ):
        stored = {**record.stored, "first_answer": answer._replace(state=state)}
        assert bool(places(replace(record, stored=stored))) is of_share
        assert bool(places(replace(lacking, stored=stored))) is of_none


def test_terms_that_a_site_could_not_read_are_not_counted():
    record = replace(
        make_record(), terms=None, incomplete=(Missing(codes.TERMS_UNREADABLE),)
    )
    assert recount(record).differences == ()


def test_a_request_that_left_the_policy_has_no_verdict_to_compare():
    record = replace(
        make_record(), admission=None, terms=None, stored={}, next_due=None
    )
    assert places(record) == []


def test_a_held_request_is_declined_by_an_agent():
    _decision, kept = judged(contact=BOB)
    record = DecisionRecord(
        "7",
        NOW,
        NOW,
        admission="declined",
        reason=kept.reason,
        plan=kept.plan,
        decisions=(kept,),
    )
    assert recount(record).differences == ()
    assert "admission.verdict" not in recount(record).checked


def test_what_an_agent_admits_starts_its_clock():
    record = make_record()
    (judged_,) = record.decisions
    admitted = replace(
        judged_, how=ADMITTED, at=NOW, asked=None, started_at=judged_.started_at
    )
    assert places(replace(record, decisions=(judged_, admitted))) == []
    later = replace(admitted, started_at=NOW)
    assert places(replace(record, decisions=(judged_, later))) == ["terms.started_at"]


def test_a_part_starts_where_it_was_split_off():
    record = make_record()
    (judged_,) = record.decisions
    part = replace(judged_, how=CONTINUED, asked=None, whole="41")
    assert places(replace(record, decisions=(part,))) == []


def test_of_very_many_plans_nobody_decides_again():
    record = make_record()
    (kept,) = record.decisions
    asked = replace(kept.asked, has_more_plans=True, channel="phone")
    more = replace(record, decisions=(replace(kept, asked=asked),))
    assert places(more) == []


def test_a_request_without_a_plan_has_no_priority_to_settle():
    _decision, kept = judged()
    asked = replace(kept.asked, plans=())
    outside = replace(
        kept, asked=asked, plan=None, tier=None, priority=None, started_at=None
    )
    record = DecisionRecord("7", NOW, NOW, decisions=(outside,))
    assert recount(record).differences == ()


def rerated_at(record, at, **after):
    entry = Entry(at, codes.RERATED, after=after)
    return replace(record, timeline=(*record.timeline, entry))


def test_the_plan_of_the_last_rerating_counts():
    record = replace(make_record(), plan="NEXT")
    assert places(record) == ["ticket.plan"]
    terms = replace(record.terms, plan="NEXT")
    assert places(rerated_at(replace(record, terms=terms), NOW, plan="NEXT")) == []


def test_a_rerating_before_the_last_decision_counts_no_more():
    early = utc("2026-11-20T17:00+03:00")
    assert places(rerated_at(make_record(), early, tier="Premium")) == []


def test_a_snapshot_that_an_old_log_does_not_have_is_not_compared():
    record = make_record()
    entry = Entry(NOW, codes.RERATED, after=None)
    assert places(replace(record, timeline=(*record.timeline, entry))) == []


def test_a_correction_that_an_old_log_does_not_have_is_not_compared():
    record = make_record()
    entry = Entry(NOW, codes.CLOCK_CORRECTED, after={"answered_at": None})
    assert places(replace(record, timeline=(*record.timeline, entry))) == []


def test_a_clock_without_any_decision_has_no_origin():
    record = replace(make_record(), decisions=())
    assert places(record) == []
    assert "terms.started_at" not in recount(record).checked


@st.composite
def histories(draw):
    """Records of requests to which anything happened."""
    terms, _lengths, story = draw(cases())
    happenings = [
        each._replace(priority="P1", is_promised=True) for each in happenings_in(story)
    ]
    answers = [
        each.at
        for each in happenings
        if each.event is Event.ANSWERED and each.at >= terms.started_at
    ]
    answered = min(answers, default=None)
    if answered:
        happenings.remove(
            next(
                each
                for each in happenings
                if (each.event, each.at) == (Event.ANSWERED, answered)
            )
        )
    last = next(
        (
            each
            for each in reversed(happenings)
            if each.event in (Event.RESOLVED, Event.CLOSED, Event.REOPENED)
        ),
        Happening(Event.REOPENED, terms.started_at),
    )
    return as_stored(
        DecisionRecord(
            "42",
            story.instant(story.now),
            terms.started_at,
            priority="P1",
            category="Incident",
            admission="accepted",
            terms=terms.settled("P1") if answered else terms,
            answered_at=answered,
            closed_at=None if last.event is Event.REOPENED else last.at,
            happenings=tuple(happenings),
        )
    )


@given(record=histories())
def test_every_history_counts_to_the_same_from_its_json(record):
    assert recount(read_back(on_paper(record))).differences == ()


@settings(max_examples=60)
@given(
    record=histories(),
    target=st.sampled_from(["first_answer", "next_answer", "solution"]),
    field=st.sampled_from(Stored._fields),
    by=st.integers(1, 10_000),
)
def test_every_changed_deadline_and_state_is_noticed(record, target, field, by):
    stored = record.stored[target]
    value = getattr(stored, field)
    if field == "state":
        other = "met" if value != "met" else "none"
    elif field in ("due", "at_risk_from"):
        other = (value or NOW) + by * SECOND
    else:
        other = (value or timedelta()) + by * SECOND
    tampered = {**record.stored, target: stored._replace(**{field: other})}
    again = recount(read_back(on_paper(replace(record, stored=tampered))))
    assert [each.target for each in again.differences] == [target]
    assert again.explained[0].target == target
