"""A promise stays what it was: the terms in which it is frozen."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.calendar.zones import (
    time_zone,
    time_zone_database_version,
)
from beesender_support.policy.response.response_state import MET, NONE
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.tests.policy.factories import (
    CONSULTATION,
    ENHANCEMENT,
    FRIDAY_EVENING,
    INCIDENT,
    MONDAY_DUE,
    at,
    hours,
    make_plan,
    make_terms,
    make_tier,
    stand,
)

HOLIDAYS = (
    Holiday(date(2026, 11, 19), "Gone"),
    Holiday(date(2026, 11, 20), "Today", 17 * HOUR, DAY),
    Holiday(date(2026, 11, 23), "To come"),
)


@pytest.mark.parametrize(
    "terms",
    [
        make_terms(FRIDAY_EVENING),
        make_terms(FRIDAY_EVENING, "Premium", time_zone="Europe/Berlin"),
        make_terms(FRIDAY_EVENING, holidays=HOLIDAYS),
        make_terms("2026-11-20T17:30:00.000001+05:45"),
        make_terms(
            FRIDAY_EVENING,
            make_tier(
                windows=(Window(4, 22 * HOUR, 30 * HOUR), *AROUND_THE_CLOCK[:3]),
                response_targets={"P1": timedelta(minutes=7, microseconds=3)},
            ),
        ),
    ],
)
def test_terms_come_back_from_json_as_they_were(terms):
    stored = json.dumps(terms.as_dict())
    back = Terms.from_dict(json.loads(stored))
    assert back == terms
    assert json.dumps(back.as_dict()) == stored
    now = at("2026-11-24T12:00+03:00")
    assert stand(back, now=now) == stand(terms, now=now)


def test_a_start_in_a_repeated_hour_comes_back_as_the_same_instant():
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=time_zone("Europe/Berlin"))
    terms = Terms.of(make_plan("Premium"), INCIDENT, second)
    back = Terms.from_dict(json.loads(json.dumps(terms.as_dict())))
    assert stand(back, now=second).due == at("2026-10-25T03:30+01:00")


def test_terms_of_an_unknown_format_are_refused():
    stored = {**make_terms(FRIDAY_EVENING).as_dict(), "format": 5}
    with pytest.raises(ValueError, match="format 5"):
        Terms.from_dict(stored)


@pytest.mark.parametrize("key", make_terms(FRIDAY_EVENING).as_dict())
def test_terms_with_a_part_missing_are_refused(key):
    stored = make_terms(FRIDAY_EVENING).as_dict()
    del stored[key]
    with pytest.raises(KeyError, match=key):
        Terms.from_dict(stored)


def test_terms_name_the_rules_of_time_zones_they_were_counted_by():
    terms = make_terms(FRIDAY_EVENING)
    assert terms.as_dict()["time_zone_database"] == time_zone_database_version()
    older = Terms.from_dict({**terms.as_dict(), "time_zone_database": "2001a"})
    assert older.time_zone_database == "2001a"


def test_terms_keep_the_holidays_of_the_plan():
    plan = make_plan(holidays=HOLIDAYS[::-1])
    terms = Terms.of(plan, INCIDENT, at(FRIDAY_EVENING))
    assert terms.holidays == HOLIDAYS
    due = plan.calendar.add(at(FRIDAY_EVENING), hours(4))
    assert stand(terms, now=MONDAY_DUE).due == due == at("2026-11-24T13:00+03:00")
    back = Terms.from_dict(terms.as_dict())
    assert stand(back, now=MONDAY_DUE).due == due


def test_a_clock_started_earlier_skips_the_holidays_before_its_first_start():
    terms = make_terms("2026-11-23T10:00+03:00", holidays=HOLIDAYS[:2])
    earlier = terms.restarted(at("2026-11-18T17:00+03:00"))
    due = at("2026-11-20T12:00+03:00")
    assert stand(earlier, now=MONDAY_DUE).due == due
    back = Terms.from_dict(terms.as_dict()).restarted(at("2026-11-18T17:00+03:00"))
    assert stand(back, now=MONDAY_DUE).due == due


def test_editing_a_tier_or_plan_afterwards_does_not_change_the_terms():
    tier = make_tier()
    plan = make_plan(tier)
    terms = Terms.of(plan, INCIDENT, at(FRIDAY_EVENING))
    stored = json.dumps(terms.as_dict())
    slower = replace(tier, response_targets={"P1": hours(40)}, windows=AROUND_THE_CLOCK)
    edited = replace(plan, tier=slower, time_zone="GMT-2", holidays=HOLIDAYS)
    assert Terms.of(edited, INCIDENT, at(FRIDAY_EVENING)) != terms
    back = Terms.from_dict(json.loads(stored))
    assert stand(back, now=MONDAY_DUE).due == MONDAY_DUE
    assert stand(terms, now=MONDAY_DUE).due == MONDAY_DUE


def test_the_targets_in_terms_cannot_be_edited():
    with pytest.raises(TypeError):
        make_terms(FRIDAY_EVENING).response_targets["P1"] = hours(40)


def test_a_clock_started_later_keeps_the_promise():
    terms = make_terms(FRIDAY_EVENING)
    admitted = terms.restarted(at("2026-11-23T11:00+03:00"))
    assert stand(admitted, now=MONDAY_DUE).due == at("2026-11-23T15:00+03:00")
    assert replace(admitted, started_at=terms.started_at) == terms


@pytest.mark.parametrize("priority", ["P1", "P3"])
def test_the_first_answer_settles_the_promise_whatever_is_changed_afterwards(priority):
    answered = at("2026-11-23T16:00+03:00")
    kept = make_terms(FRIDAY_EVENING).settled("P3")
    response = stand(kept, responded_at=answered, now=answered, priority=priority)
    assert (response.state, response.target) == (MET, hours(8))
    assert kept.moved_to(ENHANCEMENT) == kept
    assert kept.settled("P1") == kept
    assert stand(kept.unsettled(), now=MONDAY_DUE).target == hours(4)


def test_another_category_before_the_answer_makes_or_takes_the_promise():
    terms = make_terms(FRIDAY_EVENING)
    moved = terms.moved_to(ENHANCEMENT)
    assert stand(moved, now=MONDAY_DUE).state == NONE
    assert moved.moved_to(INCIDENT) == terms


def test_what_a_category_promised_is_read_from_the_terms_and_not_from_today():
    stored = make_terms(FRIDAY_EVENING).as_dict()
    assert (stored["category"], stored["promises_response"]) == ("Incident", True)
    changed = Terms.from_dict({**stored, "promises_response": False})
    assert stand(changed, now=MONDAY_DUE).state == NONE


def test_history_without_its_stamps_is_not_judged():
    terms = make_terms(FRIDAY_EVENING).without_clock()
    assert stand(terms, now=MONDAY_DUE).state == NONE
    assert Terms.from_dict(terms.as_dict()) == terms
    assert stand(terms.restarted(at(FRIDAY_EVENING)), now=MONDAY_DUE).due == MONDAY_DUE


def test_terms_of_format_1_are_read_and_want_their_category():
    stored = make_terms(FRIDAY_EVENING).as_dict()
    for key in ("category", "promises_response", "settled_priority", "has_clock"):
        del stored[key]
    del stored["working_days"]
    terms = Terms.from_dict({**stored, "format": 1})
    assert terms.promises_response is None
    assert terms.moved_to(INCIDENT) == make_terms(FRIDAY_EVENING)


def test_terms_of_format_3_are_read_and_count_as_they_did():
    stored = make_terms(
        FRIDAY_EVENING, holidays=(Holiday(date(2026, 11, 23)),)
    ).as_dict()
    assert stored.pop("working_days") == []
    terms = Terms.from_dict({**stored, "format": 3})
    assert terms.working_days == ()
    due = stand(terms, now=MONDAY_DUE).due
    assert due == at("2026-11-24T12:30+03:00")
    with pytest.raises(KeyError, match="working_days"):
        Terms.from_dict({**stored, "format": 4})


def test_a_working_day_is_frozen_with_the_terms():
    saturday = WorkingDay(date(2026, 11, 21), "For Monday")
    terms = make_terms(FRIDAY_EVENING, working_days=(saturday,))
    back = Terms.from_dict(json.loads(json.dumps(terms.as_dict())))
    assert back == terms
    assert stand(back, now=MONDAY_DUE).due == at("2026-11-21T12:30+03:00")
    timed = replace(saturday, start=10 * HOUR, end=11 * HOUR)
    terms = make_terms(FRIDAY_EVENING, working_days=(timed,))
    back = Terms.from_dict(json.loads(json.dumps(terms.as_dict())))
    assert stand(back, now=MONDAY_DUE).due == at("2026-11-23T11:30+03:00")


# Besides the first answer


def with_all_targets(**overrides) -> Terms:
    further = {NEXT_ANSWER: {"P1": hours(2)}, SOLUTION: {"P1": hours(16)}}
    return make_terms(FRIDAY_EVENING, make_tier(further_targets=further), **overrides)


def test_terms_hold_the_further_targets_of_the_tier_and_come_back_with_them():
    terms = with_all_targets()
    assert terms.length_of(FIRST_ANSWER, "P1") == hours(4)
    assert terms.length_of(NEXT_ANSWER, "P1") == hours(2)
    assert terms.length_of(SOLUTION, "P1") == hours(16)
    assert terms.length_of(SOLUTION, "P2") is None
    stored = json.loads(json.dumps(terms.as_dict()))
    assert stored["format"] == 4
    assert stored["further_targets"]["solution"] == {"P1": 16 * HOUR}
    assert Terms.from_dict(stored) == terms


def test_where_the_first_answer_alone_is_sold_nothing_more_is_promised():
    terms = make_terms(FRIDAY_EVENING)
    assert terms.targets == {FIRST_ANSWER: terms.response_targets}
    assert terms.further_targets == {}
    assert terms.length_of(SOLUTION, "P1") is None


def test_the_further_targets_in_terms_cannot_be_edited():
    terms = with_all_targets()
    with pytest.raises(TypeError):
        terms.further_targets[SOLUTION]["P1"] = hours(1)


def test_terms_of_format_2_are_read_and_promise_the_first_answer_alone():
    stored = make_terms(FRIDAY_EVENING).as_dict()
    for key in ("further_targets", "promises_later", "working_days"):
        del stored[key]
    terms = Terms.from_dict({**stored, "format": 2})
    assert terms == make_terms(FRIDAY_EVENING)
    assert terms.as_dict()["format"] == 4
    del stored["has_clock"]
    with pytest.raises(KeyError, match="has_clock"):
        Terms.from_dict({**stored, "format": 2})


def test_another_category_before_the_answer_makes_or_takes_every_promise():
    moved = with_all_targets().moved_to(ENHANCEMENT)
    assert [moved.length_of(target, "P1") for target in TARGETS] == [None, None, None]
    assert moved.category == ENHANCEMENT.name
    assert moved.moved_to(INCIDENT) == with_all_targets()


def test_another_category_after_the_answer_moves_what_is_still_open():
    settled = with_all_targets().settled("P1")
    moved = settled.moved_to(ENHANCEMENT)
    assert moved.promise_for("P1") == hours(4)
    assert moved.length_of(SOLUTION, "P1") is None
    # What was settled by then stays.
    assert moved.length_of(SOLUTION, "P1", is_promised=True) == hours(16)
    assert settled.length_of(SOLUTION, "P1", is_promised=False) is None
    back = moved.moved_to(INCIDENT)
    assert back.length_of(SOLUTION, "P1") == hours(16)
    assert moved.moved_to(ENHANCEMENT) is moved
    assert Terms.from_dict(moved.as_dict()) == moved


def test_a_category_of_the_same_kind_after_the_answer_changes_nothing():
    settled = with_all_targets().settled("P1")
    assert settled.moved_to(CONSULTATION) is settled


def test_without_its_stamps_nothing_is_promised_at_all():
    terms = with_all_targets().without_clock()
    assert [terms.length_of(target, "P1") for target in TARGETS] == [None, None, None]


def test_an_answer_that_was_none_gives_the_promise_of_the_present_category():
    moved = with_all_targets().settled("P1").moved_to(ENHANCEMENT)
    assert moved.unsettled().promise_for("P1") is None
    assert moved.unsettled().promises_later is None
    again = moved.moved_to(INCIDENT).unsettled()
    assert again == with_all_targets()


def test_a_part_has_what_its_whole_promises_now():
    moved = with_all_targets().settled("P1").moved_to(ENHANCEMENT)
    part = moved.restarted(MONDAY_DUE)
    assert part.promise_for("P1") is None
    assert (part.started_at, part.settled_priority) == (MONDAY_DUE, None)


@pytest.mark.parametrize("category", [INCIDENT, ENHANCEMENT])
def test_a_corrected_start_leaves_what_is_settled(category):
    moved = with_all_targets().settled("P3").moved_to(category)
    corrected = moved.corrected(MONDAY_DUE)
    assert corrected.started_at == MONDAY_DUE
    assert corrected.promise_for("P1") == hours(8)
    assert replace(corrected, started_at=moved.started_at) == moved


def test_a_correction_starts_the_clock_of_history():
    terms = make_terms(FRIDAY_EVENING).without_clock()
    assert terms.corrected(terms.started_at).promise_for("P1") == hours(4)


def test_of_a_merged_request_the_first_answer_alone_stays_promised():
    terms = with_all_targets().settled("P1")
    alone = terms.of_first_answer()
    assert alone.targets == {FIRST_ANSWER: terms.response_targets}
    assert alone.of_first_answer() is alone


def test_a_plan_that_is_sold_otherwise_today_changes_every_target():
    terms = with_all_targets().settled("P1").moved_to(ENHANCEMENT)
    sold = terms.sold_as(make_plan("Premium"))
    assert sold.further_targets == {}
    assert sold.response_targets["P1"] == hours(1)
    assert (sold.settled_priority, sold.promises_later) == ("P1", False)


def test_what_is_settled_goes_by_the_terms_before_the_re_rating_that_followed():
    first = with_all_targets()
    second = first.sold_as(make_plan("Business"), settled_until=MONDAY_DUE)
    later = MONDAY_DUE + hours(24)
    third = second.sold_as(make_plan("Premium"), settled_until=later)
    tick = timedelta(microseconds=1)
    assert third.when_settled(None) is third
    assert third.when_settled(MONDAY_DUE).tier == "Basic"
    assert third.when_settled(MONDAY_DUE + tick).tier == "Business"
    assert third.when_settled(later).tier == "Business"
    assert third.when_settled(later + tick) is third


BERLIN = make_terms("2026-11-20T17:30+01:00", time_zone="Europe/Berlin")


def test_terms_note_the_offsets_of_their_zone_and_come_back_with_them():
    again = Terms.from_dict(json.loads(json.dumps(BERLIN.as_dict())))
    assert again.offsets == BERLIN.offsets
    assert {offset for _since, offset in BERLIN.offsets} == {3_600, 7_200}


def test_terms_without_offsets_are_written_as_before():
    assert "offsets" not in make_terms(FRIDAY_EVENING).as_dict()
    assert replace(BERLIN, offsets=()) == BERLIN


def test_a_clock_started_in_another_year_has_not_the_offsets_of_this_one():
    next_year = at("2027-02-01T10:00+01:00")
    assert BERLIN.restarted(at("2026-11-23T10:00+01:00")).offsets == BERLIN.offsets
    assert BERLIN.restarted(next_year).offsets == ()
    assert BERLIN.corrected(next_year).offsets == ()


def test_terms_by_present_rules_are_the_same_terms():
    renewed = replace(BERLIN, offsets=(), time_zone_database="2020a").by_present_rules()
    assert renewed == BERLIN
    assert renewed.offsets == BERLIN.offsets
