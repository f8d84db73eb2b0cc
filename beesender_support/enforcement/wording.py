"""Policy sentences, channels and support hours in the reader's language."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import frappe
from frappe import _, _lt
from frappe.model.document import Document

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.names import CHANNEL_NAMES
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.working_time import WEEKDAYS, Window

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
    """The sentence, translated."""
    return _(sentence.template).format(**sentence.context)


def channel_names(channels: Iterable[str]) -> list[str]:
    """In the order in which they are offered."""
    given = set(channels)
    return [_(name) for channel, name in CHANNEL_NAMES.items() if channel in given]


def channels_in_words(channels: Iterable[str]) -> str:
    return ", ".join(channel_names(channels))


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
    context = {name: _shown(value) for name, value in error.sentence.context.items()}
    return in_words(Sentence(error.sentence.template, {**context, "field": label}))


def _shown(value: object) -> object:
    """A value of the policy as the reader writes it."""
    if isinstance(value, Window):
        english = WEEKDAYS[value.weekday]
        return str(value).replace(english, _(english), 1)
    if isinstance(value, date):
        return frappe.format(value, "Date")
    return value


def _label_of(doc: Document, fieldname: str) -> str:
    """The field's label on the form, or in one of its tables."""
    metas = [doc.meta] + [
        frappe.get_meta(table.options) for table in doc.meta.get_table_fields()
    ]
    fields = filter(None, (meta.get_field(fieldname) for meta in metas))
    return next((field.label for field in fields), fieldname)
