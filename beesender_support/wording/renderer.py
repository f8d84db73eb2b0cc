"""Policy sentences, channels and support hours in the reader's language."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import frappe
from frappe import _, _lt
from frappe.model.document import Document

from beesender_support.policy.calendar.windows import WEEKDAYS, Window
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import (
    Name,
    Sentence,
    SupportHours,
    fill,
    in_english,
)
from beesender_support.wording.dates import moment_in_words, speaks_english
from beesender_support.wording.durations import target_in_words
from beesender_support.wording.names import CHANNEL_NAMES, REASON_NAMES

SHORT_WEEKDAYS = {
    "Mon": _lt("Mon"),
    "Tue": _lt("Tue"),
    "Wed": _lt("Wed"),
    "Thu": _lt("Thu"),
    "Fri": _lt("Fri"),
    "Sat": _lt("Sat"),
    "Sun": _lt("Sun"),
    "and": _lt("and"),
}


def in_words(sentence: Sentence) -> str:
    """The sentence, translated, its values as the reader writes them."""
    context = {name: shown(value) for name, value in sentence.context.items()}
    return fill(_(sentence.template), **context)


def shown(value: object) -> object:
    """A value of the policy as the reader writes it; what is text already stays."""
    if isinstance(value, timedelta):
        return target_in_words(value)
    # A datetime is a date too.
    if isinstance(value, datetime):
        return in_english(value) if speaks_english() else moment_in_words(value)
    if isinstance(value, date):
        return frappe.format(value, "Date")
    if isinstance(value, SupportHours):
        return hours_in_words(value)
    if isinstance(value, Name):
        return _(value) if value else ""
    if isinstance(value, Window):
        english = WEEKDAYS[value.weekday]
        return str(value).replace(english, _(english), 1)
    return value


def channel_names(channels: Iterable[str]) -> list[str]:
    """In the order in which they are offered."""
    given = set(channels)
    return [_(name) for channel, name in CHANNEL_NAMES.items() if channel in given]


def channels_in_words(channels: Iterable[str]) -> str:
    return ", ".join(channel_names(channels))


def channel_name(channel: str | None) -> str:
    """Of one channel; what is no channel is called as it is."""
    return _(CHANNEL_NAMES.get(channel, channel)) if channel else ""


def reason_name(reason: str | None) -> str:
    """Why a request is held, in two or three words."""
    return _(REASON_NAMES.get(reason, reason)) if reason else ""


def hours_in_words(description: str) -> str:
    """The description of a calendar, such as ``Mon-Fri 09:00-18:00``."""
    words = re.compile(r"\b(?:" + "|".join(SHORT_WEEKDAYS) + r")\b")
    return words.sub(lambda word: str(SHORT_WEEKDAYS[word[0]]), description)


@contextmanager
def refusals_in_words(doc: Document) -> Iterator[None]:
    """What the policy refuses becomes a validation error a person can act on."""
    try:
        yield
    except PolicyError as error:
        frappe.throw(refusal_in_words(doc, error), title=_("Please check"))


def refusal_in_words(doc: Document, error: PolicyError) -> str:
    """What the policy refuses, with the field called as the form calls it."""
    fieldname, *rest = error.field.split()
    label = " ".join([_(_label_of(doc, fieldname)), *rest])
    context = {**error.sentence.context, "field": label}
    return in_words(Sentence(error.sentence.template, context))


def _label_of(doc: Document, fieldname: str) -> str:
    """The field's label on the form, or in one of its tables."""
    metas = [doc.meta] + [
        frappe.get_meta(table.options) for table in doc.meta.get_table_fields()
    ]
    fields = filter(None, (meta.get_field(fieldname) for meta in metas))
    return next((field.label for field in fields), fieldname)
