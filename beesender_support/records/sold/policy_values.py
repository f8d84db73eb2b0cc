"""Records to policy values."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, to_timedelta

from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    WEEKDAYS,
    Window,
)
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.sold import channels
from beesender_support.policy.sold.categories import Category, PriorityRule
from beesender_support.policy.sold.channels import Known, SoldChannel
from beesender_support.policy.sold.entitlements import (
    FIELD_OF_ENTITLEMENT,
    UPDATES,
    Amounts,
    SoldEntitlement,
    followed,
)
from beesender_support.policy.sold.impact_matrix import (
    EITHER,
    ImpactMatrix,
    ImpactRule,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    HOURS_OF_TARGET,
    Targets,
)
from beesender_support.policy.sold.tiers import MAX_FEE_PERCENT, Tier
from beesender_support.records.site_time import to_instant


def tier_of(doc: Document, known: Known) -> Tier:
    """The tier of a Beesender Tier as it is stored; raises PolicyError.

    ``known`` are the site's channels: requests are taken by those that take any now.
    Values stored before a rule of ``checked_tier_of`` existed are read as before, and
    an invalid target is left out.
    """
    targets: dict[str, dict[str, timedelta]] = {}
    for row in doc.response_targets:
        for target, hours in _hours_of(row).items():
            with suppress(PolicyError):
                sold = limits.targets_of([(row.priority, {target: hours})])
                targets.setdefault(target, {}).update(sold[target])
    return _tier_of(
        doc,
        targets,
        registration_channels=channels.taken(
            _codes_of(doc.registration_channels), known
        ),
        answer_channels=channels.answered(_codes_of(doc.answer_channels), known),
        rank=cint(doc.rank),
        fee_percent=min(Decimal(str(flt(doc.fee_percent))), Decimal(MAX_FEE_PERCENT)),
        authorized_contact_limit=cint(doc.authorized_contact_limit),
        entitlements=stored_amounts(doc),
    )


def checked_tier_of(
    doc: Document, before: Document | None, known: Mapping[str, SoldEntitlement]
) -> Tier:
    """The tier of a Beesender Tier as somebody typed it; raises PolicyError for whatever
    it cannot be.

    ``before`` is what is stored of it, ``known`` are the entitlements there are, by code.
    """
    return _tier_of(
        doc,
        limits.targets_of(
            (row.priority, _hours_of(row)) for row in doc.response_targets
        ),
        registration_channels=_codes_of(doc.registration_channels),
        answer_channels=_codes_of(doc.answer_channels),
        rank=limits.whole_number("rank", doc.rank, 0, limits.MAX_RANK),
        fee_percent=limits.check_fee_percent(doc.fee_percent),
        authorized_contact_limit=limits.whole_number(
            "authorized_contact_limit",
            doc.authorized_contact_limit,
            0,
            limits.MAX_SEATS,
        ),
        entitlements=typed_amounts(doc, before, known),
    )


def stored_amounts(doc: Document | None) -> Amounts:
    """What a stored Beesender Tier includes, by entitlement; nothing of none."""
    rows = (doc.get("entitlements") or ()) if doc else ()
    return {
        row.entitlement: Decimal(str(flt(row.amount)))
        for row in rows
        if flt(row.amount) > 0
    }


def typed_amounts(
    doc: Document, before: Document | None, known: Mapping[str, SoldEntitlement]
) -> Amounts:
    """What a Beesender Tier includes as somebody typed it, by entitlement: in the table,
    or in the fields that some of them have. Raises PolicyError."""
    held = stored_amounts(before)
    listed = limits.amounts_of(
        ((row.entitlement, row.amount) for row in doc.get("entitlements") or ()),
        known,
        held,
    )
    fields = _amounts_in_fields(doc)
    amounts = followed(listed, held, fields, _amounts_in_fields(before))
    # A field may ask for what the table could not list.
    new = [(code, amount) for code, amount in amounts.items() if code not in listed]
    return {**amounts, **limits.amounts_of(new, known, held)}


def _amounts_in_fields(doc: Document | None) -> Amounts:
    return {
        code: limits.whole_number(field, (doc and doc.get(field)) or 0, 0, most)
        for code, field in FIELD_OF_ENTITLEMENT.items()
        for most in (limits.MAX_UPDATES if code == UPDATES else 1,)
    }


def _codes_of(rows: Iterable[Document]) -> frozenset[str]:
    return frozenset(row.channel for row in rows if row.channel)


def channel_of(doc: Document) -> SoldChannel:
    """The channel of a Beesender Channel; raises PolicyError."""
    return SoldChannel(
        code=doc.name,
        title=doc.title or doc.name,
        takes_requests=bool(doc.takes_requests),
        answers=bool(doc.answers),
        counts_as_answer=bool(doc.counts_as_answer),
        enabled=bool(doc.enabled),
        icon=doc.icon or "",
    )


def _tier_of(doc: Document, targets: Targets, **sold: Any) -> Tier:
    further = dict(targets)
    first = further.pop(FIRST_ANSWER, {})
    return Tier(
        name=doc.name,
        windows=(
            AROUND_THE_CLOCK
            if doc.around_the_clock
            else tuple(map(window_of, doc.support_windows))
        ),
        response_targets=first,
        further_targets=further,
        no_longer_sold=bool(doc.get("no_longer_sold")),
        **sold,
    )


def _hours_of(row: Document) -> dict[str, object]:
    """The hours of a Beesender Response Target, by target."""
    return {target: row.get(column) for target, column in HOURS_OF_TARGET.items()}


def category_of(doc: Document) -> Category:
    """The category of a Beesender Category as it is stored; raises PolicyError.

    Where its impact matrix is invalid, clients choose a priority plainly.
    """
    with suppress(PolicyError):
        return checked_category_of(doc)
    return _category_of(doc)


def checked_category_of(doc: Document) -> Category:
    """The category of a Beesender Category as somebody typed it; raises PolicyError for
    whatever it cannot be."""
    rules = tuple(
        ImpactRule((row.affected or "").strip(), row.priority, row.way_round or EITHER)
        for row in doc.get("impact_rules") or ()
    )
    return _category_of(
        doc,
        impact=ImpactMatrix(rules) if rules else None,
        asks_impact=bool(doc.get("priority_from_impact")),
    )


def _category_of(doc: Document, **impact: Any) -> Category:
    return Category(
        name=doc.ticket_type,
        promises_response=bool(doc.promises_response),
        priority_rules=tuple(
            PriorityRule(row.priority, bool(row.is_default), row.when_to_use or "")
            for row in doc.priority_rules
        ),
        meaning=doc.meaning or "",
        description_template=doc.description_template or "",
        **impact,
    )


def seconds_of_day(value: timedelta | str | None) -> int:
    """Seconds after midnight of a Time field, as the database or a form gives it."""
    if not value:
        return 0
    if isinstance(value, str) and value.startswith("24:00"):
        return DAY
    return round(to_timedelta(value).total_seconds())


def write_end_of_day(rows: Iterable[Document]) -> None:
    """Midnight for each end at 24:00, and the same to every reader here: a Time column
    stores 24:00, but the host reads a whole day from it and cannot store that again."""
    for row in rows:
        end = row.end_time
        if end == timedelta(days=1) or str(end or "").startswith("24:00"):
            row.end_time = "00:00:00"


def window_of(row: Document) -> Window:
    """The window of a Beesender Support Window; raises InvalidWindow."""
    return Window.on_the_clock(
        WEEKDAYS.index(row.weekday),
        seconds_of_day(row.start_time),
        # A Time field cannot say 24:00.
        seconds_of_day(row.end_time) or DAY,
    )


def seat_of(row: Document) -> Seat:
    """The seat of a Beesender Authorized Contact; raises PolicyError."""
    return Seat(
        row.contact,
        getdate(row.from_date) if row.from_date else None,
        getdate(row.to_date) if row.to_date else None,
        bool(row.is_suspended),
        to_instant(row.ended_at) if row.get("ended_at") else None,
    )
