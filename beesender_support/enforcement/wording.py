"""Policy sentences, channels, hours and lengths of time in the reader's language."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import frappe
from frappe import _, _lt
from frappe.model.document import Document

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.working_time import WEEKDAYS, Window

CHANNELS = {
    "portal": _lt("portal"),
    "email": _lt("e-mail"),
    "phone": _lt("phone"),
    "skype": _lt("Skype"),
    "chatbot": _lt("chatbot"),
    "widget": _lt("site widget"),
    "agent": _lt("agent"),
}
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


def channels_in_words(channels: Iterable[str]) -> str:
    """In the order in which they are offered."""
    given = set(channels)
    return ", ".join(str(label) for name, label in CHANNELS.items() if name in given)


def hours_in_words(description: str) -> str:
    """The description of a calendar, such as ``Mon-Fri 09:00-18:00``."""
    words = re.compile(r"\b(?:" + "|".join(SHORT_WEEKDAYS) + r")\b")
    return words.sub(lambda word: str(SHORT_WEEKDAYS[word[0]]), description)


def length_in_words(length: timedelta) -> str:
    """``1 d 4 h`` or ``3 h 30 min``: from a day on nobody counts minutes."""
    days = length // timedelta(days=1)
    if not days:
        return support_time_in_words(length)
    hours = length // timedelta(hours=1) % 24
    told = [_("{0} d").format(days), _("{0} h").format(hours)]
    return " ".join(told if hours else told[:1])


def support_time_in_words(length: timedelta) -> str:
    """``28 h`` or ``3 h 30 min``: a day of support is not 24 hours long, and nobody plans
    by seconds."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    told = [
        template.format(number)
        for number, template in ((hours, _("{0} h")), (minutes, _("{0} min")))
        if number
    ]
    return " ".join(told) or _("less than a minute")


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
