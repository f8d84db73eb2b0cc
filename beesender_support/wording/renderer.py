"""Sentences in the language of the session, or of the person they are meant for."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import get_user_translations

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import (
    Contact,
    Field,
    Format,
    Renderer,
    Sentence,
    TierName,
)
from beesender_support.records.sold import catalogue
from beesender_support.wording.names import CHANNEL_NAMES, FIELD_NAMES, REASON_NAMES
from beesender_support.wording.reader import Reader, locale_of


def in_words(
    sentence: Sentence,
    formats: Mapping[type, Format] | None = None,
    language: str | None = None,
) -> str:
    """The sentence, translated, its values as the reader writes them.

    ``formats`` are for types of values that are written otherwise here than elsewhere.
    """
    renderer = _renderer(language or frappe.local.lang)
    return (renderer.showing(formats) if formats else renderer).render(sentence)


def fill(template: str, *values: object, **named: object) -> str:
    """A translated template with values of the policy, as the reader writes them."""
    return _renderer(frappe.local.lang).fill(template, *values, **named)


def reader(language: str | None = None) -> Reader:
    """A reader of the session's language, or of another."""
    return _reader(language or frappe.local.lang)


@lru_cache(maxsize=64)
def _reader(language: str | None) -> Reader:
    return Reader(locale_of(language), partial(_, lang=language), names_of_channels)


@lru_cache(maxsize=64)
def _renderer(language: str | None) -> Renderer:
    def tier(name: str) -> str:
        return tier_title(name, language)

    return _reader(language).renderer.showing({**_OF_A_SITE, TierName: tier})


def _date_of_site(day: date) -> str:
    return str(frappe.format(day, "Date"))


def _full_name(contact: str) -> str:
    return str(frappe.db.get_value("Contact", contact, "full_name") or contact)


def tier_title(name: str | None, language: str | None = None) -> str:
    """What people read for a tier.

    Only the site translates it: to the translations of apps "Basic" is any word.
    """
    title = catalogue.tier_title(name or "")
    translated = get_user_translations(language or frappe.local.lang)
    return str(translated.get(title) or title)


# What only a site knows: how it writes dates, who its contacts are, and what its tiers
# are called.
_OF_A_SITE: Mapping[type, Format] = {date: _date_of_site, Contact: _full_name}


# Names


def names_of_channels() -> Mapping[str, str]:
    """Of the site's channels by code, to be translated, in the order in which they are
    offered; a code whose record is gone has the name it was shipped with."""
    own = {code: each.title for code, each in catalogue.channels().items()}
    return {**own, **{k: v for k, v in CHANNEL_NAMES.items() if k not in own}}


def channel_names(channels: Iterable[str]) -> list[str]:
    """In the order in which they are offered."""
    return reader().channels(channels)


def channels_in_words(channels: Iterable[str]) -> str:
    return reader().channels_listed(channels)


def channel_name(channel: str | None) -> str:
    """Of one channel; anything else is written as it is."""
    return reader().channel(channel or "")


def reason_name(reason: str | None) -> str:
    """Why a request is held, in two or three words."""
    return reader().name(REASON_NAMES.get(reason or "", reason or ""))


# Refusals


@contextmanager
def refusals_in_words(doc: Document) -> Iterator[None]:
    """A refusal of the policy becomes a validation error that people can act on."""
    try:
        yield
    except PolicyError as error:
        frappe.throw(refusal_in_words(doc, error), title=_("Please check"))


def refusal_in_words(doc: Document, error: PolicyError) -> str:
    """A refusal of the policy, with the field named as on the form."""

    def as_on_the_form(field: Field) -> str:
        return f"{_(_label_of(doc, field.name))} {field.row}".rstrip()

    return in_words(error.sentence, {Field: as_on_the_form})


def _label_of(doc: Document, fieldname: str) -> str:
    """The field's label on the form, or in one of its tables."""
    metas = [doc.meta] + [
        frappe.get_meta(table.options) for table in doc.meta.get_table_fields()
    ]
    fields = filter(None, (meta.get_field(fieldname) for meta in metas))
    name = FIELD_NAMES.get(fieldname, fieldname)
    return next((field.label for field in fields), name)
