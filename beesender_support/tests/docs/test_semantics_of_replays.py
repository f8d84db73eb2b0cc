"""What the rule book says of drafts that are tried on the past is what the policy does."""

from beesender_support.policy.replay.drafts import Draft, Past, replay
from beesender_support.policy.replay.standings import replayed
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.response.terms import Terms
from beesender_support.tests.docs.rule_book import REPLAYS, examples
from beesender_support.tests.policy.factories import (
    ALICE,
    EXAMPLE,
    INCIDENT,
    at,
    make_plan,
    make_request,
    make_tier,
)


@examples(REPLAYS)
def test_a_draft_would_have_kept_and_broken_what_is_told(example):
    zone, priority = example["time zone"], example["priority"]
    opened, answered = (at(example[column]) for column in ("opened", "answered"))
    was, draft = (
        make_plan(example[column], time_zone=zone)
        for column in ("tier", "tier of the draft")
    )
    told = (example["before"], example["under the draft"])

    request = make_request(
        opened.isoformat(), priority=priority, first_responded_at=answered
    )
    by_files = replayed(
        opened, *(triage(request, (plan,), now=answered) for plan in (was, draft))
    )
    assert (by_files.before.standing, by_files.after.standing) == told

    past = Past(
        customer=EXAMPLE,
        contact=ALICE,
        channel=request.channel,
        priority=priority,
        registered_at=opened,
        terms=Terms.of(was, INCIDENT, opened, settled_priority=priority),
        responded_at=answered,
    )
    tier = make_tier(example["tier of the draft"])
    by_records = replay(past, Draft(tier=tier), now=answered)
    assert (by_records.before.standing, by_records.after.standing) == told
