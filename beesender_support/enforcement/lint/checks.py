"""The checks of a site, in groups that are run one by one: facts in a few queries each,
judged by the policy."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from beesender_support.enforcement.calendars import next_years
from beesender_support.enforcement.response import agreement
from beesender_support.policy.lint import codes
from beesender_support.policy.lint import deadlines as of_deadlines
from beesender_support.policy.lint import people as of_people
from beesender_support.policy.lint import plans as of_plans
from beesender_support.policy.lint import sold as of_sold
from beesender_support.policy.lint import surroundings as of_surroundings
from beesender_support.policy.lint.findings import Finding
from beesender_support.policy.lint.surroundings import Mailbox
from beesender_support.policy.plans.plans import Plan
from beesender_support.records import settings
from beesender_support.records.lint import open_requests, people, surroundings
from beesender_support.records.sold import calendars, catalogue, sold_plans

SOLD, PLANS, PEOPLE, AGREEMENTS, MAIL, DEADLINES = (
    "sold",
    "plans",
    "people",
    "agreements",
    "mail",
    "deadlines",
)
# The most findings of a code: a list of thousands is read by nobody.
MOST_OF_A_CODE = 500
# Plans that are read at once where not all of them are looked at.
LOT = 500
# Which codes each group finds: those of a group that was run, and not found, are mended.
CODES_OF_GROUP: Mapping[str, tuple[codes.Code, ...]] = {
    SOLD: (
        codes.TIER_WITHOUT_TARGET,
        codes.TIER_WITHOUT_REQUEST_CHANNEL,
        codes.TIER_WITHOUT_ANSWER_CHANNEL,
        codes.TIER_WITHOUT_SEATS,
        codes.HOLE_BEFORE_MIDNIGHT,
        codes.PRIORITY_WITHOUT_TICKET_PRIORITY,
        codes.CATEGORY_WITHOUT_PRIORITY,
        codes.CATEGORY_WITHOUT_DEFAULT,
    ),
    PLANS: (
        codes.TIER_NO_LONGER_USED,
        codes.PLAN_UNREADABLE,
        codes.PLAN_WITHOUT_SEATS,
        codes.PLAN_BEGINS_WITHOUT_SEATS,
        codes.PLAN_HOLE_BEFORE_MIDNIGHT,
        codes.PLAN_WITHOUT_REQUEST_CHANNEL,
        codes.PLAN_OVER_QUOTA,
        codes.SEATED_TWICE,
        codes.PLANS_OVERLAP,
        codes.PLANS_OVERLAP_BY_ZONE,
        codes.PLANS_WITH_GAP,
        codes.PLAN_CALENDAR_ENDS,
        codes.CALENDAR_ENDS,
        codes.CONTACT_OF_TWO_CUSTOMERS,
    ),
    PEOPLE: (
        codes.CONTACT_NOT_A_MEMBER,
        codes.CONTACT_WITHOUT_PORTAL_USER,
        codes.ADDRESS_TWICE,
    ),
    AGREEMENTS: (codes.AGREEMENT_MISSING, codes.AGREEMENT_CHANGED),
    MAIL: (
        codes.MAILBOX_POP3,
        codes.MAILBOX_UNSEEN,
        codes.AUTHENTICATION_SERVERS_UNSET,
        codes.NO_OUTGOING_MAIL,
    ),
    DEADLINES: (
        codes.TERMS_UNREADABLE,
        codes.DEADLINE_DIFFERS,
        codes.ZONE_RULES_CHANGED,
    ),
}
GROUP_OF_CODE = {
    code.code: group for group, found in CODES_OF_GROUP.items() for code in found
}
# All but the one that looks at every open request.
QUICK = (SOLD, PLANS, PEOPLE, AGREEMENTS, MAIL)


def run(group: str, now: datetime) -> list[Finding]:
    """What a group finds at ``now``."""
    number_of_code: Counter[str] = Counter()
    findings = []
    for finding in _CHECKS[group](now):
        number_of_code[finding.code] += 1
        if number_of_code[finding.code] <= MOST_OF_A_CODE:
            findings.append(finding)
    return findings


def _sold(now: datetime) -> Iterator[Finding]:
    priorities = catalogue.priority_codes()
    yield from of_sold.check_priorities(catalogue.unmapped_priorities())
    for tier in catalogue.tiers():
        yield from of_sold.check_tier(tier, priorities)
        yield from of_sold.check_hours(tier)
    yield from of_sold.check_categories(surroundings.defaults_of_categories())


def _plans(now: datetime) -> Iterator[Finding]:
    plans, unreadable = readable_plans()
    yield from unreadable
    yield from of_sold.check_used(catalogue.tiers(), plans, now)
    lacking = next_years.calendars_without_year(now)
    for name, year in lacking:
        yield of_plans.calendar_ends(name, year)
    # What a calendar lacks is said of it, and not of each plan that takes it.
    said = set(calendars.plans_taking(*(name for name, _year in lacking)))
    own = {plan.name for plan in plans} - said
    tiers = {each.name: each for each in catalogue.tiers()}
    yield from of_plans.check_plans(plans, now, tiers, own)


def readable_plans() -> tuple[list[Plan], list[Finding]]:
    """All plans but drafts, and what is said of those that cannot be read."""
    plans, unreadable = sold_plans.readable()
    return plans, [of_plans.unreadable(*each) for each in unreadable]


def _people(now: datetime) -> Iterator[Finding]:
    seated = people.seated()
    members, with_access = people.members_by_customer(), people.contacts_with_access()
    yield from _until_many(
        people.plans_with_strangers(seated, members),
        lambda plan: of_people.check_members(plan, members.get(plan.customer, ()), now),
    )
    yield from _until_many(
        people.plans_without_access(seated, with_access),
        lambda plan: of_people.check_access(plan, with_access, now),
    )
    by_address = people.contacts_by_address()
    several = {contact for theirs in by_address.values() for contact in theirs}
    plans, _unreadable = sold_plans.readable(people.plans_seating(seated, several))
    yield from of_people.check_addresses(plans, by_address, now)


def _until_many(
    names: Sequence[str], check: Callable[[Plan], Iterable[Finding]]
) -> Iterator[Finding]:
    """Of one code: no more plans are read once there are as many as are kept."""
    found = 0
    for start in range(0, len(names), LOT):
        plans, _unreadable = sold_plans.readable(names[start : start + LOT])
        for finding in chain.from_iterable(map(check, plans)):
            found += 1
            yield finding
        if found >= MOST_OF_A_CODE:
            return


def _agreements(now: datetime) -> Iterable[Finding]:
    return of_surroundings.check_agreements(agreement.stand_of_agreements())


def _mail(now: datetime) -> Iterator[Finding]:
    accounts = [each for each in surroundings.accounts_of_tickets() if each.is_enabled]
    yield from of_surroundings.check_mailboxes(
        Mailbox(each.name, each.protocol, each.fetches) for each in accounts
    )
    sends, _others = surroundings.outgoing_accounts()
    yield from of_surroundings.check_mail(
        receives=bool(accounts),
        sends=sends,
        trusts_servers=bool(settings.current().trusted_authentication_servers),
    )


def _deadlines(now: datetime) -> Iterator[Finding]:
    yield from of_deadlines.check_deadlines(open_requests.open_requests(), now)


_CHECKS: Mapping[str, Callable[[datetime], Iterable[Finding]]] = {
    SOLD: _sold,
    PLANS: _plans,
    PEOPLE: _people,
    AGREEMENTS: _agreements,
    MAIL: _mail,
    DEADLINES: _deadlines,
}
