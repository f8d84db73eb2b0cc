"""What the next tier up adds to a plan, in sentences for the client."""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from itertools import chain, groupby

from beesender_support.policy.sentences import Channel, Name, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.channels import SHIPPED
from beesender_support.policy.sold.entitlements import YES_OR_NO, SoldEntitlement
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    NO_LENGTHS,
    SOLUTION,
    TARGETS,
)
from beesender_support.policy.sold.tiers import Tier

REQUESTS_BY = {
    "portal": _("Requests in the portal"),
    "email": _("Requests by e-mail"),
    "chatbot": _("Requests through the chatbot"),
    "widget": _("Requests through the widget on our site"),
}
ANSWERS_BY = {
    "portal": _("Answers in the portal"),
    "email": _("Answers by e-mail"),
    "phone": _("Answers by mobile phone"),
    "skype": _("Answers by Skype"),
}
# Of a channel that has no sentence of its own.
REQUESTS_BY_ANOTHER = _("Requests by {channel}")
ANSWERS_BY_ANOTHER = _("Answers by {channel}")
AROUND_THE_CLOCK = _("Support around the clock, every day of the week")
AT_WEEKENDS = _("Support at weekends too: {length} a week instead of {before}")
MORE_HOURS = _("Support {length} a week instead of {before}")
FASTER = {
    FIRST_ANSWER: _(
        "A first answer to {priorities} within {target} of support time instead of {before}"
    ),
    NEXT_ANSWER: _(
        "Each next answer to {priorities} within {target} of support time instead of {before}"
    ),
    SOLUTION: _(
        "A solution of {priorities} within {target} of support time instead of {before}"
    ),
}
NEW_TARGET = {
    FIRST_ANSWER: _("A first answer to {priorities} within {target} of support time"),
    NEXT_ANSWER: _("Each next answer to {priorities} within {target} of support time"),
    SOLUTION: _("A solution of {priorities} within {target} of support time"),
}
MORE_CONTACTS = _("Authorized contacts: {number} instead of {before}")
INCLUDED = _("{entitlement}: {included}")
MORE_INCLUDED = _("{entitlement}: {included} instead of {before}")


def next_tier(tier: Tier, tiers: Iterable[Tier]) -> Tier | None:
    """The lowest tier above ``tier`` that is sold; None for the highest."""
    above = [
        each for each in tiers if each.rank > tier.rank and not each.no_longer_sold
    ]
    return min(above, key=lambda each: (each.rank, each.name), default=None)


def what_it_adds(
    tier: Tier,
    higher: Tier,
    entitlements: Iterable[SoldEntitlement],
    retired: Collection[str] = (),
) -> tuple[Sentence, ...]:
    """What ``higher`` includes beyond ``tier``; what it has less of is left out, and so
    are channels that are ``retired``.

    ``entitlements`` are those there are, in the order in which they are shown.
    """
    return (
        *_more_hours(tier, higher),
        *chain.from_iterable(_faster(tier, higher, each) for each in TARGETS),
        *_more_contacts(tier, higher),
        *_more_channels(tier, higher, retired),
        *chain.from_iterable(
            _more_included(tier, higher, each) for each in entitlements
        ),
    )


def _more_hours(tier: Tier, higher: Tier) -> Iterator[Sentence]:
    before, length = _open_each_week(tier), _open_each_week(higher)
    if length <= before:
        return
    if higher.around_the_clock:
        yield Sentence(AROUND_THE_CLOCK)
        return
    is_new_at_weekends = _is_open_at_weekends(higher) and not _is_open_at_weekends(tier)
    template = AT_WEEKENDS if is_new_at_weekends else MORE_HOURS
    yield Sentence(template, {"length": length, "before": before})


def _open_each_week(tier: Tier) -> timedelta:
    return timedelta(seconds=sum(each.end - each.start for each in tier.windows))


def _is_open_at_weekends(tier: Tier) -> bool:
    return any(window.weekday >= 5 for window in tier.windows)


def _faster(tier: Tier, higher: Tier, target: str) -> Iterator[Sentence]:
    """Priorities that go from one length to one other share a sentence."""
    old = tier.targets.get(target, NO_LENGTHS)
    new = higher.targets.get(target, NO_LENGTHS)

    def change(code: str) -> tuple[timedelta | None, timedelta]:
        return old.get(code), new[code]

    for (before, length), codes in groupby(sorted(new), key=change):
        if before is None or length < before:
            templates = FASTER if before else NEW_TARGET
            yield Sentence(
                templates[target],
                {
                    "priorities": tuple(codes),
                    "target": length,
                    "before": before,
                },
            )


def _more_contacts(tier: Tier, higher: Tier) -> Iterator[Sentence]:
    before, number = tier.authorized_contact_limit, higher.authorized_contact_limit
    if number > before:
        yield Sentence(MORE_CONTACTS, {"number": number, "before": before})


def _more_included(
    tier: Tier, higher: Tier, entitlement: SoldEntitlement
) -> Iterator[Sentence]:
    before = entitlement.included(tier.entitlements)
    included = entitlement.included(higher.entitlements)
    if included.amount <= before.amount:
        return
    title = Name(entitlement.title)
    if included.unit == YES_OR_NO:
        yield Sentence("{entitlement}", {"entitlement": title})
        return
    yield Sentence(
        MORE_INCLUDED if before.amount else INCLUDED,
        {"entitlement": title, "included": included, "before": before.amount},
    )


def _more_channels(
    tier: Tier, higher: Tier, retired: Collection[str]
) -> Iterator[Sentence]:
    for templates, another, name in (
        (REQUESTS_BY, REQUESTS_BY_ANOTHER, "registration_channels"),
        (ANSWERS_BY, ANSWERS_BY_ANOTHER, "answer_channels"),
    ):
        new = getattr(higher, name) - getattr(tier, name) - {*retired}
        for code in sorted(new, key=lambda code: (_ORDER.get(code, len(_ORDER)), code)):
            if code in templates:
                yield Sentence(templates[code])
            else:
                yield Sentence(another, {"channel": Channel(code)})


_ORDER = {each.code: place for place, each in enumerate(SHIPPED)}
