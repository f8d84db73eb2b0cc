"""The first steps: done when nothing is missing, open again when something goes missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.readiness.steps import (
    BECOME_AGENT,
    CHECK_MAILBOX,
    DONE,
    INVITE,
    JOIN_TEAM,
    MAKE_CALENDAR,
    MAKE_PROGRAM,
    REMOVE_TEST,
    REVIEWED,
    SELL_FIRST,
    SELL_NO_LONGER,
    SEND_TEST,
    SHOW_FIELDS,
    TEST,
    TO_DO,
    TO_LOOK_AT,
    ChatKey,
    Mailbox,
    Offer,
    Step,
    agent_form_step,
    agents_step,
    calendar_step,
    categories_step,
    chatbot_step,
    contacts_step,
    escalation_step,
    mailbox_step,
    next_year_step,
    outgoing_step,
    plans_step,
    terms_step,
    tiers_step,
)
from beesender_support.policy.readiness.steps import trial_step as request_step
from beesender_support.policy.readiness.steps import (
    unused_tiers_step,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    NOON,
    at,
    make_plan,
    make_tier,
    plan_of_2026,
)

PRIORITIES = ("P1", "P2", "P3", "P4")
NAMES = {tier.name for tier in CATALOGUE.tiers}


def sentences(step) -> list[str]:
    return [str(missing.sentence) for missing in step.missing]


def test_tiers_are_done_when_they_are_whole_and_somebody_looked_at_each():
    assert tiers_step(CATALOGUE.tiers, PRIORITIES, NAMES).is_done


def test_a_tier_that_nobody_opened_is_named():
    step = tiers_step(CATALOGUE.tiers, PRIORITIES, NAMES - {"Premium"})
    assert sentences(step) == ["Nobody has looked at Premium yet."]
    assert [missing.record for missing in step.missing] == ["Premium"]


def test_a_site_without_tiers_is_told_so():
    assert sentences(tiers_step((), PRIORITIES, ())) == ["There is no tier."]


def test_a_priority_with_another_target_is_promised_something():
    tier = make_tier(
        response_targets={}, further_targets={"solution": {"P1": timedelta(hours=8)}}
    )
    assert sentences(tiers_step([tier], PRIORITIES, NAMES)) == [
        "Basic has no response target for P2, P3, P4."
    ]


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (
            {"name": "Basic"},
            "Basic has no response target for P9.",
        ),
        ({"registration_channels": frozenset()}, "Basic has no channel for requests."),
        ({"answer_channels": frozenset()}, "Basic has no channel for answers."),
        ({"authorized_contact_limit": 0}, "Basic seats no contact."),
    ],
)
def test_what_a_tier_lacks_for_a_promise_keeps_the_step_open(overrides, sentence):
    priorities = ("P1", "P9") if "P9" in sentence else PRIORITIES
    tier = make_tier(**{"name": "Basic", **overrides})
    assert sentences(tiers_step((tier,), priorities, {"Basic"})) == [sentence]


def test_one_plan_in_force_is_enough():
    ended = make_plan(ends_on=date(2026, 11, 22))
    assert plans_step((ended, make_plan(name="PLAN-0002")), NOON).is_done


@pytest.mark.parametrize(
    ("overrides", "why"),
    [
        ({"status": "Draft"}, "is a draft."),
        ({"status": "Suspended"}, "is suspended."),
        (
            {"status": "Suspended", "starts_on": date(2026, 11, 24)},
            "is suspended.",
        ),
        ({"status": "Draft", "ends_on": date(2026, 11, 22)}, "is a draft."),
        ({"status": "Expired"}, "has ended."),
        ({"ends_on": date(2026, 11, 22)}, "has ended."),
        ({"starts_on": date(2026, 11, 24)}, "starts on 2026-11-24."),
    ],
)
def test_why_no_plan_is_in_force_is_said(overrides, why):
    step = plans_step((make_plan(**overrides),), NOON)
    assert sentences(step) == [f"PLAN-0001 of Example Ltd {why}"]


def test_whether_a_plan_is_in_force_is_judged_in_its_zone():
    last_day = {"ends_on": date(2026, 11, 23)}
    night = at("2026-11-23T22:00+00:00")
    assert not plans_step((make_plan(time_zone="GMT+3", **last_day),), night).is_done
    assert plans_step((make_plan(time_zone="GMT-2", **last_day),), night).is_done


def test_without_any_plan_both_steps_about_plans_say_so():
    assert sentences(plans_step((), NOON)) == ["No plan was sold yet."]
    assert sentences(contacts_step((), (), NOON)) == [
        "No plan is in force, so there is none to name contacts on."
    ]


def test_contacts_are_done_when_every_seated_one_has_access():
    plan = make_plan(seats=(Seat(ALICE), Seat(BOB, to_date=date(2026, 11, 22))))
    assert contacts_step((plan,), {ALICE}, NOON).is_done
    assert sentences(contacts_step((plan,), (), NOON)) == [
        f"PLAN-0001 of Example Ltd: without access to the portal: {ALICE}."
    ]


def test_a_seated_contact_who_is_none_of_the_customer_s_keeps_contacts_open():
    plan = make_plan(seats=(Seat(ALICE),))
    members = {plan.customer: {ALICE}}
    assert contacts_step((plan,), {ALICE}, NOON, members).is_done
    for lost in ({}, {plan.customer: {BOB}}, {"Somebody else": {ALICE}}):
        assert sentences(contacts_step((plan,), {ALICE}, NOON, lost)) == [
            "PLAN-0001 of Example Ltd: not among the customer's contacts:"
            f" {ALICE}. Save the plan to add them."
        ]


def test_a_plan_in_force_without_a_seat_keeps_contacts_open_and_another_plan_does_not():
    empty = make_plan(seats=())
    draft = make_plan(name="PLAN-0002", seats=(), status="Draft")
    assert sentences(contacts_step((empty, draft), (), NOON)) == [
        "PLAN-0001 of Example Ltd has no authorized contact today."
    ]


def test_a_mailbox_that_receives_is_enough():
    assert mailbox_step((Mailbox("Old", False), Mailbox("Support", True))).is_done
    assert sentences(mailbox_step((Mailbox("Old", False),))) == [
        "Old is not enabled for incoming mail."
    ]
    assert sentences(mailbox_step(())) == [
        "No e-mail account turns its mail into tickets."
    ]


@pytest.mark.parametrize(
    ("keys", "came", "missing"),
    [
        ((), False, ["No user has the role Beesender Channel."]),
        ((), True, ["No user has the role Beesender Channel."]),
        ((ChatKey("bot", False, True),), True, ["bot is disabled."]),
        ((ChatKey("bot", True, False),), True, ["bot has no API key."]),
        (
            (ChatKey("bot", True, True),),
            False,
            ["No request has come by chatbot or widget yet."],
        ),
        ((ChatKey("old", False, True), ChatKey("bot", True, True)), True, []),
    ],
)
def test_the_chatbot_is_connected_when_a_key_works_and_requests_came(
    keys, came, missing
):
    assert sentences(chatbot_step(keys, came)) == missing


def test_terms_that_cannot_be_read_are_a_step_only_while_there_are_some():
    assert terms_step({}) is None
    step = terms_step({"12": "terms of format 9 are not known"})
    assert not step.is_done
    assert step.missing[0].record == "12"
    assert "format 9" in str(step.missing[0].sentence)


def test_first_steps_name_plans_that_overlap_and_contacts_who_are_twice_on_one():
    seats = (Seat("anna@acme.example"), Seat("anna@acme.example"))
    plan = plan_of_2026(seats=seats, customer="Acme Telecom")
    other = replace(
        plan,
        name="P-2",
        starts_on=date(2026, 6, 1),
        ends_on=date(2027, 5, 31),
        seats=(),
    )
    plans = plans_step([plan, other], NOON)
    assert [str(each.sentence) for each in plans.missing] == [
        "P-1 and P-2 of Acme Telecom are in force on the same days. End one of them."
    ]
    assert plans_step([plan, replace(other, customer="B")], NOON).is_done
    assert plans_step([plan, replace(other, status=DRAFT)], NOON).is_done
    contacts = contacts_step([plan], {"anna@acme.example"}, NOON)
    assert "more than one seat" in str(contacts.missing[0].sentence)


def test_somebody_is_on_duty_and_a_rule_is_on():
    assert escalation_step({"anna@example.com"}, ["rule"]).is_done
    nobody = escalation_step((), ["rule"])
    assert sentences(nobody) == ["Nobody is on duty: name them in the settings."]
    off = escalation_step({"anna@example.com"}, (), ["held-too-long"])
    assert sentences(off) == ["No escalation rule is switched on."]
    assert off.missing[0].record == "held-too-long"
    assert escalation_step((), ()).missing[1].record is None


# Who answers, and by which account it leaves


def test_somebody_has_to_answer():
    assert agents_step(1).is_done
    assert sentences(agents_step(0)) == ["Nobody answers: there is no active agent."]
    assert sentences(agents_step(2, ["anna@example.com"])) == [
        "The user of agent anna@example.com is disabled."
    ]


def test_mail_leaves_by_a_default_account():
    assert outgoing_step(sends_by_default=True, others=("Sales",)).is_done
    assert sentences(outgoing_step(sends_by_default=False, others=("Sales",))) == [
        "Sales sends, but is not the default."
    ]
    assert sentences(outgoing_step(sends_by_default=False)) == [
        "No e-mail account sends mail: clients get neither answers nor notices."
    ]


def test_what_agents_do_not_see_is_named_with_what_mends_it():
    assert agent_form_step([]) is None
    step = agent_form_step(["Tier", "Support priority"])
    assert sentences(step) == [
        "Agents do not see beside a ticket: Tier, Support priority."
    ]
    assert [missing.action for missing in step.missing] == [SHOW_FIELDS]


def test_a_tier_that_is_offered_and_that_no_plan_has_is_advice():
    retired = replace(CATALOGUE.tiers[0], name="Old", no_longer_sold=True)
    tiers = (*CATALOGUE.tiers, retired)
    # A draft counts: somebody is about to buy it.
    plans = (plan_of_2026(), make_plan(tier=CATALOGUE.tiers[1], status=DRAFT))
    used = {plan.tier.name for plan in plans}
    step = unused_tiers_step(tiers, used)
    assert step.is_advice
    assert not step.is_done
    assert {missing.record for missing in step.missing} == NAMES - used
    assert {missing.action for missing in step.missing} == {SELL_NO_LONGER}


def test_before_anything_is_sold_no_tier_is_called_unused():
    assert unused_tiers_step(CATALOGUE.tiers, ()) is None
    assert unused_tiers_step(CATALOGUE.tiers, NAMES) is None


# How a step stands, and what one click does


def actions(step) -> list[tuple[str | None, str | None]]:
    return [(missing.action, missing.record) for missing in step.missing]


def test_a_step_is_done_to_do_or_to_be_looked_at():
    assert outgoing_step(sends_by_default=True).state == DONE
    assert outgoing_step(sends_by_default=False).state == TO_DO
    works = calendar_step(are_holidays_known=False)
    assert works.is_done
    assert works.state == TO_LOOK_AT
    assert unused_tiers_step(CATALOGUE.tiers, {"Basic"}).state == TO_LOOK_AT
    assert Step("a", (*works.missing, *agents_step(0).missing)).state == TO_DO


def test_a_test_is_offered_where_mail_can_leave():
    assert outgoing_step(sends_by_default=True).offers == (Offer(SEND_TEST),)
    assert outgoing_step(sends_by_default=False).offers == ()


def test_how_a_mailbox_fetches_and_whom_it_believes_is_to_be_looked_at():
    step = mailbox_step(
        (
            Mailbox("A", True, "POP3"),
            Mailbox("B", True, "IMAP", "UNSEEN"),
            Mailbox("C", False, "POP3"),
        ),
        trusts_servers=False,
    )
    assert step.is_done
    assert [(each.record, each.kind) for each in step.missing] == [
        ("A", "mailbox"),
        ("B", "mailbox"),
        ("settings", "settings"),
    ]
    assert all(each.is_advice for each in step.missing)
    assert step.offers == (Offer(CHECK_MAILBOX, "A"), Offer(CHECK_MAILBOX, "B"))
    assert mailbox_step((Mailbox("B", True, "IMAP", "ALL"),)).state == DONE


def test_whoever_looks_at_the_steps_becomes_an_agent_by_one_click():
    assert actions(agents_step(0)) == [(BECOME_AGENT, None)]


def test_a_team_with_a_member_is_enough():
    nobody = agents_step(1, teams={"Experts": 0, "Billing": 0})
    assert nobody.is_done
    assert nobody.state == TO_LOOK_AT
    assert actions(nobody) == [(JOIN_TEAM, "Experts"), (JOIN_TEAM, "Billing")]
    assert agents_step(1, teams={"Experts": 1, "Billing": 0}).state == DONE
    assert agents_step(1, teams={}).state == DONE
    assert len(agents_step(0, teams={"Experts": 0}).missing) == 1


def test_a_tier_that_changed_since_its_review_is_to_be_looked_at_again():
    step = tiers_step(CATALOGUE.tiers, PRIORITIES, NAMES, changed={"Basic"})
    assert step.is_done
    assert sentences(step) == ["Basic has changed since it was reviewed."]
    assert actions(step) == [(REVIEWED, "Basic")]
    new = tiers_step(CATALOGUE.tiers, PRIORITIES, NAMES - {"Basic"}, changed={"Basic"})
    assert sentences(new) == ["Nobody has looked at Basic yet."]
    assert actions(new) == [(REVIEWED, "Basic")]


def test_categories_are_done_when_each_has_priorities_and_one_default():
    assert categories_step({"Incident": [True, False]}).state == DONE
    assert sentences(categories_step({})) == [
        "There is no category, so nothing is promised."
    ]
    assert not categories_step({"Incident": [False]}).is_done


def test_a_calendar_is_made_of_the_country_of_the_site_if_it_is_known():
    assert calendar_step(are_holidays_known=True).state == DONE
    assert actions(calendar_step(False, "Germany")) == [(MAKE_CALENDAR, None)]
    assert actions(calendar_step(False)) == [(None, None)]


def test_the_first_plan_is_sold_and_its_people_invited_by_a_click():
    draft = make_plan(status=DRAFT)
    for none_in_force in ((), (draft,)):
        assert plans_step(none_in_force, NOON).offers == (Offer(SELL_FIRST),)
    assert plans_step((make_plan(),), NOON).offers == ()
    plan = make_plan(seats=(Seat(ALICE),))
    assert actions(contacts_step((plan,), (), NOON)) == [(INVITE, plan.name)]
    assert actions(contacts_step((make_plan(seats=()),), (), NOON)) == [
        (None, "PLAN-0001")
    ]


def test_a_request_is_accepted_or_tried():
    assert actions(request_step(is_in_force=True, was_accepted=False)) == [(TEST, None)]
    assert actions(request_step(is_in_force=False, was_accepted=False)) == [
        (None, None)
    ]
    done = request_step(is_in_force=True, was_accepted=True)
    assert (done.state, done.offers) == (DONE, (Offer(TEST),))
    assert request_step(is_in_force=False, was_accepted=True).offers == ()
    there = request_step(is_in_force=True, was_accepted=True, is_there="12")
    assert there.state == TO_LOOK_AT
    assert actions(there) == [(REMOVE_TEST, "12")]


def test_the_user_of_a_program_is_made_by_one_click():
    assert actions(chatbot_step((), False)) == [(MAKE_PROGRAM, None)]


def test_dates_of_the_next_year_are_asked_of_calendars_and_of_plans_without_one():
    assert next_year_step((), ()) is None
    step = next_year_step([("Germany", 2027)], [(plan_of_2026(), 2027)])
    assert not step.is_done
    assert [each.record for each in step.missing] == ["Germany", None]
    assert all("2027" in each for each in sentences(step))


def test_a_widget_needs_no_key():
    assert chatbot_step((), requests_came=True, has_widget=True).is_done
    assert sentences(chatbot_step((), requests_came=False, has_widget=True)) == [
        "No request has come by chatbot or widget yet."
    ]
