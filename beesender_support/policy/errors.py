"""What the policy refuses, and how it says so.

    PolicyError (a ValueError)
    ├── NaiveInstant          an instant without an offset
    ├── UnknownTimeZone       neither an IANA name nor a GMT+3 form
    ├── InvalidWindow         a support window that cannot be kept
    ├── OverlappingWindows    two support windows claim the same minute
    ├── InvalidHoliday        a holiday that is no part of a day
    ├── InvalidWorkingDay     a working day that is open at no time of it
    ├── NoWorkingTime         a calendar in which a year passes without an open minute
    ├── OutOfReach            an instant or deadline outside the years a calendar knows
    ├── InvalidDuration       a negative duration
    │   └── InvalidTarget     a response target of nothing or less, or out of reach
    ├── InvalidValue          any other value outside what its field allows
    │   ├── Negative          a price, share or limit below zero
    │   ├── NoNumber          text where a number belongs, or a number without an end
    │   ├── OutOfRange        a number that is too small or too large
    │   ├── NoDay             text where a date belongs
    │   ├── AmbiguousDate     a date of which day and month cannot be told apart
    │   ├── NoName            an empty name, or one too long
    │   ├── NotAnAddress      text that is no e-mail address
    │   ├── NothingListed     a tier without response targets or channels
    │   ├── RepeatedTarget    two response targets of one priority
    │   ├── RepeatedRank      two tiers of one rank
    │   ├── RepeatedHoliday   two holidays that close the same time of one date
    │   ├── HalfAHoliday      a holiday of part of a day with a start or an end only
    │   ├── NoSuccessManager  a user who cannot look after customers
    │   ├── RepeatedEntitlement  an entitlement that a tier lists twice
    │   ├── NoLongerOffered   something chosen anew that is not offered any more
    │   ├── StillUsed         something to delete that others cannot do without
    │   ├── TwoAmounts        an entitlement of which a tier says two things at once
    │   ├── NotOfSupport      a user who cannot be told of tickets
    │   ├── NoShares          text that is no list of percentages to warn at
    │   ├── DisabledTeam      a team that gets no tickets
    │   ├── NothingToDo       a rule that tells nobody and changes nothing
    │   ├── TooEarly          a day before the one it follows
    │   ├── TooLate           a day after the last one that is possible
    │   ├── NotInForce        a day on which a plan is not in force
    │   ├── NothingLeft       more of an allowance than is left in the contract year
    │   ├── AlreadyGivenBack  an entry of an allowance of which nothing is left to take
    │   ├── NoReason          something taken back without a reason
    │   ├── RepeatedPriority  a category without priorities, or with one twice
    │   ├── NoSingleDefault   a category with no or several default priorities
    │   ├── RepeatedImpact    two impact rules of one pair of answers
    │   ├── HalfAnImpact      an impact rule for one answer and none for the other
    │   ├── ImpactNotAllowed  an impact rule with a priority that its category lacks
    │   ├── TooManySeats      more authorized contacts at a time than the tier includes
    │   ├── SeatedTwice       a contact with two seats at a time
    │   ├── PlanOverlap       two plans of a customer in force on the same day
    │   ├── RepeatedException an exception of a plan that is listed twice
    │   ├── InvalidCode       a name that no code can be
    │   ├── ChannelNotOffered a channel that a tier may not be given
    │   ├── ChannelNotLogged  a channel by which no answer is logged
    │   ├── ChannelInUse      a channel that records name, which somebody deletes
    │   ├── NoOrigin          text that is no scheme with a host, and a port or none
    │   └── NoColour          text that is no colour in hexadecimal digits
    ├── UnknownFormat         stored terms of a format that only a newer version knows
    └── UnknownName           a tier, category, priority or channel nobody defined

Every error names the ``field`` and the ``value`` it was given, and carries a
``sentence`` of both for the code that shows it.
"""

from datetime import timedelta

from beesender_support.policy.sentences import Field, Given, Sentence
from beesender_support.policy.sentences import marked as _


class PolicyError(ValueError):
    """A value that the policy refuses where it is made."""

    template = _("{field}: {value} is not valid.")

    def __init__(self, field: str, value: object, **context: object) -> None:
        self.field = field
        self.value = value
        named = field if isinstance(field, Field) else Field(field)
        self.sentence = Sentence(
            self.template, {"field": named, "value": Given(value), **context}
        )
        super().__init__(field, value)

    def __str__(self) -> str:
        return str(self.sentence)


class NaiveInstant(PolicyError):
    template = _("{field}: {value} has no UTC offset. Add one, such as +03:00.")


class UnknownTimeZone(PolicyError):
    template = _(
        "{field}: {value} is not a time zone. Use a name such as Europe/Berlin"
        " or an offset such as GMT+3."
    )


class InvalidWindow(PolicyError):
    template = _(
        "{field}: {value} is not a support window. It must end after it starts, last at"
        " most 24 hours, and start between 00:00 and 23:59."
    )


class OverlappingWindows(PolicyError):
    template = _("{field}: {value} overlaps {other}. Join the two or shorten one.")


class InvalidHoliday(PolicyError):
    template = _(
        "{field}: {value} is not a holiday. Give a date, and for part of a day a start"
        " before an end, both between 00:00 and 24:00."
    )


class InvalidWorkingDay(PolicyError):
    template = _(
        "{field}: {value} is not a working day. Give a date, and for hours of its own a"
        " start before an end, both between 00:00 and 24:00."
    )


class NoWorkingTime(PolicyError):
    template = _(
        "{field}: no working time is left in {value}. Add a support window or remove holidays."
    )


class OutOfReach(PolicyError):
    template = _("{field}: {value} is outside the years {first} to {last}.")


class InvalidDuration(PolicyError):
    template = _("{field}: {value} is negative. Give zero or more.")


class InvalidValue(PolicyError):
    template = _("{field}: {value} is not valid. Allowed: {allowed}.")


class InvalidTarget(InvalidDuration):
    """``value`` is a number of hours, or a duration."""

    template = _(
        "{field}: {hours} h is not a target. Give more than zero hours, at most {most}."
    )

    def __init__(self, field: str, value: object, most: int) -> None:
        hours = value
        if isinstance(value, timedelta):
            hours = value / timedelta(hours=1)
        super().__init__(field, value, hours=hours, most=most)


class Negative(InvalidValue):
    template = _("{field}: {value} is negative. Give zero or more.")


class NoNumber(InvalidValue):
    template = _("{field}: {value} is not valid. Give a number.")


class OutOfRange(InvalidValue):
    template = _("{field}: {value} is not possible. Give {least} to {most}.")


class NoDay(InvalidValue):
    template = _("{field}: {value} is not a date. Give one such as 2026-12-31.")


class AmbiguousDate(InvalidValue):
    template = _(
        "{field}: {value} could be two days. Say in the mapping whether the day or the"
        " month comes first."
    )


class NoName(InvalidValue):
    template = _("{field}: give a name of at most {most} characters.")


class NotAnAddress(InvalidValue):
    template = _("{field}: {value} is not an e-mail address. Give one address.")


class NothingListed(InvalidValue):
    template = _("{field}: list at least one.")


class RepeatedTarget(InvalidValue):
    template = _("{field}: {value} has more than one target. Keep one.")


class RepeatedRank(InvalidValue):
    template = _(
        "{field}: {other} has the rank {value}. Give every tier a rank of its own."
    )


class RepeatedHoliday(InvalidValue):
    template = _("{field}: {value} is listed more than once. Keep one.")


class RepeatedEntitlement(InvalidValue):
    template = _("{field}: {value} is listed more than once. Keep one.")


class NoLongerOffered(InvalidValue):
    template = _("{field}: {value} is no longer offered. Choose another.")


class StillUsed(InvalidValue):
    template = _(
        "{value} is used by {users} and cannot be deleted. Say that it is no longer sold or"
        " offered instead."
    )


class TwoAmounts(InvalidValue):
    template = _(
        "{field}: {value} here, but {listed} in the table of entitlements. Change one of"
        " the two, or both alike."
    )


class HalfAHoliday(InvalidValue):
    template = _(
        "{field}: {value} needs both a start and an end for part of a day, or neither for"
        " the whole of it."
    )


class NoSuccessManager(InvalidValue):
    template = _(
        "{field}: {value} cannot look after customers. Choose an enabled user who works"
        " with tickets or in Desk."
    )


class NotOfSupport(InvalidValue):
    template = _(
        "{field}: {value} cannot be told. Choose an enabled user who works with tickets or in Desk."
    )


class NoShares(InvalidValue):
    template = _(
        "{field}: {value} is not possible. Give one to five whole percentages from 1 to"
        " 99, such as 50, 75, 90."
    )


class DisabledTeam(InvalidValue):
    template = _(
        "{field}: {value} is disabled. Choose another team or enable this one."
    )


class NothingToDo(InvalidValue):
    template = _(
        "{field}: {value} tells nobody and changes nothing. Choose somebody to tell, or a"
        " team, a person or a tag for the ticket."
    )


class TooEarly(InvalidValue):
    template = _("{field}: {value} is before {earliest}. Give that day or a later one.")


class TooLate(InvalidValue):
    template = _("{field}: {value} is after {latest}. Give that day or an earlier one.")


class NotInForce(InvalidValue):
    template = _("{field}: the plan {plan} is not in force on {value}.")


class NothingLeft(InvalidValue):
    template = _(
        "{field}: {value} is more than is left: {left} of {granted} in the contract year."
    )


class AlreadyGivenBack(InvalidValue):
    template = _(
        "{field}: nothing of {value} is left to use or to give back. Somebody may have done"
        " so meanwhile: reload the page."
    )


class NoReason(InvalidValue):
    template = _("{field}: say why.")


class RepeatedPriority(InvalidValue):
    template = _("{field}: {value}. List at least one priority, and each only once.")


class NoSingleDefault(InvalidValue):
    template = _("{field}: choose exactly one default priority for {value}.")


class RepeatedImpact(InvalidValue):
    template = _(
        "{field}: {value} has more than one rule for the same answer. Keep one."
    )


class HalfAnImpact(InvalidValue):
    template = _(
        "{field}: {value} has a rule for one answer only. Add one for the other, or choose Either."
    )


class ImpactNotAllowed(InvalidValue):
    template = _(
        "{field}: {category} does not allow {value}, which {affected} gives. Allowed: {allowed}."
    )


class TooManySeats(InvalidValue):
    template = _(
        "{field}: {value} at a time, but {tier} includes {limit}. End a seat or choose a"
        " higher tier."
    )


class SeatedTwice(InvalidValue):
    template = _("{field}: {value} has more than one seat at a time. Keep one.")


class PlanOverlap(InvalidValue):
    template = _(
        "{field}: {other} is in force on {value} or later. End it first, or choose other days."
    )


class UnknownFormat(PolicyError):
    template = _("terms of format {value} are not known")


class UnknownName(PolicyError):
    template = _("{field}: {value} is not known. Allowed: {allowed}.")


class RepeatedException(InvalidValue):
    template = _("{field}: {value} is listed more than once. Keep one.")


class InvalidCode(InvalidValue):
    template = _(
        "{field}: {value} cannot be a code. Use another of up to {most} letters, digits,"
        " spaces, dots, hyphens and underscores."
    )


class ChannelNotOffered(InvalidValue):
    template = _("{field}: {value} is not offered here. Choose of: {allowed}.")


class ChannelNotLogged(InvalidValue):
    template = _(
        "No answer is logged by {value}. Answer in the request itself, or log it by one"
        " of: {allowed}."
    )


class ChannelInUse(InvalidValue):
    template = _(
        "{field}: {value} is in use and cannot be deleted. Switch Enabled off instead:"
        " tiers and requests that have it keep it."
    )


class NoOrigin(InvalidValue):
    template = _(
        "{field}: {value} is not the origin of a page. Give a scheme and a host, and a port"
        " if it has one; no path and no asterisk."
    )


class NoColour(InvalidValue):
    template = _("{field}: {value} is not a colour. Give one such as #112233.")
